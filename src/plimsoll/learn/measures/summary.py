"""Many incidents together: medians with exact intervals, and what may not be said of them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from plimsoll.learn.measures.measure import Measure
from plimsoll.model.statistics import Interval, median_interval, rank_test, survival_median

# A trend of fewer incidents a period than this is noise.
LEAST = 6
TIMES = ("detect", "engage", "identify", "mitigate", "recover")


class Change(Struct, frozen=True):
    """Two periods compared: p that nothing changed, or the reason why that cannot be told."""

    name: str
    before: Interval | None
    after: Interval | None
    p: float | None
    refused: str = ""


class Summary(Struct, frozen=True):
    """*times*: of real incidents, by name. *recover_of_all*: with those that go on, after Kaplan and Meier."""

    incidents: tuple[Measure, ...]
    drills: tuple[Measure, ...]
    times: dict[str, Interval]
    by_severity: dict[str, dict[str, Interval]]
    misdirected: int
    late: tuple[Measure, ...]
    hand_share: tuple[int, int]
    open: int
    recover_of_all: float | None
    changes: tuple[Change, ...] = ()


def summary(measures: Sequence[Measure], change: str = "") -> Summary:
    """*change*: an ISO day; what started before it is compared with what started from it on."""
    real = [each for each in measures if not each.is_drill]
    lasting = [each for each in real if each.recover is None and each.lasted is not None]
    over = [each for each in real if each.recover is not None]
    severities = sorted({each.severity for each in real if each.severity})
    return Summary(
        incidents=tuple(real),
        drills=tuple(each for each in measures if each.is_drill),
        times=_times(real),
        by_severity={s: _times([each for each in real if each.severity == s]) for s in severities},
        misdirected=sum(each.misdirected for each in real),
        late=tuple(each for each in real if each.late_engaged),
        hand_share=(sum(each.is_fixed_by_hand for each in real), len(real)),
        open=len(lasting),
        recover_of_all=survival_median(
            [float(each.recover or 0) for each in over]
            + [float(each.lasted or 0) for each in lasting],
            [True] * len(over) + [False] * len(lasting),
        ),
        changes=_changes(real, change) if change else (),
    )


def values(measures: Sequence[Measure], name: str) -> list[int]:
    """What is known of one time."""
    found = (getattr(each, name) for each in measures)
    return [value for value in found if isinstance(value, int)]


def _times(measures: Sequence[Measure]) -> dict[str, Interval]:
    return {name: median_interval(found) for name in TIMES if (found := values(measures, name))}


def _changes(measures: Sequence[Measure], day: str) -> tuple[Change, ...]:
    dated = [each for each in measures if each.start and each.start[:1].isdigit()]
    before = [each for each in dated if (each.start or "") < day]
    after = [each for each in dated if (each.start or "") >= day]
    return tuple(_change(name, values(before, name), values(after, name)) for name in TIMES)


def _change(name: str, before: Sequence[int], after: Sequence[int]) -> Change:
    first = median_interval(before) if before else None
    second = median_interval(after) if after else None
    if min(len(before), len(after)) < LEAST:
        reason = (
            f"{len(before)} before and {len(after)} after; fewer than {LEAST} on a side say nothing"
        )
        return Change(name, first, second, None, reason)
    return Change(name, first, second, rank_test(before, after))
