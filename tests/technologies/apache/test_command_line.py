from __future__ import annotations

import pytest

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Setting, Unread
from plimsoll.stack.settle import held, settled
from plimsoll.technologies import technology
from plimsoll.technologies.apache.reader import READER

APACHE = technology("apache")
assert APACHE is not None


def items(*words: str, **environment: str) -> list[Item]:
    made = [Word(t, Place("x.service", Span(n, 1, n, 1 + len(t)))) for n, t in enumerate(words, 1)]
    told = {n: Word(t, Place("a.env", Span(1, 1, 1, 2))) for n, t in environment.items()}
    assert READER.arguments is not None
    return list(READER.arguments(made, told))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("apache2 -k start -f /etc/a.conf", ["/etc/a.conf"]),
        ("httpd -DFOREGROUND", []),
        ("/usr/sbin/httpd -d /srv/www/ -f conf/a.conf", ["/srv/www/conf/a.conf"]),
        ("httpd -fx.conf", ["x.conf"]),
        ("apachectl -D FOREGROUND", []),
        ("apache2 -e debug -E /x -X -t", []),
    ],
)
def test_files(line: str, expected: list[str]) -> None:
    found = items(*line.split())
    assert [i.pattern for i in found if isinstance(i, Include)] == expected
    assert not [i for i in found if isinstance(i, Unread)]


def test_what_is_defined_and_said() -> None:
    found = items("apache2", "-c", "MaxClients 7", "-D", "SSL", "-DX=1", "-C", "Timeout 5")
    assert [(s.name, s.text, s.origin) for s in found if isinstance(s, Setting)] == [
        ("Define", "SSL", Origin.COMMAND_LINE),
        ("Define", "X=1", Origin.COMMAND_LINE),
        ("TimeOut", "5", Origin.COMMAND_LINE),
        ("MaxRequestWorkers", "7", Origin.COMMAND_LINE),
    ]


@pytest.mark.parametrize(("option", "expected"), [("SSL", "9 s"), ("OTHER", "60 s")])
def test_what_is_defined_decides_what_counts(option: str, expected: str) -> None:
    assert APACHE is not None
    text = "<IfDefine SSL>\nTimeOut 9\n</IfDefine>\n"
    found = [*READER.read(text, "a.conf"), *items("apache2", "-D", option)]
    settings = settled(READER, APACHE.schema, [i for i in found if isinstance(i, Setting)])
    mine = held(settings, READER).get("TimeOut") or APACHE.schema.default("TimeOut", None)
    assert mine is not None
    assert str(mine.value) == expected


def test_variables_of_the_environment_are_kept_for_the_files_and_not_shown() -> None:
    (found,) = items("apache2", A="b")
    assert isinstance(found, Setting)
    assert (found.scope[0].name, found.text, found.is_secret) == ("A", "b", True)


def test_arguments_in_a_variable() -> None:
    found = items("httpd", OPTIONS="-D SSL")
    assert [i.text for i in found if isinstance(i, Setting) and i.name == "Define"] == ["SSL"]


def test_the_program_that_is_an_mpm() -> None:
    found = items("/usr/sbin/httpd.worker", "-k", "start")
    assert [(i.name, i.text) for i in found if isinstance(i, Setting)] == [("mpm", "worker")]


def test_what_apache_does_not_take() -> None:
    assert any(isinstance(i, Unread) for i in items("apache2", "x.conf"))
