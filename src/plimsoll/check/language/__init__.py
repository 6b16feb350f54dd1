"""The language of rules and facts: the grammar of CEL over ranges that know where they came from.

`parse` makes nodes of a text, `typecheck` says what is wrong with them when a rule is loaded,
`compiled` makes of them what gives a value. `operands`, `needs` and `arithmetic` read off a value
which settings took part, what is missing, and how it was calculated.
"""

from plimsoll.check.language.arithmetic import arithmetic
from plimsoll.check.language.compile import Evaluate, Variables, compiled
from plimsoll.check.language.constants import CONSTANTS, number
from plimsoll.check.language.nodes import Node, RuleSyntaxError
from plimsoll.check.language.parse import parse
from plimsoll.check.language.provenance import is_written, needs, operands
from plimsoll.check.language.shown import amount
from plimsoll.check.language.truths import broken
from plimsoll.check.language.typecheck import RuleTypeError, typecheck
from plimsoll.check.language.types import (
    ANY,
    BARE,
    TEXT,
    TRUTH,
    AnyType,
    ListType,
    Names,
    NumType,
    TextType,
    ThingType,
    TruthType,
    Type,
    UnknownName,
    World,
    type_of,
    unknown,
)
from plimsoll.check.language.values import (
    Const,
    How,
    Items,
    Leaf,
    Missing,
    Named,
    NotHere,
    Num,
    Op,
    Text,
    Thing,
    Truth,
    Unset,
    Untold,
    Value,
    listed,
    named,
    value_of,
    with_how,
)

__all__ = [
    "ANY", "BARE", "CONSTANTS", "TEXT", "TRUTH", "AnyType", "Const", "Evaluate", "How", "Items",
    "Leaf", "ListType", "Missing", "Named", "Names", "Node", "NotHere", "Num", "NumType", "Op",
    "RuleSyntaxError", "RuleTypeError", "Text", "TextType", "Thing", "ThingType", "Truth",
    "TruthType", "Type", "UnknownName", "Unset", "Untold", "Value", "Variables", "World", "amount",
    "arithmetic", "broken", "compiled", "is_written", "listed", "named", "needs", "number",
    "operands", "parse", "type_of", "typecheck", "unknown", "value_of", "with_how",
]  # fmt: skip
