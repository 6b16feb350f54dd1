"""Paths as patterns."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"([*?\[])")


def literal(path: str) -> str:
    """The pattern that means just *path*."""
    return _SPECIAL.sub(r"[\1]", path)
