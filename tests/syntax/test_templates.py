from __future__ import annotations

import pytest

from plimsoll.syntax.templates import is_unrendered


@pytest.mark.parametrize(
    ("text", "plain", "with_variables"),
    [
        ("{{ memory }}", True, True),
        ("{{- .Values.memory }}", True, True),
        ("{% if big %}", True, True),
        ("<%= @memory %>", True, True),
        ("${MEMORY}", True, False),
        ("@MEMORY@", True, False),
        ("%m [%p] %q%u@%d ", False, False),
        ("{title} {listen-addr}", False, False),
        ("user@host", False, False),
        ("$HOME", False, False),
        ("", False, False),
    ],
)
def test_is_unrendered(text: str, plain: bool, with_variables: bool) -> None:
    assert is_unrendered(text) is plain
    assert is_unrendered(text, has_variables=True) is with_variables
