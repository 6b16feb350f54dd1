"""Command lines of programs with a table of options: Ruby's OptionParser, Python's click."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.syntax import shell
from plimsoll.syntax.suggest import suggestion
from plimsoll.syntax.uncertain import Uncertain


class Option(Struct, frozen=True):
    """The setting that an option gives. *alone*: what it means without a value.

    *takes*: it has to have one. *may*: one stands behind `=`, or the next word, or nowhere.
    """

    name: str
    takes: bool = True
    alone: str = "true"
    may: bool = False


class Given(Struct, frozen=True):
    """One option of a command line, or a word that is none: *option* is None.

    *place*: from the option to the end of its value. *problem*: why the parser refuses it.
    """

    option: Option | None
    text: str
    word: Word
    place: Place | None = None
    problem: str = ""

    @property
    def is_uncertain(self) -> bool:
        return isinstance(self.word, Uncertain)


def options(
    words: Sequence[Word], flags: Mapping[str, Option], *, abbreviates: bool = True
) -> Iterator[Given]:
    """The options among *words*, which stand behind the program, in order.

    *abbreviates*: the beginning of a long option is enough where it is no other's.
    """
    return _Line(list(words), flags, abbreviates).read()


class _Line(Struct):
    words: list[Word]
    flags: Mapping[str, Option]
    abbreviates: bool
    at: int = 0

    def read(self) -> Iterator[Given]:
        while self.at < len(self.words):
            word = self.words[self.at]
            self.at += 1
            if word.text == "--":
                yield from (Given(None, w.text, w, w.place) for w in self.words[self.at :])
                return
            if isinstance(word, Uncertain) or not _is_flag(word.text):
                yield Given(None, word.text, word, word.place)
            elif word.text.startswith("--"):
                yield self._long(word)
            else:
                yield from self._short(word)

    def _long(self, word: Word) -> Given:
        flag, equals, inline = word.text.partition("=")
        meant = [flag] if flag in self.flags else []
        if not meant and self.abbreviates:
            meant = [f for f in self.flags if f.startswith(flag)]
        found = {self.flags[f].name + self.flags[f].alone: self.flags[f] for f in meant}
        if len(found) != 1:
            return self._unknown(word, flag)
        option = next(iter(found.values()))
        if equals:
            return self._inline(option, word, len(flag) + 1, inline)
        return self._valued(option, word)

    def _short(self, word: Word) -> Iterator[Given]:
        """`-w4`, `-qv`: short options without a space."""
        at = 1
        while at < len(word.text):
            option = self.flags.get(f"-{word.text[at]}")
            at += 1
            if option is None:
                yield self._unknown(word, f"-{word.text[at - 1]}")
                return
            rest = word.text[at:]
            if (option.takes or option.may) and rest:
                skip = rest.startswith("=") and not option.takes
                yield self._inline(option, word, at + skip, rest[skip:])
                return
            if option.takes or option.may:
                yield self._valued(option, word)
                return
            yield Given(option, option.alone, word, word.place)

    def _inline(self, option: Option, word: Word, start: int, text: str) -> Given:
        if not option.takes and not option.may:
            return Given(option, text, word, word.place, f"{word.text[:start]} takes no value")
        locate = shell.located(word.text, word.place)
        part = locate(start, start + len(text))
        return Given(option, text, replace(word, text=text, place=part), _joined(word.place, part))

    def _valued(self, option: Option, word: Word) -> Given:
        following = self.words[self.at] if self.at < len(self.words) else None
        if following is None and option.takes:
            return Given(option, "", word, word.place, f"{word.text} needs a value")
        if following is None or not (option.takes or self._is_meant(option, following)):
            return Given(option, option.alone, word, word.place)
        self.at += 1
        return Given(option, following.text, following, _joined(word.place, following.place))

    def _is_meant(self, option: Option, following: Word) -> bool:
        return option.may and following.text.isdecimal()

    def _unknown(self, word: Word, flag: str) -> Given:
        hint = suggestion(flag, self.flags)
        option = Option(flag.lstrip("-"))
        return Given(option, "", word, word.place, f"there is no option {flag}{hint}")


def _is_flag(text: str) -> bool:
    return len(text) > 1 and text[0] == "-"


def _joined(flag: Place | None, value: Place | None) -> Place | None:
    """From an option to the end of its value; the value's own where that stands elsewhere."""
    if flag is None or value is None or flag.path != value.path:
        return value or flag
    first, last = flag.span, value.span
    is_elsewhere = value.value is not None and value.value != value.span
    if is_elsewhere or (first.line, first.column) > (last.line, last.column):
        return value
    return Place(flag.path, Span(first.line, first.column, last.end_line, last.end_column), last)
