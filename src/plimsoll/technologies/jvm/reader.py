"""Reads the flags of a Java virtual machine: of files, of the command line, of variables.

Source: the java command's manual; measured on 17.0.21.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Reader, Word
from plimsoll.model.setting import Include, Item, Origin
from plimsoll.syntax import shell
from plimsoll.syntax.globs import literal
from plimsoll.technologies.jvm.files import read
from plimsoll.technologies.jvm.options import setting, until_program
from plimsoll.technologies.jvm.values import value
from plimsoll.technologies.jvm.variables import (
    FIRST,
    LAST,
    LAUNCHER,
    given,
    of_java,
    unread_by_java,
)
from plimsoll.technologies.jvm.winners import effective

_NOWHERE = Place("", Span(1, 1, 1, 1))
_FILES = ("-XX:Flags=", "-XX:VMOptionsFile=")
# Options of start scripts that are flags of Java.
_SCRIPTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {"solr": {"-m": ("-Xms", "-Xmx")}}


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """What the command line and the environment say, in the order in which Java reads them."""
    line = shell.again(shell.unwrapped(words, environment), environment)
    # Java alone starts nothing: nobody says how the program is started.
    java = next((n for n, word in enumerate(line[:-1]) if _is_java(word)), None)
    yield from of_java(FIRST, environment)
    yield from of_java(LAUNCHER, environment)
    if java is None:
        yield from given(environment)
        yield from _of_script(line)
    else:
        own = list(until_program(line[java + 1 :]))
        yield from unread_by_java(environment, own)
        for word in own:
            yield _file(word) or setting(word)
    yield from of_java(LAST, environment)


def _is_java(word: Word) -> bool:
    return word.text.rpartition("/")[2] == "java"


def _file(word: Word) -> Include | None:
    """The file of options that a word names."""
    found = next((begin for begin in ("@", *_FILES) if word.text.startswith(begin)), "")
    if not found or word.text.startswith("@@"):
        return None
    pattern = literal(word.text.removeprefix(found))
    return Include(pattern, word.place or _NOWHERE, origin=Origin.COMMAND_LINE)


def _of_script(words: Sequence[Word]) -> Iterator[Item]:
    program = words[0].text.rpartition("/")[2] if words else ""
    options = _SCRIPTS.get(program, {})
    for word, size in pairwise(words):
        for flag in options.get(word.text, ()):
            yield setting(Word(flag + size.text, size.place))


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=arguments,
    parts={"jvm": "jvm"},
    root="jvm",
)
