"""A campaign: configurations are drawn, the server and we are asked, and both answers compared."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from hypothesis import HealthCheck, Phase, given, settings

from oracles.oracle import ANYTHING, Answer, Case, Fate, Held, Oracle, Span, plain
from oracles.prediction import predictions
from support.programs import need


@dataclass(frozen=True, slots=True)
class Compared:
    """One case: its fate as the server has it, what we say otherwise, and the rules that spoke."""

    case: Case
    fate: Fate
    differences: tuple[str, ...]
    rules: frozenset[str]


@dataclass
class Tally:
    """What a campaign counted."""

    version: str
    fates: Counter[Fate] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, each: Compared) -> None:
        self.fates[each.fate] += 1
        self.rules.update(each.rules)
        if each.differences:
            lines = [line.written for line in each.case.lines]
            limit = f" under {each.case.nofile} files" if each.case.nofile else ""
            self.wrong.append(f"{lines}{limit}: {'; '.join(each.differences)}")

    @property
    def tried(self) -> int:
        return self.fates.total()


def campaign(oracle: Oracle, many: int) -> Tally:
    """*many* drawn configurations and all that are spelled out."""
    tally = Tally(version(oracle))
    for each in compared(oracle, [*oracle.spelled, *drawn(oracle, many)], tally.version):
        tally.add(each)
    return tally


def drawn(oracle: Oracle, many: int) -> list[Case]:
    """So many different configurations, the same ones in every run."""
    found: dict[Case, None] = {}

    @settings(
        max_examples=many, database=None, derandomize=True, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(oracle.cases)
    def draw(case: Case) -> None:
        found[case] = None

    draw()
    return list(found)


def compared(oracle: Oracle, cases: Sequence[Case], of: str) -> Iterator[Compared]:
    """Each case with both answers."""
    untouched, *theirs = oracle.ask([Case(), *cases])
    assert not untouched.refusal, untouched.refusal
    assert len(theirs) == len(cases)
    for case, their, mine in zip(cases, theirs, predictions(oracle, cases, of), strict=True):
        trial = Trial(oracle, case, untouched.held)
        differences = [*trial.differences(their, mine.answer)]
        if mine.answer.refusal and not mine.is_told:
            differences.append(f"no rule tells that it is refused: {mine.answer.refusal}")
        yield Compared(case, trial.worst(their), tuple(differences), mine.rules)


@dataclass(frozen=True, slots=True)
class Trial:
    """One case before its judges. *untouched*: what the server runs with when nobody says anything."""

    oracle: Oracle
    case: Case
    untouched: Mapping[str, Held]

    def worst(self, answer: Answer) -> Fate:
        """The fate of the whole configuration."""
        found = {Fate.REFUSED} if answer.refusal else {*self.fates(answer).values(), Fate.ACCEPTED}
        return next(fate for fate in Fate if fate in found)

    def fates(self, answer: Answer) -> dict[str, Fate]:
        """What becomes of each name: what words say, else by its value."""
        return {n: answer.said.get(n) or self._by_value(n, answer) for n in self.case.names}

    def _by_value(self, name: str, answer: Answer) -> Fate:
        entry = self.oracle.entry(name)
        if name not in answer.held or entry is None:
            return Fate.ACCEPTED
        texts = [line.text for line in self.case.lines if line.name == name]
        meant = {*texts, *(plain(text, entry) for text in texts)}
        if answer.held[name] in meant:
            return Fate.ACCEPTED
        return Fate.IGNORED if answer.held[name] == self.untouched.get(name) else Fate.ALTERED

    def differences(self, theirs: Answer, mine: Answer) -> Iterator[str]:
        """What the server makes otherwise of it than we say."""
        if bool(theirs.refusal) is not bool(mine.refusal):
            yield f"refused for {theirs.refusal!r:.400} by the server, for {mine.refusal!r:.400} by us"
        if theirs.refusal or mine.refusal:
            return
        told = {
            **self.untouched,
            **{n: _within(v, theirs.held.get(n)) for n, v in mine.held.items()},
        }
        own = Answer(held={n: told[n] for n in theirs.held if n in told}, said=mine.said)
        of_server, of_us = self.fates(theirs), self.fates(own)
        for name in self.case.names:
            if name in theirs.held and theirs.held[name] != told.get(name):
                yield f"{name} runs with {theirs.held[name]}, not {told.get(name)}"
            elif of_server[name] is not of_us[name] and not self._is_unseen(
                name, theirs, of_us[name]
            ):
                yield f"{name} is {of_server[name]} by the server, {of_us[name]} by us"

    def _is_unseen(self, name: str, theirs: Answer, of_us: Fate) -> bool:
        """Whether nothing would tell an ignored line: it says what the server has without it."""
        is_same = name in theirs.held and theirs.held[name] == self.untouched.get(name)
        return of_us is Fate.IGNORED and is_same


def _within(ours: Held, theirs: Held | None) -> Held:
    """The server's value where ours is a span that holds it: that was said too."""
    if not isinstance(ours, Span) or theirs is None:
        return ours
    if isinstance(theirs, Fraction | float):
        return theirs if ours.low <= theirs <= ours.high else ours
    return theirs if ours == ANYTHING else ours


def version(oracle: Oracle) -> str:
    """What the program says that it is."""
    program = need(oracle.program, oracle.package)
    if callable(oracle.version):
        return oracle.version()
    done = subprocess.run(
        [program, *oracle.version], capture_output=True, text=True, check=False, timeout=60
    )
    found = re.search(r"\d+(?:\.\d+)+", done.stdout + done.stderr)
    assert found, f"{program} says no version"
    return found[0]
