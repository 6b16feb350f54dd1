"""The top level of a Python file: what it assigns, in order, and what cannot be read."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Word
from plimsoll.model.setting import Unread
from plimsoll.syntax.python.evaluation import Evaluator
from plimsoll.syntax.python.functions import CORE, Callee
from plimsoll.syntax.python.source import (
    Source,
    SourceError,
    line_place,
    names_read,
)
from plimsoll.syntax.python.values import (
    Computed,
    Entry,
    Function,
    Listed,
    Reference,
    Result,
    Table,
    is_plain,
    shown,
)

_DEEPEST = 30
# Methods that leave a list or dictionary as it is.
_READING = frozenset({"get", "keys", "values", "items", "copy", "index", "count"})
# What sets names that are not written, or hands all of them to somebody who may.
_SETS_ANYTHING = frozenset({"globals", "locals", "vars", "exec", "setattr"})
_PARTLY_KNOWN = Table((), is_complete=False)


class Assignment(Struct, frozen=True):
    """A name of the top level gets a value; *keys*: an entry inside of it does.

    *source* is the text of the value. *asked*: the environment variables that it depends on, with
    what was found. *is_reached*: not inside of a branch that is not taken.
    """

    name: str
    value: Result
    place: Place
    keys: tuple[str, ...] = ()
    source: str = ""
    asked: Mapping[str, Word | None] = field(default_factory=dict)
    is_reached: bool = True
    reason: str = ""


class Star(Struct, frozen=True):
    """`from module import *`, with the dots of a relative one."""

    module: str
    place: Place
    is_optional: bool = False


Statement = Assignment | Star | Unread


class Module(Struct, frozen=True):
    """A file: its statements in order, and the names that it reads."""

    statements: tuple[Statement, ...]
    names_read: frozenset[str] = frozenset()


def read_module(
    text: str,
    path: str,
    environment: Mapping[str, Word] | None = None,
    functions: Mapping[str, Callee] = CORE,
) -> Module:
    """What the top level of *text* assigns; nothing is run.

    *environment*: the variables of the process; None while it is not known.
    """
    try:
        source = Source(text, path)
    except SourceError as problem:
        return Module((Unread(path, problem.reason, line_place(text, path, problem.line)),))
    reading = _Reading(source, Evaluator(source, environment, functions))
    statements = tuple(reading.block(source.tree.body))
    return Module(statements, frozenset(names_read(source.tree)))


def block_of(source: Source, evaluator: Evaluator, body: Sequence[ast.stmt]) -> Iterator[Statement]:
    """What a body assigns, as Python would bind it in *evaluator*: a function's, a class's."""
    return _Reading(source, evaluator).block(body)


class _Reading(Struct):
    """Goes through statements in order, binding names as Python would.

    *doubts*: why what stands here may not be reached; the innermost last. *unreached*: why it is
    not. *depth*: of blocks around it.
    """

    source: Source
    evaluator: Evaluator
    doubts: list[Computed] = field(default_factory=list)
    unreached: str = ""
    depth: int = 0
    is_optional: bool = False

    def block(self, body: Sequence[ast.stmt]) -> Iterator[Statement]:
        if self.depth > _DEEPEST:
            if body:
                place = self.source.place(body[0], body[-1])
                yield Unread(self.source.path, "not read: nested too deeply", place)
            return
        self.depth += 1
        for statement in body:
            handler = _HANDLERS.get(type(statement))
            if handler is not None:
                yield from handler(self, statement)
        self.depth -= 1

    # -- assignments

    def _assign(self, node: ast.Assign) -> Iterator[Statement]:
        value, asked = self.evaluator.watched(node.value)
        for target in node.targets:
            yield from self._bind(node, target, node.value, value, asked)

    def _annotated(self, node: ast.AnnAssign) -> Iterator[Statement]:
        if node.value is not None:
            value, asked = self.evaluator.watched(node.value)
            yield from self._bind(node, node.target, node.value, value, asked)

    def _augmented(self, node: ast.AugAssign) -> Iterator[Statement]:
        added, asked = self.evaluator.watched(node.value)
        held: Result = Computed(f"computed: {self.source.quoted(node)}")
        if isinstance(node.target, ast.Name):
            held = self.evaluator.value(ast.Name(node.target.id, ast.Load()))
        value = self.evaluator.operation(node, held, type(node.op), added)
        yield from self._bind(node, node.target, None, value, asked)

    def _bind(
        self,
        node: ast.stmt,
        target: ast.expr,
        written: ast.expr | None,
        value: Result,
        asked: Mapping[str, Word | None],
    ) -> Iterator[Statement]:
        """*written*: the node of the value; None where the value is more than that."""
        if written is not None and isinstance(target, ast.Tuple | ast.List):
            yield from self._bind_each(node, target, written, value, asked)
            return
        if isinstance(target, ast.Starred):
            target, value = target.value, self.evaluator.computed(node, value)
        path = self._path(target)
        if path is None:
            if isinstance(target, ast.Subscript):
                what = f"changes {self.source.quoted(target)}"
                yield Unread(self.source.path, what, self.source.place(node, node))
            return
        name, keys = path
        made = Assignment(
            name=name,
            value=self._doubted(value),
            place=self.source.place(node, node, written),
            keys=keys,
            source=self.source.segment(written or node),
            asked=asked,
            is_reached=not self.unreached,
            reason=self.unreached,
        )
        if made.is_reached:
            self._hold(name, keys, made.value, made.place)
            self.evaluator.asked_for[name] = asked
        yield made

    def _bind_each(
        self,
        node: ast.stmt,
        target: ast.Tuple | ast.List,
        written: ast.expr,
        value: Result,
        asked: Mapping[str, Word | None],
    ) -> Iterator[Statement]:
        parts: list[ast.expr] = [written] * len(target.elts)
        values: list[Result] = [self.evaluator.computed(written, value)] * len(target.elts)
        if isinstance(value, Listed) and len(value.entries) == len(target.elts):
            values = [e.value for e in value]
            if isinstance(written, ast.Tuple | ast.List) and len(written.elts) == len(parts):
                parts = list(written.elts)
        for each, part, one in zip(target.elts, parts, values, strict=True):
            yield from self._bind(node, each, part, one, asked)

    def _path(self, target: ast.expr) -> tuple[str, tuple[str, ...]] | None:
        """Name and keys of `NAME["a"]["b"]`."""
        keys: list[str] = []
        while isinstance(target, ast.Subscript) and len(keys) < _DEEPEST:
            key = self.evaluator.value(target.slice)
            if not is_plain(key):
                return None
            keys.append(shown(key))
            target = target.value
        return (target.id, tuple(reversed(keys))) if isinstance(target, ast.Name) else None

    def _doubted(self, value: Result) -> Result:
        if not self.doubts:
            return value
        asks = any(d.asks_environment for d in self.doubts)
        raises = isinstance(value, Computed) and value.raises
        return Computed(self.doubts[-1].reason, asks_environment=asks, raises=raises)

    def _hold(self, name: str, keys: Sequence[str], value: Result, place: Place) -> None:
        names = self.evaluator.names
        if not keys:
            names[name] = value
            return
        held = names.get(name)
        if isinstance(held, Table):
            names[name] = _with(held, keys, value, place)
        elif held is None or isinstance(held, Reference):
            names[name] = _with(_PARTLY_KNOWN, keys, value, place)

    # -- definitions and imports

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Statement]:
        if isinstance(node, ast.FunctionDef):
            self.evaluator.define(node)
        yield self._defined(node, Function(node.name))

    def _class(self, node: ast.ClassDef) -> Iterator[Statement]:
        yield self._defined(node, Function(node.name, is_class=True))

    def _defined(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, value: Function
    ) -> Assignment:
        if not self.unreached:
            self.evaluator.names[node.name] = value
        place = self.source.place(node, node)
        return Assignment(node.name, value, place, is_reached=not self.unreached)

    def _import(self, node: ast.Import) -> Iterator[Statement]:
        for alias in node.names:
            whole = alias.name if alias.asname else alias.name.partition(".")[0]
            self.evaluator.names[alias.asname or whole] = Reference(whole)
        yield from ()

    def _import_from(self, node: ast.ImportFrom) -> Iterator[Statement]:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name != "*":
                dotted = f"{module}.{alias.name}" if node.module else f"{module}{alias.name}"
                self.evaluator.names[alias.asname or alias.name] = Reference(dotted)
            elif self.doubts:
                place = self.source.place(node, node)
                yield Unread(self.source.path, self.doubts[-1].reason, place)
            elif not self.unreached:
                yield Star(module, self.source.place(node, node), self.is_optional)

    def _delete(self, node: ast.Delete) -> Iterator[Statement]:
        for target in node.targets:
            path = self._path(target)
            if path is not None and not self.unreached:
                name, keys = path
                value = Computed(f"computed: {self.source.quoted(node)}")
                place = self.source.place(node, node)
                self._hold(name, keys, value, place)
                yield Assignment(name, value, place, keys, self.source.segment(node))

    # -- branches

    def _if(self, node: ast.If) -> Iterator[Statement]:
        test = self.evaluator.value(node.test)
        truth = self.evaluator.truth(test)
        if isinstance(node.test, ast.Compare) and _is_main_check(node.test):
            truth = False
        if truth is None:
            asks = isinstance(test, Computed) and test.asks_environment
            reason = f"computed: only if {self.source.quoted(node.test)}"
            yield from self._both(Computed(reason, asks), node.body, node.orelse)
            return
        said = f"not reached: {self.source.quoted(node.test)} is {'true' if truth else 'false'}"
        for body, is_taken in ((node.body, truth), (node.orelse, not truth)):
            yield from self.block(body) if is_taken else self._skipped(body, said)

    def _skipped(self, body: Sequence[ast.stmt], reason: str) -> Iterator[Statement]:
        outer, self.unreached = self.unreached, self.unreached or reason
        names = dict(self.evaluator.names)
        yield from self.block(body)
        self.evaluator.names = names
        self.unreached = outer

    def _both(self, doubt: Computed, *bodies: Sequence[ast.stmt]) -> Iterator[Statement]:
        """Bodies of which an unknown one runs: what they assign cannot be told."""
        before = dict(self.evaluator.names)
        changed: dict[str, Result] = {}
        self.doubts.append(doubt)
        for body in bodies:
            self.evaluator.names = dict(before)
            yield from self.block(body)
            changed |= _changes(before, self.evaluator.names)
        self.doubts.pop()
        self._doubt_changes(before, changed, doubt)

    def _doubt_changes(
        self, before: Mapping[str, Result], after: Mapping[str, Result], doubt: Computed
    ) -> None:
        """Names that were bound anew are in doubt, but for modules and functions."""
        changed = _changes(before, after)
        kept = {n: v if isinstance(v, Reference | Function) else doubt for n, v in changed.items()}
        self.evaluator.names = {**before, **kept}

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While) -> Iterator[Statement]:
        what = node.test if isinstance(node, ast.While) else node.iter
        doubt = Computed(f"computed: in a loop over {self.source.quoted(what)}")
        if not isinstance(node, ast.While):
            for each in ast.walk(node.target):
                if isinstance(each, ast.Name):
                    self.evaluator.names[each.id] = doubt
        yield from self._both(doubt, node.body, node.orelse)

    def _try(self, node: Any) -> Iterator[Statement]:
        """A `try`: its body where that surely passes, its handler where the body surely raises."""
        outer, self.is_optional = self.is_optional, True
        before = dict(self.evaluator.names)
        tried = list(self.block(node.body))
        values = [s.value for s in tried if isinstance(s, Assignment) and s.is_reached]
        handlers = [h.body for h in node.handlers]
        raises = any(isinstance(v, Computed) and v.raises for v in values)
        if handlers and raises:
            for each in tried:
                yield replace(each, is_reached=False) if isinstance(each, Assignment) else each
            self.evaluator.names = before
            yield from self.block(handlers[0])
            for body in (*handlers[1:], node.orelse):
                yield from self._skipped(body, "not reached: the try above fails")
        elif any(_assigns(h) for h in handlers) and not _surely_passes(node.body, values):
            asks = any(isinstance(v, Computed) and v.asks_environment for v in values)
            doubt = Computed(f"computed: in the try of line {node.lineno}", asks_environment=asks)
            for each in tried:
                yield replace(each, value=doubt) if isinstance(each, Assignment) else each
            self._doubt_changes(before, self.evaluator.names, doubt)
            yield from self._both(doubt, *handlers)
        else:
            yield from tried
            for body in handlers:
                yield from self._skipped(body, "not reached: the try above passes")
            yield from self.block(node.orelse)
        self.is_optional = outer
        yield from self.block(node.finalbody)

    def _with(self, node: ast.With | ast.AsyncWith) -> Iterator[Statement]:
        yield from self.block(node.body)

    def _match(self, node: ast.Match) -> Iterator[Statement]:
        reason = f"computed: only if {self.source.quoted(node.subject)} matches"
        test = self.evaluator.value(node.subject)
        asks = isinstance(test, Computed) and test.asks_environment
        yield from self._both(Computed(reason, asks), *(c.body for c in node.cases))

    # -- statements that are only a call

    def _expression(self, node: ast.Expr) -> Iterator[Statement]:
        call = node.value
        if not isinstance(call, ast.Call) or self.unreached:
            return
        place = self.source.place(node, node)
        if _hands_on_names(call):
            quoted = self.source.quoted(call)
            yield Unread(self.source.path, f"{quoted} may set anything: it is not run", place)
            return
        if not isinstance(call.func, ast.Attribute):
            return
        path = self._path(call.func.value)
        if path is None:
            return
        name, keys = path
        held = self.evaluator.value(call.func.value)
        if not isinstance(held, Table | Listed) or call.func.attr in _READING:
            return
        if call.func.attr == "update" and isinstance(held, Table) and len(call.args) <= 1:
            given = self.evaluator.value(call.args[0]) if call.args else Table()
            if isinstance(given, Table) and given.is_complete:
                yield from self._updated(name, keys, call, given)
                return
        value = Computed(f"computed: {self.source.quoted(call)}")
        self._hold(name, keys, value, place)
        yield Assignment(name, value, place, keys, self.source.segment(call))

    def _updated(
        self, name: str, keys: tuple[str, ...], call: ast.Call, given: Table
    ) -> Iterator[Statement]:
        named = [self.evaluator.entry(k.arg or "", k, k.value) for k in call.keywords]
        whole = self.source.place(call, call, call)
        for each in (*given.entries, *named):
            place = each.place or whole
            value = self._doubted(each.value)
            self._hold(name, (*keys, each.key), value, place)
            yield Assignment(name, value, place, (*keys, each.key), each.source)


def _changes(before: Mapping[str, Result], after: Mapping[str, Result]) -> dict[str, Result]:
    return {n: v for n, v in after.items() if n not in before or before[n] is not v}


def _with(table: Table, keys: Sequence[str], value: Result, place: Place) -> Table:
    """*table* with one entry, maybe of an inner table, replaced."""
    first, *rest = keys
    held = table.get(first)
    if rest:
        inner = held.value if held and isinstance(held.value, Table) else _PARTLY_KNOWN
        value = _with(inner, rest, value, place)
    kept = tuple(e for e in table.entries if e.key != first)
    return replace(table, entries=(*kept, Entry(first, value, place)))


def _surely_passes(body: Sequence[ast.stmt], values: Sequence[Result]) -> bool:
    plain = all(isinstance(s, ast.Assign | ast.AnnAssign) or _is_own_import(s) for s in body)
    return plain and not any(isinstance(v, Computed) for v in values)


def _is_own_import(node: ast.stmt) -> bool:
    """Of modules that every Python brings along."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    else:
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else [""]
    return all(name.partition(".")[0] in sys.stdlib_module_names for name in names)


def _assigns(body: Sequence[ast.stmt]) -> bool:
    nodes = [n for statement in body for n in ast.walk(statement)]
    return any(isinstance(getattr(n, "ctx", None), ast.Store) for n in nodes)


def _is_main_check(test: ast.Compare) -> bool:
    return isinstance(test.left, ast.Name) and test.left.id == "__name__"


def _hands_on_names(call: ast.Call) -> bool:
    """`something(locals())`, `globals().update(...)`, `exec(...)`."""
    for node in ast.walk(call):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Name) and called.id in _SETS_ANYTHING:
            return True
    return False


_HANDLERS: Mapping[type[ast.stmt], Callable[[_Reading, Any], Iterator[Statement]]] = {
    ast.Assign: _Reading._assign,
    ast.AnnAssign: _Reading._annotated,
    ast.AugAssign: _Reading._augmented,
    ast.FunctionDef: _Reading._function,
    ast.AsyncFunctionDef: _Reading._function,
    ast.ClassDef: _Reading._class,
    ast.Import: _Reading._import,
    ast.ImportFrom: _Reading._import_from,
    ast.Delete: _Reading._delete,
    ast.If: _Reading._if,
    ast.For: _Reading._loop,
    ast.AsyncFor: _Reading._loop,
    ast.While: _Reading._loop,
    ast.Try: _Reading._try,
    ast.TryStar: _Reading._try,
    ast.With: _Reading._with,
    ast.AsyncWith: _Reading._with,
    ast.Match: _Reading._match,
    ast.Expr: _Reading._expression,
}
