"""Units as systemd itself loads them: `systemd --test` dumps what it made of its files."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Deployment
from plimsoll.model.setting import Status, Unread
from plimsoll.stack.settle import settled
from plimsoll.syntax.text import decoded
from plimsoll.technologies import technology
from plimsoll.technologies.systemd.merge import Role, merged
from plimsoll.technologies.systemd.units import units
from plimsoll.technologies.systemd.words import commands, specifiers, with_specifiers
from support.counts import drawn
from support.programs import need
from support.servers import folder_of_nobody, unprivileged

pytestmark = pytest.mark.real

FOLDERS = ("etc/systemd/system", "run/systemd/system", "usr/lib/systemd/system")
INFINITE = str(2**64 - 1)

CASES: dict[str, dict[str, str]] = {
    "values": {
        "etc/systemd/system/x-y.service": "[Service]\nExecStart=/bin/true\nMemoryMax=1.5G\n"
        "TasksMax=77\nLimitNOFILE=1024:4096\nTimeoutStopSec=2min30\nCPUQuota=150%\n"
        "OOMScoreAdjust=-5\nMemoryHigh=1G 500M\nRestartSec=2s\nUser=nobody\n",
    },
    "nothing said": {"etc/systemd/system/x-y.service": "[Service]\nExecStart=/bin/true\n"},
    "ignored values": {
        "etc/systemd/system/x-y.service": "[Service]\nExecStart=/bin/true\nMemoryMax=1G\n"
        "MemoryMax=1500MB\nLimitNOFILE=9 # x\nTasksMax=4k\nCPUQuota=150\nTimeoutStopSec=30S\n"
        "User=a b\nlimitnofile=3\n",
    },
    "drop-ins": {
        "usr/lib/systemd/system/x-y.service": "[Service]\nExecStart=/bin/true\nMemoryMax=1G\n",
        "usr/lib/systemd/system/service.d/50-type.conf": "[Service]\nMemoryMax=2G\nTasksMax=1\n",
        "run/systemd/system/x-y.service.d/20-run.conf": "[Service]\nMemoryMax=3G\nTasksMax=2\n",
        "etc/systemd/system/x-y.service.d/10-etc.conf": "[Service]\nMemoryMax=4G\nTasksMax=3\n",
        "usr/lib/systemd/system/x-y.service.d/10-etc.conf": "[Service]\nTasksMax=9\n",
        "etc/systemd/system/x-.service.d/20-run.conf": "[Service]\nTasksMax=5\nLimitNOFILE=7\n",
    },
    "a type's drop-in is the weakest": {
        "usr/lib/systemd/system/x-y.service": "[Service]\nExecStart=/bin/true\n",
        "etc/systemd/system/service.d/20-x.conf": "[Service]\nTasksMax=8\n",
        "usr/lib/systemd/system/x-y.service.d/20-x.conf": "[Service]\nTasksMax=4\n",
    },
    "two fragments": {
        "usr/lib/systemd/system/x-y.service": "[Service]\nExecStart=/bin/false\nMemoryMax=1G\n",
        "etc/systemd/system/x-y.service": "[Service]\nExecStart=/bin/true\n",
    },
    "resets": {
        "etc/systemd/system/x-y.service": "[Service]\nExecStart=/bin/false\nMemoryMax=1G\n"
        "Environment=A=1\nLimitNOFILE=77\nTasksMax=5\nTimeoutStopSec=5\nEnvironment=B=1\n",
        "etc/systemd/system/x-y.service.d/z.conf": "[Service]\nExecStart=\nExecStart=/bin/true\n"
        "MemoryMax=\nEnvironment=\nLimitNOFILE=\nTasksMax=\nTimeoutStopSec=\nEnvironment=C=1\n",
    },
    "words": {
        "etc/systemd/system/x-y.service": "[Service]\nType=oneshot\n"
        "Environment=ONE='one' \"TWO='two two' too\" THREE= F=a\\x41b \"G=1\"H=2\n"
        "Environment=A=b'c d'e P=%p N=%n J=%j\n"
        "ExecStart=-@/bin/echo /bin/echo ${ONE} $TWO \"a b\"c --foo=\"x y\" \\; ; /bin/true %i %n %% $$ \\\n"
        "# a comment\n  \"q\\\"w\" 'e\\'e' \\\n\n"
        "ExecStart=/bin/echo a;b \\x41 c\\qd\n",
    },
    "continued to a blank line": {
        "etc/systemd/system/x-y.service": "[Service]\nExecStart=/bin/true\nEnvironment=A=1 \\\n\n"
        "TasksMax=8\nEnvironment=B=\\\n  C=2 \\\n  ; x\n# y\n  D=3\n",
    },
    "carriage returns": {
        "etc/systemd/system/x-y.service": "\ufeff[Service]\r\nExecStart=/bin/true \\\r\n  a\r\n"
        "TasksMax = 6 \r\n",
    },
    "an instance": {
        "etc/systemd/system/x-y@.service": "[Service]\nExecStart=/bin/true %i %I %p %P %j %J %N\n",
        "etc/systemd/system/x-y@.service.d/a.conf": "[Service]\nTasksMax=4\nLimitNOFILE=5\n",
        "etc/systemd/system/x-y@a-b.service.d/a.conf": "[Service]\nTasksMax=3\n",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Dumped:
    """The lines of one unit in systemd's dump, by their name."""

    lines: Mapping[str, list[str]]

    def last(self, name: str) -> str:
        return self.lines[name][-1]


@dataclass(frozen=True)
class Loaded:
    """A case as systemd has loaded it."""

    name: str
    unit: str
    root: Path
    dump: Dumped


@pytest.fixture(scope="module")
def default_tasks() -> Iterator[str]:
    with folder_of_nobody() as root:
        yield dumped(root, CASES["nothing said"], "x-y.service").last("TasksMax")


@pytest.fixture(scope="module", params=CASES)
def loaded(request: pytest.FixtureRequest) -> Iterator[Loaded]:
    files = CASES[request.param]
    unit = "x-y@a-b.service" if any("@" in path for path in files) else "x-y.service"
    with folder_of_nobody() as root:
        yield Loaded(request.param, unit, root, dumped(root, files, unit))


def dumped(root: Path, files: Mapping[str, str], unit: str) -> Dumped:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())
    searched = ":".join(str(root / each) for each in FOLDERS) + ":"
    ran = subprocess.run(
        unprivileged(need("systemd", "systemd"), "--test", "--system", f"--unit={unit}"),
        env={**os.environ, "SYSTEMD_UNIT_PATH": searched, "HOME": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    found: dict[str, list[str]] = {}
    inside = False
    for line in ran.stdout.splitlines():
        if line.startswith("\t-> Unit "):
            inside = line == f"\t-> Unit {unit}:"
        elif inside and ": " in line:
            name, _, value = line.strip().partition(": ")
            found.setdefault(name, []).append(value)
    assert found, ran.stdout[-500:] + ran.stderr[-500:]
    return Dumped(found)


def described(files: Mapping[str, str], unit: str) -> Deployment:
    known = technology("systemd")
    assert known is not None
    assert known.manifest is not None
    texts = {p: decoded(t.encode()) for p, t in files.items()}
    [state] = known.manifest.states(list(files))
    found = list(known.manifest.describe(state, lambda p: texts.get(p, Unread(p, "no such file"))))
    [service] = (f for f in found if isinstance(f, Deployment))
    assert service.name == unit.removesuffix(".service")
    return service


def values(found: Deployment) -> dict[str, object]:
    """What holds, as plain numbers; a default where nobody wrote it."""
    known = technology("systemd")
    assert known is not None
    assert known.reader is not None
    held = {
        s.name: s.value
        for s in settled(known.reader, known.schema, found.settings)
        if s.status is Status.EFFECTIVE
    }
    names = ("MemoryMax", "MemoryHigh", "TasksMax", "LimitNOFILE", "LimitNOFILESoft", "CPUQuota",
             "TimeoutStopSec", "RestartSec", "OOMScoreAdjust")  # fmt: skip
    whole = {n: held.get(n) or known.schema.entries[n].default(None) for n in names}
    return {n: v.low if isinstance(v, Amount) else None for n, v in whole.items()}


def number(text: str) -> object:
    """What is dumped as a number; None where there is no limit."""
    return None if text in (INFINITE, "infinity") else int(text)


def limited(value: object) -> object:
    """What holds, None where there is no limit: a limit that is written may be none."""
    return None if value == UNLIMITED else value


_SIZES = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_SIZES |= {"month": 2629800.0, "y": 31557600.0}
_PIECE = re.compile(r"([0-9.]+)([a-z]*)")


def seconds(text: str) -> float:
    """What is dumped as a span of time, to three digits."""
    if text == "infinity":
        return float(UNLIMITED)
    return sum(float(digits) * _SIZES[unit or "s"] for digits, unit in _PIECE.findall(text))


def near(value: object, text: str) -> bool:
    """Whether a span is what is dumped: more than a second without what is less than one."""
    assert isinstance(value, int | float | Fraction)
    return value == seconds(text) or abs(float(value) - seconds(text)) < 1


def test_values(loaded: Loaded, default_tasks: str) -> None:
    agree_on_values(CASES[loaded.name], loaded.unit, loaded.dump, default_tasks)


def agree_on_values(files: Mapping[str, str], unit: str, dump: Dumped, default_tasks: str) -> None:
    found = described(files, unit)
    ours = values(found)
    if any(s.name == "LimitNOFILE" and s.status is Status.EFFECTIVE for s in found.settings):
        assert limited(ours["LimitNOFILE"]) == number(dump.last("LimitNOFILE"))
        assert limited(ours["LimitNOFILESoft"]) == number(dump.last("LimitNOFILESoft"))
    assert limited(ours["MemoryMax"]) == number(dump.last("MemoryMax"))
    assert (ours["MemoryHigh"] in (None, UNLIMITED)) == (dump.last("MemoryHigh") == INFINITE)
    if dump.last("TasksMax") == default_tasks:
        assert ours["TasksMax"] is None  # a share of what the machine allows
    else:
        assert limited(ours["TasksMax"]) == number(dump.last("TasksMax"))
    quota = dump.last("CPUQuotaPerSecSec")
    assert ours["CPUQuota"] is None if quota == "infinity" else near(ours["CPUQuota"], quota)
    assert near(ours["TimeoutStopSec"], dump.last("TimeoutStopSec"))
    assert near(ours["RestartSec"], dump.last("RestartSec"))


def test_words_environment_and_order(loaded: Loaded) -> None:
    agree_on_words(CASES[loaded.name], loaded.unit, loaded.dump, loaded.root)


def agree_on_words(files: Mapping[str, str], unit: str, dump: Dumped, root: Path) -> None:
    ours = described(files, unit)
    environment = [f"{n}={w.text}" for n, w in ours.environment.items()]
    assert environment == dump.lines.get("Environment", [])
    [known] = units(list(files))
    assert known.name == unit
    order = [line.removeprefix(f"{root}/") for line in dump.lines.get("DropIn Path", [])]
    assert list(known.drop_ins) == order
    assert command_lines(known.fragments[:1] + known.drop_ins, files, unit) == [
        [word.replace("\\$", "$") for word in shlex.split(line)]
        for line in dump.lines["Command Line"]
    ]


def command_lines(paths: tuple[str, ...], files: Mapping[str, str], unit: str) -> list[list[str]]:
    """The commands before variables are replaced."""
    roles = [(p, Role.FRAGMENT if p.endswith(".service") else Role.DROP_IN) for p in paths]
    found = merged(roles, lambda p: files[p])
    letters = specifiers(unit)
    return [
        [with_specifiers(word, letters).text for word in command.words]
        for setting in found.held("ExecStart")
        for command in commands(found.value(setting)[0])
    ]


# -- drawn: units and drop-ins over many directives, right and wrong

_AMOUNTS = [
    "1.5G",
    "512M",
    "1G 500M",
    "infinity",
    "1500MB",
    "-1",
    "",
    "1K",
    "1048576",
    "2T",
    "1.5",
    "5 G",
    "1g",
    "0x10",
    "1e3",
]
_TIMES = [
    "30",
    "2min30",
    "1h",
    "30S",
    "infinity",
    "500ms",
    "1min 5s",
    "5m",
    "1.5s",
    "",
    "90 s",
    "1d",
    "-5",
    "5 min 3 ms",
    "10us",
]
_DIRECTIVES = {
    "MemoryMax": _AMOUNTS,
    "MemoryHigh": _AMOUNTS,
    "TasksMax": ["77", "infinity", "4k", "-1", "", "1", "99999", "5.5", "0x10", "010", "0b11", "08", "+7", "00", "7 # x"],
    "LimitNOFILE": ["1024", "1024:4096", "infinity", "65k", "9 # x", "4096:1024", "1K", "", "0:5", ":5", "5:", "1024:infinity", "-1", "0x400", "0100", "+99:0o777"],
    "CPUQuota": ["150%", "150", "20%", "1000%", "", "x%", "0.5%", "33.3%", "50 %"],
    "TimeoutStopSec": _TIMES,
    "RestartSec": _TIMES,
    "User": ["nobody", "", "a b"],
    "Environment": ["A=1", "'B=x y' C=2", "", "D", "E='f g'", '"F=\\x41"', "A=2", "G=%n"],
    "Nonsense": ["1"],
    "limitnofile": ["3"],
}  # fmt: skip


@st.composite
def _lines(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from(sorted(_DIRECTIVES)))
    value = draw(st.sampled_from(_DIRECTIVES[name]))
    equals = draw(st.sampled_from(["=", " = ", "=\t"]))
    return f"{draw(st.sampled_from(['', ' ']))}{name}{equals}{value}"


_QUIET = st.sampled_from(
    [
        "# TasksMax=1",
        "; x",
        "",
        "[Install]\nTasksMax=4\n[Service]",
        "Description=x",
        "[service]\nTasksMax=2\n[Service]",
    ]
)


@drawn(4, 120)
@given(
    own=st.lists(_lines() | _QUIET, max_size=8),
    drop_ins=st.dictionaries(
        st.sampled_from(
            [
                "etc/systemd/system/x-y.service.d/10-a.conf",
                "etc/systemd/system/x-y.service.d/90-b.conf",
                "run/systemd/system/x-y.service.d/10-a.conf",
                "usr/lib/systemd/system/service.d/50-c.conf",
                "etc/systemd/system/x-.service.d/20-d.conf",
            ]
        ),
        st.lists(_lines(), max_size=4),
        max_size=3,
    ),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_drawn_units_are_as_systemd_loads_them(
    default_tasks: str, own: list[str], drop_ins: dict[str, list[str]], end: str
) -> None:
    files = {
        "etc/systemd/system/x-y.service": end.join(["[Service]", "ExecStart=/bin/true", *own, ""])
    }
    files |= {path: end.join(["[Service]", *lines, ""]) for path, lines in drop_ins.items()}
    with folder_of_nobody() as root:
        dump = dumped(root, files, "x-y.service")
        agree_on_values(files, "x-y.service", dump, default_tasks)
        agree_on_words(files, "x-y.service", dump, root)
