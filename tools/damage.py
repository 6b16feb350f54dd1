"""Damage to texts, as people and bad connections do it, and worse."""

from __future__ import annotations

import random
from collections.abc import Callable

from plimsoll.syntax.text import decoded, encoded

LONGEST = 20_000

# What lexers and number readers trip over.
PIECES = (
    "{", "}", "{" * 3000, "[" * 3000, "(" * 3000, ";", "#", "'", '"', '"""', "\\", "\\\n", "\n",
    "\r\n", "\r", "\0", "\t", "\x0b", "\x85", "\u2028", "\ufeff", "\udcff", "\U0001f6a2", "²", "٣",
    "$", "${", "${A:-", "%", "%%i", "&a", "*a", "<<: *a\n", "!!python/object:x.y {}", "---\n", "=",
    ":", ": ", "- ", "include *;\n", "-1", "0", "00", "1e999", "9" * 5000, "0x", "1.5.2", "nan",
    "inf", "18446744073709551616", "kB", "ms", "on", "~", "|\n", ">-\n", " " * 500, "a" * 5000,
)  # fmt: skip

Damage = Callable[[random.Random, str, str], str]


def cut(chance: random.Random, text: str, _: str) -> str:
    start, end = two_places(chance, text)
    return text[:start] + text[end:]


def repeat(chance: random.Random, text: str, _: str) -> str:
    start, end = two_places(chance, text)
    return text[:end] + text[start:end] * chance.choice((1, 1, 2, 50)) + text[end:]


def put_in(chance: random.Random, text: str, _: str) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice(PIECES) + text[at:]


def replace(chance: random.Random, text: str, _: str) -> str:
    at = chance.randint(0, len(text))
    return (
        text[:at]
        + chr(chance.choice((chance.randrange(128), chance.randrange(0xD800))))
        + (text[at + 1 :])
    )


def graft(chance: random.Random, text: str, other: str) -> str:
    start, end = two_places(chance, other)
    at = chance.randint(0, len(text))
    return text[:at] + other[start:end] + text[at:]


def two_places(chance: random.Random, text: str) -> tuple[int, int]:
    """A piece of the text, rather short than long."""
    start = chance.randint(0, len(text))
    return start, min(len(text), start + int(chance.expovariate(1 / 40)))


DAMAGES: tuple[Damage, ...] = (cut, repeat, put_in, put_in, replace, graft)


def damaged(chance: random.Random, text: str, other: str) -> str:
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        text = chance.choice(DAMAGES)(chance, text, other)
    return decoded(encoded(text[:LONGEST]))
