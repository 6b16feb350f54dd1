from __future__ import annotations

import pytest

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.syntax.arguments import after_program, place_of

PROGRAMS = ("redis-server", "postgres")


@pytest.mark.parametrize(
    ("command", "program", "rest"),
    [
        ("redis-server --port 1", "redis-server", "--port 1"),
        ("/usr/bin/redis-server x.conf", "redis-server", "x.conf"),
        ("docker-entrypoint.sh redis-server x.conf", "redis-server", "x.conf"),
        ("gosu postgres postgres -c a=b", "postgres", "-c a=b"),
        ("su-exec redis redis-server --port 1", "redis-server", "--port 1"),
        ("entrypoint x.conf", "entrypoint", "x.conf"),
        ("--port 1", "", "--port 1"),
        ("", "", ""),
    ],
)
def test_after_program(command: str, program: str, rest: str) -> None:
    found, left = after_program([Word(word) for word in command.split()], PROGRAMS)
    assert (found, " ".join(word.text for word in left)) == (program, rest)


@pytest.mark.parametrize(
    ("span", "start", "value"),
    [
        (Span(3, 5, 3, 11), 4, Span(3, 9, 3, 11)),
        (Span(3, 5, 3, 11), 0, Span(3, 5, 3, 11)),
        (Span(3, 5, 3, 13), 4, Span(3, 5, 3, 13)),  # the file writes it with quotes
        (Span(3, 5, 4, 11), 4, Span(3, 5, 4, 11)),
    ],
)
def test_place_of(span: Span, start: int, value: Span) -> None:
    found = place_of(Word("a=1234"[:6], Place("compose.yaml", span)), start)
    assert found == Place("compose.yaml", span, value)


def test_a_word_that_stands_nowhere_has_no_place() -> None:
    assert place_of(Word("a")) is None
