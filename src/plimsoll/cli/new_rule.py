"""The questions of `plimsoll rules new`, and the rule file that the answers make."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable
from typing import TextIO

from msgspec import Struct

from plimsoll.cli.command import CommandError
from plimsoll.syntax.suggest import did_you_mean

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LINE = re.compile(r"([^<>=!&|?]+)([<>]=)([^<>=!&|?]+)")
_SEVERITIES = ("critical", "high", "medium", "low")
_KINDS = ("judgement", "bound", "exact")


class Asking(Struct, frozen=True):
    """Where answers come from, a line each, and where questions go."""

    answers: TextIO
    out: TextIO

    def line(self, question: str, default: str = "") -> str:
        """The answer; *default* where there is none. Ends where nobody answers any more."""
        self.out.write(f"{question}{f' [{default}]' if default else ''}: ")
        self.out.flush()
        said = self.answers.readline()
        if not said:
            self.out.write("\n")
            raise CommandError("plimsoll rules new: there are no more answers; nothing was written")
        return said.strip() or default

    def valid(self, question: str, problem: Callable[[str], str], default: str = "") -> str:
        """The first answer in which there is no *problem*."""
        while True:
            said = self.line(question, default)
            wrong = problem(said)
            if not wrong:
                return said
            self.out.write(f"  {wrong}\n")

    def one_of(self, question: str, known: Iterable[str], default: str) -> str:
        names = tuple(known)

        def problem(said: str) -> str:
            return "" if said in names else f"no {said!r}; {did_you_mean(said, names)}"

        return self.valid(f"{question} ({', '.join(names)})", problem, default)


class Answers(Struct, frozen=True):
    """What a rule is made of. *wrong* and *right*: a line of *file*, for its examples."""

    id: str
    title: str
    technology: str
    condition: str
    severity: str
    kind: str
    why: str
    source: str
    file: str
    wrong: str
    right: str

    @property
    def variable(self) -> str:
        """What the condition calls the service."""
        return variable_of(self.technology)


def asked(ask: Asking, name: str, taken: Collection[str]) -> Answers:
    """The answers to every question; *name*: the id, where it was given already.

    Raises:
        CommandError: the answers end before the last question.
    """
    from plimsoll.technologies import names

    def bad_id(said: str) -> str:
        if not _ID.fullmatch(said):
            return "write words in lower case with - between them"
        return f"there is a rule {said} already" if said in taken else ""

    def bad_technology(said: str) -> str:
        return "" if said in names() else f"no {said!r}; {did_you_mean(said, names())}"

    if bad_id(name):
        name = ask.valid("Name of the fault, such as redis-too-few-clients", bad_id)
    title = ask.valid("The fault in one sentence", _needed)
    technology = ask.valid("Of which technology", bad_technology)
    own = variable_of(technology)
    ask.out.write(
        f'A service of it is called {own}: `{own}.SETTING <= 100`, `{own}.SETTING == "on"`, or any '
        "formula of docs/adding-a-rule.md.\n"
    )
    return Answers(
        id=name,
        title=title,
        technology=technology,
        condition=ask.valid("What has to hold", _needed),
        severity=ask.one_of("How bad it is", _SEVERITIES, "medium"),
        kind=ask.one_of("How sure", _KINDS, "judgement"),
        why=ask.valid("What happens otherwise, and to whom", _needed),
        source=ask.valid("Who says so", _needed, "our own experience"),
        file=ask.line("The examples' file", _file_of(technology)),
        wrong=ask.valid("A line of it that is wrong", _needed),
        right=ask.valid("The same line as it should be", _needed),
    )


def variable_of(technology: str) -> str:
    return technology[0]


def _file_of(technology: str) -> str:
    """A name by which a file of it is known."""
    from plimsoll.technologies import signs

    plain = (each for each in signs()[technology].files if not re.search(r"[*?\[]", each))
    return next(plain, f"{technology}.conf")


def _needed(said: str) -> str:
    return "" if said else "this needs an answer"


def rule_text(said: Answers) -> str:
    """The rule file that the answers make."""
    own = said.variable
    repair = re.findall(rf"\b{own}(?:\.[A-Za-z_]\w*|\[\"[^\"]+\"\])", said.condition)
    lines = [
        f"id: {said.id}",
        f"title: {_quoted(said.title)}",
        f"severity: {said.severity}",
        f"kind: {said.kind}",
        f"for: {{service: {own}, technology: [{said.technology}]}}",
        *_compared(said.condition),
        f"why: {_quoted(said.why)}",
        *([f"repair: [{', '.join(map(_quoted, dict.fromkeys(repair)))}]"] if repair else []),
        f"source: [{_quoted(said.source)}]",
        "examples:",
        "  - flagged:",
        f"      {_quoted(said.file)}: |",
        "        # <- here",
        f"        {said.wrong}",
        "  - clean:",
        f"      {_quoted(said.file)}: |",
        f"        {said.right}",
    ]
    return "\n".join(lines) + "\n"


def _compared(condition: str) -> list[str]:
    """A load line where the condition is one: it has a utilization."""
    found = _LINE.fullmatch(condition)
    if found is None:
        return [f"require: {_quoted(condition)}"]
    left, sign, right = (part.strip() for part in found.groups())
    load, limit = (left, right) if sign == "<=" else (right, left)
    return [f"load: {_quoted(load)}", f"limit: {_quoted(limit)}"]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
