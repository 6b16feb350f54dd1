"""Celery's command line, and the variables that it reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Setting, Status, Unread, Value
from plimsoll.syntax import shell
from plimsoll.syntax.environ import carried
from plimsoll.syntax.options import Given, Option, options
from plimsoll.syntax.uncertain import Uncertain

_PROGRAMS = frozenset({"celery", "celeryd"})
# Variables that win over what the code says; the last one of a setting wins.
VARIABLES = {
    "BROKER_URL": "broker_url",
    "CELERY_BROKER_URL": "broker_url",
    "CELERY_BROKER_READ_URL": "broker_read_url",
    "CELERY_BROKER_WRITE_URL": "broker_write_url",
    "RESULT_BACKEND": "result_backend",
    "CELERY_RESULT_BACKEND": "result_backend",
}
_FLAGS = {
    **dict.fromkeys(("-A", "--app"), Option("app")),
    **dict.fromkeys(("-b", "--broker"), Option("broker_url")),
    "--result-backend": Option("result_backend"),
    "--loader": Option("loader"),
    "--config": Option("config"),
    "--workdir": Option("workdir"),
    **dict.fromkeys(("-C", "--no-color"), Option("no_color", takes=False)),
    **dict.fromkeys(("-q", "--quiet"), Option("quiet", takes=False)),
    **dict.fromkeys(("-n", "--hostname"), Option("hostname")),
    **dict.fromkeys(("-D", "--detach"), Option("detach", takes=False)),
    **dict.fromkeys(("-S", "--statedb"), Option("worker_state_db")),
    **dict.fromkeys(("-l", "--loglevel"), Option("loglevel")),
    "-O": Option("optimization"),
    "--prefetch-multiplier": Option("worker_prefetch_multiplier"),
    "--disable-prefetch": Option("worker_disable_prefetch", takes=False),
    **dict.fromkeys(("-c", "--concurrency"), Option("worker_concurrency")),
    **dict.fromkeys(("-P", "--pool"), Option("worker_pool")),
    **dict.fromkeys(
        ("-E", "--task-events", "--events"), Option("worker_send_task_events", takes=False)
    ),
    "--time-limit": Option("task_time_limit"),
    "--soft-time-limit": Option("task_soft_time_limit"),
    "--max-tasks-per-child": Option("worker_max_tasks_per_child"),
    "--max-memory-per-child": Option("worker_max_memory_per_child"),
    **dict.fromkeys(("--purge", "--discard"), Option("purge", takes=False)),
    **dict.fromkeys(("-Q", "--queues"), Option("queues")),
    **dict.fromkeys(("-X", "--exclude-queues"), Option("exclude_queues")),
    **dict.fromkeys(("-I", "--include"), Option("include")),
    "--without-gossip": Option("without_gossip", takes=False),
    "--without-mingle": Option("without_mingle", takes=False),
    "--without-heartbeat": Option("without_heartbeat", takes=False),
    "--heartbeat-interval": Option("heartbeat_interval"),
    "--autoscale": Option("autoscale"),
    **dict.fromkeys(("-B", "--beat"), Option("beat", takes=False)),
    **dict.fromkeys(("-s", "--schedule-filename", "--schedule"), Option("beat_schedule_filename")),
    "--scheduler": Option("beat_scheduler"),
    **dict.fromkeys(("-f", "--logfile"), Option("logfile")),
    "--pidfile": Option("pidfile"),
    "--uid": Option("uid"),
    "--gid": Option("gid"),
    "--umask": Option("umask"),
    "--executable": Option("executable"),
    "--max-interval": Option("beat_max_loop_interval"),
    "--port": Option("port"),
    "--address": Option("address"),
}
_COUNTS = frozenset(
    {
        "worker_concurrency",
        "worker_prefetch_multiplier",
        "worker_max_tasks_per_child",
        "worker_max_memory_per_child",
    }
)
_PLACELESS = Place("", Span(1, 1, 1, 1))


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """What the code of the application says, then the variables, then the command line."""
    if environment:
        yield carried(environment)
    for variable, name in VARIABLES.items():
        word = environment.get(variable)
        if word is not None and word.text:
            known = word.value if isinstance(word, Uncertain) else None
            origin = Origin.ENVIRONMENT
            yield Setting(name, word.text, word.place, (), origin, value=known, belongs=variable)
    found = list(options(_own(words, environment), _FLAGS, abbreviates=False))
    for given in found:
        if given.option and given.option.name == "app":
            yield from _application(given)
    commands = [given for given in found if given.option is None]
    for given in found:
        if given.option is not None:
            yield from _items(given)
    if commands and commands[0].text != "worker":
        yield from _no_worker(commands[0])


def _own(words: Sequence[Word], environment: Mapping[str, Word]) -> list[Word]:
    given = shell.again(shell.unwrapped(words, environment), environment)
    for at, word in enumerate(given):
        if word.text.rpartition("/")[2] in _PROGRAMS:
            return given[at + 1 :]
    return list(given[1:])


def _application(given: Given) -> Iterator[Item]:
    """The files in which `-A shop` may be: shop/celery.py, shop/app.py, shop.py."""
    if isinstance(given.word, Uncertain) or given.problem:
        return
    path = given.text.partition(":")[0].replace(".", "/")
    for name in (f"{path}/celery.py", f"{path}/app.py", f"{path}.py"):
        yield Include(name, given.place or _PLACELESS, is_optional=True)


def _items(given: Given) -> Iterator[Item]:
    name = given.option.name if given.option else ""
    known: Value | None = given.word.value if isinstance(given.word, Uncertain) else None
    if name == "autoscale" and known is None and not given.problem:
        yield from _autoscale(given)
        return
    problem = given.problem or (_problem(name, given.text) if known is None else "")
    yield _setting(name, given.text, given, problem, known)


def _problem(name: str, text: str) -> str:
    if name not in _COUNTS:
        return ""
    try:
        int(text)
    except ValueError:
        return f"{text!r} is no whole number"
    return ""


def _autoscale(given: Given) -> Iterator[Setting]:
    """`--autoscale=10,3`: the larger number is the most, in any order."""
    try:
        numbers = sorted(int(part) for part in given.text.split(","))
    except ValueError:
        numbers = []
    if not 1 <= len(numbers) <= 2:
        yield _setting("autoscale_max", given.text, given, "--autoscale takes two numbers")
        return
    yield _setting("autoscale_max", str(numbers[-1]), given)
    yield _setting("autoscale_min", str(numbers[0] if len(numbers) == 2 else 0), given)


def _setting(
    name: str, text: str, given: Given, problem: str = "", value: Value | None = None
) -> Setting:
    return Setting(
        name=name,
        text=text,
        place=given.place,
        origin=Origin.COMMAND_LINE,
        status=Status.REFUSED if problem else Status.EFFECTIVE,
        reason=problem,
        value=value,
    )


def _no_worker(given: Given) -> Iterator[Item]:
    """`celery beat`, `celery flower`: no task is run there."""
    if isinstance(given.word, Uncertain):
        path = given.place.path if given.place else ""
        yield Unread(path, f"{given.text}: {given.word.value}", given.place)
        return
    yield Setting(
        name="worker_concurrency",
        text="0",
        place=given.place,
        origin=Origin.COMMAND_LINE,
        reason=f"celery {given.text} runs no tasks",
    )
