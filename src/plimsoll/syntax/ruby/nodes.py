"""Ruby code as a tree, each node with the offsets where it stands."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct


class Name(str):
    """A symbol of Ruby's: `:auto`."""

    __slots__ = ()


class Stage(str):
    """What `Rails.env` is: it may be asked `production?`."""

    __slots__ = ()


Scalar = int | Fraction | str | bool | None


class Node(Struct, frozen=True):
    """From *start* to *end*, which is exclusive."""

    start: int
    end: int


class Literal(Node, frozen=True):
    value: Scalar


class Text(Node, frozen=True):
    """A text with code in it: its pieces in order."""

    pieces: tuple[str | Node, ...]
    is_symbol: bool = False


class Array(Node, frozen=True):
    items: tuple[Node, ...]


class Pair(Node, frozen=True):
    """*key* is None for `**more`."""

    key: Node | None
    value: Node


class Hash(Node, frozen=True):
    pairs: tuple[Pair, ...]


class Variable(Node, frozen=True):
    """A name without arguments: a local variable, or a method; `@x` and `$x` too."""

    name: str


class Constant(Node, frozen=True):
    """`Rails`, `Puma::DSL`."""

    name: str


class Block(Node, frozen=True):
    """`{ |a, b| ... }` or `do |a, b| ... end`."""

    parameters: tuple[str, ...]
    body: tuple[Node, ...]


class Call(Node, frozen=True):
    """A method; `[]` for `a[b]`. *has_more*: it is handed a list, or a block that is not written."""

    method: str
    receiver: Node | None = None
    arguments: tuple[Node, ...] = ()
    block: Block | None = None
    has_more: bool = False


class Unary(Node, frozen=True):
    operator: str
    operand: Node


class Binary(Node, frozen=True):
    operator: str
    left: Node
    right: Node


class Assignment(Node, frozen=True):
    """*operator* is `=`, `||=`, `+=`, ..."""

    target: Node
    operator: str
    value: Node


class Branch(Node, frozen=True):
    """`if`, `unless`, `a ? b : c` and what stands behind a statement: one of the two is done."""

    test: Node
    yes: tuple[Node, ...]
    no: tuple[Node, ...] = ()


class Maybe(Node, frozen=True):
    """A loop, a `case`, a `rescue`: of its bodies any may be done. *surely*: this one is begun."""

    bodies: tuple[tuple[Node, ...], ...]
    surely: tuple[Node, ...] = ()


class Definition(Node, frozen=True):
    """`def`, `class`, `module`, a lambda: nothing is done where it stands. *name* of a method."""

    name: str = ""


class Unreadable(Node, frozen=True):
    reason: str
