"""Where a block of Lua ends: braces in its strings and comments do not count."""

from __future__ import annotations

import re

# `--` may begin a long comment, `[[` or `[==[` a long string; both end at their own bracket.
_MARK = re.compile(r"(?P<comment>--(?:\[(?P<level>=*)\[)?)|\[(?P<string>=*)\[|[\"'{}]")
_STRING = {
    quote: re.compile(rf"{quote}[^{quote}\\\n]*(?:\\[\s\S][^{quote}\\\n]*)*{quote}")
    for quote in "\"'"
}


def end(text: str, start: int) -> int:
    """The offset of the `}` that ends the block whose `{` stands before *start*; -1: there is none."""
    depth, at = 1, start
    while mark := _MARK.search(text, at):
        if mark[0] == "{":
            depth += 1
        elif mark[0] == "}":
            depth -= 1
            if depth == 0:
                return mark.start()
        at = _behind(text, mark)
        if at < 0:
            return -1
    return -1


def _behind(text: str, mark: re.Match[str]) -> int:
    """Where to go on behind a brace, a string or a comment; -1 where a long one is not closed."""
    if mark[0] in _STRING:
        found = _STRING[mark[0]].match(text, mark.start())
        return found.end() if found else _line_end(text, mark.end())
    if mark[0] == "--":
        return _line_end(text, mark.end())
    if mark[0] in "{}":
        return mark.end()
    level = mark["level"] if mark["comment"] else mark["string"]
    return text.find(f"]{level}]", mark.end())


def _line_end(text: str, start: int) -> int:
    line = text.find("\n", start)
    return line if line >= 0 else len(text)
