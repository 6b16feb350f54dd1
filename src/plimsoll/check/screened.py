"""Which settings a rule about settings has to be asked for: the others it surely finds sound."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from plimsoll.check.formulas import mentions
from plimsoll.check.language.screen import Screen, screen
from plimsoll.check.names import EARLIER
from plimsoll.check.world.settings import TOLD
from plimsoll.model.rule import Expression, Level, Rule
from plimsoll.model.setting import Setting


def may_find(rule: Rule) -> Callable[[Setting], bool]:
    """Whether the rule may find something in a setting, or have a question about it."""
    if _is_of_two_states(rule):
        return lambda _: True  # what it asks for in vain is to be told
    silent = [_silent(rule, level) for level in rule.levels]
    return lambda setting: not all(is_silent(setting) for is_silent in silent)


def _is_of_two_states(rule: Rule) -> bool:
    asked = [each for level in rule.levels for each in (*level.when, *level.required)]
    asked += [let for _, let in rule.lets]
    return any(mentions(each.text, name) for each in asked for name in EARLIER)


def _silent(rule: Rule, level: Level) -> Callable[[Setting], bool]:
    """Whether a level surely does not apply, or is surely kept."""
    applies = [each for each in _screens(rule, level.when) if each]
    kept = _screens(rule, level.required)
    keeps = [each for each in kept if each] if level.required and all(kept) else []

    def is_silent(setting: Setting) -> bool:
        if any(each(setting) is False for each in applies):
            return True
        return bool(keeps) and all(each(setting) for each in keeps)

    return is_silent


def _screens(rule: Rule, conditions: Sequence[Expression]) -> list[Screen[Setting] | None]:
    return [screen(each.node, rule.target.variable, TOLD) for each in conditions]
