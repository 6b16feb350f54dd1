"""Our reading of flags against Java's own: which it takes, and what it makes of them."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import BYTES, Amount
from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula, Include, Setting, Status, Unread
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.jvm.options import SAME
from plimsoll.technologies.jvm.reader import READER
from support.counts import drawn
from support.programs import need

pytestmark = pytest.mark.real

LINE = re.compile(r" *\w+ (\w+) +:?= (.*?) *\{[^}]*\} \{([^}]*)\}")
FLAGS = {written: flag.removeprefix("-XX:") for flag, written in SAME.items()}


def java(words: Sequence[str], environment: Mapping[str, str]) -> dict[str, tuple[str, str]] | None:
    """Every flag with its value and its origin; None where Java does not start."""
    program = need("java", "openjdk-17-jdk-headless")
    kept = {n: v for n, v in os.environ.items() if "JAVA" not in n}
    done = subprocess.run(
        [program, *words, "-XX:+PrintFlagsFinal", "-version"],
        env={**kept, **environment}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    found = (LINE.match(line) for line in done.stdout.splitlines())
    flags = {f[1]: (f[2], f[3]) for f in found if f}
    return flags if done.returncode == 0 and flags else None


def ours(words: Sequence[str], environment: Mapping[str, str]) -> list[Setting] | None:
    """The settings that hold; None where one is refused."""
    assert READER.arguments is not None
    line = [Word("java"), *map(Word, words), Word("-version")]
    items = list(READER.arguments(line, {n: Word(v) for n, v in environment.items()}))
    known = technology("jvm")
    assert known is not None
    assert not any(isinstance(item, Include) for item in items)
    found = settled(READER, known.schema, [i for i in items if isinstance(i, Setting)])
    wrong = {Status.REFUSED, Status.UNKNOWN_NAME}
    if any(isinstance(i, Unread) for i in items) or any(s.status in wrong for s in found):
        return None
    return [each for each in found if each.status is Status.EFFECTIVE]


def check(words: Sequence[str], environment: Mapping[str, str]) -> None:
    theirs, mine = java(words, environment), ours(words, environment)
    assert (theirs is None) == (mine is None), (words, environment, mine)
    for each in mine or ():
        flag = FLAGS.get(each.name, each.name.removeprefix("-XX:"))
        if theirs is not None and flag in theirs and not each.name.startswith("-D"):
            said, origin = theirs[flag]
            if flag == "ThreadStackSize":
                said = str(int(said) * 1024)
            assert agrees(each, said, origin), (each, said, origin)


def agrees(each: Setting, said: str, origin: str) -> bool:
    """Java rounds sizes up to what it maps at once."""
    if isinstance(each.value, bool):
        return said == str(each.value).lower()
    if isinstance(each.value, Formula):
        return True  # of a size of 0: Java's own choice
    if not isinstance(each.value, Amount):
        return said == each.text
    low = float(each.value.low) * (1000 if each.name == "-XX:MaxGCPauseMillis" else 1)
    if each.value.unit == BYTES:
        return low <= float(said) < low + 32 * 1024**2
    return float(said) == low or "ergonomic" in origin


UNIT = st.sampled_from(["m", "M"])
NUMBER = st.integers(0, 200)
HEAP = st.integers(4, 900)
GOOD = st.one_of(
    st.builds("-Xmx{}{}".format, HEAP, UNIT),
    st.builds("-XX:MaxHeapSize={}m".format, HEAP),
    st.builds("-Xmx0x{:x}".format, st.integers(4 * 1024**2, 2**30)),
    st.builds("-Xms{}{}".format, st.integers(4, 60), UNIT),
    st.builds("-Xss{}k".format, st.integers(136, 4096)),
    st.builds("-XX:ThreadStackSize={}".format, st.integers(136, 4096)),
    st.builds("-XX:MaxRAMPercentage={}".format, st.integers(1, 60)),
    st.builds("-XX:MaxRAMPercentage={}.{}".format, st.integers(1, 60), st.integers(0, 99)),
    st.builds("-XX:InitialRAMPercentage={}".format, st.integers(0, 3)),
    st.builds("-XX:MaxMetaspaceSize={}m".format, st.integers(64, 512)),
    st.builds("-XX:MaxDirectMemorySize={}m".format, st.integers(1, 512)),
    st.builds("-XX:ReservedCodeCacheSize={}m".format, st.integers(64, 512)),
    st.builds("-XX:{}{}".format, st.sampled_from("+-"), st.sampled_from(
        ["ExitOnOutOfMemoryError", "HeapDumpOnOutOfMemoryError", "DisableExplicitGC",
         "UseStringDeduplication", "ParallelRefProcEnabled"])),
    st.builds("-XX:MaxGCPauseMillis={}".format, st.integers(1, 900)),
    st.builds("-XX:MaxTenuringThreshold={}".format, st.integers(0, 15)),
    st.builds("-Dsome.name={}".format, NUMBER),
    st.sampled_from(["-server", "-XX:+UseG1GC", "-ea", "-XX:HeapDumpPath=/tmp", "-Dx", "-Dy="]),
)  # fmt: skip
BAD = st.one_of(
    st.builds("-Xmx{}{}".format, HEAP, st.sampled_from(["", "x", "gb", "mb", "MB", ".5g", " m"])),
    st.builds("-Xmx{}".format, st.sampled_from(["", "=1g", "0", "-5m", "1k", "g", "99999999999t"])),
    st.builds("-Xss{}".format, st.sampled_from(["", "2g", "x", "=1m", "1.5m"])),
    st.builds("-XX:MaxRAMPercentage={}".format, st.sampled_from(
        ["", "101", "-1", "1e1", ".5", "5.", "+5", "5f", "80%", "abc"])),
    st.builds("-XX:{}".format, st.sampled_from(
        ["+MaxHeapSize", "UseG1GC=true", "UseG1GC", "+UseG1GC=1", "MaxHeapSize", "MaxHeapSize:=1g",
         "GCTimeRatio=-1", "MaxTenuringThreshold=99", "SurvivorRatio=0", "MaxGCPauseMillis=0",
         "G1HeapRegionSize=64m", "ReservedCodeCacheSize=3g", "ParallelGCThreads=abc",
         "+MaxRAMPercentage", "MaxRamPercentage=50", "+UseG1Gc", "+ExitOnOutOfMemoryErrors"])),
    st.just("-XX:+UseSerialGC"),  # beside another collector
)  # fmt: skip
VARIABLES = ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")
WORDS = st.lists(GOOD, max_size=4)
ENVIRONMENT = st.dictionaries(st.sampled_from(VARIABLES), st.lists(GOOD, max_size=2), max_size=2)


def joined(environment: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {name: " ".join(words) for name, words in environment.items()}


@drawn(8, 120)
@given(WORDS, ENVIRONMENT)
def test_java_makes_the_same_of_what_it_takes(
    words: list[str], environment: dict[str, list[str]]
) -> None:
    check(words, joined(environment))


@drawn(8, 120)
@given(WORDS, BAD, WORDS)
def test_java_refuses_the_same(before: list[str], bad: str, behind: list[str]) -> None:
    check([*before, bad, *behind], {})


@pytest.mark.parametrize("words", [
    ["-Xms2g", "-Xmx1g"], ["-Xms2g", "-XX:MaxHeapSize=1g"], ["-XX:+UseG1GC", "-XX:+UseSerialGC"],
    ["-XX:+UseG1GC", "-XX:-UseG1GC", "-XX:+UseSerialGC"], ["-Xmx1k", "-Xmx1g"], ["-Xmx1x", "-Xmx1g"],
    ["-Xms0", "-Xmx64m"], ["-Xmx007m"], ["-Xmx1638"], ["-XX:MaxDirectMemorySize=0"],
], ids=" ".join)  # fmt: skip
def test_flags_together(words: list[str]) -> None:
    check(words, {})
