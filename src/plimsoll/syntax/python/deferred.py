"""Values that wait for the environment: a file is read before anybody knows who starts the server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Item, Setting, Unknown
from plimsoll.syntax.environ import variables


class Deferred(Unknown, frozen=True):
    """Unknown until the environment is; *text* is that of the file, to be read again with it."""

    text: str = ""


def resolved(
    settings: Sequence[Setting],
    read: Callable[[str, str, Mapping[str, Word]], Iterable[tuple[Place | None, Item]]],
) -> list[Setting]:
    """*settings*; those that wait for the environment read again with the one that they carry.

    A variable that nobody sets is taken as not set: then the code's own default holds.
    *read* takes text, path and environment; it gives each item with the place of its statement.
    """
    environment = variables(settings)
    texts = {
        each.place.path: each.value.text
        for each in settings
        if isinstance(each.value, Deferred) and each.place is not None
    }
    if not texts:
        return list(settings)
    again: dict[tuple[str, Span], list[Setting]] = {}
    for path, text in texts.items():
        for place, item in read(text, path, environment):
            if isinstance(item, Setting) and place is not None:
                again.setdefault((path, place.span), []).append(item)
    return list(_replaced(settings, again))


def _replaced(
    settings: Sequence[Setting], again: Mapping[tuple[str, Span], Sequence[Setting]]
) -> Iterator[Setting]:
    """What stands at the same place now: under the same name, and once what is new there."""
    waiting: dict[tuple[str, Span], set[str]] = {}
    for each in settings:
        if isinstance(each.value, Deferred) and each.place is not None:
            waiting.setdefault((each.place.path, each.place.span), set()).add(each.name)
    used: set[tuple[str, Span]] = set()
    for each in settings:
        if not isinstance(each.value, Deferred) or each.place is None:
            yield each
            continue
        at = each.place.path, each.place.span
        found = again.get(at, ())
        same = [s for s in found if s.name == each.name]
        new = [s for s in found if s.name not in waiting[at]] if at not in used else []
        yield from (*same, *new) or (() if at in used else (each,))
        used.add(at)
