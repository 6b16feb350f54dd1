"""The text of a rule file to a rule. What it says is checked against names in `sound.py`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import PurePosixPath

from plimsoll.check.documents import Node, document
from plimsoll.check.expressions import expression, inside
from plimsoll.check.params import constant
from plimsoll.model.finding import Kind, Severity
from plimsoll.model.rule import (
    Example,
    Expression,
    Level,
    Repair,
    Rule,
    Target,
    TargetKind,
    Verdict,
)
from plimsoll.model.setting import Status

_REQUIRED = ("id", "title", "kind", "for", "why", "source", "examples")
_OF_LEVEL = (
    "severity", "kind", "when", "load", "limit", "strict", "require", "message", "repair", "effect",
)  # fmt: skip
_KEYS = (
    *_REQUIRED, *_OF_LEVEL, "let", "params", "levels", "untouched", "assumed", "unless",
    "symptoms", "seen",
)  # fmt: skip
_LINE = frozenset({"load", "limit", "strict"})
_FOR = {
    TargetKind.SERVICE: ("technology",),
    TargetKind.LINK: ("from", "to"),
    TargetKind.HOST: (),
    TargetKind.PART: ("type", "technology"),
    TargetKind.SETTING: ("technology", "name", "status"),
}
EXPECTED = ("severity", "load", "limit", "effect", "culprit", "level")
ANY_STATUS = "any"

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_VARIABLE = re.compile(r"[a-z_][a-z0-9_]*")
_IN_MESSAGE = re.compile(r"\{([^{}]*)\}")
_STEPS = frozenset({"attribute", "index"})


def read_rule(text: str, path: str) -> Rule:
    """The rule that a file describes.

    Raises:
        FileError: with the place of what is wrong, and a suggestion.
    """
    root = document(text, path)
    said = root.keys("a rule", _KEYS)
    for name in _REQUIRED:
        if name not in said:
            raise root.error(f"a rule needs `{name}:`")
    return Rule(
        id=_id(said["id"], path),
        title=said["title"].text(),
        target=_target(said["for"]),
        levels=_levels(root, said),
        why=said["why"].text(),
        source=said["source"].texts(),
        place=root.place,
        examples=_examples(said["examples"]),
        lets=_lets(said.get("let")),
        params={n: constant(v.text()) for n, v in _pairs(said.get("params")) if _is_name(n, v)},
        untouched=_severity(said.get("untouched")),
        assumed=_severity(said.get("assumed")),
        unless=_texts(said.get("unless")),
        symptoms=_texts(said.get("symptoms")),
        seen=_texts(said.get("seen")),
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
    node.keys(f"for: {kind}", (kind, *_FOR[kind]))
    variable = said[kind].text()
    _is_name(variable, said[kind])
    return Target(
        kind=kind,
        variable=variable,
        technologies=_texts(said.get("technology")),
        sources=_texts(said.get("from")),
        targets=_texts(said.get("to")),
        type=_part_type(node, kind, said),
        name=_pattern(said.get("name")),
        statuses=_statuses(said.get("status")),
        place=node.place,
    )


def _is_name(name: str, node: Node) -> bool:
    """True; an expression can have it as a variable."""
    if not _VARIABLE.fullmatch(name):
        raise node.error(f"{name!r} cannot be a name; write a-z, 0-9 and _")
    return True


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


# -------------------------------------------------------------------------------------- levels


def _levels(root: Node, said: Mapping[str, Node]) -> tuple[Level, ...]:
    own = {name: node for name, node in said.items() if name in _OF_LEVEL}
    if "levels" not in said:
        return (_level(root, own, said["title"]),)
    found = []
    for node in said["levels"].items():
        replaced = node.keys("a level", _OF_LEVEL)
        found.append(
            _level(node, _without_rival(own, replaced) | replaced, said["title"], replaced)
        )
    for before, after in pairwise(found):
        if after.severity > before.severity:
            raise said["levels"].error(
                f"the worst severity comes first: {after.severity} stands behind {before.severity}"
            )
    if not found:
        raise said["levels"].error("`levels:` needs at least one level")
    return tuple(found)


def _without_rival(own: Mapping[str, Node], replaced: Mapping[str, Node]) -> dict[str, Node]:
    """What a level keeps of its rule: conditions replace a load line, and the reverse."""
    gone: frozenset[str] = frozenset()
    if "require" in replaced:
        gone = _LINE
    elif replaced.keys() & _LINE:
        gone = frozenset({"require"})
    return {name: node for name, node in own.items() if name not in gone}


def _level(
    node: Node, said: Mapping[str, Node], title: Node, replaced: Mapping[str, Node] | None = None
) -> Level:
    _line_or_conditions(node, said)
    severity = _severity(said.get("severity"))
    if severity is None:
        raise node.error("a rule needs `severity:`, or each of its levels one")
    return Level(
        name=_level_name(said, severity) if replaced is not None else "",
        severity=severity,
        kind=Kind(said["kind"].one_of("kind", Kind)),
        message=tuple(_message(said.get("message", title))),
        when=_expressions(said.get("when")),
        load=expression(said["load"]) if "load" in said else None,
        limit=expression(said["limit"]) if "limit" in said else None,
        is_strict="strict" in said and said["strict"].truth(),
        required=_expressions(said.get("require")),
        repair=_repairs(said.get("repair")),
        effect={name: expression(each) for name, each in _pairs(said.get("effect"))},
    )


def _line_or_conditions(node: Node, said: Mapping[str, Node]) -> None:
    if "require" in said:
        rivals = sorted(said.keys() & _LINE)
        if rivals:
            raise said[rivals[0]].error(f"`{rivals[0]}:` and `require:` exclude each other")
        return
    missing = [name for name in ("load", "limit") if name not in said]
    if len(missing) == 1:
        raise node.error(f"a load line needs `{missing[0]}:` too")
    if missing:
        raise node.error("a rule needs `load:` and `limit:`, or `require:`")


def _level_name(said: Mapping[str, Node], severity: Severity) -> str:
    """What a level is called: its load where that is a name (floor, likely), else its severity."""
    load = said["load"].text().strip() if "load" in said else ""
    return load if _VARIABLE.fullmatch(load) else str(severity)


def _severity(node: Node | None) -> Severity | None:
    if node is None:
        return None
    return Severity.named(node.one_of("severity", [str(s) for s in reversed(Severity)]))


# --------------------------------------------------------------------------------- expressions


def _expressions(node: Node | None) -> tuple[Expression, ...]:
    return tuple(expression(each) for each in node.items()) if node else ()


def _lets(node: Node | None) -> tuple[tuple[str, Expression], ...]:
    return tuple((n, expression(each)) for n, each in _pairs(node) if _is_name(n, each))


def _message(node: Node) -> Iterator[str | Expression]:
    text, at = node.text(), 0
    for found in _IN_MESSAGE.finditer(text):
        if found.start() > at:
            yield text[at : found.start()]
        yield inside(node, found[1], found.start(1))
        at = found.end()
    if at < len(text):
        yield text[at:]


def _repairs(node: Node | None) -> tuple[Repair, ...]:
    if node is None:
        return ()
    return tuple(
        Repair(tuple(map(_path, each.items())), is_ranked=each.is_list) for each in node.items()
    )


def _path(node: Node) -> Expression:
    found = expression(node)
    at = found.node
    while at[0] in _STEPS:
        at = at[2]
    if at[0] != "name":
        raise node.error("`repair:` takes paths like s.host.services.work_mem")
    return found


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
        files={name: str(each.raw.value) for name, each in said[verdict].pairs().items()},
        place=said[verdict].place,
        expected={n: each.text() for n, each in expected.items() if n != "effect"},
        effect={n: each.text() for n, each in _pairs(expected.get("effect"))},
    )


def _pairs(node: Node | None) -> Iterable[tuple[str, Node]]:
    return node.pairs().items() if node else ()


def _texts(node: Node | None) -> tuple[str, ...]:
    return node.texts() if node else ()
