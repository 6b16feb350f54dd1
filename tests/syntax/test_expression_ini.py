from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plimsoll.syntax.expression_ini import Entry, Fault, Section, statements, tokens
from plimsoll.syntax.expression_values import LEVELS, Text
from support.counts import drawn
from support.php import scanned

VARIABLES = {"HOME": "/root", "A": "7"}


def entry(text: str) -> Entry:
    [found] = statements(text, LEVELS)
    assert isinstance(found, Entry)
    return found


def meant(text: Text) -> str:
    """What the scanner hands on: words and constants by their sense, variables filled in."""
    if text.sense is not None:
        return text.sense
    return text.filled(VARIABLES) if text.waits else text.text


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("a = b", "a", "b"),
        (" a   b = c", "a   b", "c"),
        ("\ta.b-c/d\t=\t1", "a.b-c/d", "1"),
        ("a = b ; c", "a", "b"),
        ("a = b;c", "a", "b"),
        ("a = b c", "a", "b c"),
        ('a = "b;c"', "a", "b;c"),
        ("a = 'b;c'", "a", "b;c"),
        ('a = "b" c "d"', "a", "bcd"),
        ("a = 'b' c", "a", "b c"),
        ('a = b"c;d"e', "a", "bc;de"),
        ('a = "b \\" \\\\ \\n \\$"', "a", 'b " \\ \\n $'),
        ('a = "c:\\dir\\"', "a", "c:\\dir\\"),
        ('a = "b\nc"', "a", "b\nc"),
        ("a =", "a", ""),
        ("a = ; b", "a", ""),
        ("a = On", "a", "1"),
        ("a = yes ; x", "a", "1"),
        ("a = none", "a", ""),
        ("a = NULL", "a", ""),
        ('a = "On"', "a", "On"),
        ("a = onx", "a", "onx"),
        ("a = on.x", "a", "on.x"),
        ("a = E_ALL", "a", "32767"),
        ("a = E_ALL & ~E_DEPRECATED & ~E_STRICT", "a", "22527"),
        ("a = E_ALL&~E_NOTICE", "a", "32759"),
        ("a = 1|2&3", "a", "3"),
        ("a = ~3", "a", "-4"),
        ("a = !0|2", "a", "3"),
        ("a = (1|4)&5", "a", "5"),
        ("a = 5M | 1", "a", "5"),
        ('a = "5" | 2', "a", "7"),
        ("a = 9999999999 | 1", "a", "1410065407"),
        ("a = ${HOME}/x", "a", "/root/x"),
        ('a = "x ${HOME} y"', "a", "x /root y"),
        ('a = "\\${HOME}"', "a", "${HOME}"),
        ("a = '${HOME}'", "a", "${HOME}"),
        ("a = x$y", "a", "x$y"),
        ("a = x$;y", "a", "x$;y"),
        ("a = x''y", "a", "x"),
        ("a = http://x.y/z?a", "a", "http://x.y/z?a"),
        ("a = {x}", "a", "{x}"),
        ("a = x[1]", "a", "x[1]"),
        ("# a = b", "# a", "b"),
    ],
)
def test_entries(line: str, name: str, value: str) -> None:
    found = entry(line + "\n")
    assert found.value is not None
    assert (found.name, meant(found.value)) == (name, value)


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ("a[k] = 1", "k", "1"),
        ("a[] = 1", "", "1"),
        ('a["k;l"] = 1', "k;l", "1"),
        ("a[k.l]= x ; y", "k.l", "x"),
        ("a[ k ] = 1", "k ", "1"),
    ],
)
def test_keys_in_brackets(line: str, key: str, value: str) -> None:
    found = entry(line)
    assert found.key is not None
    assert found.value is not None
    assert (found.name, found.key.text, meant(found.value)) == ("a", key, value)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("[a]", "a"),
        ("\t[a b]", "a b"),
        ("['a]b']", "a]b"),
        ('["a"]', "a"),
        ("[HOST=x.y]", "HOST=x.y"),
    ],
)
def test_sections(line: str, name: str) -> None:
    [found] = statements(line, LEVELS)
    assert isinstance(found, Section)
    assert found.name.text == name


def test_a_name_alone_has_no_value() -> None:
    assert entry("#comment").value is None


@pytest.mark.parametrize(
    ("line", "name", "reason"),
    [
        ("a = b = c", "a", "unexpected '='"),
        ("a = On off", "a", "something stands behind 'On'"),
        ("a = x On", "a", "'On' is a value of its own"),
        ("a = 1 |", "a", "unexpected 'end of the line'"),
        ("a = ^3", "a", "unexpected '^'"),
        ("a = (1", "a", "no `)` behind `(`"),
        ("a = x(y)", "a", "unexpected '('"),
        ("a = (1) x", "a", "unexpected 'x'"),
        ('a = "b', "a", "a quote is not closed"),
        ("a = ${b", "a", "no `}` behind `${`"),
        ("a{b = 1", "a", "unexpected '{'"),
        ("[a", "", "no `]` behind `[`"),
        ("true = 1", "true", "is a value, not a name"),
        ("a[k] b", "a", "no `=` behind the name"),
        ("= x", "", "unexpected '='"),
    ],
)
def test_faults(line: str, name: str, reason: str) -> None:
    found, *rest = statements(f"{line}\nz = 1\n", LEVELS)
    assert isinstance(found, Fault)
    assert (found.name, found.is_silent) == (name, False)
    assert reason in found.reason
    assert isinstance(rest[-1], Entry)
    assert rest[-1].name == "z"


def test_a_single_quote_that_is_not_closed_loses_the_rest() -> None:
    first, fault, _ = statements("a = it's\nb = 1\n", LEVELS)
    assert isinstance(first, Entry)
    assert first.value == Text("it")
    assert isinstance(fault, Fault)
    assert fault.is_silent


def test_what_operators_make_of_variables_waits_for_them() -> None:
    found = entry("a = ${A} | 1").value
    assert found is not None
    assert (found.waits, found.is_calculated) == (True, True)


def test_nested_parentheses_end_somewhere() -> None:
    [found] = statements("a = " + "(" * 100_000, LEVELS)
    assert isinstance(found, Fault)


def test_places() -> None:
    text = '; c\n  a b = "x" ; y\n'
    found = entry(text)
    assert text[found.start : found.end] == 'a b = "x"'
    assert text[found.value_start : found.value_end] == '"x"'


PIECES = [
    "a",
    "b",
    " = ",
    "=",
    "\n",
    ";",
    " ",
    "\t",
    '"',
    "'",
    "\\",
    "on",
    "Off",
    "E_ALL",
    "&",
    "|",
]
PIECES += ["~", "(", ")", "${HOME}", "$", "x", "1", "2M", "[", "]", "é", "none", ".", "{", "}", "!"]
PIECES += ["^", "\r\n", "s[k]=", "b = ", '"x y"', "'z'", "\nc = ", "\udcff", "\ufeff", "{{ x }}"]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=14).map("".join)


@given(TEXTS)
def test_nothing_is_lost(text: str) -> None:
    found = list(tokens(text))
    assert "".join(token.text for token in found) == text
    spans = [range(s.start, s.end) for s in statements(text, LEVELS)]
    for token in found:
        if token.kind not in ("space", "newline", "comment"):
            inner = token.text.strip(" ")
            at = token.start + token.text.find(inner)
            assert not inner or any(at in span for span in spans)


@given(
    st.sampled_from(["memory_limit", "a.b"]), st.text(st.characters(exclude_characters='\0"\\$'))
)
def test_a_written_value_is_read_back(name: str, value: str) -> None:
    found = entry(f' {name} =\t"{value}" ; c\n')
    assert found.value is not None
    assert (found.name, found.value.text) == (name, value)


def read(text: str) -> dict[str, object] | None:
    """What we make of a text, in the form of the scanner's own answer."""
    top: dict[str, object] = {}
    here = top
    for each in statements(text, LEVELS):
        if isinstance(each, Fault):
            return top if each.is_silent else None
        if isinstance(each, Section):
            here = {}
            top[meant(each.name)] = here
        elif each.value is not None and each.key is None:
            here[each.name] = meant(each.value)
        elif each.value is not None and each.key is not None:
            here[each.name] = {meant(each.key): meant(each.value)}
    return top


# What a person may write: names, and values of each kind, with a comment or none.
_NAMES = st.sampled_from(["memory_limit", "a.b", "x y", "é"])
_WORDS = st.sampled_from(
    ["On", "off", "5M", "-1", "a b", "1.5", "E_ALL", "x$y", "${HOME}", "{x}", "é"]
)
_QUOTED = st.text("ab ;=&|()[]{}!~#é'", max_size=6).map(lambda t: f'"{t}"')
_RAW = st.text('ab ;=&|"()$\\', min_size=1, max_size=6).map(lambda t: f"'{t}'")
_OPERATIONS = st.lists(
    st.sampled_from(["E_ALL", "~E_NOTICE", "(1|2)", "!0", "7", '"5"']), min_size=2, max_size=4
).flatmap(lambda o: st.sampled_from([" & ", "|", " ^ "]).map(lambda s: s.join(o)))
_VALUES = _WORDS | _QUOTED | _RAW | _OPERATIONS
_LINES = st.builds(
    lambda n, k, v, c: f"{n}{k and f'_list{k}'} = {v}{c}\n", _NAMES, st.sampled_from(["", "[k]"]), _VALUES,
    st.sampled_from(["", " ; c", ";c", "  "]),
)  # fmt: skip
_DAMAGE = st.sampled_from(
    [
        "a = b = c",
        "a = On off",
        "a = (1",
        'a = "b',
        "[a",
        "a{ = 1",
        "= x",
        "a = ^1",
        "a = x(y",
        "yes = 1",
    ]
)


@pytest.mark.real
@drawn(6, 60)
@given(st.lists(st.lists(_LINES, min_size=1, max_size=5), min_size=10, max_size=30))
def test_the_scanner_reads_the_same_in_what_it_takes(files: list[list[str]]) -> None:
    texts = ["".join(lines) for lines in files]
    for text, answer in zip(texts, scanned(texts, VARIABLES), strict=True):
        assert read(text) == answer, text


@pytest.mark.real
@drawn(6, 60)
@given(st.lists(st.tuples(_LINES, _DAMAGE, _LINES), min_size=10, max_size=30))
@example([("a = 1\n", "on", "b = 1\n"), ("a = 1\n", "a = 1 ~2", "b = 1\n")])
def test_the_scanner_stops_where_we_say(files: list[tuple[str, str, str]]) -> None:
    texts = [f"{before}{damage}\n{after}" for before, damage, after in files]
    for text, answer in zip(texts, scanned(texts, VARIABLES), strict=True):
        assert (read(text) is None) == (answer is None), text
