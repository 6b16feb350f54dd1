"""The text of a rule file to a rule. What it says is checked against names in `sound.py`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from plimsoll.check.documents import Node, document, pairs_of, texts_of
from plimsoll.check.expressions import NAME, expression
from plimsoll.check.levels import OF_LEVEL, levels, severity_of
from plimsoll.check.params import constant, one_value
from plimsoll.model.rule import Example, Expression, Param, Rule, Target, TargetKind, Verdict
from plimsoll.model.setting import Status

REQUIRED = ("id", "title", "kind", "for", "why", "source", "examples")
KEYS = (
    *REQUIRED, *OF_LEVEL, "let", "params", "levels", "untouched", "assumed", "unless",
    "symptoms", "seen",
)  # fmt: skip
FOR = {
    TargetKind.SERVICE: ("technology",),
    TargetKind.LINK: ("from", "to"),
    TargetKind.HOST: (),
    TargetKind.PART: ("type", "technology"),
    TargetKind.SETTING: ("technology", "name", "status"),
}
EXPECTED = ("severity", "load", "limit", "effect", "culprit", "level")
ANY_STATUS = "any"

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def read_rule(text: str, path: str, *, is_proven: bool = False) -> Rule:
    """The rule that a file describes. *is_proven*: its expressions are parsed when they are needed.

    Raises:
        FileError: with the place of what is wrong, and a suggestion.
    """
    root = document(text, path, is_proven=is_proven)
    said = root.keys("a rule", KEYS)
    for name in REQUIRED:
        if name not in said:
            raise root.error(f"a rule needs `{name}:`")
    return Rule(
        id=_id(said["id"], path),
        title=said["title"].text(),
        target=_target(said["for"]),
        levels=levels(root, said),
        why=said["why"].text(),
        source=said["source"].texts(),
        place=root.place,
        examples=_examples(said["examples"]),
        lets=_lets(said.get("let")),
        params={n: _param(n, v) for n, v in pairs_of(said.get("params")) if _is_name(n, v)},
        untouched=severity_of(said.get("untouched")),
        assumed=severity_of(said.get("assumed")),
        unless=texts_of(said.get("unless")),
        symptoms=texts_of(said.get("symptoms")),
        seen=texts_of(said.get("seen")),
    )


def _id(node: Node, path: str) -> str:
    found, wanted = node.text(), PurePosixPath(path).stem
    if not _ID.fullmatch(found):
        raise node.error(f"{found!r} is no id; write words in lower case with - between them")
    if found != wanted:
        raise node.error(f"the id {found!r} is not the file's name; write {wanted!r}")
    return found


# ----------------------------------------------------------------------------------------- for


def _target(node: Node) -> Target:
    said = node.pairs()
    kinds = [kind for kind in TargetKind if kind in said]
    if len(kinds) != 1:
        names = ", ".join(TargetKind)
        raise node.error(f"`for:` needs one of {names}, with the name that it is bound as")
    kind = kinds[0]
    node.keys(f"for: {kind}", (kind, *FOR[kind]))
    variable = said[kind].text()
    _is_name(variable, said[kind])
    return Target(
        kind=kind,
        variable=variable,
        technologies=texts_of(said.get("technology")),
        sources=texts_of(said.get("from")),
        targets=texts_of(said.get("to")),
        type=_part_type(node, kind, said),
        name=_pattern(said.get("name")),
        statuses=_statuses(said.get("status")),
        place=node.place,
    )


def _is_name(name: str, node: Node) -> bool:
    """True; an expression can have it as a variable."""
    if not NAME.fullmatch(name):
        raise node.error(f"{name!r} cannot be a name; write a-z, 0-9 and _")
    return True


def _param(name: str, node: Node) -> Param:
    text = node.text()
    if one := one_value(text):
        raise node.error(f"{name} is one value, not a formula; write {one}")
    return constant(text)


def _part_type(node: Node, kind: TargetKind, said: Mapping[str, Node]) -> str:
    if kind is not TargetKind.PART:
        return ""
    if "type" not in said:
        raise node.error("`for: {part: ...}` needs `type:`, the kind of block (location, pool)")
    return said["type"].text()


def _pattern(node: Node | None) -> str:
    if node is None:
        return ""
    try:
        re.compile(node.text())
    except re.error as problem:
        raise node.error(f"no regular expression: {problem}") from problem
    return node.text()


def _statuses(node: Node | None) -> tuple[Status, ...]:
    if node is None:
        return (Status.EFFECTIVE,)
    known = (*Status, ANY_STATUS)
    found = [each.one_of("status", known) for each in node.items()]
    return tuple(Status) if ANY_STATUS in found else tuple(Status(each) for each in found)


def _lets(node: Node | None) -> tuple[tuple[str, Expression], ...]:
    return tuple((n, expression(each)) for n, each in pairs_of(node) if _is_name(n, each))


# ------------------------------------------------------------------------------------ examples


def _examples(node: Node) -> tuple[Example, ...]:
    found = tuple(_example(each) for each in node.items())
    if Verdict.FLAGGED not in {each.verdict for each in found}:
        raise node.error("`examples:` needs one that is `flagged:`")
    return found


def _example(node: Node) -> Example:
    said = node.keys("an example", (*Verdict, "expect"))
    verdicts = [each for each in Verdict if each in said]
    if len(verdicts) != 1:
        raise node.error("an example is one of flagged, clean and skipped")
    verdict = verdicts[0]
    expected = said["expect"].keys("expect", EXPECTED) if "expect" in said else {}
    if expected and verdict is not Verdict.FLAGGED:
        raise said["expect"].error("only what is flagged has something to expect")
    return Example(
        verdict=verdict,
        files={name: each.content() for name, each in said[verdict].pairs().items()},
        place=said[verdict].place,
        expected={n: each.text() for n, each in expected.items() if n != "effect"},
        effect={n: each.text() for n, each in pairs_of(expected.get("effect"))},
    )
