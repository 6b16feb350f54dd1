"""Which rules ask for a setting: by its name, or by a fact that is calculated from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from plimsoll.check.language.nodes import Node, children
from plimsoll.model.rule import Expression, Rule, TargetKind
from plimsoll.model.schema import key
from plimsoll.model.setting import Setting


@dataclass(frozen=True, slots=True)
class Formula:
    """How a fact is calculated: its name and the names that its formula asks for."""

    name: str
    asked: frozenset[str]


def formula(kind: str, name: str, expression: Expression) -> Formula:
    """A fact's formula. *kind* is that of the thing that the fact belongs to."""
    own = {"l"} if kind == "link" else set()
    return Formula(name, frozenset(names_in(expression.node, own)))


def rules_using(setting: Setting, rules: Sequence[Rule], facts: Iterable[Formula]) -> list[str]:
    """The ids of the rules that may ask for *setting*, of a service or host.

    By name, so a rule may be among them that asks for another technology's setting of that name.
    """
    wanted = _with_facts({key(setting.name)}, list(facts))
    return [rule.id for rule in rules if _asks(rule, setting, wanted)]


def names_in(node: Node, links: Iterable[str] = ()) -> Iterator[str]:
    """The names that an expression asks things for; not those of the *links* themselves."""
    left, apart = [node], set(links)
    while left:
        each = left.pop()
        if not each:
            continue
        if each[0] in ("attribute", "index") and not _is_one_of(each[2], apart):
            yield key(str(each[3]))
        left.extend(children(each))


def _is_one_of(owner: Node, names: set[str]) -> bool:
    return owner[0] == "name" and owner[2] in names


def _with_facts(names: set[str], facts: Sequence[Formula]) -> set[str]:
    """*names*, and every fact that is calculated from one of them."""
    found = set(names)
    while more := {fact.name for fact in facts if fact.asked & found} - found:
        found |= more
    return found


def _asks(rule: Rule, setting: Setting, wanted: set[str]) -> bool:
    target = rule.target
    if target.kind is TargetKind.SETTING:
        is_technology = not target.technologies or setting.technology in target.technologies
        is_named = not target.name or re.fullmatch(target.name, setting.name) is not None
        if is_technology and is_named:
            return True
    links = {target.variable} if target.kind is TargetKind.LINK else set()
    return any(name in wanted for each in _expressions(rule) for name in names_in(each.node, links))


def _expressions(rule: Rule) -> Iterator[Expression]:
    yield from (expression for _, expression in rule.lets)
    for level in rule.levels:
        yield from (*level.when, *level.required, *level.effect.values())
        yield from (each for each in (level.load, level.limit) if each is not None)
