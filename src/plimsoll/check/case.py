"""One rule on one target: the values of its expressions, and which of its levels breaks."""

from __future__ import annotations

from msgspec import Struct

from plimsoll.check.foresight import Foresight
from plimsoll.check.formulas import evaluation, names_in
from plimsoll.check.language.provenance import needs
from plimsoll.check.language.truths import broken, joined, truth
from plimsoll.check.language.values import NotHere, Num, Truth, Value, named
from plimsoll.check.params import value_of
from plimsoll.check.targets import Subject
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.rule import Expression, Level, Rule

SURELY, SURELY_NOT = Truth(value=True), Truth(value=False)


class Broken(Struct, frozen=True):
    """The level that breaks, and what shows it: its operands and arithmetic are read off *shown*."""

    level: Level
    shown: Truth
    load: Value | None = None
    limit: Value | None = None


class Undecided(Struct, frozen=True):
    """No level surely breaks, and these could."""

    needs: tuple[str, ...]


class Case:
    """The values of a rule's expressions for one target; each is calculated once.

    *foresight*: what is known of it already.
    """

    def __init__(
        self, rule: Rule, subject: Subject, world: StackWorld, foresight: Foresight | None = None
    ) -> None:
        self.rule = rule
        self.subject = subject
        self.world = world
        self._foresight = foresight
        self._values: dict[str, Value] = {}
        self._holds: dict[str, bool | None] = {}
        self._variables: dict[str, Value] = {rule.target.variable: subject.thing}
        if rule.params:
            self._variables |= {name: value_of(each) for name, each in rule.params.items()}

    def value(self, expression: Expression) -> Value:
        at = expression.text  # levels say what they have of their rule again
        found = self._values.get(at)
        if found is None:
            for name, let in self.rule.lets:
                if name not in self._variables and name in names_in(expression):
                    self._variables[name] = named(self.value(let), name)
            found = self._values[at] = evaluation(expression)(self.world, self._variables)
        return found

    def rests_on(self, bits: int) -> bool:
        """Whether one of these settings of its world took part in what was calculated so far."""
        every = (*self._values.values(), *self._variables.values())
        return any(self.world.rests_on(each, bits) for each in every)

    def holds(self, condition: Expression) -> bool | None:
        """What it says as a condition; None for what is unknown, and for all that is none."""
        if self._foresight is None:
            return truth(self.value(condition))
        at = condition.text
        if at not in self._holds:
            self._holds[at] = self._foresight.holds(
                condition, self.subject.what, lambda: truth(self.value(condition))
            )
        return self._holds[at]

    def judged(self) -> Broken | Undecided | None:
        """The first level that breaks; what it needs where none does; None: sound, or no matter."""
        wanted: dict[str, None] = {}
        is_undecided = False
        for level in self.rule.levels:
            found = self.level(level)
            if isinstance(found, Broken):
                return found
            if found is not None:
                is_undecided = True
                wanted.update(dict.fromkeys(found.needs))
        return Undecided(tuple(wanted)) if is_undecided else None

    def measured(self) -> tuple[Num, Num] | None:
        """Load and limit of the first level that surely applies and can be calculated."""
        for level in self.rule.levels:
            if level.load is None or level.limit is None:
                continue
            if truth(self.applies(level)) is not True:
                continue
            load, limit = self.value(level.load), self.value(level.limit)
            if isinstance(load, Num) and isinstance(limit, Num):
                return load, limit
        return None

    def level(self, level: Level) -> Broken | Undecided | None:
        """What one level gives; None where it is sound or does not apply."""
        applies = self.applies(level) if level.when else SURELY
        if isinstance(applies, NotHere) or applies.value is False:
            return None
        found = self._judged(level)
        # What is sound is so whether the level applies or not.
        return Undecided(needs(applies)) if found and applies.value is None else found

    def applies(self, level: Level) -> Truth | NotHere:
        """Whether a level is about the target. Where it surely is not, nothing more is asked."""
        found = []
        for each in level.when:
            holds = self.holds(each)
            if holds is False:
                return SURELY_NOT
            if not holds:
                found.append(self.value(each))
        return joined("&&", found) if found else SURELY

    def _judged(self, level: Level) -> Broken | Undecided | None:
        if level.load and level.limit:
            return self._line(level, self.value(level.load), self.value(level.limit))
        return self._conditions(level)

    def _line(self, level: Level, load: Value, limit: Value) -> Broken | Undecided | None:
        found = broken(load, limit, strict=level.is_strict)
        if isinstance(found, NotHere) or found.value is False:
            return None
        return Broken(level, found, load, limit) if found.value else Undecided(needs(found))

    def _conditions(self, level: Level) -> Broken | Undecided | None:
        open_ = [self.value(each) for each in level.required if self.holds(each) is not True]
        if not open_:
            return None
        # Where some surely fail, only those show it.
        found = joined("&&", [each for each in open_ if truth(each) is False] or open_)
        if isinstance(found, NotHere):
            return None
        return Broken(level, found) if found.value is False else Undecided(needs(found))
