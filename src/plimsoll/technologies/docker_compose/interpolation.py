"""Variables in the values of a Compose file: `$X`, `${X:-default}`, `${X:?error}`, `$$`.

Source: Compose specification, "Interpolation".
"""

from __future__ import annotations

import re
from collections.abc import Callable

from plimsoll.syntax.traced import Traced
from plimsoll.syntax.yaml_tree import Meant

_SIGN = re.compile(r"\$(?:\$|([A-Za-z_][A-Za-z0-9_]*)|(\{))")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = re.compile(r":?[-?+]")
_DEEPEST = 10  # defaults within defaults
_LONGEST = 1_000_000  # characters of a value

# The value of a variable; None where nobody has said it.
Lookup = Callable[[str], str | None]

Part = tuple[str, int, int]


class _UnknownError(Exception):
    """A variable that has no default and that no file sets, or a `$` that means nothing."""


def interpolated(text: Traced, lookup: Lookup) -> Meant:
    """*text* with its variables replaced."""
    if "$" not in text.text:
        return Meant(text)
    try:
        parts, _ = _parts(text.text, 0, lookup, _DEEPEST, inside=False)
    except _UnknownError as unknown:
        return Meant(text, str(unknown))
    if sum(len(part) for part, _, _ in parts) > _LONGEST:
        return Meant(text, "is too long")
    return Meant(text.cut(parts, 0))


def _parts(
    text: str, at: int, lookup: Lookup, depth: int, *, inside: bool
) -> tuple[list[Part], int]:
    """The pieces of *text* from *at* on, up to its end or, inside of braces, the closing one."""
    if not depth:
        raise _UnknownError("defaults are nested too deeply")
    parts: list[Part] = []
    while at < len(text) and not (inside and text[at] == "}"):
        if text[at] != "$":
            parts.append((text[at], at, at + 1))
            at += 1
            continue
        found = _SIGN.match(text, at)
        if not found:
            raise _UnknownError(f"a lone $ in {text!r}: write $$")
        if found[2]:
            more, at = _braced(text, found.end(), lookup, depth)
            parts += more
        else:
            meant = _told(found[1], lookup) if found[1] else "$"
            parts += replacing(meant, at, found.end())
            at = found.end()
    return parts, at


def _braced(text: str, at: int, lookup: Lookup, depth: int) -> tuple[list[Part], int]:
    """`NAME}` or `NAME:-default}` from *at* on, and where the rest begins."""
    start = at - 2
    name = _NAME.match(text, at)
    if not name:
        raise _UnknownError(f"no name of a variable in {text!r}")
    operator = _OPERATOR.match(text, name.end())
    if not operator:
        end = name.end() + 1
        if text[name.end() : end] != "}":
            raise _UnknownError(f"a brace is not closed in {text!r}")
        return replacing(_told(name[0], lookup), start, end), end
    close = _closing(text, operator.end())
    value = lookup(name[0])
    is_set = value is not None and (bool(value) or ":" not in operator[0])
    if operator[0].endswith("+"):
        if value is None:
            raise _UnknownError(_not_told(name[0]))
        taken = is_set
    else:
        if is_set:
            return replacing(value or "", start, close + 1), close + 1
        if operator[0].endswith("?"):
            raise _UnknownError(_not_told(name[0]))
        taken = True
    inner = _parts(text, operator.end(), lookup, depth - 1, inside=True)[0] if taken else []
    return inner, close + 1


def _closing(text: str, at: int) -> int:
    """Where the brace closes whose inside begins at *at*."""
    open_ = 1
    while at < len(text):
        open_ += text.startswith("${", at) - (text[at] == "}")
        if not open_:
            return at
        at += 1
    raise _UnknownError(f"a brace is not closed in {text!r}")


def _told(name: str, lookup: Lookup) -> str:
    value = lookup(name)
    if value is None:
        raise _UnknownError(_not_told(name))
    return value


def _not_told(name: str) -> str:
    return f"${{{name}}} comes from the environment: no default, and .env does not set it"


def replacing(text: str, start: int, end: int) -> list[Part]:
    """A text in place of a longer or shorter one: its first character stands for all of it."""
    if not text:
        return []
    return [(text[0], start, end), (text[1:], end, end)]
