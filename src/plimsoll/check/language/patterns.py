"""Regular expressions that cannot run away: what RE2 accepts, matched in linear time.

Python's `re` backtracks, and a rule's pattern meets texts that somebody else wrote. So a pattern
becomes a small automaton whose every state is visited at most once for each character. Syntax and
meaning are RE2's (ASCII classes, `$` only at the very end), as far as a rule needs them.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Collection
from functools import cache

from msgspec import Struct, field

Accepts = Callable[[str], bool]

_MOST_STATES = 2000
_MOST_REPEATS = 200
_MOST_STEPS = 2000  # that are kept of one pattern
_DEEPEST = 50
_FEW = 50  # texts that did not match; sorting characters takes longer than searching so many
_REPEAT = re.compile(r"\{([0-9]{1,4})(?:(,)([0-9]{1,4})?)?\}")
_WORD = frozenset(string.ascii_letters + string.digits + "_")
_CLASSES: dict[str, frozenset[str]] = {
    "d": frozenset(string.digits), "w": _WORD, "s": frozenset("\t\n\f\r "),
}  # fmt: skip
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}


class PatternError(Exception):
    """A pattern that is none, or that is not supported; *offset* from 0."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class State(Struct):
    """One state: it eats a character, or goes on to others at once, if *holds* between two."""

    accepts: Accepts | None = None
    holds: Callable[[str, str], bool] | None = None
    to: list[int] = field(default_factory=list)


class Step(Struct, frozen=True):
    """How far a text has been read: in which states, and behind which kind of character.

    *then*: the step behind a character, as far as one was asked for; None where the pattern matches.
    """

    states: frozenset[int]
    before: str
    then: dict[str, Step | None] = field(default_factory=dict)


class Pattern(Struct, eq=False):
    """An automaton; state 0 is the match. Each step that a text has taken is kept for the next.

    *dull*: characters that no match begins, goes on or ends with, whatever stands before them.
    *lively*: those that are not. Both are found out once there are *misses* enough.
    """

    states: tuple[State, ...]
    start: int
    steps: dict[tuple[frozenset[int], str], Step] = field(default_factory=dict)
    dull: set[str] = field(default_factory=set)
    lively: set[str] = field(default_factory=set)
    misses: int = 0

    def search(self, text: str) -> bool:
        """Whether the pattern matches anywhere in *text*."""
        if len(self.steps) > _MOST_STEPS:
            self.steps.clear()
        if self.dull.issuperset(text):  # then all is behind the last as behind the whole text
            return self._matches(text[-1:])
        if self._matches(text):
            return True
        self.misses += 1
        if self.misses > _FEW:
            self._sort(text)
        return False

    def _sort(self, text: str) -> None:
        for character in text:
            if character not in self.dull and character not in self.lively:
                (self.dull if self._is_dull(character) else self.lively).add(character)

    def _is_dull(self, character: str) -> bool:
        """Whether it leads from the start to the start, at the beginning and anywhere else."""
        nothing_begun = frozenset((self.start,))
        after = (self._after(self._step(nothing_begun, kind), character) for kind in ("", "w", "-"))
        return all(step is not None and step.states == nothing_begun for step in after)

    def _matches(self, text: str) -> bool:
        step = self._step(frozenset((self.start,)), "")
        for character in [*text, ""]:
            then = step.then.get(character, step)
            if then is step and character not in step.then:
                then = step.then[character] = self._after(step, character)
            if then is None:
                return True
            step = then
        return False

    def _step(self, states: frozenset[int], before: str) -> Step:
        at = (states, before)
        if at not in self.steps:
            self.steps[at] = Step(states, before)
        return self.steps[at]

    def _after(self, step: Step, character: str) -> Step | None:
        reached = self._reached(step.states, step.before, character)
        if 0 in reached:
            return None
        current = {
            state.to[0]
            for state in (self.states[each] for each in reached)
            if state.accepts and character and state.accepts(character)
        }
        kind = "w" if character in _WORD else "-"  # an assertion asks no more of it
        return self._step(frozenset((self.start, *current)), kind)

    def _reached(self, start: Collection[int], before: str, after: str) -> set[int]:
        """All states that are reached without eating a character between these two."""
        reached: set[int] = set()
        waiting = list(start)
        while waiting:
            number = waiting.pop()
            state = self.states[number]
            if number in reached or (state.holds and not state.holds(before, after)):
                continue
            reached.add(number)
            if not state.accepts:
                waiting.extend(state.to)
        return reached


@cache
def compiled_pattern(text: str) -> Pattern:
    """The automaton of a pattern.

    Raises:
        PatternError: it is none of ours, or too large.
    """
    folds = text.startswith("(?i)")
    return _Reading(text, 4 if folds else 0, folds_case=folds).pattern()


# A piece of a pattern: given the state that follows, it adds its states and returns its first.
Piece = Callable[[int], int]


class _Reading:
    """One pass over a pattern's text."""

    def __init__(self, text: str, at: int, *, folds_case: bool) -> None:
        self.text = text
        self.at = at
        self.folds_case = folds_case
        self.depth = 0
        self.states: list[State] = [State()]

    def pattern(self) -> Pattern:
        piece = self._alternatives()
        if self.at < len(self.text):
            raise PatternError("unexpected )", self.at)
        return Pattern(start=piece(0), states=tuple(self.states))

    def _add(self, state: State) -> int:
        if len(self.states) >= _MOST_STATES:
            raise PatternError("the pattern is too large", self.at)
        self.states.append(state)
        return len(self.states) - 1

    def _next(self) -> str:
        return self.text[self.at : self.at + 1]

    def _take(self, wanted: str) -> bool:
        found = self.text.startswith(wanted, self.at)
        self.at += len(wanted) if found else 0
        return found

    def _alternatives(self) -> Piece:
        choices = [self._sequence()]
        while self._take("|"):
            choices.append(self._sequence())
        if len(choices) == 1:
            return choices[0]
        return lambda then: self._add(State(to=[each(then) for each in choices]))

    def _sequence(self) -> Piece:
        pieces: list[Piece] = []
        while self._next() not in ("", "|", ")"):
            pieces.append(self._repeated(self._one()))

        def sequence(then: int) -> int:
            for each in reversed(pieces):
                then = each(then)
            return then

        return sequence

    def _repeated(self, piece: Piece) -> Piece:
        found = self._repetition()
        if found is None:
            return piece
        least, most = found
        self._take("?")  # lazy: the same texts match
        if self._next() and self._next() in "*+?{":
            raise PatternError("two repetitions in a row", self.at)

        def repeated(then: int) -> int:
            if most is None:
                loop = State(to=[then])
                then = self._add(loop)
                loop.to.append(piece(then))
            for _ in range((most or least) - least):
                then = self._add(State(to=[then, piece(then)]))
            for _ in range(least):  # a state for each, or nested repetitions of nothing never end
                then = piece(self._add(State(to=[then])))
            return then

        return repeated

    def _repetition(self) -> tuple[int, int | None] | None:
        for symbol, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._take(symbol):
                return bounds
        if self._next() != "{":
            return None
        found = _REPEAT.match(self.text, self.at)
        if not found:
            raise PatternError("write \\{ for a bracket, or {2,3} to repeat", self.at)
        least = int(found[1])
        most = int(found[3]) if found[3] else None if found[2] else least
        if max(least, most or 0) > _MOST_REPEATS or (most is not None and most < least):
            raise PatternError(f"cannot repeat {found[0]} times", self.at)
        self.at = found.end()
        return least, most

    def _one(self) -> Piece:
        at, character = self.at, self._next()
        self.at += 1
        if character == "(":
            return self._group(at)
        if character in "*+?{":
            raise PatternError(f"nothing to repeat before {character}", at)
        if character in _BETWEEN:
            return self._assertion(_BETWEEN[character])
        if character == "\\" and self._next() in _BETWEEN_ESCAPED:
            self.at += 1
            return self._assertion(_BETWEEN_ESCAPED[self.text[self.at - 1]])
        if character == ".":
            return self._character(lambda found: found != "\n")
        if character == "[":
            return self._character(self._class(at))
        if character == "\\":
            return self._character(self._escaped(at))
        return self._character(self._folded(character.__eq__))

    def _group(self, at: int) -> Piece:
        if self._next() == "?" and not self._take("?:"):
            raise PatternError("only (?:...), and (?i) at the very start", at)
        self.depth += 1
        if self.depth > _DEEPEST:
            raise PatternError("too many brackets inside each other", at)
        piece = self._alternatives()
        self.depth -= 1
        if not self._take(")"):
            raise PatternError("this bracket is not closed", at)
        return piece

    def _assertion(self, holds: Callable[[str, str], bool]) -> Piece:
        return lambda then: self._add(State(holds=holds, to=[then]))

    def _character(self, accepts: Accepts) -> Piece:
        return lambda then: self._add(State(accepts=accepts, to=[then]))

    def _folded(self, accepts: Accepts) -> Accepts:
        if not self.folds_case:
            return accepts
        return lambda found: accepts(found.lower()) or accepts(found.upper())

    def _escaped(self, at: int) -> Accepts:
        """After a backslash: a class, a control character, or a sign as it is."""
        character = self._next()
        self.at += 1
        if character.lower() in _CLASSES:
            members, is_in = _CLASSES[character.lower()], character.islower()
            return lambda found: (found in members) is is_in
        return self._folded(self._sign(character, at).__eq__)

    def _sign(self, character: str, at: int) -> str:
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character and character in string.punctuation:
            return character
        raise PatternError(f"unknown escape \\{character}", at)

    def _class(self, at: int) -> Accepts:
        """After `[`, to its `]`."""
        is_in = not self._take("^")
        members: list[Accepts] = []
        while not members or self._next() != "]":
            if not self._next():
                raise PatternError("this [ is not closed", at)
            members.append(self._member())
        self.at += 1
        return lambda found: any(each(found) for each in members) is is_in

    def _member(self) -> Accepts:
        at, first = self.at, self._next()
        if self.text.startswith("[:", at):
            raise PatternError("write \\[ in a class", at)
        self.at += 1
        if first == "\\" and self._next().lower() in _CLASSES:
            return self._escaped(at)
        low = self._bound(first, at)
        if self._next() != "-" or self.text[self.at + 1 : self.at + 2] in ("", "]"):
            return self._folded(low.__eq__)
        self.at += 2
        high = self._bound(self.text[self.at - 1], self.at - 1)
        if high < low:
            raise PatternError(f"the range {low}-{high} is empty", at)
        return self._folded(lambda found: low <= found <= high)

    def _bound(self, character: str, at: int) -> str:
        if character != "\\":
            return character
        self.at += 1
        return self._sign(self.text[self.at - 1 : self.at], at)


def _is_edge(before: str, after: str) -> bool:
    return (before in _WORD) is not (after in _WORD)


_BETWEEN: dict[str, Callable[[str, str], bool]] = {
    "^": lambda before, _: not before,
    "$": lambda _, after: not after,
}
_BETWEEN_ESCAPED: dict[str, Callable[[str, str], bool]] = {
    "b": _is_edge,
    "B": lambda before, after: not _is_edge(before, after),
    "A": lambda before, _: not before,
    "z": lambda _, after: not after,
}
