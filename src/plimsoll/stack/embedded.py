"""Files inside of manifests: seen beside the others, read by any reader, placed where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Deployment, Embedded, Word
from plimsoll.model.setting import Block, Include, Item, Setting, Unread
from plimsoll.stack.files import Files
from plimsoll.syntax.text import Lines


class Overlay(Struct, frozen=True):
    """The files of the checked folder, with those that some manifests hold."""

    files: Files
    embedded: Mapping[str, Embedded]

    def paths(self) -> Sequence[str]:
        return sorted((*self.files.paths(), *self.embedded))

    def has(self, path: str) -> bool:
        return path in self.embedded or self.files.has(path)

    def text(self, path: str) -> str | Unread:
        own = self.embedded.get(path)
        return own.text if own else self.files.text(path)

    def unlisted(self) -> Sequence[Unread]:
        return self.files.unlisted()


def with_embedded(files: Files, deployments: Iterable[Deployment]) -> Files:
    """*files* as services see them whose manifests hold some."""
    own = {each.path: each for deployment in deployments for each in deployment.embedded}
    return Overlay(files, own) if own else files


def file_with(files: Files, path: str) -> str:
    """The file in which a text stands: the manifest of an embedded one, else itself."""
    own = _embedded(files, path)
    return own.locate(0, 0).path if own else path


def _embedded(files: Files, path: str) -> Embedded | None:
    return files.embedded.get(path) if isinstance(files, Overlay) else None


def placed(files: Files, path: str, items: Iterable[Item]) -> Iterable[Item]:
    """*items* that a reader found in a file, with their places in the file that is on disk."""
    own = _embedded(files, path)
    return _Places(own).items(items) if own else items


def words_placed(files: Files, path: str, found: Deployment) -> Deployment:
    """What a script starts, with the places of its words in the file that is on disk."""
    own = _embedded(files, path)
    if own is None:
        return found
    places = _Places(own)
    return replace(
        found,
        place=places.place(found.place),
        command=tuple(places.word(each) for each in found.command),
        environment={name: places.word(each) for name, each in found.environment.items()},
        settings=tuple(e for e in places.items(found.settings) if isinstance(e, Setting)),
        files=(),
    )


class _Places:
    """From places in an embedded text to those in its manifest."""

    def __init__(self, own: Embedded) -> None:
        self.own = own
        self._lines = Lines(own.text, own.path)
        self._known: dict[Place, Place] = {}

    def items(self, items: Iterable[Item]) -> Iterator[Item]:
        for item in items:
            if isinstance(item, Unread):
                yield self._unread(item)
            else:
                yield self._moved(item)

    def _unread(self, item: Unread) -> Unread:
        if item.place is None:
            place = self.own.locate(0, len(self.own.text))
            name = self.own.path.rpartition("/")[2]
            return Unread(place.path, f"{name}: {item.reason}", place)
        place = self.place(item.place)
        return replace(item, path=place.path, place=place)

    def _moved(self, item: Setting | Include) -> Setting | Include:
        scope = tuple(self._block(block) for block in item.scope)
        if item.place is None:
            return replace(item, scope=scope)
        return replace(item, place=self.place(item.place), scope=scope)

    def _block(self, block: Block) -> Block:
        return replace(block, place=self.place(block.place)) if block.place else block

    def word(self, word: Word) -> Word:
        return replace(word, place=self.place(word.place)) if word.place else word

    def place(self, place: Place) -> Place:
        """Where a place of the embedded text is; one of another file stays."""
        if place.path != self.own.path:
            return place
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = self._found(place)
        return known

    def _found(self, place: Place) -> Place:
        span, value = place.span, place.value
        outer = self._located(span.line, span.column, span.end_line, span.end_column)
        if value is None:
            return outer
        inner = self._located(value.line, value.column, value.end_line, value.end_column)
        return replace(outer, value=inner.span)

    def _located(self, line: int, column: int, end_line: int, end_column: int) -> Place:
        start = self._lines.offset(line, column)
        return self.own.locate(start, self._lines.offset(end_line, end_column))


def seen(pattern: str, folder: str, mounts: Sequence[tuple[str, str]]) -> list[str]:
    """The mounted files that an include means, in the order in which the service sees them.

    *folder*: of the file that includes. A relative pattern begins where the service sees that.
    """
    if pattern.startswith("/"):
        wanted = {pattern}
    else:
        bases = {_folder(there) for here, there in mounts if _folder(here) == folder}
        wanted = {_joined(base, pattern) for base in bases}
    hits = {there: here for here, there in mounts if any(_meant(there, w) for w in wanted)}
    return [hits[there] for there in sorted(hits)]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _joined(folder: str, pattern: str) -> str:
    parts: list[str] = []
    for part in f"{folder}/{pattern}".split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)


def _meant(path: str, pattern: str) -> bool:
    names, globs = path.split("/"), pattern.split("/")
    return len(names) == len(globs) and all(map(fnmatchcase, names, globs))
