"""Environment files in their two dialects."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.place import Span
from plimsoll.model.setting import Unread
from plimsoll.syntax.env_file import EnvDialect, Variable, variables
from plimsoll.syntax.text import Lines

POSIX, DOTENV = EnvDialect.POSIX, EnvDialect.DOTENV
GENERATOR = Path("/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator")


def read(text: str, dialect: EnvDialect) -> list[tuple[str, str | None]]:
    return [
        (v.name, v.value.text if v.value else None)
        for v in variables(text, "f", dialect)
        if isinstance(v, Variable)
    ]


SHARED = [
    ("A=1\nB=2", [("A", "1"), ("B", "2")]),
    ("\ufeffA=1\r\n", [("A", "1")]),
    ("# c\n\nA=x y  \n", [("A", "x y")]),
    ("A='x # y'\n", [("A", "x # y")]),
    ('A="x y" \n', [("A", "x y")]),
    ("A=a#b\n", [("A", "a#b")]),
    ("A=x=y\n", [("A", "x=y")]),
    ("A='m\nn'\n", [("A", "m\nn")]),
    ("1A=x\nB=2\n", [("B", "2")]),
    ("A=\n", [("A", "")]),
]
ONLY_POSIX = [
    ("A=x # y\n", "x # y"),
    ('A="q\\"w"\n', 'q"w'),
    ("A=a\\ b\\\nc\n", "a bc"),
    ('A="x""y" "z"\n', "xyz"),
    ('A=a"b"\n', 'a"b"'),
    ("A='it\\s'\n", "it\\s"),
    ('A="a\\qb\\$c"\n', "a\\qb$c"),
    ("A=a\\\\b\n", "a\\b"),
    ('A="x\\\ny"\n', "xy"),
    ("A = v\n", "v"),
]
ONLY_DOTENV = [
    ("A=x # y\n", "x", False),
    ("export A=1\n", "1", False),
    ("A: 1\n", "1", False),
    ("A\n", None, True),
    ("A='a $X'\n", "a $X", True),
    ('A="a\\n$X \\$Y"\n', "a\n$X $$Y", False),
    ("A=\\x\n", "\\x", False),
    ("A.B-C=1\n", "1", False),
]


@pytest.mark.parametrize("dialect", [POSIX, DOTENV])
@pytest.mark.parametrize(("text", "expected"), SHARED, ids=[repr(t) for t, _ in SHARED])
def test_both_dialects(dialect: EnvDialect, text: str, expected: list[tuple[str, str]]) -> None:
    assert read(text, dialect) == expected


@pytest.mark.parametrize(("text", "value"), ONLY_POSIX, ids=[repr(t) for t, _ in ONLY_POSIX])
def test_posix(text: str, value: str) -> None:
    assert read(text, POSIX) == [("A", value)]


@pytest.mark.parametrize(
    ("text", "value", "is_literal"), ONLY_DOTENV, ids=[repr(t) for t, *_ in ONLY_DOTENV]
)
def test_dotenv(text: str, value: str | None, *, is_literal: bool) -> None:
    [found] = variables(text, "f", DOTENV)
    assert isinstance(found, Variable)
    assert (found.value.text if found.value else None) == value
    assert found.is_literal is is_literal


@pytest.mark.parametrize(
    ("dialect", "text", "reason"),
    [
        (POSIX, "export A=1\n", "no `=`"),
        (POSIX, "A\n", "no `=`"),
        (POSIX, "=1\n", "no name"),
        (POSIX, "A='x\n", "not closed"),
        (DOTENV, "A='x\n", "not closed"),
        (DOTENV, "%x=1\n", "no name"),
    ],
)
def test_lines_that_are_no_assignment(dialect: EnvDialect, text: str, reason: str) -> None:
    [found, *_] = variables(text, "f", dialect)
    assert isinstance(found, Unread)
    assert reason in found.reason
    assert found.place is not None


def test_places() -> None:
    [_, found] = variables("X=1\nexport AB = 'é😀' # c\n", "f", DOTENV)
    assert isinstance(found, Variable)
    assert found.place.span == Span(2, 8, 2, 17)
    assert found.place.value == Span(2, 14, 2, 16)


@pytest.mark.parametrize("dialect", [POSIX, DOTENV])
@given(st.text(alphabet="AB=:# \n\r\t'\"\\$x😀;\ufeff", max_size=30))
def test_every_text_is_survived(dialect: EnvDialect, text: str) -> None:
    lines = Lines(text, "f")
    for found in variables(text, "f", dialect):
        assert found.place is not None
        span = found.place.span
        assert lines.offset(span.end_line, span.end_column) <= len(text)
        assert (span.line, span.column) <= (span.end_line, span.end_column)


@pytest.mark.real
def test_the_reader_of_environment_files_gives_the_same(tmp_path: Path) -> None:
    if not GENERATOR.is_file():
        pytest.skip(f"{GENERATOR} is not installed (Debian package systemd)")
    folder = tmp_path / ".config" / "environment.d"
    folder.mkdir(parents=True)
    odd = ("A=1\r\n", "A=\n", "m\nn", "$")  # printed or expanded in another way there
    texts = [text for text, _ in SHARED if not any(each in text for each in odd)]
    texts += [text for text, _ in ONLY_POSIX if "$" not in text]
    for number, text in enumerate(texts):
        (folder / "a.conf").write_text(text, "utf-8")
        ran = subprocess.run(
            [str(GENERATOR)],
            env={**os.environ, "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
        theirs = dict(word.split("=", 1) for word in shlex.split(ran.stdout))
        ours = read(text, POSIX)
        assert {n: theirs.get(n) for n, _ in ours} == dict(ours), (number, text)
