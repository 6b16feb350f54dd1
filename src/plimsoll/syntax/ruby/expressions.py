"""Expressions of Ruby to trees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plimsoll.syntax.ruby import literals
from plimsoll.syntax.ruby.cursor import DEEPEST, Cursor, FaultError
from plimsoll.syntax.ruby.lexer import tokens
from plimsoll.syntax.ruby.nodes import (
    Array,
    Assignment,
    Binary,
    Block,
    Branch,
    Call,
    Constant,
    Definition,
    Hash,
    Literal,
    Name,
    Node,
    Pair,
    Text,
    Unary,
    Unreadable,
    Variable,
)
from plimsoll.syntax.text import Token

_POWERS = {
    "or": 1, "and": 1, "?": 3, "..": 4, "...": 4, "||": 5, "&&": 6,
    "<=>": 8, "==": 8, "===": 8, "!=": 8, "=~": 8, "!~": 8,
    "<": 9, "<=": 9, ">": 9, ">=": 9, "|": 10, "^": 10, "&": 11, "<<": 12, ">>": 12,
    "+": 13, "-": 13, "*": 14, "/": 14, "%": 14, "**": 16,
}  # fmt: skip
_UNARY = {"-": 15, "+": 17, "!": 17, "~": 17}
LOOSE, TIGHT = 0, 2
_ASSIGNS = frozenset(
    ["=", "||=", "&&=", "+=", "-=", "*=", "/=", "%=", "**=", "|=", "&=", "<<=", ">>=", "^="]
)
_WORDS: Mapping[str, bool | None] = {"nil": None, "true": True, "false": False}
_OPERANDS = frozenset(
    [
        "number",
        "string",
        "symbol",
        "words",
        "label",
        "name",
        "constant",
        "variable",
        "heredoc",
        "pattern",
        "unclosed",
    ]
)
_JOINED = frozenset({"-", "*", "&", "**", "::", "!"})  # begin an argument where no blank follows
_OPERAND_WORDS = frozenset({"nil", "true", "false", "self", "not", "defined?"})
_BLOCK_WORDS = frozenset({"if", "unless", "case", "while", "until", "for", "begin", "def"}) | {
    *("class", "module", "alias", "undef", "BEGIN", "END")
}


class Expressions(Cursor):
    """*locals*: names that were assigned: no methods that take arguments."""

    def __init__(self, text: str, given: list[Token], depth: int = 0) -> None:
        super().__init__(text, given, depth)
        self.locals: set[str] = set()

    def block_word(self, token: Token) -> Node:
        """What a keyword opens up to its `end`."""
        raise NotImplementedError

    def statements(self) -> tuple[Node, ...]:
        """The statements up to what ends them."""
        raise NotImplementedError

    # -- operators

    def expression(self, power: int = LOOSE) -> Node:
        """What stands here, with the operators that bind it tighter than *power*."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise FaultError("not read: nested too deeply")
        left = self._unary()
        while True:
            token = self.token
            binds = _POWERS.get(token.text, -1) if token.kind in ("operator", "keyword") else -1
            if token.kind == "operator" and token.text in _ASSIGNS and _is_target(left):
                left = self._assignment(left)
            elif binds <= power:
                break
            elif token.text == "?":
                left = self._choice(left)
            else:
                self.take()
                self.skip_newlines()
                right = self.expression(binds if token.text != "**" else binds - 1)
                left = Binary(left.start, right.end, token.text, left, right)
        self.depth -= 1
        return left

    def _unary(self) -> Node:
        token = self.token
        if token.kind == "keyword" and token.text in ("not", "defined?"):
            self.take()
            operand = self.expression(TIGHT)
            return Unary(token.start, operand.end, "!" if token.text == "not" else "?", operand)
        if token.kind != "operator" or token.text not in _UNARY:
            return self._postfix(self._primary())
        self.take()
        operand = self.expression(_UNARY[token.text])
        if token.text == "-" and isinstance(operand, Literal) and _is_number(operand):
            return Literal(token.start, operand.end, -operand.value)  # type: ignore[operator]
        return Unary(token.start, operand.end, token.text, operand)

    def _choice(self, test: Node) -> Node:
        self.take()
        self.skip_newlines()
        yes = self.expression(TIGHT)
        self.skip_newlines()
        self.require(":")
        self.skip_newlines()
        no = self.expression(TIGHT)
        return Branch(test.start, no.end, test, (yes,), (no,))

    def _assignment(self, target: Node) -> Node:
        operator = self.take().text
        self.skip_newlines()
        value = self.expression(TIGHT)
        if isinstance(target, Variable):
            self.locals.add(target.name)
        return Assignment(target.start, value.end, target, operator, value)

    # -- operands

    def _primary(self) -> Node:
        token = self.take()
        if token.kind == "name":
            return self._named(token)
        if token.kind == "constant":
            return self._constant(token)
        if token.kind == "variable":
            return Variable(token.start, token.end, token.text)
        if token.kind == "keyword":
            return self._word(token)
        if token.kind == "operator":
            return self._bracket(token)
        return self._literal(token)

    def _literal(self, token: Token) -> Node:
        start, end = token.start, token.end
        if token.kind == "number":
            value = literals.number(token.text)
            return Literal(start, end, value) if value is not None else Definition(start, end)
        if token.kind in ("string", "symbol"):
            return self._text(token)
        if token.kind == "words":
            inner = literals.content(token.text)
            given = token.text[inner[0] : inner[1]].split()
            return Array(start, end, tuple(Literal(start, end, word) for word in given))
        if token.kind == "heredoc":
            return self._heredoc(token)
        if token.kind == "pattern":
            return Definition(start, end)
        raise FaultError(f"not understood: {token.text.strip()[:20]!r}")

    def _text(self, token: Token) -> Node:
        is_symbol = token.kind == "symbol"
        pieces: list[str | Node] = []
        end = token.end
        if is_symbol and token.text[1:2] not in "\"'":
            return Literal(token.start, end, Name(token.text.lstrip(":")))
        pieces += self._pieces(token)
        while not is_symbol and self.token.kind == "string" and self.token.text[0] in "\"'":
            following = self.take()  # "a" "b" is one text
            pieces += self._pieces(following)
            end = following.end
        if all(isinstance(p, str) for p in pieces):
            plain = "".join(p for p in pieces if isinstance(p, str))
            return Literal(token.start, end, Name(plain) if is_symbol else plain)
        return Text(token.start, end, tuple(pieces))

    def _pieces(self, token: Token) -> Iterator[str | Node]:
        first, last, is_rich = literals.content(token.text)
        start = token.start
        if token.text.startswith(("`", "%x")):
            yield Definition(start, token.end)  # a command: it is not run
            return
        for piece in literals.pieces(self.text, start + first, start + last, is_rich=is_rich):
            yield piece if isinstance(piece, str) else self._inner(*piece)

    def _inner(self, start: int, end: int) -> Node:
        """The code between *start* and *end* of the text."""
        if self.depth > DEEPEST // 2:
            raise FaultError("not read: nested too deeply")
        given = [Token(t.kind, t.text, t.start + start) for t in tokens(self.text[start:end])]
        found = type(self)(self.text, given, self.depth + 10).statements()
        return found[0] if len(found) == 1 else Definition(start, end)

    def _heredoc(self, token: Token) -> Node:
        body = self.bodies.get(token.start)
        lines = body.text.rsplit("\n", 1)[0] + "\n" if body and "\n" in body.text else ""
        text = literals.heredoc(
            lines, is_squiggly=token.text[2:3] == "~", is_rich="'" not in token.text
        )
        start, end = token.start, token.end
        return Definition(start, end) if text is None else Literal(start, end, text)

    def _word(self, token: Token) -> Node:
        if token.text in _WORDS:
            return Literal(token.start, token.end, _WORDS[token.text])
        if token.text in _BLOCK_WORDS:
            return self.block_word(token)
        if token.text == "self":
            return Variable(token.start, token.end, "self")
        if token.text in ("return", "break", "next", "yield", "super", "redo", "retry"):
            given = () if self._is_over() else self.arguments()
            return Call(token.start, self.before, token.text, None, given)
        raise FaultError(f"not understood: {token.text!r}")

    def _is_over(self) -> bool:
        return self.is_line_end() or self.is_end() or self.is_at("if", "unless")

    def _bracket(self, token: Token) -> Node:
        outer, self.no_do = self.no_do, False
        try:
            if token.text == "(":
                inner = self.statements()
                self.require(")")
                for each in inner:
                    if isinstance(each, Unreadable):
                        raise FaultError(each.reason)
                return inner[0] if len(inner) == 1 else Definition(token.start, self.before)
            if token.text == "[":
                items = self.arguments("]")
                return Array(token.start, self.before, items)
            if token.text == "{":
                given = self.arguments("}")
                pairs = given[0].pairs if given and isinstance(given[0], Hash) else ()
                return Hash(token.start, self.before, pairs)
        finally:
            self.no_do = outer
        if token.text == "->":
            return self._lambda(token)
        if token.text == "::" and self.token.kind == "constant":
            return self._constant(self.take())
        raise FaultError(f"not understood: {token.text!r}")

    def _lambda(self, token: Token) -> Node:
        while not self.is_at("{", "do") and not self.is_line_end() and not self.is_end():
            if self.is_at("("):
                self.skip_statement()
                break
            self.take()
        self.block()
        return Definition(token.start, self.before)

    # -- names and calls

    def _constant(self, token: Token) -> Node:
        name, end = token.text, token.end
        while self.is_at("::") and self.ahead.kind == "constant":
            self.take()
            found = self.take()
            name, end = f"{name}::{found.text}", found.end
        if self.is_at("(") and not self.is_spaced:
            return self._call(token.start, None, name)
        return Constant(token.start, end, name)

    def _named(self, token: Token) -> Node:
        if token.text in self.locals or not (self._begins_argument() or self._has_brackets()):
            return self._with_block(Variable(token.start, token.end, token.text))
        return self._call(token.start, None, token.text)

    def _has_brackets(self) -> bool:
        return self.is_at("(") and not self.is_spaced

    def _with_block(self, name: Variable) -> Node:
        """`foo do ... end` without arguments is a call too."""
        if name.name in self.locals or not self._has_block():
            return name
        block = self.block()
        return Call(name.start, self.before, name.name, None, (), block)

    def _has_block(self) -> bool:
        return self.is_at("{") or (self.is_at("do") and not self.no_do)

    def _begins_argument(self) -> bool:
        """Whether the first argument of a call without brackets stands here."""
        token = self.token
        if not self.is_spaced:
            return False
        if token.kind == "keyword":
            return token.text in _OPERAND_WORDS
        if token.kind != "operator":
            return token.kind in _OPERANDS
        if token.text in ("[", "->", "("):
            return True
        is_joined = self.ahead.start == token.end and self.ahead.kind != "newline"
        return token.text in _JOINED and is_joined

    def _call(self, start: int, receiver: Node | None, method: str) -> Node:
        given: tuple[Node, ...] = ()
        if self._has_brackets():
            self.take()
            outer, self.no_do = self.no_do, False
            given = self.arguments(")")
            self.no_do = outer
        elif self._begins_argument():
            outer, self.no_do = self.no_do, True
            given = self.arguments()
            self.no_do = outer
        end = self.before
        has_more = any(isinstance(a, Unary) and a.operator in ("*", "&") for a in given)
        block = self.block() if self._has_block() else None
        return Call(start, self.before if block else end, method, receiver, given, block, has_more)

    def _postfix(self, node: Node) -> Node:
        while True:
            if self._goes_on_below():
                self.skip_newlines()
            if self.is_at(".", "&.", "::"):
                self.take()
                self.skip_newlines()
                if self.is_at("("):  # a.()
                    node = self._call(node.start, node, "call")
                    continue
                name = self.take()
                if name.kind not in ("name", "constant", "label", "keyword"):
                    raise FaultError(f"not understood: {name.text!r} behind a dot")
                node = self._call(node.start, node, name.text)
            elif self.is_at("[") and not self.is_spaced:
                self.take()
                given = self.arguments("]")
                node = Call(node.start, self.before, "[]", node, given)
            else:
                return node

    def _goes_on_below(self) -> bool:
        at = self.at
        while self.own[at].kind == "newline":
            at += 1
        return at > self.at and self.own[at].text in (".", "&.") and self.own[at].kind == "operator"

    def arguments(self, closer: str = "") -> tuple[Node, ...]:
        """What stands up to *closer*, which is taken; pairs make up one hash at the end."""
        found: list[Node] = []
        pairs: list[Pair] = []
        while True:
            if closer:
                self.skip_newlines()
                if self.takes(closer):
                    break
            one = self._argument()
            if isinstance(one, Pair):
                pairs.append(one)
            else:
                found.append(one)
            if closer:
                self.skip_newlines()
            if not self.takes(","):
                if closer:
                    self.require(closer)
                break
            self.skip_newlines()
        if pairs:
            found.append(Hash(pairs[0].start, pairs[-1].end, tuple(pairs)))
        return tuple(found)

    def _argument(self) -> Node:
        token = self.token
        if self.is_at("*", "&", "**"):
            self.take()
            value = self.expression(TIGHT)
            if token.text == "**":
                return Pair(token.start, value.end, None, value)
            return Unary(token.start, value.end, token.text, value)
        if token.kind == "label":
            self.take()
            self.skip_newlines()
            key = Literal(token.start, token.end - 1, Name(token.text[:-1]))
            if self.is_at(",", ")", "}") or self.is_line_end():
                return Pair(
                    token.start, token.end, key, Variable(key.start, key.end, token.text[:-1])
                )
            value = self.expression(TIGHT)
            return Pair(token.start, value.end, key, value)
        value = self.expression(TIGHT)
        if self.is_at("=>") or (token.kind == "string" and self.is_at(":") and not self.is_spaced):
            self.take()
            self.skip_newlines()
            other = self.expression(TIGHT)
            return Pair(value.start, other.end, value, other)
        return value

    def block(self) -> Block:
        """A block with its parameters."""
        opener = self.take()
        if opener.text not in ("{", "do"):
            raise FaultError(f"not understood: {opener.text!r}")
        outer, self.no_do = self.no_do, False
        self.skip_newlines()
        names: list[str] = []
        if self.takes("|"):
            while not self.takes("|"):
                token = self.take()
                names += [token.text] if token.kind == "name" else []
        self.takes("||")
        known = set(self.locals)
        self.locals |= set(names)
        body = self.statements()
        while opener.text == "do" and self.is_at("rescue", "ensure", "else"):
            self.skip_header()
            self.statements()
        self.require("end" if opener.text == "do" else "}")
        self.locals = known
        self.no_do = outer
        return Block(opener.start, self.before, tuple(names), body)


def _is_target(node: Node) -> bool:
    if isinstance(node, Call):
        return node.method == "[]" or (node.receiver is not None and not node.arguments)
    return isinstance(node, Variable | Constant)


def _is_number(node: Literal) -> bool:
    return not isinstance(node.value, bool | str) and node.value is not None
