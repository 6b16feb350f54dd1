"""Ruby code to a tree. What is not understood is a node with its reason; nothing is run."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from plimsoll.syntax.ruby.cursor import FaultError
from plimsoll.syntax.ruby.expressions import TIGHT, Expressions
from plimsoll.syntax.ruby.lexer import tokens
from plimsoll.syntax.ruby.nodes import (
    Array,
    Assignment,
    Branch,
    Definition,
    Maybe,
    Node,
    Unreadable,
    Variable,
)
from plimsoll.syntax.text import Token

# How often a text may be gone through again where statement after statement is not understood, or
# how many tokens of a short one.
_MOST_AGAIN, _FREELY = 10, 20_000


def parsed(text: str) -> tuple[Node, ...]:
    """The statements of *text*, in order."""
    parser = _Parser(text, tokens(text))
    found: list[Node] = []
    while not parser.is_done():
        found += parser.statements()
        if not parser.is_done():
            start = parser.token.start
            parser.take()
            reason = "not Ruby: nothing is open that this could close"
            found.append(Unreadable(start, parser.before, reason))
    return tuple(found)


class _Parser(Expressions):
    """Statements, and what keywords open."""

    _again = 0  # tokens that were taken in vain

    def statements(self) -> tuple[Node, ...]:
        found: list[Node] = []
        self.skip_lines()
        while not self.is_end():
            found += self._statement()
            self.skip_lines()
        return tuple(found)

    def _statement(self) -> Iterator[Node]:
        begun, start, depth = self.at, self.token.start, self.depth
        outer_do = self.no_do
        try:
            found = list(self._read())
            if not (self.is_line_end() or self.is_end()):
                raise self.fault()
            yield from found
        except FaultError as fault:
            self._again += self.at - begun
            reason = fault.reason
            self.at, self.depth, self.no_do = begun, depth, outer_do
            if self._again > max(_FREELY, _MOST_AGAIN * len(self.own)):
                self.at, self.before = len(self.own) - 1, self.own[-1].start
                reason += "; what stands behind it is not read"
            else:
                self.skip_statement()
            yield Unreadable(start, max(self.before, start + 1), reason)

    def _read(self) -> Iterator[Node]:
        first = self.expression()
        if self.is_at(",") and isinstance(first, Assignment):
            first = self._listed(first)
        elif self.is_at(","):
            yield from self._several(first)
            return
        while self.is_at("if", "unless", "while", "until", "rescue"):
            first = self._modified(first)
        yield first

    def _listed(self, first: Assignment) -> Node:
        """`a = 1, 2`: the values are a list."""
        self.take()
        self.skip_newlines()
        items = (first.value, *self.arguments())
        value = Array(first.value.start, self.before, items)
        return replace(first, end=self.before, value=value)

    def _several(self, first: Node) -> Iterator[Node]:
        """`a, b = 1, 2`: one assignment each, where as many values stand there."""
        targets = [first]
        while self.takes(","):
            targets.append(self._target())
        self.require("=")
        self.skip_newlines()
        values = self.arguments()
        for at, target in enumerate(targets):
            if isinstance(target, Variable):
                self.locals.add(target.name)
            value = (
                values[at] if len(values) == len(targets) else Definition(first.start, self.before)
            )
            yield Assignment(target.start, value.end, target, "=", value)

    def _target(self) -> Node:
        token = self.take()
        if token.kind not in ("name", "variable", "constant"):
            raise self.fault("a name to assign to")
        return Variable(token.start, token.end, token.text)

    def _modified(self, node: Node) -> Node:
        word = self.take().text
        test = self.expression(TIGHT - 1)
        start, end = node.start, test.end
        if word == "rescue":
            return Maybe(start, end, ((test,),), (node,))
        if word in ("while", "until"):
            return Maybe(start, end, ((node,),))
        yes, no = ((node,), ()) if word == "if" else ((), (node,))
        return Branch(start, end, test, yes, no)

    # -- what a keyword opens

    def block_word(self, token: Token) -> Node:
        if token.text in ("if", "unless"):
            return self._if(token)
        if token.text == "case":
            return self._case(token)
        if token.text in ("while", "until", "for"):
            return self._loop(token)
        if token.text == "begin":
            return self._begin(token)
        return self._definition(token)

    def _if(self, token: Token) -> Node:
        test = self.expression()
        self.takes("then")
        yes = self.statements()
        no: tuple[Node, ...] = ()
        if self.is_at("elsif"):
            inner = self.take()
            self.depth += 1
            no = (self._if(inner),)
            self.depth -= 1
            return Branch(token.start, self.before, test, yes, no)
        if self.takes("else"):
            no = self.statements()
        self.require("end")
        if token.text == "unless":
            yes, no = no, yes
        return Branch(token.start, self.before, test, yes, no)

    def _case(self, token: Token) -> Node:
        if not self.is_line_end():
            self.skip_header()
        self.skip_lines()
        bodies: list[tuple[Node, ...]] = []
        while self.is_at("when", "in", "else"):
            if self.take().text != "else":
                self.skip_header()
                self.takes("then")
            bodies.append(self.statements())
        if not bodies:
            raise self.fault("'when' is missing")
        self.require("end")
        return Maybe(token.start, self.before, tuple(bodies))

    def _loop(self, token: Token) -> Node:
        self.skip_header()
        self.takes("do")
        body = self.statements()
        self.require("end")
        return Maybe(token.start, self.before, (body,))

    def _begin(self, token: Token) -> Node:
        surely = self.statements()
        bodies: list[tuple[Node, ...]] = []
        while self.is_at("rescue", "else", "ensure"):
            word = self.take().text
            if word == "rescue" and not self.is_line_end():
                self.skip_header()
                self.takes("then")
            if word == "rescue":
                bodies.append(self.statements())
            else:
                surely = (*surely, *self.statements())
        self.require("end")
        return Maybe(token.start, self.before, tuple(bodies), surely)

    def _definition(self, token: Token) -> Node:
        """Over `def`, `class`, ...; of a method the name is told."""
        name = self.token.text if token.text == "def" else ""
        self.at -= 1
        is_one_line = token.text == "def" and self.is_one_line()
        is_closed = self.skip_statement()
        opens = token.text in ("def", "class", "module") and not is_one_line
        if opens and not (is_closed and self.own[self.at - 1].text == "end"):
            raise FaultError("not Ruby: 'end' is missing")
        return Definition(token.start, self.before, name)
