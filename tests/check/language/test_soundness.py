"""Properties: what is computed of ranges holds for everything inside of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from hypothesis import assume, example, given
from hypothesis import strategies as st

from plimsoll.check.language import (
    Items,
    Missing,
    Num,
    Text,
    Truth,
    Unset,
    Untold,
    Value,
    broken,
    named,
    needs,
)
from plimsoll.model.quantity import UNLIMITED, Number

Ask = Callable[..., Value]
INF = UNLIMITED
NAMES = ("a", "b", "c")

NUMBERS: st.SearchStrategy[Number] = st.one_of(
    st.integers(-4, 4),
    st.sampled_from([INF, -INF, 10**6, Fraction(1, 2), Fraction(-7, 3)]),
)


@st.composite
def ranges(draw: st.DrawFn) -> tuple[Num, Number]:
    """A range, and a number inside of it."""
    ends = sorted([draw(NUMBERS), draw(NUMBERS), draw(NUMBERS)])
    return Num(ends[0], ends[2], how=Missing("x")), ends[1]


def trees(leaves: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions that give a number."""

    def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        condition = st.builds("({} {} {})".format, inner, st.sampled_from(RELATIONS), inner)
        both = st.builds("({} {} !{})".format, condition, st.sampled_from(["&&", "||"]), condition)
        return st.one_of(
            st.builds("({} {} {})".format, inner, st.sampled_from("+-*/%"), inner),
            st.builds("(-{})".format, inner),
            st.builds("ceil({})".format, inner),
            st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), inner, inner),
            st.builds("({} ? {} : {})".format, condition | both, inner, inner),
            st.builds("[{}, {}].{}()".format, inner, inner, st.sampled_from(["sum", "min", "max"])),
            st.builds("[{0}, 1].filter(v, v > {1}).sum()".format, inner, inner),
            st.builds("[{0}, 1].filter(v, v > {1}).size()".format, inner, inner),
            st.builds("[{0}, 2].map(v, v * {1}).sum()".format, inner, inner),
            st.builds("([{0}, 2].all(v, v > {1}) ? 1 : 0)".format, inner, inner),
            st.builds("([{0}, 2].exists(v, v > {1}) ? 1 : 0)".format, inner, inner),
            st.builds("({0} in [{1}, 2] ? 1 : 0)".format, inner, inner),
        )

    return st.recursive(leaves, grown, max_leaves=6)


RELATIONS = ("<", "<=", ">", ">=", "==", "!=")
EXPRESSIONS = trees(st.sampled_from([*NAMES, "0", "1", "2", "3", "0.5", "unlimited"]))


def holds(computed: Value, concrete: Value) -> bool:
    """Whether a concrete result is among those that were computed."""
    if isinstance(computed, Num) and isinstance(concrete, Num):
        return computed.low <= concrete.low and concrete.high <= computed.high
    if isinstance(computed, (Truth, Text)) and type(computed) is type(concrete):
        return computed.value in (None, concrete.value)
    return isinstance(computed, Untold) or computed == concrete


@given(EXPRESSIONS, st.tuples(ranges(), ranges(), ranges()))
@example("(a - b)", ((Num(1, INF), 1), (Num(1, INF), INF), (Num(0, 0), 0)))
@example("(a * b)", ((Num(0, INF), 0), (Num(INF, INF), INF), (Num(0, 0), 0)))
@example("(a / b)", ((Num(1, 2), 1), (Num(-1, 1), 0), (Num(0, 0), 0)))
@example("(a / b)", ((Num(1, INF), INF), (Num(1, INF), INF), (Num(0, 0), 0)))
def test_the_result_for_numbers_inside_is_inside_the_result(
    ask: Ask, text: str, given: tuple[tuple[Num, Number], ...]
) -> None:
    computed = ask(text, **{name: held for name, (held, _) in zip(NAMES, given, strict=True)})
    concrete = ask(text, **{n: Num(at, at) for n, (_, at) in zip(NAMES, given, strict=True)})
    assert holds(computed, concrete)


@given(EXPRESSIONS, st.tuples(ranges(), ranges(), ranges()))
def test_what_is_unknown_says_what_it_needs_and_what_is_known_needs_nothing(
    ask: Ask, text: str, given: tuple[tuple[Num, Number], ...]
) -> None:
    found = ask(text, **{name: held for name, (held, _) in zip(NAMES, given, strict=True)})
    assert bool(needs(found)) is not found.is_known


@given(EXPRESSIONS, st.tuples(NUMBERS, NUMBERS, NUMBERS))
def test_results_are_exact_numbers_in_order(ask: Ask, text: str, given: tuple[Number, ...]) -> None:
    found = ask(text, **{n: Num(at, at) for n, at in zip(NAMES, given, strict=True)})
    assume(isinstance(found, Num))
    assert isinstance(found, Num)
    assert found.low <= found.high
    ends = (found.low, found.high)
    assert all(not isinstance(end, float) or abs(end) == INF for end in ends)


# ----------------------------------------------------------------------------------- three values

CONDITIONS = st.recursive(
    st.sampled_from([*NAMES, "true", "false"]),
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("({} == {})".format, inner, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
        st.builds("!{}".format, inner),
        st.builds("[{}, {}].all(v, v)".format, inner, inner),
        st.builds("[{}, {}].exists(v, v)".format, inner, inner),
        st.builds("[{}, {}].filter(v, v).all(v, !v)".format, inner, inner),
        st.builds("({} in [{}])".format, inner, inner),
    ),
    max_leaves=7,
)
TRUTHS = st.sampled_from([True, False, None])


def truths(values: tuple[bool | None, ...]) -> dict[str, Any]:
    return {n: Truth(at, Missing(n)) for n, at in zip(NAMES, values, strict=True)}


@given(CONDITIONS, st.tuples(TRUTHS, TRUTHS, TRUTHS))
def test_a_decided_condition_is_what_every_completion_says(
    ask: Ask, text: str, given: tuple[bool | None, ...]
) -> None:
    found = ask(text, **truths(given))
    choices = [(True, False) if each is None else (each,) for each in given]
    completed = [ask(text, **truths(each)) for each in itertools.product(*choices)]
    assert all(each.is_known for each in completed)
    assert all(holds(found, each) for each in completed)


@given(st.tuples(TRUTHS, TRUTHS, TRUTHS))
def test_order_does_not_matter(ask: Ask, given: tuple[bool | None, ...]) -> None:
    for symbol in ("&&", "||"):
        answers = {
            ask(f" {symbol} ".join(order), **truths(given))
            for order in itertools.permutations(NAMES)
        }
        assert len(answers) == 1


# ------------------------------------------------------------------------------------ load lines


@given(ranges(), ranges(), st.booleans())
def test_a_decided_load_line_is_what_every_pair_inside_says(
    load: tuple[Num, Number], limit: tuple[Num, Number], strict: bool
) -> None:
    found = broken(load[0], limit[0], strict=strict)
    x, y = load[1], limit[1]
    is_over = x > y or (strict and x == y)
    assert isinstance(found, Truth)
    assert found.value in (None, is_over and not (x == y == INF))


@given(NUMBERS, NUMBERS, st.booleans())
def test_a_load_line_of_known_numbers_is_decided(load: Number, limit: Number, strict: bool) -> None:
    assert broken(Num(load, load), Num(limit, limit), strict=strict).is_known


# ------------------------------------------------------------------------------------------ lists

ENTRIES = st.lists(st.tuples(ranges(), st.booleans(), st.booleans()), max_size=3)
METHODS = st.sampled_from(
    (
        "sum()",
        "size()",
        "min()",
        "max()",
        "all(v, v > 1)",
        "exists(v, v > 1)",
        "map(v, v * 2).sum()",
        "filter(v, v > 1).size()",
        "map(v, v + 1).max()",
    )
)


@given(METHODS, ENTRIES, st.lists(st.integers(0, 9), max_size=2), st.booleans())
def test_a_list_says_what_each_list_that_it_may_be_says(
    ask: Ask,
    method: str,
    entries: list[tuple[tuple[Num, Number], bool, bool]],
    more: list[int],
    is_complete: bool,
) -> None:
    """Each entry: its range with a number inside, whether it surely is in, and whether it is."""
    assume(is_complete or all(held.low >= 0 for (held, _), _, _ in entries))
    unknown = Items(
        tuple((held, True if surely else None) for (held, _), surely, _ in entries),
        Missing("entries"),
        is_complete,
    )
    inside = [at for (_, at), surely, is_in in entries if surely or is_in]
    inside += [] if is_complete else more
    known = Items(tuple((Num(at, at), True) for at in inside))
    computed = ask(f"x.{method}", x=unknown)
    assert holds(computed, ask(f"x.{method}", x=known))
    assert bool(needs(computed)) is not computed.is_known


def test_names_do_not_change_a_value() -> None:
    for value in (Num(1, 2), Truth(None), Text("a"), Unset(), Untold(), Items(())):
        assert named(value, "name") == value
