"""Which values rest on which settings, so that a changed setting leaves the others as they are."""

from __future__ import annotations

from collections.abc import Iterable

from plimsoll.check.language.provenance import sources
from plimsoll.check.language.values import Leaf, Named, Value
from plimsoll.model.finding import Operand


class Reliance:
    """The settings under every value, as bits; each value is walked once."""

    def __init__(self) -> None:
        self._bits: dict[tuple[str, str, str, int], tuple[int, Operand]] = {}
        self._masks: dict[int, int] = {}
        self._walked: list[Value] = []  # their id must not be used again

    def bits(self, operands: Iterable[Operand]) -> int:
        """Those settings, to ask for them again and again."""
        found = 0
        for each in operands:
            found |= self._bit(each)
        return found

    def has(self, value: Value, bits: int) -> bool:
        """Whether one of the settings of *bits* took part in *value*."""
        return bool(self._mask(value) & bits)

    def _bit(self, operand: Operand) -> int:
        """The bit of a setting; comparing all that it is made of takes far longer."""
        setting = operand.setting
        at = (operand.owner, setting.name, setting.text, id(setting.place))
        if at not in self._bits:
            self._bits[at] = 1 << len(self._bits), operand  # which keeps the place's id its own
        return self._bits[at][0]

    def _mask(self, value: Value) -> int:
        masks = self._masks
        if id(value) in masks:
            return masks[id(value)]
        waiting = [value]
        while waiting:
            each = waiting[-1]
            from_ = sources(each)
            open_ = [source for source in from_ if id(source) not in masks]
            if open_:
                waiting.extend(open_)
                continue
            waiting.pop()
            mask = self._own(each)
            for source in from_:
                mask |= masks[id(source)]
            masks[id(each)] = mask
            self._walked.append(each)
        return masks[id(value)]

    def _own(self, value: Value) -> int:
        how = value.how
        operand = how.operand if isinstance(how, (Leaf, Named)) else None
        return self._bit(operand) if operand else 0
