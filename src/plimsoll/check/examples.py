"""A rule's own examples, run as its tests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.check.evaluate import answers
from plimsoll.check.facts import Knowledge
from plimsoll.check.findings import Found
from plimsoll.check.params import constant
from plimsoll.check.printing import model_value, printed
from plimsoll.model.finding import Finding, Skipped
from plimsoll.model.quantity import Amount, Number
from plimsoll.model.rule import Example, Rule, Verdict
from plimsoll.model.schema import key
from plimsoll.model.stack import Stack
from plimsoll.stack.statement import StackError

# Gives the stack that files (text by path) describe, without touching a disk.
Read = Callable[[Mapping[str, str]], Stack]

BEFORE = "before/"
_MARK = re.compile(r"[ \t]*(?:#|;|//)[ \t]*<- here\b[^\n]*")


class Result(Struct, frozen=True):
    """What came of one example. *problem* is empty where it is as the rule says."""

    rule: str
    example: Example
    problem: str = ""

    @property
    def is_passed(self) -> bool:
        return not self.problem

    def __str__(self) -> str:
        outcome = self.problem or "as it says"
        return f"{self.example.place}: {self.rule}: {self.example.verdict}: {outcome}"


def run_examples(
    rule: Rule, rules: Sequence[Rule], read: Read, known: Knowledge
) -> tuple[Result, ...]:
    """What each example of *rule* gives. *rules*: those that its `unless:` may name."""
    asked = [rule, *(each for each in rules if each.id in rule.unless)]
    return tuple(
        Result(rule.id, each, _problem(each, asked, read, known)) for each in rule.examples
    )


class Demonstration(Struct, frozen=True):
    """A rule at work: files with their marks, the stack that they make, and what is found."""

    files: Mapping[str, str]
    stack: Stack
    finding: Finding


def demonstration(
    rule: Rule, rules: Sequence[Rule], read: Read, known: Knowledge
) -> Demonstration | None:
    """The first of the rule's own examples in which it finds something."""
    asked = [rule, *(each for each in rules if each.id in rule.unless)]
    for example in rule.examples:
        if example.verdict is Verdict.FLAGGED:
            files, _ = _unmarked(example.files)
            stack = _stack(files, read)
            for each in answers(asked, stack, known).found:
                if each.finding.rule == rule.id:
                    return Demonstration(example.files, stack, each.finding)
    return None


def _problem(example: Example, rules: Sequence[Rule], read: Read, known: Knowledge) -> str:
    files, marks = _unmarked(example.files)
    try:
        stack = _stack(files, read)
    except StackError as problem:
        return f"the files make no stack: {problem}"
    given = answers(rules, stack, known)
    mine = [each for each in given.found if each.finding.rule == rules[0].id]
    undecided = [each for each in given.skipped if each.rule == rules[0].id]
    if example.verdict is Verdict.FLAGGED:
        return _flagged(example, marks, mine, undecided)
    if mine:
        return f"is flagged: {mine[0].finding.message}"
    if example.verdict is Verdict.SKIPPED:
        return "" if undecided else "is not skipped"
    if undecided:
        return f"is skipped: {undecided[0].reason}"
    return f"is not read: {stack.unread[0]}" if stack.unread else ""


def _stack(files: Mapping[str, str], read: Read) -> Stack:
    """The stack of an example. What stands in `before/` is how these files were before a change."""
    now = {path: text for path, text in files.items() if not path.startswith(BEFORE)}
    was = {path[len(BEFORE) :]: text for path, text in files.items() if path.startswith(BEFORE)}
    return replace(read(now), before=read({**now, **was})) if was else read(now)


# -------------------------------------------------------------------------------------- marks


def _unmarked(files: Mapping[str, str]) -> tuple[dict[str, str], list[tuple[str, int]]]:
    """The files without their marks, and the lines that these point at.

    A mark that has a line for itself points at the next one. No line moves.
    """
    found, marks = {}, []
    for path, text in files.items():
        lines = text.split("\n")
        for number, line in enumerate(lines, start=1):
            rest = _MARK.sub("", line)
            if rest != line:
                lines[number - 1] = rest
                marks.append((path, number if rest.strip() else number + 1))
        found[path] = "\n".join(lines)
    return found, marks


# ------------------------------------------------------------------------------ what is expected


def _flagged(
    example: Example,
    marks: Sequence[tuple[str, int]],
    found: Sequence[Found],
    undecided: Sequence[Skipped],
) -> str:
    if not found:
        return f"is skipped: {undecided[0].reason}" if undecided else "is not flagged"
    problems = [", ".join(_differences(example, marks, each)) for each in found]
    return "" if "" in problems else problems[0]


def _differences(example: Example, marks: Sequence[tuple[str, int]], found: Found) -> Iterator[str]:
    finding, expected = found.finding, example.expected
    yield from _misplaced(marks, found)
    culprit = finding.operands[0].setting.name if finding.operands else ""
    if "culprit" in expected and key(expected["culprit"]) != key(culprit):
        yield f"the culprit is {culprit or 'nothing'}, not {expected['culprit']}"
    for name, text in (("severity", str(finding.severity)), ("level", finding.level)):
        if name in expected and expected[name] != text:
            yield f"the {name} is {text or 'none'}, not {expected[name]}"
    load = finding.load.low if finding.load else None
    limit = finding.limit.high if finding.limit else None
    for name, number, shown in (("load", load, finding.load), ("limit", limit, finding.limit)):
        if name in expected and not _is_number(expected[name], number):
            yield f"the {name} is {shown or 'none'}, not {expected[name]}"
    for name, text in example.effect.items():
        value = found.effect.get(name)
        if value is None or not _is_value(text, model_value(value), printed(value)):
            yield f"the effect on {name} is {printed(value) if value else 'none'}, not {text}"


def _misplaced(marks: Sequence[tuple[str, int]], found: Found) -> Iterator[str]:
    """Where the culprit stands, unless a mark points at it."""
    if not marks:
        return
    culprit = next(iter(found.finding.operands), None)
    place = culprit.setting.place if culprit else None
    for path, line in marks:
        if place and place.path == path and place.span.line <= line <= place.span.end_line:
            return
    name = culprit.setting.name if culprit else "nothing"
    path, line = marks[0]
    yield f"the culprit is {name} ({place or 'nowhere'}), not {path}:{line}"


def _is_number(text: str, number: Number | None) -> bool:
    wanted = constant(text).value
    return isinstance(wanted, Amount) and wanted.low == number


def _is_value(text: str, value: object, shown: str) -> bool:
    if isinstance(value, Amount) and value.is_known:
        return text == shown or _is_number(text, value.low)
    return text == shown or text == str(value)
