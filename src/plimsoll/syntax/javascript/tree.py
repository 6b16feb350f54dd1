"""The tokens of a text that mean something, with their brackets and the conditions around them."""

from __future__ import annotations

import re

from msgspec import Struct

from plimsoll.model.place import Place
from plimsoll.syntax.javascript.lexer import BLANK, scanned
from plimsoll.syntax.text import Lines

_CLOSES = {")": "(", "]": "[", "}": "{"}
_LONGEST_QUOTE = 80
_PAIRED = frozenset("([{}])")
_MOST_FAULTS = 20
_CLOSED = {
    "string": re.compile(r"""(?P<q>["'])(?:(?!(?P=q))[^\\\n\r]|\\(?:\r\n|(?s:.)))*(?P=q)"""),
    "template": re.compile(r"[`}](?:[^`\\$]|\\(?s:.)|\$(?!\{))*(?:`|\$\{)"),
    "comment": re.compile(r"(?:\ufeff?#!|//)[^\n]*|/\*(?s:.*)\*/"),
}
_MOST_TOKENS = 40  # of a quote
_LONGEST_SOURCE = 10_000
_DEEPEST = 100  # blocks around a token, and `else if` in a row


class Condition(Struct, frozen=True):
    """Why a block may not run: the tokens of a condition, or without one a reason.

    *is_negated*: it runs where the condition does not hold.
    """

    start: int = -1
    end: int = -1
    is_negated: bool = False
    reason: str = ""


class Tree:
    """Significant tokens by index: *kinds*, *texts*. *partner*: of a bracket its other half, -1 where
    there is none; *parent*: the bracket around a token, -1 at the top.
    """

    __slots__ = (
        "_breaks",
        "_conditions",
        "_depth",
        "_ends",
        "_starts",
        "ends",
        "faults",
        "kinds",
        "lines",
        "parent",
        "partner",
        "path",
        "text",
        "texts",
    )  # fmt: skip

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.lines = Lines(text, path)
        self.kinds: list[str] = []
        self.texts: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._breaks: set[int] = set()  # tokens with the end of a line in front of them
        self._conditions: dict[int, tuple[Condition, ...]] = {}
        self.faults: list[tuple[int, int, str]] = []  # what makes it no JavaScript: from, to, why
        self.ends: dict[int, int] = {}  # where expressions end that were gone through
        self._depth = 0  # of `else if` that are being looked into
        kinds, starts = scanned(text)
        starts.append(len(text))
        for number, kind in enumerate(kinds):
            start, end = starts[number], starts[number + 1]
            if kind not in BLANK:
                self.kinds.append(kind)
                self.texts.append(text[start:end])
                self._starts.append(start)
                self._ends.append(end)
            elif text.find("\n", start, end) >= 0:
                self._breaks.add(len(self.kinds))
            if kind in _CLOSED and not _CLOSED[kind].fullmatch(text, start, end):
                self.faults.append((start, end, f"a {kind} that nothing ends"))
        self.partner, self.parent = _brackets(self.kinds, self.texts)
        self.faults += self._unpaired()

    def _unpaired(self) -> list[tuple[int, int, str]]:
        """Brackets without another half."""
        found = [at for at in range(len(self.kinds)) if self._is_unpaired(at)]
        return [
            (self._starts[at], self._ends[at], f"a {self.texts[at][-2:]} without the other one")
            for at in found[:_MOST_FAULTS]
        ]

    def _is_unpaired(self, at: int) -> bool:
        if self.kinds[at] == "template":
            return self.texts[at].endswith("${") and self.partner[at] <= at
        return self.partner[at] < 0 and self.kinds[at] == "mark" and self.texts[at] in _PAIRED

    def range(self, at: int) -> tuple[int, int]:
        """From which to which offset a token stands."""
        return self._starts[at], self._ends[at]

    def __len__(self) -> int:
        return len(self.kinds)

    def kind(self, at: int) -> str:
        return self.kinds[at] if 0 <= at < len(self.kinds) else "end"

    def word(self, at: int) -> str:
        """The text of a token; empty outside of the text."""
        return self.texts[at] if 0 <= at < len(self.texts) else ""

    def is_mark(self, at: int, *marks: str) -> bool:
        return 0 <= at < len(self.kinds) and self.kinds[at] == "mark" and self.texts[at] in marks

    def is_name(self, at: int, *names: str) -> bool:
        if not 0 <= at < len(self.kinds) or self.kinds[at] != "name":
            return False
        return not names or self.texts[at] in names

    def is_member(self, at: int) -> bool:
        """Whether a name stands behind a dot."""
        return self.is_mark(at - 1, ".", "?.")

    def breaks(self, at: int) -> bool:
        """Whether a line ends between a token and the one before it."""
        return at in self._breaks or not 0 <= at < len(self.kinds)

    def closing(self, at: int) -> int:
        """The index of the bracket that closes the one at *at*; without one the end of the text."""
        closed = self.partner[at] if 0 <= at < len(self.partner) else -1
        return closed if closed > at else len(self.kinds)

    def behind(self, at: int) -> int:
        """The index behind a token, or behind what closes the bracket that it is."""
        closed = self.partner[at] if 0 <= at < len(self.partner) else -1
        return max(closed, at) + 1

    def place(self, first: int, last: int, value: tuple[int, int] | None = None) -> Place:
        """From the token *first* to *last*, both included, with that of its value."""
        inner = (self._starts[value[0]], self._ends[value[1]]) if value else None
        return self.lines.place(self._starts[first], self._ends[last], inner)

    def source(self, first: int, last: int) -> str:
        """The text of tokens; of a very long one its beginning."""
        start = self._starts[first]
        return self.text[start : min(self._ends[last], start + _LONGEST_SOURCE)]

    def quoted(self, first: int, last: int) -> str:
        """The text of tokens on one line, cut where it is long."""
        stop = min(last, first + _MOST_TOKENS)
        end = min(self._ends[stop], self._starts[first] + 1000)
        text = " ".join(self.text[self._starts[first] : end].split())
        is_cut = stop < last or len(text) > _LONGEST_QUOTE
        return f"{text[: _LONGEST_QUOTE - 3]}..." if is_cut else text

    # -- conditions

    def around(self, at: int) -> tuple[Condition, ...]:
        """The conditions of the blocks around a token."""
        found: list[Condition] = []
        up = self.parent[at]
        for _ in range(_DEEPEST):
            if up < 0:
                return tuple(found)
            if self.texts[up] == "{":
                found += self._of_block(up)
            up = self.parent[up]
        return (Condition(reason="nested too deeply"),)

    def ahead(self, at: int) -> tuple[Condition, ...]:
        """The conditions of a statement without braces that begins at *at*."""
        if self.is_mark(at - 1, ")"):
            return self._of_head(at - 1)
        if self.is_name(at - 1, "else"):
            return self._of_else(at)
        if self.is_mark(at - 1, "&&", "||", "??", "?"):
            return (Condition(reason=f"only one way of {self.quoted(at - 2, at)}"),)
        return ()

    def _of_block(self, brace: int) -> tuple[Condition, ...]:
        """What the `if`, `else`, `catch` or `switch` in front of a block says."""
        known = self._conditions.get(brace)
        if known is None:
            self._conditions[brace] = ()  # while it is looked for
            known = self._conditions[brace] = self._said_of(brace)
        return known

    def _said_of(self, brace: int) -> tuple[Condition, ...]:
        if self.is_name(brace - 1, "else"):
            return self._of_else(brace)
        if self.is_name(brace - 1, "catch") and not self.is_member(brace - 1):
            return (Condition(reason="only where something fails"),)
        return self._of_head(brace - 1) if self.is_mark(brace - 1, ")") else ()

    def _of_head(self, closed: int) -> tuple[Condition, ...]:
        """What a word with parentheses says of the statement behind them."""
        head = self.partner[closed]
        word = head - 1
        if head < 0 or self.is_member(word):
            return ()
        if self.is_name(word, "if"):
            return (Condition(head + 1, closed - 1), *self._of_else(word))
        if self.is_name(word, "catch"):
            return (Condition(reason="only where something fails"),)
        if self.is_name(word, "switch", "while"):
            return (Condition(reason=f"depends on {self.quoted(word, closed)}"),)
        return ()

    def _of_else(self, at: int) -> tuple[Condition, ...]:
        """What an `else` in front of *at* denies: the first condition of what it belongs to."""
        if not self.is_name(at - 1, "else"):
            return ()
        is_block = self.is_mark(at - 2, "}") and self.partner[at - 2] >= 0
        if not is_block or self._depth >= _DEEPEST:
            return (Condition(reason="only in an else branch"),)
        self._depth += 1
        own = self._of_block(self.partner[at - 2])
        self._depth -= 1
        denied = [Condition(c.start, c.end, not c.is_negated, c.reason) for c in own[:1]]
        return (*denied, *own[1:])


def _brackets(kinds: list[str], texts: list[str]) -> tuple[list[int], list[int]]:
    """Partners and parents. A bracket that closes another kind closes nothing."""
    partner = [-1] * len(kinds)
    parent: list[int] = []
    open_: list[int] = []
    top = -1
    for at, kind in enumerate(kinds):
        if kind == "mark":
            text = texts[at]
            if text in _CLOSES and top >= 0 and texts[top] == _CLOSES[text]:
                partner[at], partner[top] = top, at
                open_.pop()
                top = open_[-1] if open_ else -1
            parent.append(top)
            if text in "([{":
                open_.append(at)
                top = at
        elif kind == "template":
            if texts[at][0] == "}" and top >= 0 and kinds[top] == "template":
                partner[at], partner[top] = top, at
                open_.pop()
                top = open_[-1] if open_ else -1
            parent.append(top)
            if texts[at].endswith("${"):
                open_.append(at)
                top = at
        else:
            parent.append(top)
    return partner, parent
