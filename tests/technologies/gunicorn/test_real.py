"""The reader against gunicorn itself: what it prints of its configuration, what it refuses."""

from __future__ import annotations

import os
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula, Item, Setting, Status, Unread, Unset, Value
from plimsoll.model.version import Version
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.gunicorn.options import OPTIONS, Kind
from plimsoll.technologies.gunicorn.reader import READER
from support.counts import drawn
from support.programs import need

pytestmark = pytest.mark.real

GUNICORN = technology("gunicorn")
assert GUNICORN is not None
SCHEMA = GUNICORN.schema
LINE = re.compile(r"^(\w+)\s+= (.*)$", re.MULTILINE)
# What it calculates of the machine or of the user.
OF_THE_MACHINE = frozenset({"chdir", "user", "group", "config", "umask", "default_proc_name"})
OF_PYTHON = frozenset({"ssl_version", "secure_scheme_headers", "logconfig_dict", "wsgi_app"})
LISTS_OF_TEXTS = frozenset({"forwarded_allow_ips", "proxy_allow_ips"})


def run(folder: Path, line: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    program = need("gunicorn", "gunicorn")
    (folder / "shop.py").write_text("def app(environ, start): pass\n")
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **variables}
    command = [program, "--print-config", *line.split(), "shop:app"]
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def ours(text: str, line: str, variables: dict[str, str]) -> list[Setting]:
    assert READER.arguments is not None
    environment = {name: Word(value) for name, value in variables.items()}
    words = [Word("gunicorn"), *map(Word, line.split()), Word("shop:app")]
    items: list[Item] = [
        *READER.read(text, "gunicorn.conf.py"),
        *READER.arguments(words, environment),
    ]
    return settled(READER, SCHEMA, [i for i in items if isinstance(i, Setting)])


def theirs(value: Value | None) -> str:
    """A value as gunicorn prints it."""
    if isinstance(value, Amount):
        return "0" if value.low == UNLIMITED else str(value.low)
    return "None" if isinstance(value, Unset) else str(value)


CONFIGURATIONS = [
    pytest.param(
        "workers, threads = 2, 8\nbacklog: int = 64\nworkers += 1\naccesslog = None\ntimeout = 0\n"
        "def n(x):\n    return x * 2\nmax_requests = n(3)\nkeepalive = '0x10'\n"
        "bind = ['a:1', '%s:%d' % ('h', 80)]\npreload_app = 'true'\nloglevel = ' debug '\n",
        "",
        {"WEB_CONCURRENCY": "9", "PORT": "1"},
        id="file",
    ),
    pytest.param("", "", {"WEB_CONCURRENCY": "9", "PORT": "5000"}, id="defaults of variables"),
    pytest.param(
        "workers = 3\ntimeout = 5\nbind = ['a:1', 'b:2']\n",
        "-w5 -t60 --thread=2 --preload --keep-alive 7 -b c:3 -b unix:/x -RD --no-sendfile",
        {"GUNICORN_CMD_ARGS": "--timeout 6 --worker-class gthread -b a:1 -m 7"},
        id="command line",
    ),
    pytest.param(
        "import os\nworkers = int(os.environ.get('W', 2)) * 2\n"
        "try:\n    timeout = int(os.environ['T'])\nexcept KeyError:\n    timeout = 12\n"
        "if os.getenv('DEBUG'):\n    reload = True\nelse:\n    max_requests = 500\n",
        "",
        {"W": "7", "DEBUG": "1"},
        id="environment",
    ),
    pytest.param(
        "import os\nworkers = int(os.environ.get('W', 2)) * 2\n"
        "try:\n    timeout = int(os.environ['T'])\nexcept KeyError:\n    timeout = 12\n"
        "if os.getenv('DEBUG'):\n    reload = True\nelse:\n    max_requests = 500\n",
        "-c gunicorn.conf.py",
        {"T": "44"},
        id="another environment",
    ),
]


@pytest.mark.parametrize(("text", "line", "variables"), CONFIGURATIONS)
def test_what_it_prints_is_what_we_read(
    text: str, line: str, variables: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "gunicorn.conf.py").write_text(text)
    done = run(tmp_path, line, variables)
    assert done.returncode == 0, done.stderr
    printed = dict(LINE.findall(done.stdout))
    held = [s for s in ours(text, line, variables) if s.status is Status.EFFECTIVE]
    known = [s for s in held if s.name in printed and s.name not in ("wsgi_app", "print_config")]
    assert known
    lists: dict[str, list[str]] = {}
    for setting in known:
        if OPTIONS[setting.name].kind is Kind.LIST:
            lists.setdefault(setting.name, []).append(setting.text)
        else:
            assert theirs(setting.value) == printed[setting.name], setting.name
    assert {name: str(texts) for name, texts in lists.items()} == {n: printed[n] for n in lists}
    unwritten = set(printed) - {s.name for s in held} - OF_THE_MACHINE - {"print_config"}
    check_defaults({n: printed[n] for n in unwritten})


@cache
def version() -> Version:
    command = [need("gunicorn", "gunicorn"), "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return Version(done.stdout.split("version ")[1])


def check_defaults(printed: dict[str, str]) -> None:
    for name, text in printed.items():
        entry = SCHEMA.entry(name)
        assert entry is not None, name
        # Debian has put back one setting of 22 into 20.1; functions have no default of ours.
        if not entry.exists_in(version()) or text.startswith("<") or name in OF_PYTHON:
            continue
        value = entry.default(version())
        if OPTIONS[name].kind is Kind.LIST or name in LISTS_OF_TEXTS:
            assert text == str([v for v in str(value).split(",") if v]), name
        else:
            assert text == theirs(value), name


def test_its_settings_are_those_that_we_describe(tmp_path: Path) -> None:
    (tmp_path / "gunicorn.conf.py").write_text("")
    printed = {name for name, _ in LINE.findall(run(tmp_path, "", {}).stdout)}
    assert printed
    assert printed <= {entry.name for entry in SCHEMA.entries.values()}


REFUSED = [
    ("workers = -1\n", ""), ("import os\nworkers = os.cpu_count() * 1.5\n", ""),
    ("timeout = '30s'\n", ""), ("preload_app = 1\n", ""), ("workers = '010'\n", ""),
    ("", "-w four"), ("", "--wrokers 3"), ("", "--preload=yes"), ("", "--work 3"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line"), REFUSED)
def test_what_it_refuses_is_refused(text: str, line: str, tmp_path: Path) -> None:
    (tmp_path / "gunicorn.conf.py").write_text(text)
    assert run(tmp_path, line, {}).returncode != 0
    assert any(s.status is Status.REFUSED for s in ours(text, line, {}))


def test_cores_are_those_of_the_machine(tmp_path: Path) -> None:
    text = "import multiprocessing, os\nworkers = multiprocessing.cpu_count() * 2 + 1\n"
    (tmp_path / "gunicorn.conf.py").write_text(text)
    printed = dict(LINE.findall(run(tmp_path, "", {}).stdout))
    workers = next(s for s in ours(text, "", {}) if s.name == "workers")
    assert workers.value == Formula("s.cores_seen * 2 + 1")
    assert int(printed["workers"]) == (os.cpu_count() or 1) * 2 + 1


# -- drawn: files, command lines and variables over many settings

_COUNTS = [
    "workers",
    "threads",
    "backlog",
    "worker_connections",
    "max_requests",
    "max_requests_jitter",
    "timeout",
]
_COUNTS += ["graceful_timeout", "keepalive", "limit_request_line", "limit_request_fields"]
_SWITCHES = [
    "preload_app",
    "reload",
    "daemon",
    "capture_output",
    "spew",
    "enable_stdio_inheritance",
]
_TEXTS = ["loglevel", "proc_name", "accesslog", "worker_tmp_dir", "access_log_format"]
_FLAGS = {
    "preload_app": "--preload",
    "reload": "--reload",
    "daemon": "-D",
    "capture_output": "--capture-output",
}
_SHORT = {
    "workers": "-w",
    "timeout": "-t",
    "backlog": "--backlog",
    "threads": "--threads",
    "keepalive": "--keep-alive",
}
_SHORT |= {"max_requests": "--max-requests", "graceful_timeout": "--graceful-timeout"}

_NUMBERS = st.sampled_from(
    [
        "0",
        "1",
        "7",
        "'8'",
        "0x10",
        "2 * 3",
        "10 // 3",
        "' 5 '",
        "1_000",
        "True",
        "int('4')",
        "max(2, 9)",
    ]
)
_BOOLS = st.sampled_from(["True", "False", "'true'", "'False'", "not False", "1 > 2"])
_STRINGS = st.sampled_from(
    ["'a'", '"b c"', "None", "'x' + 'y'", "'%s-1' % 'p'", "f'z{1 + 1}'", "' q '"]
)
_FAULTS = st.sampled_from(
    ["workers = -1", "timeout = '30s'", "preload_app = 1", "workers = 1.5", "threads = [2]", "backlog = 'x'",
     "reload = 'yes'", "loglevel = 5", "workers = ", "timeout = 2 +", "  workers = 3", "keepalive = ''", "daemon = ''"]
)  # fmt: skip


def _assignments() -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("{} = {}".format, st.sampled_from(_COUNTS), _NUMBERS),
        st.builds("{} = {}".format, st.sampled_from(_SWITCHES), _BOOLS),
        st.builds("{} = {}".format, st.sampled_from(_TEXTS), _STRINGS),
        st.builds("_own = {}\n{} = _own".format, _NUMBERS, st.sampled_from(_COUNTS)),
        st.sampled_from(
            [
                "# workers = 3",
                "import os",
                "bind = 'a:1,b:2'",
                "bind = ['a:1', 'b:2']",
                "unknown_name = 5",
                "",
            ]
        ),
    )


def _options() -> st.SearchStrategy[str]:
    number = st.integers(0, 99).map(str)
    return st.one_of(
        st.builds("{} {}".format, st.sampled_from(sorted(_SHORT.values())), number),
        st.builds(
            "{}={}".format,
            st.sampled_from([o for o in _SHORT.values() if o.startswith("--")]),
            number,
        ),
        st.sampled_from(sorted(_FLAGS.values())),
        st.sampled_from(["-b c:3", "--log-level debug", "-n shop"]),
    )


_VARIABLES = st.fixed_dictionaries(
    {},
    optional={
        "WEB_CONCURRENCY": st.integers(1, 9).map(str),
        "GUNICORN_CMD_ARGS": _options(),
        "PORT": st.just("5001"),
    },
)


def _printed(
    folder: Path, text: str, line: str, variables: dict[str, str]
) -> dict[str, str] | None:
    (folder / "gunicorn.conf.py").write_text(text)
    done = run(folder, line, variables)
    return dict(LINE.findall(done.stdout)) if done.returncode == 0 else None


@drawn(4, 60)
@given(
    lines=st.lists(_assignments(), max_size=8),
    options=st.lists(_options(), max_size=4),
    variables=_VARIABLES,
)
def test_drawn_configurations_are_as_it_prints_them(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[str],
    options: list[str],
    variables: dict[str, str],
) -> None:
    folder = tmp_path_factory.mktemp("gunicorn")
    text, line = "\n".join(lines) + "\n", " ".join(options)
    printed = _printed(folder, text, line, variables)
    found = ours(text, line, variables)
    assert printed is not None, (text, line, variables)
    assert [s for s in found if s.status is Status.REFUSED] == []
    held = [s for s in found if s.status is Status.EFFECTIVE and s.name in printed]
    for setting in held:
        is_of_the_run = setting.name in ("print_config", "wsgi_app")
        if OPTIONS[setting.name].kind is not Kind.LIST and not is_of_the_run:
            assert theirs(setting.value) == printed[setting.name], (setting, text, line, variables)
    unwritten = set(printed) - {s.name for s in held} - OF_THE_MACHINE - {"print_config"}
    check_defaults({n: printed[n] for n in unwritten if n != "wsgi_app"})


@drawn(4, 60)
@given(
    lines=st.lists(_assignments(), max_size=4),
    fault=_FAULTS,
    option=st.sampled_from(
        ["", "-w x", "--timeout 5s", "--nosuch", "--preload=1", "-w", "--backlog -1"]
    ),
)
def test_drawn_faults_are_refused(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], fault: str, option: str
) -> None:
    folder = tmp_path_factory.mktemp("gunicorn")
    text = "\n".join([*lines, "" if option else fault]) + "\n"
    printed = _printed(folder, text, option, {})
    found = ours(text, option, {})
    unread = [item for item in READER.read(text, "gunicorn.conf.py") if isinstance(item, Unread)]
    is_refused = bool(unread) or any(s.status is Status.REFUSED for s in found)
    assert is_refused is (printed is None), (text, option)
