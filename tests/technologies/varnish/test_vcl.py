from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.setting import Include, Setting, Status, Unknown, Unread
from plimsoll.technologies.varnish.lexer import tokens, unquoted
from plimsoll.technologies.varnish.reader import READER
from plimsoll.technologies.varnish.vcl import read
from support.covered import uncovered
from support.places import wrong_places


def told(text: str) -> list[tuple[str, str, str]]:
    """Where, what and how much: each setting."""
    found = [item for item in read(text, "a.vcl") if isinstance(item, Setting)]
    return [(" / ".join(map(str, s.scope)), s.name, s.text) for s in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vcl 4.1;", [("", "vcl", "4.1")]),
        ('import std from "/x";', [("", "import", 'std from "/x"')]),
        ("backend default none;", [("", "backend", "default none")]),
        (
            'backend a { .host = "h"; .port="80"; # c\n .first_byte_timeout = 1.5m; }',
            [("", "backend", "a"), ("backend a", "host", "h"), ("backend a", "port", "80"), ("backend a", "first_byte_timeout", "1.5m")],
        ),
        ("backend a { .max_connections /* = 1 */ = 300; }", [("", "backend", "a"), ("backend a", "max_connections", "300")]),
        (
            "backend a { .probe = { .interval = 3s; .timeout = 1 s; } .port = 81; }",
            [("", "backend", "a"), ("backend a / probe", "interval", "3s"), ("backend a / probe", "timeout", "1 s"), ("backend a", "port", "81")],
        ),
        ('probe p { .request = "GET /" {"Host: "x""}; }', [("", "probe", "p"), ("probe p", "request", 'GET /\nHost: "x"')]),
        ('director d round-robin { { .backend = a; } }', [("", "director", "d")]),
        ('acl local { "10.0.0.0"/8; ! "10.1.2.3"; }', [("", "acl", "local")]),
        (
            "sub vcl_backend_response { set beresp.ttl = 5m; set beresp.http.A = \"b\"; return (deliver); }",
            [("", "sub", "vcl_backend_response"), ("sub vcl_backend_response", "beresp.ttl", "5m")],
        ),
        (
            "sub s { if (a == 1) { set beresp.ttl = 0s; } else { set beresp.grace = 1h; } set x.y = 1 + 2; }",
            [("", "sub", "s"), ("sub s / if (a == 1)", "beresp.ttl", "0s"), ("sub s / if else", "beresp.grace", "1h")],
        ),
        ('sub s { set req.url = "}" + {"{ \n"}; }', [("", "sub", "s")]),
        ("# backend a { }\n// x\n/* backend b { } */", []),
    ],
)  # fmt: skip
def test_declarations(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(text) == expected


def test_includes() -> None:
    items = list(read('include "/etc/varnish/a.vcl";\ninclude "b.vcl";', "a.vcl"))
    assert [i.pattern for i in items if isinstance(i, Include)] == ["/etc/varnish/a.vcl", "b.vcl"]


def test_an_attribute_that_there_is_none_of() -> None:
    _, found = read("backend a { .max_conections = 5; }", "a.vcl")
    assert isinstance(found, Setting)
    assert (found.status, found.reason) == (
        Status.UNKNOWN_NAME,
        "a backend has no 'max_conections'; did you mean max_connections?",
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("backend a { .host = {{ host }}; }", "a template that was not rendered"),
        ("C{ int x; }C", "inline C is not read; varnishd takes it with vcc_allow_inline_c only"),
        ("backend a { .host = \"h\"; ", "not a declaration of VCL"),
        ('backend a { .host = "h', "unexpected end of file: a string, a comment or inline C does not end"),
        ("backend a { host = 5; }", "not an attribute: `.name = value;`"),
        ("proxy x { }", "not a declaration of VCL"),
        ("/* no end", "unexpected end of file: a string, a comment or inline C does not end"),
    ],
)  # fmt: skip
def test_what_is_not_read_says_why(text: str, reason: str) -> None:
    found = [item for item in read(text, "a.vcl") if isinstance(item, Unread)]
    assert reason in {item.reason for item in found}
    assert all(item.place is not None for item in found)


def test_a_value_of_a_template_is_unknown() -> None:
    found = [
        i for i in read('backend a { .host = "{{ host }}"; }', "a.vcl") if isinstance(i, Setting)
    ]
    assert found[1].value == Unknown("a template that was not rendered")


@pytest.mark.parametrize(
    ("raw", "text"), [('"a\\n"', "a\\n"), ('{"a"b"}', 'a"b'), ('"""a"b"""', 'a"b'), ('""', "")]
)
def test_strings(raw: str, text: str) -> None:
    (token,) = tokens(raw)
    assert unquoted(token) == text


PIECES = st.sampled_from(
    ["backend", "sub", "set", "probe", "include", "a", ".host", " = ", '"x"', '{"', '"}', "{", "}", ";", "\n", " ",
     "5", "s", "#", "//", "/*", "*/", "C{", "}C", '"', "(", ")", "if", "é", "\udcff", "\ufeff", "acl", "{{", '"""']
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=3), max_size=30).map("".join)
SAMPLE = """vcl 4.0;
backend a { .host = "h"; .probe = { .interval = 1s; } }
sub vcl_recv { if (x) { set req.grace = 5s; } }
"""
DAMAGED = st.tuples(st.integers(0, len(SAMPLE)), st.integers(0, 9), st.text(max_size=3)).map(
    lambda cut: SAMPLE[: cut[0]] + cut[2] + SAMPLE[cut[0] + cut[1] :]
)


@given(TEXTS | DAMAGED)
def test_no_character_is_lost(text: str) -> None:
    found = list(tokens(text))
    assert "".join(token.text for token in found) == text


@given(TEXTS | DAMAGED)
def test_every_word_is_in_something_and_places_are_right(text: str) -> None:
    rest = uncovered(text, read(text, "f"))
    left = [t for t in tokens(text) if t.kind in ("word", "string", "foreign", "broken")]
    assert not [t for t in left if re.search(r"\S", rest[t.start : t.end])]
    assert wrong_places(READER, text, "f") == []


@pytest.mark.parametrize(
    "text",
    [
        "{" * 200_000,
        "backend a {" * 20_000,
        "backend a { .probe = {" + ".a = {" * 5_000,
        "sub s {" + "if (a) {" * 5_000,
        '{"' * 100_000,
        "a" * 1_000_000,
        "- " * 300_000,
        'backend a { .host = "h"; }\n' * 20_000,
    ],
    ids=["braces", "unclosed", "nested", "branches", "strings", "word", "signs", "many"],
)
def test_hostile_texts_are_read_to_the_end(text: str) -> None:
    assert list(read(text, "f"))
