"""The levels of a rule file: what breaks, how bad it is, what is said and repaired then."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from msgspec.structs import replace

from plimsoll.check.documents import FileError, Node, pairs_of
from plimsoll.check.expressions import NAME, expression, inside
from plimsoll.model.finding import Kind, Severity
from plimsoll.model.rule import Expression, Level, Repair

OF_LEVEL = (
    "severity", "kind", "when", "load", "limit", "strict", "require", "message", "repair", "effect",
)  # fmt: skip
_LINE = frozenset({"load", "limit", "strict"})
_IN_MESSAGE = re.compile(r"\{([^{}]*)\}")
_STEPS = frozenset({"attribute", "index"})


def levels(root: Node, said: Mapping[str, Node]) -> tuple[Level, ...]:
    """The levels of a rule file, the worst first; one where it has no `levels:`.

    Raises:
        FileError: with the place of what is wrong.
    """
    own = {name: node for name, node in said.items() if name in OF_LEVEL}
    if "levels" not in said:
        return (_level(root, own, said["title"]),)
    found = []
    for node in said["levels"].items():
        replaced = node.keys("a level", OF_LEVEL)
        level = _level(node, _without_rival(own, replaced) | replaced, said["title"], replaced)
        found.append(_narrowed(level, _expressions(own.get("when"))))
    for before, after in pairwise(found):
        if after.severity > before.severity:
            raise said["levels"].error(
                f"the worst severity comes first: {after.severity} stands behind {before.severity}"
            )
    if not found:
        raise said["levels"].error("`levels:` needs at least one level")
    return tuple(found)


def _narrowed(level: Level, when: tuple[Expression, ...]) -> Level:
    """A level that applies only where its rule does: its own `when` comes on top of that."""
    texts = {each.text for each in when}
    return replace(level, when=(*when, *(each for each in level.when if each.text not in texts)))


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
    severity = severity_of(said.get("severity"))
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
        effect={name: expression(each) for name, each in pairs_of(said.get("effect"))},
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
    return load if NAME.fullmatch(load) else str(severity)


def severity_of(node: Node | None) -> Severity | None:
    """The severity that is written; None where there is none."""
    if node is None:
        return None
    return Severity.named(node.one_of("severity", [str(s) for s in reversed(Severity)]))


# --------------------------------------------------------------------------------- expressions


def _expressions(node: Node | None) -> tuple[Expression, ...]:
    return tuple(expression(each) for each in node.items()) if node else ()


def _message(node: Node) -> Iterator[str | Expression]:
    """The text and the names of a message, in turn."""
    text, at = node.text(), 0
    for found in _IN_MESSAGE.finditer(text):
        yield from _plain(node, text, at, found.start())
        yield inside(node, found[1], found.start(1))
        at = found.end()
    yield from _plain(node, text, at, len(text))


def _plain(node: Node, text: str, start: int, end: int) -> Iterator[str]:
    piece = text[start:end]
    stray = re.search(r"[{}]", piece)
    if stray:
        at = node.at(start + stray.start() + 1)
        raise FileError(at, f"{stray[0]} without its other half; names stand in {{...}}")
    if piece:
        yield piece


def _repairs(node: Node | None) -> tuple[Repair, ...]:
    if node is None:
        return ()
    return tuple(
        Repair(tuple(map(_path, each.items())), is_ranked=each.is_list) for each in node.items()
    )


def _path(node: Node) -> Expression:
    found = expression(node)
    if node.is_proven:
        return found
    at = found.node
    while at[0] in _STEPS:
        at = at[2]
    if at[0] != "name":
        raise node.error("`repair:` takes paths like s.host.services.work_mem")
    return found
