"""Reports that pipelines read: GitHub's annotations, GitLab's code quality, JUnit's XML."""

from __future__ import annotations

import io
import json
from xml.etree import ElementTree as ET

import pytest
from msgspec.structs import replace

from plimsoll.model.finding import Outcome
from plimsoll.report import format_named
from plimsoll.report.format import Look


def written(name: str, outcome: Outcome, folder: str = "") -> str:
    out = io.StringIO()
    found = format_named(name)
    assert found is not None
    found.write(outcome, out, Look(folder=folder))
    return out.getvalue()


def only(outcome: Outcome, at: int, **changed: object) -> Outcome:
    return replace(outcome, findings=(replace(outcome.findings[at], **changed),))


def test_an_annotation_names_the_file_from_the_root_of_the_repository(outcome: Outcome) -> None:
    first, second, summary = written("github", outcome, "deploy").splitlines()
    assert first.startswith(
        "::warning file=deploy/app/gunicorn.conf.py,line=2,endLine=2,col=1,endColumn=12,"
    )
    assert second.startswith("::error file=deploy/db/postgresql.conf,line=2,")
    assert "::clients open up to 160 connections, 97 are there%0A4 x 40 = 160" in second
    assert summary.startswith("1 critical, 1 medium in 2 services")


@pytest.mark.parametrize(
    ("text", "in_title", "in_message"),
    [
        ("100 % of a:b, c", "100 %25 of a%3Ab%2C c", "100 %25 of a:b, c"),
        ("::error::x", "%3A%3Aerror%3A%3Ax", "::error::x"),
        ("a\r\nb", "a%0D%0Ab", "a␍␊b"),
    ],
)
def test_what_a_file_says_is_no_command(
    outcome: Outcome, text: str, in_title: str, in_message: str
) -> None:
    told = written("github", only(outcome, 1, title=text, message=text, arithmetic="", why=""))
    line = told.splitlines()[0]
    properties, _, message = line.removeprefix("::error ").partition("::")
    assert properties.endswith(f"title=critical%3A {in_title} [connections-exceed-server]")
    assert message == in_message
    assert len(told.splitlines()) == 2


def test_a_setting_of_several_lines_has_no_columns(outcome: Outcome) -> None:
    setting = outcome.findings[1].operands[0].setting
    assert setting.place is not None
    place = replace(setting.place, span=replace(setting.place.span, end_line=4))
    operand = replace(outcome.findings[1].operands[0], setting=replace(setting, place=place))
    line = written("github", only(outcome, 1, operands=(operand,))).splitlines()[0]
    assert "line=2,endLine=4,title=" in line


def test_gitlab_gets_a_list_of_issues(outcome: Outcome) -> None:
    issues = json.loads(written("gitlab", outcome, "deploy"))
    assert [(i["check_name"], i["severity"], i["location"]["path"]) for i in issues] == [
        ("workers-without-limit", "major", "deploy/app/gunicorn.conf.py"),
        ("connections-exceed-server", "blocker", "deploy/db/postgresql.conf"),
    ]
    assert issues[1]["location"]["lines"] == {"begin": 2, "end": 2}
    assert issues[1]["fingerprint"] == "f00d"
    assert json.loads(written("gitlab", replace(outcome, findings=()))) == []


def test_junit_has_a_suite_for_each_service(outcome: Outcome) -> None:
    root = ET.fromstring(written("junit", outcome))  # noqa: S314 - our own
    assert root.attrib == {
        "name": "plimsoll",
        "tests": "6",
        "failures": "2",
        "errors": "1",
        "skipped": "3",
    }
    suites = {suite.get("name"): suite for suite in root}
    assert set(suites) == {"app", "db", "stack"}
    assert suites["db"].attrib["tests"] == "2"
    failed, skipped = suites["db"]
    assert failed.get("name") == "connections-exceed-server: db"
    assert (failed.get("file"), failed.get("line")) == ("db/postgresql.conf", "2")
    assert failed[0].get("type") == "critical"
    assert "max_connections of db = 100  db/postgresql.conf:2:19" in (failed[0].text or "")
    assert skipped[0].get("message") == "needs memory of host shop-1"
    assert suites["stack"][0][0].get("message") == "a template"


def test_a_service_without_fault_has_a_test_that_passed(outcome: Outcome) -> None:
    root = ET.fromstring(written("junit", replace(outcome, findings=(), skipped=(), unread=())))  # noqa: S314
    assert root.get("tests") == "2"
    assert [len(case) for suite in root for case in suite] == [0, 0]


def test_junit_survives_what_a_file_says(outcome: Outcome) -> None:
    told = only(outcome, 1, message='<&"\x00\x1b]]>\udcff', arithmetic="a < b & c")
    root = ET.fromstring(written("junit", told))  # noqa: S314
    (failure,) = root.iter("failure")
    assert failure.get("message") == '<&"␀␛]]>\\xff'
