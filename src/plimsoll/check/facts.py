"""Facts: what several rules need, calculated from settings. facts.yaml to values."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from plimsoll.check.documents import Node, document
from plimsoll.check.expressions import expression
from plimsoll.check.language.types import TEXT, TRUTH, NumType, Type
from plimsoll.model.quantity import BYTES, COUNT, SECONDS
from plimsoll.model.rule import Expression
from plimsoll.model.schema import Schema

# What a formula calls the thing that the fact belongs to.
VARIABLES = {"service": "s", "link": "l", "host": "h"}

TYPES: Mapping[str, Type] = {
    "count": NumType(COUNT),
    "bytes": NumType(BYTES),
    "seconds": NumType(SECONDS),
    "boolean": TRUTH,
    "text": TEXT,
}
_KEYS = ("unit", "is", "otherwise", "assumed", "source", "doc", "least")


class Fact(Struct, frozen=True):
    """A fact of a service, link or host.

    *formula* is None where only a technology can say. *otherwise*: what is assumed where that
    cannot be told. *least*: the lowest value of an unknown one.
    """

    name: str
    unit: str
    formula: Expression | None = None
    otherwise: Expression | None = None
    is_assumed: bool = False
    source: str = ""
    doc: str = ""
    least: int = 0

    @property
    def type(self) -> Type:
        return TYPES[self.unit]

    @property
    def formulas(self) -> tuple[Expression, ...]:
        return tuple(each for each in (self.formula, self.otherwise) if each)


# By the kind of thing, then by name.
Facts = Mapping[str, Mapping[str, Fact]]


class Knowledge(Struct, frozen=True, eq=False):
    """What is known of technologies, whatever the stack: the general facts, and each one's own.

    *schema* gives a technology's settings. Every technology has an entry in *facts*, if only an
    empty one; *part_types*: of those that have parts.
    """

    general: Facts = field(default_factory=dict)
    facts: Mapping[str, Facts] = field(default_factory=dict)
    schema: Callable[[str], Schema] = Schema
    part_types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def fact(self, kind: str, technology: str, name: str) -> Fact | None:
        """How a thing of that kind and technology comes by the fact; None: there is no such fact."""
        own = self.facts.get(technology, {}).get(kind, {}).get(name)
        return own or self.general.get(kind, {}).get(name)


def read_facts(
    text: str, path: str, general: Facts | None = None, *, is_proven: bool = False
) -> Facts:
    """The facts of a facts.yaml. *general*: those that every technology has. *is_proven*: as for rules.

    Raises:
        FileError: with the place of what is wrong.
    """
    kinds = document(text, path, is_proven=is_proven).keys("facts", VARIABLES)
    return {
        kind: {
            name: _fact(name, each, (general or {}).get(kind, {}).get(name))
            for name, each in node.pairs().items()
        }
        for kind, node in kinds.items()
    }


def _fact(name: str, node: Node, general: Fact | None) -> Fact:
    said = node.keys("a fact", _KEYS)
    if "unit" not in said:
        raise node.error(f"the fact {name} needs `unit:`")
    unit = said["unit"].one_of("unit", TYPES)
    if general is not None and general.unit != unit:
        raise said["unit"].error(f"{name} is in {general.unit} for every technology, not in {unit}")
    return Fact(
        name=name,
        unit=unit,
        formula=expression(said["is"]) if "is" in said else None,
        otherwise=expression(said["otherwise"]) if "otherwise" in said else None,
        is_assumed="assumed" in said and said["assumed"].truth(),
        source=", ".join(said["source"].texts()) if "source" in said else "",
        doc=said["doc"].text() if "doc" in said else (general.doc if general else ""),
        least=int(said["least"].text()) if "least" in said else (general.least if general else 0),
    )
