"""Opens what a service reads: its files with their includes, each setting at its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from plimsoll.model.reader import Reader
from plimsoll.model.setting import Block, Include, Item, Origin, Setting, Unread
from plimsoll.stack.bounds import bounded
from plimsoll.stack.embedded import file_with, placed, seen
from plimsoll.stack.files import Files, found_by

_DEEPEST_INCLUDE = 20
_MOST_INCLUDES = 2_000


class Expansion(Struct):
    """What one service's files say, and which files were opened for it.

    *opened*: every path, in order; *included*: those that another file or a command line named,
    with the readers that read them there.
    *gaps*: why settings outside of any block may be missing, with the reader they would be for.
    """

    files: Files
    mounts: Sequence[tuple[str, str]] = ()
    unread: list[Unread] = field(default_factory=list)
    opened: dict[str, str] = field(default_factory=dict)
    included: dict[str, list[Reader]] = field(default_factory=dict)
    gaps: list[tuple[Reader, str]] = field(default_factory=list)

    def gap(self, reader: Reader | None) -> str:
        """Why settings of a reader may be missing; empty where nothing is."""
        return next((why for each, why in self.gaps if each is reader), "")

    def is_included(self, path: str, reader: Reader | None) -> bool:
        """Whether what a reader says of a file stands where that is named."""
        return any(each is reader for each in self.included.get(path, ()))

    def file(self, path: str, reader: Reader) -> list[Setting]:
        """The settings of a file and of what it includes."""
        return list(self._file(path, reader, (), Origin.FILE, ()))

    def items(self, items: Iterable[Item], reader: Reader, folder: str) -> list[Setting]:
        """The settings among *items*, those of the files that they include at their place."""
        return list(self._items(items, reader, folder, (), None, ()))

    def _file(
        self,
        path: str,
        reader: Reader,
        scope: tuple[Block, ...],
        origin: Origin,
        above: tuple[str, ...],
    ) -> Iterator[Setting]:
        text = self.files.text(path)
        if isinstance(text, Unread):
            self.unread.append(text)
            self.gaps.append((reader, f"{path} was not read: {text.reason}"))
            return
        source = file_with(self.files, path)
        outer = text if source == path else self.files.text(source)
        self.opened[source] = outer if isinstance(outer, str) else text
        main = above[0] if above and reader.includes_from_main else path
        folder = main.rpartition("/")[0]
        found = bounded(path, lambda: reader.read(text, path))
        items = placed(self.files, path, [found] if isinstance(found, Unread) else found)
        yield from self._items(items, reader, folder, scope, origin, (*above, path))

    def _items(
        self,
        items: Iterable[Item],
        reader: Reader,
        folder: str,
        scope: tuple[Block, ...],
        origin: Origin | None,
        above: tuple[str, ...],
    ) -> Iterator[Setting]:
        for item in items:
            if isinstance(item, Unread):
                self.unread.append(item)
                if item.place is None:
                    self.gaps.append((reader, f"{item.path} was not read: {item.reason}"))
            elif isinstance(item, Setting):
                yield self._in_scope(item, scope, origin)
            else:
                yield from self._include(item, reader, folder, scope, above)

    def _in_scope(self, item: Setting, scope: tuple[Block, ...], origin: Origin | None) -> Setting:
        if not scope and origin in (None, Origin.FILE, item.origin):
            return item
        kept = item.origin if origin in (None, Origin.FILE) else origin
        return replace(item, scope=(*scope, *item.scope), origin=kept or item.origin)

    def _include(
        self,
        item: Include,
        reader: Reader,
        folder: str,
        scope: tuple[Block, ...],
        above: tuple[str, ...],
    ) -> Iterator[Setting]:
        hits = seen(item.pattern, folder, self.mounts)
        hits = hits or found_by(self.files, item.pattern, folder, self.mounts)
        if not hits and not item.is_optional:
            reason = f"{item.pattern} is not in the checked folder"
            self.unread.append(Unread(item.place.path, reason, item.place))
            if not scope and not item.scope:
                self.gaps.append((reader, reason))
        for path in hits:
            if path in above or len(above) >= _DEEPEST_INCLUDE:
                reason = f"{path} includes itself" if path in above else "includes go too deep"
                self.unread.append(Unread(item.place.path, reason, item.place))
            elif len(self.included) >= _MOST_INCLUDES:
                self.unread.append(
                    Unread(item.place.path, "too many files are included", item.place)
                )
                return
            else:
                self.included.setdefault(path, []).append(reader)
                inner = (*scope, *item.scope)
                yield from self._file(path, reader, inner, item.origin, above)
