from __future__ import annotations

import io

import pytest
from msgspec.structs import replace

from plimsoll.model.finding import Outcome, Severity
from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import Amount
from plimsoll.model.setting import Unread
from plimsoll.model.stack import Stack, Suppression
from plimsoll.report.format import Look
from plimsoll.report.formats.text import FORMAT, by_service, summary
from plimsoll.report.width import columns


def printed(outcome: Outcome, look: Look | None = None) -> str:
    out = io.StringIO()
    FORMAT.write(outcome, out, look or Look())
    return out.getvalue()


WHOLE = """\
db (postgresql 15 on shop-1)

  CRITICAL  The clients can open more connections than the server takes
    connections-exceed-server
    db/postgresql.conf:2:19
      2 | max_connections = 100   # enough
        |                   ^^^
    clients open up to 160 connections, 97 are there
    4 x 40 = 160 > 100 - 3 = 97 (165 % of the limit)
    with  workers of app = 4                        app/gunicorn.conf.py:2
          connections of app -> db = 40             plimsoll.yaml:9
          superuser_reserved_connections of db = 3  \
default of postgresql 15; would stand in postgresql.conf
    why   Clients above the limit are refused.
    do    lower connections of app -> db (now 40, plimsoll.yaml:9)
          or raise max_connections of db (now 100, db/postgresql.conf:2)
          or change workers of app (now 4, app/gunicorn.conf.py:2)
    seen  seed-001

app (gunicorn on shop-1)

  MEDIUM  Workers are never recycled
    workers-without-limit
    app/gunicorn.conf.py:2:11
      2 | workers = 4
        |           ^
    workers are never recycled
    why   A leak grows for ever.

Not checked
  2 rules need memory of host shop-1 (buffers-exceed-memory, workers-exceed-memory)
    give it: --host shop-1:memory=4GiB, or in plimsoll.yaml: hosts: {shop-1: {memory: 4GiB}}
  1 rule waits for what a measurement tells: private_memory of app (workers-exceed-memory)
    give it: measure it, then in plimsoll.yaml: measured: {app.private_memory: 48MiB}

Not read
  nginx/site.j2: a template

1 critical, 1 medium in 2 services (3 settings, 24 rules); 3 checks not made; 1 not read
"""


def test_the_whole_report(outcome: Outcome) -> None:
    assert printed(outcome) == WHOLE


def test_brief_is_one_line_for_each_finding_the_worst_first(outcome: Outcome) -> None:
    assert printed(outcome, Look(is_brief=True)).splitlines() == [
        "db/postgresql.conf:2:19: critical: clients open up to 160 connections, 97 are there"
        " [connections-exceed-server]",
        "app/gunicorn.conf.py:2:11: medium: workers are never recycled [workers-without-limit]",
    ]


def test_color_is_only_what_is_added(outcome: Outcome) -> None:
    colored = printed(outcome, Look(is_colored=True))
    assert "\x1b[1;31mCRITICAL\x1b[0m" in colored
    for code in ("\x1b[1;31m", "\x1b[33m", "\x1b[1m", "\x1b[2m", "\x1b[0m"):
        colored = colored.replace(code, "")
    assert colored == WHOLE


@pytest.mark.parametrize("width", [40, 60])
def test_sentences_fit_a_narrow_terminal(outcome: Outcome, width: int) -> None:
    tables = ("with", "superuser", "connections of", "workers of", "give it")
    for line in printed(outcome, Look(width=width)).splitlines():
        is_table = line.strip().startswith(tables) or "memory: 4GiB" in line
        assert columns(line) <= width or is_table, line


def test_a_clean_stack_says_what_it_looked_at(outcome: Outcome) -> None:
    clean = Outcome(stack=outcome.stack, rules=24)
    assert printed(clean) == "nothing found in 2 services (3 settings, 24 rules)\n"


def test_a_default_that_nobody_wrote_is_told_without_a_quote(outcome: Outcome) -> None:
    critical = outcome.findings[1]
    default_first = replace(critical, operands=critical.operands[::-1])
    text = printed(replace(outcome, findings=(default_first,)))
    assert "superuser_reserved_connections of db = 3: default of postgresql 15;" in text


def test_more_than_the_limit_that_is_only_a_lower_bound(outcome: Outcome) -> None:
    least = replace(outcome.findings[1], at_least=True, load=Amount(194, 500))
    assert "(at least 200 % of the limit)" in printed(replace(outcome, findings=(least,)))


def test_what_files_hold_is_shown_and_never_sent(outcome: Outcome) -> None:
    nasty = "\x1b[2J\u202e\x9b"
    critical = outcome.findings[1]
    text = printed(
        replace(
            outcome,
            findings=(replace(critical, message=nasty, service=nasty, target=nasty),),
            unread=(Unread(nasty, nasty),),
        )
    )
    assert not set(nasty) & set(text) - set("[2J")
    assert text.count("␛[2J") >= 4


@pytest.mark.parametrize(
    ("target", "told"),
    [
        pytest.param("db", "    connections-exceed-server\n", id="the service itself"),
        pytest.param("host db", "    connections-exceed-server\n", id="the host itself"),
        pytest.param("db, pool x", "    connections-exceed-server, db, pool x\n", id="a part"),
    ],
)
def test_the_target_is_told_where_the_heading_does_not(
    outcome: Outcome, target: str, told: str
) -> None:
    one = replace(outcome.findings[1], target=target)
    assert told in printed(replace(outcome, findings=(one,)))


def test_summary_counts_what_was_accepted(outcome: Outcome) -> None:
    said = summary(Outcome(stack=Stack(), suppressed=outcome.findings[:1]))
    assert said.endswith("; 1 accepted")


ENTRY = Suppression("r", "a pooler comes", Place("plimsoll.yaml", Span(7, 5, 7, 40)), "db")


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        pytest.param(ENTRY, "db: a pooler comes", id="without an end"),
        pytest.param(
            replace(ENTRY, until="2027-01-31", owner="dba"),
            "db until 2027-01-31 by dba: a pooler comes",
            id="with everything",
        ),
        pytest.param(
            replace(ENTRY, reason="password=hunter22 \x1b[2J"), "password=***", id="hidden"
        ),
    ],
)
def test_what_is_accepted_is_told_in_a_line(
    outcome: Outcome, entry: Suppression, told: str
) -> None:
    one = replace(outcome.findings[1], accepted=entry)
    text = printed(replace(outcome, findings=(), suppressed=(one,)))
    (line,) = [each for each in text.splitlines() if each.startswith("  connections-exceed-server")]
    assert "Accepted\n" in text
    assert told in line
    assert "\x1b" not in text


def test_a_finding_that_is_back_says_who_accepted_it(outcome: Outcome) -> None:
    entry = replace(ENTRY, until="2026-01-31", owner="dba")
    text = printed(replace(outcome, findings=(replace(outcome.findings[1], accepted=entry),)))
    assert "    note  was accepted until 2026-01-31 by dba: a pooler comes\n" in text
    assert "Accepted\n" not in text


def test_services_with_the_worst_finding_come_first(outcome: Outcome) -> None:
    low = replace(outcome.findings[1], severity=Severity.LOW, rule="another")
    order = [(s, [f.severity for f in fs]) for s, fs in by_service((low, *outcome.findings))]
    assert order == [("db", [Severity.CRITICAL, Severity.LOW]), ("app", [Severity.MEDIUM])]
