from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.technologies.nginx.lua import end


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("", id="nothing"),
        pytest.param("local t = { a = { 1 } }", id="tables"),
        pytest.param("x = '}' .. \"}\"", id="strings"),
        pytest.param(r'''x = '\'}' .. "\"}\\"''', id="escapes"),
        pytest.param("x = [[ } ]] .. [==[ ]] } ]==]", id="long strings"),
        pytest.param("-- }\nx = 1", id="a comment"),
        pytest.param("--[[ }\n } ]] x = 1", id="a long comment"),
        pytest.param("--[==[ ]] } ]==] x = 1", id="a long comment with a level"),
        pytest.param("--[ }\nx = 1", id="a comment that begins with a bracket"),
        pytest.param("x = a[b[1]]", id="indexes"),
        pytest.param("x = 'it\nx = {}", id="a string that its line cuts off"),
    ],
)
def test_the_brace_that_ends_the_code(code: str) -> None:
    assert end(f"{{{code}}} tail }}", 1) == 1 + len(code)


@pytest.mark.parametrize(
    "code", ["{", "'}' {", "-- }", "[[ }", "--[[ }", "x = 'a }"], ids=lambda c: str(c)
)
def test_code_that_does_not_end(code: str) -> None:
    assert end("{" + code, 1) == -1


@given(st.text(alphabet="{}[]=-'\"\\\n a", max_size=60))
def test_the_end_is_a_brace(code: str) -> None:
    found = end(code, 0)
    assert found == -1 or code[found] == "}"


@pytest.mark.parametrize("piece", ["--[[", "[[", "\\'", "\\\"'", "[=[", "-- '\n", "{"])
def test_repetition_is_read_to_the_end(piece: str) -> None:
    assert end(piece * 100_000, 0) == -1
