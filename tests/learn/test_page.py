"""The page and the template: what a reader sees, and what is left to fill in."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from plimsoll.learn.lint.check import Document, lint
from plimsoll.learn.postmortem import Postmortem
from plimsoll.learn.reading.read import read
from plimsoll.learn.reading.texts import text_of
from plimsoll.learn.writing.load_line import load_line
from plimsoll.learn.writing.page import page, story
from plimsoll.learn.writing.template import template
from support.browser import opened

TEXT = """\
# Pages were slow

All times in UTC, 2025-12-22.

## Summary
From 09:00 to 09:50 UTC 20% of users could not open pages <b>of the shop</b>.

## Timeline
- 09:00 CPU alert
- 09:05 suspected a traffic spike
- 09:20 no spike; the worker count is found far too high
- 09:35 workers lowered
- 09:50 pages are fast again, resolved

## Root cause
The worker count was set to 64 while the machine has 2 cores for them.

## Action items
- [ ] Check worker counts <script>alert(1)</script> (owner: Ada, due 2026-01-10)
"""
FILLED = {
    "What users saw, in five words": "Checkout refused cards",
    "name": "pool_size",
    "10:00": "10:00", "10:40": "10:40", "40": "40", "users": "customers", "pay": "pay",
    "310 orders": "310 orders", "10:04": "10:04", "10:10": "10:10", "10:20": "10:20", "10:35": "10:35",
    "what happened": "the checkout refused cards",
    "the first harm, with a link to its graph": "checkout begins to refuse cards ([graph](https://example.org/1))",
    "how it was noticed; who begins to investigate": "alert on refused cards; on-call begins to investigate",
    "what was suspected, and what excluded it": "a network fault is suspected; other services reach the bank",
    "the cause is found: service and setting": "the wrong pool_size setting of payment is found",
    "what was changed": "pool_size raised to 40, service restarted",
    "what shows that all is well: resolved": "all cards are accepted again, resolved",
    "service": "payment", "value": "4", "resource": "the request threads", "limit": "40",
    "Which test, review or alert did\nnot catch it, and how it looked to those who changed it.":
        "The load test did not catch it: it runs with one thread.",
    "What else had to be true": "The default of pool_size is hidden in a library.",
    "What ended the harm, and what was left to do.": "pool_size was raised to 40 and the service restarted.",
    "What is worth keeping": "The alert came after four minutes.",
    "What will not be there again": "It was a Tuesday.",
    "Prevent: what is there when it is done, and by what one sees that it works until then":
        "The pipeline compares pool_size with threads, and a test proves that a wrong value stops a build",
    "Detect: the alert, with its number": "An alert on waits for the pool above 50 ms",
    "2027-03-20": "2027-03-20",
}  # fmt: skip


def told(text: str) -> Postmortem:
    return read(text_of(text.encode()), "pm.md")


class _Balanced(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not any(name in ("src", "href", "onload") for name, _ in attrs)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_story_comes_first() -> None:
    assert story(told(TEXT)) == (
        "From 2025-12-22 09:00 to 09:50 UTC, for 50 min, 20 % of users could not open pages of the shop. "
        "The worker count was set to 64 while the machine has 2 cores for them. "
        "One wrong path cost 15 minutes. Workers lowered."
    )


def test_the_page_is_whole_and_fetches_nothing() -> None:
    text = page(told(TEXT))
    checker = _Balanced()
    checker.feed(text)
    assert checker.open == []
    assert "<script" not in text
    assert "15 min" in text
    assert "loaded to 3200 %" in text


def test_a_page_of_next_to_nothing() -> None:
    text = page(told("Something broke.\n"))
    assert "pm.md" in text
    assert "What this page cannot say" in text


@pytest.mark.parametrize(
    ("text", "load", "limit"),
    [
        ("workers was set to 64 while the machine has 2 cores", "64", "2 cores"),
        ("160 connections > 97", "160 connections", "97"),
        ("shared_buffers was configured to 6GB on a server of 4GB", "6 GB", "4 GB"),
    ],
)
def test_a_load_line(text: str, load: str, limit: str) -> None:
    found = load_line(text)
    assert found is not None
    assert (found.load, found.limit) == (load, limit)
    assert found.share > 1


@pytest.mark.parametrize("text", ["it was set wrongly", "set to 5 on 2024-05-12"])
def test_no_load_line(text: str) -> None:
    found = load_line(text)
    assert found is None or found.limit != "2"


def test_a_filled_template_has_no_finding() -> None:
    text = re.sub(
        r"\[([^\[\]]+)\](?!\()", lambda found: FILLED[found[1]], template(date(2027, 3, 9))
    )
    text = text.replace("owner: pool_size", "owner: Ada").replace("Owner: pool_size", "Owner: Ada")
    outcome = lint([Document("pm.md", text_of(text.encode()))], date(2027, 3, 10))
    assert [(each.rule, each.message) for each in outcome.findings] == []


def test_a_browser_shows_it_without_error_or_request(tmp_path: Path) -> None:
    shown = tmp_path / "pm.html"
    shown.write_text(page(told(TEXT)), "utf-8")
    seen = opened(shown.as_uri(), tmp_path)
    assert (seen.console, seen.asked) == ("", frozenset())
    assert seen.dom.count("<h1>Pages were slow</h1>") == 1
    assert "<script>alert" not in seen.dom
