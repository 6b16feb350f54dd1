"""Units to settings: nothing lost, every place exact, what systemd does not read said so."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.setting import Setting, Status, Unread
from plimsoll.syntax.ini import tokens
from plimsoll.syntax.text import Lines, decoded
from plimsoll.technologies.systemd.reader import DIALECT, READER

SYSTEM = [Path("/usr/lib/systemd/system"), Path("/usr/lib/systemd/user"), Path("/etc/systemd")]
UNITS = sorted(p for folder in SYSTEM for p in folder.rglob("*") if p.is_file() and p.suffix)


def settings(text: str, path: str = "x.service") -> list[Setting]:
    return [item for item in READER.read(text, path) if isinstance(item, Setting)]


def at(text: str, setting: Setting) -> tuple[str, str]:
    """What stands at the places of a setting and of its value."""
    assert setting.place is not None
    assert setting.place.value is not None
    lines = Lines(text, "")
    whole, value = setting.place.span, setting.place.value
    return (
        text[
            lines.offset(whole.line, whole.column) : lines.offset(whole.end_line, whole.end_column)
        ],
        text[
            lines.offset(value.line, value.column) : lines.offset(value.end_line, value.end_column)
        ],
    )


@pytest.mark.parametrize(
    ("text", "whole", "value", "meant"),
    [
        pytest.param("[Service]\nUser=a b\n", "User=a b", "a b", "a b", id="plain"),
        pytest.param("[Service]\r\n  User =  é😀 \r\n", "User =  é😀", "é😀", "é😀", id="blanks"),
        pytest.param("\ufeff[Service]\nUser=x", "User=x", "x", "x", id="byte order mark"),
        pytest.param("[Service]\nUser=\n", "User=", "", "", id="empty"),
        pytest.param(
            "[Service]\nUser=a \\\n# no\n ; no\n  b\n", "User=a \\\n# no\n ; no\n  b",
            "a \\\n# no\n ; no\n  b", "a    b", id="continued",
        ),
        pytest.param("[Service]\nUser=a # b\n", "User=a # b", "a # b", "a # b", id="no comment"),
        pytest.param("[Service]\nUser=a\\\\\nx=1\n", "User=a\\\\", "a\\\\", "a\\\\", id="escaped"),
        pytest.param("[Service]\nUser=a\\ \nx=1\n", "User=a\\", "a\\", "a\\", id="blank behind"),
        pytest.param("[Service]\nUser=a=b\n", "User=a=b", "a=b", "a=b", id="two signs"),
    ],
)  # fmt: skip
def test_places(text: str, whole: str, value: str, meant: str) -> None:
    setting = settings(text)[0]
    assert at(text, setting) == (whole, value)
    assert setting.text == meant


@pytest.mark.parametrize(
    ("text", "status", "reason"),
    [
        ("User=x\n", Status.MISPLACED, "outside of any section"),
        ("[Unit]\nLimitNOFILE=5\n", Status.MISPLACED, "read in [Service], not in [Unit]"),
        ("[Service]\nDefaultTasksMax=5\n", Status.MISPLACED, "read in system.conf"),
        ("[Service]\nlimitnofile=5\n", Status.UNKNOWN_NAME, "did you mean LimitNOFILE?"),
        ("[Service]\nMemmoryMax=5\n", Status.UNKNOWN_NAME, "did you mean MemoryMax?"),
        ("[service]\nUser=x\n", Status.MISPLACED, "not in [service]"),
        ("[Service]\nX-Own=x\n", Status.EFFECTIVE, ""),
        ("[X-Own]\nAnything=x\n", Status.EFFECTIVE, ""),
        ("[Service]\nUser=x\n[Foo #\n", Status.REFUSED, "does not load this unit"),
    ],
)
def test_what_systemd_does_not_read(text: str, status: Status, reason: str) -> None:
    setting = settings(text)[0]
    assert setting.status is status
    assert reason in setting.reason


def test_a_broken_drop_in_is_skipped() -> None:
    [setting] = settings("[Service\nUser=x\n", "a.service.d/x.conf")
    assert setting.status is Status.IGNORED


def test_one_directive_says_what_others_say() -> None:
    found = settings("[Service]\nTimeoutSec=5\nStartLimitInterval=9\n")
    assert [s.name for s in found] == [
        "TimeoutSec",
        "TimeoutStartSec",
        "TimeoutStopSec",
        "StartLimitInterval",
        "StartLimitIntervalSec",
    ]


@pytest.mark.parametrize(
    ("line", "is_secret"),
    [
        ("Environment=DB_PASSWORD=x", True),
        ('Environment="A=1" "API_TOKEN=x"', True),
        ("Environment=PORT=80", False),
        ("ExecStart=/bin/x --password=y", False),
    ],
)
def test_secrets_of_the_environment(line: str, *, is_secret: bool) -> None:
    [setting] = settings(f"[Service]\n{line}\n")
    assert setting.is_secret is is_secret


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["Nice=1", "Nice=2"], ["shadowed", "effective"], id="scalar"),
        pytest.param(["After=a", "After=b"], ["effective", "effective"], id="list"),
        pytest.param(["After=a", "After="], ["effective", "effective"], id="no reset of needs"),
        pytest.param(
            ["Environment=A=1", "Environment=", "Environment=B=1"],
            ["shadowed", "shadowed", "effective"],
            id="reset",
        ),
        pytest.param(["ExecStart=/a", "ExecStart=/b"], ["effective", "refused"], id="two commands"),
        pytest.param(
            ["ExecStart=/a", "ExecStart=", "ExecStart=/b"],
            ["shadowed", "shadowed", "effective"],
            id="command replaced",
        ),
        pytest.param(
            ["Type=oneshot", "ExecStart=/a", "ExecStart=/b"],
            ["effective", "effective", "effective"],
            id="oneshot",
        ),
        pytest.param(["Nice=1", "[Service]", "Nice=2"], ["shadowed", "effective"], id="sections"),
        pytest.param(
            ["TimeoutSec=9", "TimeoutStopSec=5"],
            ["effective", "effective", "shadowed", "effective"],
            id="half of two",
        ),
    ],
)
def test_who_wins(lines: list[str], expected: list[str]) -> None:
    found = settings("[Unit]\n" * (lines[0] == "After=a") + "[Service]\n" * (lines[0] != "After=a")
                     + "\n".join(lines))  # fmt: skip
    assert [str(s.status) for s in READER.effective(found)] == expected


@pytest.mark.skipif(not UNITS, reason="systemd's units are not installed here")
def test_every_installed_unit_is_read_without_loss() -> None:
    for path in UNITS:
        text = decoded(path.read_bytes())
        assert "".join(t.text for t in tokens(text, DIALECT)) == text, path
        items = list(READER.read(text, path.name))
        unread = [str(i) for i in items if isinstance(i, Unread)]
        is_unit = path.suffix in (".service", ".socket", ".timer", ".slice", ".mount", ".target")
        if is_unit:
            assert unread == []
            wrong = [
                i for i in items if isinstance(i, Setting) and i.status is not Status.EFFECTIVE
            ]
            assert [f"{path}: {s.name}: {s.reason}" for s in wrong] == []


HEADS = ["[Service]", "[Unit", "MemoryMax=", "LimitNOFILE=1:2", "Environment=", "TimeoutSec=5"]
ENDS = ["\n", "\r\n", "\\\n", "\\", " ", "# c", ";", "\ufeff"]
REST = ["1G", "=", '"', "'", "A=1", "%i", "😀", "\udc80"]
PIECES = st.sampled_from([*HEADS, *ENDS, *REST])


@given(st.lists(PIECES, max_size=30).map("".join))
def test_nothing_is_lost_and_places_hold_their_values(text: str) -> None:
    assert "".join(t.text for t in tokens(text, DIALECT)) == text
    covered = bytearray(len(text))
    lines = Lines(text, "")
    for item in READER.read(text, "x.service"):
        blocks = [b.place for b in item.scope] if isinstance(item, Setting) else []
        for place in [item.place, *blocks]:
            assert place is not None
            span = place.span
            start, end = (
                lines.offset(span.line, span.column),
                lines.offset(span.end_line, span.end_column),
            )
            covered[start:end] = b"x" * (end - start)
        if isinstance(item, Setting) and "\n" not in at(text, item)[1]:
            assert at(text, item)[1] == item.text
    for token in tokens(text, DIALECT):
        if token.kind in ("key", "value", "junk"):
            end = token.start + len(token.text.rstrip())
            start = end - len(token.text.strip())
            assert all(covered[start:end]), token
