"""The cheapest change of some settings under which every demand holds, verified by asking again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from plimsoll.check.fix.demands import (
    Asked,
    At,
    Demand,
    asked_again,
    floors,
    is_hidden,
    is_worse,
    of_case,
    of_level,
)
from plimsoll.check.fix.linear import Linear
from plimsoll.check.fix.movables import PERMILLE, Movable
from plimsoll.check.fix.program import Program, UntranslatableError
from plimsoll.check.fix.round import quanta
from plimsoll.check.fix.translation import Translation
from plimsoll.check.fix.written import reads_as
from plimsoll.check.world.reliance import Reliance
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.finding import Operand, Severity

SECONDS = 2.0
_ROUNDS = 12
_SLACK = 50  # a round value may cost one 50th, 2 %, more
_NEAR = 10  # ... and is no more than a tenth away
_MOST_NAMED = 40  # settings whose names decide between solutions that are worth the same


class Question(Struct, frozen=True, eq=False):
    """What is to be repaired in a world, and what the rules say of it now.

    *targets*: what may not break any more, and from which severity on.
    """

    world: StackWorld
    before: Mapping[At, Asked]
    targets: Mapping[At, Severity]
    reliance: Reliance = field(default_factory=Reliance)  # what was walked for other questions


class Answer(Struct, frozen=True, eq=False):
    """Steps by movable, or what stands in the way. *least*: the cost before values were rounded.

    *is_proved*: whether there was time to show that nothing costs less.
    """

    steps: Mapping[Movable, int] = {}
    least: int = 0
    is_proved: bool = True
    against: tuple[str, ...] = ()  # demands that cannot hold together
    reason: str = ""

    @property
    def cost(self) -> int:
        return sum(each.cost(steps) for each, steps in self.steps.items())


class _Variable(Struct, frozen=True, eq=False):
    """A movable in the program: its steps, whether it changes, and its cost in whole units."""

    movable: Movable
    steps: int
    changed: int
    distance: Linear
    cost: Linear


def answer(question: Question, movables: Sequence[Movable], seconds: float = SECONDS) -> Answer:
    """The cheapest steps under which all targets hold and nothing else breaks, written round."""
    if not movables:
        return Answer(reason="no setting that somebody can change moves it")
    return _Search(question, movables, Program(seconds)).found()


class _Search:
    def __init__(self, question: Question, movables: Sequence[Movable], program: Program) -> None:
        self.question = question
        self.program = program
        self.variables = [self._variable(each) for each in movables]
        self.names: dict[int, str] = {}
        self.cost = Linear(0)
        self.least = 0
        self.is_proved = True
        for each in self.variables:
            self.cost = self.cost.plus(each.cost)

    def found(self) -> Answer:
        stuck = self._demand_now()
        if stuck is not None:
            return stuck
        tried: set[tuple[int, ...]] = set()
        for _ in range(_ROUNDS):
            best = self._best()
            if best is None:
                return self._impossible()
            if not best:
                return Answer(reason="no answer in time")
            steps = {each.movable: best[each.steps] for each in self.variables}
            kept = {m: n for m, n in steps.items() if n != m.at_first}
            wrong = self._wrong(kept)
            if not wrong and not self._unwritable(kept):
                return Answer(kept, self.least, self.is_proved)
            point = tuple(best[each.steps] for each in self.variables)
            if point in tried or not wrong:
                self._forbid(best)
            else:
                self._demand_there(wrong, kept, best)
            tried.add(point)
        return Answer(reason=f"what was found broke something else, {_ROUNDS} times over")

    # -- variables

    def _variable(self, movable: Movable) -> _Variable:
        program, first = self.program, movable.at_first
        changed = program.literal()
        if movable.now is None:
            steps = program.choice(movable.low, movable.high, movable.further)
            at = Linear(0, {steps: 1})
            program.at_most(Linear(first), at, when=[-1 - changed])
            cost = Linear(0, {changed: PERMILLE * movable.weight})
            return _Variable(movable, steps, changed, Linear(first).minus(at), cost)
        steps = program.integer(movable.low, movable.high)
        at = Linear(0, {steps: 1})
        most = max(movable.high - first, first - movable.low)
        distance = Linear(0, {program.integer(0, most): 1})
        program.at_most(at.minus(Linear(first)), distance)
        program.at_most(Linear(first).minus(at), distance)
        program.at_most(distance, Linear(0), when=[-1 - changed])
        share = Linear(0, {program.integer(0, movable.permille(first + most) + PERMILLE): 1})
        program.at_most(distance.times(PERMILLE), share.times(max(first, 1)))
        return _Variable(movable, steps, changed, distance, share.times(movable.weight))

    # -- demands

    def _demand_now(self) -> Answer | None:
        """Everything that the settings as they are now say has to hold; what cannot be said."""
        point = {each.steps: each.movable.at_first for each in self.variables}
        translation = self._translation({e.movable.operand: e for e in self.variables}, point)
        for at, least in self.question.targets.items():
            for demand in of_case(self.question.before[at], least=least):
                if translation.moves(demand.condition) or demand.condition.value is demand.bad:
                    try:
                        self._add(demand, translation)
                    except UntranslatableError as problem:
                        reason = f"how it is calculated cannot be turned round: {problem}"
                        return Answer(against=(demand.what,), reason=reason)
        others = (
            demand
            for at, each in self.question.before.items()
            if at not in self.question.targets
            for demand in of_case(each)
        )
        for demand in (*others, *floors(self.question.world)):
            if translation.moves(demand.condition):
                try:
                    self._add(demand, translation)
                except UntranslatableError:
                    continue  # asking again shows whether it breaks
        return None

    def _demand_there(
        self, wrong: Iterable[Asked], kept: Mapping[Movable, int], best: Mapping[int, int]
    ) -> None:
        """What broke in the world with these values has to hold there, too."""
        by_operand: dict[Operand, _Variable] = {}
        for each in self.variables:
            operand = each.movable.operand
            if each.movable in kept:
                setting = each.movable.replaced(kept[each.movable])
                operand = Operand(operand.owner, setting)
            by_operand[operand] = each
        point = {each.steps: best[each.steps] for each in self.variables}
        translation = self._translation(by_operand, point)
        for case in wrong:
            if case.found is None:
                continue
            for demand in of_level(case.case, case.found.level):
                try:
                    self._add(demand, translation)
                except UntranslatableError:
                    continue  # the same point comes again, and is forbidden then

    def _translation(
        self, variables: Mapping[Operand, _Variable], point: Mapping[int, int]
    ) -> Translation:
        sums = {
            operand: Linear(0, {each.steps: each.movable.value(1)})
            for operand, each in variables.items()
        }
        return Translation(self.program, sums, self.question.reliance, point)

    def _add(self, demand: Demand, translation: Translation) -> None:
        guards = [guard for each in demand.guards for guard in translation.guard(each)]
        surely = translation.surely(demand.condition, wanted=demand.bad)
        holds = self.program.assumed()
        self.names[holds] = demand.what
        self.program.one_of([-1 - surely], when=[holds, *guards])

    def _forbid(self, best: Mapping[int, int]) -> None:
        """No solution that changes these settings at least as far in the same direction."""
        program, beyond = self.program, []
        for each in self.variables:
            first, now = each.movable.at_first, best[each.steps]
            if now == first:
                continue
            at, less = Linear(0, {each.steps: 1}), program.literal()
            if now > first:
                program.at_most(at, Linear(now - 1), when=[less])
            else:
                program.at_most(Linear(now + 1), at, when=[less])
            beyond.append(less)
        program.one_of(beyond)

    # -- solving

    def _best(self) -> dict[int, int] | None:
        """The values of the best solution; None where there is none, empty where time was short."""
        program, variables = self.program, self.variables
        wanted = [v for each in variables for v in (each.steps, each.changed)]
        cheapest = program.solved(self.cost, wanted)
        if not cheapest.values:
            return None if cheapest.is_impossible else {}
        self.is_proved = cheapest.is_best
        cost = self.least = self._cost_of(cheapest.values)
        bounds = [(self.cost, cost)]
        few = program.solved(self._by_name(), wanted, bounds)
        chosen = few.values or cheapest.values
        unchanged = [e for e in variables if chosen[e.steps] == e.movable.at_first]
        changed = [e for e in variables if chosen[e.steps] != e.movable.at_first]
        bounds = [(self.cost, cost + cost // _SLACK)]
        bounds += [(Linear(0, {each.changed: 1}), 0) for each in unchanged]
        multiples: dict[int, int] = {}
        values = chosen
        for each in changed:
            if each.movable.now is None:
                values, bound = self._furthest(each, wanted, bounds, multiples, values)
                bounds.append(bound)
            low, high = self._near(each, wanted, bounds, multiples, values[each.steps])
            at = Linear(0, {each.steps: 1})
            bounds += [(at, high), (at.times(-1), -low)]
            for quantum in quanta(each.movable.unit, high) if low < high else ():
                if high // quantum * quantum < low:
                    continue
                rounder = {**multiples, each.steps: quantum}
                if program.solved(Linear(0), wanted, bounds, rounder).values:
                    multiples[each.steps] = quantum
                    break
        for objective in (self.cost, *(each.distance for each in changed)):
            solved = program.solved(objective, wanted, bounds, multiples)
            if not solved.values:
                break
            values = solved.values
            most = self._cost_of(values) if objective is self.cost else self._at(objective, values)
            if most is not None:
                bounds.append((objective, most))
        return dict(values)

    def _furthest(
        self,
        each: _Variable,
        wanted: Sequence[int],
        bounds: Sequence[tuple[Linear, int]],
        multiples: Mapping[int, int],
        values: Mapping[int, int],
    ) -> tuple[Mapping[int, int], tuple[Linear, int]]:
        """What was unlimited becomes as large as it may, less what rounding takes."""
        solved = self.program.solved(each.distance, wanted, bounds, dict(multiples))
        values = solved.values or values
        most = values[each.steps]
        return values, (Linear(0, {each.steps: -1}), -(most - most // _SLACK))

    def _near(
        self,
        each: _Variable,
        wanted: Sequence[int],
        bounds: Sequence[tuple[Linear, int]],
        multiples: Mapping[int, int],
        chosen: int,
    ) -> tuple[int, int]:
        """The least and the most that a setting may be, no further than a tenth from *chosen*."""
        ends = []
        for factor in (1, -1):
            objective = Linear(0, {each.steps: factor})
            values = self.program.solved(objective, wanted, bounds, multiples).values
            ends.append(values.get(each.steps, chosen))
        most = chosen // _NEAR
        return max(min(ends), chosen - most), min(max(ends), chosen + most)

    def _at(self, objective: Linear, values: Mapping[int, int]) -> int | None:
        for each in self.variables:
            if each.distance is objective:
                return abs(values[each.steps] - each.movable.at_first)
        return None

    def _cost_of(self, values: Mapping[int, int]) -> int:
        return sum(each.movable.cost(values[each.steps]) for each in self.variables)

    def _by_name(self) -> Linear:
        """Fewest settings first; of as many those whose names come first."""
        ranks = min(len(self.variables), _MOST_NAMED)
        terms = {
            each.changed: (1 << ranks) - (1 << max(0, ranks - 1 - rank) if rank < ranks else 0)
            for rank, each in enumerate(self.variables)
        }
        return Linear(0, terms)

    def _impossible(self) -> Answer:
        core = self.program.contradiction()
        return Answer(against=tuple(dict.fromkeys(self.names[each] for each in core)))

    # -- asking again

    def _wrong(self, kept: Mapping[Movable, int]) -> list[Asked]:
        """What is broken in the stack with these values and may not be."""
        instead = {each.operand: each.replaced(steps) for each, steps in kept.items()}
        world = self.question.world.with_settings(instead)
        after = asked_again(self.question.before, world)
        wrong = []
        for at, each in after.items():
            least = self.question.targets.get(at)
            if each.severity is None:
                continue
            if least is not None:
                if each.severity >= least:
                    wrong.append(each)
            elif is_worse(each, self.question.before.get(at)) and not is_hidden(at, after):
                wrong.append(each)
        return wrong

    def _unwritable(self, kept: Mapping[Movable, int]) -> bool:
        """Whether a server would not take a value as it would be written."""
        return any(
            not reads_as(each.read, each.style.text(each.value(steps)), each.value(steps))
            for each, steps in kept.items()
        )
