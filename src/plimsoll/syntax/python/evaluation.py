"""Python expressions to values, and to formulas where they depend on the machine."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula
from plimsoll.syntax.python import operations
from plimsoll.syntax.python.functions import CORE, MISSING, Call, Callee, Missing, method
from plimsoll.syntax.python.operations import ABSENT, Absent
from plimsoll.syntax.python.source import Source
from plimsoll.syntax.python.symbols import read_back
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
    is_plain,
    shown,
)
from plimsoll.syntax.uncertain import Uncertain

_DEEPEST = 60
_MOST_STEPS = 100_000
_LONGEST_TEXT = 10_000
_MOST_ENTRIES = 10_000
_ENVIRONMENT = Reference("os.environ")


class Evaluator:
    """Values of the expressions of one text.

    *environment*: the variables of the process; None while it is not known. *names*: what is bound
    so far. *asked*: the variables that were asked for, with what was found; *asked_for*: those that
    a name depends on.
    """

    __slots__ = (
        "_depth",
        "_own",
        "_steps",
        "asked",
        "asked_for",
        "environment",
        "functions",
        "names",
        "source",
    )

    def __init__(
        self,
        source: Source,
        environment: Mapping[str, Word] | None,
        functions: Mapping[str, Callee] = CORE,
    ) -> None:
        self.source = source
        self.environment = environment
        self.functions = functions
        self.names: dict[str, Result] = {}
        self.asked: dict[str, Word | None] = {}
        self.asked_for: dict[str, Mapping[str, Word | None]] = {}
        self._own: dict[str, ast.FunctionDef] = {}
        self._depth = 0
        self._steps = 0

    def define(self, function: ast.FunctionDef) -> None:
        """Makes the calls of a function of the file readable."""
        self._own[function.name] = function

    def value(self, node: ast.expr) -> Result:
        """What *node* comes to."""
        handler = _HANDLERS.get(type(node))
        self._steps += 1
        if handler is None or self._depth >= _DEEPEST or self._steps > _MOST_STEPS:
            return self.computed(node)
        self._depth += 1
        try:
            return handler(self, node)
        finally:
            self._depth -= 1

    # -- what functions may ask

    def computed(self, node: ast.AST, *causes: Result) -> Computed:
        """That *node* cannot be told, because of *causes*."""
        unknown = [c for c in causes if isinstance(c, Computed)]
        return Computed(
            f"computed: {self.source.quoted(node)}",
            asks_environment=any(c.asks_environment for c in unknown),
            raises=any(c.raises for c in unknown),
        )

    def variable(self, name: str, default: Result, node: ast.AST) -> Result:
        """An environment variable."""
        if self.environment is None:
            return Computed(f"computed: {self.source.quoted(node)}", asks_environment=True)
        word = self.environment.get(name)
        self.asked[name] = word
        if word is None:
            if isinstance(default, Missing):
                return Computed(f"the environment does not give {name}", raises=True)
            return default
        if not isinstance(word, Uncertain):
            return word.text
        if isinstance(word.value, Formula):
            return read_back(word.value.expression)
        return Computed(word.value.reason)

    def truth(self, value: Result) -> bool | None:
        """Whether Python takes *value* for true; None where that cannot be told."""
        if is_plain(value):
            return bool(value)
        if isinstance(value, Listed | Table):
            is_complete = isinstance(value, Listed) or value.is_complete
            return bool(value.entries) or (False if is_complete else None)
        is_surely = isinstance(value, Function) or (isinstance(value, Symbol) and value.is_positive)
        return True if is_surely else None

    def watched(self, node: ast.expr) -> tuple[Result, Mapping[str, Word | None]]:
        """What *node* comes to, and the variables that it asked for."""
        outer, self.asked = self.asked, {}
        value = self.value(node)
        mine, self.asked = self.asked, {**outer, **self.asked}
        return value, mine

    def entry(self, key: str, first: ast.AST, node: ast.expr) -> Entry:
        """The entry that stands from *first* to the end of *node*, which is its value."""
        value, asked = self.watched(node)
        place = self.source.place(first, node, node)
        return Entry(key, value, place, self.source.segment(node), asked)

    def operation(
        self, node: ast.AST, left: Result, operator: type[ast.operator], right: Result
    ) -> Result:
        """`left operator right`; *node* is what a reason quotes."""
        return self._told(node, operations.calculated(left, operator, right), left, right)

    def _told(self, node: ast.AST, found: Result | Absent, *causes: Result) -> Result:
        if isinstance(found, Absent) or _is_too_large(found):
            return self.computed(node, *causes)
        return found

    # -- kinds of nodes

    def _constant(self, node: ast.Constant) -> Result:
        value = node.value
        if isinstance(value, float):
            return Fraction(repr(value)) if math.isfinite(value) else self.computed(node)
        if isinstance(value, bool | str | int) or value is None:
            return self.computed(node) if _is_too_large(value) else value
        return self.computed(node)

    def _name(self, node: ast.Name) -> Result:
        self.asked.update(self.asked_for.get(node.id, {}))
        return self.names[node.id] if node.id in self.names else Reference(node.id)

    def _attribute(self, node: ast.Attribute) -> Result:
        base = self.value(node.value)
        if isinstance(base, Reference):
            return Reference(f"{base.dotted}.{node.attr}")
        return self.computed(node, base)

    def _binary(self, node: ast.BinOp) -> Result:
        return self.operation(node, self.value(node.left), type(node.op), self.value(node.right))

    def _unary(self, node: ast.UnaryOp) -> Result:
        value = self.value(node.operand)
        truth = self.truth(value)
        if isinstance(node.op, ast.Not) and truth is not None:
            return not truth
        return self._told(node, operations.signed(node.op, value), value)

    def _either(self, node: ast.BoolOp) -> Result:
        is_or = isinstance(node.op, ast.Or)
        held = self.value(node.values[0])
        for operand in node.values[1:]:
            truth = self.truth(held)
            if truth is is_or:
                return held
            right = self.value(operand)
            if truth is None:
                found = operations.either(held, right, is_or=is_or)
                held = self._told(node, found, held, right)
            else:
                held = right
        return held

    def _compare(self, node: ast.Compare) -> Result:
        left, right = self.value(node.left), self.value(node.comparators[0])
        if len(node.ops) != 1:
            return self.computed(node, left, *(self.value(n) for n in node.comparators))
        operator = node.ops[0]
        if not isinstance(operator, ast.In | ast.NotIn):
            return self._told(node, operations.compared(left, operator, right), left, right)
        inside = self._contains(left, right, node)
        if not isinstance(inside, bool):
            return self._told(node, inside, left, right)
        return inside is isinstance(operator, ast.In)

    def _contains(self, item: Result, where: Result, node: ast.AST) -> Result | Absent:
        if where == _ENVIRONMENT and isinstance(item, str):
            found = self.variable(item, MISSING, node)
            is_set = not isinstance(found, Computed)
            return found if isinstance(found, Computed) and not found.raises else is_set
        if isinstance(item, str) and isinstance(where, str):
            return item in where
        if isinstance(item, str) and isinstance(where, Table) and where.is_complete:
            return where.get(item) is not None
        if isinstance(where, Listed) and is_plain(item):
            held = [e.value for e in where]
            return item in held if all(is_plain(v) for v in held) else ABSENT
        return ABSENT

    def _choice(self, node: ast.IfExp) -> Result:
        test = self.value(node.test)
        truth = self.truth(test)
        if truth is not None:
            return self.value(node.body if truth else node.orelse)
        yes, no = self.value(node.body), self.value(node.orelse)
        return self._told(node, operations.chosen(test, yes, no), test, yes, no)

    def _joined_text(self, node: ast.JoinedStr) -> Result:
        pieces: list[str] = []
        for part in node.values:
            inner: ast.expr = part
            if isinstance(part, ast.FormattedValue):
                if part.format_spec is not None or part.conversion not in (-1, ord("s")):
                    return self.computed(node)
                inner = part.value
            value = self.value(inner)
            if not is_plain(value):
                return self.computed(node, value)
            pieces.append(shown(value))
        return self._told(node, "".join(pieces))

    def _subscript(self, node: ast.Subscript) -> Result:
        base, index = self.value(node.value), self.value(node.slice)
        if base == _ENVIRONMENT and isinstance(index, str):
            return self.variable(index, MISSING, node)
        if isinstance(base, Table) and is_plain(index):
            found = base.get(shown(index))
            if found is not None:
                return found.value
        size = len(base.entries) if isinstance(base, Listed) else 0
        if isinstance(base, Listed) and isinstance(index, int) and -size <= index < size:
            return base.entries[index].value
        return self.computed(node, base, index)

    def _table(self, node: ast.Dict) -> Result:
        entries: list[Entry] = []
        is_complete = True
        for key, each in zip(node.keys, node.values, strict=True):
            if key is None:
                value = self.value(each)
                entries += value.entries if isinstance(value, Table) else ()
                is_complete = is_complete and isinstance(value, Table) and value.is_complete
                continue
            name = self.value(key)
            if is_plain(name):
                entries.append(self.entry(shown(name), key, each))
            is_complete = is_complete and is_plain(name)
        return self._told(node, Table(tuple(entries), is_complete))

    def _list(self, node: ast.List | ast.Tuple | ast.Set) -> Result:
        entries: list[Entry] = []
        for number, each in enumerate(node.elts):
            if not isinstance(each, ast.Starred):
                entries.append(self.entry(str(number), each, each))
                continue
            inner = self.value(each.value)
            if not isinstance(inner, Listed):
                return self.computed(node, inner)
            entries += inner.entries
        return self._told(node, Listed(tuple(entries)))

    def _lambda(self, _: ast.Lambda) -> Result:
        return Function("lambda")

    # -- calls

    def _call(self, node: ast.Call) -> Result:
        call = self._read_call(node)
        if call is None:
            return self.computed(node)
        target = node.func
        if isinstance(target, ast.Attribute):
            base = self.value(target.value)
            if not isinstance(base, Reference):
                return self._told(node, method(base, target.attr, call), base, *call.causes)
        what = self.value(target)
        if isinstance(what, Function):
            return self._own_call(what.name, call)
        known = self.functions.get(what.dotted) if isinstance(what, Reference) else None
        if known is None:
            return self.computed(node, what, *call.causes)
        return self._told(node, known(call))

    def _read_call(self, node: ast.Call) -> Call | None:
        """The call with its arguments; None where it hands on arguments that are not written."""
        if any(isinstance(a, ast.Starred) for a in node.args):
            return None
        if any(k.arg is None for k in node.keywords):
            return None
        named = tuple(self.entry(k.arg or "", k, k.value) for k in node.keywords)
        return Call(self, node, tuple(self.value(a) for a in node.args), named)

    def _own_call(self, name: str, call: Call) -> Result:
        """A function of the file that does nothing but return something."""
        function = self._own.get(name)
        returned = _returned(function) if function else None
        names = [a.arg for a in function.args.args] if function else []
        if returned is None or call.keywords or len(names) != len(call.arguments):
            return self.computed(call.node, *call.causes)
        outer = self.names
        self.names = {**outer, **dict(zip(names, call.arguments, strict=True))}
        try:
            return self.value(returned)
        finally:
            self.names = outer


def _returned(function: ast.FunctionDef) -> ast.expr | None:
    """What a function returns whose body is one `return`, perhaps below a docstring."""
    body = function.body
    if len(body) == 2 and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    if function.args.vararg or function.args.kwarg or function.args.kwonlyargs:
        return None
    if function.decorator_list or len(body) != 1 or not isinstance(body[0], ast.Return):
        return None
    return body[0].value


def _is_too_large(value: Result) -> bool:
    if isinstance(value, int | Fraction):
        return not -LARGEST_NUMBER <= value <= LARGEST_NUMBER
    if isinstance(value, Listed | Table):
        return len(value.entries) > _MOST_ENTRIES
    return isinstance(value, str) and len(value) > _LONGEST_TEXT


_HANDLERS: Mapping[type[ast.expr], Callable[[Evaluator, Any], Result]] = {
    ast.Constant: Evaluator._constant,
    ast.Name: Evaluator._name,
    ast.Attribute: Evaluator._attribute,
    ast.BinOp: Evaluator._binary,
    ast.UnaryOp: Evaluator._unary,
    ast.BoolOp: Evaluator._either,
    ast.Compare: Evaluator._compare,
    ast.IfExp: Evaluator._choice,
    ast.JoinedStr: Evaluator._joined_text,
    ast.Subscript: Evaluator._subscript,
    ast.Dict: Evaluator._table,
    ast.List: Evaluator._list,
    ast.Tuple: Evaluator._list,
    ast.Set: Evaluator._list,
    ast.Call: Evaluator._call,
    ast.Lambda: Evaluator._lambda,
}
