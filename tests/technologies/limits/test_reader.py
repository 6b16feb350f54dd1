from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import BYTES, SECONDS, UNLIMITED, Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.setting import Setting, Status, Unread
from plimsoll.stack.settle import settled
from plimsoll.technologies import signs, technology
from plimsoll.technologies.limits.reader import READER, read
from support.covered import uncovered
from support.places import wrong_places

LIMITS = technology("limits")
assert LIMITS is not None
SCHEMA = LIMITS.schema


def told(text: str) -> list[Setting]:
    return [item for item in read(text, "limits.conf") if isinstance(item, Setting)]


@pytest.mark.parametrize(
    ("line", "domain", "names", "text"),
    [
        ("* soft nofile 1024", "*", ["nofile.soft"], "1024"),
        ("@dba\thard nproc 9 # why", "@dba", ["nproc.hard"], "9"),
        ("mysql - memlock UNLIMITED", "mysql", ["memlock.soft", "memlock.hard"], "UNLIMITED"),
        (" 500:1000 SOFT Core 0\r", "500:1000", ["core.soft"], "0"),
        ("%users - maxlogins 4", "%users", ["maxlogins"], "4"),
        ("ftp x chroot /Ftp", "ftp", ["chroot"], "/Ftp"),
        ("nobody -", "nobody", ["-"], ""),
    ],
)
def test_lines(line: str, domain: str, names: list[str], text: str) -> None:
    found = told(line)
    assert [(s.name, s.text, s.scope[0].name) for s in found] == [(n, text, domain) for n in names]
    assert {s.status for s in found} == {Status.EFFECTIVE}


@pytest.mark.parametrize(
    ("line", "status", "reason"),
    [
        ("* - nofil 3", Status.UNKNOWN_NAME, "pam_limits knows no 'nofil'; did you mean nofile?"),
        ("* both nofile 3", Status.IGNORED, "'both' is none of soft, hard, -"),
        ("%users - nofile 3", Status.IGNORED, "a domain with % counts for maxlogins only"),
    ],
)
def test_lines_that_pam_skips(line: str, status: Status, reason: str) -> None:
    found = told(line)
    assert {s.status for s in found} == {status}
    assert all(reason in s.reason for s in found)


def test_what_is_no_line_is_unread() -> None:
    items = list(read("# no\n\n* soft nofile\n* - nofile {{ n }}\n", "limits.conf"))
    assert [str(item) for item in items if isinstance(item, Unread)] == [
        "limits.conf:3: not `domain type item value`: '* soft nofile'",
        "limits.conf:4: a template that was not rendered",
    ]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("nofile.soft", "1024", Amount.of(1024)),
        ("nofile.soft", "65k", Amount.of(65)),
        ("memlock.hard", "64", Amount.of(65536, BYTES)),
        ("cpu.hard", "2", Amount.of(120, SECONDS)),
        ("nofile.hard", "Unlimited", Amount.of(UNLIMITED)),
        ("core.soft", "-5", Amount.of(UNLIMITED, BYTES)),
        ("core.soft", "99999999999999999999", Amount.of(UNLIMITED, BYTES)),
        ("nice.hard", "-5", Amount.of(-5)),
        ("priority", "-1", Amount.of(-1)),
    ],
)
def test_values(name: str, text: str, value: Amount) -> None:
    entry = SCHEMA.entry(name)
    assert entry
    assert READER.value(text, entry) == value


@pytest.mark.parametrize(
    ("name", "text"), [("nofile.soft", "few"), ("nofile.hard", "-7"), ("core.soft", '"1"')]
)
def test_values_that_are_dropped(name: str, text: str) -> None:
    entry = SCHEMA.entry(name)
    assert entry
    found = READER.value(text, entry)
    assert isinstance(found, Rejected)
    assert found.status is Status.IGNORED


def test_the_last_line_of_a_domain_holds_for_it() -> None:
    text = "* - nofile 1\nmysql - nofile 2\n* soft nofile 3\n"
    rows = settled(READER, SCHEMA, told(text))
    assert [(s.name, s.text, s.status) for s in rows] == [
        ("nofile.soft", "1", Status.SHADOWED),
        ("nofile.hard", "1", Status.EFFECTIVE),
        ("nofile.soft", "2", Status.EFFECTIVE),
        ("nofile.hard", "2", Status.EFFECTIVE),
        ("nofile.soft", "3", Status.EFFECTIVE),
    ]


def test_a_drop_in_of_systemd_is_no_such_file() -> None:
    holds = re.compile(signs()["limits"].holds, re.MULTILINE)
    assert holds.search("# x\n*   soft nofile 3\n")
    assert not holds.search("[Service]\nLimitNOFILE = 65536\n# * - nofile 3\n")


PIECES = st.sampled_from(
    ["*", "soft", "hard", "-", "nofile", "nproc", "5", "unlimited", " ", "\t", "\n", "\r\n", "#", "{{", "é", "\udcff", "\x00", "x"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=4), max_size=30).map("".join))
def test_nothing_is_lost_and_places_are_right(text: str) -> None:
    rest = uncovered(text, read(text, "f")).removeprefix("\ufeff")
    assert [
        line for line in rest.split("\n") if line.strip() and not line.strip().startswith("#")
    ] == []
    assert wrong_places(READER, text, "f") == []
