"""php-fpm.conf and its pools, line by line as php-fpm reads them.

A pool's `php_value[memory_limit]` is the setting `memory_limit` of the pool, so that a rule can ask
for it; `env[X]` is one of that name.

Source: php-fpm configuration; measured on 8.2.35.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Reader
from plimsoll.model.setting import Block, Include, Item, Setting, Status, Unknown, Unread, Value
from plimsoll.syntax.expression_ini import Entry, Fault, Section, Statement, statements
from plimsoll.syntax.expression_values import LEVELS, Text
from plimsoll.syntax.expression_waiting import waiting
from plimsoll.syntax.suggest import suggestion
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.text import Lines
from plimsoll.technologies.php_fpm.command_line import arguments
from plimsoll.technologies.php_fpm.endpoints import endpoints
from plimsoll.technologies.php_fpm.names import (
    BOOLEANS,
    FLAGS,
    GLOBAL,
    KEYED,
    LISTS,
    OF_PHP,
    OWN,
    POOL,
    TEXTS,
)
from plimsoll.technologies.php_fpm.values import value
from plimsoll.technologies.php_fpm.winners import effective

_MARK = re.compile(r"@[A-Z][A-Z0-9_]+@|%[A-Z][A-Z0-9_]{2,}%|__[A-Z][A-Z0-9_]*__")
_TRUTHS = frozenset({"", "0", "1", "no", "off", "none", "false", "yes", "on", "true"})
_STOPS = "php-fpm does not start"


def read(text: str, path: str) -> Iterator[Item]:
    """Every line of *text* that says something, in file order."""
    where = Lines(text, path)
    pool: Block | None = None
    pools: dict[str, Block] = {}
    for start, line in _lines(text):
        for each in statements(line, LEVELS):
            if isinstance(each, Section):
                pool = _pool(each, start, pools, where)
            else:
                yield _Line(line, start, pool, where).item(each)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line and where it begins: a value over two of them is refused."""
    start = 0
    while start < len(text):
        feed = text.find("\n", start)
        end = len(text) if feed < 0 else feed
        line = text[start : end + 1]
        if line.strip("\ufeff \t\r\n;"):
            yield start, line
        start = end + 1


def _pool(section: Section, start: int, pools: dict[str, Block], where: Lines) -> Block | None:
    """The pool that a section begins or goes on with; none for [global]."""
    name = section.name.text
    key = name.casefold()
    if key == "global":
        return None
    if key not in pools:
        place = where.place(start + section.start, start + section.end)
        pools[key] = Block("pool", name, place)
    return pools[key]


class _Line(Struct, frozen=True):
    text: str
    start: int
    pool: Block | None
    where: Lines

    @property
    def scope(self) -> tuple[Block, ...]:
        return (self.pool,) if self.pool else ()

    def place(self, start: int, end: int, value: tuple[int, int] | None = None) -> Place:
        inner = (self.start + value[0], self.start + value[1]) if value else None
        return self.where.place(self.start + start, self.start + end, inner)

    def item(self, each: Statement) -> Item:
        raw = self.text[each.start : each.end]
        if isinstance(each, Entry):
            return self._entry(each, raw)
        place = self.place(each.start, each.end)
        if is_unrendered(self.text, has_variables=True):
            return Unread(self.where.path, UNRENDERED, place)
        if not isinstance(each, Fault) or not each.name or each.is_silent:
            reason = each.reason if isinstance(each, Fault) else ""
            ending = "" if isinstance(each, Fault) and each.is_silent else f": {_STOPS}"
            return Unread(self.where.path, f"{reason}{ending}", place)
        return self._refused(each.name, raw.partition("=")[2].strip(), place, each.reason)

    def _refused(self, name: str, text: str, place: Place, reason: str) -> Setting:
        return Setting(
            name=name,
            text=text,
            place=place,
            scope=self.scope,
            status=Status.REFUSED,
            reason=f"{reason}: {_STOPS}",
            value=Unknown(reason),
        )

    def _entry(self, entry: Entry, raw: str) -> Item:
        place = self.place(entry.start, entry.end, (entry.value_start, entry.value_end))
        if entry.value is None:
            place = replace(place, value=None)
            if is_unrendered(raw, has_variables=True):
                return Unread(self.where.path, UNRENDERED, place)
            return self._refused(entry.name, "", place, "stands alone, without a value")
        if entry.key is not None:
            return self._keyed(entry.name, entry.key.text, entry.value, raw, place)
        if entry.name == "include":
            return self._include(entry.value, raw, place)
        return self._own(entry, entry.value, raw, place)

    def _include(self, text: Text, raw: str, place: Place) -> Item:
        if text.waits or is_unrendered(raw, has_variables=True):
            return Unread(self.where.path, "include: its path depends on variables", place)
        pattern = text.text if text.text.startswith("/") else f"/{text.text}"
        return Include(pattern, place, self.scope)

    def _own(self, entry: Entry, text: Text, raw: str, place: Place) -> Setting:
        name = entry.name if entry.name in OWN else entry.name.lower()
        made = Setting(name, text.text, place, self.scope, value=_unknown(text, raw))
        known = POOL if self.pool else GLOBAL
        if name not in known:
            return self._unknown_name(made)
        if name in BOOLEANS and made.value is None and not _is_truth(text):
            return self._refused(name, text.text, place, f"{text.text!r} is neither yes nor no")
        if name in TEXTS and self.pool and made.value is None and "$pool" in made.text:
            filled = made.text.replace("$pool", self.pool.name)
            return replace(made, text=filled, reason=f"{made.text} in the file")
        return made

    def _unknown_name(self, made: Setting) -> Setting:
        made = replace(made, value=made.value or made.text)
        if made.name in OWN:
            there = "[global]" if made.name in GLOBAL else "a pool"
            reason = f"belongs into {there}: {_STOPS}"
            return replace(made, status=Status.MISPLACED, reason=reason)
        reason = f"php-fpm has no {made.name!r}{_hint(made.name, in_pool=bool(self.pool))}"
        return replace(made, status=Status.UNKNOWN_NAME, reason=reason)

    def _keyed(self, name: str, key: str, text: Text, raw: str, place: Place) -> Setting:
        full = f"{name}[{key}]"
        if name in LISTS and self.pool and not key:
            return Setting(name, text.text, place, self.scope, value=_unknown(text, raw))
        if name not in KEYED:
            hint = suggestion(name, KEYED)
            reason = f"php-fpm has no {name!r}{hint}"
            made = Setting(full, text.text, place, self.scope, value=text.text)
            return replace(made, status=Status.UNKNOWN_NAME, reason=reason)
        if self.pool is None:
            return self._refused(full, text.text, place, f"{name}[] belongs into a pool")
        if not key:
            return self._refused(full, text.text, place, "the name in brackets is missing")
        if name == "env" and not text.text:
            return self._refused(full, "", place, "its value is missing")
        if name in FLAGS and not text.waits and not _is_truth(text):
            return self._refused(key, text.text, place, f"{text.text!r} is neither yes nor no")
        return Setting(
            name=key if name in OF_PHP else full,
            text=text.text.replace("$pool", self.pool.name),
            place=place,
            scope=self.scope,
            value=_unknown(text, raw),
            belongs=name,
        )


@cache
def _hint(name: str, *, in_pool: bool) -> str:
    return suggestion(name, POOL if in_pool else GLOBAL)


def _is_truth(text: Text) -> bool:
    """Whether php-fpm takes a value for yes or no; a word in quotes has to be in small letters."""
    return text.sense in ("1", "") or text.text in _TRUTHS


def _unknown(text: Text, raw: str) -> Value | None:
    if is_unrendered(raw, has_variables=True) or _MARK.search(raw):
        return Unknown(UNRENDERED)
    return waiting(text)


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=arguments,
    endpoints=endpoints,
    parts={"pool": "pool"},
)
