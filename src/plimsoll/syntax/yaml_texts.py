"""Where the characters of a YAML scalar stand: behind quotes, escapes, folds and indentation."""

from __future__ import annotations

import re

from plimsoll.syntax.traced import Traced, joined, straight
from plimsoll.syntax.yaml_nodes import Scalar

_ESCAPES = {"x": 4, "u": 6, "U": 10}  # all others are two characters
_FOLD = re.compile(r"[ \t]*\r?\n(?:[ \t]*\r?\n)*[ \t]*")
_CUT_LINE = re.compile(r"\\\r?\n[ \t]*")
_BREAKS = re.compile(r"\r?\n(?:[ \t]*\r?\n)*")

Part = tuple[str, int, int]


def traced(text: str, scalar: Scalar) -> Traced:
    """The scalar's text with the place of each of its characters in *text*, the file's."""
    inside = 1 if scalar.style in ("'", '"') else 0
    start, end = scalar.start + inside, scalar.end - inside
    if text[start:end] == scalar.text:
        return straight(scalar.text, start)
    parts = _block(text, scalar) if scalar.style in ("|", ">") else _flow(text, scalar, start, end)
    if parts is None:
        return joined([(scalar.text, start, max(start, end))], start)
    return joined(parts, start)


def _flow(text: str, scalar: Scalar, at: int, end: int) -> list[Part] | None:
    parts: list[Part] = []
    value, index = scalar.text, 0
    while index < len(value):
        if scalar.style == '"' and (cut := _CUT_LINE.match(text, at, end)):
            at = cut.end()
            continue
        if fold := _FOLD.match(text, at, end):
            many = 1 if value[index] == " " else _same(value, index)
            parts.append((value[index], at, fold.end()))
            parts += [("\n", fold.end(), fold.end())] * (many - 1)
            index, at = index + many, fold.end()
            continue
        width = _width(text, at, scalar.style)
        if at >= end or (width == 1 and text[at] != value[index]):
            return None
        parts.append((value[index], at, at + width))
        index, at = index + 1, at + width
    return parts


def _width(text: str, at: int, style: str) -> int:
    """How many characters of the file make up the one at *at*."""
    if style == '"' and text.startswith("\\", at):
        return _ESCAPES.get(text[at + 1 : at + 2], 2)
    return 2 if style == "'" and text.startswith("''", at) else 1


def _block(text: str, scalar: Scalar) -> list[Part] | None:
    header, _, body = text[scalar.start : scalar.end].partition("\n")
    at = scalar.start + len(header) + 1
    given = re.search(r"[1-9]", header.partition("#")[0])
    first = next((line for line in body.split("\n") if line.strip()), "")
    outer = len(first) - len(first.lstrip(" "))
    indent = outer if not given else _indent_of(scalar.text, outer)
    at = _behind(text, at, indent, scalar.end)
    parts: list[Part] = []
    value, index = scalar.text, 0
    while index < len(value):
        if at >= scalar.end:
            parts.append((value[index], scalar.end, scalar.end))
            index += 1
        elif found := _BREAKS.match(text, at, scalar.end):
            many = 1 if value[index] == " " else _same(value, index)
            after = _behind(text, found.end(), indent, scalar.end)
            parts.append((value[index], at, after))
            parts += [("\n", after, after)] * (many - 1)
            index, at = index + many, after
        else:
            run = _run(value, index, text, at)
            if not run:
                return None
            parts.append((run, at, at + len(run)))
            index, at = index + len(run), at + len(run)
    return parts


def _run(value: str, index: int, text: str, at: int) -> str:
    """The characters from *index* on that stand in the file as they are: a line, else one of them."""
    for whole, start in ((text, at), (value, index)):  # a folded value's line is many of the file's
        stop = whole.find("\n", start)
        line = whole[start:] if stop < 0 else whole[start:stop]
        if line and value.startswith(line, index) and text.startswith(line, at):
            return line
    return value[index] if text[at] == value[index] else ""


def _indent_of(value: str, outer: int) -> int:
    """The indentation of a block whose first line is itself indented."""
    first = next((line for line in value.split("\n") if line.strip()), "")
    return outer - (len(first) - len(first.lstrip(" ")))


def _behind(text: str, at: int, indent: int, end: int) -> int:
    """Behind the indentation of the line at *at*."""
    stop = min(at + indent, end)
    while at < stop and text[at] == " ":
        at += 1
    return at


def _same(value: str, index: int) -> int:
    """How many line feeds stand at *index*; at least one."""
    many = len(value) - index - len(value[index:].lstrip("\n"))
    return max(many, 1)
