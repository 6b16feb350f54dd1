"""Words for numbers."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """How many there are: "1 rule", "2 rules"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
