"""A level that breaks, said as a finding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from itertools import pairwise

from msgspec import Struct

from plimsoll.check.case import Broken, Case
from plimsoll.check.culprit import order
from plimsoll.check.language.arithmetic import arithmetic
from plimsoll.check.language.values import Num, Value
from plimsoll.check.printing import printed
from plimsoll.check.sound import LINE, effect_of
from plimsoll.model.finding import Finding, Operand, Severity
from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.rule import Expression
from plimsoll.model.setting import Origin

_DIGITS = 16

# "unlimited == unlimited": what a setting was compared with is all that it is.
_ITSELF = re.compile(r"(.+) == \1")
_AND = " and "

# What is counted in messages, behind its number.
_COUNTED = {
    "clients": "client",
    "connections": "connection",
    "cores": "core",
    "processes": "process",
    "tasks": "task",
    "threads": "thread",
}
_NOUN = re.compile(rf"(?<= )(?:{'|'.join(_COUNTED)})\b")


class Found(Struct, frozen=True):
    """A finding, what the server makes of the values, and every service or host it is about."""

    finding: Finding
    effect: Mapping[str, Value]
    names: frozenset[str]


def found(case: Case, broken: Broken) -> Found:
    """The finding for a level that breaks."""
    rule, level, subject = case.rule, broken.level, case.subject
    ranked = order(case, broken)
    effect = {name: case.value(each) for name, each in level.effect.items()}
    finding = Finding(
        rule=rule.id,
        title=rule.title,
        severity=_severity(case, broken, ranked.operands),
        kind=level.kind,
        target=subject.label,
        service=subject.service,
        message=_message(case, broken, effect),
        why=rule.why,
        operands=ranked.operands,
        repair=ranked.repair,
        load=_amount(broken.load),
        limit=_amount(broken.limit),
        at_least=any(each is not None and not each.is_known for each in _sides(broken)),
        arithmetic=_arithmetic(broken),
        level=level.name,
        source=rule.source,
        seen=rule.seen,
        symptoms=rule.symptoms,
        fingerprint=fingerprint(rule.id, subject.service, ranked.operands),
    )
    return Found(finding, effect, subject.names)


def _severity(case: Case, broken: Broken, operands: Iterable[Operand]) -> Severity:
    """That of the level; lower while nobody wrote an operand, or while it rests on an assumption."""
    rule, settings = case.rule, [operand.setting for operand in operands]
    caps = [broken.level.severity]
    if rule.untouched is not None and not any(each.is_written for each in settings):
        caps.append(rule.untouched)
    is_assumed = any(each.origin is Origin.ASSUMED for each in settings)
    if rule.assumed is not None and is_assumed and _rests_on_assumptions(case, broken):
        caps.append(rule.assumed)
    return min(caps)


def _rests_on_assumptions(case: Case, broken: Broken) -> bool:
    """Whether the level would hold if what is only assumed were nothing."""
    bare = Case(case.rule, case.subject, case.world.without_assumptions())
    return not isinstance(bare.level(broken.level), Broken)


def fingerprint(rule: str, service: str, operands: Iterable[Operand]) -> str:
    """What stays the same while nobody changes a value, wherever its line moves to."""
    said = sorted(
        f"{_whose(each)}\0{each.setting.name}\0{'' if each.setting.is_secret else each.setting.text}"
        for each in operands
    )
    text = "\n".join((rule, service, *said))
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:_DIGITS]


def _whose(each: Operand) -> str:
    return f"{each.owner}\0before" if each.is_earlier else each.owner


def _arithmetic(broken: Broken) -> str:
    """The calculation; of conditions what is the case, without what says nothing."""
    said = arithmetic(broken.shown)
    if broken.load is not None:
        return said
    return _AND.join(each for each in said.split(_AND) if not _ITSELF.fullmatch(each))


def _sides(broken: Broken) -> tuple[Value | None, Value | None]:
    return broken.load, broken.limit


def _amount(side: Value | None) -> Amount | None:
    return side.amount if isinstance(side, Num) else None


# ------------------------------------------------------------------------------------- message


def _message(case: Case, broken: Broken, effect: Mapping[str, Value]) -> str:
    line = {name: _side(side, name) for name, side in zip(LINE, _sides(broken), strict=True)}

    def said(piece: str | Expression) -> str:
        if isinstance(piece, str):
            return piece
        name = effect_of(piece)
        if name:
            return printed(effect[name])
        return line.get(piece.text.strip()) or printed(case.value(piece))

    pieces = ["", *map(said, broken.level.message)]
    return "".join(_agreeing(*pair) for pair in pairwise(pieces))


def _agreeing(before: str, piece: str) -> str:
    """*piece* of a message with the noun behind the number *before* it: one core, two cores."""
    noun = _NOUN.match(piece, 1) if before == "1" else None
    return f" {_COUNTED[noun[0]]}{piece[noun.end() :]}" if noun else piece


def _side(side: Value | None, name: str) -> str:
    """A load is at least what it surely is, a limit at most; empty where there is no load line."""
    if side is None:
        return ""
    if not isinstance(side, Num) or side.is_known:
        return printed(side)
    if name == LINE[0]:
        return printed(Num(side.low, UNLIMITED, side.unit))
    return printed(Num(-UNLIMITED, side.high, side.unit))
