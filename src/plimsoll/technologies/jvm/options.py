"""One option of the command line of Java: what it sets.

Source: the java command's manual; measured on 17.0.21.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.quantity import BYTES, KIB, Amount
from plimsoll.model.reader import Word
from plimsoll.model.setting import Item, Origin, Setting, Status, Unknown, Unread, Value
from plimsoll.syntax import shell
from plimsoll.syntax.suggest import closest
from plimsoll.syntax.templates import is_unrendered
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies.jvm.names import NAMES

_SIZED = re.compile(r"(-Xmx|-Xms|-Xss|-Xmn)(.*)", re.DOTALL)
_FLAG = re.compile(r"-XX:(?:([+-])([A-Za-z]\w*)|([A-Za-z]\w*)(?:=(.*))?)", re.DOTALL)
_PROPERTY = re.compile(r"(-D[^=]+)(?:=(.*))?", re.DOTALL)
_OTHER = re.compile(r"(--?[A-Za-z][\w-]*)(?:[:=](.*))?", re.DOTALL)
# Names of one and the same flag.
SAME = {"-XX:MaxHeapSize": "-Xmx", "-XX:InitialHeapSize": "-Xms", "-XX:ThreadStackSize": "-Xss"}
_ALIKE = 0.94  # names of other releases are less alike to those of this one
_COUNTS_KIB = frozenset({"-XX:ThreadStackSize"})
_REPLACED = re.compile(r"\$\{?\w+")


def setting(word: Word, origin: Origin = Origin.COMMAND_LINE, belongs: str = "") -> Item:
    """The setting that an option makes; Unread for a word that is none."""
    path = word.place.path if word.place else ""
    if isinstance(word, Uncertain):
        return Unread(path, f"{word.text}: {word.value}", word.place)
    found = _cut(word.text)
    if found is None:
        return Unread(path, f"{word.text[:60]!r} is no option of Java", word.place)
    name, start, end = found
    text = word.text[start:end] if start >= 0 else ""
    made = Setting(
        name=SAME.get(name, name),
        text=text,
        place=_place(word, start, end),
        origin=origin,
        value=_value(name, text),
        belongs=belongs,
        reason=f"{name} is {SAME[name]}" if name in SAME else "",
    )
    if not name.startswith("-XX:"):
        return made
    if start < 0:
        reason = f"{name} takes a value, or + or - before its name"
        return replace(made, status=Status.REFUSED, reason=reason)
    near = _slip(name.removeprefix("-XX:"))
    reason = f"Java has no {name}; did you mean -XX:{near}?"
    return replace(made, status=Status.UNKNOWN_NAME, reason=reason) if near else made


def _slip(name: str) -> str:
    """The flag that *name* is a slip of; empty for a flag, and for one of some other release."""
    if name in NAMES:
        return ""
    folded = {each.lower(): each for each in NAMES}
    return folded.get(name.lower()) or closest(name, NAMES, _ALIKE)


def _cut(text: str) -> tuple[str, int, int] | None:
    """The name of an option, and from where to where its value stands: -1 where it has none."""
    if found := _SIZED.fullmatch(text):
        return found[1], found.start(2), found.end(2)
    if found := _FLAG.fullmatch(text):
        if found[1]:
            return f"-XX:{found[2]}", found.start(1), found.end(1)
        return f"-XX:{found[3]}", found.start(4), found.end(4)
    if found := _PROPERTY.fullmatch(text) or _OTHER.fullmatch(text):
        return found[1], found.start(2), found.end(2)
    return None


def _place(word: Word, start: int, end: int) -> Place | None:
    """The place of an option, with that of its value."""
    if word.place is None:
        return None
    whole = word.place.value or word.place.span
    inner = shell.located(word.text, word.place)(start, end) if start >= 0 else None
    value = inner.span if inner is not None and inner is not word.place else None
    return Place(word.place.path, whole, value)


def _value(name: str, text: str) -> Value | None:
    """What only the reader can say of a value."""
    if _REPLACED.search(text) or is_unrendered(text):
        return Unknown(f"{text[:40]}: something replaces it before Java sees it")
    if name in _COUNTS_KIB and text.isascii() and text.isdigit() and len(text) < 12:
        return Amount.of(int(text) * KIB, BYTES)
    return None


# Options whose value is the next word.
_TAKE_NEXT = frozenset(
    {
        *("-cp", "-classpath", "--class-path", "-p", "--module-path", "--upgrade-module-path"),
        *("--add-modules", "--add-reads", "--add-exports", "--add-opens", "--limit-modules"),
        *("--patch-module", "--enable-native-access", "-d", "--describe-module", "--source"),
    }
)
_ENDS = frozenset({"-jar", "-m", "--module"})


def until_program(words: list[Word]) -> Iterator[Word]:
    """The words that are Java's own: before `-jar`, a module or the main class."""
    at = 0
    while at < len(words):
        text = words[at].text
        if text in _ENDS or (not text.startswith(("-", "@")) and not _is_unknown(words[at])):
            return
        if text not in _TAKE_NEXT:
            yield words[at]
        at += 2 if text in _TAKE_NEXT else 1


def _is_unknown(word: Word) -> bool:
    return isinstance(word, Uncertain)
