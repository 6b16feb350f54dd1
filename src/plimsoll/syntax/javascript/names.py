"""What the names of a file are bound to, and where it changes them: one pass over its tokens."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from msgspec import Struct, field

from plimsoll.syntax.javascript.tree import Tree

_DECLARE = frozenset({"const", "let", "var"})
_NO_FUNCTIONS = frozenset({"if", "while", "for", "switch", "with"})
_ASSIGN = frozenset(
    ["=", "+=", "-=", "*=", "/=", "%=", "||=", "&&=", "??=", "**=", "&=", "|=", "^="]
)
_LONGEST_PARAMETERS = 200
_LONGEST_TYPE = 40
_MOST_LOOKED_AT = 200  # bindings of one name


class Binding(Struct, frozen=True):
    """A name between two tokens. *start*: the first token of its value, -1 where nobody can tell it.

    *path*: the keys that lead to it inside of that value (`const {a: {b}} = x`). *default*: the first
    token of what holds where nothing is there. *module*: what it is imported from, in place of a value.
    """

    first: int
    last: int
    start: int = -1
    path: tuple[str, ...] = ()
    default: int = -1
    module: str = ""


class Names(Struct):
    """*bindings* by name, in the order of their first tokens. *assigned*: where a name alone gets a
    new value. *changed*: by the first name of a chain (`config.pool.max = 5`), the chain's tokens and
    the mark behind it.
    """

    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    assigned: dict[str, list[int]] = field(default_factory=dict)
    changed: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def at(self, name: str, token: int) -> Binding | None:
        """The innermost binding of a name that holds at a token."""
        known = self.bindings.get(name)
        if not known:
            return None
        until = bisect_right(known, token, key=_first)
        for each in reversed(known[max(0, until - _MOST_LOOKED_AT) : until]):
            if token <= each.last:
                return each
        return None


def _first(binding: Binding) -> int:
    return binding.first


def names_of(tree: Tree) -> Names:
    """Every binding and every change of a name in a file."""
    found = _Reading(tree).run()
    for each in found.bindings.values():
        each.sort(key=_first)
    return found


class _Reading(Struct):
    """*patterns*: marks that only give a default inside of a declaration or parameters."""

    tree: Tree
    found: Names = field(default_factory=Names)
    patterns: set[int] = field(default_factory=set)

    def run(self) -> Names:
        tree, kinds, texts = self.tree, self.tree.kinds, self.tree.texts
        for at, kind in enumerate(kinds):
            text = texts[at]
            if kind == "name":
                if text in _DECLARE and not tree.is_member(at):
                    self._declaration(at)
                elif text == "import" and not tree.is_member(at):
                    self._import(at)
                elif text in ("function", "class") and not tree.is_member(at):
                    self._defined(at)
            elif kind == "mark":
                if text == "=>":
                    self._arrow(at)
                elif text == "{" and at and texts[at - 1] == ")":
                    self._parameters(at - 1, at)
                elif text in _ASSIGN and at not in self.patterns:
                    self._assignment(at)
                elif text in ("++", "--"):
                    self._stepped(at)
        return self.found

    def _bind(self, name: str, binding: Binding) -> None:
        self.found.bindings.setdefault(name, []).append(binding)

    # -- declarations

    def _declaration(self, at: int) -> None:
        """`const a = 1, {b, c: d = 2} = x`."""
        up = self.tree.parent[at]
        first, last = (up, self.tree.closing(up)) if up >= 0 else (0, len(self.tree))
        if up >= 0 and self.tree.is_mark(up, "(") and self.tree.is_name(up - 1, "for"):
            last = self._end_of_loop(last)
        while True:
            at += 1
            target = at
            at = self._behind_target(target)
            start = -1
            if self.tree.is_mark(at, "="):
                self.patterns.add(at)
                start = at + 1
                at = statement_end(self.tree, start)
            self._target(target, Binding(first, last, start))
            if not self.tree.is_mark(at, ","):
                return

    def _end_of_loop(self, closed: int) -> int:
        is_block = self.tree.is_mark(closed + 1, "{")
        return self.tree.closing(closed + 1) if is_block else statement_end(self.tree, closed + 1)

    def _behind_target(self, at: int) -> int:
        """Behind a name or pattern, and the type that stands behind it."""
        at = self.tree.behind(at)
        if self.tree.is_mark(at, "!"):
            at += 1
        if self.tree.is_mark(at, ":"):
            at = behind_type(self.tree, at + 1)
        return at

    def _target(self, at: int, binding: Binding) -> None:
        tree = self.tree
        if tree.is_name(at):
            self._bind(tree.texts[at], binding)
        elif tree.is_mark(at, "{", "[") and tree.partner[at] > at:
            self._pattern(at, binding, 0)

    def _pattern(self, opened: int, whole: Binding, depth: int) -> None:
        """The names of `{a, b: c = 1, ...rest}` or `[a, b]`."""
        tree, number = self.tree, 0
        at, end = opened + 1, min(self.tree.closing(opened), len(self.tree))
        is_list = tree.is_mark(opened, "[")
        while at < end and depth < 10:
            if tree.is_mark(at, ","):  # a hole in a list
                at, number = at + 1, number + 1
                continue
            key, is_rest = tree.texts[at].strip("'\""), tree.is_mark(at, "...")
            target = at + 1 if is_rest else at
            if not is_list and tree.is_mark(at + 1, ":"):
                target = at + 2
            stop = tree.behind(target)
            default = -1
            if tree.is_mark(stop, "="):
                self.patterns.add(stop)
                default = stop + 1
            path = (*whole.path, str(number) if is_list else key)
            start = -1 if is_rest else whole.start
            inner = Binding(whole.first, whole.last, start, path, default)
            if tree.is_mark(target, "{", "[") and tree.partner[target] > target:
                self._pattern(target, inner, depth + 1)
            elif tree.is_name(target):
                self._bind(tree.texts[target], inner)
            at = _behind_comma(tree, stop, end)
            number += 1

    def _import(self, at: int) -> None:
        """`import a, {b as c} from "m"`, `import * as a from "m"`, `import a = require("m")`."""
        tree, end = self.tree, at + 1
        if tree.is_name(end, "type"):
            end += 1
        while end < len(tree) and end - at < 400 and not tree.is_name(end, "from"):
            is_other = tree.is_mark(end, "=", "(", ";") or tree.is_name(end, "import")
            if is_other or tree.kind(end) == "string":
                break
            end += 1
        if tree.is_mark(end, "=") and tree.is_name(at + 1):
            self.patterns.add(end)
            self._bind(tree.texts[at + 1], Binding(0, len(tree), end + 1))
        elif tree.is_name(end, "from") and tree.kind(end + 1) == "string":
            self._imported(at + 1, end, module_named(tree.texts[end + 1][1:-1]))

    def _imported(self, at: int, end: int, module: str) -> None:
        tree = self.tree
        while at < end:
            if tree.is_mark(at, "{"):
                self._imported_names(at + 1, min(tree.closing(at), end), module)
                at = tree.behind(at)
            elif tree.is_mark(at, "*") and tree.is_name(at + 1, "as"):
                self._bind(tree.word(at + 2), Binding(0, len(tree), module=module))
                at += 3
            else:
                if tree.is_name(at) and not tree.is_name(at, "type", "from"):
                    self._bind(tree.texts[at], Binding(0, len(tree), module=module))
                at += 1

    def _imported_names(self, at: int, end: int, module: str) -> None:
        tree = self.tree
        while at < end:
            if tree.is_name(at, "type") and not tree.is_mark(at + 1, ","):
                at += 1
            name = tree.word(at)
            own = tree.word(at + 2) if tree.is_name(at + 1, "as") else name
            dotted = module if name == "default" else f"{module}.{name}"
            self._bind(own, Binding(0, len(tree), module=dotted))
            at = _behind_comma(tree, at, end)

    def _defined(self, at: int) -> None:
        """`function f() {}`, `class C {}`: a name that nobody can tell the value of."""
        name = at + 2 if self.tree.is_mark(at + 1, "*") else at + 1
        if self.tree.is_name(name) and not self.tree.is_name(name, "extends"):
            up = self.tree.parent[at]
            first, last = (up, self.tree.closing(up)) if up >= 0 else (0, len(self.tree))
            self._bind(self.tree.texts[name], Binding(first, last))

    # -- functions

    def _arrow(self, at: int) -> None:
        tree = self.tree
        is_block = tree.is_mark(at + 1, "{")
        up = tree.parent[at]
        last = tree.closing(at + 1) if is_block else tree.closing(up) if up >= 0 else len(tree)
        if tree.is_name(at - 1) and not tree.is_mark(at - 2, ":"):
            self._bind(tree.texts[at - 1], Binding(at, last))
        else:
            closed = self._parameters_before(at - 1)
            if closed >= 0:
                self._parameters_in(closed, last)

    def _parameters(self, closed: int, brace: int) -> None:
        """Those of a function or method whose body begins behind them."""
        head = self.tree.partner[closed]
        if head >= 0 and not self.tree.is_name(head - 1, *_NO_FUNCTIONS):
            self._parameters_in(closed, self.tree.closing(brace))

    def _parameters_before(self, at: int) -> int:
        """The `)` that a return type may stand behind; -1 where there is none."""
        for back in range(at, max(at - _LONGEST_TYPE, -1), -1):
            if self.tree.is_mark(back, ")"):
                return back
            if not (self.tree.is_name(back) or self.tree.is_mark(back, *"<>[]|,.:")):
                return -1
        return -1

    def _parameters_in(self, closed: int, last: int) -> None:
        tree, opened = self.tree, self.tree.partner[closed]
        if opened < 0 or closed - opened > _LONGEST_PARAMETERS:
            return
        for at in range(opened + 1, closed):
            if tree.is_name(at) and not tree.is_member(at) and not tree.is_mark(at - 1, "="):
                self._bind(tree.texts[at], Binding(opened, last))
            elif tree.is_mark(at, "="):
                self.patterns.add(at)

    # -- changes

    def _assignment(self, at: int) -> None:
        first = chain_start(self.tree, at - 1)
        if first < 0:
            return
        name = self.tree.texts[first]
        if first == at - 1:
            if not self.tree.is_mark(first - 1, ",", "(", "[") or self.tree.parent[first] < 0:
                self.found.assigned.setdefault(name, []).append(at)
        else:
            self.found.changed.setdefault(name, []).append((first, at))

    def _stepped(self, at: int) -> None:
        for beside in (at - 1, at + 1):
            if self.tree.is_name(beside) and not self.tree.is_member(beside):
                self.found.assigned.setdefault(self.tree.texts[beside], []).append(at)


def chain_start(tree: Tree, at: int) -> int:
    """The first token of the chain of members that ends at *at*; -1 where it is none of names.

    `a.b["c"]` is one: its calls and other brackets are not.
    """
    for _ in range(30):
        if tree.is_mark(at, "]"):
            opened = tree.partner[at]
            if opened < 0 or at - opened != 2 or tree.kind(at - 1) != "string":
                return -1
            at = opened - 1
        elif tree.is_mark(at, "!"):
            at -= 1
        elif not tree.is_name(at):
            return -1
        elif tree.is_member(at):
            at -= 2
        else:
            return at
    return -1


def statement_end(tree: Tree, at: int) -> int:
    """The index behind an expression: of the `,`, `;` or bracket that ends it, or of the next line."""
    start, end, passed = at, len(tree), []
    while at < end and at not in tree.ends:
        if tree.is_mark(at, ",", ";", ")", "]", "}") or tree.texts[at][0] == "}":
            break
        if at > start and tree.breaks(at) and _begins(tree, at):
            break
        passed.append(at)
        at = tree.behind(at)
    at = tree.ends.get(at, at)
    tree.ends.update(dict.fromkeys(passed, at))  # each of them ends there too
    return at


def _begins(tree: Tree, at: int) -> bool:
    """Whether a statement begins with the token at the start of a line."""
    before = tree.kinds[at - 1]
    is_open = before == "mark" and tree.texts[at - 1] not in (")", "]", "}", "++", "--", "!")
    is_word = tree.is_name(at) and not tree.is_name(at, "instanceof", "in", "as", "satisfies")
    return not is_open and (
        is_word or tree.kinds[at] in ("string", "number") or tree.is_mark(at, "{")
    )


def behind_type(tree: Tree, at: int) -> int:
    """The index behind a TypeScript type."""
    depth, end = 0, len(tree)
    while at < end:
        if depth == 0 and tree.is_mark(
            at, "=", ",", ";", ")", "]", "}", "=>", "||", "&&", "??", "?", ":"
        ):
            is_function = tree.is_mark(at, "=>") and tree.is_mark(at - 1, ")")
            if not is_function:
                return at
        if depth == 0 and tree.breaks(at) and _begins(tree, at):
            return at
        depth += tree.is_mark(at, "<") - tree.is_mark(at, ">")
        at = tree.behind(at)
    return at


def _behind_comma(tree: Tree, at: int, end: int) -> int:
    while at < end and not tree.is_mark(at, ","):
        at = tree.behind(at)
    return at + 1


def module_named(text: str) -> str:
    """A module's name as code knows it, without the scheme of those of Node itself."""
    return text.removeprefix("node:")


def imported(names: Names) -> Iterator[str]:
    """The names that are bound to something of another module."""
    return (name for name, each in names.bindings.items() if any(b.module for b in each))
