"""The calls of a Python file wherever they stand, with what their arguments come to; none is made."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Word
from plimsoll.model.setting import Unread
from plimsoll.syntax.python.evaluation import Evaluator
from plimsoll.syntax.python.functions import CORE, Callee
from plimsoll.syntax.python.module import Assignment, block_of
from plimsoll.syntax.python.source import Source, SourceError, line_place
from plimsoll.syntax.python.values import (
    Computed,
    Entry,
    Listed,
    Reference,
    Result,
    Table,
)

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_MOST_SCOPES = 5_000
_DEEPEST = 20


class Called(Struct, frozen=True):
    """`target = callee(arguments, named=...)`.

    *callee*: dotted, through imports; what is not imported is by its own name. *target*: what it is
    bound to, "" for nothing. *is_complete*: all arguments are written. *reason*: why it is not
    reached; empty where it may be. *within*: the functions and classes around it, outermost first.
    """

    callee: str
    place: Place
    target: str = ""
    arguments: tuple[Entry, ...] = ()
    named: tuple[Entry, ...] = ()
    is_complete: bool = True
    reason: str = ""
    within: tuple[str, ...] = ()

    def argument(self, position: int, name: str) -> Entry | None:
        """The argument at *position* or of that name."""
        if position < len(self.arguments):
            return self.arguments[position]
        return next((e for e in reversed(self.named) if e.key == name), None)


class Bound(Struct, frozen=True):
    """An assignment in the module, a class or a function; *within*: their names, outermost first."""

    made: Assignment
    within: tuple[str, ...] = ()


class Attribute(Struct, frozen=True):
    """`app.conf.name = value`: *path* is dotted, through imports."""

    path: str
    entry: Entry
    place: Place
    reason: str = ""  # why it is not reached


class Code(Struct, frozen=True):
    """A file: what it calls and assigns, in order of its scopes. *problem*: why it is no Python."""

    calls: tuple[Called, ...] = ()
    bound: tuple[Bound, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    problem: Unread | None = None


def read_code(
    text: str,
    path: str,
    wanted: frozenset[str],
    environment: Mapping[str, Word] | None = None,
    functions: Mapping[str, Callee] = CORE,
) -> Code:
    """The assignments of *text*, and the calls of what has one of the *wanted* names at its end.

    *environment*: the variables of the process; None while it is not known.
    """
    try:
        source = Source(text, path)
    except SourceError as problem:
        place = line_place(text, path, problem.line)
        return Code(problem=Unread(path, problem.reason, place))
    walk = _Walk(source, wanted, environment, functions)
    walk.scope(source.tree.body, {}, ())
    while walk.waiting:
        walk.inner(*walk.waiting.pop(0))
    return Code(tuple(walk.calls), tuple(walk.bound), tuple(walk.attributes), walk.problem)


_Names = dict[str, Result]


class _Walk(Struct):
    """Scope by scope: what a function sees of the module is how that ends.

    *waiting*: functions and classes whose bodies are still to be read, with the names around them.
    """

    source: Source
    wanted: frozenset[str]
    environment: Mapping[str, Word] | None
    functions: Mapping[str, Callee]
    calls: list[Called] = field(default_factory=list)
    bound: list[Bound] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)
    waiting: list[tuple[ast.AST, _Names, dict[str, ast.FunctionDef], tuple[str, ...]]] = field(
        default_factory=list
    )
    scopes: int = 0
    problem: Unread | None = None

    def inner(
        self,
        node: ast.AST,
        names: _Names,
        own: dict[str, ast.FunctionDef],
        within: tuple[str, ...],
    ) -> None:
        if isinstance(node, ast.Lambda):
            body: list[ast.stmt] = [ast.copy_location(ast.Expr(node.body), node.body)]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            body = node.body
        else:
            return
        self.scope(body, {**names, **self._parameters(node)}, within, own)

    def _parameters(self, node: ast.AST) -> _Names:
        """The parameters of a function: whoever calls it says what they are."""
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return {}
        given = node.args
        listed = [*given.posonlyargs, *given.args, *given.kwonlyargs]
        listed += [a for a in (given.vararg, given.kwarg) if a]
        return {a.arg: Computed(f"computed: the argument {a.arg}") for a in listed}

    def scope(
        self,
        body: list[ast.stmt],
        names: _Names,
        within: tuple[str, ...],
        own: dict[str, ast.FunctionDef] | None = None,
    ) -> None:
        """The calls and assignments of one body, inner functions and classes later."""
        self.scopes += 1
        evaluator = Evaluator(self.source, self.environment, self.functions)
        evaluator.names = dict(names)
        for function in (own or {}).values():
            evaluator.define(function)
        statements = list(block_of(self.source, evaluator, body))
        last: dict[str, int] = {}
        reached: dict[int, str] = {}
        for each in statements:
            if isinstance(each, Assignment):
                self.bound.append(Bound(each, within))
                if each.is_reached:
                    last[each.name] = each.place.span.line
                else:
                    reached[each.place.span.line] = each.reason
        mine = {n.name: n for n in body if isinstance(n, ast.FunctionDef)}
        known = {**(own or {}), **mine}
        for target, node in _calls(body):
            if isinstance(node, _SCOPES):
                name = getattr(node, "name", "lambda")
                # What a class binds is no name of its methods.
                seen = names if within and within[-1][:1].isupper() else evaluator.names
                if self.scopes + len(self.waiting) < _MOST_SCOPES and len(within) < _DEEPEST:
                    self.waiting.append((node, dict(seen), known, (*within, name)))
            elif isinstance(node, ast.Assign):
                self._attribute(node, evaluator, reached)
            elif isinstance(node, ast.Call):
                self._call(node, target, evaluator, last, reached, within)

    def _attribute(
        self, node: ast.Assign, evaluator: Evaluator, reached: Mapping[int, str]
    ) -> None:
        for target in node.targets:
            path = _dotted(target, evaluator.names)
            entry = evaluator.entry(path.rpartition(".")[2], node, node.value)
            place = entry.place or self.source.place(node, node)
            reason = reached.get(place.span.line, "")
            self.attributes.append(Attribute(path, entry, place, reason))

    def _call(
        self,
        node: ast.Call,
        target: str,
        evaluator: Evaluator,
        last: Mapping[str, int],
        reached: Mapping[int, str],
        within: tuple[str, ...],
    ) -> None:
        callee = _dotted(node.func, evaluator.names)
        if callee.rpartition(".")[2] not in self.wanted:
            return
        outer = evaluator.names
        late = {n for n in _names(node) if last.get(n, 0) > node.lineno}
        if late:
            unsure = {n: Computed(f"computed: {n} is assigned again") for n in late}
            evaluator.names = {**outer, **unsure}
        arguments, complete = _positional(node, evaluator)
        named, is_whole = _keywords(node, evaluator)
        evaluator.names = outer
        place = self.source.place(node, node)
        given = [each.arg for each in node.keywords if each.arg]
        if len(set(given)) != len(given):
            reason = f"not Python: {callee} is handed an argument twice"
            self.problem = self.problem or Unread(self.source.path, reason, place)
            return
        self.calls.append(
            Called(
                callee=callee,
                place=place,
                target=target,
                arguments=arguments,
                named=named,
                is_complete=complete and is_whole,
                reason=reached.get(place.span.line, ""),
                within=within,
            )
        )


def _dotted(node: ast.expr, names: Mapping[str, Result]) -> str:
    """`sqlalchemy.create_engine` through imports; an object of the file by its own name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        bound = names.get(node.id)
        parts.append(bound.dotted if isinstance(bound, Reference) else node.id)
    return ".".join(reversed(parts))


def _positional(node: ast.Call, evaluator: Evaluator) -> tuple[tuple[Entry, ...], bool]:
    found: list[Entry] = []
    for each in node.args:
        if not isinstance(each, ast.Starred):
            found.append(evaluator.entry(str(len(found)), each, each))
            continue
        more = evaluator.value(each.value)
        if not isinstance(more, Listed):
            return tuple(found), False
        found += [replace(e, key=str(len(found) + n)) for n, e in enumerate(more)]
    return tuple(found), True


def _keywords(node: ast.Call, evaluator: Evaluator) -> tuple[tuple[Entry, ...], bool]:
    found: list[Entry] = []
    is_complete = True
    for each in node.keywords:
        if each.arg is not None:
            found.append(evaluator.entry(each.arg, each, each.value))
            continue
        more = evaluator.value(each.value)
        if isinstance(more, Table):
            found += more.entries
        is_complete = is_complete and isinstance(more, Table) and more.is_complete
    return tuple(found), is_complete


def _names(node: ast.Call) -> set[str]:
    given = [*node.args, *(k.value for k in node.keywords)]
    return {n.id for a in given for n in ast.walk(a) if isinstance(n, ast.Name)}


def _calls(body: list[ast.stmt]) -> Iterator[tuple[str, ast.AST]]:
    """What a body calls, with what that is bound to, the attributes that it sets, its inner scopes."""
    waiting: list[tuple[str, ast.AST]] = [("", each) for each in reversed(body)]
    while waiting:
        target, node = waiting.pop()
        if isinstance(node, _SCOPES):
            yield target, node
            around = (*getattr(node, "decorator_list", ()), *getattr(node, "bases", ()))
            waiting += [("", each) for each in around]
            continue
        is_attribute = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute)
        if is_attribute or isinstance(node, ast.Call):
            yield target, node
        target = _target(node) or (target if isinstance(node, ast.Await) else "")
        waiting += [(target, each) for each in reversed(list(ast.iter_child_nodes(node)))]


def _target(node: ast.AST) -> str:
    """The name that an assignment binds, or an attribute of something: `self.pool` is `pool`."""
    given: ast.AST | None = None
    if isinstance(node, ast.Assign):
        given = node.targets[0]
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr):
        given = node.target
    elif isinstance(node, ast.withitem):
        given = node.optional_vars
    elif isinstance(node, ast.keyword):
        return node.arg or ""
    if isinstance(given, ast.Name):
        return given.id
    return given.attr if isinstance(given, ast.Attribute) else ""
