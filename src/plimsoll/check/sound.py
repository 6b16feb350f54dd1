"""Whether a rule and a technology's facts can mean anything: names, units, kinds."""

from __future__ import annotations

from collections.abc import Iterator

from plimsoll.check.documents import FileError, wrong_name
from plimsoll.check.facts import VARIABLES, Fact, Facts, Knowledge
from plimsoll.check.language.constants import CONSTANTS
from plimsoll.check.language.nodes import Node, children
from plimsoll.check.language.ranges import are_mixed
from plimsoll.check.language.typecheck import RuleTypeError, typecheck
from plimsoll.check.language.types import (
    AnyType,
    NumType,
    ThingType,
    TruthType,
    Type,
    type_of,
)
from plimsoll.check.names import HOST, SETTING, Dictionary, LinkType
from plimsoll.check.params import value_of
from plimsoll.model.place import Place, Span
from plimsoll.model.rule import Expression, Level, Rule, Target, TargetKind

Variables = dict[str, Type]

# The names of a load line's two sides in its message, and of what the server makes of it.
LINE = ("load", "limit")
EFFECT = "effect"


def check_rule(rule: Rule, knowledge: Knowledge) -> None:
    """Does nothing for a rule that can mean something.

    Raises:
        FileError: with the place of what cannot.
    """
    names = Dictionary(knowledge)
    variables = _variables(rule, names, knowledge)
    for name, each in rule.lets:
        variables[name] = _type(each, variables, names)
    for level in rule.levels:
        _check_level(level, variables, names)


def check_facts(technology: str, facts: Facts, knowledge: Knowledge) -> None:
    """Does nothing for facts that can mean something; *technology* is empty for the general ones.

    Raises:
        FileError: with the place of what cannot.
    """
    names = Dictionary(knowledge)
    for kind, of_kind in facts.items():
        owner = ThingType(kind, frozenset({technology}) if technology else None)
        for fact in of_kind.values():
            for formula in fact.formulas:
                found = _type(formula, {VARIABLES[kind]: owner}, names)
                _check_fact(fact, formula, found)
                _check_cycle(fact, formula, VARIABLES[kind], knowledge, technology)


def _check_fact(fact: Fact, formula: Expression, found: Type) -> None:
    fits = _fits(found, fact.type)
    if not fits:
        raise FileError(formula.place, f"{fact.name} is to be {fact.unit}, not {found}")


def _check_cycle(
    fact: Fact, formula: Expression, variable: str, knowledge: Knowledge, technology: str
) -> None:
    """Inside of its own formula a fact's name is that of a setting: there has to be one."""
    asks = any(
        node[0] == "attribute" and node[3] == fact.name and node[2][2:] == (variable,)
        for node in _all(formula.node)
    )
    if asks and knowledge.schema(technology).entry(fact.name) is None:
        raise FileError(formula.place, f"{fact.name} is calculated from itself")


def _all(node: Node) -> Iterator[Node]:
    yield node
    for each in children(node):
        yield from _all(each)


# ----------------------------------------------------------------------------------- variables


def _variables(rule: Rule, names: Dictionary, knowledge: Knowledge) -> Variables:
    found: Variables = {n: type_of(value_of(p)) for n, p in rule.params.items()}
    mine = (*rule.params, rule.target.variable, *(name for name, _ in rule.lets))
    for name in mine:
        if name in CONSTANTS or mine.count(name) > 1:
            raise FileError(rule.place, f"{name!r} already means something; take another name")
    found[rule.target.variable] = _target(
        rule.target, rule.target.place or rule.place, names, knowledge
    )
    return found


def _target(target: Target, place: Place, names: Dictionary, knowledge: Knowledge) -> Type:
    for each in (*target.technologies, *target.sources, *target.targets):
        if each not in knowledge.facts:
            raise wrong_name(
                place, "`for:` names no technology that we know:", each, knowledge.facts
            )
    technologies = frozenset(target.technologies) or None
    if target.kind is TargetKind.SERVICE:
        return ThingType("service", technologies)
    if target.kind is TargetKind.PART:
        if target.type not in names.kinds():
            raise wrong_name(place, "no technology has parts of type", target.type, names.kinds())
        return names.part_type(target.type, target.technologies)
    if target.kind is TargetKind.LINK:
        ends = {"from": frozenset(target.sources), "to": frozenset(target.targets)}
        return LinkType(ends=ends)
    return HOST if target.kind is TargetKind.HOST else SETTING


# -------------------------------------------------------------------------------------- levels


def _check_level(level: Level, variables: Variables, names: Dictionary) -> None:
    for condition in (*level.when, *level.required):
        found = _type(condition, variables, names)
        if not isinstance(found, (TruthType, AnyType)):
            raise FileError(condition.place, f"needs a condition here, not {found}")
    known = dict(variables)
    known |= _check_line(level, variables, names)
    for each in level.effect.values():
        _type(each, variables, names)
    for piece in level.message:
        if isinstance(piece, Expression):
            _check_piece(piece, level, known, names)
    for repair in level.repair:
        for path in repair.paths:
            _type(path, variables, names, is_path=True)


def _check_piece(piece: Expression, level: Level, variables: Variables, names: Dictionary) -> None:
    """A name in a message: of an effect, or whatever an expression may be."""
    name = effect_of(piece)
    if not name:
        _type(piece, variables, names)
    elif name not in level.effect:
        raise wrong_name(piece.place, "no effect on", name, level.effect)


def effect_of(piece: Expression) -> str:
    """The name in `{effect.name}`; empty for any other expression."""
    kind, _, *rest = piece.node
    if kind != "attribute" or rest[0][0] != "name" or rest[0][2] != EFFECT:
        return ""
    return str(rest[1])


def _check_line(level: Level, variables: Variables, names: Dictionary) -> Variables:
    """The types of `{load}` and `{limit}`, which have to be numbers of one unit."""
    if level.load is None or level.limit is None:
        return {}
    sides = (level.load, level.limit)
    types = [_type(each, variables, names) for each in sides]
    for side, found in zip(sides, types, strict=True):
        if not isinstance(found, (NumType, AnyType)):
            raise FileError(side.place, f"needs a number here, not {found}")
    if not _fits(*types):
        raise FileError(level.limit.place, f"a load in {types[0]} has no limit in {types[1]}")
    return dict(zip(LINE, types, strict=True))


def _fits(found: Type, wanted: Type) -> bool:
    """Whether one may stand against the other; a bare number fits any unit."""
    if isinstance(found, AnyType) or isinstance(wanted, AnyType):
        return True
    if isinstance(found, NumType) and isinstance(wanted, NumType):
        return not are_mixed(found.unit, wanted.unit)
    return found == wanted


def _type(
    each: Expression, variables: Variables, names: Dictionary, *, is_path: bool = False
) -> Type:
    try:
        return typecheck(each.node, variables, names, is_path=is_path)
    except RuleTypeError as problem:
        raise FileError(_at(each.place, problem.column), problem.message) from problem


def _at(place: Place, column: int) -> Place:
    """The column of an expression that stands on one line; else where it begins."""
    span = place.span
    if span.line != span.end_line:
        return place
    start = span.column + column - 1
    return Place(place.path, Span(span.line, start, span.line, start + 1))
