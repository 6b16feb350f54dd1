"""What .plimsoll/seen.json may hold."""

from __future__ import annotations

import pytest

from plimsoll.check.seen import SeenError, parse_seen


def test_it_names_incidents_by_rule_or_setting() -> None:
    assert parse_seen('{"workers": ["pm.md"], "a-rule": []}') == {
        "workers": ("pm.md",),
        "a-rule": (),
    }


@pytest.mark.parametrize("text", ["", "[]", '{"a": "b"}', '{"a": [1]}', '{"a"'])
def test_anything_else_is_told(text: str) -> None:
    with pytest.raises(SeenError):
        parse_seen(text)
