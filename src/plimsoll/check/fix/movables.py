"""Which settings a fix may change, between which bounds, and what a change of each costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from msgspec import Struct

from plimsoll.check import labels
from plimsoll.check.fix.linear import Exact, exact
from plimsoll.check.fix.spot import spot
from plimsoll.check.fix.written import Read, Style, style
from plimsoll.check.language.values import Num
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.finding import WEIGHTS, Direction, Needs, Operand
from plimsoll.model.quantity import BYTES, SECONDS, UNLIMITED, Amount, Number, Unit
from plimsoll.model.reader import Reader
from plimsoll.model.schema import Apply, Entry, Type
from plimsoll.model.setting import Formula, Origin, Setting, Status
from plimsoll.model.stack import Link
from plimsoll.syntax.amounts import OWN
from plimsoll.technologies import reader_of

_UNCHANGEABLE = frozenset({Origin.DERIVED, Origin.MEASURED, Origin.ASSUMED, Origin.RUNNING})
_MACHINE = frozenset({"memory", "cores", "disk", "swap", "shm"})
# How many copies there are is decided by the load that they carry, which nobody states.
_COPIES = frozenset({"replicas", "replicas_max", "maxreplicas", "spec.replicas"})
_TYPES = {BYTES: Type.SIZE, SECONDS: Type.TIME}
_STATES = "plimsoll"  # whose own words these are
# How far a setting may be raised at once, and how far that may go, in steps.
_MOST_TIMES, _MOST = 1000, 2**40
PERMILLE = 1000


class Movable(Struct, frozen=True, eq=False):
    """A setting as a whole number of steps. *now* is None where it is unlimited today.

    *low* and *high*: the steps that it may have; what it has today is allowed too. *replicas*: how
    many instances a change touches.
    """

    operand: Operand
    style: Style
    read: Read
    now: int | None
    low: int
    high: int
    needs: Needs
    replicas: int
    unit: Unit

    @property
    def weight(self) -> int:
        return WEIGHTS[self.needs] * self.replicas

    @property
    def name(self) -> tuple[str, str]:
        return self.operand.owner, self.operand.setting.name

    @property
    def further(self) -> int:
        """The steps that stand for unlimited: more than it may ever have."""
        return max(self.high, 1) * PERMILLE

    @property
    def at_first(self) -> int:
        return self.further if self.now is None else self.now

    def value(self, steps: int) -> Exact:
        return exact(Fraction(steps) * Fraction(self.style.step))

    def permille(self, steps: int) -> int:
        """By how many thousandths it changes, rounded up; from unlimited the whole."""
        if steps == self.at_first:
            return 0
        if self.now is None:
            return PERMILLE
        return -(-PERMILLE * abs(steps - self.now) // max(self.now, 1))

    def cost(self, steps: int) -> int:
        return self.weight * self.permille(steps)

    def replaced(self, steps: int) -> Setting:
        """The setting with that value, as somebody would have written it."""
        setting, value = self.operand.setting, self.value(steps)
        origin = Origin.FILE if setting.origin is Origin.DEFAULT else setting.origin
        return Setting(
            name=setting.name,
            text=self.style.text(value),
            place=setting.place,
            scope=setting.scope,
            origin=origin,
            value=Amount.of(value, self.unit),
            technology=setting.technology,
        )


class Finder:
    """Makes movables of operands. *reach*: by unit, the largest amount that is compared."""

    def __init__(self, world: StackWorld, reach: Mapping[Unit, Number]) -> None:
        self.world = world
        self.reach = reach
        self.links: Mapping[str, Link] = {labels.link(e): e for e in world.stack.links}

    def movables(self, operands: Iterable[Operand], *, buys: bool) -> list[Movable]:
        """Of every operand that is an amount somebody can change, one movable; in order of name."""
        ways: dict[Operand, set[Direction | None]] = {}
        for each in operands:
            ways.setdefault(each, set()).add(each.direction)
        found = [self.movable(each, own, buys=buys) for each, own in ways.items()]
        return sorted((each for each in found if each), key=lambda m: m.name)

    def movable(
        self, operand: Operand, ways: Iterable[Direction | None], *, buys: bool
    ) -> Movable | None:
        """The setting as steps; None where it cannot be changed, or not by an amount."""
        setting = operand.setting
        value = setting.value
        is_amount = isinstance(value, Amount) and value.is_known and value.low >= 0
        if not isinstance(value, Amount) or not is_amount or not is_changeable(setting):
            return None
        if setting.name.casefold() in _COPIES or self._is_counted(setting):
            return None
        entry = self.entry(operand)
        if entry is None or entry.type not in (Type.COUNT, Type.NUMBER, Type.SIZE, Type.TIME):
            return None
        reader = reader_of(setting.technology) if setting.technology != _STATES else None
        read = reading(reader, entry)
        text = setting.text if setting.place is not None else ""
        written = style(text, value, entry, read) or style("", value, entry, read)
        if written is None:
            return None
        now = None if value.low == UNLIMITED else _steps(value.low, written.step)
        if now is not None and now.denominator != 1:
            return None
        directions = set(ways)
        is_either = None in directions or len(directions) > 1
        may_fall = is_either or Direction.LOWER in directions or now is None
        may_rise = is_either or Direction.RAISE in directions
        needs = Needs.RESTART if entry.apply is Apply.RESTART else Needs.RELOAD
        if self._is_bought(operand):
            may_fall = False
            if not buys:
                return None
            needs = Needs.PURCHASE
        own = int(now) if now is not None else None
        low, high = self._bounds(own, entry, written.step)
        if not may_fall and own is not None:
            low = own
        if not may_rise and own is not None:
            high = own
        if low >= high:
            return None
        return Movable(
            operand, written, read, own, low, high, needs, self.replicas(operand), value.unit
        )

    def _bounds(self, now: int | None, entry: Entry, step: Exact) -> tuple[int, int]:
        """The fewest and the most steps: those of the schema, and no less than one."""
        low = 1 if now is None or now >= 1 else 0
        least, most = entry.minimum, entry.maximum
        if isinstance(least, Amount) and least.low not in (UNLIMITED, -UNLIMITED):
            low = max(low, -int(-_steps(least.low, step) // 1))
        reach = 2 * -int(-_steps(self.reach.get(entry.unit, 0), step) // 1)
        high = min(_MOST, max((now or PERMILLE) * _MOST_TIMES + _MOST_TIMES, reach))
        if isinstance(most, Amount) and most.high != UNLIMITED:
            high = min(high, int(_steps(most.high, step) // 1))
        if now is not None:
            low, high = min(low, now), max(high, now)
        return low, high

    def entry(self, operand: Operand) -> Entry | None:
        """What is known of the setting; of what plimsoll.yaml states its unit."""
        setting = operand.setting
        if setting.technology in ("", _STATES):
            value = setting.value
            if not isinstance(value, Amount):
                return None
            type_ = _TYPES.get(value.unit, Type.COUNT)
            is_part = type_ is Type.COUNT and not isinstance(value.low, int)
            return Entry(setting.name, Type.NUMBER if is_part else type_, value.unit)
        schema = self.world.knowledge.schema(setting.technology)
        reader = reader_of(setting.technology)
        kinds = reader.parts if reader else {}
        part = next((kinds[b.kind] for b in reversed(setting.scope) if b.kind in kinds), "")
        return schema.entry(setting.name, part)

    def _is_bought(self, operand: Operand) -> bool:
        """Whether more of it has to be bought: a machine's memory, one more instance."""
        setting = operand.setting
        return setting.technology in ("", _STATES) and setting.name in _MACHINE

    def _is_counted(self, setting: Setting) -> bool:
        """Whether it says how much of something stands there: nobody wrote that number."""
        place = setting.place
        text = self.world.stack.texts.get(place.path) if place else None
        if place is None or place.value is not None or text is None:
            return False
        return spot(setting, text) is None

    def replicas(self, operand: Operand) -> int:
        """How many instances have the setting."""
        link = self.links.get(operand.owner)
        service = self.world.stack.services.get(link.source if link else operand.owner)
        if service is None:
            return 1
        found = self.world.attribute(thing(service), "replicas")
        low = found.low if isinstance(found, Num) else 1
        return max(1, int(low)) if low != UNLIMITED else 1


def is_changeable(setting: Setting) -> bool:
    """Whether somebody can write another value."""
    return (
        setting.origin not in _UNCHANGEABLE
        and setting.status in (Status.EFFECTIVE, Status.REFUSED)
        and not setting.is_secret
        and not isinstance(setting.value, Formula)
    )


def reading(reader: Reader | None, entry: Entry) -> Read:
    """What a text means by an entry: to the server, else as plimsoll.yaml has it."""
    if reader is None:
        return lambda text: OWN.value(text, entry)
    return lambda text: reader.value(text, entry)


def _steps(amount: Number, step: Exact) -> Fraction:
    return Fraction(amount) / Fraction(step)
