"""What values mean. Each was tried with `systemd-analyze verify`; the real test tries it again."""

from __future__ import annotations

import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import GIB, MIB, UNLIMITED, Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.setting import Formula, Setting, Status, Value
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.systemd.values import resource_limit, size, span
from support.programs import need

SYSTEMD = technology("systemd")
assert SYSTEMD is not None
assert SYSTEMD.reader is not None
READER, SCHEMA = SYSTEMD.reader, SYSTEMD.schema


def only(line: str, name: str = "") -> Setting:
    """The setting that a line in [Service] makes."""
    text = f"[Service]\n{line}\n"
    found = [s for s in READER.read(text, "x.service") if isinstance(s, Setting)]
    typed = settled(READER, SCHEMA, found)
    return next(s for s in reversed(typed) if s.name == (name or line.partition("=")[0]))


def low(value: Value | None) -> object:
    return value.low if isinstance(value, Amount) else value


TAKEN = [
    ("MemoryMax=1.5G", 3 * GIB // 2),
    ("MemoryMax=1500", 1500),
    ("MemoryMax=1 G", GIB),
    ("MemoryMax=1G 500M", GIB + 500 * MIB),
    ("MemoryMax=1B", 1),
    ("MemoryMax=+1G", GIB),
    ("MemoryMax=1P", 2**50),
    ("MemoryMax=infinity", UNLIMITED),
    ("MemoryMax=80%", Formula("s.host.memory * 80 / 100")),
    ("MemoryMax=12.5%", Formula("s.host.memory * 1250 / 10000")),
    ("LimitNOFILE=65536:131072", 131072),
    ("LimitNOFILE=infinity", UNLIMITED),
    ("LimitNOFILE=1024:infinity", UNLIMITED),
    ("LimitAS=4G", 4 * GIB),
    ("LimitCPU=5min", 300),
    ("LimitRTTIME=5s", 5),
    ("CPUQuota=150%", Fraction(3, 2)),
    ("CPUQuota=20.5%", Fraction(205, 1000)),
    ("TasksMax=infinity", UNLIMITED),
    ("TasksMax=4096", 4096),
    ("TasksMax=80%", Formula("min(s.host.pid_max, s.host.threads_max) * 80 / 100")),
    ("TimeoutStopSec=5m", 300),
    ("TimeoutStopSec=1.5s", Fraction(3, 2)),
    ("TimeoutStopSec=infinity", UNLIMITED),
    ("TimeoutStopSec=0", UNLIMITED),
    ("TimeoutStopSec=1h30m", 5400),
    ("TimeoutStopSec=2min 30s", 150),
    ("TimeoutStopSec=2min30", 150),
    ("TimeoutStopSec=5 6", 11),
    ("TimeoutStopSec=3µs", Fraction(3, 10**6)),
    ("RestartSec=100ms", Fraction(1, 10)),
    ("Restart=on-failure", "on-failure"),
    ("PrivateTmp=y", True),
    ("RemainAfterExit=f", False),
    ("OOMScoreAdjust=-900", -900),
    ("Nice=-5", -5),
    ("AllowedCPUs=0-3,6", 5),
    ("TasksMax=", SCHEMA.entries["TasksMax"].default(None)),
    ("Nice=", 0),
    ("User=", ""),
]

IGNORED = [
    ("MemoryMax=1500MB", "units K M G T P E"),
    ("MemoryMax=1500M # c", "no trailing comments"),
    ("MemoryMax=1g", "is no size"),
    ("MemoryMax=0", "below 1 B"),
    ("MemoryMax=101%", "is no size"),
    ("MemoryMax=max", "is no size"),
    ('MemoryMax="1G"', "is no size"),
    ("MemoryMax=-1", "is no size"),
    ("MemoryMax=.5G", "is no size"),
    ("MemoryMax=0x10", "is no size"),
    ("MemoryMax=1M 1G", "is no size"),
    ("LimitNOFILE=65k", "soft:hard or infinity"),
    ("LimitNOFILE=65536:", "soft:hard"),
    ("LimitNOFILE=131072:65536", "above the hard limit"),
    ("LimitNOFILE=unlimited", "did you mean infinity?"),
    ("LimitNOFILE=65536 # c", "no trailing comments"),
    ("LimitNOFILE=", "is no limit"),
    ("LimitAS=4GB", "is no limit"),
    ("CPUQuota=150", "did you mean 150%?"),
    ("CPUQuota=0%", "is no whole number"),
    ("CPUQuota=infinity", "is no whole number"),
    ("TasksMax=0", "below 1"),
    ("TasksMax=4k", "no whole number"),
    ("TasksMax=120%", "no whole number"),
    ("TimeoutStopSec=-1", "is no time"),
    ("TimeoutStopSec=30S", "is no time"),
    ("TimeoutStopSec=1,5s", "is no time"),
    ("TimeoutStopSec=5minuten", "is no time"),
    ("TimeoutStopSec=", "an empty value"),
    ("Restart=allways", "is none of"),
    ("Restart=Always", "is none of"),
    ("OOMPolicy=foo", "is none of"),
    ("OOMScoreAdjust=-1900", "below -1000"),
    ("Nice=50", "above 19"),
    ("CPUWeight=20000", "above 10000"),
    ("PrivateTmp=ja", "neither yes nor no"),
    ("StartLimitBurst=-5", "below 0"),
]


@pytest.mark.parametrize(("line", "expected"), TAKEN, ids=[line for line, _ in TAKEN])
def test_a_value_that_systemd_takes(line: str, expected: object) -> None:
    found = only(line)
    assert low(found.value) == expected
    assert found.status is Status.EFFECTIVE


@pytest.mark.parametrize(("line", "reason"), IGNORED, ids=[line for line, _ in IGNORED])
def test_a_value_that_systemd_ignores(line: str, reason: str) -> None:
    found = only(line)
    assert found.status is Status.IGNORED
    assert reason in found.reason


def test_one_number_is_both_limits_and_two_have_their_own_places() -> None:
    assert low(only("LimitNOFILE=4096", "LimitNOFILESoft").value) == 4096
    soft = only("LimitNOFILE=1024:65536", "LimitNOFILESoft")
    hard = only("LimitNOFILE=1024:65536")
    assert (soft.text, hard.text) == ("1024", "65536")
    assert soft.place is not None
    assert hard.place is not None
    assert soft.place.value is not None
    assert hard.place.value is not None
    assert (soft.place.value.column, soft.place.value.end_column) == (13, 17)
    assert (hard.place.value.column, hard.place.value.end_column) == (18, 23)
    assert soft.place.span == hard.place.span


def test_an_ignored_limit_leaves_the_earlier_one() -> None:
    text = "[Service]\nMemoryMax=1G\nMemoryMax=1500MB\n"
    found = [s for s in READER.read(text, "x.service") if isinstance(s, Setting)]
    first, second = settled(READER, SCHEMA, found)
    assert first.status is Status.EFFECTIVE
    assert second.status is Status.IGNORED


@given(st.text(max_size=30))
def test_no_text_makes_a_value_raise(text: str) -> None:
    for entry in SCHEMA.entries.values():
        found = READER.value(text, entry)
        assert isinstance(found, Rejected) or found is not None


@pytest.mark.real
def test_systemd_takes_and_ignores_the_same(tmp_path: Path) -> None:
    program = need("systemd-analyze", "systemd")
    lines = [line for line, _ in (*TAKEN, *IGNORED)]
    unit = tmp_path / "probe.service"
    unit.write_text("[Service]\nExecStart=/bin/true\n" + "\n".join(lines) + "\n", "utf-8")
    ran = subprocess.run(
        [program, "verify", "--man=no", "--recursive-errors=no", str(unit)],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    complained = {
        int(line.split(":")[1]) - 3
        for line in ran.stderr.splitlines()
        if "probe.service:" in line and "please use" not in line
    }
    ignored = [line for line, _ in IGNORED]
    assert [line for n, line in enumerate(lines) if n in complained] == ignored


@pytest.mark.real
@pytest.mark.parametrize(
    "text", ["2min 30s", "1.5h", "5", "1w2d", "3month", "1y", "90", "2min30", "17us", "1.25ms"]
)
def test_systemd_reads_the_same_time(text: str) -> None:
    ran = subprocess.run(
        [need("systemd-analyze", "systemd"), "timespan", text],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    micros = next(line for line in ran.stdout.splitlines() if "s: " in line).split(": ")[1]
    found = span(text)
    assert found is not None
    assert int(found * 10**6) == int(micros)


@given(st.integers(0, 2**40), st.sampled_from(["", "K", "M", "G", "T", " M"]))
def test_sizes_of_one_unit(number: int, unit: str) -> None:
    factor = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}[unit.strip()]
    assert size(f"{number}{unit}") == number * factor


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0x10", 16),
        ("010", 8),
        ("0o17", 15),
        ("0b11", 3),
        ("+7", 7),
        ("0X1f", 31),
        ("08", None),
        ("1e3", None),
    ],
)
def test_whole_numbers_may_have_another_base(text: str, number: int | None) -> None:
    assert resource_limit("LimitNOFILE", text) == number
    assert resource_limit("LimitNOFILE", f"-{text}") is None
