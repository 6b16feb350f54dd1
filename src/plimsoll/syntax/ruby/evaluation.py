"""What expressions of Ruby come to, as far as nothing has to be run for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, TypeGuard

from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula, Unknown
from plimsoll.syntax.python import symbols
from plimsoll.syntax.python.values import (
    LARGEST_NUMBER,
    Computed,
    Entry,
    Function,
    Listed,
    Reference,
    Result,
    Symbol,
    Table,
)
from plimsoll.syntax.ruby import methods
from plimsoll.syntax.ruby.methods import ABSENT, Absent
from plimsoll.syntax.ruby.nodes import (
    Array,
    Assignment,
    Binary,
    Branch,
    Call,
    Constant,
    Definition,
    Hash,
    Literal,
    Maybe,
    Name,
    Node,
    Stage,
    Text,
    Unary,
    Variable,
)
from plimsoll.syntax.text import Lines
from plimsoll.syntax.uncertain import Uncertain

_LONGEST_QUOTE = 80
_LONGEST_TEXT = 10_000
_DEEPEST = 60
_ENVIRONMENT = Reference("ENV")
_CORES = frozenset(
    {"Etc.nprocessors", "Concurrent.processor_count", "Concurrent.physical_processor_count"}
)


def is_plain(value: Result) -> TypeGuard[int | Fraction | str | bool | None]:
    return value is None or isinstance(value, bool | int | str | Fraction)


def shown(value: Result, source: str = "") -> str:
    """The text of *value* as a server sees it; *source* where that is not told."""
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return repr(float(value))
    return str(value) if isinstance(value, int | str) else source


class Evaluator:
    """Values of the expressions of one text.

    *environment*: the variables of the process; None while it is not known. *names*: what is bound
    so far. *asked*: the variables that were asked for, with what was found; *asked_for*: those that
    a name depends on.
    """

    def __init__(self, text: str, path: str, environment: Mapping[str, Word] | None) -> None:
        self.text = text
        self.lines = Lines(text, path)
        self.environment = environment
        self.names: dict[str, Result] = {}
        self.asked: dict[str, Word | None] = {}
        self.asked_for: dict[str, Mapping[str, Word | None]] = {}
        self._depth = 0

    def value(self, node: Node) -> Result:
        """What *node* comes to."""
        handler = _HANDLERS.get(type(node))
        if handler is None or self._depth > _DEEPEST:
            return self.computed(node)
        self._depth += 1
        try:
            found: Result | Absent = handler(self, node)
        finally:
            self._depth -= 1
        if isinstance(found, Absent) or _is_too_large(found):
            return self.computed(node)
        return found

    def watched(self, node: Node) -> tuple[Result, Mapping[str, Word | None]]:
        """What *node* comes to, and the variables that it asked for."""
        outer, self.asked = self.asked, {}
        value = self.value(node)
        mine, self.asked = self.asked, {**outer, **self.asked}
        return value, mine

    def entry(self, key: str, start: int, node: Node) -> Entry:
        """The entry that stands from *start* to the end of *node*, which is its value."""
        value, asked = self.watched(node)
        place = self.lines.place(start, node.end, (node.start, node.end))
        return Entry(key, value, place, self.text[node.start : node.end], asked)

    def computed(self, node: Node, *causes: Result) -> Computed:
        """That *node* cannot be told, because of *causes*."""
        unknown = [c for c in causes if isinstance(c, Computed)]
        asks = any(c.asks_environment for c in unknown)
        return Computed(f"computed: {self.quoted(node)}", asks, any(c.raises for c in unknown))

    def quoted(self, node: Node) -> str:
        """The text of a node on one line, cut where it is long."""
        line = " ".join(self.text[node.start : node.end].split())
        return line if len(line) <= _LONGEST_QUOTE else f"{line[: _LONGEST_QUOTE - 3]}..."

    def truth(self, value: Result) -> bool | None:
        """Whether Ruby takes *value* for true: all but nil and false; None where nobody can tell."""
        if isinstance(value, Symbol):
            return None if value.is_condition else True
        if isinstance(value, Listed | Table) and any(
            self.truth(e.value) is None for e in value.entries
        ):
            return None  # what is in it may fail
        if isinstance(value, Computed | Reference):
            return None
        return value is not None and value is not False

    # -- kinds of nodes

    def _literal(self, node: Literal) -> Result:
        return node.value

    def _text(self, node: Text) -> Result:
        pieces: list[str] = []
        causes: list[Result] = []
        for piece in node.pieces:
            value = piece if isinstance(piece, str) else self.value(piece)
            causes.append(value)
            pieces.append("" if value is None else shown(value))
        if not all(is_plain(each) for each in causes):
            return self.computed(node, *causes)
        joined = "".join(pieces)
        return Name(joined) if node.is_symbol else joined

    def _array(self, node: Array) -> Result:
        entries: list[Entry] = []
        for item in node.items:
            if not (isinstance(item, Unary) and item.operator == "*"):
                entries.append(self.entry(str(len(entries)), item.start, item))
                continue
            more = self.value(item.operand)
            if not isinstance(more, Listed):
                return self.computed(node, more)
            entries += more.entries
        return Listed(tuple(entries))

    def _hash(self, node: Hash) -> Result:
        entries: list[Entry] = []
        is_complete = True
        for pair in node.pairs:
            if pair.key is None:
                more = self.value(pair.value)
                entries += more.entries if isinstance(more, Table) else ()
                is_complete = is_complete and isinstance(more, Table) and more.is_complete
                continue
            key = self.value(pair.key)
            if is_plain(key):
                entries.append(self.entry(shown(key), pair.start, pair.value))
            is_complete = is_complete and is_plain(key)
        return Table(tuple(entries), is_complete)

    def _variable(self, node: Variable) -> Result:
        self.asked.update(self.asked_for.get(node.name, {}))
        return self.names[node.name] if node.name in self.names else Reference(node.name)

    def _constant(self, node: Constant) -> Result:
        return self.names.get(node.name, Reference(node.name))

    def _definition(self, _: Definition) -> Result:
        return Function("function")

    def _unary(self, node: Unary) -> Result | Absent:
        value = self.value(node.operand)
        if node.operator == "!":
            truth = self.truth(value)
            return self.computed(node, value) if truth is None else not truth
        if node.operator == "-" and isinstance(value, Symbol):
            found = symbols.negated(value)
            return ABSENT if found is None else found
        if isinstance(value, int | Fraction) and not isinstance(value, bool):
            return -value if node.operator == "-" else value if node.operator == "+" else ABSENT
        return self.computed(node, value)

    def _binary(self, node: Binary) -> Result | Absent:
        left = self.value(node.left)
        if node.operator in ("||", "or", "&&", "and"):
            return self._either(node, left)
        right = self.value(node.right)
        found = methods.operation(left, node.operator, right)
        return self.computed(node, left, right) if isinstance(found, Absent) else found

    def _either(self, node: Binary, left: Result) -> Result:
        truth = self.truth(left)
        is_or = node.operator in ("||", "or")
        if truth is not None:
            return left if truth is is_or else self.value(node.right)
        return self.computed(node, left, self.value(node.right))

    def _branch(self, node: Branch) -> Result:
        test = self.value(node.test)
        truth = self.truth(test)
        if truth is None:
            return self.computed(node, test)
        return self._last(node, node.yes if truth else node.no)

    def _last(self, node: Node, body: tuple[Node, ...]) -> Result:
        """What a body of one expression comes to; it has no variables of its own."""
        if len(body) > 1:
            return self.computed(node)
        return self.value(body[0]) if body else None

    def _maybe(self, node: Maybe) -> Result:
        """`begin ... rescue`: the body's value where that is known not to fail."""
        value = self._last(node, node.surely) if node.surely else self.computed(node)
        is_open = isinstance(value, Computed) and bool(node.bodies)
        return self.computed(node, value) if is_open else value

    def _assigned(self, node: Assignment) -> Result:
        return self.value(node.value) if node.operator == "=" else self.computed(node)

    # -- calls

    def _call(self, node: Call) -> Result | Absent:
        if node.has_more:
            return self.computed(node)
        if node.receiver is None:
            return self._function(node)
        base = self.value(node.receiver)
        if base == _ENVIRONMENT:
            return self._environment(node)
        if isinstance(base, Reference):
            dotted = f"{base.dotted}.{node.method}"
            return symbols.CORES if dotted in _CORES else self._unknown(node, dotted)
        given = [self.value(a) for a in node.arguments]
        found = methods.method(base, node.method, given) if node.block is None else ABSENT
        return self.computed(node, base, *given) if isinstance(found, Absent) else found

    def _unknown(self, node: Call, dotted: str) -> Result:
        """`Rails.env` may become more; a call with arguments is told by running it alone."""
        if dotted == "Rails.env":
            return self._stage(node)
        if node.arguments or node.block:
            return self.computed(node, *(self.value(a) for a in node.arguments))
        return Reference(dotted)

    def _stage(self, node: Call) -> Result:
        """`Rails.env`: told by a variable, else by whoever starts it."""
        if self.environment is None:
            return Computed(f"computed: {self.quoted(node)}", asks_environment=True)
        given = [w for n in ("RAILS_ENV", "RACK_ENV") if (w := self.environment.get(n))]
        if not given or isinstance(given[0], Uncertain):
            return self.computed(node)
        return Stage(given[0].text)

    def _function(self, node: Call) -> Result | Absent:
        if node.method in ("lambda", "proc"):
            return Function("function")
        given = [self.value(a) for a in node.arguments]
        found = methods.function(node.method, given)
        return self.computed(node, *given) if isinstance(found, Absent) else found

    def _environment(self, node: Call) -> Result:
        """`ENV["X"]`, `ENV.fetch("X") { 5 }`, `ENV.key?("X")`."""
        name = self.value(node.arguments[0]) if node.arguments else None
        if not isinstance(name, str) or len(node.arguments) > 2:
            return self.computed(node)
        if self.environment is None:
            return Computed(f"computed: {self.quoted(node)}", asks_environment=True)
        word = self.environment.get(name)
        self.asked[name] = word
        if node.method in ("key?", "has_key?", "include?", "member?"):
            return word is not None
        if node.method not in ("[]", "fetch"):
            return self.computed(node)
        if word is None:
            return self._default(node, name)
        if not isinstance(word, Uncertain):
            return word.text
        if isinstance(word.value, Formula):
            return symbols.read_back(word.value.expression)
        return Computed(word.value.reason)

    def _default(self, node: Call, name: str) -> Result:
        if node.method == "[]":
            return None
        if node.block is not None:
            return self._last(node, node.block.body)
        if len(node.arguments) == 2:
            return self.value(node.arguments[1])
        return Computed(f"the environment does not give {name}", raises=True)


def _is_too_large(value: Result) -> bool:
    if isinstance(value, int | Fraction):
        return not -LARGEST_NUMBER <= value <= LARGEST_NUMBER
    return isinstance(value, str) and len(value) > _LONGEST_TEXT


def meaning(value: Result) -> Formula | Unknown | None:
    """What a Setting's value is where only this reading can say it."""
    if isinstance(value, Symbol):
        return Formula(value.expression)
    if isinstance(value, Reference):
        return Unknown(f"computed: {value.dotted}")
    return Unknown(value.reason) if isinstance(value, Computed) else None


_HANDLERS: Mapping[type[Node], Callable[[Evaluator, Any], Result | Absent]] = {
    Literal: Evaluator._literal,
    Text: Evaluator._text,
    Array: Evaluator._array,
    Hash: Evaluator._hash,
    Variable: Evaluator._variable,
    Constant: Evaluator._constant,
    Definition: Evaluator._definition,
    Unary: Evaluator._unary,
    Binary: Evaluator._binary,
    Branch: Evaluator._branch,
    Maybe: Evaluator._maybe,
    Assignment: Evaluator._assigned,
    Call: Evaluator._call,
}
