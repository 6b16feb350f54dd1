"""Which operand of a finding is named first, and what a repair may change, in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.check import labels
from plimsoll.check.case import Broken, Case
from plimsoll.check.language.provenance import operands
from plimsoll.check.language.values import Named, Num
from plimsoll.model.finding import Direction, Operand
from plimsoll.model.quantity import UNLIMITED, Amount, Number
from plimsoll.model.rule import Expression, Repair
from plimsoll.model.setting import Formula, Origin, Setting

# What only describes the world: the last to be blamed.
_DESCRIBED = frozenset({Origin.STATED, Origin.MEASURED, Origin.ASSUMED})
_UNCHANGEABLE = frozenset({Origin.DERIVED, Origin.MEASURED, Origin.ASSUMED})


class Order(Struct, frozen=True):
    """*operands*: the culprit first. *repair*: what may be changed, in the order of a fix."""

    operands: tuple[Operand, ...]
    repair: tuple[Operand, ...]


def order(case: Case, found: Broken) -> Order:
    """The operands of what broke, as `repair:` and where they come from rank them."""
    taking_part = list(operands(found.shown))
    own = case.subject.operand
    if own is not None:
        taking_part = [own, *(each for each in taking_part if each != own)]
    ranking = _Ranking(case, found, taking_part)
    wanted = ranking.nominated(found.level.repair)
    if wanted:
        rest = [each for each in taking_part if each not in wanted]
        rest.sort(key=lambda operand: not operand.setting.is_written)
        taking_part = [*wanted, *rest]
    last = sorted(taking_part, key=_descends)
    changeable = [e for e in last if e.setting.origin not in _UNCHANGEABLE and not e.is_earlier]
    chosen = [each for each in changeable if each in wanted] or changeable
    return Order(tuple(last), ranking.helping(chosen))


def movers(case: Case, found: Broken) -> tuple[Operand, ...]:
    """Everything that somebody can change and that moves the load line, with the way that helps."""
    taking_part = operands(found.shown)
    changeable = [each for each in taking_part if each.setting.origin not in _UNCHANGEABLE]
    return _Ranking(case, found, taking_part).helping(changeable)


def _descends(operand: Operand) -> int:
    """What is calculated from others goes behind what plimsoll.yaml states, that behind settings.

    Last comes what settings were: nobody can change that.
    """
    if operand.is_earlier:
        return 3
    origin, technology = operand.setting.origin, operand.setting.technology
    is_described = origin in _DESCRIBED and technology in ("", "plimsoll")
    return 2 if origin is Origin.DERIVED else int(is_described)


class _Ranking(Struct, frozen=True):
    case: Case
    found: Broken
    taking_part: Sequence[Operand]

    def nominated(self, repairs: Iterable[Repair]) -> list[Operand]:
        """What `repair:` names, in its order, as far as it took part; all of it where nothing did."""
        named: dict[Operand, None] = {}
        for repair in repairs:
            each = [operand for path in repair.paths for operand in self._under(path)]
            if repair.is_ranked:
                each.sort(key=self._distance, reverse=True)
            elif len(each) > 1:
                each.sort(key=self._shares(each).__getitem__, reverse=True)
                own = self._itself(repair.paths[0])
                named |= dict.fromkeys(e for e in each if e == own)
            named |= dict.fromkeys(each)
        return list(named)

    def _under(self, path: Expression) -> list[Operand]:
        """The settings that a path leads to, of those that took part; all where nothing did."""
        every = self.case.world.operands(self.case.value(path))
        found = [each for each in self.taking_part if each in every]
        ordered = sorted(found, key=every.__getitem__) if self.taking_part else every
        return [each for each in ordered if each.setting.origin is not Origin.DERIVED]

    def _itself(self, path: Expression) -> Operand | None:
        """The calculated setting that a path names, not what it is calculated from."""
        how = self.case.value(path).how
        return how.operand if isinstance(how, Named) and not how.is_fact else None

    # -- what it loads

    def _shares(self, operands: Iterable[Operand]) -> dict[Operand, float]:
        """What the load loses without each. Equal settings of equal blocks are asked for once."""
        known: dict[tuple[object, ...], float] = {}
        found = {}
        for each in operands:
            setting = each.setting
            blocks = tuple(block.kind for block in setting.scope)
            at = (each.owner, setting.name, str(setting.value), blocks)
            if at not in known:
                known[at] = self._share(each)
            found[each] = known[at]
        return found

    def _share(self, operand: Operand) -> float:
        """What the load loses when that setting is 0; of one that only limits it, the limit."""
        if isinstance(operand.setting.value, str):
            return 0.0  # an address: there are hundreds, and none of them is ever 0
        level, without = self.found.level, self._without(operand)
        return self._lost(level.load, without) or self._lost(level.limit, without)

    def _lost(self, side: Expression | None, without: Case) -> float:
        now, then = _number(self.case, side), _number(without, side)
        if now is None or then is None or now.low == then.low:
            return 0.0
        if now.low == now.high and then.low != then.high:
            return 0.0  # a division by it: nobody can tell
        return float(now.low - then.low)

    def _without(self, operand: Operand) -> Case:
        """The same target, where that setting is 0."""
        case = self.case
        return Case(case.rule, case.subject, case.world.with_zero(operand))

    # -- how far from the default

    def _distance(self, operand: Operand) -> float:
        """How many times its default the setting is, in the direction that does harm."""
        default, now = self._default(operand), operand.setting.value
        if not isinstance(now, Amount) or not isinstance(default, Amount):
            return 1.0
        if self._is_harmful_upwards(operand):
            return _ratio(now.high, default.high)
        return _ratio(default.low, now.low)

    def _is_harmful_upwards(self, operand: Operand) -> bool:
        """Whether less of it would do good."""
        level, without = self.found.level, self._without(operand)
        if level.load is None:
            return not isinstance(without.level(level), Broken)
        loads = [_number(case, level.load) for case in (without, self.case)]
        limits = [_number(case, level.limit) for case in (without, self.case)]
        return _falls(*loads) or _falls(*reversed(limits))

    # -- which way it helps

    def helping(self, operands: Iterable[Operand]) -> tuple[Operand, ...]:
        """Those that move the load line, with the way in which they do; all where none is known to."""
        directed = [self._directed(each) for each in operands]
        moving = [e for e in directed if e.direction or isinstance(e.setting.value, Formula)]
        return tuple(moving or directed)

    def _directed(self, operand: Operand) -> Operand:
        """*operand* with the way in which a change of it helps; as it is where nobody can tell."""
        if not isinstance(operand.setting.value, Amount):
            return operand
        now, without = self._excess(self.case), self._excess(self._without(operand))
        if now is None or without is None or now == without:
            return operand
        way = Direction.LOWER if without < now else Direction.RAISE
        return replace(operand, direction=way)

    def _excess(self, case: Case) -> Number | None:
        """By how much the load is above the limit; None where there is no telling."""
        level = self.found.level
        load, limit = _number(case, level.load), _number(case, level.limit)
        if load is None or limit is None or UNLIMITED in (abs(load.low), abs(limit.high)):
            return None
        return load.low - limit.high

    def _default(self, operand: Operand) -> object:
        """The value that holds when nobody writes the setting; None where that is not known."""
        found = self._default_setting(operand)
        if found is None or not isinstance(found.value, Formula):
            return found.value if found else None
        world = self.case.world
        service = world.stack.services.get(operand.owner)
        calculated = world.value(service, found) if service else None
        return calculated.amount if isinstance(calculated, Num) else None

    def _default_setting(self, operand: Operand) -> Setting | None:
        setting, stack = operand.setting, self.case.world.stack
        service = stack.services.get(operand.owner)
        if service is not None:
            if setting.technology in ("", service.technology):
                return service.schema.default(setting.name, service.version)
            return self.case.world.knowledge.schema(setting.technology).default(setting.name, None)
        link = next((each for each in stack.links if labels.link(each) == operand.owner), None)
        return link.schema.default(setting.name, link.version) if link else None


def _number(case: Case, side: Expression | None) -> Num | None:
    found = case.value(side) if side else None
    return found if isinstance(found, Num) else None


def _falls(after: Num | None, before: Num | None) -> bool:
    return after is not None and before is not None and after.low < before.low


def _ratio(of: Number, to: Number) -> float:
    if of == to:
        return 1.0
    if to in (0, UNLIMITED) or of == UNLIMITED:
        return UNLIMITED if of > to else 0.0
    return float(Fraction(of) / Fraction(to))
