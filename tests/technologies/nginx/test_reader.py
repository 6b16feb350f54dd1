from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.place import Span
from plimsoll.model.setting import Include, Item, Setting, Status, Unknown, Unread
from plimsoll.syntax.braces import tokens, unescaped, unquoted
from plimsoll.syntax.text import Lines, decoded
from plimsoll.technologies.nginx.reader import READER, foreign, read

FILES = Path(__file__).parent / "files"
ALL = sorted(p for p in FILES.rglob("*") if p.is_file())
REAL = [
    *sorted(p for p in Path("/etc/nginx").rglob("*") if p.is_file()),
    *sorted(Path("../shared/cases").rglob("*nginx*.conf*")),
]

PIECES = [
    "events {", "http {", "server {", "location / {", "upstream u {", "map $a $b {", "}", ";", "{",
    "listen 80 backlog=9;", "server a:1 max_fails=2;", "proxy_pass http://u/x;", "gzip yes;",
    "include a/*.conf;", "include", "x_by_lua_block {", "keepalive_timeout 60 ", "\n", " ", "#", "'",
    '"', "\\", "$", "{{", "@A@", "proxy_buffers 4 8k;", "proxy_cache_path 'a b' keys_zone=z:1m;",
    "proxy_set_header Connection '';", "worker_processes 4\n", "\ufeff", "é", "\udcff",
]  # fmt: skip
TEXTS = st.lists(
    st.sampled_from(PIECES) | st.text(alphabet=" \n{};#\"'\\$a=:/", max_size=6), max_size=25
).map(" ".join)


def found(text: str) -> list[Item]:
    return list(read(text, "nginx.conf"))


def told(text: str) -> list[tuple[str, str, str]]:
    """Where a setting stands, its name, its text."""
    return [
        ("/".join(map(str, s.scope)), s.name, s.text) for s in found(text) if isinstance(s, Setting)
    ]


def unread(text: str) -> list[str]:
    return [str(u) for u in found(text) if isinstance(u, Unread)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "worker_processes 4;", [("", "worker_processes", "4")], id="outside of any block"
        ),
        pytest.param(
            "http { gzip on; }", [("", "http", ""), ("http", "gzip", "on")], id="in a block"
        ),
        pytest.param(
            "server { location ~ '^/a b' { root /x; } }",
            [
                ("", "server", ""),
                ("server", "location", "~ ^/a b"),
                ("server/location ~ ^/a b", "root", "/x"),
            ],
            id="a block with arguments",
        ),
        pytest.param(
            "if ($a = 'x y') { return 403; }",
            [("", "if", "($a = x y )"), ("if ($a = x y )", "return", "403")],
            id="if",
        ),
        pytest.param(
            "map $a $b { default 1; '' 2; ~^x 'y;'; }",
            [
                ("", "map", "$a $b"),
                ("map $a $b", "default", "1"),
                ("map $a $b", "", "2"),
                ("map $a $b", "~^x", "y;"),
            ],
            id="entries of a table",
        ),
        pytest.param(
            "types { text/html html htm; }",
            [("", "types", ""), ("types", "text/html", "html htm")],
            id="types",
        ),
        pytest.param(
            "check_http_send 'x'; dyups { gzip on; }",
            [
                ("", "check_http_send", "x"),
                ("", "dyups", ""),
                ("block dyups", "gzip", "on"),
            ],
            id="what other modules add",
        ),
        pytest.param("ip_hash;", [("", "ip_hash", "")], id="no argument"),
        pytest.param(
            "content_by_lua_block { return '}' }",
            [("", "content_by_lua_block", " return '}' ")],
            id="Lua",
        ),
        pytest.param(
            "a 1;\r\nb 2;\r\n", [("", "a", "1"), ("", "b", "2")], id="lines that end in CRLF"
        ),
        pytest.param("a 1 # b 2;\n 3;", [("", "a", "1 3")], id="a comment inside"),
        pytest.param("a 1;a 2;", [("", "a", "1"), ("", "a", "2")], id="twice, in order"),
    ],
)
def test_settings(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(text) == expected
    assert not unread(text)


def test_places_are_those_of_the_directive_and_of_its_arguments() -> None:
    text = "events {\n  worker_connections  'é 1'\n   2 ; # c\n}"
    _, setting = found(text)
    assert isinstance(setting, Setting)
    assert setting.place is not None
    assert setting.place.span == Span(2, 3, 3, 5)
    assert setting.place.value == Span(2, 23, 3, 5)
    assert setting.scope[0].place is not None
    assert setting.scope[0].place.span == Span(1, 1, 1, 7)


def test_two_blocks_that_look_alike_are_two() -> None:
    scopes = {s.scope for s in found("server { gzip on; } server { gzip on; }") if s.place and
              isinstance(s, Setting) and s.name == "gzip"}  # fmt: skip
    assert len(scopes) == 2


@pytest.mark.parametrize(
    ("pattern", "is_optional"),
    [("mime.types", False), ("conf.d/*.conf", True), ("a?", True), ("[ab].conf", True)],
)
def test_includes(pattern: str, is_optional: bool) -> None:
    _, include = found(f"http {{ include '{pattern}'; }}")
    assert isinstance(include, Include)
    assert include.pattern == pattern
    assert include.is_optional == is_optional
    assert [b.kind for b in include.scope] == ["http"]
    assert include.place.value == Span(1, 16, 1, 18 + len(pattern))


def test_a_block_that_we_do_not_know_keeps_its_settings_to_itself() -> None:
    inner = [s for s in found("rtmp { gzip on; }") if isinstance(s, Setting) and s.name == "gzip"]
    assert inner[0].scope[-1].kind in READER.parts


def test_the_number_of_servers_of_an_upstream() -> None:
    text = "upstream u { server a; server b backup; server c down; }"
    assert told(text)[-1] == ("upstream u", "server_number", "2")
    last = found("upstream u { server a; include more.conf; }")[-1]
    assert isinstance(last, Setting)
    assert isinstance(last.value, Unknown)


@pytest.mark.parametrize(
    ("text", "name", "part"),
    [
        pytest.param("daemon on off;", "daemon", "number of arguments", id="too many arguments"),
        pytest.param("daemon;", "daemon", "number of arguments", id="too few arguments"),
        pytest.param("daemon yes;", "daemon", '"on" or "off"', id="a switch"),
        pytest.param("timer_resolution 5min;", "timer_resolution", "a time", id="a time"),
        pytest.param('timer_resolution "60 s";', "timer_resolution", "a time", id="a blank in it"),
        pytest.param("worker_rlimit_nofile -1;", "worker_rlimit_nofile", "number", id="a count"),
        pytest.param("worker_rlimit_core 1gb;", "worker_rlimit_core", "a size", id="a size"),
    ],
)
def test_what_nginx_refuses(text: str, name: str, part: str) -> None:
    items = found(f"events {{ }}\n{text}")
    (refused,) = (s for s in items if isinstance(s, Setting) and s.name == name)
    assert refused.status is Status.REFUSED
    assert part in refused.reason


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("events {} daemon on;", id="a switch"),
        pytest.param("events {} worker_rlimit_core 1g;", id="an offset"),
        pytest.param("events {} timer_resolution 100ms;", id="a time"),
        pytest.param("http { limit_rate $rate; }", id="a variable"),
        pytest.param("http { proxy_buffers 8 4k; }", id="buffers"),
        pytest.param("daemon yes;", id="a fragment that may be the entries of a table"),
        pytest.param("map $a $b { daemon yes; gzip 1 2; }", id="entries of a table"),
        pytest.param("rtmp { gzip yes; }", id="a block of another module"),
        pytest.param("gzip_by_others 1 2 3;", id="a directive of another module"),
    ],
)
def test_what_nginx_does_not_refuse(text: str) -> None:
    assert all(s.status is Status.EFFECTIVE for s in found(text) if isinstance(s, Setting))


# -- what cannot be read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "events {}\nhttp { server { listen 80 } }",
            "nginx.conf:2: unexpected '}': a ';' is missing before it",
            id="no semicolon before a brace",
        ),
        pytest.param("gzip on", "nginx.conf:1: unexpected end of file", id="no semicolon at all"),
        pytest.param("a {\n b {}\n", "nginx.conf:1: unexpected end of file", id="an open block"),
        pytest.param("a 1;\n}", "nginx.conf:2: unexpected '}': no block", id="no open block"),
        pytest.param("a 1;;", "nginx.conf:1: unexpected ';'", id="two semicolons"),
        pytest.param("a 'b;\n}", "nginx.conf:1: unexpected end of file: a quote", id="open quote"),
        pytest.param("include a b;", "nginx.conf:1: invalid number of arguments", id="includes"),
        pytest.param("\ufeffuser a;", "nginx.conf:1: a byte order mark", id="byte order mark"),
        pytest.param(
            "http {\n server_name a.com\n root /srv;\n}",
            "nginx.conf:3: 'root' is read as an argument of server_name: is a ';' missing at the end of line 2?",
            id="a directive that swallows the next",
        ),
    ],
)
def test_faults_have_a_place_and_a_reason(text: str, expected: str) -> None:
    assert any(reason.startswith(expected) for reason in unread(text))


def test_what_follows_a_fault_is_read() -> None:
    names = [name for _, name, _ in told("http { gzip on }\n daemon off;")]
    assert names == ["http", "daemon"]


def test_a_directive_that_lacks_its_end_before_a_block() -> None:
    items = found("worker_processes 4\nevents {\n  worker_connections 9;\n}")
    settings = [s for s in items if isinstance(s, Setting)]
    assert [s.name for s in settings] == ["worker_processes", "events", "worker_connections"]
    assert settings[0].status is Status.REFUSED
    assert "end of line 1" in settings[0].reason
    assert [b.kind for b in settings[2].scope] == ["events"]


def test_a_wrong_number_of_arguments_says_where_a_semicolon_may_be_missing() -> None:
    items = found("worker_processes 4\nerror_log /dev/null;\nevents {}")
    assert isinstance(items[0], Setting)
    assert items[0].status is Status.REFUSED
    assert "end of line 1" in items[0].reason


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("http { server { listen 443\n  ssl\n  reuseport; } }", id="listen"),
        pytest.param("http { upstream u { random two\n least_conn; } }", id="random"),
        pytest.param("http { proxy_next_upstream error\n timeout http_502; }", id="timeout"),
    ],
)
def test_arguments_on_lines_of_their_own_are_no_fault(text: str) -> None:
    assert not unread(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{% if a %}\nworker_processes 4;\n{% endif %}", id="Jinja, a condition"),
        pytest.param("worker_processes {{ workers }};", id="Jinja, a value"),
        pytest.param("a 1;\n<% if b %>\nc 2;\n<% end %>", id="ERB"),
        pytest.param("worker_processes {{ .Values.workers }};", id="Go"),
    ],
)
def test_a_template_is_no_configuration(text: str) -> None:
    (only,) = found(text)
    assert isinstance(only, Unread)
    assert only.place is None
    assert "template" in only.reason


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("events {} worker_processes @WORKERS@;", "worker_processes"),
        ("events {} worker_processes %WORKERS%;", "worker_processes"),
        ("http { client_max_body_size '{{ size }}'; }", "client_max_body_size"),
        ("server { listen %PORT% deferred; }", "listen"),
    ],
)
def test_a_value_that_waits_to_be_filled_in_is_unknown(text: str, name: str) -> None:
    (waiting,) = (s for s in found(text) if isinstance(s, Setting) and s.name == name)
    assert isinstance(waiting.value, Unknown)
    assert waiting.status is Status.EFFECTIVE


def test_blocks_that_nobody_nests_so_deeply() -> None:
    text = "location / { " * 5_000 + "gzip on; " + "}" * 5_000 + " gzip off; "
    items = found(text)
    settings = [s for s in items if isinstance(s, Setting)]
    assert max(len(s.scope) for s in settings) <= 61
    assert (settings[-1].name, settings[-1].text, settings[-1].scope) == ("gzip", "off", ())
    [unread] = [u for u in items if isinstance(u, Unread)]
    assert "too deeply" in unread.reason
    check_places(text, items)


def test_deep_blocks_in_several_places_are_told_of_once() -> None:
    text = ("location / { " * 70 + "gzip on; " + "}" * 70) * 3
    items = found(text)
    assert ["too deeply" in u.reason for u in items if isinstance(u, Unread)] == [True]
    check_places(text, items)


def test_deep_blocks_that_nothing_closes_are_not_told_of_one_by_one() -> None:
    text = "location / { " * 5_000
    items = found(text)
    assert len([u for u in items if isinstance(u, Unread)]) < 70
    check_places(text, items)


# -- properties, and files of others


def check_places(text: str, items: list[Item]) -> None:
    """Every word is in the span of something, and what a value's place holds is its text."""
    lines = Lines(text, "nginx.conf")

    def cut(span: Span) -> tuple[int, int]:
        return lines.offset(span.line, span.column), lines.offset(span.end_line, span.end_column)

    covered: list[tuple[int, int]] = []
    for item in items:
        places = [item.place]
        if not isinstance(item, Unread):
            places += [block.place for block in item.scope]
        covered += [cut(place.span) for place in places if place]
        if isinstance(item, Setting) and item.place and item.place.value:
            start, end = cut(item.place.value)
            words = [t for t in tokens(f" {text[start:end]}") if t.kind in ("word", "quoted")]
            assert item.text in (
                " ".join(map(unquoted, words)),
                unescaped(text[start:end]),
                text[start:end],
            )
    if any(isinstance(item, Unread) and item.place is None for item in items):
        return
    starts = sorted(covered)
    at = reach = 0
    for token in tokens(text, foreign):
        while at < len(starts) and starts[at][0] <= token.start:
            reach = max(reach, starts[at][1])
            at += 1
        if token.kind in ("word", "quoted", "broken", "mark"):
            assert reach >= token.end, token


@given(TEXTS)
def test_nothing_is_lost_and_places_are_right(text: str) -> None:
    check_places(text, found(text))


@given(TEXTS)
def test_what_was_read_can_be_settled(text: str) -> None:
    settings = [s for s in found(text) if isinstance(s, Setting)]
    settled = READER.effective(settings)
    assert [(s.name, s.text, s.place, s.scope) for s in settled] == [
        (s.name, s.text, s.place, s.scope) for s in settings
    ]
    assert READER.endpoints is not None
    assert all(e.setting in settled for e in READER.endpoints(settled))


@pytest.mark.parametrize("path", ALL, ids=lambda p: str(p.relative_to(FILES)))
def test_the_files_beside_this_test_are_read_whole(path: Path) -> None:
    text = decoded(path.read_bytes())
    items = found(text)
    assert not [u for u in items if isinstance(u, Unread)]
    check_places(text, items)


@pytest.mark.skipif(not REAL, reason="neither nginx nor the collected cases are installed")
@pytest.mark.parametrize("path", REAL, ids=str)
def test_files_of_others_are_read_back(path: Path) -> None:
    text = decoded(path.read_bytes())
    items = found(text)
    assert "".join(t.text for t in tokens(text, foreign)) == text
    assert not [u for u in items if isinstance(u, Unread)]
    assert all(s.status is Status.EFFECTIVE for s in items if isinstance(s, Setting))
    check_places(text, items)
