"""PHP-FPM: lines of a pool and of [global]; `-tt` says what runs, a worker what PHP makes of memory_limit."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from hypothesis import strategies as st

from oracles.oracle import Answer, Case, Held, Line, Oracle, told
from plimsoll.model.schema import Type
from plimsoll.model.setting import Status
from plimsoll.technologies import technology
from support.php_fpm import asked

FPM = technology("php-fpm")
assert FPM is not None
SCHEMA = FPM.schema

_NUMBER = st.integers(1, 5000).map(str) | st.sampled_from(["On", "1|4", '"7"', "'8'"])
_TIME = st.builds("{}{}".format, st.integers(0, 90), st.sampled_from(["", "s", "m", "h", "d"])) | (
    st.sampled_from(["1.5s", "5 s", "xs"])
)
_TRUTH = st.sampled_from(["yes", "no", "On", "off", "true", "1", "none", '"1"', '""', '"yes"', "0"])
_SETTINGS = {
    **dict.fromkeys(["pm.max_requests", "listen.backlog", "rlimit_files", "pm.max_spawn_rate"], _NUMBER),
    **dict.fromkeys(["request_terminate_timeout", "pm.process_idle_timeout"], _TIME),
    **dict.fromkeys(["catch_workers_output", "clear_env", "process.dumpable", "decorate_workers_output"], _TRUTH),
    "security.limit_extensions": st.sampled_from(['".php .phar"', "x$pool", ".php"]),
}  # fmt: skip
_CHILDREN = ["pm.max_children", "pm.start_servers", "pm.min_spare_servers", "pm.max_spare_servers"]
_GLOBAL = [
    ("process_control_timeout", "10s"), ("process.max", "30"), ("emergency_restart_threshold", "5"),
    ("emergency_restart_interval", "1m"), ("log_limit", "600"),
]  # fmt: skip
_WRONG = [
    "pm.max_children = 5x", "pm.max_children = 0", "pm.max_requests = 1.5", "pm = fast", "foo = 1",
    "request_terminate_timeout = 30S", "request_terminate_timeout =", "catch_workers_output = 2", "clear_env = yess",
    "php_flag[x] = maybe", "rlimit_core = -1", "process.priority = 40", "slowlog", "# a", "process_control_timeout = 5",
    "env[x] =", "foo[x] = 1", "a = b = c", "a = (1", "[x", "listen.backlog = 1k", "pm.max_childern = 5",
    "request_slowlog_timeout = 5min", "log_level = warn", "= 5", "pm.process_idle_timeout = ten", "pm = static dynamic",
]  # fmt: skip


def _at(section: str, name: str, text: str, behind: str = "") -> Line:
    part = "pool/" if section == "pool" else ""
    return Line(f"{part}{name}", text, f"{section}: {name} = {text}{behind}")


@st.composite
def _line(draw: st.DrawFn) -> Line:
    if draw(st.integers(0, 4)) == 0:
        return _at("global", *draw(st.sampled_from(_GLOBAL)))
    name = draw(st.sampled_from(sorted(_SETTINGS)))
    return _at("pool", name, draw(_SETTINGS[name]), draw(st.sampled_from(["", " ; c", ";c", "\t"])))


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    names = draw(st.lists(st.sampled_from(_CHILDREN), max_size=4, unique=True))
    pm = draw(st.sampled_from(["dynamic", "static", "ondemand", "Static"]))
    if draw(st.booleans()):
        names = list(dict.fromkeys(["pm.max_children", *names]))
    lines = [
        _at("pool", "pm", pm),
        *(_at("pool", name, str(draw(st.integers(1, 6)))) for name in names),
    ]
    lines += draw(st.lists(_line(), max_size=4))
    if draw(st.integers(0, 3)) == 0:
        wrong = draw(st.sampled_from(_WRONG))
        lines.append(Line("", "", f"pool: {wrong}"))
    return Case(tuple(lines))


def _children(most: int | None, **others: int) -> Case:
    said = {"pm.max_children": most, **{f"pm.{name}": number for name, number in others.items()}}
    return Case(
        (
            _at("pool", "pm", "dynamic"),
            *(_at("pool", n, str(v)) for n, v in said.items() if v is not None),
        )
    )


_SPELLED = [
    _children(5, max_spare_servers=8, min_spare_servers=1), _children(5, min_spare_servers=1, max_spare_servers=3, start_servers=6),
    _children(5, min_spare_servers=2, max_spare_servers=3, start_servers=1), _children(5, min_spare_servers=3, max_spare_servers=1),
    _children(5, min_spare_servers=1, max_spare_servers=3), Case((_at("pool", "pm", "static"),)),
    Case((_at("pool", "pm", "static"), _at("pool", "pm.max_children", "5", " ; behind a value"))),
    Case((_at("pool", "pm", "static"), _at("pool", "pm.max_children", "5"), Line("", "", "pool: env[SHOP] = $HOME"))),
    Case((_at("pool", "pm", "static"), _at("pool", "pm.max_children", "5"), Line("", "", "pool: php_admin_value[memory_limit] = 64M"))),
    Case((_at("pool", "pm", "static"), _at("pool", "pm.max_children", "5"), Line("", "", "pool: [1234]\nlisten = 9001\npm = static\npm.max_children = 1"))),
]  # fmt: skip
_BARE = (_at("pool", "pm", "static"), _at("pool", "pm.max_children", "20"))


def files(case: Case) -> dict[str, str]:
    """*case*, of an empty one a pool that starts."""
    written: dict[str, list[str]] = {"global": [], "pool": []}
    for line in case.lines or _BARE:
        section, _, text = line.written.partition(": ")
        written[section].append(text)
    texts = [
        "[global]",
        "error_log = /dev/null",
        *written["global"],
        "[shop]",
        "listen = 9000",
        "slowlog = /dev/null",
        *written["pool"],
    ]
    return {"php-fpm.conf": "".join(f"{text}\n" for text in texts)}


def ask(cases: Sequence[Case]) -> Iterator[Answer]:
    for case in cases:
        said = asked(_with_user(files(case)["php-fpm.conf"]), {"PATH": os.environ["PATH"]})
        yield Answer(said.refusal, _held(said.held))


def _with_user(text: str) -> str:
    """Whom the tests run it as says nothing of the configuration."""
    return text.replace("listen = ", "user = nobody\nlisten = ")


def _held(said: dict[str, list[tuple[str, str]]]) -> dict[str, Held]:
    found: dict[str, Held] = {}
    for section, part in (("", ""), ("shop", "pool/")):
        for name, text in said.get(section, []):
            entry = SCHEMA.entry(name, part.rstrip("/"))
            if entry is not None and (part + name) in _ASKED:
                found[part + name] = told(_plain(text) if entry.type is Type.TIME else text, entry)
    return found


def _plain(text: str) -> str:
    """Times are printed in seconds."""
    return text.removesuffix("s")


_ASKED = {f"pool/{name}" for name in [*_SETTINGS, *_CHILDREN, "pm"]} | {name for name, _ in _GLOBAL}

ORACLE = Oracle(
    "php-fpm", "php-fpm8.2", "php8.2-fpm", _cases(), _SPELLED, ask, files, version=["-v"],
    refuses=frozenset({Status.REFUSED, Status.UNKNOWN_NAME, Status.MISPLACED}),
    refusing=["php-spare-servers-refused"],
)  # fmt: skip
