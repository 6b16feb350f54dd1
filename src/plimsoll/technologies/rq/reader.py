"""Reads the settings file, the command line and the environment of RQ; runs none of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.reader import Endpoint, Reader, Word, shadowed
from plimsoll.model.setting import Item, Origin, Setting, Status, Unknown, Value
from plimsoll.syntax import shell
from plimsoll.syntax.environ import carried
from plimsoll.syntax.options import Given, Option, options
from plimsoll.syntax.python.calls import read_code
from plimsoll.syntax.python.clients import Placed
from plimsoll.syntax.python.deferred import resolved
from plimsoll.syntax.python.settings import setting, value
from plimsoll.syntax.python.values import Entry
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.syntax.urls import parsed

_PROGRAMS = frozenset({"rq", "rqworker"})
_NAMES = {"REDIS_URL": "url", "REDIS_HOST": "host", "REDIS_PORT": "port", "QUEUES": "queues"} | {
    "NAME": "name"
}
_FLAGS = {
    **dict.fromkeys(("-u", "--url"), Option("url")),
    **dict.fromkeys(("-c", "--config"), Option("config")),
    **dict.fromkeys(("-b", "--burst"), Option("burst", takes=False)),
    **dict.fromkeys(("-n", "--name"), Option("name")),
    **dict.fromkeys(("-w", "--worker-class"), Option("worker_class")),
    **dict.fromkeys(("-j", "--job-class"), Option("job_class")),
    **dict.fromkeys(("-P", "--path"), Option("path")),
    **dict.fromkeys(("-v", "--verbose"), Option("verbose", takes=False)),
    **dict.fromkeys(("-q", "--quiet"), Option("quiet", takes=False)),
    **dict.fromkeys(("-s", "--with-scheduler"), Option("with_scheduler", takes=False)),
    **dict.fromkeys(("-S", "--serializer"), Option("serializer")),
    **dict.fromkeys(
        ("-d", "--disable-default-exception-handler"), Option("no_handler", takes=False)
    ),
    "--results-ttl": Option("results_ttl"),
    "--worker-ttl": Option("worker_ttl"),
    "--job-monitoring-interval": Option("job_monitoring_interval"),
    "--maintenance-interval": Option("maintenance_interval"),
    "--max-jobs": Option("max_jobs"),
    "--max-idle-time": Option("max_idle_time"),
    "--num-workers": Option("num_workers"),
    "--logging_level": Option("logging_level"),
    "--logging-level": Option("logging_level"),
    "--pid": Option("pid"),
    "--queue-class": Option("queue_class"),
    "--connection-class": Option("connection_class"),
    "--exception-handler": Option("exception_handler"),
    "--sentry-dsn": Option("sentry_dsn"),
    "--dequeue-strategy": Option("dequeue_strategy"),
}
_VARIABLES = {"RQ_REDIS_URL": "url"}


def read(text: str, path: str) -> Iterator[Item]:
    """The names of a settings file."""
    return (item for _, item in _items(text, path, None))


def _items(text: str, path: str, environment: Mapping[str, Word] | None) -> Iterator[Placed]:
    code = read_code(text, path, frozenset(), environment)
    if code.problem is not None:
        yield code.problem.place, code.problem
    for each in code.bound:
        made = each.made
        name = _NAMES.get(made.name, "") if not each.within and not made.keys else ""
        if name and made.is_reached:
            entry = Entry(name, made.value, made.place, made.source, made.asked)
            yield made.place, setting(name, entry, text, made.place)


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """The variables, then the command line."""
    if environment:
        yield carried(environment)
    for variable, name in _VARIABLES.items():
        word = environment.get(variable)
        if word is not None:
            known = word.value if isinstance(word, Uncertain) else None
            origin = Origin.ENVIRONMENT
            yield Setting(name, word.text, word.place, (), origin, value=known, belongs=variable)
    found = list(options(_own(words, environment), _FLAGS, abbreviates=False))
    behind = [given for given in found if given.option is None]
    if behind and behind[0].text == "worker-pool":
        yield Setting("is_pool", "True", behind[0].place, (), Origin.COMMAND_LINE)
    yield from (_setting(given) for given in found if given.option is not None)


def _own(words: Sequence[Word], environment: Mapping[str, Word]) -> list[Word]:
    given = shell.again(shell.unwrapped(words, environment), environment)
    for at, word in enumerate(given):
        if word.text.rpartition("/")[2] in _PROGRAMS:
            return given[at + 1 :]
    return list(given[1:])


def _setting(given: Given) -> Setting:
    known: Value | None = given.word.value if isinstance(given.word, Uncertain) else None
    return Setting(
        name=given.option.name if given.option else "",
        text="True" if given.text == "true" else given.text,
        place=given.place,
        origin=Origin.COMMAND_LINE,
        status=Status.REFUSED if given.problem else Status.EFFECTIVE,
        reason=given.problem,
        value=known,
    )


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """Who wins: the command line, a variable, the settings file."""
    known = resolved(settings, _items)
    ranks = {Origin.COMMAND_LINE: 2, Origin.ENVIRONMENT: 1}
    order = [each for each in known if each.status is Status.EFFECTIVE]
    winners = {each.name: each for each in sorted(order, key=lambda e: ranks.get(e.origin, 0))}
    return [shadowed(each, winners.get(each.name)) for each in known]


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The Redis that its jobs are in."""
    held = {s.name: s for s in settings if s.status is Status.EFFECTIVE}
    url, host = held.get("url"), held.get("host")
    if url is not None:
        found = None if isinstance(url.value, Unknown) else parsed(url.text)
        name = found.host or "localhost" if found else ""
        port = found.port or 6379 if found else None
        yield Endpoint("connects", url, name, port, technology="redis", library="redis-py")
    elif host is not None:
        number = held["port"].text if "port" in held else "6379"
        port = int(number) if number.isdecimal() and len(number) < 6 else None
        yield Endpoint("connects", host, host.text, port, technology="redis", library="redis-py")


READER = Reader(
    read=read, value=value, effective=effective, arguments=arguments, endpoints=endpoints
)
