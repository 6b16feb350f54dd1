"""Where the value of a written setting stands, as the text that another one may take the place of."""

from __future__ import annotations

import re

from msgspec import Struct

from plimsoll.model.place import Span
from plimsoll.model.setting import Setting
from plimsoll.syntax.text import Lines

_QUOTES = ("", '"', "'")


class Spot(Struct, frozen=True):
    """*quote*: what stands around the value, and belongs to *span*."""

    span: Span
    quote: str = ""


def spot(setting: Setting, text: str) -> Spot | None:
    """The value alone in the *text* of its file; None where it is not written as such.

    Where nobody says which part of a setting its value is, it is what reads like it.
    """
    place = setting.place
    if place is None:
        return None
    lines = Lines(text, "")
    span = place.value or place.span
    start = lines.offset(span.line, span.column)
    raw = text[start : lines.offset(span.end_line, span.end_column)]
    if place.value is not None:
        said = (each for each in _QUOTES if raw == f"{each}{setting.text}{each}")
        quote = next(said, None)
        return None if quote is None else Spot(span, quote)
    if not setting.text:
        return None
    found = [*re.finditer(rf"(?<![\w.-]){re.escape(setting.text)}(?![\w.-])", raw)]
    if len(found) != 1:
        return None
    return Spot(lines.span(start + found[0].start(), start + found[0].end()))
