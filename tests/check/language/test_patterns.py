"""Patterns: what RE2 would say, and never more steps than characters times states."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plimsoll.check.language.patterns import PatternError, compiled_pattern

cel = pytest.importorskip("cel_expr_python.cel")
_ENV = cel.NewEnv(variables={"t": cel.Type.STRING, "p": cel.Type.STRING})
_MATCHES = _ENV.compile("t.matches(p)")


def oracle(pattern: str, text: str) -> bool | None:
    """What CEL's RE2 says; None when it refuses the pattern."""
    found = _MATCHES.eval(data={"t": text, "p": pattern})
    return None if found.type() == cel.Type.ERROR else bool(found.plain_value())


_SIGNS = r"""
    a b A 1 - _ . ^ $ | ( ) (?: [ ] [^ a-c * + ? {2} {1,} {0,2} { } , (?i) [: é ]] []
    \d \w \s \D \W \S \b \B \. \\ \n \A \z
"""
PIECES = st.sampled_from([*_SIGNS.split(), " ", "\n"])


@given(st.lists(PIECES, max_size=8).map("".join), st.text("aAbB1c-_ .\n é|\\", max_size=8))
@example("(?i)[a-c]+$", "xABC")
@example("(a|b)*c{0,2}$", "abab")
@example(r"\bredis\b", "my redis 7")
@example("[]a]", "]")
@example("[^]a]", "]")
@example("[a-]", "-")
@example(r"[\d\-x]+$", "1-x")
@example("(a*)*$", "b")
@example("(|a)+$", "")
@example("$a", "a")
@example("a$", "a\n")
@example("a**", "a")
@example("{2}", "a")
@example("x{2,1}", "a")
def test_accepted_patterns_match_what_re2_matches(pattern: str, text: str) -> None:
    try:
        found = compiled_pattern(pattern).search(text)
    except PatternError:
        return
    assert found is oracle(pattern, text)


@given(
    st.lists(PIECES, max_size=6).map("".join),
    st.lists(st.text("aAbB1c-_ .\n é|\\", max_size=4), min_size=2, max_size=6),
)
@example("[ab]x", ["aé", "é", "éa", "a"])
@example("c$", ["aé", "éa", "", "c"])
@example("\\b1", ["aé", "a", "é1", "a1"])
def test_a_pattern_that_missed_many_texts_matches_what_it_did(
    pattern: str, texts: list[str]
) -> None:
    try:
        found = compiled_pattern(pattern)
    except PatternError:
        return
    before = [found.search(text) for text in texts]
    found.misses = 10_000  # from here on it sorts characters
    assert [found.search(text) for text in (*texts, *texts)] == before * 2


@pytest.mark.parametrize(
    ("pattern", "text", "wanted"),
    [
        ("", "", True),
        ("b", "abc", True),
        ("^b", "abc", False),
        ("^(?:redis|valkey):[0-9]+(?:\\.[0-9]+)*$", "redis:7.0.15", True),
        ("^(?:redis|valkey):[0-9]+(?:\\.[0-9]+)*$", "redis:7.", False),
        ("^a{3}$", "aaa", True),
        ("^a{3}$", "aa", False),
        ("^a{2,}$", "aaaa", True),
        ("^a{0,2}$", "aaa", False),
        ("(?i)BASIC", "basic", True),
        ("^.$", "\n", False),
        ("^[^a]$", "\n", True),
        (r"^\s\S\w\W\d\D$", " xa-1b", True),
        ("a|", "zzz", True),
        (r"\bredis\b", "my redis 7", True),
        (r"\bredis\b", "myredis", False),
        (r"\Bedis\b", "myredis", True),
        (r"\Ab\z", "b", True),
        (r"\Ab|b\z", "abc", False),
        (r"^[\d\-x]+$", "1-x", True),
        (r"^[\d\-x]+$", "d", False),
        (r"^[^\w]+$", "a", False),
        (r"^[a-c\]]+$", "abc]", True),
        ("(?i)^[A-C]+[^d]$", "abcE", True),
        ("(?i)^[A-C]+[^d]$", "abcD", False),
        ("a+?b", "aab", True),
        (r"\(\[\{\.\*", "([{.*", True),
    ],
)
def test_what_matches(pattern: str, text: str, wanted: bool) -> None:
    assert compiled_pattern(pattern).search(text) is wanted
    assert oracle(pattern, text) is wanted


@pytest.mark.parametrize(
    ("pattern", "offset", "message"),
    [
        ("a)", 1, "unexpected )"),
        ("(a", 0, "this bracket is not closed"),
        ("[a", 0, "this [ is not closed"),
        ("*a", 0, "nothing to repeat before *"),
        ("a**", 2, "two repetitions in a row"),
        ("a{2", 1, "or {2,3} to repeat"),
        ("a{3,2}", 1, "cannot repeat {3,2} times"),
        ("a{999}", 1, "cannot repeat {999} times"),
        ("(?=a)", 0, "only (?:...)"),
        ("(?P<x>a)", 0, "only (?:...)"),
        (r"(a)\1", 3, r"unknown escape \1"),
        (r"\p", 0, r"unknown escape \p"),
        ("[b-a]", 1, "the range b-a is empty"),
        ("[[:alpha:]]", 1, r"write \[ in a class"),
        ("((a{100}){100}){100}", 20, "the pattern is too large"),
        ("(((){200}){200}){200}", 21, "the pattern is too large"),
        ("(" * 60 + ")" * 60, 50, "too many brackets"),
    ],
)
def test_what_is_refused_says_where(pattern: str, offset: int, message: str) -> None:
    with pytest.raises(PatternError) as caught:
        compiled_pattern(pattern)
    assert caught.value.offset == offset
    assert message in str(caught.value)


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^a*a*a*a*a*$", "(.*)*x"])
def test_patterns_that_run_away_elsewhere_end_here(pattern: str) -> None:
    assert not compiled_pattern(pattern).search("a" * 500 + "b")
