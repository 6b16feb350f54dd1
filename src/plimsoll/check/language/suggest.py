"""Did you mean?"""

from __future__ import annotations

from collections.abc import Iterable


def suggestion(name: str, candidates: Iterable[str]) -> str:
    """The end of a message on an unknown *name*: the closest of *candidates*, else nothing."""
    from difflib import get_close_matches

    close = get_close_matches(name, list(candidates), 1, 0.6)
    return f"; did you mean {close[0]}?" if close else ""
