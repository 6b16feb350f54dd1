"""YAML documents as settings with dotted names."""

from __future__ import annotations

import pytest

from plimsoll.syntax.yaml_leaves import leaves
from plimsoll.syntax.yaml_nodes import Document, documents


def said(text: str) -> list[tuple[str, str, int, int]]:
    (document,) = documents(text, "a.yml")
    assert isinstance(document, Document)
    found = []
    for leaf in leaves(document):
        assert leaf.place.value is not None
        found.append((leaf.name, leaf.text, leaf.place.span.line, leaf.place.value.column))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: 1\n", [("a", "1", 1, 4)], id="one key"),
        pytest.param("a:\n  b.c: x\n", [("a.b.c", "x", 2, 8)], id="keys below keys"),
        pytest.param("a: [1, 2]\n", [("a.0", "1", 1, 5), ("a.1", "2", 1, 8)], id="a list"),
        pytest.param("a: {}\nb: []\n", [("a", "", 1, 4), ("b", "", 2, 4)], id="empty ones"),
        pytest.param(
            "x: &x {p: 1, q: 2}\ny:\n  <<: *x\n  q: 3\n",
            [("x.p", "1", 1, 11), ("x.q", "2", 1, 17), ("y.q", "3", 4, 6), ("y.p", "1", 1, 11)],
            id="a merged map stands where it is written",
        ),
        pytest.param("a: 1\na: 2\n", [("a", "2", 2, 4)], id="the last of equal keys"),
        pytest.param("", [], id="nothing"),
        pytest.param("x\n", [("", "x", 1, 1)], id="a document that is no map"),
    ],
)
def test_leaves(text: str, expected: list[tuple[str, str, int, int]]) -> None:
    if not text:
        assert [
            leaf for d in documents(text, "a") if isinstance(d, Document) for leaf in leaves(d)
        ] == []
    else:
        assert said(text) == expected
