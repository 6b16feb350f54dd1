"""SARIF: what its schema wants, exact regions, and every outcome told."""

from __future__ import annotations

import io
import json
from typing import Any

import jsonschema
import pytest
from msgspec.structs import replace

from plimsoll.model.finding import Change, Edit, Fix, Needs, Outcome
from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import Amount
from plimsoll.model.setting import Origin, Unread
from plimsoll.model.stack import Suppression
from plimsoll.report.format import Look
from plimsoll.report.formats.sarif import FORMAT
from support.registry import npm_file

# The schema of OASIS as a package of SARIF's authors ships it.
SCHEMA = (
    "@microsoft/jest-sarif",
    "1.0.0-beta.0",
    "748e2c3d1a842e7bb258416685c7ea3a0da40005b72267b2052c2856d48ad102",
    "lib/schemas/sarif-2.1.0-rtm.5.json",
)


def written(outcome: Outcome, folder: str = "") -> dict[str, Any]:
    out = io.StringIO()
    FORMAT.write(outcome, out, Look(folder=folder))
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def run_of(outcome: Outcome, folder: str = "") -> dict[str, Any]:
    (run,) = written(outcome, folder)["runs"]
    assert isinstance(run, dict)
    return run


def accepted(outcome: Outcome) -> Outcome:
    place = Place("plimsoll.yaml", Span(7, 5, 7, 40))
    entry = Suppression(rule="workers-without-limit", reason="until release 12", place=place)
    found = replace(outcome.findings[0], accepted=entry)
    return replace(outcome, findings=outcome.findings[1:], suppressed=(found,))


def repaired(outcome: Outcome, *, told: str = "") -> Outcome:
    """The first finding with a fix of two files: a value that is replaced, a line that comes in."""
    first = outcome.findings[0]
    edits = (
        Edit("app/gunicorn.conf.py", Span(3, 11, 3, 13), "4"),
        Edit("db/postgresql.conf", Span(8, 1, 8, 1), "# plimsoll: x\nmax_connections = 200\n"),
    )
    changes = tuple(
        Change(
            operand=first.operands[0],
            value=Amount.of(4),
            text="4",
            needs=Needs.RELOAD,
            cost=500,
            rule=first.rule,
            edit=each,
        )
        for each in edits
    )
    fix = Fix("lower the load", changes, 1000, (told,) if told else ())
    return replace(outcome, findings=(replace(first, fixes=(fix,)), *outcome.findings[1:]))


def test_a_fix_says_what_goes_and_what_comes(outcome: Outcome) -> None:
    (fix,) = run_of(repaired(outcome), "deploy")["results"][0]["fixes"]
    assert fix["description"]["text"].startswith("lower the load: ")
    said = {
        each["artifactLocation"]["uri"]: each["replacements"] for each in fix["artifactChanges"]
    }
    assert said == {
        "deploy/app/gunicorn.conf.py": [
            {
                "deletedRegion": {"startLine": 3, "startColumn": 11, "endLine": 3, "endColumn": 13},
                "insertedContent": {"text": "4"},
            }
        ],
        "deploy/db/postgresql.conf": [
            {
                "deletedRegion": {"startLine": 8, "startColumn": 1, "endLine": 8, "endColumn": 1},
                "insertedContent": {"text": "# plimsoll: x\nmax_connections = 200\n"},
            }
        ],
    }


def test_what_edits_do_not_write_as_a_whole_is_no_fix(outcome: Outcome) -> None:
    assert "fixes" not in run_of(repaired(outcome, told="restart it"))["results"][0]


@pytest.mark.registry
@pytest.mark.parametrize("case", ["findings", "clean", "accepted", "repaired"])
def test_it_is_what_the_schema_wants(outcome: Outcome, case: str) -> None:
    clean = replace(outcome, findings=(), skipped=(), unread=())
    asked = {
        "findings": outcome,
        "clean": clean,
        "accepted": accepted(outcome),
        "repaired": repaired(outcome),
    }[case]
    jsonschema.validate(written(asked, "deploy"), json.loads(npm_file(*SCHEMA)))


def test_a_clean_run_says_so(outcome: Outcome) -> None:
    assert run_of(replace(outcome, findings=()))["results"] == []


def test_a_result_stands_at_the_culprit_and_points_to_the_others(outcome: Outcome) -> None:
    run = run_of(outcome, "deploy")
    (result,) = [r for r in run["results"] if r["ruleId"] == "connections-exceed-server"]
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "deploy/db/postgresql.conf"
    assert physical["region"] == {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 22}
    assert run["columnKind"] == "unicodeCodePoints"
    assert [r["message"]["text"] for r in result["relatedLocations"]] == [
        "workers of app = 4",
        "connections of app -> db = 40",
    ]
    assert result["level"] == "error"
    assert result["partialFingerprints"] == {"plimsoll/v1": "f00d"}
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["id"] == "connections-exceed-server"
    assert "PostgreSQL manual, 20.3" in rule["help"]["text"]


def test_what_was_not_read_or_checked_is_told(outcome: Outcome) -> None:
    place = Place("a.conf", Span(3, 1, 3, 9))
    told = replace(outcome, unread=(*outcome.unread, Unread("a.conf", "no directive", place)))
    (invocation,) = run_of(told)["invocations"]
    notes = [note["message"]["text"] for note in invocation["toolExecutionNotifications"]]
    assert notes[:2] == ["not read: a template", "not read: no directive"]
    assert "buffers-exceed-memory not checked for db: needs memory of host shop-1" in notes


def test_an_accepted_finding_is_a_suppressed_result(outcome: Outcome) -> None:
    results = run_of(accepted(outcome))["results"]
    (found,) = [r for r in results if r["ruleId"] == "workers-without-limit"]
    assert found["suppressions"] == [{"kind": "external", "justification": "until release 12"}]


def test_a_default_is_shown_where_the_next_written_setting_is(outcome: Outcome) -> None:
    finding = outcome.findings[1]
    default = replace(finding.operands[0].setting, place=None, origin=Origin.DEFAULT)
    operands = (replace(finding.operands[0], setting=default), *finding.operands[1:])
    run = run_of(replace(outcome, findings=(replace(finding, operands=operands),)))
    (result,) = run["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "app/gunicorn.conf.py"


def test_names_of_files_are_uris(outcome: Outcome) -> None:
    finding = outcome.findings[1]
    setting = finding.operands[0].setting
    assert setting.place is not None
    moved = replace(setting, place=replace(setting.place, path="a b/ü#1.conf"))
    operands = (replace(finding.operands[0], setting=moved), *finding.operands[1:])
    (result,) = run_of(replace(outcome, findings=(replace(finding, operands=operands),)))["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "a%20b/%C3%BC%231.conf"
