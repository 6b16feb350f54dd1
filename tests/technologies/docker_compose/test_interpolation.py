"""Variables in Compose files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.syntax.traced import straight
from plimsoll.technologies.docker_compose.interpolation import interpolated

KNOWN = {"A": "one", "EMPTY": "", "B": "two words"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("$A", "one"),
        ("${A}", "one"),
        ("x${A}y$B", "xoneytwo words"),
        ("$$A $${A}", "$A ${A}"),
        ("${NONE:-d-e-f}", "d-e-f"),
        ("${NONE-d}", "d"),
        ("${EMPTY:-d}", "d"),
        ("${EMPTY-d}", ""),
        ("${A:-d}", "one"),
        ("${NONE:-${A}${OTHER:-x}}", "onex"),
        ("${NONE:-}", ""),
        ("${A:?wanted}", "one"),
        ("${EMPTY?wanted}", ""),
        ("${A:+yes}", "yes"),
        ("${EMPTY:+yes}", ""),
        ("${EMPTY+yes}", "yes"),
    ],
)
def test_what_is_told(text: str, expected: str) -> None:
    found = interpolated(straight(text, 0), KNOWN.get)
    assert (found.text.text, found.unknown) == (expected, "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("$NONE", "${NONE} comes from the environment"),
        ("a${NONE}", "${NONE} comes from the environment"),
        ("${NONE:?no}", "${NONE} comes from the environment"),
        ("${EMPTY:?no}", "${EMPTY} comes from the environment"),
        ("${NONE:+yes}", "${NONE} comes from the environment"),
        ("${A", "a brace is not closed"),
        ("${A:-x", "a brace is not closed"),
        ("${1}", "no name of a variable"),
        ("5 $ 6", "write $$"),
        ("${A:-" * 50 + "}" * 50, ""),
    ],
)
def test_what_cannot_be_told_stays_as_it_is_written(text: str, reason: str) -> None:
    found = interpolated(straight(text, 0), {"EMPTY": ""}.get)
    assert found.text.text == text
    assert found.unknown
    assert reason in found.unknown


def test_what_is_replaced_stands_where_the_variable_stands() -> None:
    found = interpolated(straight("x${A}y", 10), KNOWN.get).text
    assert found.range(1, 4) == (11, 15)
    assert found.range(4, 5) == (15, 16)


@given(st.text(alphabet="${}:-?+ABx ", max_size=30))
def test_every_text_is_survived(text: str) -> None:
    found = interpolated(straight(text, 0), KNOWN.get).text
    start, end = found.range(0, len(found.text))
    assert 0 <= start <= end <= len(text)
