"""What a postmortem or a rule speaks of: the concepts of `concepts.yaml`, each with a weight."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct, field

from plimsoll.learn.postmortem import EntryKind, Postmortem
from plimsoll.learn.reading.words import content_words
from plimsoll.model.rule import Expression, Rule

_FILE = Path(__file__).with_name("concepts.yaml")


class Concept(Struct, frozen=True):
    """*words*: to be searched in lower case."""

    name: str
    role: str  # kind, resource, mechanism or family
    words: re.Pattern[str]
    technologies: frozenset[str] = frozenset()


class Profile(Struct, frozen=True):
    """*weights*: by concept. *technologies*: named, or of a family that is named. *stems*: its words."""

    weights: Mapping[str, float] = field(default_factory=dict)
    technologies: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()


@functools.cache
def concepts() -> tuple[Concept, ...]:
    """Every concept of the file."""
    import yaml

    said = yaml.safe_load(_FILE.read_text("utf-8"))
    return tuple(
        Concept(
            name,
            each.get("role", "family"),
            re.compile(rf"(?<![a-z0-9])(?:{each['words']})(?![a-z0-9])"),
            frozenset(each.get("of", ())),
        )
        for group in said.values()
        for name, each in group.items()
    )


def of_postmortem(pm: Postmortem) -> Profile:
    """What it says of the cause weighs most, then what was found and repaired, then what was seen."""
    cause = pm.root_cause
    texts: list[tuple[str, float]] = []
    if cause is not None:
        texts += [(cause.text or "", 3.0), (f"{cause.setting or ''} {cause.technology or ''}", 3.0)]
    texts += [(pm.resolution or "", 1.5), (pm.title or "", 1.0)]
    texts += [(each.text, 1.0) for each in pm.factors]
    weights = {
        EntryKind.CAUSE: 2.0,
        EntryKind.SYMPTOM: 0.7,
        EntryKind.ACTION: 0.7,
        EntryKind.ALERT: 0.5,
    }
    texts += [(entry.text, weights[entry.kind]) for entry in pm.timeline if entry.kind in weights]
    found = _profile(texts, least=1.5)
    products = frozenset(
        (cause.technology.replace("_", "-"),) if cause and cause.technology else ()
    )
    return Profile(
        _without_general(found.weights),
        found.technologies | products,
        found.families,
        products,
        found.stems,
    )


def _without_general(weights: Mapping[str, float]) -> dict[str, float]:
    """Without "a setting" where the text says which."""
    special = [
        name
        for name, weight in weights.items()
        if weight >= _SPECIAL and name not in _GENERAL | _CIRCUMSTANCES and _role(name) == "kind"
    ]
    return {name: w for name, w in weights.items() if not (special and name in _GENERAL)}


_GENERAL = frozenset({"parameter"})
_CIRCUMSTANCES = frozenset({"maintenance"})
_SPECIAL = 3.5


@functools.cache
def _role(name: str) -> str:
    return next(concept.role for concept in concepts() if concept.name == name)


def of_rule(rule: Rule) -> Profile:
    """From what its file says, not from its name: title, formulas, why, symptoms, technologies."""
    formulas = " ".join(_names(rule))
    texts = [
        (rule.title, 3.0),
        (formulas, 1.5),
        (rule.why, 1.0),
        (" ".join(rule.symptoms), 1.0),
    ]
    found = _profile(texts, least=7.0)
    target = rule.target
    named = frozenset((*target.technologies, *target.sources, *target.targets))
    return Profile(found.weights, named, found.families, named, found.stems)


def _profile(texts: Iterable[tuple[str, float]], *, least: float) -> Profile:
    weights: dict[str, float] = {}
    stems: set[str] = set()
    technologies: set[str] = set()
    families: dict[str, float] = {}
    for text, weight in texts:
        said = text.replace("_", " ")
        stems |= content_words(said) if weight >= 1 else set()
        forms = {text.lower(), said.lower()}
        for concept in concepts():
            if not any(concept.words.search(form) for form in forms):
                continue
            if concept.role == "family":
                families[concept.name] = families.get(concept.name, 0) + weight
            else:
                weights[concept.name] = max(weights.get(concept.name, 0), weight) + 0.2 * weight
    kept = {name for name, weight in families.items() if weight >= least}
    for concept in concepts():
        if concept.name in kept:
            technologies |= concept.technologies
    return Profile(weights, frozenset(technologies), frozenset(kept), frozenset(), frozenset(stems))


def _names(rule: Rule) -> Iterable[str]:
    """The texts of all formulas."""
    expressions: list[Expression | None] = [each for _, each in rule.lets]
    for level in rule.levels:
        expressions += [level.load, level.limit, *level.when, *level.required]
    return (each.text for each in expressions if each is not None)
