"""PM301 to PM308: whether the cause can be learnt from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plimsoll.learn.lint.rule import Found, LintRule, Rules, Sheet, words
from plimsoll.learn.postmortem import Category
from plimsoll.learn.reading.blocks import Shape
from plimsoll.learn.reading.cause import setting_kinds
from plimsoll.learn.reading.headings import Topic
from plimsoll.learn.reading.sections import Part
from plimsoll.learn.reading.words import content_words

_OF_ITS_SECTION = 0.85  # confidence of a cause that stands in a section on it, without a perhaps
_OF_CAUSES = (Topic.CAUSE, Topic.CAUSE_AND_RESOLUTION)
_OF_SETTINGS = (Category.CONFIGURATION, Category.CAPACITY, Category.DATABASE)
_PERSON = r"(?:(?:an?|the|one|our|another|some) )?(?:\w+ )?(?:engineer|developer|operator|administrator|admin|employee|colleague|intern|technician|team member|contractor|somebody|someone|dba|sysadmin|devops)"
_DID = re.compile(
    rf"\b{_PERSON}s?\b (?:\w+ )?(?:deleted|removed|ran|pushed|forgot|entered|made (?:a|an) (?:mistake|error)|mis\w+ed|typed|changed|applied|unplugged|restarted the wrong|accidentally|mistakenly|inadvertently|did not|failed)",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:not (?:been )?(?:caught|detected|noticed|covered|tested|identified in testing|flagged)|un(?:noticed|detected|tested)|slipped|missed (?:by|in|during)|did(?:n['\u2019]t| not) (?:catch|detect|notice|cover|flag|show)|missing alert\w*|lack\w* (?:alert|monitor|visib|test)\w*|sign\w* (?:that )?we missed|(?:nobody|no one) (?:was notified|noticed|saw)|never (?:tested|surfaced|showed|alerted|configured)|no (?:alert|test|monitor|check|warning|metric)\w*|without (?:a |any )?(?:test|review|alert|check)\w*|lack of|insufficient (?:test|monitor|review|valid)\w*|only in (?:production|staging)|passed (?:in|on) (?:staging|test)|why (?:it|this|was it|wasn['\u2019]t it) |not caught|in (?:presubmit|review)|overlooked|was not (?:in|part of)|could not be (?:seen|noticed))\b|検知できなかった|存在しなかった|アラートがな|見逃",
    re.IGNORECASE,
)
# What made it last is told, not what made it.
_PROLONGED = re.compile(
    r"\b(?:duration|outage|incident|recovery) (?:was|were) (?:further )?(?:extended|prolonged|delayed)\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"(?P<before>(?:[\w.-]+ ){1,4})from (?:the default (?:of )?)?(?P<old>\d[\d.,]*)\s?\w{0,8} to (?P<new>\d[\d.,]*)",
    re.IGNORECASE,
)
_OF_CHANGING = content_words(
    "raised reduced increased lowered changed set bumped decreased adjusted moved scaled updated extended cut went"
)
_DOMAINS = (
    ("the network", r"\bnetwork\w*|\bdns\b|\bpacket|\brouter|\bswitch(?:es)?\b|\bconnectivity"),
    ("storage", r"\bstorage\b|\bdisks?\b|\bvolumes?\b|\bfilesystem"),
    ("the database", r"\bdatabases?\b|\bpostgres\w*|\bmysql\b|\bmongo\w*"),
    ("memory", r"\bmemory\b|\boom\b|\bheap\b"),
    ("certificates", r"\bcertificates?\b|\btls\b|\bssl\b"),
)


def _setting_not_named(sheet: Sheet) -> Iterator[Found]:
    cause = sheet.postmortem.root_cause
    if (
        cause is None
        or not cause.line
        or cause.confidence < _OF_ITS_SECTION
        or cause.category not in _OF_SETTINGS
    ):
        return
    if cause.category is not Category.CONFIGURATION and cause.setting is None:
        return
    # A kind that stands in another paragraph may be what the symptom was about.
    beside = [p.item.text for p in sheet.outline.parts if p.item.line == cause.line]
    is_kind = cause.setting is not None and not _literal(cause.setting)
    if is_kind and not any(cause.setting in setting_kinds(text) for text in beside):
        return
    if any(map(_PROLONGED.search, beside)):
        return
    if any(_is_exact(part) for part in sheet.outline.of(*_OF_CAUSES)):
        return
    gone = [
        what
        for what, value in (
            ("the setting", _literal(cause.setting)),
            ("its value", cause.value or _numbers(cause.text) or _value_told(sheet, cause.setting)),
        )
        if not value
    ]
    if gone:
        kind = f" ({cause.setting})" if cause.setting and not _literal(cause.setting) else ""
        yield Found(
            cause.line,
            f"the cause names neither {' nor '.join(gone)}{kind}"
            if len(gone) > 1
            else f"the cause does not name {gone[0]}{kind}",
        )


def _is_exact(part: Part) -> bool:
    """Whether it shows the thing itself: a log line, a command, a name as it is written."""
    return part.item.shape in (Shape.CODE, Shape.QUOTE) or "`" in part.item.raw


def _literal(name: str | None) -> bool:
    return bool(name and re.search(r"[_.A-Z-]|[a-z][A-Z]", name) and " " not in name)


def _numbers(text: str | None) -> bool:
    return bool(text and re.search(r"\d", text))


_AMOUNT = re.compile(
    r"(?<![\d:-])\d[\d.,]*\s?(?:[KMGT]i?B?|%|ms|s|sec\w*|min\w*|hours?|workers?|threads?|connections?)?\b(?![:\d-])",
    re.IGNORECASE,
)


_WITH_UNIT = re.compile(
    r"(?<![\w:-])\d[\d.,]*\s?(?:[KMGT]i?B|[KMG]i|%|ms|seconds?|minutes?|workers|threads|connections|cores)\b"
)


def _value_told(sheet: Sheet, setting: str | None) -> bool:
    """Whether a number stands beside that setting somewhere else in the story."""
    cause = sheet.postmortem.root_cause
    line = cause.line if cause else 0
    for part, sentence in sheet.narrative():
        if _CHANGE.search(sentence) or (part.item.line == line and _WITH_UNIT.search(sentence)):
            return True
        is_about = setting is not None and (
            setting.casefold() in sentence.casefold() or setting in setting_kinds(sentence)
        )
        if is_about and _AMOUNT.search(
            re.sub(r"\d{1,2}:\d\d|\d{4}-\d\d-\d\d|[A-Za-z]\w*\d\w*", "", sentence)
        ):
            return True
    return False


_ADDED = words(
    r"contribut\w+|compound\w+|aggravat\w+|made (?:it|this|things|matters) worse|(?:slower|longer|worse|delayed|prolonged|extended|slowed)(?: down)?\b.{0,40}\b(?:due to|because|by|since|as)"
)


def _single(sheet: Sheet) -> Iterator[Found]:
    pm = sheet.postmortem
    cause = pm.root_cause
    if cause is None or not cause.line or pm.factors or cause.confidence < _OF_ITS_SECTION:
        return
    listed = [p for p in sheet.outline.of(*_OF_CAUSES, Topic.TRIGGER) if p.item.number is not None]
    told = any(_ADDED.search(part.item.text) for part in sheet.outline.parts)
    if len(listed) < 2 and not told and not sheet.has(Topic.FACTORS, Topic.TRIGGER, Topic.WRONG):
        yield Found(cause.line, "one cause and no contributing factor")


def _person(sheet: Sheet) -> Iterator[Found]:
    for part in sheet.outline.of(Topic.CAUSE, Topic.TRIGGER, Topic.FACTORS):
        if found := _DID.search(part.item.text):
            yield Found(
                sheet.line_of(part, found[0]), f'a person\'s act as the cause: "{found[0]}"'
            )
            return


def _is_trigger(sheet: Sheet) -> Iterator[Found]:
    triggers = list(sheet.outline.of(Topic.TRIGGER))
    cause = sheet.postmortem.root_cause
    if not triggers or cause is None or not cause.text:
        return
    first, second = content_words(cause.text), content_words(triggers[0].item.text)
    if first and len(first & second) >= 0.8 * len(first | second):
        yield Found(triggers[0].item.line, "the trigger is told as the cause", (cause.line,))


def _not_asked(sheet: Sheet) -> Iterator[Found]:
    cause = sheet.postmortem.root_cause
    if cause is None or not cause.line or cause.confidence < _OF_ITS_SECTION:
        return
    if not any(_ASKED.search(part.item.text) for part in sheet.outline.parts):
        yield Found(cause.line, "it does not say why this was not caught before")


def _factor_without_action(sheet: Sheet) -> Iterator[Found]:
    done = [content_words(action.text) for action in sheet.postmortem.actions]
    for factor in sheet.postmortem.factors:
        said = content_words(factor.text)
        if (
            done
            and not any(len(said & each) >= 2 for each in done)
            and "accepted" not in factor.text
        ):
            yield Found(factor.line, "no action answers this factor, and it is not accepted")


def _two_values(sheet: Sheet) -> Iterator[Found]:
    seen: list[tuple[set[str], tuple[str, str], int]] = []
    for part in sheet.outline.parts:
        for found in _CHANGE.finditer(part.item.text):
            names = content_words(found["before"]) - _OF_CHANGING
            pair = found["old"].rstrip(".,"), found["new"].rstrip(".,")
            for other, values, line in seen:
                if names & other and values != pair:
                    message = (
                        f"from {pair[0]} to {pair[1]} here, from {values[0]} to {values[1]} there"
                    )
                    yield Found(part.item.line, message, (line,))
                    return
            seen.append((names, pair, part.item.line))


def _title_of_another(sheet: Sheet) -> Iterator[Found]:
    cause, title = sheet.postmortem.root_cause, sheet.postmortem.title or ""
    if cause is None or not cause.text or not cause.line or cause.confidence < 0.7:
        return
    named = [what for what, pattern in _DOMAINS if re.search(pattern, title, re.IGNORECASE)]
    caused = [what for what, pattern in _DOMAINS if re.search(pattern, cause.text, re.IGNORECASE)]
    if len(named) == 1 and len(caused) == 1 and named != caused:
        yield Found(
            sheet.first_line,
            f"the title speaks of {named[0]}, the cause of {caused[0]}",
            (cause.line,),
        )


RULES = Rules(
    (
        LintRule(
            "PM301",
            "The cause does not name the setting",
            "Name component, parameter, its value and the limit that it broke: workers = 64, 2 cores. Only that can become a check.",
            _setting_not_named,
        ),
        LintRule(
            "PM302",
            "A single cause",
            "Ask what else had to be true: what let it in, what hid it, what made it last.",
            _single,
            is_warning=False,
        ),
        LintRule(
            "PM303",
            "A person's act as the cause",
            "Ask what made the act possible and reasonable at that moment; that is the cause.",
            _person,
        ),
        LintRule(
            "PM304",
            "The trigger is told as the cause",
            "The trigger is what happened that day; the cause was there before.",
            _is_trigger,
            is_on=False,
        ),
        LintRule(
            "PM305",
            "Why was it not caught?",
            "Say which test, review or alert could have seen it, and why it did not.",
            _not_asked,
            is_warning=False,
        ),
        LintRule(
            "PM306",
            "A factor without an action",
            "Answer every factor with an action, or write that it is accepted.",
            _factor_without_action,
            is_warning=False,
            is_on=False,
        ),
        LintRule(
            "PM307",
            "Two values for one change",
            "Write the old and the new value as they were, everywhere the same.",
            _two_values,
        ),
        LintRule(
            "PM308",
            "Title and cause name different things",
            "Name the document after the cause, or after what users saw.",
            _title_of_another,
            is_warning=False,
            is_on=False,
        ),
    )
)
