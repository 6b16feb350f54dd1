"""What is piped to us: one more file, beside those of the checked folder."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from plimsoll.model.setting import Unread
from plimsoll.stack.files import LARGEST_FILE, Files
from plimsoll.syntax.text import decoded

# Its name in findings, and in the signs of who reads it.
PIPED = "<stdin>"


class Piped(Struct, frozen=True):
    """The files of a folder, and what standard input gave."""

    files: Files
    data: bytes

    def paths(self) -> Sequence[str]:
        return sorted((*self.files.paths(), PIPED))

    def has(self, path: str) -> bool:
        return path == PIPED or self.files.has(path)

    def text(self, path: str) -> str | Unread:
        if path != PIPED:
            return self.files.text(path)
        if len(self.data) > LARGEST_FILE:
            return Unread(path, f"is larger than {LARGEST_FILE // 1024**2} MiB")
        if b"\0" in self.data:
            return Unread(path, "holds NUL bytes: not a text")
        return decoded(self.data)

    def unlisted(self) -> Sequence[Unread]:
        return self.files.unlisted()
