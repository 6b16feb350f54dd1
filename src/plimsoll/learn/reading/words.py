"""Words that carry meaning, cut to what their forms share."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*", re.UNICODE)
_STOP_WORDS = """
    a an and are as at be been being but by can could did do does for from had has have how if
    in into is it its itself may might more most must no not of off on once only or our out over
    own should so some such than that the their them then there these they this those through to
    too under until up upon us very was we were what when where which while who why will with
    within without would you your also any all both each few other same just during after before
    again further about between because he she his her i me my made make due resulting result
    led leading cause caused causing issue issues problem problems incident incidents outage
    root
"""
_STOP = frozenset(_STOP_WORDS.split())
_ENDINGS = (
    "ations",
    "ation",
    "ments",
    "ment",
    "ings",
    "ing",
    "edly",
    "ies",
    "ied",
    "ions",
    "ion",
    "ers",
    "er",
    "ed",
    "es",
    "ly",
    "s",
    "e",
    "y",
)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Roughly the part that all forms of an English word share."""
    word = word.casefold().replace("\u2019", "'").removesuffix("'s")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=2_000)
def content_words(text: str) -> set[str]:
    """The stems of *text* without words that say nothing about it."""
    found = (word.casefold() for word in _WORD.findall(text[:4000]))
    return {stem(word) for word in found if word not in _STOP and len(word) > 2}


_SENTENCE = re.compile(
    r"(?<=[.!?])[\"')\]]*\s+(?=[A-Z0-9\"'(\[@#*`])|(?<=[\u3002\uff01\uff1f])\s*|\n{2,}"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|approx|incl|a\.m|p\.m|no|dr|mr|ms|inc|ltd|st)\.)$", re.IGNORECASE
)


@lru_cache(maxsize=1_000)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a paragraph."""
    out: list[str] = []
    for piece in _SENTENCE.split(text.replace("\n", " ")):
        if out and _ABBREVIATION.search(out[-1]):
            out[-1] = f"{out[-1]} {piece}"
        elif piece and piece.strip():
            out.append(piece.strip())
    return tuple(out)
