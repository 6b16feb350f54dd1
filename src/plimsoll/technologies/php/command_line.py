"""The command line of php and php-fpm, and the variables that say which files are read.

Source: PHP manual, Command line options, PHP_INI_SCAN_DIR; measured on 8.2.35.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Setting, Unread, Value
from plimsoll.syntax.arguments import place_of
from plimsoll.syntax.environ import carried
from plimsoll.syntax.expression_ini import Entry, statements
from plimsoll.syntax.expression_values import LEVELS
from plimsoll.syntax.expression_waiting import waiting
from plimsoll.syntax.globs import literal
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies.php.winners import FIXED_ON_COMMAND_LINE, NO_FILE, SAPI

_PROGRAM = re.compile(r"(php-fpm|php-cgi|php|apache2|httpd)[0-9.]*")
_SERVES = {
    "php-fpm": "fpm",
    "php-cgi": "cgi",
    "php": "cli",
    "apache2": "apache2",
    "httpd": "apache2",
}
# Options that take a value, beside -c and -d.
_VALUED = {"cli": "fzrBRFESt", "fpm": "pgy", "cgi": "bTfz"}
_NOWHERE = Place("", Span(1, 1, 1, 1))
_PLAIN = re.compile(r"[A-Za-z0-9\"']|\Z")


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """Files that the command and the environment name, then every `-d name=value`."""
    if environment:
        yield carried(environment)
    program, rest = _program(words)
    served = _SERVES.get(program, "")
    if served:
        yield Setting(SAPI, served, origin=Origin.COMMAND_LINE)
    if served == "cli":
        for name, text in FIXED_ON_COMMAND_LINE.items():
            yield Setting(name, text, origin=Origin.DEFAULT)
    given = list(_options(rest, served)) if served in _VALUED else []
    yield from _files(given, environment)
    for option, word in given:
        if option == "d":
            yield _defined(word)


def _program(words: Sequence[Word]) -> tuple[str, Sequence[Word]]:
    """The program without its folder and version, and the words behind it."""
    for at, word in enumerate(words):
        found = _PROGRAM.fullmatch(word.text.rpartition("/")[2])
        if found:
            return found[1], words[at + 1 :]
    return "", ()


def _options(words: Sequence[Word], served: str) -> Iterator[tuple[str, Word]]:
    """The options -c, -d and -n with their values, up to the script's own words."""
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if not word.text.startswith("-") or word.text in ("-", "--"):
            return
        if word.text.startswith("--"):
            at += word.text in ("--prefix", "--pid", "--fpm-config")
            continue
        for index, letter in enumerate(word.text[1:], start=1):
            if letter not in f"cd{_VALUED[served]}":
                if letter == "n":
                    yield letter, word
                continue
            inline = word.text[index + 1 :]
            if inline:
                cut = inline.removeprefix("=")
                start = len(word.text) - len(cut)
                yield letter, replace(word, text=cut, place=place_of(word, start))
            elif at < len(words):
                yield letter, replace(words[at], place=place_of(words[at]))
                at += 1
            break


def _files(given: Sequence[tuple[str, Word]], environment: Mapping[str, Word]) -> Iterator[Item]:
    for option, word in given:
        if option == "n":
            yield Setting(NO_FILE, "1", word.place, origin=Origin.COMMAND_LINE)
    named = [word for option, word in given if option == "c"][-1:]
    for word in named or [w for w in (environment.get("PHPRC"),) if w]:
        yield from _file(word)
    folders = environment.get("PHP_INI_SCAN_DIR")
    for folder in folders.text.split(":") if folders and not isinstance(folders, Uncertain) else ():
        if folder:
            pattern = f"{literal(folder).rstrip('/')}/*.ini"
            yield Include(
                pattern, folders.place or _NOWHERE if folders else _NOWHERE, is_optional=True
            )


def _file(word: Word) -> Iterator[Item]:
    """The php.ini that is named, or the one in a folder that is."""
    place = word.place or _NOWHERE
    if isinstance(word, Uncertain):
        yield Unread(place.path, f"-c {word.text}: {word.value}", place)
        return
    path = literal(word.text)
    is_file = word.text.endswith(".ini")
    yield Include(
        path if is_file else f"{path.rstrip('/')}/php.ini", place, is_optional=not is_file
    )


def _defined(word: Word) -> Item:
    """`-d name=value`, which is read as a line of a file.

    A value that begins with neither a letter, a digit nor a quote is put in double quotes first.
    """
    name, equals, text = word.text.partition("=")
    origin = Origin.COMMAND_LINE
    if isinstance(word, Uncertain):
        return Setting(name, text, word.place, origin=origin, value=word.value)
    if not equals:
        return Setting(name, "1", word.place, origin=origin)
    place = word.place
    if place is not None and place.value is not None and place.value.line == place.value.end_line:
        span = place.value
        if span.end_column - span.column == len(word.text):
            moved = replace(span, column=span.column + len(name) + 1)
            place = replace(place, value=moved)
    line = text if _PLAIN.match(text) else f'"{text}"'
    found = next(iter(statements(f"{name}={line}\n", LEVELS)), None)
    if not isinstance(found, Entry) or found.value is None:
        return Unread(place.path if place else "", f"-d {name}: PHP cannot read its value", place)
    unknown: Value | None = waiting(found.value)
    return Setting(name, found.value.text, place, origin=origin, value=unknown)
