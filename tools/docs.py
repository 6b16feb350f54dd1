"""Writes the pages of the rules: docs/rules.md, one page each in docs/rules/, and a page to search.

Everything in them comes from the rule files, and from running each rule on its own first example.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from plimsoll.check import knowledge, load_rules
from plimsoll.check.examples import demonstration
from plimsoll.model.rule import Rule
from plimsoll.report.rule_page import flat, headline, markdown
from plimsoll.report.rules import searched
from plimsoll.stack import read_texts

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "plimsoll"
PAGE = ROOT / "docs" / "rules.md"
PAGES = ROOT / "docs" / "rules"
SEARCH = PAGES / "index.html"

HEAD = """\
# The rules

Written by `make docs` from the rule files; {count} rules. A name leads to the rule's page: why, what is
compared, an example with its arithmetic, how to fix it, how to silence it, its sources.
`plimsoll rules show NAME` prints the same, `plimsoll rules list WORD ...` looks for words, and
[rules/index.html](rules/index.html) is a page to search in.

- *exact*: the server itself refuses or alters the value. *bound*: worst-case arithmetic.
  *judgement*: a threshold, which plimsoll.yaml may set.
- *critical* takes production down, *high* degrades it or loses data under plausible load or a
  deploy, *medium* is a hidden cap, waste or latency, *low* is hygiene.
"""
ACROSS = "Between services, and services and their hosts"


def main() -> int:
    rules = load_rules([])
    PAGE.write_text(page(rules), "utf-8")
    for name, text in pages(rules).items():
        PAGES.mkdir(exist_ok=True)
        (PAGES / name).write_text(text, "utf-8")
    for each in sorted(PAGES.glob("*.md")):
        if each.stem not in {rule.id for rule in rules}:
            each.unlink()
    SEARCH.write_text(search_page(rules), "utf-8")
    print(f"docs: {PAGE.relative_to(ROOT)} and {len(rules)} pages in {PAGES.relative_to(ROOT)}")
    return 0


def page(rules: Iterable[Rule]) -> str:
    """The whole list: what is between services first, then by technology."""
    placed = sorted((*place_of(rule), rule.id, rule) for rule in rules)
    parts = [HEAD.format(count=len(placed))]
    for (_, title), group in groupby(placed, key=lambda each: each[:2]):
        parts.append(f"## {title}\n\n{table(rule for *_, rule in group)}\n")
    return "\n".join(parts)


def pages(rules: Sequence[Rule]) -> dict[str, str]:
    """The page of each rule, by its file's name."""
    known = knowledge()
    return {
        f"{rule.id}.md": markdown(rule, demonstration(rule, rules, read_texts, known))
        for rule in rules
    }


def place_of(rule: Rule) -> tuple[int, str]:
    """Where its section stands, and that section's title."""
    folder = file_of(rule).parent
    return (0, ACROSS) if folder.name == "across" else (1, folder.parent.name.replace("_", "-"))


def file_of(rule: Rule) -> Path:
    return Path(rule.place.path)


def table(rules: Iterable[Rule]) -> str:
    lines = ["| rule | severity | kind | what it finds, and why it matters |", "|---|---|---|---|"]
    return "\n".join([*lines, *map(row, rules)])


def row(rule: Rule) -> str:
    severities = sorted({level.severity for level in rule.levels}, reverse=True)
    said = f"**{cell(rule.title)}.** {cell(rule.why)}."
    link = f"[{rule.id}](rules/{rule.id}.md)"
    return f"| {link} | {', '.join(map(str, severities))} | {rule.kind} | {said} |"


def cell(text: str) -> str:
    """As it fits into a cell."""
    return flat(text).replace("|", "\\|").rstrip(".")


# -------------------------------------------------------------------------------- a page to search

_SEARCH = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The rules of Plimsoll</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
input {{ font: inherit; width: 100%; padding: .5rem; box-sizing: border-box }}
article {{ border-top: 1px solid #ccc; padding: .5rem 0 }}
h2 {{ font-size: 1rem; margin: 0 }}
p {{ margin: 0 }}
small {{ color: #666 }}
</style>
<h1>The rules</h1>
<p><input id="words" type="search" autofocus placeholder="a setting, a technology, a log line"
  aria-label="words to look for"></p>
<p id="count" aria-live="polite">{count} rules</p>
<main>
{articles}
</main>
<script>
const texts = {texts};
const articles = [...document.querySelectorAll("article")];
const input = document.getElementById("words");
function look() {{
  const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  articles.forEach((article, at) => {{
    article.hidden = !words.every((word) => texts[at].includes(word));
    shown += !article.hidden;
  }});
  document.getElementById("count").textContent = shown + " rules";
}}
input.addEventListener("input", look);
input.value = decodeURIComponent(location.hash.slice(1));
look();
</script>
"""


def search_page(rules: Sequence[Rule]) -> str:
    """One page with all rules, of which those with the words that are typed stay."""
    texts = json.dumps([searched(rule) for rule in rules], ensure_ascii=False)
    return _SEARCH.format(
        count=len(rules),
        articles="\n".join(map(article, rules)),
        texts=texts.replace("<", "\\u003c"),
    )


def article(rule: Rule) -> str:
    link = f'<a href="{rule.id}.md">{rule.id}</a>'
    return (
        f"<article><h2>{link} {escape(flat(rule.title))}</h2>"
        f"<p>{escape(flat(rule.why))}</p><small>{escape(headline(rule))}</small></article>"
    )


if __name__ == "__main__":
    sys.exit(main())
