from __future__ import annotations

import pytest

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Setting, Unread
from plimsoll.technologies.nginx.reader import READER


def words(line: str) -> list[Word]:
    """Words of a line that stands at the beginning of a manifest; quotes belong to their place."""
    found, at = [], 1
    for piece in line.split("|"):
        span = Span(1, at, 1, at + len(piece))
        found.append(Word(piece.strip("'"), Place("compose.yaml", span)))
        at += len(piece) + 1
    return found


def arguments(line: str) -> list[Item]:
    assert READER.arguments is not None
    return list(READER.arguments(words(line), {}))


@pytest.mark.parametrize(
    ("line", "pattern"),
    [
        ("nginx|-c|/etc/nginx/a.conf", "/etc/nginx/a.conf"),
        ("nginx|-c/etc/nginx/a.conf", "/etc/nginx/a.conf"),
        ("nginx|-tc|a.conf", "a.conf"),
        ("nginx|-p|/srv/app|-c|a.conf", "/srv/app/a.conf"),
        ("nginx|-c|a.conf|-p|/srv/app/", "/srv/app/a.conf"),
        ("nginx|-p|/srv/app|-c|/a.conf", "/a.conf"),
    ],
)
def test_the_file_that_is_named(line: str, pattern: str) -> None:
    (include,) = arguments(line)
    assert isinstance(include, Include)
    assert include.pattern == pattern
    assert not include.is_optional


@pytest.mark.parametrize(
    "line", ["nginx|-g|daemon off; worker_processes 2;", "nginx|-g|daemon off; worker_processes 2"]
)
def test_directives_on_the_command_line(line: str) -> None:
    daemon, processes = arguments(line)
    assert isinstance(daemon, Setting)
    assert isinstance(processes, Setting)
    assert (daemon.name, daemon.text, daemon.scope) == ("daemon", "off", ())
    assert (processes.name, processes.text) == ("worker_processes", "2")
    assert daemon.origin is processes.origin is Origin.COMMAND_LINE
    assert processes.place == Place("compose.yaml", Span(1, 22, 1, 40), Span(1, 39, 1, 40))


@pytest.mark.parametrize(
    ("line", "column"), [("nginx|-g|'daemon off;'", 18), ("nginx|-gdaemon off;", 16)]
)
def test_places_inside_quotes_and_joined_words(line: str, column: int) -> None:
    (daemon,) = arguments(line)
    assert isinstance(daemon, Setting)
    assert daemon.place is not None
    assert daemon.place.value == Span(1, column, 1, column + 3)


def test_a_word_whose_place_has_another_length_is_its_own_place() -> None:
    place = Place("unit", Span(3, 1, 4, 2))
    assert READER.arguments is not None
    (daemon,) = READER.arguments([Word("nginx"), Word("-g"), Word("daemon off;", place)], {})
    assert daemon.place == place


def test_options_that_say_nothing_of_the_configuration() -> None:
    assert not arguments("nginx|-t|-q|-s|reload|-e|stderr")


@pytest.mark.parametrize("line", ["nginx|-x", "nginx|start"])
def test_an_option_that_nginx_does_not_have(line: str) -> None:
    (unread,) = arguments(line)
    assert isinstance(unread, Unread)
    assert "no option" in unread.reason
    assert unread.place is not None
    assert unread.place.span.column == 7


def test_what_cannot_be_read_in_the_directives() -> None:
    (unread,) = arguments("nginx|-g|daemon 'off;")
    assert isinstance(unread, Unread)
    assert unread.place is not None
    assert unread.place.path == "compose.yaml"
