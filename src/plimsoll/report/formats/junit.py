"""JUnit's XML: a suite for each service, a test for each finding and for each check not made.

Source: the schema that Jenkins reads (jenkins-junit.xsd). Below the severity of `--fail-on` a
finding is a failure too: the runner decides by the exit code, the report tells everything.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from plimsoll.model.finding import Finding, Outcome, Skipped
from plimsoll.model.setting import Unread
from plimsoll.report.format import Format, Look
from plimsoll.report.operands import named, position, unread_reason, value, where
from plimsoll.report.secrets import Mask
from plimsoll.report.spots import spot
from plimsoll.report.width import visible

_STACK = "stack"


def write(outcome: Outcome, out: TextIO, look: Look) -> None:
    """One document; a service about which nothing is to be said has one test that passed."""
    report = _Report(outcome, look)
    suites = [report.suite(name) for name in report.suites()]
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(f"<testsuites{_attributes(name='plimsoll', **report.totals())}>\n")
    out.writelines(suites)
    out.write("</testsuites>\n")


FORMAT = Format("JUnit's XML, for test reports", write)


class _Report:
    def __init__(self, outcome: Outcome, look: Look) -> None:
        self.outcome = outcome
        self.look = look
        self.mask = Mask.of(outcome.stack)

    def suites(self) -> list[str]:
        names = [*self.outcome.stack.services]
        names += [each.service for each in self.outcome.findings]
        names += [each.service or _STACK for each in self.outcome.skipped]
        names += [_STACK] if self.outcome.unread else []
        return list(dict.fromkeys(names))

    def totals(self) -> dict[str, str]:
        outcome = self.outcome
        said = len(outcome.findings) + len(outcome.skipped) + len(outcome.unread)
        passed = sum(1 for name in self.suites() if not self._tests(name)[0])
        return {
            "tests": str(said + passed),
            "failures": str(len(outcome.findings)),
            "errors": str(len(outcome.unread)),
            "skipped": str(len(outcome.skipped)),
        }

    def suite(self, name: str) -> str:
        tests, counts = self._tests(name)
        body = tests or [_test(name, "nothing found", "")]
        numbers = {"tests": str(len(body)), **counts}
        return f"  <testsuite{_attributes(name=name, **numbers)}>\n{''.join(body)}  </testsuite>\n"

    def _tests(self, name: str) -> tuple[list[str], dict[str, str]]:
        found = [each for each in self.outcome.findings if each.service == name]
        skipped = [each for each in self.outcome.skipped if (each.service or _STACK) == name]
        unread = self.outcome.unread if name == _STACK else ()
        tests = [
            *map(self._failed, found),
            *map(self._skipped, skipped),
            *map(self._unread, unread),
        ]
        counts = {
            "failures": str(len(found)),
            "errors": str(len(unread)),
            "skipped": str(len(skipped)),
        }
        return tests, counts

    def _failed(self, finding: Finding) -> str:
        place = spot(finding, self.outcome.stack)
        at = {"file": self.look.in_repository(place.path), "line": str(place.span.line)}
        message = self.mask.sentence(finding.message)
        body = escape("\n".join(self._told(finding)))
        type_ = _attributes(type=str(finding.severity), message=message)
        name = f"{finding.rule}: {finding.target}" if finding.target else finding.rule
        return _test(finding.service, name, f"<failure{type_}>{body}</failure>", **at)

    def _told(self, finding: Finding) -> Iterable[str]:
        yield visible(finding.title)
        if finding.arithmetic:
            yield self.mask.sentence(finding.arithmetic)
        for each in finding.listed:
            at = position(each.setting) or where(each.setting)
            yield f"{named(each)} = {value(each.setting, self.mask)}  {at}".rstrip()
        if finding.unlisted:
            yield f"and {finding.unlisted} more"
        yield self.mask.sentence(finding.why)

    def _skipped(self, each: Skipped) -> str:
        reason = _attributes(message=self.mask.reason(each.reason))
        name = f"{each.rule}: {each.target}" if each.target else each.rule
        return _test(each.service or _STACK, name, f"<skipped{reason}/>")

    def _unread(self, each: Unread) -> str:
        reason = _attributes(type="unread", message=self.mask.reason(unread_reason(each)))
        return _test(_STACK, f"read {each.place or each.path}", f"<error{reason}/>")


def _test(suite: str, name: str, body: str, **more: str) -> str:
    said = _attributes(classname=f"plimsoll.{suite}", name=name, **more)
    return f"    <testcase{said}>{body}</testcase>\n" if body else f"    <testcase{said}/>\n"


def _attributes(**said: str) -> str:
    return "".join(f" {name}={quoteattr(visible(text))}" for name, text in said.items())
