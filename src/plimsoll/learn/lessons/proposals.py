"""Which existing rules would have caught an incident, from its words and the rules' own files."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from msgspec import Struct

from plimsoll.learn.lessons.profile import Profile, concepts, of_postmortem, of_rule
from plimsoll.learn.postmortem import Postmortem
from plimsoll.model.rule import Rule

_LEAST_SHARE = 0.6  # of the best proposal's score
_LEAST_SCORE = 4.0
_OF_ROLE = {"kind": 2.0, "resource": 1.2, "mechanism": 1.0}


class Proposal(Struct, frozen=True):
    """*because*: the concepts that rule and incident share, the heaviest first."""

    rule: Rule
    score: float
    because: tuple[str, ...]


def proposals(postmortem: Postmortem, rules: Sequence[Rule], most: int = 5) -> list[Proposal]:
    """The rules that fit best, best first; none where nothing fits well."""
    told = of_postmortem(postmortem)
    profiles = [(rule, of_rule(rule)) for rule in rules]
    rarity = _rarity([profile for _, profile in profiles])
    found = [_compared(rule, profile, told, rarity) for rule, profile in profiles]
    found.sort(key=lambda each: (-each.score, each.rule.id))
    best = found[0].score if found else 0.0
    least = max(_LEAST_SCORE, _LEAST_SHARE * best)
    return [each for each in found[:most] if each.score >= least]


def _rarity(profiles: Sequence[Profile]) -> dict[str, float]:
    """How much it says that a rule is about a concept."""
    count = {concept.name: 0 for concept in concepts()}
    for profile in profiles:
        for name, weight in profile.weights.items():
            count[name] += weight >= 2
    return {name: math.log((len(profiles) + 1) / (n + 1)) for name, n in count.items()}


def _compared(rule: Rule, of: Profile, told: Profile, rarity: dict[str, float]) -> Proposal:
    roles = {concept.name: concept.role for concept in concepts()}
    shared = {
        name: min(weight, told.weights[name]) * rarity[name] * _OF_ROLE[roles[name]]
        for name, weight in of.weights.items()
        if name in told.weights
    }
    size = math.sqrt(sum(weight * weight for weight in of.weights.values())) or 1.0
    score = sum(shared.values()) / (1 + 0.35 * size) * _fits(of, told) * _agrees(of, told, roles)
    if told.weights.get("too many", 0) >= _CLEARLY and any(level.load for level in rule.levels):
        score *= _ARITHMETIC
    words = of.stems & told.stems
    score += 0.02 * len(words)
    return Proposal(rule, round(score, 3), tuple(sorted(shared, key=lambda n: -shared[n])))


def _fits(of: Profile, told: Profile) -> float:
    """1 where the technologies agree, less where they cannot be told, little where they differ."""
    if not of.technologies:
        return _ANY
    if len(of.technologies) >= _MANY:
        return _ANY if not told.technologies or of.technologies & told.technologies else _OTHER
    if not told.technologies:
        return _UNTOLD
    if of.technologies & told.products:
        return 1.0
    return _ONE_OF_MANY if of.technologies & told.technologies else _OTHER


_CLEARLY, _ARITHMETIC = 2.0, 1.2  # something exceeded something: a load line says it best
_ANY, _ONE_OF_MANY, _UNTOLD, _OTHER = 1.0, 0.75, 0.5, 0.3
_MANY = 4  # technologies of a rule that is about none of them in particular


def _agrees(of: Profile, told: Profile, roles: Mapping[str, str]) -> float:
    """More where the same thing broke the same resource; less where one had too much, one too little."""
    both = of.weights.keys() & told.weights.keys()
    share = 1.0
    if {"kind", "resource"} <= {roles[name] for name in both}:
        share *= 1.4
    kinds = {name: w for name, w in of.weights.items() if roles[name] == "kind"}
    if kinds and max(kinds, key=lambda name: kinds[name]) not in told.weights:
        share *= 0.5  # what the rule is mainly about is not told
    ours, theirs = _direction(of), _direction(told)
    if ours and theirs and ours != theirs:
        share *= 0.4
    return share


def _direction(profile: Profile) -> str:
    """Too many or too few, where one of them clearly outweighs the other."""
    many, few = (profile.weights.get(name, 0.0) for name in ("too many", "too few"))
    if max(many, few) < 1 or abs(many - few) < 0.5:
        return ""
    return "too many" if many > few else "too few"
