from __future__ import annotations

import pytest

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Setting, Unread
from plimsoll.technologies.haproxy.reader import READER


def items(line: str, **environment: str) -> list[Item]:
    words, at = [], 1
    for text in line.split():
        words.append(Word(text, Place("x.service", Span(3, at, 3, at + len(text)))))
        at += len(text) + 1
    told = {n: Word(t, Place("haproxy.env", Span(1, 1, 1, 2))) for n, t in environment.items()}
    assert READER.arguments is not None
    return list(READER.arguments(words, told))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("haproxy -f a.cfg -f /b.cfg", ["a.cfg", "/b.cfg"]),
        ("/usr/sbin/haproxy -Ws -C /etc/haproxy -f a.cfg", ["/etc/haproxy/a.cfg"]),
        ("haproxy -f /etc/haproxy/conf.d", ["/etc/haproxy/conf.d/*.cfg"]),
        ("haproxy -f dir/", ["dir/*.cfg"]),
        ("haproxy -D -- a.cfg b.cfg", ["a.cfg", "b.cfg"]),
        ("haproxy -sf 12 13 -f a.cfg", ["a.cfg"]),
        ("haproxy", []),
    ],
)
def test_files(line: str, expected: list[str]) -> None:
    found = items(line)
    assert [i.pattern for i in found if isinstance(i, Include)] == expected
    assert not [i for i in found if isinstance(i, Unread)]


def test_settings() -> None:
    found = items("haproxy -f a.cfg -n 500 -m 256 -N 100 -L me -db -V")
    settings = [i for i in found if isinstance(i, Setting)]
    assert [(s.name, s.text, s.origin) for s in settings] == [
        ("maxconn", "500", Origin.COMMAND_LINE),
        ("maxmemory", "256", Origin.COMMAND_LINE),
        ("maxpconn", "100", Origin.COMMAND_LINE),
        ("localpeer", "me", Origin.COMMAND_LINE),
    ]
    assert settings[0].place is not None
    assert settings[0].place.value == Span(3, 21, 3, 24)


def test_what_debian_puts_on_the_command_line() -> None:
    found = items("haproxy", CONFIG="/etc/haproxy/haproxy.cfg", EXTRAOPTS="-n 500")
    assert [i.pattern for i in found if isinstance(i, Include)] == ["/etc/haproxy/haproxy.cfg"]
    assert [i.text for i in found if isinstance(i, Setting) and i.name == "maxconn"] == ["500"]


def test_variables_of_the_environment_are_kept_for_the_files_and_not_shown() -> None:
    (found,) = items("haproxy", A="b")
    assert isinstance(found, Setting)
    assert (found.scope[0].name, found.text, found.is_secret) == ("A", "b", True)


@pytest.mark.parametrize("line", ["haproxy -Z", "haproxy x.cfg"])
def test_what_haproxy_does_not_take(line: str) -> None:
    assert any(isinstance(i, Unread) for i in items(line))


def test_the_command_line_beats_the_file() -> None:
    file = [i for i in READER.read("global\n maxconn 5\n", "a.cfg") if isinstance(i, Setting)]
    line = [i for i in items("haproxy -n 500") if isinstance(i, Setting)]
    held = [s for s in READER.effective([*file, *line]) if s.name == "maxconn"]
    assert [s.status.value for s in held] == ["shadowed", "effective"]
