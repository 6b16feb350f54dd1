"""systemd: lines of units, of which one `systemd --test` loads all; its dump says what holds."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from hypothesis import strategies as st

from oracles.oracle import Answer, Case, Fate, Held, Line, Oracle
from plimsoll.model.quantity import UNLIMITED
from support.programs import need
from support.servers import folder_of_nobody, unprivileged

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
    "512M # x",
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
    "0.5min",
    "",
    "90 s",
    "1d",
    "-5",
    "5 min 3 s",
    "2min 30s",
]
_TEXTS = {
    "MemoryMax": _AMOUNTS, "MemoryHigh": _AMOUNTS, "TimeoutStopSec": _TIMES, "RestartSec": _TIMES,
    "TasksMax": ["77", "infinity", "4k", "-1", "", "1", "99999", "5.5", "0x10", "010", "0b11", "08", "+7", "00", "7 # x"],
    "LimitNOFILE": ["1024", "1024:4096", "infinity", "65k", "9 # x", "4096:1024", "1K", "", "0:5", ":5", "5:", "1024:infinity", "-1", "0x400", "0100"],
    "CPUQuota": ["150%", "150", "20%", "1000%", "", "x%", "50 %"],
    "OOMScoreAdjust": ["-5", "900", "2000", "x", "1.5", "5 # x"],
    "Nonsense": ["1"], "limitnofile": ["3"],
}  # fmt: skip
_QUIET = [
    "# TasksMax=1",
    "; x",
    "",
    "[Install]\nTasksMax=4\n[Service]",
    "Description=x",
    "[service]\nTasksMax=2\n[Service]",
]


def _written(name: str, text: str, equals: str = "=") -> Line:
    hard = text.rpartition(":")[2] if name == "LimitNOFILE" else text
    return Line(f"unit/{name}", hard, f"{name}{equals}{text}")


@st.composite
def _line(draw: st.DrawFn) -> Line:
    if draw(st.integers(0, 5)) == 0:
        return Line("", "", draw(st.sampled_from(_QUIET)))
    name = draw(st.sampled_from(sorted(_TEXTS)))
    return _written(
        name, draw(st.sampled_from(_TEXTS[name])), draw(st.sampled_from(["=", " = ", "=\t"]))
    )


_CASES = st.lists(_line(), min_size=1, max_size=6).map(lambda lines: Case(tuple(lines)))
_SPELLED = [
    Case((_written(name, text),))
    for name, text in (
        ("LimitNOFILE", "65k"), ("MemoryMax", "1500MB"), ("CPUQuota", "150"), ("LimitNOFILE", "65536 # comment"),
        ("MemoryMax", "1.5G"), ("CPUQuota", "80%"), ("TimeoutStopSec", "2min 30s"), ("LimitNOFILE", "65536:131072"),
        ("Nonsense", "1"), ("TasksMax", "77 # comment"),
    )
]  # fmt: skip


def files(case: Case) -> dict[str, str]:
    lines = ["[Service]", "ExecStart=/bin/true", *(line.written for line in case.lines)]
    return {"it.service": "".join(f"{line}\n" for line in lines)}


def ask(cases: Sequence[Case]) -> Iterator[Answer]:
    """All of them in one run: a target wants a unit for each."""
    with folder_of_nobody() as root:
        units = {f"case{at}.service": case for at, case in enumerate(cases)}
        for name, case in units.items():
            (root / name).write_text(files(case)["it.service"])
        (root / "all.target").write_text("[Unit]\n" + "".join(f"Wants={name}\n" for name in units))
        ran = subprocess.run(
            unprivileged(need("systemd", "systemd"), "--test", "--system", "--unit=all.target"),
            env={**os.environ, "SYSTEMD_UNIT_PATH": f"{root}:", "HOME": str(root)},
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
    dumped = _dumped(ran.stdout)
    for name in units:
        unknown = re.findall(
            rf"{name}:\d+: Unknown key '(\w+)' in section .Service", ran.stdout + ran.stderr
        )
        yield Answer(
            held=dict(_held(dumped[name])), said={f"unit/{key}": Fate.IGNORED for key in unknown}
        )


def _dumped(text: str) -> dict[str, dict[str, str]]:
    """The lines of each unit; of a name that is said more than once the last."""
    found: dict[str, dict[str, str]] = {}
    unit: dict[str, str] = {}
    for line in text.splitlines():
        if line.startswith("\t-> Unit "):
            unit = found.setdefault(line.removeprefix("\t-> Unit ").rstrip(":"), {})
        elif ": " in line:
            name, _, value = line.strip().partition(": ")
            unit[name] = value
    return found


def _held(said: Mapping[str, str]) -> Iterator[tuple[str, Held]]:
    for name in ("MemoryMax", "MemoryHigh", "TasksMax", "LimitNOFILE", "OOMScoreAdjust"):
        text = said[name]
        yield f"unit/{name}", UNLIMITED if text in (_INFINITE, "infinity") else Fraction(text)
    for name in ("TimeoutStopSec", "RestartSec"):
        yield f"unit/{name}", _seconds(said[name])
    yield "unit/CPUQuota", _seconds(said["CPUQuotaPerSecSec"])


_INFINITE = str(2**64 - 1)
_SIZES: dict[str, int | Fraction] = {
    "us": Fraction(1, 10**6), "ms": Fraction(1, 1000), "s": 1, "min": 60, "h": 3600, "d": 86400, "w": 604800,
    "month": 2629800, "y": 31557600,
}  # fmt: skip


def _seconds(text: str) -> Held:
    if text == "infinity":
        return UNLIMITED
    pieces = re.findall(r"([0-9.]+)([a-z]*)", text)
    return sum((Fraction(digits) * _SIZES[unit or "s"] for digits, unit in pieces), Fraction(0))


ORACLE = Oracle(
    "systemd",
    "systemd",
    "systemd",
    _CASES,
    _SPELLED,
    ask,
    files,
    refuses=frozenset(),
    spared="knows no section",
)
