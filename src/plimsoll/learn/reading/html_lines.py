"""HTML that is used as structure, as the lines of Markdown that say the same, in their places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser

_STRUCTURE = re.compile(r"<(?:h[1-6]|li|tr|td|th|p|div|br|ul|ol|table|html|body)\b", re.IGNORECASE)
_MANY = 12
_SKIPPED = {"script", "style", "head", "svg", "iframe"}


def is_html(lines: Sequence[str]) -> bool:
    """Whether tags make the structure of the text."""
    tags = sum(len(_STRUCTURE.findall(line)) for line in lines)
    marked = sum(1 for line in lines if _STRUCTURE.search(line))
    return (tags >= _MANY and 3 * marked > sum(1 for line in lines if line.strip())) or any(
        line.lstrip().lower().startswith(("<!doctype html", "<html")) for line in lines[:5]
    )


class _Writer(HTMLParser):
    """Collects the text of each line of the source, with Markdown's marks for the structure."""

    def __init__(self, count: int) -> None:
        super().__init__(convert_charrefs=True)
        self.lines = [""] * (count + 1)
        self.hidden = 0
        self.row_at = 0  # the line on which a table's row began
        self.is_header = False  # until now that row has only names of columns

    def _put(self, text: str) -> None:
        at = min(self.row_at or self.getpos()[0], len(self.lines) - 1)
        if not self.hidden:
            self.lines[at] += text

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _SKIPPED:
            self.hidden += 1
        elif re.fullmatch("h[1-6]", tag):
            self._put("\n" + "#" * int(tag[1]) + " ")
        elif tag == "li":
            self._put("\n- ")
        elif tag == "tr":
            self._put("\n|")
            self.row_at = self.getpos()[0]
            self.is_header = True
        elif tag == "td":
            self.is_header = False
        elif tag in ("b", "strong"):
            self._put("**")
        elif self.row_at:
            self._put(" ")
        elif tag in ("p", "br", "div", "dt", "dd", "section"):
            self._put("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self.hidden = max(0, self.hidden - 1)
        elif tag in ("td", "th"):
            self._put("|")
        elif tag == "tr":
            if self.is_header:
                self._put("\n|---|")
            self.row_at = 0
        elif tag in ("b", "strong"):
            self._put("**")
        elif re.fullmatch("h[1-6]", tag):
            self._put("\n")

    def handle_data(self, data: str) -> None:
        first = self.getpos()[0]
        for offset, piece in enumerate(data.split("\n")):
            at = min(self.row_at or first + offset, len(self.lines) - 1)
            if not self.hidden and piece.strip():
                self.lines[at] += piece


def from_html(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Numbered lines in Markdown; several may come from one line of the source."""
    writer = _Writer(len(lines))
    writer.feed("\n".join(lines))
    writer.close()
    out: list[tuple[int, str]] = []
    for number, line in enumerate(writer.lines[1:], 1):
        pieces = [piece.strip() for piece in line.split("\n")]
        out += [(number, piece) for piece in pieces if piece] or [(number, "")]
    return out
