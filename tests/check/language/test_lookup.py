"""Looking up entries by a text says what asking every one says, and asks fewer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.check.language import (
    Items,
    NotHere,
    Text,
    Thing,
    Value,
    compiled,
    listed,
    operands,
    parse,
)
from plimsoll.check.language.asked import Asks
from plimsoll.check.language.lookup import positions, text_of
from plimsoll.check.language.nodes import Node
from plimsoll.check.language.types import Index, Path
from plimsoll.check.language.values import UNSAID


class World:
    """Things are what they have, by name. *looks_up*: whether lists are looked into by text."""

    def __init__(self, *, looks_up: bool) -> None:
        self.looks_up = looks_up
        self.steps = 0

    def step(self, entries: int) -> None:
        self.steps += entries

    def attribute(self, owner: Thing, name: str) -> Value:
        assert isinstance(owner.what, dict)
        found: Value = owner.what.get(name, NotHere(name))
        return found

    def setting(self, owner: Thing, name: str) -> Value:
        return self.attribute(owner, name)

    def of_each(self, items: Items, name: str, ask: Callable[[], Value]) -> Value:
        raise AssertionError((items, name, ask))

    def screen(self, _condition: Node, _variable: str, /) -> None:
        return None

    def alike(self, _entry: Value, _asks: Asks, /) -> None:
        return None

    def indexed(self, items: Items, path: Path) -> Index:
        def ask(found: Value) -> Value:
            for name in path:
                found = self.attribute(found, name) if isinstance(found, Thing) else NotHere(name)
            return found

        every = positions(text_of(ask(each)) for each, _ in items.entries)
        return every if self.looks_up else Index({}, range(len(items.entries)))


CONDITIONS = [
    'u.name == "a"',
    'wanted == u.name && u.kind == "x"',
    'u.kind == "x" && u.name == wanted',
    'u.kind == "y" || u.name == wanted && u.kind != "x"',
    'u.name in ["a", "b"] && (u.kind == "x" || u.name == wanted)',
    "u.name == wanted && u.size > 2",
    "u.of.name == wanted",
    'u.name != "a" && u.name == wanted',
    'u.size > 2 || u.name == "a"',
    "u.name == u.kind",
]

TEXTS: st.SearchStrategy[Value] = st.sampled_from(["a", "b", "x", "y"]).map(Text)
UNSURE: st.SearchStrategy[Value] = st.one_of(TEXTS, st.sampled_from([Text(None), NotHere("name")]))


@st.composite
def things(draw: st.DrawFn, texts: st.SearchStrategy[Value]) -> Thing:
    has = {"name": draw(texts), "kind": draw(texts)}
    has["of"] = Thing({"name": draw(texts)}, "of")
    return Thing(has, "upstream")


LISTS = st.builds(
    lambda entries, complete: Items(tuple(entries), UNSAID, complete),
    st.lists(st.tuples(st.one_of(things(TEXTS), things(UNSURE)), st.sampled_from([True, None]))),
    st.booleans(),
)


@pytest.mark.parametrize("method", ["filter", "exists"])
@given(condition=st.sampled_from(CONDITIONS), items=LISTS, wanted=UNSURE)
def test_what_is_looked_up_is_what_every_entry_says(
    method: str, condition: str, items: Items, wanted: Value
) -> None:
    ask = compiled(parse(f"us.{method}(u, {condition})"))
    variables = {"us": items, "wanted": wanted}
    fast, slow = World(looks_up=True), World(looks_up=False)
    found, expected = ask(fast, variables), ask(slow, variables)
    assert found == expected
    if method == "filter" and isinstance(expected, Items):
        assert found.how == expected.how
    assert fast.steps <= slow.steps


def test_only_those_of_that_name_are_asked(said: Callable[..., Value]) -> None:
    names = [str(n) for n in range(1000)]
    items = listed(tuple(Thing({"name": Text(n), "size": said(n, 1)}, "upstream") for n in names))
    world, wanted = World(looks_up=True), said("wanted", "7")
    found = compiled(parse("us.exists(u, u.name == wanted && u.size == 1)"))(
        world, {"us": items, "wanted": wanted}
    )
    assert world.steps == 1
    assert [each.setting.name for each in operands(found)] == ["wanted", "7"]
