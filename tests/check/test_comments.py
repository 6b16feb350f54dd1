"""Findings that a comment accepts where the setting stands."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.check import check, load_rules
from plimsoll.check.comments import in_comments
from plimsoll.model.finding import Outcome
from plimsoll.stack import read_texts

RULES = {"too-many", "too-few"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "a = 1  # plimsoll: ignore[too-many] until 2027-01-31 because a pooler comes\n",
            [("too-many", "2027-01-31", "a pooler comes", 1)],
            id="behind the value",
        ),
        pytest.param(
            "# plimsoll: ignore[too-many] because x\n\n# more\na = 1\n",
            [("too-many", "", "x", 4)],
            id="above it, over comments and empty lines",
        ),
        pytest.param(
            "; plimsoll: ignore[too-many, too-few] because x \r\na = 1\r\n",
            [("too-many", "", "x", 2), ("too-few", "", "x", 2)],
            id="two rules, a semicolon, CRLF",
        ),
        pytest.param(
            "a // plimsoll: ignore[too-few] because x */\nb",
            [("too-few", "", "x", 1)],
            id="slashes",
        ),
        pytest.param(
            "<!-- plimsoll: ignore[too-few] because x -->\n<a/>",
            [("too-few", "", "x", 2)],
            id="XML",
        ),
        pytest.param(
            "# plimsoll: ignore[too-few] because x", [("too-few", "", "x", 1)], id="last line"
        ),
        pytest.param("name: plimsoll: ignore[too-few] because x", [], id="no comment"),
        pytest.param("# plimsoll: ignored by git", [], id="another word"),
    ],
)
def test_a_comment(text: str, expected: list[tuple[str, str, str, int]]) -> None:
    found = in_comments({"a.conf": text}, RULES)
    assert found.unread == ()
    assert [(s.rule, s.until, s.reason, s.line) for s in found.suppressions] == expected


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("ignore", "accepts nothing: write it like"),
        ("ignore[]", "accepts nothing: write it like"),
        ("ignore[too-many]", "accepts nothing without a reason: write it like"),
        ("ignore[too-many] until 2027-01-31", "accepts nothing without a reason"),
        ("ignore[too-man] because x", "no rule 'too-man'; did you mean 'too-many'?"),
        ("ignore[too-many] until soon because x", "until 'soon' is no date"),
        ("ignore[too-many] for ever", "accepts nothing: write it like"),
    ],
)
def test_a_comment_that_is_not_understood_is_unread(comment: str, reason: str) -> None:
    found = in_comments({"a.conf": f"x\na = 1 # plimsoll: {comment}\n"}, RULES)
    assert found.suppressions == ()
    (unread,) = found.unread
    assert unread.reason.startswith(reason)
    assert unread.place is not None
    assert (unread.place.span.line, unread.place.span.column) == (2, 7)


@given(st.text("#;/ \nplimsoll:ignore[]until because a", max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    found = in_comments({"a": f"{text} # plimsoll: {text}"}, RULES)
    assert all(each.line is not None for each in found.suppressions)


TEXTS = {
    "plimsoll.yaml": """
services:
  app: {technology: gunicorn, files: [gunicorn.conf.py]}
  db: {technology: postgresql, version: "15", files: [postgresql.conf]}
links: [{from: app, to: db, connections: 20}]
""",
    "gunicorn.conf.py": "workers = 8\n",
}
RULE = "connections-exceed-server"


def checked(line: str, today: str = "2027-01-01") -> Outcome:
    stack = read_texts({**TEXTS, "postgresql.conf": line})
    return check(stack, load_rules(), date.fromisoformat(today), only=(RULE, "suppression-expired"))


def rules(outcome: Outcome) -> list[str]:
    return [each.rule for each in outcome.findings]


def test_it_accepts_a_finding_with_a_setting_on_its_line() -> None:
    said = f"max_connections = 100 # plimsoll: ignore[{RULE}] until 2027-01-31 because x\n"
    assert rules(checked(said)) == []
    assert [f.rule for f in checked(said).suppressed] == [RULE]
    elsewhere = f"work_mem = 4MB # plimsoll: ignore[{RULE}] because x\nmax_connections = 100\n"
    assert rules(checked(elsewhere)) == [RULE]


def test_when_it_has_ended_both_are_findings() -> None:
    said = f"max_connections = 100 # plimsoll: ignore[{RULE}] until 2027-01-31 because x\n"
    assert rules(checked(said, "2027-02-01")) == [RULE, "suppression-expired"]
