"""The output contract, held by a description of our own that allows nothing else."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from plimsoll.model.finding import Finding, Operand, Outcome, Skipped
from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import BYTES, COUNT, SECONDS, UNLIMITED, Amount
from plimsoll.model.setting import Origin, Setting, Unknown, Unread, Unset
from plimsoll.model.stack import Suppression
from plimsoll.report.format import Look
from plimsoll.report.formats.json import FORMAT

NUMBER = (int, float, str)  # "unlimited"
PLACE = Place("plimsoll.yaml", Span(7, 5, 7, 40))

# Key -> (types, whether it is always there), in the order of the contract.
Shape = Mapping[str, tuple[tuple[type, ...], bool]]
DOCUMENT: Shape = {
    "plimsoll": ((str,), True),
    "contract": ((int,), True),
    "findings": ((list,), True),
    "skipped": ((list,), True),
    "unread": ((list,), True),
    "stack": ((dict,), True),
    "accepted": ((list,), True),
}
FINDING: Shape = {
    "rule": ((str,), True),
    "severity": ((str,), True),
    "kind": ((str,), True),
    "service": ((str,), True),
    "message": ((str,), True),
    "load": (NUMBER, False),
    "limit": (NUMBER, False),
    "at_least": ((bool,), False),
    "utilization": (NUMBER, False),
    "unit": ((str,), False),
    "arithmetic": ((str,), False),
    "settings": ((list,), True),
    "fix": ((list,), True),
    "help": ((str,), True),
    "fingerprint": ((str,), True),
    "level": ((str,), False),
    "seen": ((list,), True),
    "accepted": ((dict,), False),
    "was_accepted": ((dict,), False),
}
ACCEPTED: Shape = {
    "reason": ((str,), True),
    "until": ((str,), False),
    "owner": ((str,), False),
}
SETTING: Shape = {
    "service": ((str,), True),
    "technology": ((str,), True),
    "name": ((str,), True),
    "value": ((int, float, str, bool), True),
    "text": ((str,), True),
    "origin": ((str,), True),
    "version": ((str,), False),
    "belongs": ((str,), False),
    "path": ((str,), False),
    "line": ((int,), False),
    "column": ((int,), False),
    "end_line": ((int,), False),
    "end_column": ((int,), False),
    "value_column": ((int,), False),
    "value_end_column": ((int,), False),
}
SKIPPED: Shape = {
    "rule": ((str,), True),
    "service": ((str,), True),
    "reason": ((str,), True),
}
UNREAD: Shape = {
    "path": ((str,), True),
    "line": ((int,), False),
    "reason": ((str,), True),
}
STACK: Shape = {
    "services": ((int,), True),
    "settings": ((int,), True),
}


def hold(found: Mapping[str, Any], shape: Shape) -> None:
    assert [key for key in shape if key in found] == list(found), "an unknown key, or the order"
    for key, (types, is_required) in shape.items():
        assert key in found or not is_required, key
        assert key not in found or type(found[key]) in types, (key, found[key])


def document(outcome: Outcome) -> dict[str, Any]:
    out = io.StringIO()
    FORMAT.write(outcome, out, Look())
    text = out.getvalue()
    assert text.isascii()
    assert text.endswith("}\n")
    found: dict[str, Any] = json.loads(text)
    hold(found, DOCUMENT)
    hold(found["stack"], STACK)
    for finding in (*found["findings"], *found["accepted"]):
        hold(finding, FINDING)
        hold(finding.get("accepted", finding.get("was_accepted", {"reason": ""})), ACCEPTED)
        assert finding["settings"], "every finding names a setting"
        for setting in finding["settings"]:
            hold(setting, SETTING)
    for skipped in found["skipped"]:
        hold(skipped, SKIPPED)
    for unread in found["unread"]:
        hold(unread, UNREAD)
    return found


def finding_with(outcome: Outcome, **changed: Any) -> dict[str, Any]:
    one = replace(outcome.findings[1], **changed)
    found: dict[str, Any] = document(replace(outcome, findings=(one,)))["findings"][0]
    return found


def setting_with(outcome: Outcome, setting: Setting) -> dict[str, Any]:
    found: dict[str, Any] = finding_with(outcome, operands=(Operand("db", setting),))["settings"][0]
    return found


def test_what_is_accepted_is_told_with_its_reason(outcome: Outcome) -> None:
    entry = Suppression("r", "a pooler comes", PLACE, "db", "2027-01-31", "dba")
    one = replace(outcome.findings[1], accepted=entry)
    found = document(replace(outcome, findings=(), suppressed=(one,)))
    (said,) = found["accepted"]
    assert (said["rule"], said["service"]) == ("connections-exceed-server", "db")
    assert said["accepted"] == {"reason": "a pooler comes", "until": "2027-01-31", "owner": "dba"}
    assert found["findings"] == []


def test_what_was_accepted_is_told_with_the_finding_that_is_back(outcome: Outcome) -> None:
    entry = Suppression("r", "a pooler comes", PLACE, until="2026-01-31")
    said = finding_with(outcome, accepted=entry)
    assert said["was_accepted"] == {"reason": "a pooler comes", "until": "2026-01-31"}
    assert "accepted" not in said


def test_the_contract(outcome: Outcome) -> None:
    found = document(outcome)
    assert found["contract"] == 1
    assert found["stack"] == {"services": 2, "settings": 3}
    assert found["unread"] == [{"path": "nginx/site.j2", "reason": "a template"}]
    assert found["skipped"][0] == {
        "rule": "buffers-exceed-memory",
        "service": "db",
        "reason": "needs memory of host shop-1",
    }
    first = found["findings"][1]
    assert {key: first[key] for key in ("load", "limit", "utilization", "unit")} == {
        "load": 160,
        "limit": 97,
        "utilization": 1.6495,
        "unit": "count",
    }
    assert first["settings"][0] == {
        "service": "db",
        "technology": "postgresql",
        "name": "max_connections",
        "value": 100,
        "text": "100",
        "origin": "file",
        "path": "db/postgresql.conf",
        "line": 2,
        "column": 1,
        "end_line": 2,
        "end_column": 22,
        "value_column": 19,
        "value_end_column": 22,
    }


def test_a_default_has_its_version_and_where_it_belongs_and_no_path(outcome: Outcome) -> None:
    assert document(outcome)["findings"][1]["settings"][3] == {
        "service": "db",
        "technology": "postgresql",
        "name": "superuser_reserved_connections",
        "value": 3,
        "text": "3",
        "origin": "default",
        "version": "15",
        "belongs": "postgresql.conf",
    }


def test_a_condition_has_no_load_line(outcome: Outcome) -> None:
    found = finding_with(outcome, load=None, limit=None)
    assert not {"load", "limit", "utilization", "unit", "arithmetic"} & set(found)


def test_load_and_limit_are_numbers_or_unlimited(outcome: Outcome) -> None:
    found = finding_with(
        outcome,
        load=Amount(UNLIMITED, UNLIMITED, SECONDS),
        limit=Amount(0, Fraction(3, 2), SECONDS),
    )
    assert (found["load"], found["limit"], found["unit"]) == ("unlimited", 1.5, "seconds")
    assert found["utilization"] == "unlimited"


def test_a_limit_of_nothing_has_no_utilization(outcome: Outcome) -> None:
    assert "utilization" not in finding_with(outcome, limit=Amount.of(0))


def test_what_an_unknown_could_only_make_worse(outcome: Outcome) -> None:
    assert "at_least" not in finding_with(outcome)
    worse = finding_with(outcome, at_least=True, load=Amount(120, UNLIMITED))
    assert (worse["at_least"], worse["load"]) == (True, 120)


def test_level_and_seen(outcome: Outcome) -> None:
    found = finding_with(outcome, level="floor", seen=("seed-001", "2026-03-01"))
    assert (found["level"], found["seen"]) == ("floor", ["seed-001", "2026-03-01"])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(Amount.of(8192, BYTES), 8192, id="whole"),
        pytest.param(Amount.of(Fraction(1, 4), SECONDS), 0.25, id="fraction"),
        pytest.param(Amount.of(UNLIMITED, SECONDS), "never", id="never"),
        pytest.param(Amount.of(UNLIMITED, COUNT), "unlimited", id="unlimited"),
        pytest.param(Amount(1, 4), "1 to 4", id="depends on the version"),
        pytest.param(True, True, id="boolean"),
        pytest.param("allkeys-lru", "allkeys-lru", id="text"),
        pytest.param(Unset(), "unset", id="unset"),
        pytest.param(Unknown("computed"), "unknown (computed)", id="unknown"),
        pytest.param(None, "as written", id="not settled"),
    ],
)
def test_values(outcome: Outcome, value: Any, expected: object) -> None:
    found = setting_with(outcome, Setting("x", "as written", value=value))
    assert found["value"] == expected
    assert type(found["value"]) is type(expected)


def test_secrets_are_masked_in_value_and_text(outcome: Outcome) -> None:
    found = setting_with(outcome, Setting("requirepass", "hunter2", value="hunter2"))
    assert (found["value"], found["text"]) == ("***", "***")
    number = setting_with(outcome, Setting("pin", "1234", value=Amount.of(1234), is_secret=True))
    assert (number["value"], number["text"]) == ("***", "***")


def test_a_value_on_another_line_has_no_columns_of_its_own(outcome: Outcome) -> None:
    place = Place("app\\x.py", Span(1, 1, 3, 2), Span(2, 5, 3, 2))
    found = setting_with(outcome, Setting("x", "y", place))
    assert found["path"] == "app/x.py"
    assert (found["line"], found["end_line"]) == (1, 3)
    assert "value_column" not in found


def test_bytes_that_are_not_utf8_are_shown(outcome: Outcome) -> None:
    found = document(
        replace(
            outcome,
            unread=(Unread("caf\udce9.conf", "no", Place("caf\udce9.conf", Span(4, 1, 4, 2))),),
            skipped=(Skipped("r", "host h", "needs \ud800"),),
        )
    )
    assert found["unread"] == [{"path": "caf\\xe9.conf", "line": 4, "reason": "no"}]
    assert found["skipped"] == [{"rule": "r", "service": "host h", "reason": "needs \\ud800"}]


def test_a_file_that_is_not_there_is_told_where_it_is_named(outcome: Outcome) -> None:
    named = Unread("redis.conf", "no such file", Place("plimsoll.yaml", Span(2, 5, 2, 9)))
    assert document(replace(outcome, unread=(named,)))["unread"] == [
        {"path": "plimsoll.yaml", "line": 2, "reason": "redis.conf: no such file"}
    ]


def test_help_says_why_and_whose_word_it_is(outcome: Outcome) -> None:
    assert finding_with(outcome)["help"] == (
        "Clients above the limit are refused. Source: PostgreSQL manual, 20.3."
    )


def test_stated_values_name_plimsoll_yaml(outcome: Outcome) -> None:
    stated = document(outcome)["findings"][1]["settings"][2]
    assert (stated["origin"], stated["path"]) == (str(Origin.STATED), "plimsoll.yaml")


def test_nothing_found_is_an_empty_list(outcome: Outcome) -> None:
    nothing: tuple[Finding, ...] = ()
    assert document(replace(outcome, findings=nothing))["findings"] == []


def test_every_key_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "output.md").read_text("utf-8")
    shapes = (DOCUMENT, FINDING, ACCEPTED, SETTING, SKIPPED, UNREAD, STACK)
    keys = {key for shape in shapes for key in shape}
    assert sorted(key for key in keys if not re.search(rf'["`]{key}["`]', page)) == []
