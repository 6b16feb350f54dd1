"""On random small stacks the cost is that of trying every value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from plimsoll.check.fix.demands import asked, floors, is_worse
from plimsoll.check.fix.movables import Finder, Movable
from plimsoll.check.fix.solving import Question, answer
from plimsoll.check.language.provenance import operands
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.finding import Operand, Severity
from plimsoll.model.quantity import MIB
from plimsoll.model.stack import Stack
from support.stacks import (
    KNOWN,
    count,
    limits,
    link,
    rule,
    service,
    size,
    stack,
    stated,
    written,
)

RULES = (
    rule(
        """
        for: {service: s, technology: [store]}
        load: s.clients.map(c, c.from.processes * c.connections).sum()
        limit: s.slots
        """,
        id="connections",
    ),
    rule(
        """
        for: {service: s, technology: [store]}
        load: s.memory_likely
        limit: s.memory
        """,
        id="memory",
    ),
    rule(
        """
        for: {service: s, technology: [store]}
        load: ceil(s.max_connections * 0.25)
        limit: max(s.reserved * 2, min(s.threads, 6))
        strict: true
        """,
        id="shares",
    ),
    rule(
        """
        for: {service: s, technology: [store]}
        when: s.max_connections > 4
        load: 's.max_connections > 6 ? s.threads * 3 : s.threads'
        limit: 12
        """,
        id="fewer-for-safe",
    ),
    rule(
        """
        for: {service: s, technology: [store]}
        require: [s.threads <= s.max_connections, "!(s.threads == 5 || s.reserved > 4)"]
        """,
        id="no-more-threads-than-slots",
    ),
)


@st.composite
def stacks(draw: st.DrawFn) -> Stack:
    small = st.integers(1, 9)
    db = service(
        "db",
        "store",
        written("max_connections", count(draw(small)), line=1),
        written("reserved", count(draw(st.integers(0, 5))), line=2),
        written("work_mem", size(draw(small)), line=3),
        written("cache-size", size(draw(small)), line=4),
        written("threads", count(draw(small)), line=5),
        limits=limits(memory=size(draw(st.integers(4, 80)))),
    )
    apps = [
        service(name, "app", written("workers", count(draw(small)), path=f"{name}.conf"))
        for name in ("a", "b")
    ]
    links = [
        link(each.name, "db", stated("connections", count(draw(small)), line=number))
        for number, each in enumerate(apps, start=10)
    ]
    return stack(db, *apps, *links)


def movables(world: StackWorld, wanted: Sequence[Operand], most: int) -> list[Movable]:
    """Few settings, each within few steps, so that all can be tried."""
    finder = Finder(world, {})
    made = [each for operand in wanted for each in finder.movables([operand], buys=False)]
    found = sorted(made[:most], key=lambda each: each.name)
    return [
        replace(
            each,
            low=max(each.low, (each.now or 0) - 3),
            high=min(each.high, (each.now or 0) + 3),
        )
        for each in found
    ]


def every(question: Question, choices: Sequence[Movable]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The cost and the steps of every change under which all is well."""
    ranges = [sorted({*range(each.low, each.high + 1), each.at_first}) for each in choices]
    for steps in product(*ranges):
        chosen = dict(zip(choices, steps, strict=True))
        instead = {m.operand: m.replaced(n) for m, n in chosen.items() if n != m.at_first}
        world = question.world.with_settings(instead)
        after = asked(RULES, world)
        is_well = all(
            after[at].found is None if at in question.targets else not is_worse(each, before)
            for at, each in after.items()
            for before in [question.before[at]]
        )
        if is_well and served(world) >= floor(question.world):
            yield sum(m.cost(n) for m, n in chosen.items()), steps


def served(world: StackWorld) -> int:
    """Of the only service whose concurrency is known by its settings."""
    settings_ = world.stack.services["db"].held["max_connections"]
    found = world.value(world.stack.services["db"], settings_)
    return int(found.low)  # type: ignore[union-attr]


def floor(world: StackWorld) -> int:
    demands = list(floors(world))
    return min(served(world), 3) if demands else 0  # the cores of nobody are known: one


@given(stacks(), st.integers(1, 4), st.data())
def test_the_cost_is_that_of_trying_every_value(
    given_stack: Stack, most: int, data: st.DataObject
) -> None:
    world = StackWorld(given_stack, KNOWN)
    before = asked(RULES, world)
    broken = [at for at, each in before.items() if each.found is not None]
    if not broken:
        return
    targets = dict.fromkeys(broken, Severity.LOW)
    question = Question(world, before, targets)
    taking_part = [o for at in broken for o in operands(before[at].found.shown)]  # type: ignore[union-attr]
    order = data.draw(st.permutations(list(dict.fromkeys(taking_part))))
    choices = movables(world, order, most)
    if not choices:
        return
    tried = list(every(question, choices))
    found = answer(question, choices, seconds=20)
    if not tried:
        assert not found.steps
        return
    least = min(cost for cost, _ in tried)
    assert (found.least, bool(found.steps)) == (least, True), found
    assert least <= found.cost <= least + least // 50
    ties = [changed(choices, steps) for cost, steps in tried if cost == least]
    fewest = min(map(len, ties))
    assert len(found.steps) <= fewest
    if len(found.steps) == fewest:
        assert sorted(each.name for each in found.steps) == min(t for t in ties if len(t) == fewest)


def changed(choices: Sequence[Movable], steps: Sequence[int]) -> list[tuple[str, str]]:
    """The names of the settings that change, in order."""
    return [m.name for m, n in zip(choices, steps, strict=True) if n != m.at_first]


def test_sizes_are_steps_of_their_unit() -> None:
    setting = written("work_mem", size(512))
    db = service("db", "store", setting)
    world = StackWorld(stack(db), KNOWN)
    operand = Operand("db", db.held["work_mem"])
    found = Finder(world, {}).movable(operand, [None], buys=False)
    assert found is not None
    assert found.value(found.at_first) == 512 * MIB


def test_of_changes_that_cost_the_same_the_first_name_wins() -> None:
    apps = [
        service(name, "app", written("workers", count(4), path=f"{name}.conf"))
        for name in ("b", "a")
    ]
    links = [link(each.name, "db", stated("connections", count(1))) for each in apps]
    db = service("db", "store", written("max_connections", count(7)), written("reserved", count(0)))
    world = StackWorld(stack(db, *apps, *links), KNOWN)
    before = asked(RULES[:1], world)
    targets = {at: Severity.LOW for at, each in before.items() if each.found}
    assert targets
    finder = Finder(world, {})
    workers = [Operand(each.name, each.held["workers"]) for each in apps]
    found = answer(Question(world, before, targets), finder.movables(workers, buys=False))
    assert {each.name: steps for each, steps in found.steps.items()} == {("a", "workers"): 3}
