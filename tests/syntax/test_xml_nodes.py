from __future__ import annotations

from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.syntax.xml_nodes import DEEPEST, Element, document
from plimsoll.syntax.xml_tokens import FaultError, tokens

SAMPLE = """<?xml version='1.0' encoding='utf-8'?>
<!-- one -->
<Server port="8005" shutdown='S"H'>
  <Connector port="8080"
             connectionTimeout="20000" />
  <a:Note xmlns:a="u">x &lt; y<![CDATA[ <&> ]]>&#65;&#x42;</a:Note>
</Server>
"""


def root(text: str) -> Element:
    found = document(text, "f.xml")
    assert found.fault is None, found.fault
    assert found.root is not None
    return found.root


def test_reads_elements_attributes_and_texts() -> None:
    found = document(SAMPLE, "f.xml")
    server = found.root
    assert server is not None
    connector, note = server.children
    assert [(a.name, a.text) for a in server.attributes] == [("port", "8005"), ("shutdown", 'S"H')]
    assert (note.name, note.local) == ("a:Note", "Note")
    assert note.text == "x < y <&> AB"
    timeout = connector.attribute("connectionTimeout")
    assert timeout is not None
    place = found.place_of(timeout)
    assert str(place) == "f.xml:5"
    assert place.value is not None
    assert (place.value.column, place.value.end_column) == (33, 38)
    assert found.place(connector).span.line == 4


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        pytest.param("", "there is no element", 1, id="empty"),
        pytest.param("<a>\n<b></a>", "</a> stands where </b> is due", 2, id="crossed"),
        pytest.param("<a>\n", "<a> is not closed", 1, id="open"),
        pytest.param('<a\n b="1" b="2"/>', "b is given twice", 2, id="an attribute twice"),
        pytest.param("<a b=1/>", 'written name="value"', 1, id="no quotes"),
        pytest.param('<a b="1"c="2"/>', 'written name="value"', 1, id="no blank between"),
        pytest.param('<a b="<"/>', "not complete", 1, id="< in a value"),
        pytest.param("<a>& b</a>", "begins no reference", 1, id="a bare &"),
        pytest.param("<a>&x;</a>", "&x; is not declared", 1, id="an entity of nobody"),
        pytest.param("<a>&#0;</a>", "no character", 1, id="no character"),
        pytest.param("<a><!-- -- --></a>", "-- inside", 1, id="dashes"),
        pytest.param("<a>]]></a>", "]]> in a text", 1, id="an end of CDATA"),
        pytest.param("<a/><b/>", "more than one root", 1, id="two roots"),
        pytest.param("x<a/>", "outside of any element", 1, id="text before"),
        pytest.param("<a>\x01</a>", "U+0001", 1, id="a control character"),
        pytest.param("<a>\udcff</a>", "not UTF-8", 1, id="bytes"),
        pytest.param("\n<?xml version='1.0'?><a/>", "does not begin the file", 2, id="late"),
        pytest.param("<?xml version='1.0' encoding='nobodys'?><a/>", "nobodys", 1, id="encoding"),
        pytest.param("<?xml version='1.0' encoding='UTF-16'?><a/>", "UTF-16", 1, id="no UTF-16"),
        pytest.param("<?xml version='one'?><a/>", "declaration is not complete", 1, id="version"),
        pytest.param("<a>" * 5000, f"more than {DEEPEST} levels", 1, id="deep"),
    ],
)
def test_a_fault_is_unread_at_its_place(text: str, reason: str, line: int) -> None:
    fault = document(text, "f.xml").fault
    assert fault is not None
    assert reason in fault.reason
    assert fault.place is not None
    assert fault.place.span.line == line


def test_what_stands_before_a_fault_is_read() -> None:
    found = document('<a><b c="1"/>\n<d e=', "f.xml")
    assert found.root is not None
    assert [each.name for each in found.root.walk()] == ["a", "b"]


def test_bytes_are_characters_in_the_encoding_that_is_declared() -> None:
    said = root("<?xml version='1.0' encoding='ISO-8859-1'?><a b='\udce9'/>").attributes[0]
    assert said.text == "é"


def test_entities_of_a_dtd_are_not_put_in() -> None:
    bomb = "<!DOCTYPE a [<!ENTITY b 'x'><!ENTITY c '&b;&b;'>]><a d='&c;'>&c;</a>"
    found = root(bomb)
    assert (found.attributes[0].text, found.attributes[0].unexpanded) == ("&c;", "c")
    assert (found.text, found.unexpanded) == ("&c;", "c")


# ------------------------------------------------------------------------------ against expat

Told = tuple[str, dict[str, str], str]


def by_expat(text: str) -> list[Told] | None:
    """Every element with its attributes and texts; None where expat does not take it."""
    parser = expat.ParserCreate(encoding=None)
    parser.buffer_text = True
    found: list[tuple[str, dict[str, str], list[str]]] = []
    stack: list[int] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        stack.append(len(found))
        found.append((name, attributes, []))

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: stack.pop()
    parser.CharacterDataHandler = lambda data: found[stack[-1]][2].append(data)
    try:
        parser.Parse(text.encode("utf-8"), True)  # noqa: FBT003
    except expat.ExpatError:
        return None
    return [(name, attributes, "".join(texts)) for name, attributes, texts in found]


def ours(text: str) -> list[Told] | None:
    found = document(text, "f.xml")
    if found.fault or found.root is None:
        return None
    return [(e.name, {a.name: a.text for a in e.attributes}, e.text) for e in found.root.walk()]


PIECES = st.sampled_from(
    ["<a>", "</a>", "<b c='1'>", "</b>", '<d e="2" f=\'3\'/>', "<a:g/>", "x", " ", "\r\n", "\t", "é",
     "&amp;", "&#65;", "&#x10FFFF;", "&x;", "&", "<!-- c -->", "<!---->", "<!--->", "<![CDATA[<]]>",
     "<?p q?>", "<?p?>", "]]>", "]]", ">", "<", "'", '"', "/", "=", "<h i='a\nb&#10;c'/>", "<é/>",
     "<a b='1' b='2'/>", "<!DOCTYPE a>", "<?xml version='1.0'?>", "--", "<a ", "c='>'", "/>", "<0/>"]
)  # fmt: skip
ROOTED = st.lists(PIECES, max_size=12).map(lambda ps: f"<a>{''.join(ps)}</a>")


@given(ROOTED | st.lists(PIECES, max_size=8).map("".join))
def test_expat_reads_the_same(text: str) -> None:
    assert ours(text) == by_expat(text)


@given(
    st.integers(SAMPLE.index("\n"), len(SAMPLE)),  # of the declaration expat takes any version
    st.text(alphabet="<>&;'\"=/ ax-!?[]\n", max_size=3),
    st.integers(0, 4),
)
def test_expat_takes_and_refuses_the_same(at: int, new: str, cut: int) -> None:
    text = SAMPLE[:at] + new + SAMPLE[at + cut :]
    assert ours(text) == by_expat(text)


@given(ROOTED)
def test_nothing_is_lost_and_values_stand_where_they_say(text: str) -> None:
    try:
        found = list(tokens(text))
    except FaultError:
        return
    assert "".join(t.text for t in found) == text
    known = document(text, "f.xml").root
    for element in known.walk() if known else ():
        assert text[element.start : element.start + len(element.name) + 1] == f"<{element.name}"
        for each in element.attributes:
            quote = text[each.value_start - 1]
            assert text[each.start : each.end].startswith(each.name)
            assert quote == text[each.value_end]
            assert quote in "'\""


@given(st.text(max_size=200))
def test_it_never_raises(text: str) -> None:
    document(text, "f.xml")


@pytest.mark.parametrize("text", ["<a " * 300_000, "<a>" + "<b/>" * 200_000, "<!DOCTYPE a [" + "<" * 500_000,
                                  "<a b='" + "&amp;" * 200_000, "<a>" + "x" * 1_000_000 + "</a>"], ids=len)  # fmt: skip
def test_large_texts_end(text: str) -> None:
    found = document(text, "f.xml")
    assert found.root is not None or found.fault is not None
