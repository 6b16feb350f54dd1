"""What stands for something else in a value: `%d`, `$(NAME)`, `%(option + 1)`, `@(file)`.

Source: uWSGI documentation, Configuration logic, Magic variables; measured on 2.0.21.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec import Struct

from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula, Unknown
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies.uwsgi.values import leading

_MAGIC = re.compile(r"%(.)", re.DOTALL)
_VARIABLE = re.compile(r"\$\(([^()]*)\)")
_PLACEHOLDER = re.compile(r"%\(([^()]+)\)")
REFERRED = re.compile(r"%\(([\w.-]+)")  # to another option
_CORES = "\x00cores\x00"  # stands for %k until the value is known
_WHOLE = re.compile(r"-?[0-9]+")
_TERM = r"[( ]*+(?:s\.cores_seen|[0-9]++)[) ]*+"
_FORMULA = re.compile(rf"{_TERM}(?:[-+*/]{_TERM})*")
_OPERATORS = {"+": "+", "-": "-", "*": "*", "/": "/"}
# Beside these a letter behind % has no meaning, and both vanish.
_OF_THE_MACHINE = "vtTcuUgGhHimMnVwWjFfaAbBEDdpPyYzZ0123456789"
_LONGEST = 10_000


class Filled(Struct, frozen=True):
    """A text with what its variables stand for; *value* where that is no text."""

    text: str
    value: Formula | Unknown | None = None


def filled(
    text: str,
    path: str,
    section: str,
    environment: Mapping[str, Word],
    option: Callable[[str], str | None] | None,
) -> Filled:
    """*text* as uWSGI sees it. *option*: the text of another option, the first of that name.

    None where the option is read at once, so that only letters behind `%` are filled in.
    """
    if "%" not in text and "$(" not in text and "@(" not in text:
        return Filled(text)
    told = _magic(text, path, section)
    if isinstance(told, Unknown):
        return Filled(text, told)
    if option is not None:
        told = _environment(told, environment)
        if isinstance(told, Unknown):
            return Filled(text, told)
        told = _placeholders(told, option)
        if "@(" in told:
            return Filled(text, Unknown("read from another file: @(...)"))
    if _CORES not in told:
        return Filled(told)
    formula = told.replace(_CORES, "s.cores_seen")
    if _FORMULA.fullmatch(formula):
        return Filled(text, Formula(formula))
    return Filled(text, Unknown("computed from the cores of the machine"))


def _magic(text: str, path: str, section: str) -> str | Unknown:
    """Letters behind `%`: those of the file's name are known here, its folder is not."""
    name = path.rpartition("/")[2]
    stem, dot, ending = name.rpartition(".")
    known = {
        "%": "%",
        "(": "%(",
        "s": name,
        "o": name,
        "n": stem if dot else name,
        "N": stem if dot else name,
        "e": ending if dot else "",
        "x": section,
        "k": _CORES,
    }
    unknown: list[str] = []

    def meant(found: re.Match[str]) -> str:
        letter = found[1]
        if letter in known:
            return known[letter]
        if letter in _OF_THE_MACHINE:
            unknown.append(found[0])
        return ""

    told = _MAGIC.sub(meant, text)
    if unknown:
        return Unknown(f"{unknown[0]}: only the running server would tell")
    return told


def _environment(text: str, environment: Mapping[str, Word]) -> str | Unknown:
    """`$(NAME)`; one that nobody sets stays as it is written."""
    uncertain: list[Unknown] = []

    def meant(found: re.Match[str]) -> str:
        word = environment.get(found[1])
        if isinstance(word, Uncertain):
            uncertain.append(Unknown(f"depends on ${found[1]}: {word.value}"))
        return found[0] if word is None else word.text

    told = _VARIABLE.sub(meant, text)
    if uncertain:
        return uncertain[0]
    missing = _VARIABLE.search(told)
    if missing:
        return Unknown(f"depends on ${missing[1]}, which nobody has told")
    return told


def _placeholders(text: str, option: Callable[[str], str | None]) -> str:
    def meant(found: re.Match[str]) -> str:
        told = _calculated(found[1], option)
        return found[0] if told is None else told

    for _ in range(20):  # what a placeholder stands for may hold more of them
        told = _PLACEHOLDER.sub(meant, text)
        if told == text or len(told) > _LONGEST:
            break
        text = told
    return text


def _calculated(inner: str, option: Callable[[str], str | None]) -> str | None:
    """`name`, or a calculation from left to right: `processes * 2`; neighbours are joined."""
    if " " not in inner:
        return option(inner) if inner != _CORES else _CORES
    told, operator = "", ""
    for word in inner.split():
        if word in _OPERATORS:
            operator = word
            continue
        if word in ("++", "--"):
            told = _result(told, word[0], "1")
            continue
        part = word if _WHOLE.fullmatch(word) or word == _CORES else option(word) or ""
        told = _result(told, operator, part) if operator else told + part
        operator = ""
    return told


def _result(left: str, operator: str, right: str) -> str:
    if _CORES in left + right:
        return f"({left or '0'} {operator} {right or '0'})"
    a, b = leading(left), leading(right)
    if operator == "/":
        return str(int(a / b) if b else 0)
    return str(a + b if operator == "+" else a - b if operator == "-" else a * b)
