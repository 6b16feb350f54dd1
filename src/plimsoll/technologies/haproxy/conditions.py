"""Conditions of `.if`: true, false, or not to be told.

Source: HAProxy manual, 2.4 "Conditional blocks".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from plimsoll.model.version import Version

_LONGEST = 2_000
_DEEPEST = 60
_PART = re.compile(
    r"\s*(?:(?P<sign>&&|\|\||[!()])|(?P<number>-?[0-9]+)(?![\w.])"
    r"|(?P<name>[a-z_][a-z0-9_]*)\((?P<arguments>(?:[^()\"']|\"[^\"]*\"|'[^']*')*)\))"
)
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
# Versions of HAProxy that know conditions at all are at least this one.
_FIRST = Version("2.4")


class _FaultError(Exception):
    """The condition cannot be read."""


def holds(condition: str, environment: Mapping[str, str]) -> bool | None:
    """Whether a condition is true; None where we cannot tell: there may be more variables."""
    if not condition.strip():
        return False
    if len(condition) > _LONGEST:
        return None
    try:
        return _Evaluation(condition, environment).result()
    except _FaultError:
        return None


class _Evaluation:
    def __init__(self, text: str, environment: Mapping[str, str]) -> None:
        self.parts = list(_parts(text))
        self.environment = environment
        self.at = self.depth = 0

    def result(self) -> bool | None:
        found = self._any()
        if self.at != len(self.parts):
            raise _FaultError
        return found

    def _sign(self) -> str:
        part = self.parts[self.at] if self.at < len(self.parts) else None
        return (part["sign"] or "") if part else ""

    def _any(self) -> bool | None:
        found = self._all()
        while self._sign() == "||":
            self.at += 1
            found = _either(found, self._all())
        return found

    def _all(self) -> bool | None:
        found = self._one()
        while self._sign() == "&&":
            self.at += 1
            found = _negated(_either(_negated(found), _negated(self._one())))
        return found

    def _one(self) -> bool | None:
        self.depth += 1
        if self.at >= len(self.parts) or self.depth > _DEEPEST:
            raise _FaultError
        part, sign = self.parts[self.at], self._sign()
        self.at += 1
        if sign == "!":
            found = _negated(self._one())
        elif sign == "(":
            found = self._any()
            if self._sign() != ")":
                raise _FaultError
            self.at += 1
        elif sign:
            raise _FaultError
        else:
            found = self._operand(part)
        self.depth -= 1
        return found

    def _operand(self, part: re.Match[str]) -> bool | None:
        if part["number"]:
            return int(part["number"]) != 0
        arguments = [self._expanded(a.strip().strip("\"'")) for a in part["arguments"].split(",")]
        name = part["name"]
        if name == "defined":
            return True if arguments[0] in self.environment else None
        if any("$" in each for each in arguments):
            return None
        if name in ("streq", "strneq") and len(arguments) == 2:
            return (arguments[0] == arguments[1]) == (name == "streq")
        if name in ("version_atleast", "version_before"):
            return _version(name, arguments[0])
        return None

    def _expanded(self, argument: str) -> str:
        return _VARIABLE.sub(lambda f: self.environment.get(f[1] or f[2], f[0]), argument)


def _version(name: str, written: str) -> bool | None:
    try:
        is_old = Version(written) <= _FIRST
    except ValueError:
        return None
    return (name == "version_atleast") if is_old else None


def _parts(text: str) -> list[re.Match[str]]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        part = _PART.match(text, at)
        if part is None:
            raise _FaultError
        found.append(part)
        at = part.end()
    return found


def _negated(value: bool | None) -> bool | None:  # noqa: FBT001 - three values
    return None if value is None else not value


def _either(a: bool | None, b: bool | None) -> bool | None:  # noqa: FBT001 - three values
    if a or b:
        return True
    return None if a is None or b is None else False
