"""What we say of a configuration: the readers, settings.yaml and the exact rules, as `check` has them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from oracles.oracle import ANYTHING, Answer, Case, Fate, Held, Oracle, effective, ours
from plimsoll.check import knowledge, load_rules
from plimsoll.check.evaluate import answers
from plimsoll.check.findings import Found
from plimsoll.check.language import Num
from plimsoll.model.finding import Kind, Severity
from plimsoll.model.rule import Rule
from plimsoll.model.schema import Type, key
from plimsoll.model.setting import Formula, Setting, Status
from plimsoll.model.stack import Service
from plimsoll.stack import read_texts

_DROPPED = frozenset({Status.IGNORED, Status.UNKNOWN_NAME, Status.MISPLACED})
NAME = "it"


@dataclass(frozen=True, slots=True)
class Prediction:
    """The answer that we expect, the exact rules that say something, and whether `check` tells a refusal."""

    answer: Answer
    rules: frozenset[str]
    is_told: bool


def predictions(oracle: Oracle, cases: Sequence[Case], version: str) -> Iterator[Prediction]:
    for case in cases:
        yield predicted(oracle, case, version)


def predicted(oracle: Oracle, case: Case, version: str) -> Prediction:
    texts = dict(oracle.files(case))
    stated: dict[str, object] = {
        "technology": oracle.technology,
        "version": version,
        "files": list(texts),
    }
    if command := oracle.command(case):
        stated["command"] = shlex.join(command)
    if environment := oracle.environment(case):
        stated["environment"] = dict(environment)
    if case.nofile:
        stated["limits"] = {"nofile": case.nofile}
    host = {"memory": "64GiB", "cores": 2, "settings": {"net.core.somaxconn": somaxconn()}}
    statement = {
        "hosts": {"here": host},
        "services": {NAME: stated | {"host": "here"} | dict(oracle.stated)},
    }
    stack = read_texts({"plimsoll.yaml": json.dumps(statement), **texts})
    service = stack.services[NAME]
    found = [
        f for f in answers(exact_rules(), stack, knowledge()).found if f.finding.service == NAME
    ]
    rules = {f.finding.rule for f in found if f.finding.kind is Kind.EXACT}
    refusal = [
        *(str(u) for u in stack.unread if not (oracle.spared and oracle.spared in u.reason)),
        *_refused(service, oracle),
        *(f.finding.message for f in found if f.finding.rule in oracle.refusing and _is_fatal(f)),
    ]
    held = _held(service, case, oracle) | _effects(found, case, oracle)
    answer = Answer(
        "; ".join(refusal), held, _said(service, case, held, oracle) | _told_by(found, case, oracle)
    )
    is_told = bool(stack.unread) or any(f.finding.severity is Severity.CRITICAL for f in found)
    return Prediction(answer, frozenset(rules), is_told)


def _is_fatal(found: Found) -> bool:
    """Of the levels of a rule, the one that says that the server does not start."""
    return found.finding.severity is Severity.CRITICAL and found.finding.kind is Kind.EXACT


def _refused(service: Service, oracle: Oracle) -> Iterator[str]:
    for each in service.settings:
        if each.technology == oracle.technology and each.status in oracle.refuses:
            yield f"{each.name} = {each.text}: {each.reason}"


def _held(service: Service, case: Case, oracle: Oracle) -> dict[str, Held]:
    found: dict[str, Held] = {}
    for name in case.names:
        setting, entry = _setting(service, name), oracle.entry(name)
        is_held = setting is not None and setting.status is Status.EFFECTIVE
        default = entry.default(service.version) if entry else None
        follows = isinstance(setting.value if setting and is_held else default, Formula)
        value = ANYTHING if follows else effective(setting)
        if value is not None:
            is_enum = entry is not None and entry.type is Type.ENUM
            found[name] = value.lower() if is_enum and isinstance(value, str) else value
    return found


def _setting(service: Service, name: str) -> Setting | None:
    """The setting of a line's name: the service's, or that of the first part of its type that has one."""
    type_, _, own = name.rpartition("/")
    if not type_:
        return service.held.get(key(own))
    found = (part.own(own) for part in service.parts if part.type == type_)
    return next((each for each in found if each is not None), None)


def _effects(found: Sequence[Found], case: Case, oracle: Oracle) -> dict[str, Held]:
    """What rules say that the server makes of values."""
    return {
        line: value
        for each in found
        if each.finding.rule in oracle.altering
        for name, said in each.effect.items()
        if (value := ours(said.amount if isinstance(said, Num) else None)) is not None
        for line in case.names
        if line.rpartition("/")[2] == name
    }


def _told_by(found: Sequence[Found], case: Case, oracle: Oracle) -> dict[str, Fate]:
    """What rules say that becomes of a setting: of the one that is named, else of their culprit."""
    said: dict[str, Fate] = {}
    for each in found:
        if each.finding.rule in oracle.saying:
            name, fate = oracle.saying[each.finding.rule]
            own = name or each.finding.operands[0].setting.name
            said |= {line: fate for line in case.names if line.rpartition("/")[2] == own}
    return said


def _said(service: Service, case: Case, held: dict[str, Held], oracle: Oracle) -> dict[str, Fate]:
    """Names of which nothing holds, since the server drops what is written."""
    dropped = {
        each.name
        for each in service.settings
        if each.technology == oracle.technology and each.status in _DROPPED and each.is_written
    }
    return {
        n: Fate.IGNORED for n in case.names if n.rpartition("/")[2] in dropped and n not in held
    }


@cache
def somaxconn() -> int:
    """What the kernel makes of longer queues; of a machine that hides it the number since Linux 5.4."""
    path = Path("/proc/sys/net/core/somaxconn")
    return int(path.read_text()) if path.is_file() else 4096


@cache
def exact_rules() -> tuple[Rule, ...]:
    return tuple(
        rule for rule in load_rules() if any(level.kind is Kind.EXACT for level in rule.levels)
    )
