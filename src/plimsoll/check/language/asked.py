"""What expressions ask of a variable: two things that have the same of it are the same to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from plimsoll.check.language.nodes import Node, children


class Asked(Struct, frozen=True):
    """An attribute. *is_value*: its value is asked for; else only whether there is one."""

    name: str
    is_value: bool


class Asks(Struct, frozen=True, eq=False):
    """All that is asked of a thing. Compared by identity: what is found of it is kept for it."""

    attributes: tuple[Asked, ...]


def asked_of(variable: str, expressions: Iterable[Node]) -> Asks | None:
    """The attributes that *expressions* ask of a variable; None where they want it itself."""
    found: dict[str, bool] = {}
    for node in expressions:
        for each in _uses(node, variable):
            if each is None:
                return None
            found[each.name] = found.get(each.name, False) or each.is_value
    return Asks(tuple(Asked(name, is_value) for name, is_value in found.items()))


def values_of(variable: str, expression: Node) -> Asks | None:
    """As `asked_of`, where the values show up in what the expression gives."""
    found = asked_of(variable, (expression,))
    return (
        Asks(tuple(Asked(each.name, is_value=True) for each in found.attributes)) if found else None
    )


def _uses(node: Node, variable: str) -> Iterator[Asked | None]:
    """Each attribute; None for what is something else."""
    if (name := _attribute(node, variable)) is not None:
        yield Asked(name, is_value=True)
    elif node[0] == "call" and node[2] == "has" and (name := _attribute(node[3][0], variable)):
        yield Asked(name, is_value=False)
    elif (node[0] == "name" and node[2] == variable) or (node[0] == "each" and node[4] == variable):
        yield None
    else:
        for each in children(node):
            yield from _uses(each, variable)


def _attribute(node: Node, variable: str) -> str | None:
    is_own = node[0] == "attribute" and node[2][0] == "name" and node[2][2] == variable
    return node[3] if is_own else None
