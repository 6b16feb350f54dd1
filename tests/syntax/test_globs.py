from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.syntax.globs import compiled, literal, matches


@pytest.mark.parametrize(
    ("path", "pattern"), [("a/b.conf", "a/b.conf"), ("a*[b]?", "a[*][[]b][?]"), ("", "")]
)
def test_literal(path: str, pattern: str) -> None:
    assert literal(path) == pattern


@given(st.text("ab*?[]!-", max_size=8), st.text("ab*?[]!-", max_size=8))
def test_it_means_just_that_path(path: str, other: str) -> None:
    assert fnmatchcase(path, literal(path))
    assert fnmatchcase(other, literal(path)) is (other == path)


@given(st.text("ab*?[]!-^", min_size=1, max_size=8), st.text("ab[]-!", min_size=1, max_size=6))
def test_in_a_name_a_glob_means_what_the_shell_takes_it_for(glob: str, name: str) -> None:
    assert bool(compiled((glob,)).fullmatch(f"x/{name}")) is fnmatchcase(name, glob)


PARTS = st.lists(st.one_of(st.just("**"), st.text("ab*?[]!.", max_size=4)), min_size=1, max_size=5)
NAMES = st.lists(st.text("ab[].", min_size=1, max_size=3), min_size=1, max_size=5)


@given(PARTS.map("/".join), NAMES.map("/".join))
def test_a_path_matches_what_the_expression_matches(glob: str, path: str) -> None:
    assert matches(path, (glob,)) is bool(compiled((glob,)).fullmatch(path))


def test_many_folders_cost_little() -> None:
    glob = "/".join(["**", "a"] * 40)
    assert not matches("/".join(["a"] * 60 + ["b", "b"]), (f"{glob}/**/b/c",))
    assert matches("/".join(["a"] * 60), (glob,))


def test_no_glob_means_nothing() -> None:
    assert compiled(()).fullmatch("") is None
    assert not matches("", ())
