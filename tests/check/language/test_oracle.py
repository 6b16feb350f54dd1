"""Google's own implementation of CEL as the oracle.

It is asked whether an expression parses: what it refuses, we refuse. And for the value of those
that use known whole numbers, booleans, text and lists only; division is exact with us, so it is
left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plimsoll.check.language import Items, Num, RuleSyntaxError, Text, Truth, Value, parse

cel = pytest.importorskip("cel_expr_python.cel")

Ask = Callable[..., Value]
_ENV = cel.NewEnv(
    variables={
        "a": cel.Type.INT,
        "b": cel.Type.INT,
        "p": cel.Type.BOOL,
        "t": cel.Type.STRING,
        "xs": cel.Type.List(cel.Type.INT),
    }
)


def is_read_by_the_oracle(text: str) -> bool:
    """Whether CEL reads it; `has(s["name"])` is ours, so there `has` is a function as any other."""
    return _parses(text) or ("[" in text and _parses(re.sub(r"\bhas\b", "has_", text)))


def _parses(text: str) -> bool:
    try:
        _ENV.compile(text, disable_check=True)
    except RuntimeError:
        return False
    return True


def is_read_by_us(text: str) -> bool:
    try:
        parse(text)
    except RuleSyntaxError:
        return False
    return True


# -------------------------------------------------------------------------------------- which parse

NAMES = st.sampled_from(["a", "b", "p", "t", "xs", "inner", "truth", "_x1"])
_LITERALS = r"""
    0 1 007 2.5 .5 1e3 1.5E-3 9223372036854775807 true false
    'a' "b" '' r'\d' '\n\x41\u00e9\101\?' []
"""
LITERALS = st.sampled_from(_LITERALS.split())
SYMBOLS = st.sampled_from(
    ["+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "&&", "||", " in "]
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("{}{}{}".format, inner, SYMBOLS, inner),
        st.builds("({})".format, inner),
        st.builds("!({})".format, inner),
        st.builds("-({})".format, inner),
        st.builds("- - {}".format, NAMES),
        st.builds("({}) ? ({}) : {}".format, inner, inner, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("({}).{}".format, inner, NAMES),
        st.builds("({})['{}']".format, inner, NAMES),
        st.builds("has(({}).{})".format, inner, NAMES),
        st.builds("written({}.{})".format, NAMES, NAMES),
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), inner, inner),
        st.builds("ceil({})".format, inner),
        st.builds(
            "({}).{}(v, {})".format,
            inner,
            st.sampled_from(["map", "filter", "all", "exists"]),
            inner,
        ),
        st.builds("({}).{}()".format, inner, st.sampled_from(["size", "sum", "min", "max"])),
        st.builds("({}).startsWith({})".format, inner, inner),
        st.builds("({}).matches('^a+')".format, inner),
        st.builds("{} // said\n".format, inner),
    )


@given(st.recursive(NAMES | LITERALS, grown, max_leaves=8))
def test_what_rules_may_say_is_cel(text: str) -> None:
    assert is_read_by_us(text)
    assert is_read_by_the_oracle(text)


_SIGNS = r"""
    a b 1 2.5 't' ( ) [ ] . , ? : ! - + * in < == && || has ( ) map min v true null if size
    { } = & // ' \ 0x1 1u b'x' ` é ;
"""
SIGNS = st.sampled_from([*_SIGNS.split(), "\n", "\u00a0"])


@given(st.lists(SIGNS, max_size=9).map(" ".join) | st.lists(SIGNS, max_size=6).map("".join))
@example("has(a)")
@example("has(a['b'])")
@example("[a].map(b.c, 1)")
@example("[a].map(__result__, 1)")
@example("a.if")
@example("a.in")
@example("if")
@example("!-a")
@example("-!a")
@example("- - a")
@example("a ? b : 1 ? 2 : 3")
@example("a ? b ? 1 : 2 : 3")
@example("1 < 2 < 3")
@example("'a' 'b'")
@example("1.")
@example("1..2")
@example("a.1")
@example("9223372036854775808")
@example("'\\q'")
@example("'\\400'")
@example("'\n'")
@example("''''''")
@example('"""a"""')
@example("r'\\''")
@example("[,]")
@example("[1,]")
@example("min(1,)")
@example("a.b(")
@example("// said")
@example("1 /* said */")
def test_what_cel_refuses_we_refuse(text: str) -> None:
    assert is_read_by_the_oracle(text) or not is_read_by_us(text)


# ------------------------------------------------------------------------------------- what they are

WHOLE = st.recursive(
    st.sampled_from(["a", "b", "0", "1", "2", "7", "xs.size()", "[1, 2].size()"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*%"), inner),
        st.builds("(-{})".format, inner),
        st.builds("({0} < {1} ? {0} : {1})".format, inner, inner),
        st.builds("xs.filter(v, v > {}).size()".format, inner),
    ),
    max_leaves=5,
)
WORDS = st.sampled_from(["t", "'a'", '"ab"', "'b'", r"'\x61'", "''"])
YES_OR_NO = st.recursive(
    st.one_of(
        st.sampled_from(["p", "true", "false"]),
        st.builds(
            "({} {} {})".format, WHOLE, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), WHOLE
        ),
        st.builds("({} in [1, {}])".format, WHOLE, WHOLE),
        st.builds("({} in xs)".format, WHOLE),
        st.builds("({} {} {})".format, WORDS, st.sampled_from(["==", "!="]), WORDS),
        st.builds("{}.startsWith({})".format, WORDS, WORDS),
        st.builds("{}.contains({})".format, WORDS, WORDS),
        st.builds("{}.matches('^[a-b]+$')".format, WORDS),
        st.builds("({} in ['a', {}])".format, WORDS, WORDS),
        st.builds("xs.all(v, v > {})".format, WHOLE),
        st.builds("xs.exists(v, v == {})".format, WHOLE),
    ),
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("({} == {})".format, inner, inner),
        st.builds("!{}".format, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
    ),
    max_leaves=5,
)
LISTS = st.one_of(
    st.builds("xs.map(v, v * {})".format, WHOLE),
    st.builds("xs.filter(v, v % 2 == {})".format, WHOLE),
    st.builds("[{}, {}]".format, WHOLE, WHOLE),
    st.builds("xs.map(v, xs.map(w, v * w).size())".format),
)


def plain(value: Value) -> object:
    if isinstance(value, Num):
        return value.low if value.is_known else None
    if isinstance(value, Items):
        return [plain(each) for each, _ in value.entries]
    assert isinstance(value, (Truth, Text))
    return value.value


@given(
    WHOLE | YES_OR_NO | LISTS,
    st.fixed_dictionaries(
        {
            "a": st.integers(-9, 9),
            "b": st.integers(-9, 9),
            "p": st.booleans(),
            "t": st.sampled_from(["", "a", "ab", "é"]),
            "xs": st.lists(st.integers(-5, 5), max_size=3),
        }
    ),
)
def test_values_are_those_of_cel(ask: Ask, text: str, given: dict[str, Any]) -> None:
    found = _ENV.compile(text).eval(data=given)
    if found.type() == cel.Type.ERROR:  # a remainder by 0; there we may know more than CEL
        return
    assert plain(ask(text, **given)) == found.plain_value()
