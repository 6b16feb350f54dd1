"""YAML nodes: places in code points, aliases, merge keys, bounds, errors with their place."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.setting import Unread
from plimsoll.syntax.text import encoded
from plimsoll.syntax.yaml_nodes import (
    DEEPEST,
    Document,
    Mapping,
    Node,
    Scalar,
    Sequence,
    documents,
    merged,
    unmergeable,
)


def root(text: str) -> Node:
    [document] = documents(text, "f.yml")
    assert isinstance(document, Document), document
    assert document.root is not None
    return document.root


def mapping(text: str) -> Mapping:
    found = root(text)
    assert isinstance(found, Mapping)
    return found


def raw(text: str, node: Node) -> str:
    return text[node.start : node.end]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param("a: 1\nb: 😀x\nc: é # c\n", ["1", "😀x", "é"], id="beyond the basic plane"),
        pytest.param("\ufeffa: 1\nb: 2\n", ["1", "2"], id="byte order mark"),
        pytest.param("a: 1\r\nb: 'x'\r\n", ["1", "'x'"], id="carriage returns"),
        pytest.param("a: \udc80x\nb: y\n", ["\udc80x", "y"], id="not UTF-8"),
        pytest.param("a: |\n  x\n\n# c\nb: >-\n  y\n", ["|\n  x", ">-\n  y"], id="blocks"),
        pytest.param("a: x\n  y\n\nb: [1, 2 ]\n", ["x\n  y", "[1, 2 ]"], id="over lines"),
        pytest.param("a:\n  - 1\n  - b: 2\n\nc: 3", ["- 1\n  - b: 2", "3"], id="block list"),
        pytest.param("a: &x 1\nb: !!str &y 'q'\n", ["1", "'q'"], id="anchors and tags"),
        pytest.param("a: &x # c\n\n  b: 1\n", ["b: 1"], id="anchor above"),
        pytest.param("a:\nb: &x\nc: ~\n", ["", "", "~"], id="empty"),
        pytest.param("a: [&x b, &y , *x]\n", ["[&x b, &y , *x]"], id="flow"),
    ],
)
def test_values_stand_where_they_stand(text: str, values: list[str]) -> None:
    assert [raw(text, pair.value) for pair in mapping(text).pairs] == values


def test_the_place_of_a_pair_goes_from_its_key_to_the_end_of_its_value() -> None:
    [document] = documents("\ufeffé:\n  kéy: 😀v  # c\n", "f.yml")
    assert isinstance(document, Document)
    assert isinstance(document.root, Mapping)
    inner = document.root.pairs[0].value
    assert isinstance(inner, Mapping)
    place = document.place_of(inner.pairs[0])
    assert (place.span.line, place.span.column, place.span.end_column) == (2, 3, 10)
    assert place.value is not None
    assert (place.value.column, place.value.end_column) == (8, 10)


def test_an_alias_is_the_node_of_its_anchor() -> None:
    text = "a: &x {b: 1}\nc: *x\nd: [*x]\n"
    [document] = documents(text, "f.yml")
    assert isinstance(document, Document)
    assert isinstance(document.root, Mapping)
    first, second, third = document.root.pairs
    assert second.value is first.value
    assert isinstance(third.value, Sequence)
    assert third.value.items == (first.value,)
    assert document.place_of(second).span.line == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("<<: {a: 1}\nb: 2\n", {"b": "2", "a": "1"}, id="one"),
        pytest.param("<<: {a: 1}\na: 2\n", {"a": "2"}, id="its own wins"),
        pytest.param("a: 2\n<<: {a: 1}\n", {"a": "2"}, id="its own wins anywhere"),
        pytest.param("<<: [{a: 1}, {a: 2, b: 3}]\n", {"a": "1", "b": "3"}, id="the first wins"),
        pytest.param("<<: {<<: {a: 1}, b: 2}\n", {"b": "2", "a": "1"}, id="nested"),
        pytest.param("'<<': {a: 1}\n", {"<<": "{a: 1}"}, id="quoted is a name"),
        pytest.param("a: 1\na: 2\n", {"a": "2"}, id="repeated: the last"),
    ],
)
def test_merge_keys(text: str, expected: dict[str, str]) -> None:
    found = merged(mapping(text))
    assert {name: raw(text, pair.value) for name, pair in found.items()} == expected


def test_what_cannot_be_merged_is_said() -> None:
    assert [raw("<<: 5\n", p.value) for p in unmergeable(mapping("<<: 5\n"))] == ["5"]
    assert list(unmergeable(mapping("<<: [{a: 1}]\n"))) == []


def test_repeated_keys_come_with_the_first() -> None:
    found = mapping("a: 1\nb: 2\na: 3\n<<: {}\n<<: {}\n")
    assert [(p.name, p.value.start, first.value.start) for p, first in found.repeated()] == [
        ("a", 13, 3)
    ]


@pytest.mark.parametrize(
    ("text", "is_null", "boolean"),
    [("~", True, None), ("", True, None), ("null", True, None), ("'null'", False, None),
     ("true", False, True), ("False", False, False), ("yes", False, None), ("'true'", False, None)],
)  # fmt: skip
def test_plain_scalars(text: str, is_null: bool, boolean: bool | None) -> None:
    value = mapping(f"a: {text}\n").pairs[0].value
    assert isinstance(value, Scalar)
    assert (value.is_null, value.boolean) == (is_null, boolean)


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        pytest.param("a: 1\nb: [1,\n", (3, 1), "did not find expected node content", id="flow"),
        pytest.param("a: 'x\n", (2, 1), "unexpected end of stream", id="quote"),
        pytest.param("a:\n\tb: 1\n", (2, 1), "cannot start any token", id="tab"),
        pytest.param("a: b: c\n", (1, 5), "mapping values are not allowed", id="two colons"),
        pytest.param("é😀: \x07\n", (1, 5), "U+0007 is not allowed", id="control character"),
        pytest.param("\ufeffa: \0\n", (1, 5), "U+0000 is not allowed", id="behind a mark"),
        pytest.param("a: *x\n", (1, 4), "no anchor &x stands above", id="no anchor"),
        pytest.param("a: &x [1, *x]\n", (1, 11), "contains itself", id="endless"),
        pytest.param("%YAML 3.0\n---\na: 1\n", (1, 1), "incompatible YAML", id="version"),
        pytest.param("[" * 1000, (1, DEEPEST + 1), "levels deep", id="too deep"),
        pytest.param("- " * 1000, (1, 2 * DEEPEST + 1), "levels deep", id="too deep in lines"),
    ],
)
def test_a_fault_has_its_place(text: str, where: tuple[int, int], reason: str) -> None:
    [*_, fault] = documents(text, "f.yml")
    assert isinstance(fault, Unread)
    assert fault.place is not None
    assert (fault.place.span.line, fault.place.span.column) == where
    assert reason in fault.reason


def test_documents_before_a_fault_are_read() -> None:
    first, second, fault = documents("a: 1\n---\n- b\n---\n[\n", "f.yml")
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert isinstance(fault, Unread)


@pytest.mark.parametrize("width", [2, 9])
def test_aliases_cannot_multiply_without_end(width: int) -> None:
    lines = [f"a0: &a0 [{', '.join(['x'] * width)}]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, 60)]
    [fault] = documents("\n".join(lines), "f.yml")
    assert isinstance(fault, Unread)
    assert "aliases add more than" in fault.reason or "levels deep" in fault.reason


def test_aliases_cannot_nest_without_end() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 2 * DEEPEST)]
    [fault] = documents("\n".join(lines), "f.yml")
    assert isinstance(fault, Unread)
    assert "levels deep" in fault.reason


SIGNS = ["- ", ": ", "[", "]", "{", "}", ", ", "&x ", "*x", "<<: ", "'", '"', "|\n", ">-\n", "!t "]
REST = [
    "a",
    "b: ",
    "\n",
    "\n  ",
    "\r\n",
    "# c",
    "---\n",
    "\\",
    "~",
    "\t",
    "\ufeff",
    "😀",
    "\udc80",
    "\x07",
]
PIECES = st.sampled_from([*SIGNS, *REST])


@given(st.lists(PIECES, max_size=20).map("".join))
def test_every_text_gives_nodes_inside_of_it_or_a_fault(text: str) -> None:
    for document in documents(text, "f.yml"):
        if isinstance(document, Unread):
            assert document.place is not None
        elif document.root is not None:
            inside(text, document.root)


def inside(text: str, node: Node) -> None:
    assert 0 <= node.start <= node.end <= len(text)
    if isinstance(node, Sequence):
        for each in node.items:
            inside(text, each)
    elif isinstance(node, Mapping):
        for pair in node.pairs:
            inside(text, pair.key)
            inside(text, pair.value)
    elif node.text and not node.style and "\n" not in text[node.start : node.end]:
        assert text[node.start : node.end] == node.text


@given(
    st.lists(PIECES.filter(lambda p: "\ufeff" not in p and "<<" not in p), max_size=20).map("".join)
)
def test_the_same_texts_as_the_parser_has(text: str) -> None:
    try:
        encoded(text).decode()
        theirs = list(yaml.compose_all(text, Loader=yaml.CSafeLoader))
    except (yaml.YAMLError, UnicodeError):
        return
    ours = list(documents(text, "f.yml"))
    assert len(ours) == len(theirs)
    for mine, other in zip(ours, theirs, strict=True):
        assert isinstance(mine, Document), mine
        if mine.root is not None and other is not None:
            same(mine.root, other)


def same(mine: Node, other: yaml.Node) -> None:
    if isinstance(mine, Scalar):
        assert isinstance(other, yaml.ScalarNode)
        assert mine.text == other.value
    elif isinstance(mine, Sequence):
        for own, each in zip(mine.items, other.value, strict=True):
            same(own, each)
    else:
        for pair, (key, value) in zip(mine.pairs, other.value, strict=True):
            same(pair.key, key)
            same(pair.value, value)
