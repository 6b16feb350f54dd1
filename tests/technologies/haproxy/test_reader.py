from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.place import Span
from plimsoll.model.setting import Item, Setting, Status, Unknown, Unread
from plimsoll.syntax.text import Lines, decoded
from plimsoll.technologies.haproxy.lexer import tokens
from plimsoll.technologies.haproxy.reader import READER, read
from support.places import wrong_places

CASES = Path("../shared/cases")
OTHERS = [
    *sorted(Path("/etc/haproxy").glob("*.cfg")),
    *sorted(Path("/usr/share/doc/haproxy/examples").glob("*.cfg")),
    *sorted(CASES.rglob("haproxy*.cfg")),
]
PIECES = [
    "global", "defaults", "frontend f", "frontend f from d", "backend b", "listen l :80", "cache c",
    "resolvers r", "traces", " maxconn 5", " timeout client 5s", " timeout", " option httplog",
    " no option httplog", " bind :80,:90-91 ssl crt x maxconn 3", " bind", " server s a:1 check inter 5",
    " server s", " server", " default-server check", " server-template t 1-3 a:1", " stats socket /s level admin",
    ".if 1", ".if feature(X)", ".elif 0", ".else", ".endif", ".notice 'x'", ".x", " log \"$A\" local0",
    " setenv A b", " log 'x", "\ufeff", " clitimeout 5", "é \udcff", "#", "\\", " maxcon 5", "{{ x }}", "\x00",
]  # fmt: skip
TEXTS = st.lists(
    st.sampled_from(PIECES) | st.text(alphabet=" \n\r#\"'\\$a=:.", max_size=8), max_size=25
).map("\n".join)


def found(text: str) -> list[Item]:
    return list(read(text, "haproxy.cfg"))


def told(text: str) -> list[tuple[str, str, str]]:
    """Where a setting stands, its name, its text."""
    return [
        ("/".join(map(str, s.scope)), s.name, s.text)
        for s in found(text)
        if isinstance(s, Setting) and s.name not in ("kind", "bind_number", "server_number")
    ]


def unread(text: str) -> list[str]:
    return [str(u) for u in found(text) if isinstance(u, Unread)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("global\n maxconn 5\n", [("global", "maxconn", "5")], id="one word"),
        pytest.param(
            "defaults\n timeout client 5s\n", [("defaults", "timeout client", "5s")], id="two words"
        ),
        pytest.param(
            "defaults\n option httplog\n option httpchk GET /\n no option redispatch\n",
            [
                ("defaults", "option httplog", "on"),
                ("defaults", "option httpchk", "GET /"),
                ("defaults", "option redispatch", "off"),
            ],
            id="options",
        ),
        pytest.param(
            "defaults\n clitimeout 5000\n",
            [("defaults", "clitimeout", "5000"), ("defaults", "timeout client", "5000")],
            id="an old name",
        ),
        pytest.param(
            "frontend f\n bind :80,[::]:90-91 ssl maxconn 3\n",
            [
                ("frontend f", "bind", ":80,[::]:90-91 ssl maxconn 3"),
                ("frontend f/bind :80,[::]:90-91", "address", ":80,[::]:90-91"),
                ("frontend f/bind :80,[::]:90-91", "ssl", "on"),
                ("frontend f/bind :80,[::]:90-91", "maxconn", "3"),
            ],
            id="bind",
        ),
        pytest.param(
            "backend b\n server s1 10.0.0.1:80 check no-ssl inter 5s new-one x backup\n",
            [
                ("backend b", "server", "s1 10.0.0.1:80 check no-ssl inter 5s new-one x backup"),
                ("server s1", "address", "10.0.0.1:80"),
                ("server s1", "check", "on"),
                ("server s1", "ssl", "off"),
                ("server s1", "inter", "5s"),
                ("server s1", "new-one", "x"),
                ("server s1", "backup", "on"),
                ("server s1", "proxy", "b"),
            ],
            id="server",
        ),
        pytest.param(
            "listen l 10.0.0.1:80 ssl\n",
            [
                ("listen l", "bind", "10.0.0.1:80 ssl"),
                ("listen l/bind 10.0.0.1:80", "address", "10.0.0.1:80"),
                ("listen l/bind 10.0.0.1:80", "ssl", "on"),
            ],
            id="an address in the header",
        ),
        pytest.param(
            "newthing x\n  a 1\nglobal\n  b 2\n",
            [("section x", "a", "1"), ("global", "b", "2")],
            id="a section of a later version",
        ),
        pytest.param(
            "defaults from d\n a 1\n", [("defaults", "from", "d"), ("defaults", "a", "1")], id="from"
        ),
        pytest.param(
            "global\n.if feature(X)\n a 1\n.else\n a 2\n.endif\n a 3\n",
            [
                ("global", ".if", "feature(X)"),
                ("global/if feature(X)", "a", "1"),
                ("global/if feature(X)", ".else", ""),
                ("global/if !(feature(X)) && (1)", "a", "2"),
                ("global/if !(feature(X)) && (1)", ".endif", ""),
                ("global", "a", "3"),
            ],
            id="conditions",
        ),
    ],
)  # fmt: skip
def test_settings(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(text) == expected
    assert not unread(text)


@pytest.mark.parametrize(
    ("line", "name", "expected"),
    [
        ("bind :80", "bind_number", "1"), ("bind :80,:81", "bind_number", "2"),
        ("bind :80-89,unix@/x", "bind_number", "11"), ("server s a:1", "server_number", "1"),
        ("server-template t 5 a:1", "server_number", "5"), ("server-template t 3-5 a:1", "server_number", "3"),
    ],
)  # fmt: skip
def test_how_many_a_line_makes(line: str, name: str, expected: str) -> None:
    items = found(f"listen l\n {line}\n")
    assert [s.text for s in items if isinstance(s, Setting) and s.name == name] == [expected]


def test_places() -> None:
    items = found("defaults\n  timeout  client 'é 1'x # c\n  option httplog\n")
    timeout, option = (s for s in items if isinstance(s, Setting) and s.name != "kind")
    assert timeout.place is not None
    assert timeout.place.span == Span(2, 3, 2, 25)
    assert timeout.place.value == Span(2, 19, 2, 25)
    assert timeout.scope[0].place is not None
    assert timeout.scope[0].place.span == Span(1, 1, 1, 9)
    assert option.place is not None
    assert option.place.span == Span(3, 3, 3, 17)
    assert option.place.value is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "maxconn 5\n", "haproxy.cfg:1: unknown keyword 'maxconn' outside", id="no section"
        ),
        pytest.param("global\n log 'x\n", "haproxy.cfg:2: unmatched quote", id="a quote"),
        pytest.param(".endif\n", "haproxy.cfg:1: lone '.endif'", id="a lone end"),
        pytest.param(".if 1\n", "haproxy.cfg:1: the '.endif' of this", id="no end"),
        pytest.param(".foo\n", "haproxy.cfg:1: unknown directive '.foo'", id="a directive"),
        pytest.param("\ufeffglobal\n maxconn 5\n", "haproxy.cfg:1: a byte order mark", id="a mark"),
        pytest.param("{% if x %}\nglobal\n", "haproxy.cfg:1: a template", id="a template"),
    ],
)
def test_faults_have_a_place_and_a_reason(text: str, expected: str) -> None:
    assert any(each.startswith(expected) for each in unread(text))


def test_what_follows_a_fault_is_read() -> None:
    assert told("global\n log 'x\n maxconn 5\n") == [("global", "maxconn", "5")]


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("global\n maxcon 5\n", "maxconn"),
        ("defaults\n timeout clients 5s\n", "timeout client"),
        ("defaults\n timeout http-keepalive 5s\n", "timeout http-keep-alive"),
        ("backend b\n defaultserver check\n", "default-server"),
        ("backend b\n option httplogg\n", "option httplog"),
    ],
)
def test_a_slip_of_a_name(text: str, near: str) -> None:
    slip = next(
        s for s in found(text) if isinstance(s, Setting) and s.status is not Status.EFFECTIVE
    )
    assert slip.status is Status.UNKNOWN_NAME
    assert f"did you mean {near!r}" in slip.reason


@pytest.mark.parametrize(
    "text",
    [
        "global\n tune.h3.max-thing 5\n", "defaults\n log-format-xy x\n", "global\n new-keyword\n",
        "resolvers r\n timeout resolve 1s\n", "mailers m\n timeout mail 5s\n",
        "frontend f\n stats uri /x\n option brand-new\n", "cache c\n total-max-siz 5\n",
    ],
)  # fmt: skip
def test_names_of_other_versions_are_no_slips(text: str) -> None:
    assert all(s.status is Status.EFFECTIVE for s in found(text) if isinstance(s, Setting))


def test_a_value_that_waits_for_a_tool_is_unknown() -> None:
    items = found("global\n maxconn {{ n }}\n")
    assert ("global", "maxconn", "{{ n }}") in told("global\n maxconn {{ n }}\n")
    assert not [i for i in items if isinstance(i, Unread)]


# -- hostile texts


def test_conditions_that_nobody_nests_so_deeply() -> None:
    text = ".if 1\n" * 5_000 + "global\n nbthread 2\n" + ".endif\n" * 5_000 + " nbthread 3\n"
    items = found(text)
    settings = [s for s in items if isinstance(s, Setting)]
    assert max(len(s.scope) for s in settings) < 70
    assert settings[-1].text == "3"
    assert any("too deeply" in str(i) for i in items if isinstance(i, Unread))


def test_an_if_of_many_branches() -> None:
    text = ".if 0\n" + ".elif 0\nglobal\n nbthread 2\n" * 1_000 + ".endif\n"
    settings = READER.effective([s for s in found(text) if isinstance(s, Setting)])
    assert {s.status for s in settings if s.name == "nbthread"} == {Status.IGNORED}


@pytest.mark.parametrize(
    "text",
    ["", "\ufeff", "\x00\x01\udcff" * 1000, "a" * 1_000_000, "global\n" + " acl a b\n" * 8_000,
     "listen l\n" + " default-server check\n server s a:1\n" * 3_000, "global\n bind :1-99999999999\n"],
    ids=["empty", "mark", "binary", "one word", "many lines", "many servers", "ports"],
)  # fmt: skip
def test_hostile_texts_are_read(text: str) -> None:
    items = found(text)
    READER.effective([s for s in items if isinstance(s, Setting)])
    check_coverage(text, items)


# -- properties, and files of others


def check_coverage(text: str, items: list[Item]) -> None:
    """Every word is in the span of something."""
    lines = Lines(text, "haproxy.cfg")
    covered = []
    for item in items:
        for place in (
            item.place,
            *(() if isinstance(item, Unread) else (b.place for b in item.scope)),
        ):
            if place is not None:
                span = place.span
                covered.append(
                    (
                        lines.offset(span.line, span.column),
                        lines.offset(span.end_line, span.end_column),
                    )
                )
    covered.sort()
    at = reach = 0
    for token in tokens(text):
        while at < len(covered) and covered[at][0] <= token.start:
            reach = max(reach, covered[at][1])
            at += 1
        if token.kind in ("word", "broken", "mark"):
            assert reach >= token.end, token


@given(TEXTS)
def test_nothing_is_lost_and_places_are_right(text: str) -> None:
    check_coverage(text, found(text))
    assert wrong_places(READER, text, "haproxy.cfg", 3) == []


@given(TEXTS)
def test_what_was_read_can_be_settled(text: str) -> None:
    settings = [s for s in found(text) if isinstance(s, Setting)]
    settled = READER.effective(settings)
    assert [(s.name, s.place) for s in settled] == [(s.name, s.place) for s in settings]
    assert READER.endpoints is not None
    assert all(e.setting in settled for e in READER.endpoints(settled))


@pytest.mark.skipif(not OTHERS, reason="neither haproxy nor the collected cases are here")
@pytest.mark.parametrize("path", OTHERS, ids=str)
def test_files_of_others_are_read_whole(path: Path) -> None:
    text = decoded(path.read_bytes())
    items = found(text)
    assert not unread(text)
    check_coverage(text, items)
    assert all(s.status is Status.EFFECTIVE for s in items if isinstance(s, Setting))
    assert not any(isinstance(s.value, Unknown) for s in items if isinstance(s, Setting))
