"""Repairs of conditions: what no amount mends, a switch or the vendor's own value may."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from plimsoll.check.case import Broken, Case
from plimsoll.check.fix.movables import PERMILLE, Finder, is_changeable, reading
from plimsoll.check.fix.written import style
from plimsoll.model.finding import WEIGHTS, Change, Finding, Needs, Operand
from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Apply, Entry, Type
from plimsoll.model.setting import Origin, Setting, Value
from plimsoll.technologies import reader_of

_TWO = 2  # of more values nobody can tell which is meant
_WORDS = (
    ("on", "off"),
    ("yes", "no"),
    ("true", "false"),
    ("True", "False"),
    ("ON", "OFF"),
    ("1", "0"),
)
# Whether a stack with another value in the place of a setting is sound.
Sound = Callable[[Operand, Setting], bool]


def evident(case: Case, finding: Finding, finder: Finder, sound: Sound) -> Change | None:
    """The first change of one setting under which the condition holds and nothing else breaks."""
    for operand in finding.repair:
        entry = finder.entry(operand)
        if entry is None or not is_changeable(operand.setting):
            continue
        for text, value in _others(operand.setting, entry):
            setting = _written(operand.setting, text, value)
            world = case.world.with_settings({operand: setting})
            judged = Case(case.rule, case.subject, world).judged()
            if not isinstance(judged, Broken) and sound(operand, setting):
                needs = Needs.RESTART if entry.apply is Apply.RESTART else Needs.RELOAD
                cost = WEIGHTS[needs] * PERMILLE * finder.replicas(operand)
                return Change(operand, value, text, needs, cost, finding.rule)
    return None


def _others(setting: Setting, entry: Entry) -> Iterator[tuple[str, Value]]:
    """Other values that it may have: the opposite, the default, the only other word that there is."""
    texts: list[str] = []
    if entry.type is Type.BOOLEAN:
        texts += _opposites(setting)
    elif entry.type is Type.ENUM:
        default = next((each.value for each in reversed(entry.defaults)), None)
        texts += [str(default)] if isinstance(default, str) else []
        texts += entry.values if len(entry.values) == _TWO else ()
    elif isinstance(setting.value, Amount):
        texts += _default_amount(setting, entry)
    reader = reader_of(setting.technology)
    for text in dict.fromkeys(texts):
        found = reader.value(text, entry) if reader else text
        if not isinstance(found, Rejected) and found != setting.value:
            yield text, found


def _default_amount(setting: Setting, entry: Entry) -> Iterator[str]:
    """The vendor's own value, written as the setting is; none where its versions differ."""
    values = {each.value for each in entry.defaults}
    value = values.pop() if len(values) == 1 else None
    if isinstance(value, Amount) and value.is_known and not isinstance(value.low, float):
        read = reading(reader_of(setting.technology), entry)
        own = style(setting.text, value, entry, read) or style("", value, entry, read)
        if own is not None:
            yield own.text(value.low)


def _opposites(setting: Setting) -> Iterator[str]:
    """The words for the opposite, that in the style of what is written first."""
    for on, off in _WORDS:
        if setting.text in (on, off) and setting.place is not None:
            yield off if setting.text == on else on
    wanted = 0 if setting.value is False else 1
    yield from (pair[wanted] for pair in _WORDS)


def switched(change: Change) -> Setting:
    """The setting of a change as it is then."""
    return _written(change.operand.setting, change.text, change.value)


def _written(setting: Setting, text: str, value: Value) -> Setting:
    origin = Origin.FILE if setting.origin is Origin.DEFAULT else setting.origin
    return replace(setting, text=text, value=value, origin=origin)
