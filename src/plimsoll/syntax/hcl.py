"""HCL, Terraform's language: blocks and attributes with their places; nothing is evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from plimsoll.model.place import Place
from plimsoll.model.setting import Unread
from plimsoll.syntax.text import Lines, Token

_TOKEN = re.compile(
    r"""
      (?P<blank>[ \t\r\ufeff]+)
    | (?P<line>\n)
    | (?P<comment>\#[^\n]*+ | //[^\n]*+ | /\*(?s:.*?)(?:\*/|\Z))
    | (?P<name>[^\W\d][\w-]*+)
    | (?P<number>[0-9][0-9]*+(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)
    | (?P<heredoc><<-?[A-Za-z_][\w-]*+[ \t\r]*+\n)
    | (?P<quote>")
    | (?P<mark>=>|==|!=|<=|>=|&&|\|\||\.\.\.|(?s:.))
    """,
    re.VERBOSE,
)
# A piece of a quoted text: up to its end, the end of the line, or an interpolation.
_PIECE = re.compile(r'(?:[^"\\$%\n]|\\[^\n]|[$%](?!\{)|\$\$\{|%%\{)*("|\n|[$%]\{|\\?\Z)')
_INNER = re.compile(r'[^{}"\n]*+([{}"\n]|\Z)')
_BLANK = frozenset({"blank", "line", "comment"})
_CLOSES = {")": "(", "]": "[", "}": "{"}
_DEEPEST = 50
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))|([$%])\4\{")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


class Literal(Struct, frozen=True):
    """A value that is written out: a text, number, boolean or null. *text*: as Terraform sees it."""

    text: str
    is_text: bool = False


class Expression(Struct, frozen=True):
    """What only Terraform would tell. *reference*: `var.x`, `local.x` where it is nothing else."""

    source: str
    reference: str = ""


class Attribute(Struct, frozen=True):
    """`name = value`. The items of a list or object are attributes of their own."""

    name: str
    value: Literal | Expression | tuple[Attribute, ...]
    place: Place


class Section(Struct, frozen=True):
    """A block: `resource "aws_lb" "front" { ... }`."""

    type: str
    labels: tuple[str, ...]
    body: tuple[Attribute | Section | Unread, ...]
    place: Place

    def attribute(self, name: str) -> Attribute | None:
        return next((e for e in self.body if isinstance(e, Attribute) and e.name == name), None)


Item = Attribute | Section | Unread


def tokens(text: str) -> list[Token]:
    """Every piece of *text*. Kinds: blank, line, comment, name, number, text, heredoc, mark."""
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    at, size = 0, len(text)
    while at < size:
        found = _TOKEN.match(text, at)
        kind = found.lastgroup if found else None
        end = found.end() if found else at + 1
        if kind == "quote":
            kind, end = "text", _behind_text(text, at + 1)
        elif kind == "heredoc" and found is not None:
            end = _behind_heredoc(text, found)
        yield Token(kind or "mark", text[at:end], at)
        at = end


def _behind_text(text: str, at: int) -> int:
    """Behind a quoted text, with what is interpolated in it; it ends with its line at the latest."""
    depth = 0  # of braces inside of interpolations
    quoted = [0]  # the depth at which each open quote began
    while at < len(text):
        is_text = len(quoted) > 0 and quoted[-1] == depth
        found = (_PIECE if is_text else _INNER).match(text, at)
        if found is None:
            return at
        at, end = found.end(), found[1]
        if end in ("\n", "", "\\"):
            return at - len(end) if end == "\n" else at
        if end == '"' and is_text:
            quoted.pop()
            if not quoted:
                return at
        elif end == '"':
            quoted.append(depth)
        elif end == "}":
            depth -= 1
        else:
            depth += 1
    return at


def _behind_heredoc(text: str, start: re.Match[str]) -> int:
    word = start[0].strip().lstrip("<-")
    close = re.compile(rf"^[ \t]*{re.escape(word)}[ \t\r]*$", re.MULTILINE)
    found = close.search(text, start.end())
    return found.end() if found else len(text)


def read(text: str, path: str) -> list[Item]:
    """The attributes and blocks of a file; what is none is an Unread with its place."""
    return list(_Reading(text, path).body(0))


class _Reading:
    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.at = 0
        self.lines = Lines(text, path)
        self.found = [t for t in _tokens(text) if t.kind not in ("blank", "comment")]
        self.partner = _partners(self.found)

    def _word(self, at: int) -> str:
        return self.found[at].text if at < len(self.found) else ""

    def _is(self, at: int, mark: str) -> bool:
        return at < len(self.found) and self.found[at].kind == "mark" and self._word(at) == mark

    def _place(self, first: int, last: int, value: tuple[int, int] | None = None) -> Place:
        inner = (self.found[value[0]].start, self.found[value[1]].end) if value else None
        return self.lines.place(self.found[first].start, self.found[last].end, inner)

    def body(self, depth: int) -> Iterator[Item]:
        """What stands up to the `}` that closes a block, or to the end."""
        while self.at < len(self.found) and not (depth and self._is(self.at, "}")):
            token = self.found[self.at]
            if token.kind == "line":
                self.at += 1
            elif token.kind == "name" and self._is(self.at + 1, "="):
                yield self._attribute()
            elif token.kind == "name":
                yield self._section(depth)
            else:
                yield self._unread(self.at, "neither an attribute nor a block")

    def _attribute(self) -> Attribute:
        first, start = self.at, self.at + 2
        while start < len(self.found) and self.found[start].kind == "line":
            start += 1
        end = self._end(start)
        self.at = end
        last = max(end - 1, start - 1)
        if end <= start or start >= len(self.found):
            return Attribute(self._word(first), Expression(""), self._place(first, first + 1))
        return self._valued(self._word(first), first, start, last, 0)

    def _valued(self, name: str, first: int, start: int, last: int, depth: int) -> Attribute:
        place = self._place(first, last, (start, last))
        is_whole = self.partner.get(start) == last and depth < _DEEPEST
        if is_whole and self._is(start, "["):
            return Attribute(name, tuple(self._items(start, last, depth)), place)
        if is_whole and self._is(start, "{"):
            return Attribute(name, tuple(self._pairs(start, last, depth)), place)
        return Attribute(name, self._value(start, last), place)

    def _value(self, start: int, last: int) -> Literal | Expression:
        token = self.found[start]
        source = self.text[token.start : self.found[last].end]
        sign = "-" if self._is(start, "-") and last == start + 1 else ""
        token = self.found[last] if sign else token
        if last == start or sign:
            if token.kind == "number":
                return Literal(sign + token.text)
            if token.kind == "text" and not _is_template(token.text):
                return Literal(_unescaped(token.text[1:-1]), is_text=True)
            if token.text in ("true", "false", "null"):
                return Literal(token.text)
        return Expression(source, _reference(source))

    def _items(self, opened: int, closed: int, depth: int) -> Iterator[Attribute]:
        at, number = opened + 1, 0
        while at < closed:
            if self.found[at].kind == "line" or self._is(at, ","):
                at += 1
                continue
            end = self._end(at, closed)
            yield self._valued(str(number), at, at, max(end - 1, at), depth + 1)
            at, number = max(end, at + 1), number + 1

    def _pairs(self, opened: int, closed: int, depth: int) -> Iterator[Attribute]:
        at = opened + 1
        while at < closed:
            if self.found[at].kind == "line" or self._is(at, ","):
                at += 1
                continue
            mark = at + 1
            is_pair = self._is(mark, "=") or self._is(mark, ":")
            end = self._end(mark + 1 if is_pair else at, closed)
            if is_pair and end > mark + 1:
                name = self._word(at).strip('"')
                yield self._valued(name, at, mark + 1, end - 1, depth + 1)
            else:
                place = self._place(at, max(end - 1, at))
                yield Attribute(self._word(at).strip('"'), Expression(self._word(at)), place)
            at = max(end, at + 1)

    def _end(self, at: int, stop: int = -1) -> int:
        """The index behind an expression: of the line's end, comma or bracket that ends it."""
        stop = len(self.found) if stop < 0 else stop
        start = at
        while at < stop:
            token = self.found[at]
            if token.kind == "line" and at > start and not self._goes_on(at):
                return at
            if token.kind == "mark" and token.text in (",", ")", "]", "}"):
                return at
            at = max(self.partner.get(at, at), at) + 1
        return min(at, stop)

    def _goes_on(self, at: int) -> bool:
        """Whether an expression goes on behind a line's end: behind `?` of a condition it does not."""
        return self.found[at - 1].kind == "mark" and self._word(at - 1) in ("=", "=>")

    def _section(self, depth: int) -> Item:
        first, labels = self.at, []
        at = first + 1
        while at < len(self.found) and self.found[at].kind in ("text", "name"):
            labels.append(self._word(at).strip('"'))
            at += 1
        closed = self.partner.get(at, -1) if self._is(at, "{") else -1
        if closed < at:
            return self._unread(first, "neither an attribute nor a block that ends")
        if depth >= _DEEPEST:
            self.at = closed + 1
            place = self._place(first, closed)
            return Unread(self.path, "not read: nested too deeply", place)
        self.at = at + 1
        body = tuple(self.body(depth + 1))
        self.at = closed + 1
        return Section(self._word(first), tuple(labels), body, self._place(first, closed))

    def _unread(self, first: int, reason: str) -> Unread:
        """What stands up to the end of the line, with the brackets that open on it."""
        at = first
        while at < len(self.found) and self.found[at].kind != "line":
            at = max(self.partner.get(at, at), at) + 1
        self.at = max(at, first + 1)
        return Unread(self.path, reason, self._place(first, min(self.at, len(self.found)) - 1))


def _partners(found: list[Token]) -> dict[int, int]:
    partner: dict[int, int] = {}
    open_: list[int] = []
    for at, token in enumerate(found):
        if token.kind != "mark":
            continue
        if token.text in "([{" and len(token.text) == 1:
            open_.append(at)
        elif token.text in _CLOSES and open_ and found[open_[-1]].text == _CLOSES[token.text]:
            start = open_.pop()
            partner[start], partner[at] = at, start
    return partner


def _is_template(raw: str) -> bool:
    is_whole = len(raw) > 1 and raw.endswith('"')
    plain = raw.replace("$${", "").replace("%%{", "")
    return not is_whole or "${" in plain or "%{" in plain


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "\\" in text or "{" in text else text


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"
    return f"{found[4]}{{" if found[4] else _ESCAPES.get(found[3], found[3])


def _reference(source: str) -> str:
    plain = source[3:-2].strip() if source.startswith('"${') and source.endswith('}"') else source
    is_one = re.fullmatch(r"(?:var|local)\.[\w-]+", plain)
    return plain if is_one else ""
