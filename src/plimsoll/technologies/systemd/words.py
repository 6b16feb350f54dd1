"""Words of a unit's values: systemd's own quoting, command lines, specifiers, variables.

Source: systemd.service(5), "Command lines"; systemd.syntax(7), "Quoting"; systemd.unit(5),
"Specifiers". Held against the dump of `systemd --test`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.syntax.text import Lines
from plimsoll.syntax.traced import Traced

_BLANK = " \t\r\n"
_ESCAPE = re.compile(
    r"\\(?:([abfnrtvs\\\"'])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2}))"
)
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "s": " "}
_SPECIFIER = re.compile(r"%(.)")
_BRACED = re.compile(r"\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=")

_LONGEST = 100_000  # characters that variables may put into a word

# Directories of the system manager.
_FOLDERS = {
    "t": "/run", "S": "/var/lib", "C": "/var/cache", "L": "/var/log", "E": "/etc",
    "T": "/tmp", "V": "/var/tmp",  # noqa: S108 - names, nothing is opened there
    "U": "0", "u": "root", "g": "root", "G": "0",
}  # fmt: skip


class QuotingError(Exception):
    """A quote that nothing closes: systemd ignores the line."""


class Command(Struct, frozen=True):
    """One command of an Exec line. *prefixes* are those before the program: `-`, `@`, `:`, ..."""

    prefixes: str
    words: tuple[Traced, ...]


class Variable(Struct, frozen=True):
    """The value of an environment variable and the file that it stands in.

    *unknown*: specifiers in it that cannot be told.
    """

    value: Traced
    lines: Lines
    unknown: tuple[str, ...] = ()


class Expanded(Struct, frozen=True):
    """A word of a command after its variables, and the file that its text stands in.

    *unknown*: variables (`$X`) and specifiers (`%i`) that cannot be told and are left as written.
    """

    text: Traced
    lines: Lines
    unknown: tuple[str, ...] = ()


def words(value: Traced) -> list[Traced]:
    """The words of a value, unquoted.

    Raises:
        QuotingError: a quote is not closed.
    """
    found, at = [], 0
    while (word := _word(value, at)) is not None:
        found.append(word[0])
        at = word[1]
    return found


def commands(value: Traced) -> list[Command]:
    """The commands of an Exec line, which a lone `;` divides.

    Raises:
        QuotingError: a quote is not closed.
    """
    found: list[Command] = []
    current: list[Traced] = []
    at = 0
    while True:
        at = _skip(value.text, at)
        if _is_lone(value.text, at, ";"):
            found += _command(current)
            current, at = [], at + 1
        elif _is_lone(value.text, at, "\\;"):
            current.append(value.cut([(";", at, at + 2)], at))
            at += 2
        elif (word := _word(value, at)) is not None:
            current.append(word[0])
            at = word[1]
        else:
            return [*found, *_command(current)]


def assignments(value: Traced) -> Iterator[tuple[str, Traced]]:
    """The variables of an Environment line; what is no assignment is left out, as systemd does.

    Raises:
        QuotingError: a quote is not closed.
    """
    for word in words(value):
        if found := _ASSIGNMENT.match(word.text):
            at = found.end()
            yield found[1], word.cut([(word.text[at:], at, len(word.text))], at)


class Meanings(Struct, frozen=True):
    """What stands behind specifiers and variables.

    *is_unset*: whether a variable that is not among *variables* surely has no value.
    """

    specifiers: Mapping[str, str]
    variables: Mapping[str, Variable]
    is_unset: Callable[[str], bool]


def expanded(command: Command, lines: Lines, meanings: Meanings) -> Iterator[Expanded]:
    """The words with what they stand for: `${X}` stays in its word, a word `$X` becomes its words."""
    for index, word in enumerate(command.words):
        missing = unresolved(word, meanings.specifiers)
        plain = with_specifiers(word, meanings.specifiers)
        if index == 0 or ":" in command.prefixes:
            found = [Expanded(plain, lines)]
        elif plain.text.startswith("$") and plain.text[1:2] not in ("{", "$", ""):
            found = _split_variable(plain, lines, meanings)
        else:
            found = [_with_braces(plain, lines, meanings)]
        for each in found:
            yield replace(each, unknown=(*missing, *each.unknown))


def unresolved(word: Traced, specifiers: Mapping[str, str]) -> tuple[str, ...]:
    """The specifiers in *word* that only the machine knows."""
    found = (m[1] for m in _SPECIFIER.finditer(word.text))
    return tuple(f"%{letter}" for letter in found if letter != "%" and letter not in specifiers)


def with_specifiers(word: Traced, specifiers: Mapping[str, str]) -> Traced:
    """*word* with `%n` and the like; those that only the machine knows stay as they are."""
    if "%" not in word.text:
        return word
    parts, at = [], 0
    for found in _SPECIFIER.finditer(word.text):
        meant = "%" if found[1] == "%" else specifiers.get(found[1])
        if meant is None:
            continue
        parts.append((word.text[at : found.start()], at, found.start()))
        parts += _replaced(meant, found.start(), found.end())
        at = found.end()
    parts.append((word.text[at:], at, len(word.text)))
    return word.cut(parts, 0)


def specifiers(unit: str) -> dict[str, str]:
    """What the specifiers mean that the name of a unit and the system manager decide."""
    name = unit.rpartition(".")[0]
    prefix, at, instance = name.partition("@")
    found = dict(_FOLDERS, n=unit, N=name, p=prefix, P=_unescaped(prefix))
    found["j"] = prefix.rpartition("-")[2]
    found["J"] = _unescaped(found["j"])
    if not at:
        found |= {"i": "", "I": "", "f": f"/{_unescaped(prefix)}"}
    elif instance:
        found |= {"i": instance, "I": _unescaped(instance), "f": f"/{_unescaped(instance)}"}
    else:  # a template: which instances there are is known to the machine only
        del found["n"], found["N"]
    return found


def _unescaped(name: str) -> str:
    """`var-lib` is `var/lib`; a dash itself is escaped."""
    return re.sub(r"\\x([0-9a-f]{2})", lambda m: chr(int(m[1], 16)), name.replace("-", "/"))


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at


def _is_lone(text: str, at: int, sign: str) -> bool:
    end = at + len(sign)
    return text.startswith(sign, at) and (end == len(text) or text[end] in _BLANK)


def _word(value: Traced, at: int) -> tuple[Traced, int] | None:
    """The next word and where it ends; None at the end of the value."""
    text = value.text
    at = start = _skip(text, at)
    if at == len(text):
        return None
    parts: list[tuple[str, int, int]] = []
    quote = ""
    while at < len(text) and (quote or text[at] not in _BLANK):
        char = text[at]
        if char == "\\" and (found := _ESCAPE.match(text, at)):
            parts.append((_escaped(found), at, found.end()))
            at = found.end()
            continue
        if char == "\\" and at + 1 < len(text):  # no escape: both characters stay
            parts.append((text[at : at + 2], at, at + 2))
            at += 2
            continue
        if char == quote:
            quote = ""
        elif not quote and char in "'\"":
            quote = char
        else:
            parts.append((char, at, at + 1))
        at += 1
    if quote:
        raise QuotingError
    return value.cut(parts, start), at


def _escaped(found: re.Match[str]) -> str:
    simple, two, four, eight, octal = found.groups()
    if simple:
        return _SIMPLE.get(simple, simple)
    code = int(two or four or eight or octal, 8 if octal else 16)
    return chr(code) if code <= 0x10FFFF else found[0][-1]


def _command(found: Sequence[Traced]) -> Iterator[Command]:
    if not found:
        return
    first = found[0]
    length = 0
    while length < len(first.text) and first.text[length] in "-@:+!|":
        length += 1
    prefixes, rest = first.text[:length], first.text[length:]
    program = first.cut([(rest, length, len(first.text))], length)
    arguments = list(found[1:])
    if "@" in prefixes:
        arguments = arguments[1:]  # the name that the process sees as its own
    yield Command(prefixes, (program, *arguments))


def _split_variable(word: Traced, lines: Lines, meanings: Meanings) -> list[Expanded]:
    name = word.text[1:]
    variable = meanings.variables.get(name)
    if variable is None:
        return [] if meanings.is_unset(name) else [Expanded(word, lines, (word.text,))]
    try:
        parts = words(variable.value)
    except QuotingError:
        parts = [variable.value]
    return [Expanded(each, variable.lines, variable.unknown) for each in parts]


def _with_braces(word: Traced, lines: Lines, meanings: Meanings) -> Expanded:
    whole = _BRACED.fullmatch(word.text)
    if whole and whole[1] and (variable := meanings.variables.get(whole[1])):
        return Expanded(variable.value, variable.lines, variable.unknown)
    parts: list[tuple[str, int, int]] = []
    unknown: list[str] = []
    at = length = 0
    for found in _BRACED.finditer(word.text):
        name = found[1] or ""
        variable = meanings.variables.get(name)
        if name and variable is None and not meanings.is_unset(name):
            unknown.append(f"${name}")
            continue
        meant = variable.value.text if variable else ("" if name else "$")
        unknown += variable.unknown if variable else ()
        length += len(meant)
        if length > _LONGEST:
            return Expanded(word, lines, (f"${name}",))
        parts.append((word.text[at : found.start()], at, found.start()))
        parts += _replaced(meant, found.start(), found.end())
        at = found.end()
    parts.append((word.text[at:], at, len(word.text)))
    return Expanded(word.cut(parts, 0), lines, tuple(unknown))


def _replaced(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """A text in place of a longer or shorter one: its first character stands for all of it."""
    if not text:
        return []
    return [(text[0], start, end), (text[1:], end, end)]
