"""One line without its marks: emphasis, links, code, images, tags."""

from __future__ import annotations

import html
import re

_IMAGE = re.compile(r"!\[([^\]\n]{0,300})\]\([^)\n]{0,2000}\)")
_LINK = re.compile(
    r"\[([^\[\]\n]{1,500})\](?:\([^()\n]{0,2000}(?:\([^()\n]{0,200}\)[^()\n]{0,500})?\)|\[[^\]\n]{0,200}\])"
)
_SHORT_LINK = re.compile(r"\[([^\[\]\n]{1,200})\](?![(\[:])")
_AUTOLINK = re.compile(r"<(https?://[^<>\s]{1,2000})>")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,500}>|<!--.{0,2000}?-->")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.{1,3000}?)(?<=\S)\1")
_EMPHASIS = re.compile(
    r"(?<![\w*\\])\*(?=[^\s*])([^*\n]{1,1000}?)(?<=[^\s*])\*(?![\w*])|(?<![\w\\])_(?=[^\s_])([^_\n]{1,1000}?)(?<=[^\s_])_(?![\w_])"
)
_CODE = re.compile(r"`+([^`\n]{1,1000}?)`+")
_STRUCK = re.compile(r"~~(?=\S)(.{1,1000}?)~~")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~>])")
_BLANKS = re.compile(r"[ \t\u00a0]+")
_MARKS = frozenset("*_`[<~\\&!")


def plain(text: str) -> str:
    """*text* as one reads it."""
    if not _MARKS.isdisjoint(text):
        text = _IMAGE.sub("", text)
        text = _LINK.sub(r"\1", text)
        text = _AUTOLINK.sub(r"\1", text)
        text = _TAG.sub(" ", text)
        text = _CODE.sub(r"\1", text)
        text = _STRONG.sub(r"\2", text)
        text = _EMPHASIS.sub(lambda found: found[1] or found[2], text)
        text = _STRUCK.sub(r"\1", text)
        text = _SHORT_LINK.sub(_short_link, text)
        text = _ESCAPE.sub(r"\1", text)
        text = html.unescape(text) if "&" in text else text
        text = text.replace("**", "")
    return _BLANKS.sub(" ", text).strip()


def _short_link(found: re.Match[str]) -> str:
    """[name] is a link by reference; [ ], [x] and [17:44] are what they are."""
    inside = found[1]
    return found[0] if len(inside) < 3 or inside[0].isdigit() else inside


def is_struck(text: str) -> bool:
    return text.lstrip().startswith("~~")
