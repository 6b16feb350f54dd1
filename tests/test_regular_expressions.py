"""What Python 3.11.0 to 3.11.4 match wrongly stands nowhere (CPython issue 106052)."""

from __future__ import annotations

import re
from pathlib import Path

import plimsoll

_POSSESSIVE_GROUP = re.compile(r"""(?<!\\)\)[*+?]\+(?=[^"']*["'|)(\\\[$]|\s*$)""")


def test_no_group_is_possessive() -> None:
    package = Path(plimsoll.__file__).parent
    found = [
        f"{path.relative_to(package)}:{number}"
        for path in sorted(package.rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if _POSSESSIVE_GROUP.search(line)
    ]
    assert found == []


def test_one_would_be_found() -> None:
    for line in ('r"(?:a|b)*+"', "| (?P<x>(?:a)++)", 'r"(a)?+$"'):
        assert _POSSESSIVE_GROUP.search(line)
    assert not _POSSESSIVE_GROUP.search('r"[a]*+(b)*"')
