"""What texts decide of a condition is what its evaluation says, and they decide all that they can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.check.language import Const, Text, Thing, Value, compiled, parse
from plimsoll.check.language.asked import Asks
from plimsoll.check.language.nodes import Node
from plimsoll.check.language.screen import screen
from plimsoll.check.language.truths import truth
from plimsoll.check.language.types import Index, Path
from plimsoll.check.language.values import Items, NotHere

TELLS = {"name": lambda x: x[0], "text": lambda x: x[1]}


class World:
    """Things are two texts, and have nothing else."""

    def step(self, entries: int) -> None:
        raise AssertionError(entries)

    def attribute(self, owner: Thing, name: str) -> Value:
        tell = TELLS.get(name)
        return Text(tell(owner.what), Const("x")) if tell else NotHere(name)

    setting = attribute

    def of_each(self, items: Items, name: str, ask: object) -> Value:
        raise AssertionError((items, name, ask))

    def screen(self, _condition: Node, _variable: str, /) -> None:
        return None

    def alike(self, _entry: Value, _asks: Asks, /) -> None:
        return None

    def indexed(self, items: Items, path: Path) -> Index:
        raise AssertionError((items, path))


ATOMS = st.sampled_from(
    [
        'x.name == "a"',
        'x.name != "a"',
        'x.text in ["a", "b"]',
        'x.text.matches("^a+$")',
        'x.text.contains("b")',
        'x.text.startsWith("a")',
        "x.value > 3",
        "x.other == x.text",
        "true",
    ]
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        inner.map(lambda one: f"!({one})"),
        st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(
            lambda said: f"({said[0]}) {said[1]} ({said[2]})"
        ),
    ),
    max_leaves=6,
)
TEXTS = st.sampled_from(["", "a", "b", "aa", "ab"])


@given(CONDITIONS, TEXTS, TEXTS)
def test_texts_never_say_anything_else_than_the_condition(
    condition: str, name: str, text: str
) -> None:
    node = parse(condition)
    says = screen(node, "x", TELLS)
    found = says((name, text)) if says else None
    if found is not None:
        evaluated = compiled(node)(World(), {"x": Thing((name, text), "setting")})
        assert truth(evaluated) is found


@pytest.mark.parametrize(
    ("condition", "decides"),
    [
        ('x.name == "b"', False),
        ('!(x.name == "b")', True),
        ('x.name == "b" && x.value > 3', False),
        ('x.value > 3 && x.name == "b"', False),
        ('x.name == "a" && x.value > 3', None),
        ('x.name == "a" || x.value > 3', True),
        ('x.name == "b" || x.value > 3', None),
        ('x.text.matches("^t") && x.name in ["b", "a"]', True),
        ('y.name == "b"', None),
    ],
)
def test_what_texts_decide(condition: str, decides: bool | None) -> None:
    says = screen(parse(condition), "x", TELLS)
    assert (says(("a", "text")) if says else None) is decides
