"""The words behind `bind` and `server`: settings of their own, in a block that is that line's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from plimsoll.model.setting import Block, Setting
from plimsoll.syntax.text import Token
from plimsoll.technologies.haproxy.keywords import flags, parameters

# By keyword: the kind of its block, and how many words stand before the parameters.
LINES = {
    "bind": ("bind", 1),
    "stats socket": ("bind", 1),
    "server": ("server", 2),
    "server-template": ("server", 3),
    "default-server": ("default-server", 0),
}
_PORTS = re.compile(r":([0-9]{1,5})(?:-([0-9]{1,5}))?$")
_COUNT = re.compile(r"([0-9]{1,6})(?:-([0-9]{1,6}))?")

# (name, the word it begins with, the words of its value) -> the setting
Make = Callable[[str, Token, Sequence[Token]], Setting]


def settings(
    whole: Setting, words: Sequence[Token], make: Make, outer: tuple[Block, ...]
) -> Iterator[Setting]:
    """The parameters of a line, *whole*, whose arguments are *words*, in a block in *outer*."""
    kind, before = LINES[whole.name]
    texts = [make("", word, [word]).text for word in words]
    block = Block(kind, texts[0] if before and texts else "", whole.place)
    scope = (*outer, block)
    if before and len(words) >= before:
        address = words[before - 1]
        yield replace(make("address", address, [address]), scope=scope)
        number = _number(kind, before, texts)
        yield _told(make(f"{kind}_number", address, ()), str(number), scope)
    for each in _parameters(words[before:], texts[before:], make):
        yield replace(each, scope=scope)


def _number(kind: str, before: int, texts: Sequence[str]) -> int:
    """How many sockets or servers the line makes."""
    if kind == "bind":
        return _listeners(texts[0])
    return _servers(texts[1]) if before == 3 else 1


def _told(made: Setting, text: str, scope: tuple[Block, ...]) -> Setting:
    return replace(made, text=text, scope=scope)


def _parameters(words: Sequence[Token], texts: Sequence[str], make: Make) -> Iterator[Setting]:
    at = 0
    while at < len(words):
        name = texts[at]
        if _stands_alone(name, texts[at + 1 : at + 2]):
            is_off = name.startswith("no-") and name[3:] in flags()
            made = make(name[3:] if is_off else name, words[at], ())
            yield replace(made, text="off" if is_off else "on")
            at += 1
        else:
            yield make(name, words[at], words[at + 1 : at + 2])
            at += 2


def _stands_alone(name: str, following: Sequence[str]) -> bool:
    """Whether a parameter has no value; what follows one of another version is no other name."""
    if not following or name in flags():
        return True
    return name not in parameters() and following[0] in parameters()


def _listeners(addresses: str) -> int:
    """How many sockets `:80,:8000-8009` opens."""
    total = 0
    for each in addresses.split(","):
        found = _PORTS.search(each)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        total += max(1, last - first + 1)
    return total


def _servers(written: str) -> int:
    """How many servers `3` or `1-3` of a template are."""
    found = _COUNT.fullmatch(written)
    if not found:
        return 1
    return int(found[2]) - int(found[1]) + 1 if found[2] else int(found[1])
