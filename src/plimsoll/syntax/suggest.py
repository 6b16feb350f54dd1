"""Did you mean? The one place that looks for the nearest name."""

from __future__ import annotations

from collections.abc import Iterable

LIKELY = 0.6  # how alike two names are that may be meant to be one


def closest(name: str, known: Iterable[str], cutoff: float = LIKELY) -> str:
    """The nearest of the *known* names; empty where none is at least as alike as *cutoff*."""
    from difflib import get_close_matches  # 3 ms, and only for names that nobody knows

    return next(iter(get_close_matches(name, list(known), 1, cutoff)), "")


def suggestion(name: str, known: Iterable[str]) -> str:
    """The end of a message on an unknown *name*: the closest of the *known*, else nothing."""
    near = closest(name, known)
    return f"; did you mean {near}?" if near else ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The nearest of the *known* names, else all of them."""
    listed = sorted(known)
    near = closest(name, listed)
    if near:
        return f"did you mean {near!r}?"
    return f"there are {', '.join(listed)}" if listed else "there are none"
