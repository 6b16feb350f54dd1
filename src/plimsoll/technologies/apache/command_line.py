"""The command line of Apache: `-f` names the file, `-D` defines, `-C` and `-c` give directives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.reader import Word
from plimsoll.model.setting import Block, Include, Item, Origin, Setting, Unread
from plimsoll.syntax.arguments import after_program, place_of
from plimsoll.technologies.apache.directives import canonical
from plimsoll.technologies.apache.envvars import VARIABLE
from plimsoll.technologies.apache.lexer import lines, unquoted
from plimsoll.technologies.apache.signs import SIGNS

_VALUED = "DCcfdekE"
_ARGUMENTS = frozenset({"start", "stop", "restart", "graceful", "graceful-stop"})
# Variables of Debian's and of distributions' service files that hold more arguments.
_MORE = ("APACHE_ARGUMENTS", "OPTIONS")


def items(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """Variables that files may ask for, what is defined, the file, then directives."""
    for name, word in environment.items():
        # A value of the environment may be a secret, and nothing but a file's `${NAME}` needs it.
        scope = (Block(VARIABLE, name, word.place),)
        yield Setting(
            "environment", word.text, word.place, scope, Origin.ENVIRONMENT, is_secret=True
        )
    program, rest = after_program(words, SIGNS.programs)
    options = list(_options([*rest, *_more(environment)]))
    root = next((w.text.rstrip("/") for flag, w in options if flag == "d"), "")
    for kind in ("D", "C", "f", "c", "?"):
        for flag, word in options:
            if flag == kind:
                yield from _item(flag, word, root)
    yield from _worker_program(program, words)


def _more(environment: Mapping[str, Word]) -> Iterator[Word]:
    for name in _MORE:
        if word := environment.get(name):
            yield from (Word(text, word.place) for text in word.text.split())


def _options(words: Sequence[Word]) -> Iterator[tuple[str, Word]]:
    """Flag and value, which may be joined to it."""
    waiting = ""
    for word in words:
        if waiting:
            yield waiting, word
            waiting = ""
        elif word.text.startswith("-") and len(word.text) > 1 and word.text[1] in _VALUED:
            flag = word.text[1]
            if len(word.text) == 2:
                waiting = flag
            else:
                place = place_of(word, 2)
                yield flag, Word(word.text[2:], place)
        elif not word.text.startswith("-") and word.text not in _ARGUMENTS:
            yield "?", word


def _item(flag: str, word: Word, root: str) -> Iterator[Item]:
    if flag == "D":
        yield Setting("Define", word.text, word.place, origin=Origin.COMMAND_LINE)
    elif flag == "f" and word.place:
        path = word.text if word.text.startswith("/") or not root else f"{root}/{word.text}"
        yield Include(path, word.place)
    elif flag in ("C", "c"):
        yield from _directives(word)
    elif flag == "?" and word.place:
        yield Unread(word.place.path, f"Apache has no argument {word.text!r}", word.place)


def _directives(word: Word) -> Iterator[Item]:
    for line in lines(word.text):
        name, *texts = (unquoted(each.text) for each in line.words)
        made = Setting(canonical(name), " ".join(texts), word.place)
        yield replace(made, origin=Origin.COMMAND_LINE)


def _worker_program(program: str, words: Sequence[Word]) -> Iterator[Item]:
    """Up to 2.2 the program's name says which MPM is in it: httpd.worker."""
    mpm = program.partition(".")[2]
    if mpm in ("worker", "event", "prefork"):
        yield Setting("mpm", mpm, words[0].place, origin=Origin.COMMAND_LINE)
