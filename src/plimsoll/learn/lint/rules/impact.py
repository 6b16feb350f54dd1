"""PM201 to PM204: who was hit, by how much, and what it cost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plimsoll.learn.lint.rule import Found, LintRule, Rules, Sheet, words
from plimsoll.learn.reading.blocks import Shape
from plimsoll.learn.reading.headings import Topic
from plimsoll.learn.reading.sections import Part
from plimsoll.learn.reading.words import sentences

_SHARE = re.compile(
    r"\b(?:all|every(?:one|body)?|no(?:body| one)?|none|any|each|most|half|both|single|only (?:one|two|three)|a (?:few|small number))\b|\d\s?%|\b\d[\d,.]*\s+(?:users?|customers?|requests?|orders?|people|clusters?|hubs?|pods?|nodes?|builds?|services?|teams?|accounts?|records?)|\bcomplete\w*|\btotal\w*|\bentire\w*|全",
    re.IGNORECASE,
)
_RATE = re.compile(r"\d\s?%|\bto zero\b", re.IGNORECASE)
_FUNCTION = re.compile(
    r"\b(?:log(?:ged|ging)?.?(?:in|ins)?|sign(?:ed|ing)?.?(?:in|up)|check.?out|pay\w*|purchas\w*|order\w*|search\w*|upload\w*|download\w*|brows\w*|pages?|website|site|api|apis|dashboard\w*|e?mail\w*|deploy\w*|builds?|launch\w*|access\w*|book\w*|transaction\w*|publish\w*|quer(?:y|ies)|read\w*|writ\w*|stream\w*|shop\w*|messag\w*|notif\w*|request\w*|endpoint\w*|authenticat\w*|metrics|monitor\w*|ingress\w*|certificat\w*|create|update|delete|feed\w*|chat|latenc\w*|database|product\w*|reports?)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"[$\u20ac\u00a3\u00a5]\s?\d|\b\d[\d,.]*\s?(?:usd|eur|gbp|dollars?|euros?|orders?|sales|transactions|carts?|bookings?|tickets?|purchases|invoices|refunds?)\b|\brevenue[^.]{0,40}\d|\bno (?:measurable |revenue |financial |data )?(?:loss|change|revenue|impact)\b|\bsl[aoi]s?\b|error budget|\b(?:complete|total|entire) loss of \w*\s?(?:bookings|orders|sales|purchases)\b",
    re.IGNORECASE,
)
_OUTAGE = words(r"outage|down|unavailable")
_PARTIAL = words(r"partial\w*|degrad\w*|slow\w*|intermittent\w*|some|part")


def _impact_parts(sheet: Sheet) -> list[Part]:
    topics = (Topic.IMPACT, Topic.SUMMARY, Topic.PERIOD, None)
    return [p for p in sheet.outline.parts if p.topic in topics and p.item.shape is not Shape.CODE]


def _no_number(sheet: Sheet) -> Iterator[Found]:
    impact = sheet.postmortem.impact
    if (
        impact.percent is not None
        or impact.users is not None
        or "impact" in sheet.postmortem.missing
    ):
        return
    parts = _impact_parts(sheet)
    title = sheet.postmortem.title or ""
    if not parts or _SHARE.search(title) or any(_SHARE.search(part.item.text) for part in parts):
        return
    if any(_RATE.search(entry.text) for entry in sheet.postmortem.timeline):
        return
    first = next((p for p in parts if p.topic is Topic.IMPACT), parts[0])
    yield Found(first.item.line, "no number and no share of users or requests")


def _no_function(sheet: Sheet) -> Iterator[Found]:
    parts = _impact_parts(sheet)
    if not parts or sheet.postmortem.impact.functions or "impact" in sheet.postmortem.missing:
        return
    if any(_FUNCTION.search(part.item.text) for part in parts):
        return
    first = next((p for p in parts if p.topic is Topic.IMPACT), parts[0])
    yield Found(first.item.line, "it does not say what users could not do")


def _called_outage(sheet: Sheet) -> Iterator[Found]:
    percent = sheet.postmortem.impact.percent
    if percent is None or percent >= 95:
        return
    source = sheet.postmortem.sources.get("impact.percent")
    for part in _impact_parts(sheet):
        for sentence in sentences(part.item.text):
            found = _OUTAGE.search(sentence)
            if found and found[0].casefold() == "outage" and not _PARTIAL.search(sentence):
                line = sheet.line_of(part, found[0])
                others = (source.line,) if source and source.line != line else ()
                yield Found(line, f"called an outage, {percent:g} % were hit", others)
                return


def _no_cost(sheet: Sheet) -> Iterator[Found]:
    parts = _impact_parts(sheet)
    told = (*parts, *sheet.outline.of(Topic.FACTORS))
    if parts and not any(_MONEY.search(part.item.text) for part in told):
        first = next((p for p in parts if p.topic is Topic.IMPACT), parts[0])
        yield Found(first.item.line, "no figure of the business: orders, revenue, an objective")


RULES = Rules(
    (
        LintRule(
            "PM201",
            "No number of the harm",
            "Give the share of users or requests, or their number; an estimate that says so is better than none.",
            _no_number,
        ),
        LintRule(
            "PM202",
            "No function is named",
            "Say what users could not do: sign in, pay, search.",
            _no_function,
            is_warning=False,
            is_on=False,
        ),
        LintRule(
            "PM203",
            "Called an outage, and part of it worked",
            "Say outage where nothing worked, else partial outage or degraded.",
            _called_outage,
            is_warning=False,
        ),
        LintRule(
            "PM204",
            "No figure of the business",
            "Say what it cost in orders, money or error budget, or that it cost nothing.",
            _no_cost,
            is_warning=False,
        ),
    )
)
