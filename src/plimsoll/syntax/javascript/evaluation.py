"""JavaScript expressions to values, and to formulas where they depend on the machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula
from plimsoll.syntax.javascript import operations
from plimsoll.syntax.javascript.functions import FUNCTIONS
from plimsoll.syntax.javascript.names import (
    Binding,
    Names,
    behind_type,
    module_named,
    statement_end,
)
from plimsoll.syntax.javascript.operations import Absent
from plimsoll.syntax.javascript.tree import Tree
from plimsoll.syntax.javascript.values import (
    INFINITY,
    NAN,
    UNDEFINED,
    Computed,
    Entry,
    Function,
    Listed,
    Reference,
    Result,
    Table,
    literal_number,
    normal,
    text_of,
    truth,
)
from plimsoll.syntax.python.symbols import CORES, read_back
from plimsoll.syntax.uncertain import Uncertain

ENVIRONMENT = Reference("process.env")

_DEEPEST = 60
_MOST_STEPS = 200_000
_LONGEST_NAME = 200
_MOST_ENTRIES = 10_000
_MOST_CHANGES = 200  # of one object
_LONGEST_VALUE = 40  # tokens that are looked at
_LEVELS = {
    "??": 1, "||": 1, "&&": 2, "|": 3, "^": 4, "&": 5,
    "==": 6, "!=": 6, "===": 6, "!==": 6, "<": 7, ">": 7, "<=": 7, ">=": 7,
    "instanceof": 7, "in": 7, "<<": 8, ">>": 8, ">>>": 8, "+": 9, "-": 9, "*": 10, "/": 10, "%": 10,
    "**": 11,
}  # fmt: skip
_COMPARE = frozenset({"==", "!=", "===", "!==", "<", ">", "<=", ">="})
_CALCULATE = frozenset({"+", "-", "*", "/", "%", "**"})
_CONSTANTS: Mapping[str, Result] = {
    "true": True, "false": False, "null": None,
    "undefined": UNDEFINED, "NaN": NAN, "Infinity": INFINITY,
}  # fmt: skip
_ESCAPE = re.compile(r"\\(?:\r\n|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\}|(?s:.))")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_UNARY = frozenset({"!", "-", "+", "~"})
_UNARY_WORDS = frozenset({"typeof", "void", "delete"})

# A value, and the index of the token behind its expression.
Found = tuple[Result, int]


class Evaluator:
    """Values of the expressions of one text.

    *environment*: the variables of the process; None while it is not known. *asked*: the variables
    that were asked for, with what was found. *faults*: tokens with no comma in front of them.
    """

    __slots__ = (
        "_bound", "_depth", "_open", "_steps", "asked", "environment", "faults", "names", "tree",
    )  # fmt: skip

    def __init__(self, tree: Tree, names: Names, environment: Mapping[str, Word] | None) -> None:
        self.tree = tree
        self.names = names
        self.environment = environment
        self.asked: dict[str, Word | None] = {}
        self.faults: list[int] = []
        self._bound: dict[Binding, tuple[Result, Mapping[str, Word | None]]] = {}
        self._open: set[Binding] = set()
        self._depth = 0
        self._steps = 0

    # -- what is asked from outside

    def value(self, at: int) -> Found:
        """What the expression that begins at a token comes to, without its commas."""
        self._steps += 1
        if self._depth >= _DEEPEST or self._steps > _MOST_STEPS:
            end = statement_end(self.tree, at)
            return self._computed(at, end), end
        self._depth += 1
        try:
            return self._ternary(at)
        finally:
            self._depth -= 1

    def entry(self, key: str, first: int, at: int) -> tuple[Entry, int]:
        """The entry that stands from the token *first* to the end of the expression at *at*."""
        outer, self.asked = self.asked, {}
        value, end = self.value(at)
        mine, self.asked = self.asked, {**outer, **self.asked}
        last = min(max(end - 1, at), len(self.tree) - 1)
        inner = None if self._is_named(at, last) and not isinstance(value, Computed) else (at, last)
        place = self.tree.place(first, last, inner)
        return Entry(key, value, place, self.tree.source(at, last), mine), end

    def _is_named(self, first: int, last: int) -> bool:
        """Whether a value stands somewhere else, under a name that stands here."""
        names = range(first, min(last, first + _LONGEST_VALUE) + 1)
        return any(
            self.tree.kinds[n] == "name" and self.tree.texts[n] not in _CONSTANTS for n in names
        )

    def arguments(self, opened: int) -> tuple[Entry, ...]:
        """What stands between the parentheses of a call."""
        found: list[Entry] = []
        at, end = opened + 1, self.tree.closing(opened)
        while at < end and len(found) < _MOST_ENTRIES:
            if self.tree.is_mark(at, "..."):
                found.append(Entry(str(len(found)), self._computed(at, end)))
                return tuple(found)
            each, stop = self.entry(str(len(found)), at, at)
            found.append(each)
            at = self._behind(stop, end, each)
        return tuple(found)

    def callee(self, at: int, stop: int) -> str:
        """What the call whose parentheses open at *stop* calls; empty where that cannot be told."""
        value, end = self._postfix(at, stop)
        is_known = isinstance(value, Reference) and end == stop
        return value.dotted if isinstance(value, Reference) and is_known else ""

    def named(self, name: str, at: int) -> Result:
        """What a name stands for at a token."""
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        binding = self.names.at(name, at)
        if binding is None:
            return Reference(name)
        if binding.module:
            return Reference(binding.module)
        if binding in self._open:
            return Computed(f"computed: {name} stands for itself")
        known = self._bound.get(binding)
        if known is None:
            self._open.add(binding)
            outer, self.asked = self.asked, {}
            value = self._bound_value(name, binding)
            known = self._bound[binding] = value, self.asked
            self.asked = outer
            self._open.discard(binding)
        self.asked.update(known[1])
        return known[0]

    def variable(self, name: str) -> Result:
        """An environment variable."""
        if self.environment is None:
            return Computed(f"computed: process.env.{name}", asks_environment=True)
        word = self.environment.get(name)
        self.asked[name] = word
        if word is None:
            # Whoever starts a server says which environment it is, and rarely where we see it.
            is_stage = name == "NODE_ENV"
            return Computed("computed: process.env.NODE_ENV") if is_stage else UNDEFINED
        if not isinstance(word, Uncertain):
            return word.text
        if isinstance(word.value, Formula):
            return read_back(word.value.expression)
        return Computed(word.value.reason)

    # -- names

    def _bound_value(self, name: str, binding: Binding) -> Result:
        changes = [
            at for at in self.names.assigned.get(name, ()) if binding.first <= at <= binding.last
        ]
        if binding.start < 0:
            is_late = len(changes) == 1 and binding.default < 0 and not binding.path
            if is_late and self._is_declared(binding):
                return self.value(changes[0] + 1)[0]
            return Reference(name)
        if changes:
            return Computed(f"computed: {name} is assigned more than once")
        found = self.value(binding.start)[0]
        for key in binding.path:
            found = self._member(found, key)
        if found == UNDEFINED and binding.default >= 0:
            found = self.value(binding.default)[0]
        return self._changed(name, binding, found)

    def _is_declared(self, binding: Binding) -> bool:
        """Whether nothing is bound but a bare `let name`: parameters have a value of their own."""
        tree = self.tree
        opened = binding.first
        for at in (opened, opened + 1):
            if tree.is_mark(at, "(") and not tree.is_name(at - 1, "for"):
                return False
        return True

    def _changed(self, name: str, binding: Binding, value: Result) -> Result:
        """An object with what later statements write into it."""
        if not isinstance(value, Table):
            return value
        changes = [
            (first, mark)
            for first, mark in self.names.changed.get(name, ())
            if binding.first <= first <= binding.last and self.names.at(name, first) == binding
        ]
        if len(changes) > _MOST_CHANGES:
            return Computed(f"computed: {name} is changed in more than {_MOST_CHANGES} places")
        entries = [self._change(name, first, mark) for first, mark in changes]
        return Table((*value.entries, *entries), value.is_complete)

    def _change(self, name: str, first: int, mark: int) -> Entry:
        """The entry that an assignment to a member makes."""
        keys = [
            self.tree.texts[at].strip("'\"")
            for at in range(first + 1, mark)
            if self.tree.kinds[at] in ("name", "string")
        ]
        is_plain = self.tree.is_mark(mark, "=") and len(keys) == 1
        if is_plain and not self.tree.around(first) and not self.tree.ahead(first):
            return self.entry(keys[0], first, mark + 1)[0]
        reason = f"computed: {name}.{'.'.join(keys)} is assigned"
        return Entry(keys[0] if keys else "", Computed(reason))

    # -- expressions

    def _ternary(self, at: int) -> Found:
        start = at
        value, at = self._binary(at, 1)
        if self.tree.is_mark(at, "?"):
            yes, at = self.value(at + 1)
            if not self.tree.is_mark(at, ":"):
                return self._given_up(start)
            no, at = self.value(at + 1)
            truth_ = truth(value)
            if truth_ is not None:
                return (yes if truth_ else no), at
            return self._told(operations.chosen(value, yes, no), start, at, value, yes, no), at
        if at < len(self.tree) and not self._ends(at):
            is_fault = self.tree.kinds[at] in ("name", "number", "string")
            if is_fault and not isinstance(value, Computed | Reference):
                self.faults.append(at)
            return self._given_up(start)
        return value, at

    def _ends(self, at: int) -> bool:
        """Whether a whole expression may end in front of a token."""
        tree = self.tree
        if tree.is_mark(at, ",", ";", ")", "]", "}", ":") or tree.texts[at][0] == "}":
            return True
        return (tree.breaks(at) and tree.kinds[at] != "mark") or tree.is_name(at, "of")

    def _binary(self, at: int, level: int) -> Found:
        start = at
        left, at = self._unary(at)
        while at < len(self.tree):
            operator = self.tree.texts[at]
            if operator in ("as", "satisfies") and self.tree.is_name(at):
                at = behind_type(self.tree, at + 1)
                continue
            own = _LEVELS.get(operator, 0) if self.tree.kinds[at] in ("mark", "name") else 0
            if own < level or own == 0:
                break
            left, at = self._operation(start, left, operator, at + 1, own)
        return left, at

    def _operation(self, start: int, left: Result, operator: str, at: int, level: int) -> Found:
        right, end = self._binary(at, level if operator == "**" else level + 1)
        if operator in ("||", "&&", "??"):
            return self._either(start, left, operator, right, end), end
        if operator in _CALCULATE:
            found = operations.calculated(left, operator, right)
        elif operator in _COMPARE:
            found = operations.compared(left, operator, right)
        else:
            found = operations.ABSENT
        return self._told(found, start, end, left, right), end

    def _either(self, start: int, left: Result, operator: str, right: Result, end: int) -> Result:
        if operator == "??":
            if left is None or left == UNDEFINED:
                return right
            is_unknown = isinstance(left, Computed | Reference) and left not in (NAN, INFINITY)
            return self._computed(start, end, left, right) if is_unknown else left
        truth_ = truth(left)
        if truth_ is None:
            return self._computed(start, end, left, right)
        return left if truth_ is (operator == "||") else right

    def _unary(self, at: int) -> Found:
        tree, start = self.tree, at
        mark = tree.word(at)
        is_operator = (tree.kind(at) == "mark" and mark in _UNARY) or (
            tree.kind(at) == "name" and mark in _UNARY_WORDS
        )
        if is_operator:
            self._depth += 1
            deep = self._depth > _DEEPEST
            value, at = self._given_up(start) if deep else self._unary(at + 1)
            self._depth -= 1
            return self._of_unary(start, mark, value, at), at
        return self._postfix(at + 1 if tree.is_name(at, "await") else at)

    def _of_unary(self, start: int, mark: str, value: Result, at: int) -> Result:
        if mark == "!":
            truth_ = truth(value)
            return self._computed(start, at, value) if truth_ is None else not truth_
        if mark in ("-", "+"):
            return self._told(operations.signed(mark, value), start, at, value)
        return UNDEFINED if mark == "void" else self._computed(start, at, value)

    def _postfix(self, at: int, stop: int = -1) -> Found:
        """A value with its members and calls. *stop*: the token in front of which it ends."""
        tree, start = self.tree, at
        is_new = tree.is_name(at, "new") and not tree.is_mark(at + 1, ".")
        value, at = self._primary(at + 1 if is_new else at)
        end = len(tree) if stop < 0 else stop
        while at < end:
            if tree.is_mark(at, ".", "?.") and tree.kinds[at + 1 : at + 2] == ["name"]:
                value, at = self._member(value, tree.texts[at + 1]), at + 2
            elif tree.is_mark(at, "?.") and tree.is_mark(at + 1, "[", "("):
                at += 1
            elif tree.is_mark(at, "[") and not tree.breaks(at):
                key = text_of(self.value(at + 1)[0])
                end = tree.behind(at)
                unknown = self._computed(start, end, value)
                value, at = (unknown if key is None else self._member(value, key)), end
            elif tree.is_mark(at, "(") and not (tree.breaks(at) and tree.breaks(start)):
                value, at = self._call(start, value, at), tree.behind(at)
            elif tree.is_mark(at, "<") and (opened := self._behind_generics(at)):
                at = opened
            elif tree.is_mark(at, "!") and not tree.breaks(at):
                at += 1
            elif tree.kinds[at] == "template" and tree.texts[at][0] == "`":
                value, at = self._computed(start, at), self._behind_template(at)
            elif tree.is_mark(at, "++", "--") and not tree.breaks(at):
                value, at = self._computed(start, at), at + 1
            else:
                break
        return value, at

    def _behind_generics(self, at: int) -> int:
        """Where the call of `name<Type>(` opens; 0 where it is a comparison."""
        depth = 0
        for here in range(at, min(at + 60, len(self.tree))):
            depth += self.tree.is_mark(here, "<") - self.tree.is_mark(here, ">")
            if depth == 0:
                return here + 1 if self.tree.is_mark(here + 1, "(") else 0
            if not (self.tree.is_name(here) or self.tree.is_mark(here, *"<>,.|&[]{}:;")):
                return 0
        return 0

    def _primary(self, at: int) -> Found:
        kind = self.tree.kind(at)
        handler = _PRIMARIES.get(kind)
        if handler is not None:
            return handler(self, at)
        mark = self.tree.word(at)
        if mark == "(":
            return self._grouped(at)
        if mark == "[":
            return self._list(at)
        if mark == "{":
            return self._table(at)
        return self._given_up(at)

    def _number(self, at: int) -> Found:
        exact = literal_number(self.tree.texts[at])
        found = None if exact is None else normal(exact)
        return (self._computed(at, at + 1) if found is None else found), at + 1

    def _string(self, at: int) -> Found:
        text = self.tree.texts[at]
        if len(text) < 2 or text[0] != text[-1] or len(text) > 100_000:
            return self._computed(at, at + 1), at + 1
        return unescaped(text[1:-1]), at + 1

    def _template(self, at: int) -> Found:
        start, pieces = at, []
        if self.tree.texts[at][0] != "`":
            return self._given_up(at)
        while True:
            piece = self.tree.texts[at]
            is_open = piece.endswith("${")
            pieces.append(unescaped(piece[1 : -2 if is_open else -1]))
            if not is_open:
                return "".join(pieces), at + 1
            value, stop = self.value(at + 1)
            closed = self.tree.partner[at]
            text = text_of(value)
            if text is None or closed < 0 or stop != closed:
                end = self._behind_template(start)
                return self._computed(start, end, value), end
            pieces.append(text)
            at = closed

    def _behind_template(self, at: int) -> int:
        while self.tree.word(at).endswith("${") and self.tree.partner[at] > at:
            at = self.tree.partner[at]
        return at + 1

    def _regex(self, at: int) -> Found:
        return self._computed(at, at + 1), at + 1

    def _name(self, at: int) -> Found:
        tree, name = self.tree, self.tree.texts[at]
        if name == "async" and not tree.breaks(at + 1):
            is_function = tree.is_name(at + 1) or tree.is_mark(tree.behind(at + 1), "=>")
            if is_function:
                return self._primary(at + 1)
        if name in ("function", "class"):
            return Function(name), self._behind_body(at)
        if tree.is_mark(at + 1, "=>"):
            return Function("=>"), self._behind_arrow(at + 1)
        if name == "require" and tree.is_mark(at + 1, "(") and tree.kind(at + 2) == "string":
            return Reference(module_named(tree.texts[at + 2][1:-1])), tree.behind(at + 1)
        if name == "import" and tree.is_mark(at + 1, "(") and tree.kind(at + 2) == "string":
            return Reference(module_named(tree.texts[at + 2][1:-1])), tree.behind(at + 1)
        return self.named(name, at), at + 1

    def _behind_body(self, at: int) -> int:
        while at < len(self.tree) and not self.tree.is_mark(at, "{"):
            at = self.tree.behind(at)
        return self.tree.behind(at)

    def _behind_arrow(self, at: int) -> int:
        if self.tree.is_mark(at + 1, "{"):
            return self.tree.behind(at + 1)
        return self.value(at + 1)[1]

    def _grouped(self, at: int) -> Found:
        tree, behind = self.tree, self.tree.behind(at)
        if tree.is_mark(behind, "=>"):
            return Function("=>"), self._behind_arrow(behind)
        if tree.is_mark(behind, ":"):
            arrow = behind_type(tree, behind + 1)
            if tree.is_mark(arrow, "=>"):
                return Function("=>"), self._behind_arrow(arrow)
        value, stop = self.value(at + 1)
        is_whole = stop == behind - 1
        return (value if is_whole else self._computed(at, behind, value)), behind

    def _list(self, at: int) -> Found:
        found: list[Entry] = []
        behind = self.tree.behind(at)
        here = at + 1
        while here < behind - 1:
            if self.tree.is_mark(here, ","):
                found.append(Entry(str(len(found)), UNDEFINED))
                here += 1
                continue
            each: Entry | None = None
            if self.tree.is_mark(here, "..."):
                inner, stop = self.value(here + 1)
                if not isinstance(inner, Listed):
                    return self._computed(at, behind, inner), behind
                found += inner.entries
            else:
                each, stop = self.entry(str(len(found)), here, here)
                found.append(each)
            if len(found) > _MOST_ENTRIES:
                return self._computed(at, behind), behind
            here = self._behind(stop, behind - 1, each)
        return Listed(tuple(found)), behind

    def _table(self, at: int) -> Found:
        tree, behind = self.tree, self.tree.behind(at)
        found: list[Entry] = []
        is_complete = True
        here = at + 1
        while here < behind - 1 and len(found) <= _MOST_ENTRIES:
            each: Entry | None = None
            if tree.is_mark(here, "..."):
                inner, stop = self.value(here + 1)
                if not isinstance(inner, Table):  # it may replace what stands before it
                    reason = self._computed(here, stop, inner)
                    found = [replace(e, value=reason) for e in found]
                found += inner.entries if isinstance(inner, Table) else ()
                is_complete = is_complete and isinstance(inner, Table) and inner.is_complete
            else:
                each, stop = self._property(here)
                found += [each] if each else []
                is_complete = is_complete and each is not None
            here = self._behind(stop, behind - 1, each)
        return Table(tuple(found), is_complete and len(found) <= _MOST_ENTRIES), behind

    def _property(self, at: int) -> tuple[Entry | None, int]:
        """One entry of an object: None where its key cannot be told."""
        tree = self.tree
        if tree.is_mark(at, "["):
            behind = tree.behind(at)
            key = text_of(self.value(at + 1)[0])
            if key is None or not tree.is_mark(behind, ":"):
                return None, statement_end(tree, behind)
            return self.entry(key, at, behind + 1)
        if tree.is_mark(at + 1, ":"):
            key = text_of(self._primary(at)[0]) if tree.kinds[at] != "name" else tree.texts[at]
            if key is not None:
                return self.entry(key, at, at + 2)
        if tree.kinds[at] == "name" and tree.is_mark(at + 1, ",", "}"):
            return self.entry(tree.texts[at], at, at)
        return self._method(at)

    def _method(self, at: int) -> tuple[Entry | None, int]:
        """`key(...) {...}`, perhaps with `async`, `get` or `*` in front of it."""
        tree, name, end = self.tree, at, statement_end(self.tree, at)
        while name < end and not tree.is_mark(name + 1, "("):
            name += 1
        if name >= end or tree.kinds[name] not in ("name", "string"):
            return None, end
        key = tree.texts[name].strip("'\"")
        place = tree.place(at, end - 1, (at, end - 1))
        return Entry(key, Function(key), place, tree.source(at, end - 1)), end

    # -- members and calls

    def _member(self, value: Result, name: str) -> Result:
        if value == ENVIRONMENT:
            return self.variable(name)
        if isinstance(value, Table):
            found = value.get(name)
            if found is not None:
                self.asked.update(found.asked)
                return found.value
            return UNDEFINED if value.is_complete else Computed(f"computed: .{name}")
        if isinstance(value, Listed):
            return self._of_list(value, name)
        if isinstance(value, Reference) and value not in (UNDEFINED, NAN, INFINITY):
            return self._of_reference(value.dotted, name)
        if isinstance(value, Computed):
            return Computed(value.reason, value.asks_environment)
        is_length = isinstance(value, str) and name == "length"
        return len(str(value)) if is_length else Computed(f"computed: .{name}")

    def _of_list(self, value: Listed, name: str) -> Result:
        if name == "length":
            return len(value.entries)
        is_index = name.isdecimal() and len(name) < 6
        if is_index:
            index = int(name)
            return value.entries[index].value if index < len(value.entries) else UNDEFINED
        return Computed(f"computed: .{name}")

    def _of_reference(self, dotted: str, name: str) -> Result:
        if dotted == "os.cpus()" and name == "length":
            return CORES
        if name == "default":
            return Reference(dotted)
        longer = f"{dotted}.{name}"
        if len(longer) > _LONGEST_NAME:
            return Computed(f"computed: .{name}")
        return Reference(longer)

    def _call(self, start: int, what: Result, opened: int) -> Result:
        end = self.tree.behind(opened)
        if not isinstance(what, Reference):
            return self._computed(start, end, what)
        known = FUNCTIONS.get(what.dotted)
        if known is None:
            return Reference(f"{what.dotted}()")
        values = [each.value for each in self.arguments(opened)]
        return self._told(known(values), start, end, *values)

    # -- what cannot be told

    def _given_up(self, at: int) -> Found:
        end = max(statement_end(self.tree, at), at + 1)
        return self._computed(at, end), end

    def _computed(self, start: int, end: int, *causes: Result) -> Computed:
        """That what stands from *start* to before *end* cannot be told, because of *causes*."""
        last = len(self.tree) - 1
        quoted = self.tree.quoted(min(start, last), min(max(end - 1, start), last))
        asks = any(isinstance(c, Computed) and c.asks_environment for c in causes)
        return Computed(f"computed: {quoted}", asks_environment=asks)

    def _told(self, found: Result | Absent, start: int, end: int, *causes: Result) -> Result:
        return self._computed(start, end, *causes) if isinstance(found, Absent) else found

    def _behind(self, at: int, end: int, each: Entry | None) -> int:
        """Behind the comma that follows an entry, or at *end*; what else follows is a fault."""
        is_read = each is not None and not isinstance(each.value, Computed)
        if at < end and is_read and not self.tree.is_mark(at, ","):
            self.faults.append(at)
        while at < end and not self.tree.is_mark(at, ","):
            at = self.tree.behind(at)
        return at + 1


def unescaped(text: str) -> str:
    """The text that a string literal means, without its quotes."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(_unescaped, text)


def _unescaped(found: re.Match[str]) -> str:
    body = found[0][1:]
    if body[0] in "xu" and len(body) > 1:
        code = int(body.strip("xu{}"), 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"
    if body in ("\n", "\r", "\r\n"):
        return ""
    return _ESCAPES.get(body, body)


_PRIMARIES: Mapping[str, Callable[[Evaluator, int], Found]] = {
    "number": Evaluator._number,
    "string": Evaluator._string,
    "template": Evaluator._template,
    "regex": Evaluator._regex,
    "name": Evaluator._name,
}
