"""How a value came about, as sums of a program: each end of its range with the settings as variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from plimsoll.check.fix.linear import Exact, Linear, exact
from plimsoll.check.fix.program import Program, UntranslatableError
from plimsoll.check.language.values import Items, Leaf, Named, Num, Op, Truth, Value
from plimsoll.check.world.reliance import Reliance
from plimsoll.model.finding import Operand
from plimsoll.model.quantity import UNLIMITED, Number

ONE = Linear(1)
_OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">"}


class Ratio(Struct, frozen=True):
    """A sum over a positive one."""

    above: Linear
    below: Linear = ONE

    def plus(self, other: Ratio, program: Program) -> Ratio:
        if self.below == other.below:
            return Ratio(self.above.plus(other.above), self.below)
        left = program.product(self.above, other.below)
        right = program.product(other.above, self.below)
        return Ratio(left.plus(right), program.product(self.below, other.below))

    @property
    def plain(self) -> Linear:
        if self.below != ONE:
            raise UntranslatableError("a share of a share")
        return self.above


End = Ratio | float  # the only floats are the infinities


class Range(Struct, frozen=True):
    """Both ends of a number; *guards*: what has to be the case for it to be that."""

    low: End
    high: End
    guards: tuple[int, ...] = ()


class Translation:
    """Values as sums. *variables*: by setting, its value in base units as a sum.

    *point*: values of the settings' variables at which the values were calculated. Every number
    that is translated is held against what it was there.
    """

    def __init__(
        self,
        program: Program,
        variables: Mapping[Operand, Linear],
        reliance: Reliance,
        point: Mapping[int, int],
    ) -> None:
        self.program = program
        self.variables = variables
        self.reliance = reliance
        self.point = point
        self._bits = reliance.bits(variables)
        self._known: dict[int, tuple[Range, Value]] = {}

    def moves(self, value: Value) -> bool:
        """Whether a setting that is a variable took part in it."""
        return self.reliance.has(value, self._bits)

    # -- numbers

    def number(self, value: Value) -> Range:
        """The ends of a number.

        Raises:
            UntranslatableError: it cannot be said as sums.
        """
        if not isinstance(value, Num):
            raise UntranslatableError("no number")
        if id(value) not in self._known:
            found = self._made(value)
            self._hold(found, value)
            self._known[id(value)] = found, value
        return self._known[id(value)][0]

    def _made(self, value: Num) -> Range:
        if not self.moves(value):
            return Range(_end(value.low), _end(value.high))
        how = value.how
        operand = how.operand if isinstance(how, (Leaf, Named)) else None
        if operand is not None and operand in self.variables:
            own = Ratio(self.variables[operand])
            return Range(own, own)
        if isinstance(how, Named):
            return self.number(how.child)
        if isinstance(how, Op) and how.symbol in _MAKE:
            return _MAKE[how.symbol](self, how.children, value)
        raise UntranslatableError("a value that is looked up")

    def _hold(self, found: Range, value: Num) -> None:
        """Raises UntranslatableError where the translation is not worth what the value is.

        What is unlimited today stands as a large number.
        """
        for end, known in ((found.low, value.low), (found.high, value.high)):
            if end == known or (known == UNLIMITED and self._is_large(end)):
                continue
            if isinstance(end, float) or known in (UNLIMITED, -UNLIMITED):
                raise UntranslatableError("a value that is unlimited for another reason")
            above = self.program.value(end.above, self.point)
            if above != exact(known) * self.program.value(end.below, self.point):
                raise UntranslatableError("a value that depends on more than its settings")

    def _is_large(self, end: End) -> bool:
        """Whether something in it stands for what is unlimited today."""
        return isinstance(end, Ratio) and self.program.is_unlimited(end.above, self.point)

    def _sum(self, children: Sequence[Value], _: Num) -> Range:
        a, b = map(self.number, children)
        return Range(self._added(a.low, b.low), self._added(a.high, b.high), _joined(a, b))

    def _difference(self, children: Sequence[Value], _: Num) -> Range:
        a, b = map(self.number, children)
        low, high = self._added(a.low, _negative(b.high)), self._added(a.high, _negative(b.low))
        return Range(low, high, _joined(a, b))

    def _negated(self, children: Sequence[Value], _: Num) -> Range:
        a = self.number(children[0])
        return Range(_negative(a.high), _negative(a.low), a.guards)

    def _product(self, children: Sequence[Value], _: Num) -> Range:
        a, b = map(self.number, children)
        for one, other in ((a, b), (b, a)):
            factor = _constant(one)
            if factor is not None:
                low, high = _scaled(other.low, factor), _scaled(other.high, factor)
                ends = (low, high) if factor >= 0 else (high, low)
                return Range(*ends, _joined(a, b))
        return Range(self._times(a.low, b.low), self._times(a.high, b.high), _joined(a, b))

    def _quotient(self, children: Sequence[Value], _: Num) -> Range:
        a, b = map(self.number, children)
        return Range(self._over(a.low, b.high), self._over(a.high, b.low), _joined(a, b))

    def _ceiling(self, children: Sequence[Value], _: Num) -> Range:
        a = self.number(children[0])
        ends = [e if isinstance(e, float) else self._rounded(e) for e in (a.low, a.high)]
        return Range(ends[0], ends[1], a.guards)

    def _rounded(self, end: Ratio) -> Ratio:
        if not end.below.is_constant:
            raise UntranslatableError("a share that is rounded")
        return Ratio(self.program.ceiling(end.above.times(1 / _fraction(end.below.constant))))

    def _extreme(self, symbol: str) -> Callable[..., Range]:
        def made(children: Sequence[Value], _: Num) -> Range:
            every = [self.number(each) for each in children if isinstance(each, Num)]
            low = self._chosen(symbol, [each.low for each in every])
            high = self._chosen(symbol, [each.high for each in every])
            return Range(low, high, _joined(*every))

        return made

    def _chosen(self, symbol: str, ends: Sequence[End]) -> End:
        pick = min if symbol == "min" else max
        infinite = [each for each in ends if isinstance(each, float)]
        finite = [each for each in ends if isinstance(each, Ratio)]
        decisive = UNLIMITED if symbol == "max" else -UNLIMITED
        if decisive in infinite or not finite:
            return pick(infinite)
        sums: list[Linear] = []
        for each in map(_over_constant, finite):
            if each not in sums:
                sums.append(each)
        return Ratio(sums[0] if len(sums) == 1 else self.program.extreme(symbol, sums))

    def _total(self, children: Sequence[Value], value: Num) -> Range:
        items = children[0]
        if not isinstance(items, Items):
            raise UntranslatableError("a sum of no list")
        low: End = Ratio(Linear(0))
        high: End = Ratio(Linear(0))
        guards = list(self._conditions(items))
        for each, is_in in items.entries:
            found = self.number(each)
            guards += found.guards
            if is_in:
                low = self._added(low, found.low)
            high = self._added(high, found.high)
        if not items.is_complete:
            high = _end(value.high)
        return Range(low, high, tuple(dict.fromkeys(guards)))

    def _conditions(self, items: Items) -> tuple[int, ...]:
        """What has to stay the case for a list to have these entries."""
        how, found = items.how, []
        while isinstance(how, Op):
            found += [each for each in how.children if isinstance(each, Truth)]
            inner = next((each for each in how.children if isinstance(each, Items)), None)
            how = inner.how if inner is not None else None  # type: ignore[assignment]
        return tuple(g for each in found for g in self.guard(each))

    def _taken(self, children: Sequence[Value], _: Num) -> Range:
        if len(children) == 2:
            found = self.number(children[1])
            condition = children[0]
            own = self.guard(condition) if isinstance(condition, Truth) else ()
            return Range(found.low, found.high, tuple(dict.fromkeys((*own, *found.guards))))
        yes, no = self.number(children[1]), self.number(children[2])
        low = self._chosen("min", [yes.low, no.low])
        return Range(low, self._chosen("max", [yes.high, no.high]), _joined(yes, no))

    def _added(self, a: End, b: End) -> End:
        if isinstance(a, float) or isinstance(b, float):
            ends = {each for each in (a, b) if isinstance(each, float)}
            if len(ends) > 1:
                raise UntranslatableError("unlimited - unlimited")
            return ends.pop()
        return a.plus(b, self.program)

    def _times(self, a: End, b: End) -> End:
        for one, other in ((a, b), (b, a)):
            if isinstance(one, float):
                if isinstance(other, float):
                    return one if other > 0 else -one
                low, high = self.program.ends(other.above)
                if low > 0:
                    return one
                if low == high == 0:
                    return Ratio(Linear(0))
                raise UntranslatableError("unlimited times what may be nothing")
        if isinstance(a, float) or isinstance(b, float):  # both were asked above
            raise UntranslatableError("unlimited")
        self._positive(a.above)
        self._positive(b.above)
        below = ONE if a.below == b.below == ONE else self.program.product(a.below, b.below)
        return Ratio(self.program.product(a.above, b.above), below)

    def _over(self, a: End, b: End) -> End:
        if isinstance(b, float):
            return Ratio(Linear(0))
        if self.program.ends(b.above)[0] <= 0:
            raise UntranslatableError("divided by what may be nothing")
        if isinstance(a, float):
            return a
        if b.above.is_constant and b.below == ONE:
            return Ratio(a.above.times(1 / _fraction(b.above.constant)), a.below)
        self._positive(a.above)
        above = a.above if b.below == ONE else self.program.product(a.above, b.below)
        below = b.above if a.below == ONE else self.program.product(a.below, b.above)
        return Ratio(above, below)

    def _positive(self, of: Linear) -> None:
        if self.program.ends(of)[0] < 0:
            raise UntranslatableError("a product of what may be below nothing")

    # -- conditions

    def guard(self, condition: Truth) -> tuple[int, ...]:
        """A literal that holds wherever *condition* stays as it is; none where no setting moves it."""
        if condition.value is None or not self.moves(condition):
            return ()
        try:
            return (self.surely(condition, wanted=condition.value),)
        except UntranslatableError:
            return ()

    def surely(self, condition: Value, *, wanted: bool) -> int:
        """A literal that holds at least where *condition* surely is *wanted*.

        Raises:
            UntranslatableError: it cannot be said as sums.
        """
        if not isinstance(condition, Truth):
            raise UntranslatableError("no condition")
        if not self.moves(condition):
            return self.program.fixed(holds=condition.value is wanted)
        how = condition.how
        if isinstance(how, Named):
            return self.surely(how.child, wanted=wanted)
        if not isinstance(how, Op):
            raise UntranslatableError("a condition that is looked up")
        if how.symbol == "!":
            return self.surely(how.children[0], wanted=not wanted)
        if how.symbol in ("&&", "||", "all", "exists"):
            return self._several(how, wanted=wanted)
        if how.symbol in _OPPOSITE:
            symbol = how.symbol if wanted else _OPPOSITE[how.symbol]
            return self._compared(symbol, how.children)
        if how.symbol == "?:" and len(how.children) == 2:
            return self.surely(how.children[1], wanted=wanted)
        raise UntranslatableError(f"a condition with {how.symbol}")

    def _several(self, how: Op, *, wanted: bool) -> int:
        each = [
            self.surely(child, wanted=wanted) for child in how.children if isinstance(child, Truth)
        ]
        is_every = (how.symbol in ("&&", "all")) is wanted
        own = self.program.literal()
        if is_every:  # it does not hold only where one of them does not
            self.program.one_of([own, *(-1 - literal for literal in each)])
        else:
            for literal in each:
                self.program.one_of([own, -1 - literal])
        return own

    def _compared(self, symbol: str, children: Sequence[Value]) -> int:
        """A literal that holds wherever the comparison surely does.

        Of two infinite ends none is above the other: that is what a load line says of them.
        """
        a, b = map(self.number, children)
        if symbol in ("<", "<="):
            a, b = b, a
        is_strict = symbol in (">", "<")
        # Surely a > b: even the lowest a is above the highest b. Its opposite is a sum, too.
        own = self.program.literal()
        low, high = a.low, b.high
        when = (-1 - own, *a.guards, *b.guards)
        if isinstance(low, float) or isinstance(high, float):
            if _is_above(low, high):
                self.program.one_of([own], when[1:])
            return own
        left, right = low.above, high.above
        if high.below != ONE:
            left = self.program.product(left, high.below)
        if low.below != ONE:
            right = self.program.product(right, low.below)
        self.program.at_most(left, right, is_strict=not is_strict, when=when)
        return own


def _is_above(low: End, high: End) -> bool:
    """Whether *low* is above *high*, where one of them is infinite."""
    if isinstance(low, float) and isinstance(high, float):
        return low > high
    return low == UNLIMITED or high == -UNLIMITED


def _end(number: Number) -> End:
    return number if isinstance(number, float) else Ratio(Linear(exact(number)))


def _constant(of: Range) -> Exact | None:
    """What a number is that no setting moves; None of others, and of what is infinite."""
    low = of.low
    if isinstance(low, float) or low != of.high or low.below != ONE or not low.above.is_constant:
        return None
    return low.above.constant


def _scaled(end: End, factor: Exact) -> End:
    if isinstance(end, float):
        return Ratio(Linear(0)) if factor == 0 else end if factor > 0 else -end
    return Ratio(end.above.times(factor), end.below)


def _negative(end: End) -> End:
    return -end if isinstance(end, float) else Ratio(end.above.times(-1), end.below)


def _over_constant(end: Ratio) -> Linear:
    if not end.below.is_constant:
        raise UntranslatableError("the smallest of shares")
    return end.above.times(1 / _fraction(end.below.constant))


def _fraction(number: Exact) -> Fraction:
    return Fraction(number)


def _joined(*ranges: Range) -> tuple[int, ...]:
    return tuple(dict.fromkeys(guard for each in ranges for guard in each.guards))


_MAKE: Mapping[str, Callable[[Translation, Sequence[Value], Num], Range]] = {
    "+": Translation._sum,
    "-": Translation._difference,
    "*": Translation._product,
    "/": Translation._quotient,
    "neg": Translation._negated,
    "ceil": Translation._ceiling,
    "sum": Translation._total,
    "?:": Translation._taken,
    "min": lambda t, children, value: t._extreme("min")(children, value),
    "max": lambda t, children, value: t._extreme("max")(children, value),
}
