"""The pages of the rules lead to every rule, and say what is true of it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

import docs
from plimsoll.check import load_rules
from plimsoll.report.rules import having
from support.browser import opened

LINK = re.compile(r"^\| \[([a-z0-9-]+)\]\(([^)]+)\) \|(?:[^|]|\\\|)+\|(?:[^|]|\\\|)+\|.+\|$", re.M)


@cache
def pages() -> dict[str, str]:
    return docs.pages(load_rules([]))


def test_every_rule_has_a_line_that_leads_to_its_page() -> None:
    found = dict(LINK.findall(docs.page(load_rules([]))))
    assert found == {rule.id: f"rules/{rule.id}.md" for rule in load_rules([])}


def test_what_is_between_services_comes_first() -> None:
    sections = re.findall(r"^## (.+)$", docs.page(load_rules([])), re.M)
    assert sections[0] == docs.ACROSS
    assert sections[1:] == sorted(sections[1:])
    assert len(set(sections)) == len(sections) > 3


def test_a_text_fits_into_a_cell() -> None:
    assert docs.cell("a | b\n  and c.\n") == "a \\| b and c"


def test_every_rule_is_shown_at_work() -> None:
    assert [name for name, text in pages().items() if "## What it says of that" not in text] == []


@pytest.mark.parametrize("name", sorted(p.name for p in docs.PAGES.glob("*.md")))
def test_the_pages_are_what_make_docs_writes(name: str) -> None:
    assert (docs.PAGES / name).read_text("utf-8") == pages().get(name)


def test_no_page_is_missing() -> None:
    assert {path.name for path in docs.PAGES.glob("*.md")} == pages().keys()


def test_the_lists_are_what_make_docs_writes() -> None:
    assert docs.PAGE.read_text("utf-8") == docs.page(load_rules([]))
    assert docs.SEARCH.read_text("utf-8") == docs.search_page(load_rules([]))


@pytest.mark.real
def test_a_browser_finds_the_rules_in_which_the_words_stand(tmp_path: Path) -> None:
    words = ["redis", "maxmemory"]
    shown = opened(f"{docs.SEARCH.as_uri()}#{'%20'.join(words)}", tmp_path)
    seen = re.findall(r'<article><h2><a href="([a-z0-9-]+)\.md">', shown.dom)
    assert seen == [rule.id for rule in having(load_rules([]), words)]
    assert 0 < len(seen) < len(load_rules([]))
    assert f">{len(seen)} rules<" in shown.dom
    assert (shown.console, shown.asked) == ("", frozenset())
