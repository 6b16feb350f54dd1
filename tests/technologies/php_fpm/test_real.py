"""The reader against php-fpm itself: `-tt`, what it refuses, and what a pool's scripts see."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Word
from plimsoll.model.setting import Setting, Status, Unknown, Unread, Unset
from plimsoll.model.version import Version
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.php_fpm.names import GLOBAL, POOL
from plimsoll.technologies.php_fpm.reader import READER
from support.counts import drawn
from support.php_fpm import Answer, asked, run, serving

pytestmark = pytest.mark.real

FPM = technology("php-fpm")
assert FPM is not None
SCHEMA = FPM.schema
VARIABLES = {"PATH": os.environ["PATH"], "SHOP_NUMBER": "6", "SHOP_TIME": "2m"}
HEAD = "[global]\nerror_log = /dev/null\n"
POOL_HEAD = "user = nobody\nlisten = 9000\npm = static\npm.max_children = 20\nslowlog = /dev/null\n"

_NUMBERS = [
    "pm.max_requests",
    "listen.backlog",
    "rlimit_files",
    "pm.max_spawn_rate",
    "pm.max_children",
]
_TIMES = ["request_terminate_timeout", "pm.process_idle_timeout"]
_TRUTHS = ["catch_workers_output", "clear_env", "process.dumpable", "decorate_workers_output"]
_TEXTS = ["access.format", "security.limit_extensions", "listen.allowed_clients"]
_NUMBER = st.integers(1, 5000).map(str) | st.sampled_from(
    ["On", "1|4", "${SHOP_NUMBER}", '"7"', "'8'"]
)
_TIME = st.builds("{}{}".format, st.integers(0, 90), st.sampled_from(["", "s", "m", "h", "d"])) | (
    st.sampled_from(["1.5s", "5 s", "xs", "${SHOP_TIME}"])
)
_TRUTH = st.sampled_from(["yes", "no", "On", "off", "true", "1", "none", '"1"', '""', '"yes"', "0"])
_TEXT = st.sampled_from(['"a b"', "%R", "x$pool", "'a;b'", "$pool.$pool", "127.0.0.1"])
_VALUES = {**dict.fromkeys(_NUMBERS, _NUMBER), **dict.fromkeys(_TIMES, _TIME)}
_VALUES |= {**dict.fromkeys(_TRUTHS, _TRUTH), **dict.fromkeys(_TEXTS, _TEXT)}
_VALUES |= {"pm": st.sampled_from(["static", "ondemand", "Static"])}
_KEYED = {
    "php_value[memory_limit]": st.sampled_from(["5M", "128M", '"64M"', "-1"]),
    "php_admin_value[memory_limit]": st.sampled_from(["6M", "256M"]),
    "php_flag[log_errors]": st.sampled_from(["on", "off", "1"]),
    "env[A]": st.sampled_from(["$HOME", "x", "${SHOP_NUMBER}"]),
}
_COMMENT = st.sampled_from(["", " ; c", ";c", "\n\n; line", "\t"])


def _line(name: str, value: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    spelled = st.sampled_from([name, f" {name}"] + ([name.upper()] if "[" not in name else []))
    return st.builds(lambda n, v, c: f"{n} = {v}{c}\n", spelled, value, _COMMENT)


VALID = st.sampled_from(sorted(_VALUES)).flatmap(lambda n: _line(n, _VALUES[n])) | (
    st.sampled_from(sorted(_KEYED)).flatmap(lambda n: _line(n, _KEYED[n]))
)
OF_ALL = st.sampled_from(
    ["log_level = Debug\n", "process_control_timeout = 10s\n", "process.max = 30\n", "daemonize = no\n",
     "emergency_restart_threshold = 5\n", "emergency_restart_interval = 1m ; c\n", "log_limit = 600\n"]
)  # fmt: skip
INVALID = st.sampled_from(
    ["pm.max_children = 5x", "pm.max_children = 0", "pm.max_requests = 1.5", "pm = fast", "foo = 1",
     "request_terminate_timeout = 30S", "request_terminate_timeout =", "catch_workers_output = 2",
     "clear_env = yess", "php_flag[x] = maybe", "rlimit_core = -1", "process.priority = 40", "slowlog",
     "# a", "# a = b", "process_control_timeout = 5", "env[x] =", "foo[x] = 1", "a = b = c", "a = (1",
     "[x", 'access.format = "a', "listen.backlog = 1k", "pm.max_childern = 5",
     "request_slowlog_timeout = 5min", "log_level = warn", "decorate_workers_output = y", "= 5",
     "access.suppress_path = /a", "pm.process_idle_timeout = ten", "on = 1", "pm = static dynamic"]
)  # fmt: skip


def ours(text: str) -> tuple[list[Setting], list[Unread]]:
    assert READER.arguments is not None
    items = [*READER.read(text, "php-fpm.conf")]
    items += READER.arguments([Word("php-fpm")], {n: Word(t) for n, t in VARIABLES.items()})
    found = settled(READER, SCHEMA, [i for i in items if isinstance(i, Setting)])
    return found, [i for i in items if isinstance(i, Unread)]


def refuses(text: str) -> bool:
    """Whether we say that it does not start."""
    found, unread = ours(text)
    bad = (Status.REFUSED, Status.UNKNOWN_NAME, Status.MISPLACED)
    return any(s.status in bad for s in found) or any("does not start" in u.reason for u in unread)


def shown(setting: Setting) -> str:
    """A value as `-tt` prints it, in seconds where it is a time."""
    value, entry = setting.value, SCHEMA.entry(setting.name, "pool" if setting.scope else "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Amount) and entry is not None:
        return entry.infinite[0] if value.low == UNLIMITED else str(value.low)
    return setting.text if not isinstance(value, str) else value


def printed(name: str, text: str) -> str:
    is_time = name.endswith(("timeout", "interval")) and text[:-1].lstrip("-").isdigit()
    text = text[:-1] if is_time and text.endswith("s") else text
    return text.lower() if name in ("pm", "log_level") else text


def differences(text: str, answer: Answer) -> list[str]:
    found, _ = ours(text)
    wrong = []
    for each in found:
        pool = each.scope[-1].name if each.scope else ""
        theirs = answer.held.get(pool, [])
        if each.status is not Status.EFFECTIVE or isinstance(each.value, Unknown) or not each.place:
            continue
        if each.belongs:
            full = (
                each.name
                if each.belongs == "env"
                else f"{each.belongs.replace('flag', 'value')}[{each.name}]"
            )
            # The list is newest first: what is applied last is printed last.
            last = [t for n, t in theirs if n == full][-1]
            flags = {"on": "1", "off": "0"} if "flag" in each.belongs else {}
            if last != flags.get(each.text, each.text):
                wrong.append(f"{full} is {last!r}, not {each.text!r}")
            continue
        last = printed(each.name, dict(theirs)[each.name])
        if last != shown(each):
            wrong.append(f"{each.name} is {last!r}, not {shown(each)!r}")
    return wrong


@drawn(6, 60)
@given(st.lists(OF_ALL, max_size=3), st.lists(VALID, max_size=10), st.lists(VALID, max_size=4))
def test_what_is_written_holds(of_all: list[str], first: list[str], second: list[str]) -> None:
    text = "".join([HEAD, *of_all, "[1234]\n", POOL_HEAD, *first])
    text += "".join(
        ["[b c]\n", POOL_HEAD.replace("9000", "9001"), *second, "[1234]\n", *second[:1]]
    )
    answer = asked(text, VARIABLES)
    assert answer.refusal == ""
    assert not refuses(text)
    assert differences(text, answer) == []


@drawn(6, 60)
@given(st.lists(VALID, max_size=3), INVALID, st.lists(VALID, max_size=3))
def test_what_it_refuses_we_refuse(before: list[str], wrong: str, after: list[str]) -> None:
    kept = [a for a in after if a.strip().partition(" ")[0].lower() != wrong.partition(" ")[0]]
    text = "".join([HEAD, "[shop]\n", POOL_HEAD, *before, f"{wrong}\n", *kept])
    assert asked(text, VARIABLES).refusal
    assert refuses(text)


@pytest.mark.parametrize(
    ("lines", "held"),
    [
        ("php_value[memory_limit] = 50M\nphp_value[memory_limit] = 60M", "50M"),
        ("php_value[memory_limit] = 50M\nphp_admin_value[memory_limit] = 60M", "60M"),
        ("php_admin_value[memory_limit] = 70M\nphp_admin_value[memory_limit] = 60M", "70M"),
        ("php_admin_value[memory_limit] = 512MB", "128M"),
        ("env[SHOP] = a\nenv[SHOP] = b", "a"),
    ],
)
def test_what_a_script_sees(lines: str, held: str) -> None:
    name = "getenv('SHOP')" if "env[" in lines else "ini_get('memory_limit')"
    with serving(lines) as folder:
        assert run(folder, f"echo json_encode({name});") == json.dumps(held)
    found, _ = ours(f"[shop]\n{lines}\n")
    effective = [each.text for each in found if each.status is Status.EFFECTIVE and each.place]
    assert effective == ([] if held == "128M" else [held])


def test_every_name_and_default_is_that_of_a_bare_server() -> None:
    answer = asked(
        f"{HEAD}[shop]\nuser = nobody\nlisten = 9000\npm = static\npm.max_children = 1\n", VARIABLES
    )
    for pool, part, known in (("", "", GLOBAL), ("shop", "pool", POOL)):
        theirs = dict(answer.held[pool])
        for name in known - {"include", "error_log", "user", "listen", "pm", "pm.max_children"}:
            default = SCHEMA.default(name, Version("8.2"), part)
            assert default is not None
            if name not in theirs:  # an option of another system or build
                assert name in ("apparmor_hat", "listen.setfib", "pid")
            elif isinstance(default.value, Unset):
                assert theirs[name] in ("undefined", "0", ""), name
            elif theirs[name] != "undefined" and name not in ("syslog.facility", "log_level"):
                assert printed(name, theirs[name]) == shown_default(default, part), name


def shown_default(default: Setting, part: str) -> str:
    entry = SCHEMA.entry(default.name, part)
    value = default.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Amount) and value.low == UNLIMITED and entry is not None:
        return entry.infinite[0]
    return str(value.low) if isinstance(value, Amount) else str(value)
