"""A directive and its words, from a file or a command line, as settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Setting, Status, Unread
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.technologies.redis.lexer import quoted
from plimsoll.technologies.redis.names import DEPRECATED, RENAMED, WORDS

_LIMITS = "client-output-buffer-limit"
_CLASSES = {"normal": "normal", "slave": "replica", "replica": "replica", "pubsub": "pubsub"}
_NUMBER = re.compile(r"[-+]?[0-9]{1,18}")
_EQUALS = "has an equals sign where a blank belongs"
_WILD = re.compile(r"[*?\[]")
_NOWHERE = Place("", Span(1, 1, 1, 1))  # of a word that stands in no file

# Of these a single word is cut at its blanks: save "900 1".
_CUT = frozenset(WORDS) - {"loadmodule", "rename-command", "sentinel", "user"} | {_LIMITS}


class Directive(Struct, frozen=True):
    """A name as written, its words, and the place of it all."""

    name: str
    words: tuple[Word, ...]
    place: Place | None
    origin: Origin = Origin.FILE

    @property
    def own_name(self) -> str:
        lower = self.name.lower() if self.name.isascii() else self.name
        return RENAMED.get(lower, lower)

    def setting(self, text: str) -> Setting:
        return Setting(self.own_name, text, self.place, origin=self.origin)

    def refused(self, reason: str) -> Setting:
        text = " ".join(word.text for word in self.words)
        return replace(self.setting(text), status=Status.REFUSED, reason=reason)


def items(said: Directive) -> Iterator[Item]:
    """What a directive comes to: mostly one setting."""
    place = said.place or _NOWHERE
    written = " ".join((said.name, *(word.text for word in said.words)))
    if is_unrendered(written):
        yield Unread(place.path, UNRENDERED, place)
    elif said.own_name == "include" and len(said.words) == 1:
        path = said.words[0].text
        yield Include(path, place, is_optional=_WILD.search(path) is not None)
    elif said.own_name == _LIMITS:
        yield from _limits(replace(said, words=_cut(said)))
    else:
        yield _setting(replace(said, words=_cut(said)))


def _cut(said: Directive) -> tuple[Word, ...]:
    if len(said.words) != 1 or said.own_name not in _CUT or not said.words[0].text:
        return said.words
    [word] = said.words
    return tuple(Word(piece, word.place) for piece in word.text.split(" "))


def _setting(said: Directive) -> Setting:
    name, count = said.own_name, len(said.words)
    if "=" in name and count == 0:
        before = said.name.partition("=")[0]
        return replace(said, name=before).refused(_EQUALS)
    if problem := _problem(name, said.words):
        return said.refused(problem)
    texts = [word.text for word in said.words]
    text = texts[0] if count == 1 else " ".join(map(quoted, texts))
    if name in DEPRECATED:
        reason = "is taken and has no effect"
        return replace(said.setting(text), status=Status.IGNORED, reason=reason)
    if "." in name:  # of a module: nobody else can tell what it means
        return replace(said.setting(text), value=text)
    return said.setting(text)


def _problem(name: str, words: Sequence[Word]) -> str:
    """Why the server does not take the words; empty when it does."""
    texts = [word.text for word in words]
    least, most = WORDS.get(name, (1, 1))
    if not least <= len(texts) <= most:
        return _wrong_number(texts, most)
    if name == "save" and texts not in ([], [""]) and not _are_save_points(texts):
        return "takes pairs of seconds (1 or more) and changes (0 or more)"
    if name == "sentinel" and texts:
        return "is for a server in sentinel mode only"
    return ""


def _wrong_number(texts: Sequence[str], most: int) -> str:
    if texts[:1] == ["="]:
        return _EQUALS
    if any(text.startswith("#") for text in texts[1:]):
        return "has a comment behind its value: Redis takes it as part of the value"
    wanted = "one value" if most == 1 else f"{most} values"
    return f"takes {wanted}; {len(texts)} stand here"


def _are_save_points(texts: Sequence[str]) -> bool:
    if len(texts) % 2 or not all(_NUMBER.fullmatch(text) for text in texts):
        return False
    numbers = [int(text) for text in texts]
    return min(numbers[::2], default=1) >= 1 and min(numbers[1::2], default=0) >= 0


def _limits(said: Directive) -> Iterator[Setting]:
    """Three settings for each class of clients: the hard limit, the soft one, its seconds.

    `client-output-buffer-limit replica 256mb 64mb 60` is client-output-buffer-limit-replica-hard,
    -soft and -seconds.
    """
    rows = [said.words[at : at + 4] for at in range(0, len(said.words), 4)]
    if not rows:
        reason = "names no class of clients: nothing changes"
        yield replace(said.setting(""), status=Status.IGNORED, reason=reason)
        return
    if len(rows[-1]) != 4:
        yield said.refused("takes a class of clients, a hard limit, a soft limit and seconds")
        return
    for class_, *limits in rows:
        known = _CLASSES.get(class_.text.lower())
        if known is None:
            yield said.refused(f"{class_.text!r} is none of {', '.join(_CLASSES)}")
            continue
        for part, word in zip(("hard", "soft", "seconds"), limits, strict=True):
            own = replace(said, name=f"{_LIMITS}-{known}-{part}", place=_with_value(said, word))
            yield own.setting(word.text)


def _with_value(said: Directive, word: Word) -> Place | None:
    if said.place is None or word.place is None:
        return said.place
    return replace(said.place, value=word.place.value or word.place.span)
