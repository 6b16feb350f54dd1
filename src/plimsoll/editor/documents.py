"""What is open in the editor: texts that may not be saved, changed by one edit after the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from plimsoll.editor.positions import Position, Text, Unit

# Half of a character, which no file can hold; it counts as one unit, as this does.
_HALF = re.compile(r"[\ud800-\udfff]")
_REPLACEMENT = "\ufffd"


class Edit(Struct, frozen=True):
    """*text* in the place of what stands between two positions; without them, of everything."""

    text: str
    start: Position | None = None
    end: Position | None = None


class Document(Struct, frozen=True):
    """One open file. *uri*: by which the editor speaks of it. *version*: the editor's count."""

    uri: str
    path: Path
    version: int
    text: str


class Documents:
    """Every open file, by its URI. *unit*: what the columns of edits count."""

    def __init__(self, unit: Unit = Unit.UTF_16) -> None:
        self.unit = unit
        self._open: dict[str, Document] = {}

    def __iter__(self) -> Iterator[Document]:
        return iter(tuple(self._open.values()))

    def get(self, uri: str) -> Document | None:
        return self._open.get(uri)

    def open(self, document: Document) -> Document:
        """The document, as it is kept from now on."""
        kept = Document(document.uri, document.path, document.version, _whole(document.text))
        self._open[kept.uri] = kept
        return kept

    def change(self, uri: str, version: int, edits: Iterable[Edit]) -> Document | None:
        """The document after *edits*, each made to what the one before it left; None: not open."""
        known = self._open.get(uri)
        if known is None:
            return None
        text = known.text
        for each in edits:
            text = _edited(text, each, self.unit)
        self._open[uri] = Document(uri, known.path, version, text)
        return self._open[uri]

    def close(self, uri: str) -> Document | None:
        """The document that is no longer open."""
        return self._open.pop(uri, None)


def _edited(text: str, edit: Edit, unit: Unit) -> str:
    if edit.start is None or edit.end is None:
        return _whole(edit.text)
    known = Text(text, unit)
    start, end = known.offset(edit.start), known.offset(edit.end)
    return text[:start] + _whole(edit.text) + text[max(start, end) :]


def _whole(text: str) -> str:
    return _HALF.sub(_REPLACEMENT, text)
