"""From bytes to lines of text: encodings, repaired mojibake, and bounds on what is read."""

from __future__ import annotations

import re

from msgspec import Struct

# A postmortem has some kilobytes; what is larger is a dump, and is refused rather than half read.
MOST_BYTES = 128 * 1024
MOST_OF_A_FILE = 8 * 1024**2  # with the pictures that an export carries inside of it
MOST_LINES = 3_000
MOST_OF_A_LINE = 4_000


class TooLargeError(Exception):
    """More than anybody writes about an incident."""


class Text(Struct, frozen=True):
    """The lines of a file. *cut*: numbers of those of which only the beginning is read."""

    lines: tuple[str, ...]
    cut: tuple[int, ...] = ()
    is_repaired: bool = False


def text_of(data: bytes) -> Text:
    """The text in *data*.

    Raises:
        TooLargeError: more than `MOST_BYTES` or `MOST_LINES`, or it is no text.
    """
    told = _PICTURE.sub(b"", data) if len(data) > MOST_BYTES else data
    if len(data) > MOST_OF_A_FILE or len(told) > MOST_BYTES:
        raise TooLargeError(f"larger than {MOST_BYTES // 1024} kB; a postmortem has some kilobytes")
    said = _decoded(told)
    if "\0" in said[:4096]:
        raise TooLargeError("it is no text")
    repaired = _repaired(said)
    lines = repaired.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > MOST_LINES:
        raise TooLargeError(
            f"{len(lines):,} lines; a postmortem of more than {MOST_LINES:,} is not read"
        )
    cut = tuple(n for n, line in enumerate(lines, 1) if len(line) > MOST_OF_A_LINE)
    kept = tuple(line[:MOST_OF_A_LINE] for line in lines)
    return Text(kept, cut, repaired != said)


_PICTURE = re.compile(rb"data:image/[\w.+-]{1,40};base64,[\w+/=]+")


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").lstrip("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


# What UTF-8 looks like that was read as a Windows code page: a lead byte, then trailing bytes.
_LEADS = "\u00c2-\u00f4\u011e\u0130\u015e\u011f\u0131\u015f"
_TRAILS = (
    "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e\u2020\u2021\u2022\u2026\u2030\u2039\u203a\u20ac\u2122"
)
_MOJIBAKE = re.compile(f"[{_LEADS}][{_TRAILS}]{{1,3}}")
_LOST = re.compile(
    f" ?(?:[\u011f\u00f0]\u0178[{_TRAILS}]{{0,2}}|\u00ef\u00b8(?=[\\s.,]|$))+", re.MULTILINE
)
# An a with a grave accent, whose second byte had become a blank.
_LOST_BLANK = re.compile(r"(?<!\w)\u00c3 ?(?= )")
_CODE_PAGES = ("cp1252", "cp1254", "latin-1")


def _repaired(said: str) -> str:
    """*said* with UTF-8 that was read as a code page put right; signs that lost a byte are dropped."""
    if not _MOJIBAKE.search(said):
        return said
    return _LOST.sub("", _LOST_BLANK.sub("\u00e0", _MOJIBAKE.sub(_repair, said)))


def _repair(found: re.Match[str]) -> str:
    for page in _CODE_PAGES:
        raw = _bytes_of(found[0], page)
        if raw is None:
            continue
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            continue
    return found[0]


def _bytes_of(text: str, page: str) -> bytes | None:
    """The bytes behind *text*; those that the page does not define went through as they were."""
    out = bytearray()
    for sign in text:
        try:
            out += sign.encode(page)
        except UnicodeEncodeError:
            if not 0x80 <= ord(sign) <= 0x9F:
                return None
            out.append(ord(sign))
    return bytes(out)


# Signs that decorate a sentence: emoji, their modifiers and shortcodes.
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff\ufe0f\u200d\u20e3]+"
    r"|(?<![\w:]):[a-z][a-z0-9_+-]{2,30}:(?!\w)"
)


def without_emoji(text: str) -> str:
    """*text* without emoji and the blank that stood before each."""
    if text.isascii() and ":" not in text:
        return text
    bare = _EMOJI.sub("\0", text)
    return (
        re.sub(r"\s*\0+(?:\s*\0+)*(?=\s*[.,;:!?)]|\s*$)|\0+\s?", "", bare) if "\0" in bare else text
    )
