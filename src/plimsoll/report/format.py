"""What a file of `formats/` offers: one way to write what a check gave."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from msgspec import Struct

from plimsoll.model.finding import Outcome


class Look(Struct, frozen=True):
    """How somebody wants to see it.

    *is_brief*: findings only, one line each. *folder*: where the checked folder lies in its git
    repository ("" for its root): code hosts name files from there.
    """

    width: int = 100
    is_colored: bool = False
    is_brief: bool = False
    folder: str = ""

    def in_repository(self, path: str) -> str:
        """A path of the checked folder, from the root of the repository."""
        return f"{self.folder}/{path}" if self.folder else path


class Format(Struct, frozen=True):
    """One way to write an outcome."""

    help: str
    write: Callable[[Outcome, TextIO, Look], None]
