"""Which rules ask for a setting: by its name, or by a fact that is calculated from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from msgspec import Struct

from plimsoll.check import knowledge
from plimsoll.check.language.nodes import Node, children
from plimsoll.model.finding import Operand
from plimsoll.model.rule import Expression, Rule, Target, TargetKind
from plimsoll.model.schema import key
from plimsoll.model.setting import Setting
from plimsoll.model.stack import Stack
from plimsoll.technologies import technology

_FILES = frozenset({"nofile_soft", "nofile_hard"})


class Formula(Struct, frozen=True):
    """How a fact is calculated: the names that it asks for. *technology*: "" for all of them."""

    name: str
    asked: frozenset[str]
    technology: str = ""


def formula(kind: str, name: str, expression: Expression, technology: str = "") -> Formula:
    """A fact's formula. *kind* is that of the thing that the fact belongs to."""
    found = asked_in(expression.node)
    own = {n for n, owner in found if not (kind == "link" and owner == ("name", "l"))}
    return Formula(name, frozenset(own), technology)


def rules_using(
    setting: Setting,
    rules: Sequence[Rule],
    facts: Iterable[Formula],
    *,
    gives: Collection[str] = (),
    technology: str = "",
) -> list[str]:
    """The ids of the rules that may ask for *setting*.

    *gives*: the resources that it limits. *technology*: of the service that has it, "" for a host;
    the setting's own may be that of its unit or container.
    """
    asked = _Asked(setting, technology, {key(setting.name)}, set(gives))
    asked.follow(list(facts))
    return [rule.id for rule in rules if asked.by(rule)]


def users_in(stack: Stack, rules: Sequence[Rule]) -> Callable[[Operand], list[str]]:
    """Tells the ids of the rules that may ask for a setting of *stack*."""
    facts = list(_facts())

    def users(of: Operand) -> list[str]:
        service = stack.services.get(of.owner)
        own = service.technology if service else ""
        return rules_using(of.setting, rules, facts, gives=_resources(of.setting), technology=own)

    return users


def _facts() -> Iterator[Formula]:
    """How facts are calculated, for every technology."""
    known = knowledge()
    for technology_, facts in {"": known.general, **known.facts}.items():
        for kind, named in facts.items():
            for fact in named.values():
                for each in fact.formulas:
                    yield formula(kind, fact.name, each, technology_)


def _resources(setting: Setting) -> frozenset[str]:
    """The resources that a setting limits or states; who writes one limit of files sets both."""
    known = technology(setting.technology)
    entry = known.schema.entry(setting.name) if known else None
    if entry is None or not entry.gives:
        return frozenset()
    return _FILES if entry.gives in _FILES else frozenset({entry.gives})


# What owns a name in an expression: ("name", variable), ("attribute", variable, name) or nothing.
Owner = tuple[str, ...]


def asked_in(node: Node) -> Iterator[tuple[str, Owner]]:
    """The names that an expression asks for, and of what."""
    left = [node]
    while left:
        each = left.pop()
        if not each:
            continue
        if each[0] in ("attribute", "index"):
            yield key(str(each[3])), _owner(each[2])
        left.extend(children(each))


def _owner(node: Node) -> Owner:
    if node[0] == "name":
        return ("name", str(node[2]))
    if node[0] == "attribute" and node[2][0] == "name":
        return ("attribute", str(node[2][2]), str(node[3]))
    return ()


class _Asked(Struct):
    """The names by which a setting is asked for.

    *own*: where its technology has them; *every*: of the service, whatever its technology.
    """

    setting: Setting
    technology: str
    own: set[str]
    every: set[str]

    def follow(self, facts: Sequence[Formula]) -> None:
        """Adds every fact that is calculated from one of the names."""
        size = -1
        while size != len(self.own) + len(self.every):
            size = len(self.own) + len(self.every)
            for fact in facts:
                self._add(fact)

    def _add(self, fact: Formula) -> None:
        if fact.asked & self.every:
            self.every.add(fact.name)
        elif fact.technology in ("", self.setting.technology) and fact.asked & self.own:
            self.own.add(fact.name)

    def by(self, rule: Rule) -> bool:
        """Whether *rule* asks for one of the names."""
        return self._is_target_of(rule.target) or any(
            self._is_asked(name, owner, rule.target)
            for each in _expressions(rule)
            for name, owner in asked_in(each.node)
        )

    def _is_target_of(self, target: Target) -> bool:
        if target.kind is not TargetKind.SETTING:
            return False
        is_named = not target.name or re.fullmatch(target.name, self.setting.name) is not None
        return is_named and _is_one(self.setting.technology, target.technologies)

    def _is_asked(self, name: str, owner: Owner, target: Target) -> bool:
        if target.kind is TargetKind.LINK and owner == ("name", target.variable):
            return False  # a name of the link itself
        wanted = _technologies(owner, target)
        if name in self.own and _is_one(self.setting.technology, wanted):
            return True
        return name in self.every and _is_one(self.technology, wanted)


def _is_one(technology: str, wanted: Sequence[str]) -> bool:
    """Whether it is one of the *wanted*; "" may be any, and none wanted means all."""
    return not technology or not wanted or technology in wanted


def _technologies(owner: Owner, target: Target) -> tuple[str, ...]:
    """The technologies that the owner of a name can have; none where it may be any."""
    if owner == ("name", target.variable):
        return target.technologies
    ends = {"from": target.sources, "to": target.targets}
    if owner[:2] == ("attribute", target.variable) and target.kind is TargetKind.LINK:
        return ends.get(owner[2], ())
    return ()


def _expressions(rule: Rule) -> Iterator[Expression]:
    yield from (expression for _, expression in rule.lets)
    for level in rule.levels:
        yield from (*level.when, *level.required, *level.effect.values())
        yield from (each for each in (level.load, level.limit) if each is not None)
