"""XML with exact places: elements, their attributes and their texts. Nothing is loaded or expanded.

A DTD is skipped: of its entities none is put in, inside or outside, so ten lines stay ten lines.
Offsets are code points of the text as it was handed in. Source: XML 1.0, fifth edition.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from plimsoll.model.place import Place
from plimsoll.model.setting import Unread
from plimsoll.syntax.text import Lines, Token
from plimsoll.syntax.xml_tokens import (
    Attributes,
    FaultError,
    encoding_fault,
    entity_fault,
    name_in,
    normalized,
    tokens,
    unescaped,
)

DEEPEST = 100  # levels: everything that walks elements may recurse


class Attribute(Struct, frozen=True):
    """*text*: as the server sees it. *unexpanded*: an entity in it that only its DTD knows."""

    name: str
    text: str
    start: int
    end: int
    value_start: int
    value_end: int
    unexpanded: str = ""


class Element(Struct, eq=False):
    """*start* to *open_end* is its tag; *end* is behind its end tag, or where the text breaks off."""

    name: str
    attributes: tuple[Attribute, ...]
    start: int
    open_end: int
    end: int = 0
    children: list[Element] = field(default_factory=list)
    texts: list[tuple[str, int, int, str]] = field(default_factory=list)

    @property
    def local(self) -> str:
        """The name without the prefix of its namespace."""
        return self.name.rpartition(":")[2]

    @property
    def text(self) -> str:
        """The character data right in it, as the server sees it."""
        return "".join(text for text, *_ in self.texts)

    @property
    def unexpanded(self) -> str:
        """An entity in its character data that only its DTD knows."""
        return next((entity for *_, entity in self.texts if entity), "")

    @property
    def text_span(self) -> tuple[int, int]:
        """Where its character data stands, without the white space around it."""
        said = [each for each in self.texts if each[0].strip()]
        if not said:
            return self.open_end, self.open_end
        (first, start, _, _), (last, _, end, _) = said[0], said[-1]
        return start + len(first) - len(first.lstrip()), end - len(last) + len(last.rstrip())

    def named(self, local: str) -> Iterator[Element]:
        """Its children of that name."""
        return (child for child in self.children if child.local == local)

    def attribute(self, name: str) -> Attribute | None:
        return next((each for each in self.attributes if each.name == name), None)

    def walk(self) -> Iterator[Element]:
        """It and everything below it, in the order of the text."""
        waiting = [self]
        while waiting:
            each = waiting.pop()
            yield each
            waiting.extend(reversed(each.children))


class XmlDocument(Struct, frozen=True):
    """*root* is what was read, with a *fault* only up to it: a server refuses such a file whole."""

    lines: Lines
    root: Element | None
    fault: Unread | None

    def place(self, element: Element) -> Place:
        """Where an element stands: its start tag."""
        return self.lines.place(element.start, element.open_end)

    def place_of(self, each: Attribute) -> Place:
        return self.lines.place(each.start, each.end, (each.value_start, each.value_end))


def document(text: str, path: str) -> XmlDocument:
    """The document of *text*; a fault ends it."""
    lines = Lines(text, path)
    builder = _Builder(text)
    fault = None
    try:
        for token in tokens(text):
            builder.take(token)
        builder.finish()
    except FaultError as problem:
        at = lines.place(problem.start, problem.end)
        fault = Unread(path, f"no XML: {problem.reason}", at)
        builder.break_off(problem.start)
    return XmlDocument(lines, builder.root, fault)


class _Builder:
    """Tokens to elements. Raises FaultError."""

    def __init__(self, text: str) -> None:
        self.root: Element | None = None
        self._text = text
        self._open: list[Element] = []
        self._has_dtd = False
        self._latin = False  # bytes that are not UTF-8 are characters of its encoding

    def take(self, token: Token) -> None:
        _TAKES[token.kind](self, token)

    def finish(self) -> None:
        if self._open:
            inner = self._open[-1]
            reason = f"<{inner.name}> is not closed"
            raise FaultError(reason, inner.start, inner.open_end)
        if self.root is None:
            raise FaultError("there is no element", len(self._text), len(self._text))

    def break_off(self, at: int) -> None:
        for each in self._open:
            each.end = at

    def _declaration(self, token: Token) -> None:
        fault, self._latin = encoding_fault(token)
        if fault:
            raise FaultError(fault, token.start, token.end)

    def _doctype(self, token: Token) -> None:
        if self.root is not None or self._has_dtd:
            raise FaultError("a DOCTYPE stands before the first element", token.start, token.end)
        self._has_dtd = True

    def _start(self, token: Token) -> None:
        if not self._open and self.root is not None:
            raise FaultError("there is more than one root element", token.start, token.end)
        if len(self._open) >= DEEPEST:
            raise FaultError(f"nested more than {DEEPEST} levels deep", token.start, token.end)
        name = name_in(token)
        behind = len(name) + 1
        has_more = token.text[behind:] not in (">", "/>")
        attributes = tuple(self._attributes(token, behind)) if has_more else ()
        made = Element(name, attributes, token.start, token.end, token.end)
        if self._open:
            self._open[-1].children.append(made)
        else:
            self.root = made
        if not token.text.endswith("/>"):
            self._open.append(made)

    def _attributes(self, token: Token, at: int) -> Iterator[Attribute]:
        seen: set[str] = set()
        for name, start, end, value_start, value_end in Attributes(token, at):
            if name in seen:
                raise FaultError(f"the attribute {name} is given twice", start, end)
            seen.add(name)
            raw = self._text[value_start:value_end]
            self._check(raw, value_start)
            plain, entity = unescaped(normalized(raw), is_latin=self._latin)
            yield Attribute(name, plain, start, end, value_start, value_end, entity)

    def _end(self, token: Token) -> None:
        said = name_in(token)
        if not self._open or self._open[-1].name != said:
            wanted = f"where </{self._open[-1].name}> is due" if self._open else "without its start"
            raise FaultError(f"</{said}> stands {wanted}", token.start, token.end)
        self._open.pop().end = token.end

    def _characters(self, token: Token) -> None:
        if not self._open:
            if token.text.strip(" \t\r\n"):
                raise FaultError("text outside of any element", token.start, token.end)
            return
        if (at := token.text.find("]]>")) >= 0:
            raise FaultError("]]> in a text", token.start + at, token.start + at + 3)
        self._check(token.text, token.start)
        plain, entity = unescaped(token.text.replace("\r\n", "\n"), is_latin=self._latin)
        self._open[-1].texts.append((plain, token.start, token.end, entity))

    def _cdata(self, token: Token) -> None:
        if not self._open:
            raise FaultError("text outside of any element", token.start, token.end)
        self._check_bytes(token.text, token.start)
        inner = token.text[9:-3].replace("\r\n", "\n")
        self._open[-1].texts.append((inner, token.start + 9, token.end - 3, ""))

    def _nothing(self, token: Token) -> None:
        self._check_bytes(token.text, token.start)

    def _check(self, raw: str, start: int) -> None:
        self._check_bytes(raw, start)
        if "&" in raw and (found := entity_fault(raw, has_dtd=self._has_dtd)):
            reason, at, end = found
            raise FaultError(reason, start + at, start + end)

    def _check_bytes(self, raw: str, start: int) -> None:
        if self._latin or raw.isascii():
            return
        for at, char in enumerate(raw):
            if "\ud800" <= char <= "\udfff":
                raise FaultError("a byte that is not UTF-8", start + at, start + at + 1)


_TAKES = {
    "declaration": _Builder._declaration,
    "doctype": _Builder._doctype,
    "start": _Builder._start,
    "end": _Builder._end,
    "text": _Builder._characters,
    "cdata": _Builder._cdata,
    "comment": _Builder._nothing,
    "instruction": _Builder._nothing,
}
