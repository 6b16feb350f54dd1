"""Each rule of the lint: a text that breaks it, and the same text repaired."""

from __future__ import annotations

from datetime import date

import pytest

from plimsoll.learn.lint.check import Document, lint, lint_rules
from plimsoll.learn.reading.texts import text_of
from plimsoll.model.finding import Severity

TODAY = date(2027, 3, 1)
SOUND = """\
# Checkout refused cards on 9 February 2027

Owner: Ada Byron. Reviewer: Jean Bartik. Status: reviewed. All times are UTC.

## Summary

On 2027-02-09 from 10:00 to 10:40 UTC the checkout refused cards. 40% of customers could not pay, which cost
310 orders.

## Timeline

- 2027-02-09 10:00 checkout begins to refuse cards ([graph](https://example.org/1))
- 2027-02-09 10:04 alert on refused cards; the on-call engineer begins to investigate
- 2027-02-09 10:20 the wrong pool_size setting is found in the payment service
- 2027-02-09 10:35 pool_size raised to 40 and the service restarted
- 2027-02-09 10:40 all cards are accepted again, resolved

## Root cause

The setting pool_size of the payment service was set to 4 while 40 threads use the pool. The load test did not
catch it, because it ran with one thread.

## Contributing factors

- The default of pool_size is hidden in a library.

## What went well

- The alert came after four minutes.

## Where we got lucky

- It was a Tuesday.

## Action items

- Check pool_size against threads in the pipeline until a violation stops a build (owner: Ada, due 2027-03-20)
- Add an alert on waits for the pool at 50 ms (owner: Jean, due 2027-03-15)
"""
# rule -> what is replaced in the sound text, and by what
BROKEN = {
    "PM001": ("## Timeline\n", "## Notes\n", r"(?m)^- 2027.*\n"),
    "PM002": ("Owner: Ada Byron. Reviewer: Jean Bartik. Status: reviewed. All times", "All times"),
    "PM003": ("Status: reviewed.", "Status: reviewed. Published: 2027-02-25."),
    "PM004": ("## Where we got lucky\n\n- It was a Tuesday.\n", ""),
    "PM101": ("All times are UTC.", "", " UTC"),
    "PM102": ("2027", "", r"-02-09|2027-02-09|2027| February"),
    "PM103": ("10:20 the wrong", "10:02 the wrong"),
    "PM104": ("10:20 the wrong pool_size setting is found in the payment service", "10:20 coffee"),
    "PM105": (" ([graph](https://example.org/1))", ""),
    "PM106": ("10:35 pool_size", "10:25 misleading path: the network was checked\n- 2027-02-09 10:35 pool_size"),
    "PM107": ("from 10:00 to 10:40 UTC the", "from 10:00 to 10:40 UTC, for 3 hours, the"),
    "PM108": ("10:20 the wrong", "10:55 the wrong", None, ("10:35", "11:35"), ("10:40", "11:40")),
    "PM109": ("to 10:40 UTC the", "to 13:30 UTC the"),
    "PM110": ("- 2027-02-09 10:20", "- 2026-02-09 10:20"),
    "PM111": ("10:04 alert", "10:04 AM alert", None, ("10:20 the", "10:20 PM the"), ("10:35 pool", "10:35 AM pool")),
    "PM112": ("from 10:00 to", "from 10:15 to"),
    "PM113": ("10:20 the wrong", "10:20 AM the wrong", None, ("10:35 pool", "22:35pm pool")),
    "PM201": ("40% of customers could not pay, which cost\n310 orders", "Customers could not pay"),
    "PM203": ("the checkout refused cards. 40%", "there was an outage. 40%"),
    "PM204": (", which cost\n310 orders", ""),
    "PM301": ("The setting pool_size of the payment service was set to 4 while 40 threads use the pool", "The connection pool was configured too small", r"pool_size(?: raised to 40)?"),
    "PM302": ("## Contributing factors\n\n- The default of pool_size is hidden in a library.\n", ""),
    "PM303": ("The setting pool_size", "An engineer mistyped the setting. The setting pool_size"),
    "PM305": (" The load test did not\ncatch it, because it ran with one thread.", ""),
    "PM307": ("10:35 pool_size raised to 40", "10:35 pool_size raised from 4 to 40", None, ("## Contributing", "We raised pool_size from 8 to 40.\n\n## Contributing")),
    "PM401": ("The setting pool_size", "The on-call engineer broke it. The setting pool_size"),
    "PM402": ("The setting pool_size", "It was human error. The setting pool_size"),
    "PM403": ("The setting pool_size", "It was a careless change. The setting pool_size"),
    "PM404": ("The setting pool_size", "The developer forgot the pool. The setting pool_size"),
    "PM405": ("The setting pool_size", "A review would have found it. The setting pool_size"),
    "PM406": ("The setting pool_size", "A lack of monitoring led to it. The setting pool_size"),
    "PM407": ("The setting pool_size", "Obviously nobody looked. The setting pool_size"),
    "PM408": ("The setting pool_size", "Why did you change it? The setting pool_size"),
    "PM501": ("(owner: Jean, due 2027-03-15)", "(due 2027-03-15)"),
    "PM502": ("(owner: Jean, due 2027-03-15)", "(owner: Jean)"),
    "PM503": ("Add an alert on waits for the pool at 50 ms (owner: Jean, due 2027-03-15)", "Improve the monitoring of pools"),
    "PM504": (" until a violation stops a build", ""),
    "PM505": ("## Action items\n", "## Improvements\n\n- Check pool_size against threads in the pipeline\n\n## Action items\n"),
    "PM506": ("Add an alert on waits for the pool at 50 ms", "Raise pool_size everywhere to 40"),
    "PM507": ("- Check pool_size against threads in the pipeline until a violation stops a build", "- Train all teams until each has seen pool_size", None, ("Add an alert on waits for the pool at 50 ms", "Document pool_size in the runbook")),
    "PM509": ("due 2027-03-15", "due 2027-02-15"),
}  # fmt: skip
OFF = {rule.id for rule in lint_rules() if not rule.is_on}


def found(text: str) -> dict[str, list[str]]:
    outcome = lint([Document("pm.md", text_of(text.encode()))], TODAY)
    said: dict[str, list[str]] = {}
    for each in outcome.findings:
        said.setdefault(each.rule, []).append(each.message)
    return said


def test_a_sound_text_has_no_finding() -> None:
    assert found(SOUND) == {}


@pytest.mark.parametrize("rule", sorted(BROKEN))
def test_it_finds(rule: str) -> None:
    import re

    old, new, *more = BROKEN[rule]
    assert isinstance(old, str)
    assert old in SOUND
    text = SOUND.replace(old, str(new))
    if more and isinstance(more[0], str):
        text = re.sub(more[0], "", text)
    for pair in more[1:]:
        assert isinstance(pair, tuple)
        text = text.replace(*pair)
    assert rule in found(text)


def test_every_rule_that_is_on_is_tried() -> None:
    assert {rule.id for rule in lint_rules()} - OFF == set(BROKEN)


def test_a_comment_accepts() -> None:
    text = SOUND.replace(
        "The setting pool_size of",
        "<!-- plimsoll: ignore[PM402] because the customer's words -->\nIt was human error. The setting pool_size of",
    )
    outcome = lint([Document("pm.md", text_of(text.encode()))], TODAY)
    assert [each.rule for each in outcome.findings] == []
    assert [each.rule for each in outcome.suppressed] == ["PM402"]


def test_an_unknown_rule_in_a_comment_is_told() -> None:
    text = SOUND + "\n<!-- plimsoll: ignore[PM999] because of it -->\n"
    outcome = lint([Document("pm.md", text_of(text.encode()))], TODAY)
    assert "no rule 'PM999'" in outcome.unread[0].reason


def test_a_job_that_failed_to_start_is_no_omission() -> None:
    text = SOUND.replace("The setting pool_size", "The job failed to start. The setting pool_size")
    assert found(text) == {}


def test_a_hole_is_not_told_before_it_was_noticed_nor_after_the_repair() -> None:
    text = SOUND.replace("2027-02-09 10:00 checkout", "2027-02-09 09:00 checkout")
    text = text.replace("from 10:00 to", "from 09:00 to").replace(
        "- 2027-02-09 10:40 all", "- 2027-02-09 10:36 incident mitigated\n- 2027-02-09 11:40 all"
    )
    assert "PM108" not in found(text.replace("to 10:40 UTC", "to 11:40 UTC"))


def test_a_cause_that_quotes_its_log_line_names_the_setting() -> None:
    text = SOUND.replace(
        "The setting pool_size of the payment service was set to 4 while 40 threads use the pool",
        "The configuration was rejected: `duplicated label: preset-aws`",
    )
    assert "PM301" not in found(text)


def test_a_factor_told_in_a_sentence_is_a_factor() -> None:
    text = SOUND.replace(
        "## Contributing factors\n\n- The default of pool_size is hidden in a library.\n",
        "Our response was slower because nobody had access.\n",
    )
    assert found(text) == {}


def test_the_next_two_weeks_are_a_date() -> None:
    text = SOUND.replace("## Action items", "## Action items (next two weeks)")
    assert "PM502" not in found(text.replace(", due 2027-03-15", ""))


def test_a_plan_may_say_should() -> None:
    text = SOUND.replace("- Check pool_size", "- It should have been checked: check pool_size")
    assert found(text) == {}


def test_warnings_are_medium_and_the_rest_is_low() -> None:
    outcome = lint(
        [
            Document(
                "pm.md",
                text_of(
                    b"# Shop down\n\n## Timeline\n- 10:00 the shop is down\n- 10:10 fixed, shop is back online\n- 10:20 done\n"
                ),
            )
        ],
        TODAY,
    )
    assert {f.severity for f in outcome.findings} == {Severity.MEDIUM, Severity.LOW}
    assert all(each.operands[0].setting.place for each in outcome.findings)


def test_authors_in_front_matter_answer_for_it() -> None:
    text = SOUND.replace("Owner: Ada Byron. Reviewer: Jean Bartik. Status: reviewed. ", "")
    assert "PM002" in found(text)
    assert "PM002" not in found(f'+++\nauthors = ["Ada Byron"]\n+++\n\n{text}')


def test_a_rate_in_the_timeline_is_a_number() -> None:
    text = SOUND.replace(
        "40% of customers could not pay, which cost\n310 orders", "They lost sales"
    )
    assert "PM201" in found(text)
    dropped = text.replace("begins to refuse cards", "success drops to zero")
    assert "PM201" not in found(dropped)
