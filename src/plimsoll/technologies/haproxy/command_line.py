"""The command line of HAProxy, and the variables of the environment, which its files may hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.reader import Word
from plimsoll.model.setting import Block, Include, Item, Origin, Setting, Unread
from plimsoll.syntax.arguments import after_program, place_of
from plimsoll.technologies.haproxy.signs import SIGNS
from plimsoll.technologies.haproxy.winners import VARIABLE

# Options with a value, and the settings that three of them are.
_VALUED = frozenset({"-f", "-n", "-m", "-N", "-L", "-p", "-C", "-S", "-x", "-cc"})
_SETTINGS = {"-n": "maxconn", "-N": "maxpconn", "-m": "maxmemory", "-L": "localpeer"}
# What follows up to the next option are process ids.
_MANY = frozenset({"-sf", "-st"})
_PLAIN = ("-d", "-D", "-W", "-Ws", "-c", "-q", "-v", "-V", "-vv", "-h")


def items(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """The variables that files may ask for, the files that are named, then the settings."""
    for name, word in environment.items():
        # A value of the environment may be a secret, and nothing but a file's `$NAME` needs it.
        scope = (Block(VARIABLE, name, word.place),)
        yield Setting(
            "environment", word.text, word.place, scope, Origin.ENVIRONMENT, is_secret=True
        )
    _, rest = after_program(words, SIGNS.programs)
    if not rest:
        rest = _of_service(environment)
    yield from _Options(rest).items()


def _of_service(environment: Mapping[str, Word]) -> Sequence[Word]:
    """What Debian's unit puts on the command line: CONFIG, then EXTRAOPTS."""
    words: list[Word] = []
    if config := environment.get("CONFIG"):
        words += [Word("-f"), config]
    if extra := environment.get("EXTRAOPTS"):
        words += [Word(text, extra.place) for text in extra.text.split()]
    return words


class _Options:
    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.folder = ""

    def items(self) -> Iterator[Item]:
        at, is_files = 0, False
        while at < len(self.words):
            word = self.words[at]
            following = self.words[at + 1] if at + 1 < len(self.words) else None
            at += 1
            if is_files or not word.text.startswith("-"):
                if is_files:
                    yield from self._file(word)
                elif word.place:
                    reason = f"HAProxy has no argument {word.text!r}"
                    yield Unread(word.place.path, reason, word.place)
            elif word.text == "--":
                is_files = True
            elif word.text in _MANY:
                at += sum(1 for _ in _leading(self.words[at:]))
            elif word.text in _VALUED and following is not None:
                yield from self._option(word.text, following)
                at += 1
            elif not word.text.startswith(_PLAIN) and word.place:
                yield Unread(word.place.path, f"HAProxy has no option {word.text!r}", word.place)

    def _option(self, option: str, word: Word) -> Iterator[Item]:
        if option == "-f":
            yield from self._file(word)
        elif option == "-C":
            self.folder = word.text.rstrip("/") + "/"
        elif option in _SETTINGS:
            origin = Origin.COMMAND_LINE
            yield Setting(_SETTINGS[option], word.text, place_of(word), origin=origin)

    def _file(self, word: Word) -> Iterator[Item]:
        """A file, or a folder whose files are read in the order of their names."""
        if word.place is None:
            return
        path = word.text if word.text.startswith("/") else f"{self.folder}{word.text}"
        name = path.rstrip("/").rpartition("/")[2]
        if path.endswith("/") or "." not in name or name.endswith(".d"):
            path = f"{path.rstrip('/')}/*.cfg"
        yield Include(path, word.place)


def _leading(words: Sequence[Word]) -> Iterator[Word]:
    for word in words:
        if not word.text.isdigit():
            return
        yield word
