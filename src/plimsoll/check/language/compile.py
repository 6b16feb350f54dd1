"""Nodes to closures: an expression is walked once, and evaluated often."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache

from plimsoll.check.language import lists, ranges, truths
from plimsoll.check.language.asked import Asks, values_of
from plimsoll.check.language.branches import spanned, taken
from plimsoll.check.language.constants import constant
from plimsoll.check.language.lookup import plan
from plimsoll.check.language.nodes import Node
from plimsoll.check.language.patterns import compiled_pattern
from plimsoll.check.language.provenance import is_written
from plimsoll.check.language.ranges import odd, uncalculated
from plimsoll.check.language.types import World
from plimsoll.check.language.values import (
    Const,
    Items,
    NotHere,
    Num,
    Op,
    Text,
    Thing,
    Truth,
    Unset,
    Untold,
    Value,
    listed,
)

Variables = Mapping[str, Value]
Evaluate = Callable[[World, Variables], Value]
Function = Callable[[Sequence[Value]], Value]

_FEW = 16  # entries; asking so many takes less than finding out what they are asked


def compiled(node: Node) -> Evaluate:
    """What gives the value of *node*, for a world and the values of its variables."""
    known = constant(node)
    return _always(known) if known is not None else _COMPILE[node[0]](*node[2:])


def _always(value: Value) -> Evaluate:
    return lambda _world, _variables: value


def _text(text: str) -> Evaluate:
    return _always(_said(text))


def _said(text: str) -> Text:
    return Text(text, Const(text))


def _truth(value: bool) -> Evaluate:  # noqa: FBT001 - the literal itself
    return _always(Truth(value, Const(str(value).lower())))


def _name(name: str) -> Evaluate:
    return lambda _world, variables: variables[name]


def _list(nodes: tuple[Node, ...]) -> Evaluate:
    entries = [compiled(each) for each in nodes]
    if all(each[0] == "text" for each in nodes):  # names: the same for every entry of another list
        return _always(listed(tuple(_said(each[2]) for each in nodes)))

    def evaluate(world: World, variables: Variables) -> Value:
        return listed(tuple(each(world, variables) for each in entries))

    return evaluate


# ---------------------------------------------------------------------------------- names of things


def _attribute(owner: Node, name: str) -> Evaluate:
    of = compiled(owner)

    def evaluate(world: World, variables: Variables) -> Value:
        value = of(world, variables)
        if type(value) is Thing:
            return world.attribute(value, name)
        if type(value) is Items:
            return world.of_each(value, name, lambda: _of_no_thing(value, name, world.attribute))
        return _of_no_thing(value, name, world.attribute)

    return evaluate


def _index(owner: Node, name: str) -> Evaluate:
    of = compiled(owner)

    def evaluate(world: World, variables: Variables) -> Value:
        value = of(world, variables)
        if type(value) is Thing:
            return world.setting(value, name)
        return _of_no_thing(value, name, world.setting)

    return evaluate


def _of_no_thing(value: Value, name: str, ask: Callable[[Thing, str], Value]) -> Value:
    """What has no attributes of its own: of a list each entry's, else what it is itself."""
    if type(value) is Items:
        return lists.mapped(value, lambda each: _of_entry(each, name, ask))
    if isinstance(value, (NotHere, Unset)):
        return value
    return Untold(Op(f".{name}", (value,), "" if type(value) is Untold else f"it has no {name}"))


def _of_entry(value: Value, name: str, ask: Callable[[Thing, str], Value]) -> Value:
    return ask(value, name) if type(value) is Thing else _of_no_thing(value, name, ask)


# ------------------------------------------------------------------------------------------ symbols


def _unary(symbol: str, node: Node) -> Evaluate:
    of = compiled(node)
    if symbol == "!":
        return lambda world, variables: truths.negated(of(world, variables))

    def evaluate(world: World, variables: Variables) -> Value:
        value = of(world, variables)
        if type(value) is Num:
            return ranges.negative(value)
        return uncalculated("neg", (value,))

    return evaluate


def _binary(symbol: str, left: Node, right: Node) -> Evaluate:
    a, b = compiled(left), compiled(right)
    if symbol in ("&&", "||"):
        return _junction(symbol, a, b)
    if symbol in ranges.ARITHMETIC:
        return _calculation(symbol, a, b)
    if symbol in truths.ORDERS:
        return lambda w, v: truths.compared(symbol, a(w, v), b(w, v))
    if symbol == "in":
        return lambda w, v: truths.contained(a(w, v), b(w, v))
    return lambda w, v: truths.equated(symbol, a(w, v), b(w, v))


def _calculation(symbol: str, left: Evaluate, right: Evaluate) -> Evaluate:
    calculate = ranges.ARITHMETIC[symbol]

    def evaluate(world: World, variables: Variables) -> Value:
        a, b = left(world, variables), right(world, variables)
        if type(a) is Num and type(b) is Num:
            return calculate(a, b)
        return uncalculated(symbol, (a, b))

    return evaluate


def _junction(symbol: str, left: Evaluate, right: Evaluate) -> Evaluate:
    decisive = symbol == "||"

    def evaluate(world: World, variables: Variables) -> Value:
        first = left(world, variables)
        if type(first) is Truth and first.value is decisive:
            return Truth(decisive, Op(symbol, (first,)))
        return truths.either(symbol, first, right(world, variables))

    return evaluate


def _ternary(condition: Node, yes: Node, no: Node) -> Evaluate:
    decide, branches = compiled(condition), {True: compiled(yes), False: compiled(no)}

    def evaluate(world: World, variables: Variables) -> Value:
        found = truths.asked(decide(world, variables))
        holds = truths.truth(found)
        if holds is not None:
            return taken(found, branches[holds](world, variables))
        if type(found) is NotHere:
            return found
        return spanned(found, branches[True](world, variables), branches[False](world, variables))

    return evaluate


# --------------------------------------------------------------------------------- functions, methods


def _call(name: str, nodes: tuple[Node, ...]) -> Evaluate:
    arguments = [compiled(each) for each in nodes]
    function = _FUNCTIONS[name]
    return lambda world, variables: function([each(world, variables) for each in arguments])


def _has(values: Sequence[Value]) -> Value:
    return Truth(truths.is_there(values[0]), Op("has", tuple(values)))


def _written(values: Sequence[Value]) -> Value:
    if type(values[0]) is NotHere:
        return values[0]
    return Truth(is_written(values[0]), Op("written", tuple(values)))


def _of_numbers(symbol: str, pick: Callable[[Sequence[Num]], Num]) -> Function:
    def function(values: Sequence[Value]) -> Value:
        nums = [each for each in values if type(each) is Num]
        return pick(nums) if len(nums) == len(values) else uncalculated(symbol, tuple(values))

    return function


_FUNCTIONS: Mapping[str, Function] = {
    "min": _of_numbers("min", ranges.least),
    "max": _of_numbers("max", ranges.greatest),
    "ceil": _of_numbers("ceil", lambda nums: ranges.ceiling(nums[0])),
    "has": _has,
    "written": _written,
}


def _method(owner: Node, name: str, nodes: tuple[Node, ...]) -> Evaluate:
    of = compiled(owner)
    if name == "matches":
        search = compiled_pattern(nodes[0][2]).search
        return _asked_of_text(name, of, compiled(nodes[0]), lambda text, _: search(text))
    if name in _OF_TEXT:
        return _asked_of_text(name, of, compiled(nodes[0]), _OF_TEXT[name])
    method = _OF_LIST[name]

    def evaluate(world: World, variables: Variables) -> Value:
        value = of(world, variables)
        return method(value) if type(value) is Items else uncalculated(name, (value,))

    return evaluate


_OF_LIST: Mapping[str, Callable[[Items], Value]] = {
    "size": lists.size, "sum": lists.total, "min": lists.smallest, "max": lists.largest,
}  # fmt: skip
_OF_TEXT: Mapping[str, Callable[[str, str], bool]] = {
    "startsWith": str.startswith, "contains": str.__contains__,
}  # fmt: skip


def _asked_of_text(
    name: str, owner: Evaluate, argument: Evaluate, ask: Callable[[str, str], bool]
) -> Evaluate:
    def evaluate(world: World, variables: Variables) -> Value:
        text, other = owner(world, variables), argument(world, variables)
        how = Op(name, (text, other))
        if type(text) is Text and type(other) is Text:
            are_known = text.value is not None and other.value is not None
            return Truth(ask(text.value or "", other.value or "") if are_known else None, how)
        return truths.undecided(name, text, other)

    return evaluate


def _each(owner: Node, name: str, variable: str, body: Node) -> Evaluate:
    of, said = compiled(owner), compiled(body)
    method = _OF_EACH[name]
    look_up = plan(body, variable, compiled) if name in _AMONG else None
    asks = cache(lambda: values_of(variable, body))

    def evaluate(world: World, variables: Variables) -> Value:
        items = of(world, variables)
        if type(items) is not Items:
            return _of_no_list(name, items)
        inner = dict(variables)

        def ask(entry: Value) -> Value:
            inner[variable] = entry
            return said(world, inner)

        # Each of the amounts of a sum shows up in its arithmetic.
        is_once = name != "map" and len(items.entries) > _FEW
        of_entry = _once_for_those_alike(ask, world, asks()) if is_once else ask
        positions = look_up(world, variables, items) if look_up else None
        among: lists.Entries = items.entries
        if positions is not None:
            among = [among[at] for at in positions]
        world.step(len(among))
        if name not in _AMONG:
            return method(items, of_entry)
        if len(among) > _FEW:
            among = _not_ruled_out(among, world.screen(body, variable))
        return _AMONG[name](items, of_entry, among)

    return evaluate


def _not_ruled_out(
    entries: lists.Entries, says: Callable[[Value], bool | None] | None
) -> lists.Entries:
    """The entries whose texts do not say already that they are none of those asked for."""
    return [each for each in entries if says(each[0]) is not False] if says else entries


def _once_for_those_alike(ask: lists.Body, world: World, asks: Asks | None) -> lists.Body:
    """As *ask*, of entries that differ in nothing that is asked of them only once."""
    if asks is None:
        return ask
    known: dict[Hashable, Value] = {}

    def of_entry(entry: Value) -> Value:
        at = world.alike(entry, asks)
        if at is None:
            return ask(entry)
        if at not in known:
            known[at] = ask(entry)
        return known[at]

    return of_entry


_OF_EACH: Mapping[str, Callable[[Items, lists.Body], Value]] = {
    "map": lists.mapped,
    "filter": lists.kept,
    "all": lambda items, condition: lists.quantified("all", items, condition),
    "exists": lambda items, condition: lists.quantified("exists", items, condition),
}


# Those that can find what they look for by its text, without asking every entry.
_AMONG: Mapping[str, Callable[[Items, lists.Body, lists.Entries], Value]] = {
    "filter": lists.kept,
    "exists": lambda items, condition, among: lists.quantified("exists", items, condition, among),
}


def _of_no_list(name: str, value: Value) -> Value:
    if type(value) is NotHere:
        return value
    how = Op(name, (value,), odd(name, (value,)))
    return Truth(None, how) if name in ("all", "exists") else Untold(how)


_COMPILE: Mapping[str, Callable[..., Evaluate]] = {
    "text": _text,
    "truth": _truth,
    "name": _name,
    "list": _list,
    "attribute": _attribute,
    "index": _index,
    "unary": _unary,
    "binary": _binary,
    "ternary": _ternary,
    "call": _call,
    "method": _method,
    "each": _each,
}
