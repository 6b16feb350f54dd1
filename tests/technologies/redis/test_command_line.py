from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Setting, Status, Unread
from plimsoll.technologies.redis.command_line import arguments


def read(*words: str) -> list[Item]:
    return list(arguments([*map(Word, words)], {}))


def shown(items: list[Item]) -> list[str]:
    lines = []
    for item in items:
        if isinstance(item, Setting):
            lines.append(f"{item.name}={item.text}")
        else:
            lines.append(item.pattern if isinstance(item, Include) else item.reason)
    return lines


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["redis-server"], []),
        (["redis-server", "/etc/redis.conf"], ["/etc/redis.conf"]),
        (["redis-server", "--maxmemory", "1gb"], ["maxmemory=1gb"]),
        (
            ["redis-server", "a.conf", "--port", "0", "--appendonly", "yes"],
            ["a.conf", "port=0", "appendonly=yes"],
        ),
        (["redis-server", "--port 6380"], ["port=6380"]),
        (["redis-server", "--save", "60", "1"], ["save=60 1"]),
        (["redis-server", "--save", ""], ["save="]),
        (["redis-server", "--save"], ["save="]),
        (["redis-server", "--save", "--hz", "20"], ["save=", "hz=20"]),
        (["redis-server", "--requirepass", "--odd"], ["requirepass=--odd"]),
        (["redis-server", "--requirepass", "a b"], ["requirepass=a b"]),
        (["redis-server", "--sentinel"], []),
        (["redis-server", "-", "--hz", "20"], ["hz=20"]),
        (["redis-server", "a.conf", "--hz", "20", "-"], ["a.conf", "hz=20"]),
        (["--maxmemory", "1gb"], ["maxmemory=1gb"]),
        (["docker-entrypoint.sh", "redis-server", "x.conf"], ["x.conf"]),
        (["valkey-server", "--slaveof", "a", "1"], ["replicaof=a 1"]),
        (["redis-server", "--version"], []),
        (["redis-server", "--include", "b.conf"], ["b.conf"]),
        (["redis-server", "a[1].conf"], ["a[[]1].conf"]),
    ],
)
def test_arguments(words: list[str], expected: list[str]) -> None:
    items = read(*words)
    assert shown(items) == expected
    found = [item for item in items if isinstance(item, Setting)]
    assert all(each.origin is Origin.COMMAND_LINE for each in found)
    assert all(each.status is Status.EFFECTIVE for each in found)


@pytest.mark.parametrize("words", [["--maxmemory=1gb"], ["--maxmemory", "1", "gb"], ["--port"]])
def test_refused(words: list[str]) -> None:
    [found] = read("redis-server", *words)
    assert isinstance(found, Setting)
    assert found.status is Status.REFUSED


def test_a_value_before_any_option_is_unread() -> None:
    found = read("redis-server", "a.conf", "6380")[1]
    assert isinstance(found, Unread)
    assert found.reason == "stands before any --option"


def test_places() -> None:
    words = [Word("redis-server"), Word("--maxmemory", Place("c.yaml", Span(4, 9, 4, 20)))]
    [found] = arguments([*words, Word("1gb", Place("c.yaml", Span(5, 9, 5, 12)))], {})
    assert found.place == Place("c.yaml", Span(5, 9, 5, 12), Span(5, 9, 5, 12))


@given(
    st.lists(
        st.sampled_from(["--", "-", "--save", "--port", "1", "--a b", ""]) | st.text(max_size=6)
    )
)
def test_no_command_line_is_too_much(words: list[str]) -> None:
    assert all(item is not None for item in read("redis-server", *words))
