"""What a Ruby file does, as settings: their texts, places, and whether they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Word
from plimsoll.model.setting import Block, Origin, Setting, Status, Value
from plimsoll.syntax.python.deferred import Deferred
from plimsoll.syntax.python.settings import written
from plimsoll.syntax.python.values import Computed, Entry, Result, Table
from plimsoll.syntax.ruby.evaluation import meaning, shown
from plimsoll.syntax.ruby.script import Assigned, Called
from plimsoll.syntax.suggest import suggestion


class Source(Struct, frozen=True):
    """The text that settings come from: what waits for the environment is read again."""

    text: str

    def of_call(self, called: Called, name: str, entry: Entry, *, is_whole: bool = True) -> Setting:
        """The setting *name* that an argument of a call gives.

        *is_whole*: the call is the setting; else the argument alone is.
        """
        value = entry.value if called.doubt is None else called.doubt
        inner = entry.place.value if entry.place else None
        place = replace(called.place, value=inner) if is_whole else (entry.place or called.place)
        made = self._made(name, value, place, entry.source, entry.asked)
        return _held(made, is_reached=called.is_reached, reason=called.reason)

    def plain(self, called: Called, name: str, text: str) -> Setting:
        """The setting that a call makes without arguments."""
        value = None if called.doubt is None else self._meaning(called.doubt)
        made = Setting(name, text, called.place, value=value)
        return _held(made, is_reached=called.is_reached, reason=called.reason)

    def of_assignment(self, made: Assigned, name: str) -> Setting:
        """The setting *name* that an assignment gives."""
        setting = self._made(name, made.value, made.place, made.source, made.asked)
        return _held(setting, is_reached=made.is_reached, reason=made.reason)

    def entries(
        self, given: tuple[Entry, ...], place: Place, scope: tuple[Block, ...], prefix: str = ""
    ) -> Iterator[tuple[Place, Setting]]:
        """A setting for each entry of a hash, with where it is written.

        Those of hashes in it have dotted names.
        """
        for entry in given:
            name, at = f"{prefix}{entry.key}", entry.place or place
            if isinstance(entry.value, Table) and entry.value.entries and prefix.count(".") < 8:
                yield from self.entries(entry.value.entries, at, scope, f"{name}.")
            else:
                made = self._made(name, entry.value, at, entry.source, entry.asked)
                yield at, replace(made, scope=scope)

    def _made(
        self,
        name: str,
        value: Result,
        place: Place,
        source: str,
        asked: Mapping[str, Word | None],
    ) -> Setting:
        text = shown(value, source)
        made = Setting(name, text, written(place, text, source), value=self._meaning(value))
        unset = [n for n, word in asked.items() if word is None]
        given = [(n, w) for n, w in asked.items() if w is not None]
        if len(given) == 1 and not unset and given[0][1].text.strip() == text:
            variable, word = given[0]
            if word.place is not None:
                why = f"{place} asks for {variable}"
                return replace(made, place=word.place, origin=Origin.ENVIRONMENT, reason=why)
        if unset and not isinstance(value, Computed):
            return replace(made, reason=f"unless the environment sets {' or '.join(unset)}")
        return made

    def _meaning(self, value: Result) -> Value | None:
        if isinstance(value, Computed) and value.asks_environment:
            return Deferred(value.reason, self.text)
        return meaning(value)


def retold(setting: Setting, text: str) -> Setting:
    """*setting* with the *text* that the server makes of what is written."""
    if setting.place is None or text == setting.text:
        return setting
    return replace(setting, text=text, place=replace(setting.place, value=None))


def misspelt(
    called: Called, source: Source, known: frozenset[str], own: frozenset[str], server: str
) -> Iterator[Setting]:
    """A call of a name that the server does not know and that looks like one of the *known*.

    *own*: methods that the file defines. Any other name may be a method of Ruby's.
    """
    is_simple = "." not in called.name and "::" not in called.name
    hint = suggestion(called.name, known) if is_simple and called.name not in own else ""
    if hint:
        text = ", ".join(shown(a.value, a.source) for a in called.arguments)
        made = replace(retold(source.plain(called, called.name, ""), text), value=None)
        reason = f"{server} has no {called.name!r}{hint}"
        yield replace(made, status=Status.UNKNOWN_NAME, reason=reason)


def _held(made: Setting, *, is_reached: bool, reason: str) -> Setting:
    if is_reached:
        return made
    return replace(made, status=Status.SHADOWED, reason=reason or "not reached")
