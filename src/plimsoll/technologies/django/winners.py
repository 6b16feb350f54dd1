"""Which of several assignments holds, where dictionaries are replaced and changed by entry."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Word, shadowed
from plimsoll.model.setting import Block, Item, Setting, Status
from plimsoll.syntax.python import resolved
from plimsoll.technologies.django.tree import PARTS, WHOLE

_Again = Callable[[str, str, Mapping[str, Word]], Iterable[tuple[Place | None, Item]]]
_ROOTS = {kind: name for name, kind in PARTS.items()}


def settled(settings: Sequence[Setting], again: _Again) -> list[Setting]:
    """*settings* with the overridden ones marked, and one block for each part that is left."""
    known = resolved(settings, again)
    held = _Held()
    for number, each in enumerate(known):
        if each.status is Status.EFFECTIVE:
            known[number] = held.take(number, each)
    parts = {(b.kind, b.name) for n in held.numbers() for b in known[n].scope}
    known = [_placed(each, held.blocks, parts) for each in known]
    winners = [held.winners.get(number) for number in range(len(known))]
    return [
        shadowed(each, None if winner is None else known[winner])
        for each, winner in zip(known, winners, strict=True)
    ]


def _placed(
    setting: Setting,
    blocks: Mapping[tuple[str, str], Block],
    parts: Container[tuple[str, str]],
) -> Setting:
    """*setting* in the block that its part has in the end; by its path where the part is gone."""
    part = next((b for b in setting.scope if b.kind in _ROOTS), None)
    if part is None or (part.kind, part.name) in parts:
        scope = () if part is None else (blocks[part.kind, part.name],)
        return replace(setting, scope=scope)
    return replace(setting, name=_path(setting), scope=())


class _Held(Struct):
    """*live*: paths of what holds so far, by root and number. *winners*: what overrode a number.

    *whole*: where a dictionary was last assigned as a whole. *blocks*: the block of each part.
    """

    live: dict[str, dict[int, str]] = field(default_factory=dict)
    whole: dict[str, Place | None] = field(default_factory=dict)
    blocks: dict[tuple[str, str], Block] = field(default_factory=dict)
    winners: dict[int, int] = field(default_factory=dict)
    empty: set[int] = field(default_factory=set)

    def take(self, number: int, setting: Setting) -> Setting:
        """*setting* in the block that its part has; what it overrides no longer holds."""
        path = _path(setting)
        outer = next((b for b in setting.scope if b.kind == WHOLE), None)
        live = self.live.setdefault(path.partition(".")[0], {})
        if outer is not None and self.whole.get(outer.name) != outer.place:
            self.whole[outer.name] = outer.place
            self._override(live, outer.name, number)
        self._override(live, path, number)
        self._fill(live, path, number)
        live[number] = path
        if setting.text == "{}":
            self.empty.add(number)
        return replace(setting, scope=tuple(self._block(b) for b in setting.scope if b != outer))

    def _fill(self, live: dict[int, str], path: str, winner: int) -> None:
        """Ends the empty dictionaries around *path*."""
        for each in [n for n, p in live.items() if n in self.empty and path.startswith(f"{p}.")]:
            self.winners[each] = winner
            del live[each]

    def numbers(self) -> Iterator[int]:
        """Of the settings that hold in the end."""
        return (number for live in self.live.values() for number in live)

    def _block(self, block: Block) -> Block:
        """The block of a part: where it was last defined, not where an entry was changed."""
        at = block.kind, block.name
        if block.place is not None or at not in self.blocks:
            self.blocks[at] = block
        return self.blocks[at]

    def _override(self, live: dict[int, str], path: str, winner: int) -> None:
        """Ends what holds at *path* and inside of it."""
        inner = f"{path}."
        for each in [n for n, p in live.items() if p == path or p.startswith(inner)]:
            self.winners[each] = winner
            del live[each]


def _path(setting: Setting) -> str:
    """The name with the dictionary that it stands in: DATABASES.default.HOST."""
    part = next((b for b in setting.scope if b.kind in _ROOTS), None)
    return f"{_ROOTS[part.kind]}.{part.name}.{setting.name}" if part else setting.name
