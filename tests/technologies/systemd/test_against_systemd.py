"""Units as systemd itself loads them: `systemd --test` dumps what it made of its files."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Deployment
from plimsoll.model.setting import Status, Unread
from plimsoll.stack.settle import settled
from plimsoll.syntax.text import decoded
from plimsoll.technologies import technology
from plimsoll.technologies.systemd.merge import Role, merged
from plimsoll.technologies.systemd.units import units
from plimsoll.technologies.systemd.words import commands, specifiers, with_specifiers
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
    return None if text == INFINITE else UNLIMITED if text == "infinity" else int(text)


def seconds(text: str) -> Fraction | float:
    sizes: dict[str, int | Fraction] = {"min": 60, "ms": Fraction(1, 1000), "s": 1, "h": 3600}
    if text == "infinity":
        return UNLIMITED
    total = Fraction(0)
    for piece in text.split():
        digits = piece.rstrip("minsh")
        total += Fraction(digits) * sizes[piece[len(digits) :]]
    return total


def test_values(loaded: Loaded, default_tasks: str) -> None:
    dump = loaded.dump
    found = described(CASES[loaded.name], loaded.unit)
    ours = values(found)
    if any(s.name == "LimitNOFILE" and s.status is Status.EFFECTIVE for s in found.settings):
        assert ours["LimitNOFILE"] == number(dump.last("LimitNOFILE"))
        assert ours["LimitNOFILESoft"] == number(dump.last("LimitNOFILESoft"))
    assert ours["MemoryMax"] == number(dump.last("MemoryMax"))
    assert (ours["MemoryHigh"] in (None, UNLIMITED)) == (dump.last("MemoryHigh") == INFINITE)
    if dump.last("TasksMax") == default_tasks:
        assert ours["TasksMax"] is None  # a share of what the machine allows
    else:
        assert ours["TasksMax"] == number(dump.last("TasksMax"))
    quota = dump.last("CPUQuotaPerSecSec")
    assert ours["CPUQuota"] == (None if quota == "infinity" else Fraction(quota.rstrip("s")))
    assert ours["TimeoutStopSec"] == seconds(dump.last("TimeoutStopSec"))
    assert ours["RestartSec"] == seconds(dump.last("RestartSec"))


def test_words_environment_and_order(loaded: Loaded) -> None:
    files, unit, dump = CASES[loaded.name], loaded.unit, loaded.dump
    ours = described(files, unit)
    environment = [f"{n}={w.text}" for n, w in ours.environment.items()]
    assert environment == dump.lines.get("Environment", [])
    [known] = units(list(files))
    assert known.name == unit
    order = [line.removeprefix(f"{loaded.root}/") for line in dump.lines.get("DropIn Path", [])]
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
