"""VCL: its declarations as settings. What runs for each request is kept where it is literal.

Source: vcl(7), vcl-backend(7), vcl-probe(7).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.setting import Block, Include, Item, Setting, Status, Unknown, Unread
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.text import Lines, Token
from plimsoll.technologies.varnish.lexer import tokens, unquoted
from plimsoll.technologies.varnish.names import NUMBERS, STRINGS, unknown

_NOT_READ = "not a declaration of VCL"
_ENDLESS = "unexpected end of file: a string, a comment or inline C does not end"
_INLINE_C = "inline C is not read; varnishd takes it with vcc_allow_inline_c only"
_DECLARES = frozenset({"backend", "probe", "director"})
_NAMED = frozenset({"sub", "acl"})
_SAYS = frozenset({"vcl", "import"})


def read(text: str, path: str) -> Iterator[Item]:
    """Every declaration, in file order; of a subroutine what it sets to a literal."""
    return _Reading(text, path).items()


class _Reading:
    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.lines = Lines(text, path)
        self.said = [t for t in tokens(text) if t.kind not in ("space", "comment")]
        self.at = 0

    def items(self) -> Iterator[Item]:
        while self.at < len(self.said):
            token = self.said[self.at]
            if token.kind == "foreign":
                yield self._unread(self.at, self.at, _INLINE_C)
                self.at += 1
            elif token.text in _DECLARES:
                yield from self._declaration(token)
            elif token.text in _NAMED:
                yield from self._named(token)
            elif token.text in _SAYS or token.text == "include":
                yield self._statement(token)
            elif token.kind == "end":
                self.at += 1
            else:
                yield self._junk()

    # -- pieces

    def _end(self, start: int) -> int:
        """The index of the `;` that ends a statement, or of the block that does; else the last."""
        for at in range(start, len(self.said)):
            if self.said[at].kind == "end":
                return at
            if self.said[at].kind == "open":
                return self._close(at)
        return len(self.said) - 1

    def _close(self, start: int) -> int:
        """The index of the `}` of the block that opens at *start*; else the last."""
        depth = 0
        for at in range(start, len(self.said)):
            depth += {"open": 1, "close": -1}.get(self.said[at].kind, 0)
            if depth == 0:
                return at
        return len(self.said) - 1

    def _place(self, first: int, last: int, value: tuple[int, int] | None = None) -> Place:
        said = self.said
        inner = (said[value[0]].start, said[value[1]].end) if value else None
        return self.lines.place(said[first].start, said[last].end, inner)

    def _unread(self, first: int, last: int, reason: str) -> Unread:
        words = self.said[first : last + 1]
        if any(word.kind == "broken" for word in words):
            reason = _ENDLESS
        place = self._place(first, last)
        raw = self.text[words[0].start : words[-1].end]
        return Unread(self.path, UNRENDERED if is_unrendered(raw) else reason, place)

    def _junk(self) -> Unread:
        """What is no declaration, up to where the next one may begin."""
        first, last = self.at, self._end(self.at)
        self.at = last + 1
        return self._unread(first, last, _NOT_READ)

    # -- declarations

    def _statement(self, token: Token) -> Item:
        """`vcl 4.1;`, `import std;`, `include "file";`."""
        first, last = self.at, self._end(self.at)
        words = self.said[first + 1 : last]
        if self.said[last].kind != "end" or not words:
            return self._junk()
        self.at = last + 1
        value = (first + 1, last - 1)
        if token.text == "include":
            if words[-1].kind != "string":
                return self._unread(first, last, _NOT_READ)
            return Include(unquoted(words[-1]), self._place(first, last - 1, value))
        text = self.text[words[0].start : words[-1].end]
        return Setting(token.text, text, self._place(first, last - 1, value))

    def _named(self, token: Token) -> Iterator[Item]:
        """A subroutine or a list of addresses: its name, and what it sets."""
        first = self.at
        name = self.said[first + 1] if first + 2 < len(self.said) else None
        if name is None or name.kind != "word" or self.said[first + 2].kind != "open":
            yield self._junk()
            return
        last = self._close(first + 2)
        if self.said[last].kind != "close":
            yield self._junk()
            return
        self.at = last + 1
        place = self._place(first, last, (first + 1, first + 1))
        yield Setting(token.text, name.text, place)
        if token.text == "sub":
            scope = (Block("sub", name.text, replace(place, value=None)),)
            yield from self._sets(first + 3, last, scope)

    def _sets(self, first: int, last: int, outer: tuple[Block, ...]) -> Iterator[Item]:
        """Every `set variable = literal;` between two indices, with the branches around it."""
        scope, start, at = [*outer], first, first
        while at < last:
            token = self.said[at]
            if token.kind == "open":
                head = self.text[self.said[start].start : token.start].strip() if at > start else ""
                kind = head.split("(")[0].strip() or "block"
                scope.append(
                    Block("if", head.removeprefix(kind).strip() or kind, self._place(start, at))
                )
            elif token.kind == "close" and len(scope) > len(outer):
                scope.pop()
            elif token.kind == "end":
                yield from self._set(start, at, tuple(scope))
            elif token.kind == "foreign":
                yield self._unread(at, at, _INLINE_C)
            if token.kind in ("open", "close", "end", "foreign"):
                start = at + 1
            at += 1

    def _set(self, first: int, end: int, scope: tuple[Block, ...]) -> Iterator[Item]:
        words = self.said[first:end]
        if len(words) < 4 or words[0].text != "set" or words[2].text != "=":
            return
        if words[1].kind == "word" and ".http." not in words[1].text and _is_literal(words[3:]):
            yield self._setting(words[1].text, first, (first + 3, end - 1), scope)

    def _setting(
        self, name: str, first: int, value: tuple[int, int], scope: tuple[Block, ...]
    ) -> Setting:
        words = self.said[value[0] : value[1] + 1]
        raw = self.text[words[0].start : words[-1].end]
        strings = [word for word in words if word.kind == "string"]
        text = "\n".join(map(unquoted, strings)) if len(strings) == len(words) else raw
        made = Setting(name, text, self._place(first, value[1], value), scope)
        if is_unrendered(text):
            return replace(made, value=Unknown(UNRENDERED))
        if not strings and not _is_literal(words):
            return replace(made, value=Unknown(f"calculated: {raw}"))
        return made

    def _declaration(self, token: Token) -> Iterator[Item]:
        """A backend, a probe, a director of Varnish 3."""
        first = self.at
        end = self._end(first)
        name = self.said[first + 1] if first + 1 < end else None
        opened = next((at for at in range(first, end) if self.said[at].kind == "open"), None)
        wanted = "end" if opened is None else "close"
        if name is None or name.kind != "word" or self.said[end].kind != wanted:
            yield self._junk()
        elif opened is None:  # backend default none;
            self.at = end + 1
            value = (first + 1, end - 1)
            text = self.text[name.start : self.said[end - 1].end]
            yield Setting(token.text, text, self._place(first, end - 1, value))
        else:
            self.at = end + 1
            whole = self._place(first, end)
            yield Setting(token.text, name.text, self._place(first, end, (first + 1, first + 1)))
            yield from self._attributes(opened + 1, end, (Block(token.text, name.text, whole),))

    def _attributes(self, first: int, end: int, scope: tuple[Block, ...]) -> Iterator[Item]:
        """`.name = value;` between two indices; the probe of a backend may stand in braces."""
        at = first
        while at < end:
            words = self.said[at : at + 3]
            last = min(self._end(at), end)
            is_one = [w.text for w in words[::2]] == [".", "="] and words[1].kind == "word"
            if not is_one or last <= at + 3 - 1 or self.said[last].kind not in ("end", "close"):
                last = min(last, end - 1)
                yield self._unread(at, max(at, last), "not an attribute: `.name = value;`")
            elif self.said[at + 3].kind == "open" and not self._is_probe(at + 3, scope):
                yield self._unread(at, last, "only the probe of a backend stands in braces")
            elif self.said[at + 3].kind == "open":
                inner = (*scope, Block(words[1].text, "", self._place(at, last)))
                yield from self._attributes(at + 4, last, inner)
            elif last > at + 3 and self.said[last].kind == "end":
                yield self._attribute(words[1].text, at, (at + 3, last - 1), scope)
            else:
                yield self._unread(at, max(at, last - 1), "no `;` behind the value")
            at = max(at, last) + 1

    def _is_probe(self, opened: int, scope: Sequence[Block]) -> bool:
        return len(scope) == 1 and self.said[opened + 1].kind != "open"

    def _attribute(
        self, name: str, first: int, value: tuple[int, int], scope: tuple[Block, ...]
    ) -> Setting:
        made = self._setting(name, first, value, scope)
        if reason := unknown(scope[-1].kind, name):
            return replace(made, status=Status.UNKNOWN_NAME, reason=reason)
        is_string = self.said[value[0]].kind == "string"
        if (name in NUMBERS and is_string) or (name in STRINGS and not is_string):
            reason = f"{name} takes {'a number' if is_string else 'a string'}: VCL does not compile"
            return replace(made, status=Status.REFUSED, reason=reason)
        if not _is_literal(self.said[value[0] : value[1] + 1]):
            reason = "neither a string nor a number with its unit: VCL does not compile"
            return replace(made, status=Status.REFUSED, reason=reason)
        return made


def _is_literal(words: Sequence[Token]) -> bool:
    """Strings, or one number with its unit, or one word."""
    if all(word.kind == "string" for word in words):
        return True
    plain = [word for word in words if word.kind == "word"]
    return len(plain) == len(words) <= 2 and (len(words) == 1 or plain[0].text[0].isdigit())
