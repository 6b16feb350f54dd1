"""What is known of a rule on a target before the rule is asked.

A server has thousands of settings, and a thousand blocks that differ in their names and in a setting
or two. Their texts decide many conditions, and one that asks for nothing in which blocks differ is
asked of one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from plimsoll.check.formulas import mentions, names_in
from plimsoll.check.language.asked import Asks, asked_of
from plimsoll.check.language.screen import Screen, Tells, screen
from plimsoll.check.names import EARLIER
from plimsoll.check.world.base import Scene
from plimsoll.check.world.parts import TOLD as TOLD_OF_PARTS
from plimsoll.check.world.parts import likeness
from plimsoll.check.world.settings import TOLD as TOLD_OF_SETTINGS
from plimsoll.model.rule import Expression, Level, Rule, TargetKind
from plimsoll.model.stack import Part

_TOLD: Mapping[TargetKind, Tells[Any]] = {
    TargetKind.SETTING: TOLD_OF_SETTINGS,
    TargetKind.PART: TOLD_OF_PARTS,
}


class Foresight:
    """What texts decide of a rule, and what was learnt of other targets.

    *silent*: what it is like where the rule found nothing, and had no question.
    What asks for an earlier state is always asked: that there is none is to be told.
    """

    def __init__(self, rule: Rule, world: Scene) -> None:
        self._rule = rule
        self._world = world
        self._tells = _TOLD.get(rule.target.kind, {})
        self._screens: dict[str, Screen[Any] | None] = {}
        self._asks: dict[str, Asks | None] = {}
        self._known: dict[Hashable, bool | None] = {}
        self.silent: set[Hashable] = set()

    # -- conditions

    def holds(
        self, condition: Expression, target: object, ask: Callable[[], bool | None]
    ) -> bool | None:
        """Whether the condition does; *ask* says it where that is not known."""
        said = self._said(condition, target)
        if said is not None:
            return said
        at = self._at(condition.text, (condition,), target)
        if at is None:
            return ask()
        if at not in self._known:
            self._known[at] = ask()
        return self._known[at]

    def _said(self, condition: Expression, target: object) -> bool | None:
        """What its texts say."""
        if condition.text in self._screens:
            says = self._screens[condition.text]
        else:
            says = self._screens[condition.text] = self._screen(condition)
        return says(target) if says else None

    def _screen(self, condition: Expression) -> Screen[Any] | None:
        if not self._tells or self._is_of_two_states((condition,)):
            return None
        lets = {name: let.node for name, let in self._rule.lets}
        return screen(condition.node, self._rule.target.variable, self._tells, lets)

    # -- the rule: silent are levels that do not apply, or are kept

    def is_silent(self, target: object) -> bool:
        """Whether texts say that the rule finds nothing, and has no question."""
        return all(self._is_silent(level, target) for level in self._rule.levels)

    def _is_silent(self, level: Level, target: object) -> bool:
        for each in level.when:
            if self._said(each, target) is False:
                return True
        for each in level.required:
            if not self._said(each, target):
                return False
        return bool(level.required)

    def likeness(self, target: object) -> Hashable | None:
        """What tells it from the targets that are the same to the whole rule; None where none may be."""
        said = self._every
        return self._at("", said, target) if said is not None else None

    @cached_property
    def _every(self) -> Sequence[Expression] | None:
        """All conditions; None for a rule that draws a load line of each target."""
        levels = self._rule.levels
        if any(level.load is not None for level in levels):
            return None
        return [each for level in levels for each in (*level.when, *level.required)]

    # -- targets that are alike

    def _at(self, what: str, said: Sequence[Expression], target: object) -> Hashable | None:
        """What tells the target from those that are the same to what is *said*; None where none may be.

        *what*: the name of what is said.
        """
        if not isinstance(target, Part):
            return None
        if what not in self._asks:
            self._asks[what] = self._asked(said)
        asks = self._asks[what]
        like = likeness(self._world, target, asks) if asks else None
        return (what, like) if like is not None else None

    def _asked(self, said: Sequence[Expression]) -> Asks | None:
        if self._is_of_two_states(said):
            return None
        return asked_of(self._rule.target.variable, [e.node for e in self._with_lets(said)])

    def _is_of_two_states(self, said: Sequence[Expression]) -> bool:
        every = self._with_lets(said)
        return any(mentions(each.text, name) for each in every for name in EARLIER)

    def _with_lets(self, said: Sequence[Expression]) -> Iterator[Expression]:
        """They, and what their names stand for."""
        waiting, lets = list(said), dict(self._rule.lets)
        while waiting:
            each = waiting.pop()
            yield each
            waiting += [lets.pop(name) for name in names_in(each) if name in lets]
