"""A rule file as a JSON Schema, for editors: made of the tables that read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plimsoll.check.levels import OF_LEVEL
from plimsoll.check.rules import ANY_STATUS, EXPECTED, FOR, KEYS, REQUIRED
from plimsoll.model.finding import Kind, Severity
from plimsoll.model.rule import TargetKind, Verdict
from plimsoll.model.setting import Status
from plimsoll.stack.statement_schema import DRAFT, Json

_TEXT: Json = {"type": "string", "minLength": 1}
_FORMULA: Json = {"type": ["string", "number", "boolean"]}
_SEVERITY: Json = {"enum": [str(each) for each in Severity]}
_NAME: Json = {"type": "string", "pattern": "^[a-zA-Z_][a-zA-Z0-9_]*$"}

_ABOUT = {
    "id": "Names the fault; it is the file's name.",
    "title": "The fault in one sentence.",
    "kind": "exact: the server refuses or alters the value; bound: worst-case arithmetic; judgement: a threshold.",
    "for": "What the rule is evaluated once for each of, with the name that it is bound as.",
    "why": "What happens, and to whom.",
    "source": "The manual, code or measurement that says so, with its version.",
    "examples": "The rule's tests: files by name, and what the rule makes of them; before/NAME is how "
    "a file was before a change.",
    "severity": "How bad it is.",
    "when": "Conditions under which the rule applies.",
    "load": "What is asked for; above the limit the rule breaks.",
    "limit": "What there is.",
    "strict": "Equal breaks too.",
    "require": "Conditions that have to hold, where no arithmetic can say it.",
    "message": "The finding in one sentence; {} holds any name.",
    "repair": "What may be changed, the culprit first.",
    "effect": "What the server makes of the value.",
    "let": "Named subtotals, each of which may use those before it.",
    "params": "Thresholds that plimsoll.yaml may set.",
    "levels": "The worst severity first; the first that breaks is the finding.",
    "untouched": "The severity while nobody wrote an operand.",
    "assumed": "The highest severity where an operand is an assumption.",
    "unless": "Rules that say it already where they found the same target, or the same culprit.",
    "symptoms": "How it is noticed: log:, metric:, kernel:, status:.",
    "seen": "Incidents in which it happened.",
}


def rule_schema() -> Json:
    """What a rule file may hold. Names and units are looked at by `plimsoll rules test` alone."""
    level = _level()
    said: dict[str, Json] = {
        **level,
        "id": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
        "title": _TEXT,
        "for": {"oneOf": [_target(kind) for kind in TargetKind]},
        "why": _TEXT,
        "source": _some(_TEXT),
        "examples": {"type": "array", "items": _example(), "minItems": 1},
        "let": {"type": "object", "additionalProperties": _FORMULA},
        "params": {"type": "object", "additionalProperties": _FORMULA},
        "levels": {"type": "array", "items": _object(level, OF_LEVEL), "minItems": 1},
        "untouched": _SEVERITY,
        "assumed": _SEVERITY,
        "unless": _some(_TEXT),
        "symptoms": _some(_TEXT),
        "seen": _some(_TEXT),
    }
    return {
        "$schema": DRAFT,
        "title": "A rule of Plimsoll",
        **_object(said, KEYS),
        "required": list(REQUIRED),
        "not": {"required": ["load", "require"]},
    }


def _level() -> dict[str, Json]:
    return {
        "severity": _SEVERITY,
        "kind": {"enum": [str(each) for each in Kind]},
        "when": _some(_FORMULA),
        "load": _FORMULA,
        "limit": _FORMULA,
        "strict": {"type": "boolean"},
        "require": _some(_FORMULA),
        "message": _TEXT,
        "repair": _some({"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}),
        "effect": {"type": "object", "additionalProperties": _FORMULA},
    }


def _target(kind: TargetKind) -> Json:
    said: dict[str, Json] = {str(kind): _NAME}
    known: dict[str, Json] = {
        "technology": _some(_TEXT),
        "from": _some(_TEXT),
        "to": _some(_TEXT),
        "type": _TEXT,
        "name": _TEXT,
        "status": _some({"enum": [*(str(each) for each in Status), ANY_STATUS]}),
    }
    said |= {name: known[name] for name in FOR[kind]}
    needed = [str(kind), *(["type"] if kind is TargetKind.PART else [])]
    return {
        "type": "object",
        "properties": said,
        "required": needed,
        "additionalProperties": False,
    }


def _example() -> Json:
    files: Json = {"type": "object", "additionalProperties": {"type": ["string", "number"]}}
    expected: dict[str, Json] = dict.fromkeys(EXPECTED, _FORMULA)
    expected["effect"] = {"type": "object", "additionalProperties": _FORMULA}
    expect: Json = {"type": "object", "properties": expected, "additionalProperties": False}
    verdicts = [str(each) for each in Verdict]
    return {
        "type": "object",
        "properties": {**dict.fromkeys(verdicts, files), "expect": expect},
        "oneOf": [{"required": [each]} for each in verdicts],
        "additionalProperties": False,
    }


def _some(of: Json) -> Json:
    """One of it, or a list."""
    return {"anyOf": [of, {"type": "array", "items": of}]}


def _object(said: Mapping[str, Json], keys: Iterable[str]) -> dict[str, Json]:
    properties: dict[str, Json] = {}
    for key in keys:
        about = said[key]
        assert isinstance(about, Mapping)  # noqa: S101 - every schema here is one
        properties[key] = {"description": _ABOUT[key], **about}
    return {"type": "object", "properties": properties, "additionalProperties": False}
