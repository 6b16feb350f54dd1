"""Ruby code as a tree, each node with the offsets where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


class Name(str):
    """A symbol of Ruby's: `:auto`."""

    __slots__ = ()


class Stage(str):
    """What `Rails.env` is: it may be asked `production?`."""

    __slots__ = ()


Scalar = int | Fraction | str | bool | None


@dataclass(frozen=True, slots=True)
class Node:
    """From *start* to *end*, which is exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    value: Scalar


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A text with code in it: its pieces in order."""

    pieces: tuple[str | Node, ...]
    is_symbol: bool = False


@dataclass(frozen=True, slots=True)
class Array(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Pair(Node):
    """*key* is None for `**more`."""

    key: Node | None
    value: Node


@dataclass(frozen=True, slots=True)
class Hash(Node):
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """A name without arguments: a local variable, or a method; `@x` and `$x` too."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """`Rails`, `Puma::DSL`."""

    name: str


@dataclass(frozen=True, slots=True)
class Block(Node):
    """`{ |a, b| ... }` or `do |a, b| ... end`."""

    parameters: tuple[str, ...]
    body: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A method; `[]` for `a[b]`. *has_more*: it is handed a list, or a block that is not written."""

    method: str
    receiver: Node | None = None
    arguments: tuple[Node, ...] = ()
    block: Block | None = None
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class Unary(Node):
    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Assignment(Node):
    """*operator* is `=`, `||=`, `+=`, ..."""

    target: Node
    operator: str
    value: Node


@dataclass(frozen=True, slots=True)
class Branch(Node):
    """`if`, `unless`, `a ? b : c` and what stands behind a statement: one of the two is done."""

    test: Node
    yes: tuple[Node, ...]
    no: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Maybe(Node):
    """A loop, a `case`, a `rescue`: of its bodies any may be done. *surely*: this one is begun."""

    bodies: tuple[tuple[Node, ...], ...]
    surely: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition(Node):
    """`def`, `class`, `module`, a lambda: nothing is done where it stands. *name* of a method."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable(Node):
    reason: str
