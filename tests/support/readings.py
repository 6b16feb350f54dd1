"""What a reader makes of texts, settled as the stack does it: for tables of tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Setting, Status, Unread
from plimsoll.stack.settle import settled
from plimsoll.syntax.shell import words
from plimsoll.technologies import technology


def of(
    name: str,
    texts: Mapping[str, str],
    command: str = "",
    environment: Mapping[str, str] | None = None,
) -> list[Setting]:
    """The settings of a technology in files, a command line and an environment, with who wins."""
    known = technology(name)
    assert known is not None
    assert known.reader is not None
    items: list[Item] = []
    for path, text in texts.items():
        items += known.reader.read(text, path)
    given = {n: Word(t) for n, t in (environment or {}).items()}
    if known.reader.arguments is not None:
        items += known.reader.arguments(words(command), given)
    return settled(known.reader, known.schema, [i for i in items if isinstance(i, Setting)])


def held(settings: Sequence[Setting]) -> dict[str, str]:
    """The texts of what holds, by name; in a block behind the name of that."""
    return {
        "/".join([*(b.name for b in s.scope), s.name]): s.text
        for s in settings
        if s.status is Status.EFFECTIVE and s.name != "environ"
    }


def unread(name: str, text: str, path: str) -> list[Unread]:
    known = technology(name)
    assert known is not None
    assert known.reader is not None
    return [i for i in known.reader.read(text, path) if isinstance(i, Unread)]


def included(name: str, command: str) -> list[str]:
    """The files that a command line names."""
    known = technology(name)
    assert known is not None
    assert known.reader is not None
    assert known.reader.arguments is not None
    items = known.reader.arguments(words(command), {})
    return [i.pattern for i in items if isinstance(i, Include)]
