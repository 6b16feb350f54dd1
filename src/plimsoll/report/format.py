"""What a file of this package offers: one way to write what a check gave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from plimsoll.model.finding import Outcome


@dataclass(frozen=True, slots=True)
class Look:
    """How a person wants to see it. Formats for machines take no notice.

    *is_brief*: findings only, one line each.
    """

    width: int = 100
    is_colored: bool = False
    is_brief: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write an outcome."""

    help: str
    write: Callable[[Outcome, TextIO, Look], None]
