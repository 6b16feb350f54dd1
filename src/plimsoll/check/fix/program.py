"""A program over whole numbers, and its cheapest solution by OR-tools CP-SAT.

Everything here is in whole steps of settings; what they mean is the caller's. Source: OR-tools 9.15,
CP-SAT. One worker, a fixed seed and time counted in steps of the solver: the same question has the
same answer on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import ceil
from typing import Any

from msgspec import Struct, field

from plimsoll.check.fix.linear import Exact, Linear, quantum

# Beyond this the solver's 64-bit numbers could overflow.
MOST = 2**60
_LEAST = 0.01  # of the solver's time: a question that comes last is still asked
_LONGEST = 30  # seconds: where a step of the solver takes longer than it ever should
_INSTALL = "`plimsoll fix` needs a solver; install it with: pip install 'plimsoll[fix]'"


class NoSolverError(Exception):
    """OR-tools is not installed."""


class UntranslatableError(Exception):
    """A calculation that cannot be said in whole numbers."""


class _Variable(Struct):
    """*value*: what it is worth where the settings have given values."""

    low: int
    high: int
    solver: Any
    is_choice: bool
    value: Callable[[Callable[[int], int]], int]


class Program:
    """Variables and what has to hold of them.

    A literal is a number: a 0-1 variable, or -1 - it for its opposite.
    """

    def __init__(self, seconds: float) -> None:
        try:
            from ortools.sat.python import cp_model
        except ImportError as problem:
            raise NoSolverError(_INSTALL) from problem
        self._cp = cp_model
        self.model = cp_model.CpModel()
        self._variables: list[_Variable] = []
        self._products: dict[tuple[int, int], int] = {}
        self._assumed: list[int] = []
        self._status: Any = None
        self.left = seconds

    # -- variables

    def integer(
        self, low: int, high: int, value: Callable[[Callable[[int], int]], int] | None = None
    ) -> int:
        """A variable; *value* says what it is worth where it depends on others."""
        if not -MOST < low <= high < MOST:
            raise UntranslatableError("a number is too large to calculate with")
        at = len(self._variables)
        known = value or (lambda of: of(at))
        made = self.model.new_int_var(low, high, "")
        self._variables.append(_Variable(low, high, made, is_choice=False, value=known))
        return at

    def choice(self, low: int, high: int, further: int) -> int:
        """A variable from *low* to *high*, or *further* beyond."""
        at = self.integer(low, further)
        domain = self._cp.Domain.from_intervals([[low, high], [further, further]])
        self._variables[at].solver = self.model.new_int_var_from_domain(domain, "")
        self._variables[at].is_choice = True
        return at

    def literal(self) -> int:
        at = len(self._variables)
        made = self.model.new_bool_var("")
        self._variables.append(_Variable(0, 1, made, is_choice=False, value=lambda _: 0))
        return at

    def fixed(self, *, holds: bool) -> int:
        at = self.literal()
        self.model.add(self._variables[at].solver == int(holds))
        return at

    def assumed(self) -> int:
        """A literal that is to hold, and that a contradiction may name."""
        at = self.literal()
        self._assumed.append(at)
        return at

    def ends(self, of: Linear) -> tuple[Exact, Exact]:
        return of.between(lambda v: self._variables[v].low, lambda v: self._variables[v].high)

    def value(self, of: Linear, point: Mapping[int, int]) -> Exact:
        """What *of* is worth where the settings' variables have those values."""

        def at(variable: int) -> int:
            return point[variable] if variable in point else self._variables[variable].value(at)

        return of.at(at)

    def is_unlimited(self, of: Linear, point: Mapping[int, int]) -> bool:
        """Whether it is large only because a choice stands at its further end there."""
        furthest = [v.high for each, v in enumerate(self._variables) if self._is_far(each, point)]
        return bool(furthest) and self.value(of, point) >= min(furthest)

    def _is_far(self, variable: int, point: Mapping[int, int]) -> bool:
        own = self._variables[variable]
        return own.is_choice and point.get(variable) == own.high

    # -- what is calculated

    def product(self, a: Linear, b: Linear) -> Linear:
        found = b.times(a.constant).plus(Linear(0, a.times(b.constant).terms))
        for x, left in a.terms.items():
            for y, right in b.terms.items():
                found = found.plus(Linear(0, {self._times(x, y): left * right}))
        return found

    def _times(self, x: int, y: int) -> int:
        at = (min(x, y), max(x, y))
        if at not in self._products:
            a, b = self._variables[x], self._variables[y]
            ends = [p * q for p in (a.low, a.high) for q in (b.low, b.high)]
            made = self.integer(min(ends), max(ends), lambda of: of(x) * of(y))
            solver = self._variables[made].solver
            self.model.add_multiplication_equality(solver, [a.solver, b.solver])
            self._products[at] = made
        return self._products[at]

    def extreme(self, symbol: str, sums: Sequence[Linear]) -> Linear:
        """The smallest or largest of several sums, exactly."""
        step = quantum(sums)
        scaled = [each.times(1 / step) for each in sums]
        pick: Callable[[Iterable[Exact]], Exact] = min if symbol == "min" else max
        ends = [self.ends(each) for each in scaled]
        least, most = pick([low for low, _ in ends]), pick([high for _, high in ends])
        made = self.integer(int(least), int(most), lambda of: int(pick([e.at(of) for e in scaled])))
        add = self.model.add_min_equality if symbol == "min" else self.model.add_max_equality
        add(self._variables[made].solver, [self._expression(each) for each in scaled])
        return Linear(0, {made: step})

    def ceiling(self, of: Linear) -> Linear:
        step = quantum([of])
        if step.denominator == 1:
            return of
        low, high = self.ends(of)
        made = self.integer(ceil(low), ceil(high), lambda at: ceil(of.at(at)))
        itself = Linear(0, {made: 1})
        self.at_most(of, itself)
        self.at_most(itself.minus(Linear(1)), of, is_strict=True)
        return itself

    # -- what has to hold

    def at_most(
        self, a: Linear, b: Linear, *, is_strict: bool = False, when: Sequence[int] = ()
    ) -> None:
        """*a* is at most *b* (or below it) where all literals of *when* hold."""
        difference = a.minus(b)
        step = quantum([difference])
        scaled = difference.times(1 / step)
        self._checked(scaled)
        expression = self._expression(scaled)
        found = self.model.add(expression <= (-1 if is_strict else 0))
        self._only(found, when)

    def one_of(self, literals: Sequence[int], when: Sequence[int] = ()) -> None:
        """At least one literal holds, where all of *when* do."""
        opposite = [self._solver(-1 - each) for each in when]
        self.model.add_bool_or([*map(self._solver, literals), *opposite])

    def _checked(self, scaled: Linear) -> None:
        low, high = self.ends(scaled)
        parts: list[Exact] = [low, high, scaled.constant, *scaled.terms.values()]
        if not all(-MOST < each < MOST for each in parts):
            raise UntranslatableError("a number is too large to calculate with")

    def _only(self, constraint: Any, when: Sequence[int]) -> None:
        if when:
            constraint.only_enforce_if([self._solver(each) for each in when])

    def _solver(self, literal: int) -> Any:
        if literal < 0:
            return self._variables[-1 - literal].solver.negated()
        return self._variables[literal].solver

    def _expression(self, whole: Linear) -> Any:
        self._checked(whole)
        return sum(
            int(factor) * self._variables[each].solver for each, factor in whole.terms.items()
        ) + int(whole.constant)

    # -- solving

    def solved(
        self,
        objective: Linear,
        wanted: Sequence[int],
        bounds: Sequence[tuple[Linear, int]] = (),
        multiples: Mapping[int, int] | None = None,
    ) -> Solved:
        """The values of *wanted* that make *objective* smallest, where everything assumed holds.

        *bounds*: sums, and the most that each may be. *multiples*: of what a variable is one.
        """
        model = self.model.clone()
        for each in self._assumed:
            model.add(self._again(model, each) == 1)
        for bounded, most in bounds:
            model.add(self._sum(model, bounded) <= most)
        for variable, of in (multiples or {}).items():
            model.add_modulo_equality(0, self._again(model, variable), of)
        if not objective.is_constant:
            model.minimize(self._sum(model, objective))
        solver = self._run(model)
        if self._status not in (self._cp.OPTIMAL, self._cp.FEASIBLE):
            return Solved(is_impossible=self._status == self._cp.INFEASIBLE)
        values = {each: solver.value(self._again(model, each)) for each in wanted}
        return Solved(values, is_best=self._status == self._cp.OPTIMAL)

    def contradiction(self) -> list[int]:
        """Assumed literals that cannot hold together; none can be left out, as far as time allowed."""
        found = self._core(self._assumed)
        for each in list(found):
            if self.left <= 0:
                break
            smaller = self._core([other for other in found if other != each])
            found = [other for other in found if other in smaller] if smaller else found
        return found

    def _core(self, assumed: Sequence[int]) -> list[int]:
        model = self.model.clone()
        model.add_assumptions([self._again(model, each) for each in assumed])
        solver = self._run(model)
        if self._status != self._cp.INFEASIBLE:
            return []
        indexes = set(solver.sufficient_assumptions_for_infeasibility())
        return [each for each in assumed if self._variables[each].solver.index in indexes]

    def _sum(self, model: Any, of: Linear) -> Any:
        return sum(
            (int(factor) * self._again(model, each) for each, factor in of.terms.items()),
            int(of.constant),
        )

    def _again(self, model: Any, variable: int) -> Any:
        return model.get_int_var_from_proto_index(self._variables[variable].solver.index)

    def _run(self, model: Any) -> Any:
        solver = self._cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_time_in_seconds = _LONGEST
        solver.parameters.max_deterministic_time = max(_LEAST, self.left)
        self._status = solver.solve(model)
        self.left -= solver.response_proto.deterministic_time
        return solver


class Solved(Struct, frozen=True):
    """*values*: of the variables that were asked for; none where there is no solution in time."""

    values: Mapping[int, int] = field(default_factory=dict)
    is_best: bool = False
    is_impossible: bool = False
