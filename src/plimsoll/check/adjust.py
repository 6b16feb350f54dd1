"""What plimsoll.yaml says of rules: parameters, severities, and findings that are accepted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from plimsoll.check.documents import FileError, wrong_name
from plimsoll.check.facts import Fact, Knowledge
from plimsoll.check.findings import Found, fingerprint
from plimsoll.check.own import EXPIRED, OWN
from plimsoll.check.params import adjusted, kind_of, one_value
from plimsoll.model.finding import Finding, Kind, Operand, Severity
from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import Amount
from plimsoll.model.rule import Param, Rule
from plimsoll.model.setting import Origin, Setting
from plimsoll.model.stack import Adjustment, Stack, Suppression
from plimsoll.syntax.suggest import suggestion

_NOWHERE = Place("plimsoll.yaml", Span(1, 1, 1, 1))


def adjusted_rules(rules: Sequence[Rule], stack: Stack, knowledge: Knowledge) -> tuple[Rule, ...]:
    """The rules that are on, with the parameters and severities that plimsoll.yaml gives them.

    Raises:
        FileError: it names no rule or parameter of ours, or gives one what it cannot be.
    """
    known = [*OWN, *(rule.id for rule in rules)]
    for adjustment in stack.adjustments.values():
        if adjustment.rule not in known:
            raise wrong_name(adjustment.place, "no rule", adjustment.rule, known)
        if adjustment.rule in OWN and adjustment.params:
            name, setting = next(iter(adjustment.params.items()))
            place = setting.place or adjustment.place
            raise wrong_name(place, f"{adjustment.rule} has no parameter", name, ("severity",))
    for suppression in stack.suppressions:
        if suppression.rule not in known:
            raise wrong_name(suppression.place, "no rule", suppression.rule, known)
        until(suppression)
    _check_measured(stack, knowledge)
    said = stack.adjustments
    return tuple(
        _adjusted(rule, said[rule.id], knowledge) if rule.id in said else rule
        for rule in rules
        if rule.id not in said or not said[rule.id].is_off
    )


def adjusted_own(found: Iterable[Found], stack: Stack) -> Iterator[Found]:
    """Findings that no rule file makes, as far as they are on, with the severity that they get."""
    for each in found:
        said = stack.adjustments.get(each.finding.rule)
        if said is None:
            yield each
        elif not said.is_off:
            severity = Severity.named(said.severity)
            yield replace(each, finding=replace(each.finding, severity=severity))


def _check_measured(stack: Stack, knowledge: Knowledge) -> None:
    """Raises FileError where `measured:` misspells a fact, or gives one in another unit.

    Other names are fine: a rule may ask for what only a measurement can tell.
    """
    for service in stack.services.values():
        own = knowledge.facts.get(service.technology, {}).get("service", {})
        _check_facts(service.measured, {**knowledge.general.get("service", {}), **own})
    for host in stack.hosts.values():
        _check_facts(host.measured, knowledge.general.get("host", {}))


def _check_facts(measured: Mapping[str, Setting], facts: Mapping[str, Fact]) -> None:
    for name, setting in measured.items():
        place = setting.place or _NOWHERE
        hint = "" if name in facts else suggestion(name, facts)
        if hint:
            raise FileError(place, f"no fact {name!r}{hint}")
        unit = str(setting.value.unit) if isinstance(setting.value, Amount) else ""
        if unit and name in facts and unit != facts[name].unit:
            raise FileError(
                place, f"{name} is in {facts[name].unit}, {setting.text!r} is in {unit}"
            )


def _adjusted(rule: Rule, said: Adjustment, knowledge: Knowledge) -> Rule:
    params = dict(rule.params)
    for name, setting in said.params.items():
        params[name] = _param(rule, name, setting, setting.place or said.place)
    found = replace(rule, params=params)
    if said.severity:
        severity = Severity.named(said.severity)
        levels = tuple(replace(each, severity=severity) for each in rule.levels)
        found = replace(found, levels=levels)
    if any(_is_of_other_unit(params[name], rule.params[name]) for name in said.params):
        _check_units(found, said, knowledge)
    return found


def _param(rule: Rule, name: str, setting: Setting, place: Place) -> Param:
    if name not in rule.params:
        raise wrong_name(place, f"{rule.id} has no parameter", name, (*rule.params, "severity"))
    found = adjusted(rule.params[name], setting.text)
    if found is None:
        if one := one_value(setting.text):
            raise FileError(place, f"{name} is one value, not a formula; write {one}")
        raise FileError(place, f"{name} is {kind_of(rule.params[name])}, not {setting.text!r}")
    return found


def _is_of_other_unit(new: Param, old: Param) -> bool:
    return new.is_bare != old.is_bare


def _check_units(rule: Rule, said: Adjustment, knowledge: Knowledge) -> None:
    from plimsoll.check.sound import check_rule  # few stacks adjust a rule

    try:
        check_rule(rule, knowledge)
    except FileError as problem:
        raise FileError(
            said.place, f"a parameter of {rule.id} does not fit: {problem.reason}"
        ) from problem


# --------------------------------------------------------------------------------- suppressions


def until(suppression: Suppression) -> date | None:
    """The last day on which a suppression holds; None: it has none.

    Raises:
        FileError: it is no date.
    """
    if not suppression.until:
        return None
    try:
        return date.fromisoformat(suppression.until)
    except ValueError as problem:
        text = f"until {suppression.until!r} is no date; write it like 2027-01-31"
        raise FileError(suppression.place, text) from problem


def with_acceptance(found: Found, suppressions: Iterable[Suppression]) -> Finding:
    """The finding with what accepts it the longest, if anything does."""
    about = [each for each in suppressions if _is_about(each, found)]
    if not about:
        return found.finding
    return replace(found.finding, accepted=max(about, key=_end))


def _is_about(each: Suppression, found: Found) -> bool:
    """By the rule and the service; of a comment by a setting that stands on its line."""
    if each.rule != found.finding.rule:
        return False
    if each.line is None:
        return each.service in ("", *found.names)
    places = (operand.setting.place for operand in found.finding.operands)
    return any(
        p and p.path == each.place.path and p.span.line <= each.line <= p.span.end_line
        for p in places
    )


def is_accepted(finding: Finding, today: date) -> bool:
    """Whether the entry of `ignore:` that is about it still holds."""
    return finding.accepted is not None and today <= _end(finding.accepted)


def expired(suppressions: Iterable[Suppression], today: date) -> Iterator[Found]:
    """A finding for each that has ended: somebody has to decide anew, or take it away."""
    for each in suppressions:
        if today > _end(each):
            yield Found(_expired(each), {}, frozenset({each.service}))


def _expired(each: Suppression) -> Finding:
    setting = Setting("ignore", each.rule, each.place, origin=Origin.STATED, value=each.rule)
    about = f"{each.rule} of {each.service}" if each.service else each.rule
    return Finding(
        rule=EXPIRED,
        title="A finding was accepted until a day that is over",
        severity=Severity.LOW,
        kind=Kind.EXACT,
        target=about,
        service=each.service,
        message=f"{about} was accepted until {each.until}: {each.reason}",
        why="What was put off is due: repair it, or say anew until when it is accepted and why.",
        operands=(Operand(each.place.path, setting),),
        fingerprint=fingerprint(EXPIRED, each.service, (Operand(each.until, setting),)),
    )


def _end(suppression: Suppression) -> date:
    return until(suppression) or date.max
