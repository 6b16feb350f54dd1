"""Command lines that stand in other files: as one text, in a variable, behind `sh -c`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.place import Place
from plimsoll.model.reader import Word
from plimsoll.syntax.shell.expansion import Variables, expanded
from plimsoll.syntax.shell.pieces import located
from plimsoll.syntax.shell.script import starts
from plimsoll.syntax.uncertain import Written

_WORD = re.compile(
    r"""(?:[^\s"'\\]+|'[^']*(?:'|\Z)|"(?:[^"\\]|\\.)*(?:"|\\?\Z)|\\(?:.|\Z))+""", re.DOTALL
)
_PART = re.compile(
    r"""(?P<plain>[^"'\\]+)|'(?P<single>[^']*)'?|"(?P<double>(?:[^"\\]|\\.)*)\\?"?|\\(?P<escaped>.?)""",
    re.DOTALL,
)
_ESCAPED = re.compile(r'\\(["\\])')


_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh"})
_TAKES_SCRIPT = re.compile(r"-[a-z]*c[a-z]*\Z")
# How many words may stand before the shell: tini -- sh -c "..."
_WRAPPED = 4


def words(text: str, place: Place | None = None) -> list[Word]:
    """The words of a command line that no shell reads: only quotes and backslashes have a meaning.

    *place*: where the text stands.
    """
    locate = located(text, place)
    return [
        Word(_resolved(found[0]), locate(found.start(), found.end()))
        for found in _WORD.finditer(text)
    ]


def words_in(word: Word) -> list[Word]:
    """The words inside of a variable's value, each with its place in there."""
    return words(word.text, word.place)


def _resolved(raw: str) -> str:
    return "".join(_parts(raw))


def _parts(raw: str) -> Iterator[str]:
    for found in _PART.finditer(raw):
        kind = found.lastgroup or "plain"
        yield _ESCAPED.sub(r"\1", found[kind]) if kind == "double" else found[kind]


def again(given: Sequence[Word], environment: Mapping[str, Word]) -> list[Word]:
    """*given* with what depends on variables expanded once more, now that there are more."""
    variables = Variables(environment)
    done: list[Word] = []
    for word in given:
        if isinstance(word, Written) and word.raw:
            done += expanded(word.raw, 0, located(word.raw, word.raw_place), variables)
        else:
            done.append(word)
    return done


def unwrapped(given: Sequence[Word], environment: Mapping[str, Word]) -> tuple[Word, ...]:
    """The command behind `sh -c "..."`; *given* itself where it is none.

    *environment*: what the shell is started with.
    """
    texts = [word.text for word in given]
    for at, text in enumerate(texts[:_WRAPPED]):
        if text.rpartition("/")[2] in _SHELLS:
            options = texts[at + 1 : at + 3]
            script = next((n for n, o in enumerate(options, at + 1) if _TAKES_SCRIPT.match(o)), 0)
            if script and script + 1 < len(given):
                inner = given[script + 1]
                found = starts(inner.text, located(inner.text, inner.place), environment)
                return found[-1].words if found else tuple(given)
    return tuple(given)
