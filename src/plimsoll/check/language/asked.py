"""What expressions ask of a variable: two things that have the same of it are the same to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plimsoll.check.language.nodes import Node, children


def asked_of(variable: str, expressions: Iterable[Node]) -> tuple[str, ...]:
    """The attributes that *expressions* ask of a variable; none where they want it itself."""
    names: dict[str, None] = {}
    for node in expressions:
        for each in _uses(node, variable):
            if each is None:
                return ()
            names[each] = None
    return tuple(names)


def _uses(node: Node, variable: str) -> Iterator[str | None]:
    """The name of each attribute; None for what is something else."""
    if node[0] == "attribute" and node[2][0] == "name" and node[2][2] == variable:
        yield node[3]
    elif (node[0] == "name" and node[2] == variable) or (node[0] == "each" and node[4] == variable):
        yield None
    else:
        for each in children(node):
            yield from _uses(each, variable)
