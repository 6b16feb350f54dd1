"""A Ruby file as what it does in order: calls and assignments, each with its place; none is run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from plimsoll.model.place import Place
from plimsoll.model.reader import Word
from plimsoll.model.setting import Unread
from plimsoll.syntax.python.values import Computed, Entry, Reference, Result, Table
from plimsoll.syntax.ruby import methods
from plimsoll.syntax.ruby.evaluation import Evaluator, is_plain, shown
from plimsoll.syntax.ruby.methods import Absent
from plimsoll.syntax.ruby.nodes import (
    Assignment,
    Block,
    Branch,
    Call,
    Constant,
    Definition,
    Hash,
    Maybe,
    Node,
    Unreadable,
    Variable,
)
from plimsoll.syntax.ruby.parser import parsed

_DEEPEST = 40


class Called(Struct, frozen=True):
    """`name arguments`, perhaps of something: `config.cache_store :redis_cache_store, url: "..."`.

    *name* is dotted (`Sidekiq.configure_server`). *named*: of the hash at the end. *within*: the
    calls whose blocks are around it, outermost first. *doubt*: why it may not be done. *place*: with
    that of all arguments as its value. *is_complete*: every argument is written.
    """

    name: str
    place: Place
    arguments: tuple[Entry, ...] = ()
    named: tuple[Entry, ...] = ()
    within: tuple[str, ...] = ()
    has_block: bool = False
    is_complete: bool = True
    is_reached: bool = True
    doubt: Computed | None = None
    reason: str = ""


class Assigned(Struct, frozen=True):
    """`name = value`, `name["key"] = value`, `config.redis = value`: *name* and *keys* are its path."""

    name: str
    keys: tuple[str, ...]
    value: Result
    place: Place
    source: str = ""
    asked: Mapping[str, Word | None] = field(default_factory=dict)
    within: tuple[str, ...] = ()
    is_reached: bool = True
    reason: str = ""


Statement = Called | Assigned | Unread


class Script(Struct, frozen=True):
    """A file: its statements in order, and the methods that it defines."""

    statements: tuple[Statement, ...]
    methods: frozenset[str] = frozenset()


def read_script(text: str, path: str, environment: Mapping[str, Word] | None = None) -> Script:
    """What *text* does; *environment*: the variables of the process, None while it is not known."""
    tree = parsed(text)
    reading = _Reading(Evaluator(text, path, environment), path)
    statements = tuple(reading.block(tree))
    return Script(statements, frozenset(reading.methods))


class _Reading(Struct):
    """*doubts*: why what stands here may not be done; the innermost last. *unreached*: why not."""

    evaluator: Evaluator
    path: str
    methods: set[str] = field(default_factory=set)
    doubts: list[Computed] = field(default_factory=list)
    within: tuple[str, ...] = ()
    unreached: str = ""
    depth: int = 0

    def block(self, body: Sequence[Node]) -> Iterator[Statement]:
        self.depth += 1
        for node in body:
            handler = _HANDLERS.get(type(node))
            if handler is not None and self.depth <= _DEEPEST:
                yield from handler(self, node)
            elif handler is not None:
                yield Unread(self.path, "not read: nested too deeply", self._place(node))
        self.depth -= 1

    def _place(self, node: Node, value: tuple[int, int] | None = None) -> Place:
        return self.evaluator.lines.place(node.start, node.end, value)

    def _unreadable(self, node: Unreadable) -> Iterator[Statement]:
        yield Unread(self.path, node.reason, self._place(node))

    def _definition(self, node: Definition) -> Iterator[Statement]:
        if node.name:
            self.methods.add(node.name)
        yield from ()

    # -- calls

    def _name(self, node: Variable) -> Iterator[Statement]:
        """A method without arguments: `preload_app!`."""
        if node.name not in self.evaluator.names and node.name[0] not in "@$":
            yield self._made(node.name, node)

    def _call(self, node: Call) -> Iterator[Statement]:
        name = self._dotted(node)
        if name is None:
            if node.block is not None:
                doubt = Computed(f"computed: in the block of {self.evaluator.quoted(node)}")
                yield from self._either(doubt, node.block.body)
            return
        plain = list(node.arguments)
        named: tuple[Entry, ...] = ()
        is_complete = not node.has_more
        if plain and isinstance(plain[-1], Hash) and not self._is_braced(plain[-1]):
            table = self.evaluator.value(plain.pop())
            if isinstance(table, Table):
                named, is_complete = table.entries, is_complete and table.is_complete
        given = tuple(self.evaluator.entry(str(n), a.start, a) for n, a in enumerate(plain))
        yield self._made(name, node, given, named, is_complete=is_complete)
        if node.block is not None:
            yield from self._inner(name, node.block)

    def _is_braced(self, node: Hash) -> bool:
        return self.evaluator.text.startswith("{", node.start)

    def _made(
        self,
        name: str,
        node: Call | Variable,
        given: tuple[Entry, ...] = (),
        named: tuple[Entry, ...] = (),
        *,
        is_complete: bool = True,
    ) -> Called:
        block = node.block if isinstance(node, Call) else None
        arguments = node.arguments if isinstance(node, Call) else ()
        end = arguments[-1].end if arguments and block else node.end
        value = (arguments[0].start, arguments[-1].end) if arguments else None
        return Called(
            name=name,
            place=self.evaluator.lines.place(node.start, end, value),
            arguments=given,
            named=named,
            within=self.within,
            has_block=block is not None,
            is_complete=is_complete,
            is_reached=not self.unreached,
            doubt=self.doubts[-1] if self.doubts else None,
            reason=self.unreached,
        )

    def _dotted(self, node: Node) -> str | None:
        """`Rails.application.configure`; None where something is calculated on the way."""
        names: list[str] = []
        while isinstance(node, Call) and not (names and node.arguments):
            names.append(node.method)
            if node.receiver is None:
                return ".".join(reversed(names))
            node = node.receiver
        if not isinstance(node, Variable | Constant):
            return None
        bound = self.evaluator.names.get(node.name)
        first = bound.dotted if isinstance(bound, Reference) else node.name
        return ".".join((first, *reversed(names)))

    def _inner(self, name: str, block: Block) -> Iterator[Statement]:
        """What stands in a block: its parameters are themselves."""
        names = dict(self.evaluator.names)
        self.evaluator.names.update({p: Reference(p) for p in block.parameters})
        outer, self.within = self.within, (*self.within, name)
        yield from self.block(block.body)
        self.within = outer
        kept = {n: v for n, v in self.evaluator.names.items() if n in names}
        changed = Computed(f"computed: changed in the block of {name}")
        self.evaluator.names = {n: v if v is names[n] else changed for n, v in kept.items()}

    # -- assignments

    def _assignment(self, node: Assignment) -> Iterator[Statement]:
        if isinstance(node.value, Assignment):
            yield from self._assignment(node.value)
        value, asked = self.evaluator.watched(node.value)
        path = self._path(node.target)
        if path is None:
            return
        name, keys = path
        if node.operator != "=":
            value = self._combined(node, value)
        if self.doubts:
            value = Computed(self.doubts[-1].reason, self.doubts[-1].asks_environment)
        if not self.unreached:
            self._hold(name, keys, value)
            self.evaluator.asked_for[name] = asked
        yield Assigned(
            name=name,
            keys=keys,
            value=value,
            place=self._place(node, (node.value.start, node.value.end)),
            source=self.evaluator.text[node.value.start : node.value.end],
            asked=asked,
            within=self.within,
            is_reached=not self.unreached,
            reason=self.unreached,
        )

    def _combined(self, node: Assignment, value: Result) -> Result:
        held = self.evaluator.value(node.target)
        if node.operator == "||=":
            is_name = isinstance(node.target, Variable | Constant)
            is_new = is_name and isinstance(held, Reference)
            truth = False if is_new else self.evaluator.truth(held)
            if truth is not None:
                return held if truth else value
        found = methods.operation(held, node.operator[:-1], value)
        return self.evaluator.computed(node, held, value) if isinstance(found, Absent) else found

    def _path(self, target: Node) -> tuple[str, tuple[str, ...]] | None:
        """`puma['workers']`, `config.redis`, `a`."""
        keys: list[str] = []
        while isinstance(target, Call) and target.receiver is not None:
            if target.method != "[]":
                keys.append(target.method)
            else:
                key = self.evaluator.value(target.arguments[0]) if target.arguments else None
                if key is None or not is_plain(key):
                    return None
                keys.append(shown(key))
            target = target.receiver
        known = isinstance(target, Variable | Constant)
        return (
            (target.name, tuple(reversed(keys)))
            if known and isinstance(target, Variable | Constant)
            else None
        )

    def _hold(self, name: str, keys: Sequence[str], value: Result) -> None:
        if not keys:
            self.evaluator.names[name] = value
        elif isinstance(self.evaluator.names.get(name), Table):
            changed = Computed(f"computed: {name} is changed by entry")
            self.evaluator.names[name] = changed

    # -- branches

    def _branch(self, node: Branch) -> Iterator[Statement]:
        test = self.evaluator.value(node.test)
        truth = self.evaluator.truth(test)
        quoted = self.evaluator.quoted(node.test)
        if truth is None:
            asks = isinstance(test, Computed) and test.asks_environment
            yield from self._either(
                Computed(f"computed: only if {quoted}", asks), node.yes, node.no
            )
            return
        said = f"not reached: {quoted} is {'true' if truth else 'false'}"
        for body, is_taken in ((node.yes, truth), (node.no, not truth)):
            yield from self.block(body) if is_taken else self._skipped(body, said)

    def _skipped(self, body: Sequence[Node], reason: str) -> Iterator[Statement]:
        outer, self.unreached = self.unreached, self.unreached or reason
        names = dict(self.evaluator.names)
        yield from self.block(body)
        self.evaluator.names = names
        self.unreached = outer

    def _either(self, doubt: Computed, *bodies: Sequence[Node]) -> Iterator[Statement]:
        """Bodies of which nobody knows whether they are done."""
        before = dict(self.evaluator.names)
        changed: set[str] = set()
        self.doubts.append(doubt)
        for body in bodies:
            self.evaluator.names = dict(before)
            yield from self.block(body)
            after = self.evaluator.names
            changed |= {n for n, v in after.items() if n not in before or before[n] is not v}
        self.doubts.pop()
        self.evaluator.names = {**before, **dict.fromkeys(changed, doubt)}

    def _maybe(self, node: Maybe) -> Iterator[Statement]:
        yield from self.block(node.surely)
        doubt = Computed(f"computed: only if {self.evaluator.quoted(node)}")
        if node.bodies:
            yield from self._either(doubt, *node.bodies)


_HANDLERS: Mapping[type[Node], Callable[[_Reading, Any], Iterator[Statement]]] = {
    Call: _Reading._call,
    Variable: _Reading._name,
    Assignment: _Reading._assignment,
    Branch: _Reading._branch,
    Maybe: _Reading._maybe,
    Definition: _Reading._definition,
    Unreadable: _Reading._unreadable,
}
