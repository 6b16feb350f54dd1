"""The pieces that an XML text is cut into, and what stands inside of them.

Source: XML 1.0, fifth edition.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import cache

from plimsoll.syntax.text import Token

_FIRST = (
    r":A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    r"\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = rf"[{_FIRST}][{_FIRST}\-.0-9\xb7\u0300-\u036f\u203f-\u2040]*+"
_SPACE = r"[ \t\r\n]"
_QUOTED = r"(?:\"[^<\"]*+\"|'[^<']*+')"
_ATTRIBUTE = (
    rf"{_SPACE}++(?P<name>{_NAME}){_SPACE}*+={_SPACE}*+(?P<value>{_QUOTED})|(?P<rest>{_SPACE}*+/?>)"
)
_START = rf"<{_NAME}(?:[^<>\"']|{_QUOTED})*>"
_END = rf"</{_NAME}{_SPACE}*+>"
_TEXT = re.compile(r"[^<]++")
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# The pieces of an internal subset, of which only the end is looked for.
_SUBSET = re.compile(r"<!--.*?-->|<\?.*?\?>|\"[^\"]*+\"|'[^']*+'|[^\]\"'<]++|<", re.DOTALL)
_DOCTYPE = rf"<!DOCTYPE{_SPACE}++{_NAME}(?:[^\[\]<>\"']|\"[^\"]*+\"|'[^']*+')*"
_DOCTYPE_END = re.compile(rf"\]?{_SPACE}*+>")

_DECLARATION = re.compile(
    rf"<\?xml{_SPACE}++version{_SPACE}*+={_SPACE}*+(?:\"1\.[0-9]+\"|'1\.[0-9]+')"
    rf"(?:{_SPACE}++encoding{_SPACE}*+={_SPACE}*+(?P<encoding>\"[A-Za-z][\w.\-]*+\"|'[A-Za-z][\w.\-]*+'))?"
    rf"(?:{_SPACE}++standalone{_SPACE}*+={_SPACE}*+(?:\"(?:yes|no)\"|'(?:yes|no)'))?{_SPACE}*+\?>",
    re.ASCII,
)
_REFERENCE = rf"&(?:#([0-9]+)|#x([0-9a-fA-F]+)|({_NAME}));|&"
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_BLANK = re.compile(r"\r\n|[\t\r\n]")
_LONGEST_NUMBER = 8


@cache
def _expression(text: str) -> re.Pattern[str]:
    """Compiled when there is something to read: the letters of names take milliseconds each time."""
    return re.compile(text)


class FaultError(Exception):
    """Why a text is no XML, and from which offset to which."""

    def __init__(self, reason: str, start: int, end: int) -> None:
        super().__init__(reason)
        self.reason, self.start, self.end = reason, start, end


def tokens(text: str) -> Iterator[Token]:
    """The declaration, DOCTYPE, tags, texts, CDATA, comments and instructions. Joined they are *text*.

    A byte order mark belongs to the declaration or is a text of its own. Raises FaultError.
    """
    at = 1 if text.startswith("\ufeff") else 0
    if control := _CONTROL.search(text):
        reason = f"the character U+{ord(control[0]):04X} is not allowed"
        raise FaultError(reason, control.start(), control.end())
    if text.startswith("<?xml", at) and text[at + 5 : at + 6] in " \t\r\n":
        end = _closed(text, at, "?>", "the XML declaration")
        yield Token("declaration", text[:end], 0)
        at = end
    elif at:
        yield Token("comment", text[:1], 0)
    while at < len(text):
        token = _token(text, at)
        yield token
        at = token.end


def _token(text: str, at: int) -> Token:
    if text[at] != "<":
        found = _TEXT.match(text, at)
        return Token("text", found[0] if found else text[at], at)
    if text.startswith(("<!", "<?"), at):
        for begin, kind, close, what in _SECTIONS:
            if text.startswith(begin, at):
                end = _closed(text, at + len(begin), close, what)
                return Token(kind, _checked(kind, text[at:end], at), at)
        if text.startswith("<!DOCTYPE", at):
            return _doctype(text, at)
    found = _expression(_START).match(text, at) or _expression(_END).match(text, at)
    if found is None:
        end = min(len(text), at + 20)
        raise FaultError("a tag that is not complete, or a < that begins none", at, end)
    return Token("end" if found[0][1] == "/" else "start", found[0], at)


_SECTIONS = (
    ("<!--", "comment", "-->", "a comment"),
    ("<![CDATA[", "cdata", "]]>", "a CDATA section"),
    ("<?", "instruction", "?>", "an instruction"),
)


def _closed(text: str, at: int, close: str, what: str) -> int:
    end = text.find(close, at)
    if end < 0:
        raise FaultError(f"{what} is not closed", at, len(text))
    return end + len(close)


def _checked(kind: str, piece: str, at: int) -> str:
    if kind == "comment" and (
        "--" in piece[4:-3] or (piece.endswith("--->") and piece != "<!---->")
    ):
        raise FaultError("-- inside of a comment", at, at + len(piece))
    if kind == "instruction":
        name = _expression(_NAME).match(piece, 2)
        if name is None or (piece[name.end()] not in " \t\r\n" and name.end() != len(piece) - 2):
            raise FaultError("an instruction without a name", at, at + len(piece))
        if name[0].lower() == "xml":
            reason = "an XML declaration that does not begin the file"
            raise FaultError(reason, at, at + len(piece))
    return piece


def _doctype(text: str, at: int) -> Token:
    found = _expression(_DOCTYPE).match(text, at)
    end = found.end() if found else at
    if text.startswith("[", end):
        end += 1
        while inner := _SUBSET.match(text, end):
            end = inner.end()
    last = _DOCTYPE_END.match(text, end) if found else None
    if last is None:
        raise FaultError("a DOCTYPE that is not complete", at, min(len(text), at + 20))
    return Token("doctype", text[at : last.end()], at)


def name_in(token: Token) -> str:
    """The name that a start or end tag has."""
    found = _expression(_NAME).search(token.text)
    return found[0] if found else ""


class Attributes:
    """The attributes of a start tag behind its name: name, start, end, and where the value stands."""

    def __init__(self, token: Token, at: int) -> None:
        self._token, self._at = token, at

    def __iter__(self) -> Iterator[tuple[str, int, int, int, int]]:
        token, at = self._token, self._at
        while True:
            found = _expression(_ATTRIBUTE).match(token.text, at)
            if found is None:
                reason = 'an attribute is written name="value"'
                raise FaultError(reason, token.start + at, token.end)
            if found["rest"] is not None:
                return
            at = found.end()
            begin = token.start + found.start("name")
            first, last = (token.start + n for n in found.span("value"))
            yield found["name"], begin, last, first + 1, last - 1


def encoding_fault(token: Token) -> tuple[str, bool]:
    """What is wrong with a declaration; whether bytes that are not UTF-8 are right in its encoding."""
    found = _DECLARATION.fullmatch(token.text.lstrip("\ufeff"))
    if found is None:
        return "the XML declaration is not complete", False
    name = found["encoding"][1:-1] if found["encoding"] else "UTF-8"
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return f"nobody knows the encoding {name}", False
    if known.startswith(("utf-16", "utf-32")):
        return f"it says {name} of itself and is not", False
    return "", not known.startswith("utf-8")


def normalized(raw: str) -> str:
    """An attribute's value with each white space as a blank."""
    return _BLANK.sub(" ", raw)


def unescaped(raw: str, *, is_latin: bool) -> tuple[str, str]:
    """*raw* with its references resolved, and the first entity that only a DTD knows."""
    unknown: list[str] = []

    def resolved(found: re.Match[str]) -> str:
        if found[1] or found[2]:
            return chr(_code(found))
        if found[3] not in _ENTITIES:
            unknown.append(found[3])
        return _ENTITIES.get(found[3], found[0])

    text = _expression(_REFERENCE).sub(resolved, raw) if "&" in raw else raw
    if is_latin and not text.isascii():
        text = "".join(chr(ord(c) - 0xDC00) if "\udc80" <= c <= "\udcff" else c for c in text)
    return text, next(iter(unknown), "")


def _code(found: re.Match[str]) -> int:
    digits = found[1] or found[2]
    number = digits.lstrip("0")[: _LONGEST_NUMBER + 1] or "0"
    return int(number, 10 if found[1] else 16)


def entity_fault(raw: str, *, has_dtd: bool) -> tuple[str, int, int] | None:
    """The first reference in *raw* that is none, and where it stands in it."""
    for found in _expression(_REFERENCE).finditer(raw):
        if found[1] or found[2]:
            if not _is_character(_code(found)):
                return f"{found[0][:20]} is no character", found.start(), found.end()
        elif not found[3]:
            return "a & that begins no reference; write &amp;", found.start(), found.end()
        elif found[3] not in _ENTITIES and not has_dtd:
            return f"the entity {found[0][:40]} is not declared", found.start(), found.end()
    return None


def _is_character(code: int) -> bool:
    if code < 0x20:
        return code in (0x9, 0xA, 0xD)
    return code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF and code not in (0xFFFE, 0xFFFF)
