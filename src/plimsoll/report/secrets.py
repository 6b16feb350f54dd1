"""Secrets never leave: passwords, tokens and keys show as "***", wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from plimsoll.model.quantity import Amount
from plimsoll.model.setting import Formula, Origin, Setting, Unknown, Unset
from plimsoll.model.stack import Stack
from plimsoll.report.quoting import MASK
from plimsoll.report.secret_names import resembles_secret_name
from plimsoll.report.secret_texts import HINTS, Range, merged, secrets_in
from plimsoll.report.width import visible

# A shorter secret is only hidden where its name or its URL shows it: the word may mean anything.
_SHORTEST = 4
_SHORTEST_NUMBER = 6

# A value that can hold a secret among other things.
_MANY_WORDS = re.compile(r"\S[=\s]|://")


def is_secret(setting: Setting) -> bool:
    """Whether its value is to be hidden: settings.yaml says so, or its name does.

    A vendor's default is no secret, nor is that there is no value.
    """
    if setting.origin is Origin.DEFAULT or isinstance(setting.value, Unset):
        return False
    if setting.is_secret:
        return True
    if isinstance(setting.value, Amount | bool | Formula):
        return False
    return resembles_secret_name(setting.name)


class Mask:
    """Hides secrets in texts: those that a text itself shows, and every one that *stack* holds."""

    __slots__ = ("_known",)

    def __init__(self, known: Iterable[str] = ()) -> None:
        literals = sorted({text for text in known if _is_telling(text)}, key=len, reverse=True)
        any_of = "|".join(re.escape(text) for text in literals)
        self._known = re.compile(rf"(?<![\w-])(?:{any_of})(?![\w-])") if literals else None

    @classmethod
    def of(cls, stack: Stack) -> Mask:
        """A mask that knows the secrets of a stack, and of what it was; its services' names are none."""
        states = [each for each in (stack, stack.before) if each is not None]
        names = {name for each in states for name in _names_of(each)}
        return cls(s for each in states for s in _secrets_of(each) if s not in names)

    def sentence(self, text: str) -> str:
        """A sentence that may name values."""
        return visible(_hidden(text, self._ranges(text, is_line=False)))

    def reason(self, text: str) -> str:
        """Why something could not be read; it may quote a line that nobody understood."""
        return visible(_hidden(text, self._ranges(text, is_line=True, is_doubtful=True)))

    def line(self, text: str) -> list[Range]:
        """Where a line of a file holds secrets, in order."""
        return self._ranges(text, is_line=True)

    def words(self, setting: Setting) -> str:
        """The text of a setting's value; it may hold control characters."""
        return MASK if is_secret(setting) else self.within(setting.text)

    def value(self, setting: Setting) -> str:
        """What a setting's value means, for a person."""
        if is_secret(setting):
            return MASK
        if isinstance(setting.value, bool):
            return "on" if setting.value else "off"
        if isinstance(setting.value, Unknown):
            return f"unknown ({self.reason(setting.value.reason)})"
        if setting.value is None or isinstance(setting.value, str):
            return visible(self.within(setting.text if setting.value is None else setting.value))
        return visible(str(setting.value))

    def within(self, text: str) -> str:
        """A value that may hold a secret among other things: a URL, a command."""
        return _hidden(text, self._ranges(text, is_line=True))

    def _ranges(self, text: str, *, is_line: bool, is_doubtful: bool = False) -> list[Range]:
        found = secrets_in(text, is_line=is_line, is_doubtful=is_doubtful)
        if self._known:
            found = merged([*found, *(match.span() for match in self._known.finditer(text))])
        return found


def _hidden(text: str, ranges: list[Range]) -> str:
    pieces, at = [], 0
    for start, end in ranges:
        pieces += [text[at:start], MASK]
        at = end
    return "".join([*pieces, text[at:]]) if ranges else text


def _is_telling(text: str) -> bool:
    return len(text) >= (_SHORTEST_NUMBER if text.isdigit() else _SHORTEST)


def _names_of(stack: Stack) -> Iterator[str]:
    yield from (*stack.services, *stack.hosts)
    yield from (each.technology for each in stack.services.values())


def _secrets_of(stack: Stack) -> Iterator[str]:
    many_words = []
    for setting in _settings(stack):
        if is_secret(setting):
            yield from setting.text.splitlines()
        elif _MANY_WORDS.search(setting.text):
            many_words.append(setting.text)
    yield from _secrets_of_text("\n".join(many_words))
    for text in stack.texts.values():
        yield from _secrets_of_text(text)


def _settings(stack: Stack) -> Iterator[Setting]:
    for service in stack.services.values():
        yield from service.settings
    for link in stack.links:
        yield from link.settings.values()


def _secrets_of_text(text: str) -> Iterator[str]:
    """The secrets that the lines of a file show, without looking twice at most lines."""
    lowered, lines = _lowered(text), set()
    for hint in HINTS:
        at = lowered.find(hint)
        while at >= 0:
            start = text.rfind("\n", 0, at) + 1
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            lines.add((start, end))
            at = lowered.find(hint, end)
    for start, end in lines:
        line = text[start:end]
        yield from (line[a:b] for a, b in secrets_in(line, is_line=True))


def _lowered(text: str) -> str:
    """*text* in lower case with every letter in its place: that of "İ" is longer than it."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c.lower() if c.isascii() else c for c in text)
