"""A JavaScript file as what it calls and assigns: the calls and members that somebody asks for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache

from msgspec import Struct, field

from plimsoll.model.place import Place
from plimsoll.model.reader import Word
from plimsoll.model.setting import Unread
from plimsoll.syntax.javascript.evaluation import Evaluator
from plimsoll.syntax.javascript.names import Binding, Names, chain_start, names_of
from plimsoll.syntax.javascript.tree import Condition, Tree
from plimsoll.syntax.javascript.values import Computed, Entry, truth
from plimsoll.syntax.text import Lines

# Conditions that only tell the processes of one service apart, or the start from an import.
_OF_PROCESSES = frozenset({"isMaster", "isPrimary", "isWorker", "main"})
_LONGEST_CONDITION = 60
_LONGEST_CHAIN = 40
_MOST_FOUND = 2_000


class Wanted(Struct, frozen=True):
    """What a reader looks for. *calls*: names of functions and classes, as written behind the last
    dot; *modules*: of modules that are called themselves (`require("knex")({...})`), whatever the file
    names them; *members*: names of what is assigned (`server.keepAliveTimeout = 1`).
    """

    calls: frozenset[str] = frozenset()
    modules: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()


class Reach(Struct, frozen=True):
    """Whether a statement runs. *doubt*: why nobody can tell; *reason*: why it does not."""

    doubt: Computed | None = None
    reason: str = ""


class Call(Struct, frozen=True):
    """A call. *callee*: what is called, by the module it comes from (`pg.Pool`,
    `http.createServer().listen`); *written*: its last name in the file. *name*: the variable that gets
    the result. *loop*: the limit of the `for` around it.
    """

    callee: str
    written: str
    place: Place
    arguments: tuple[Entry, ...]
    name: str = ""
    reach: Reach = field(default_factory=Reach)
    loop: Entry | None = None

    def argument(self, index: int) -> Entry | None:
        return self.arguments[index] if index < len(self.arguments) else None


class Assignment(Struct, frozen=True):
    """A member gets a value; *owner*: what it is a member of, by where that comes from, *written* as
    the file has it. The place of *entry* is that of the whole assignment.
    """

    owner: str
    written: str
    entry: Entry
    reach: Reach = field(default_factory=Reach)


Statement = Call | Assignment | Unread


def read_module(
    text: str, path: str, wanted: Wanted, environment: Mapping[str, Word] | None = None
) -> list[Statement]:
    """What *text* calls and assigns of what is *wanted*, in its order; nothing is run.

    *environment*: the variables of the process; None while it is not known.
    """
    evaluator = Evaluator(*_parsed(text, path), environment)
    found = list(_Reading(evaluator, wanted).statements())
    return [*found, *_faults(evaluator)]


@lru_cache(maxsize=1)
def _parsed(text: str, path: str) -> tuple[Tree, Names]:
    """The tokens and names of a file, which one library after the other is looked for in."""
    tree = Tree(text, path)
    return tree, names_of(tree)


def _faults(evaluator: Evaluator) -> list[Unread]:
    """Why it is no JavaScript: the first reason, which mostly brings about the others."""
    tree = evaluator.tree
    missing = [(*tree.range(at), "no comma in front of it") for at in evaluator.faults]
    return [
        Unread(tree.path, f"not JavaScript: {reason}", tree.lines.place(start, end))
        for start, end, reason in sorted((*tree.faults, *missing))[:1]
    ]


def read_value(
    text: str, path: str, environment: Mapping[str, Word] | None = None
) -> Entry | Unread:
    """The one value that a text is, as JSON and as JavaScript."""
    tree = Tree(text, path)
    if not len(tree):
        return Unread(path, "empty")
    evaluator = Evaluator(tree, Names(), environment)
    entry, end = evaluator.entry("", 0, 0)
    for fault in _faults(evaluator):
        return fault
    if end < len(tree) and not (tree.is_mark(end, ";") and end == len(tree) - 1):
        return Unread(path, "not one value", tree.place(end, len(tree) - 1))
    return entry


def read_json(text: str, path: str) -> Entry | Unread:
    """The one value that a text is, where only JSON is taken."""
    try:
        json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as problem:
        start = len(text) - len(text.removeprefix("\ufeff"))
        at = min(problem.pos + start, max(len(text) - 1, 0))
        place = Lines(text, path).place(at, min(at + 1, len(text)))
        return Unread(path, f"not JSON: {problem.msg}", place)
    except (RecursionError, ValueError):
        return Unread(path, "not read: nested too deeply, or a number that is too long")
    return read_value(text, path, {})


def read_exported(
    text: str, path: str, environment: Mapping[str, Word] | None = None
) -> Entry | Unread:
    """What a module exports as a whole: `module.exports = ...`, `export default ...`."""
    tree, names = _parsed(text, path)
    evaluator = Evaluator(tree, names, environment)
    found = [at for at in range(len(tree)) if _exports(tree, at)]
    if not found:
        return Unread(path, "exports nothing: neither module.exports nor export default")
    entry = evaluator.entry("", found[-1], found[-1])[0]
    return next(iter(_faults(evaluator)), entry)


def _exports(tree: Tree, at: int) -> bool:
    """Whether what is exported begins at a token."""
    if tree.is_name(at - 1, "default") and tree.is_name(at - 2, "export"):
        return True
    if not tree.is_mark(at - 1, "="):
        return False
    is_node = tree.is_name(at - 2, "exports") and tree.is_mark(at - 3, ".")
    is_typescript = tree.is_name(at - 2, "export")
    return is_typescript or (is_node and tree.is_name(at - 4, "module"))


class _Reading:
    __slots__ = ("_bound_at", "_evaluator", "_modules", "_names", "_tree", "_wanted")

    def __init__(self, evaluator: Evaluator, wanted: Wanted) -> None:
        self._tree = evaluator.tree
        self._wanted = wanted
        self._names = evaluator.names
        self._evaluator = evaluator
        self._bound_at = {
            each.start: name
            for name, bindings in self._names.bindings.items()
            for each in bindings
            if each.start >= 0 and not each.path
        }
        self._modules = self._named_modules()

    def _named_modules(self) -> frozenset[str]:
        """Names that may stand for a module that is called, or something out of one."""
        return frozenset(
            name
            for name, bindings in self._names.bindings.items()
            if any(self._may_be_module(b) for b in bindings)
        )

    def _may_be_module(self, binding: Binding) -> bool:
        is_imported = binding.module or self._tree.is_name(binding.start, "require")
        return bool(is_imported) or not self._wanted.calls.isdisjoint(binding.path[-1:])

    def statements(self) -> Iterator[Statement]:
        tree, count = self._tree, 0
        for at, kind in enumerate(tree.kinds):
            if kind != "mark":
                continue
            text = tree.texts[at]
            made: Statement | None = None
            if text == "(" and at and self._may_be_wanted(at - 1):
                made = self._call(at)
            elif text == "=" and at and tree.texts[at - 1].strip("'\"") in self._wanted.members:
                made = self._assignment(at)
            if made is not None:
                count += 1
                yield made
            if count >= _MOST_FOUND:
                yield Unread(tree.path, "too many calls: the rest is not read", tree.place(at, at))
                return

    def _may_be_wanted(self, before: int) -> bool:
        tree = self._tree
        if tree.is_mark(before, ")"):
            return bool(self._wanted.modules) and tree.is_name(tree.partner[before] - 1, "require")
        name = self._written(before)
        return name in self._wanted.calls or (name in self._modules and not tree.is_member(before))

    def _before_generics(self, at: int) -> int:
        depth = 0
        for back in range(at, max(at - _LONGEST_CHAIN, -1), -1):
            depth += self._tree.is_mark(back, ">") - self._tree.is_mark(back, "<")
            if depth == 0:
                return back - 1
        return -1

    def _call(self, opened: int) -> Call | None:
        tree = self._tree
        start = self._chain(opened - 1)
        if start < 0 or self._is_declared(start, opened):
            return None
        first = start - 1 if tree.is_name(start - 1, "new") else start
        callee = self._evaluator.callee(first, opened)
        last = callee.rpartition(".")[2]
        written = self._written(opened - 1)
        is_wanted = not {last, written}.isdisjoint(self._wanted.calls)
        if not callee or not (is_wanted or callee in self._wanted.modules):
            return None
        closed = min(tree.closing(opened), len(tree) - 1)
        before = first - 1 if tree.is_name(first - 1, "await") else first
        return Call(
            callee=callee,
            written=written,
            place=tree.place(first, closed),
            arguments=self._evaluator.arguments(opened),
            name=self._bound_at.get(before, "") or self._assigned_to(before),
            reach=self._reach(before),
            loop=self._loop(first),
        )

    def _written(self, before: int) -> str:
        """The name in front of the parentheses."""
        if self._tree.is_mark(before, ">"):
            before = self._before_generics(before)
        return self._tree.word(before) if self._tree.is_name(before) else ""

    def _is_declared(self, start: int, opened: int) -> bool:
        """Whether it is `function name(...)` or a method, not a call."""
        tree = self._tree
        behind = tree.behind(opened)
        is_body = tree.is_mark(behind, "{") and start == opened - 1
        return tree.is_name(start - 1, "function") or is_body

    def _chain(self, at: int) -> int:
        """The first token of the members and calls that end at *at*."""
        tree = self._tree
        if tree.is_mark(at, ">"):
            at = self._before_generics(at)
        for _ in range(_LONGEST_CHAIN):
            while tree.is_mark(at, ")", "]", "!"):
                at = at - 1 if tree.is_mark(at, "!") else tree.partner[at] - 1
                if at < -1:
                    return -1
                if not tree.is_name(at) and not tree.is_mark(at, ")", "]", "!"):
                    return -1
            if not tree.is_name(at):
                return -1
            if not tree.is_member(at):
                return at
            at -= 2
        return -1

    def _assigned_to(self, first: int) -> str:
        """What gets the value: the name in front of `=` or `:`."""
        tree = self._tree
        if tree.is_mark(first - 1, "=", ":", "||=", "??=") and tree.is_name(first - 2):
            return tree.texts[first - 2]
        return ""

    def _assignment(self, mark: int) -> Assignment | None:
        tree = self._tree
        first = self._chain(mark - 1) if tree.is_name(mark - 1) else chain_start(tree, mark - 1)
        if first < 0 or first == mark - 1:
            return None
        key = tree.texts[mark - 1].strip("'\"")
        if not tree.is_name(mark - 1):
            return None
        entry, _ = self._evaluator.entry(key, first, mark + 1)
        return Assignment(
            owner=self._evaluator.callee(first, mark - 2),
            written=tree.source(first, mark - 3),
            entry=entry,
            reach=self._reach(first),
        )

    # -- whether it runs

    def _reach(self, first: int) -> Reach:
        doubt: Computed | None = None
        for each in (*self._tree.around(first), *self._tree.ahead(first)):
            found = self._holds(each)
            if found is False:
                return Reach(reason=f"not reached: {self._shown(each)}")
            if isinstance(found, Computed):
                doubt = found
        return Reach(doubt)

    def _holds(self, condition: Condition) -> bool | Computed:
        tree, start, end = self._tree, condition.start, condition.end
        if condition.reason:
            return Computed(condition.reason)
        if not _OF_PROCESSES.isdisjoint(
            tree.texts[start : min(end, start + _LONGEST_CONDITION) + 1]
        ):
            return True
        value, stop = self._evaluator.value(start)
        held = truth(value) if stop == end + 1 else None
        if held is None:
            asks = isinstance(value, Computed) and value.asks_environment
            return Computed(f"only where {self._shown(condition)}", asks_environment=asks)
        return held is not condition.is_negated

    def _shown(self, condition: Condition) -> str:
        text = condition.reason or self._tree.quoted(condition.start, condition.end)
        return f"not {text}" if condition.is_negated else text

    def _loop(self, first: int) -> Entry | None:
        """The limit of the `for (let i = 0; i < LIMIT; i++)` right around a token."""
        tree = self._tree
        closed = first - 1
        up = tree.parent[first]
        if up >= 0 and tree.is_mark(up, "{"):
            closed = up - 1
        head = tree.partner[closed] if tree.is_mark(closed, ")") else -1
        if head < 0 or not tree.is_name(head - 1, "for"):
            return None
        at = head + 1
        while at < closed and not tree.is_mark(at, "<"):
            at = tree.behind(at)
        is_from_zero = any(
            tree.is_mark(n, "=") and tree.word(n + 1) == "0" for n in range(head + 1, at)
        )
        if at >= closed or not is_from_zero:
            return None
        return self._evaluator.entry("", head - 1, at + 1)[0]
