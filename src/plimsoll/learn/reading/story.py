"""Milestones and wrong paths: what the entries of a timeline tell together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from plimsoll.learn.moment import Moment, minutes_between
from plimsoll.learn.postmortem import Entry, EntryKind, Hypothesis
from plimsoll.learn.reading import kinds
from plimsoll.learn.reading.words import content_words

_DETECTED_WORDS = re.compile(
    r"\b(?:detect(?:s|ed|ion)?|notic(?:e|es|ed|ing)|alert(?:s|ed)?|alarms?|report(?:s|ed)?\b(?!ing)|pager|paged|complain\w*|discovered|reali[sz]\w+|warning|declared|tickets?|observed|aware|spots|spotted|flagged|received|monitoring|first (?:recorded|seen|instance|signs?)|recorded instance|uptime check|customers?|users?)\b"
    r"|検知|報告|発見|告警|报警|监控|反馈|감지|알림|신고|alert\w*|detect\w*|détect\w*|report\w*|signal\w*|обнаруж\w*|сообщ\w*|алерт\w*",
    re.IGNORECASE,
)
_FIRST_SEEN = re.compile(
    r"\bfirst (?:\w+ )?(?:instance|signs?|seen|report)\b|\buser seeing\b", re.IGNORECASE
)
_TOLD_OTHERS = re.compile(
    r"\b(?:mailing list|status page|tweet\w*|listserv|users? (?:updated|informed|notified)|communicated to|informed)\b",
    re.IGNORECASE,
)
_MACHINE_SAYS = re.compile(
    r"\b(?:node|pod|server|process|container|service|job|logs?)\w*\s+(?:starts?|started|begins?|began|is|was)?\s*reporting\b",
    re.IGNORECASE,
)
_STAFF_TALK = re.compile(
    r"\b(?:announc\w+|status page|communicat\w+|updates? (?:sent|send|posted)|users? (?:updated|informed|notified)|inform(?:s|ed)|tweet\w*|mailing list is notified|notify service)\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:follow.?up|post.?mortem|retrospective|audit|review(?:ed)? of|builds? failed during|documented|wrote|published|closed the (?:ticket|incident))\b",
    re.IGNORECASE,
)
_RESTARTS = re.compile(
    r"\b(?:re-?start\w*|reboot\w*|rolled? back|rolls back|rollback|revert\w*|scal(?:ed|ing) up|redeploy\w*|clear(?:ed|s) (?:the )?cache)\b",
    re.IGNORECASE,
)
_FAILED_NEXT = re.compile(
    r"\b(?:still\b|persist\w*|did(?: not|n['\u2019]t) (?:help|fix|resolve|solve|work)|no (?:effect|improvement|change)|issue (?:remains|continues|returned)|(?:problem|error|errors|issue) (?:remain|continue|return)\w*|without success|in vain)\b",
    re.IGNORECASE,
)
_RECURS = re.compile(
    r"\bbut\b[^.]{0,60}\b(?:re-?occur|recur|came back|returned|persist)\w*|\bfor a few minutes\b|\btemporar\w+ (?:fix|reli)\w*|\bagain failed\b",
    re.IGNORECASE,
)
_RESULT = re.compile(r"\b(?:restor|resolv|mitigat|recover)\w*", re.IGNORECASE)
_JUST_SEARCH = re.compile(
    r"\binvestigat\w+ (?:began|begins?|started|starts|into|commenc\w+)\b", re.IGNORECASE
)
_PATH_WORDS = re.compile(
    r"\b(?:assum\w+|suspect\w*|hypothes\w+|mis-?lead\w*|believ\w+|thought|initially|focus\w*|wrong|red herring|possib\w+|might|may be|could be|theor\w+|considered|attention|ruled? out|blamed|speculat\w+|seem\w*|appeared)\b|疑|怀疑|以为|의심|sospech|suspeit|soupçon|предполо|vermut|verdacht",
    re.IGNORECASE,
)


def detected(entries: Sequence[Entry]) -> Entry | None:
    """The first entry at which somebody or something noticed; else that at which a search began."""
    for entry in entries:
        if entry.at is None or _MACHINE_SAYS.search(entry.text) or _STAFF_TALK.search(entry.text):
            continue
        if entry.kind is EntryKind.RECOVERY and not re.search(r"after (?:a|an) ", entry.text):
            continue
        if (
            kinds.ALERT.search(entry.text) or _FIRST_SEEN.search(entry.text)
        ) and _DETECTED_WORDS.search(entry.text):
            return entry
        if kinds.INVESTIGATE.search(entry.text):
            return entry
    return None


def acknowledged(entries: Sequence[Entry], after: Moment | None) -> Entry | None:
    """The first entry in which a person begins to investigate."""
    for entry in _from(entries, after):
        if kinds.INVESTIGATE.search(entry.text) and entry.kind is not EntryKind.RECOVERY:
            return entry
    return None


def identified(entries: Sequence[Entry], cause: str) -> Entry | None:
    """The entry that names the cause: of those that find something the first that fits its words."""
    wanted = content_words(cause)
    candidates = [e for e in entries if e.kind is EntryKind.CAUSE and e.at]
    if not candidates:
        return None
    scored = [(len(content_words(e.text) & wanted), -n, e) for n, e in enumerate(candidates)]
    best = max(score for score, _, _ in scored)
    if best == 0:
        return candidates[0]
    return next(entry for score, _, entry in scored if score >= max(1, (best + 1) // 2))


def engaged(entries: Sequence[Entry], wrong: Sequence[Hypothesis]) -> Entry | None:
    """The entry in which those who could repair it take part."""
    paths = {each.line for each in wrong}
    for entry in entries:
        if entry.line in paths or not entry.at:
            continue
        found = re.search(
            r"\b(?:escalat\w+|hand(?:s|ed)?(?: it)? (?:off|over)|call(?:ed|s)? in|brought in|joins?|joined|engag\w+|pulled in|looped in|transferred|involv\w+)\b|エスカレーション|升级|에스컬|escalad\w+|эскал\w+",
            entry.text,
            re.IGNORECASE,
        )
        if found and kinds.TEAM.search(entry.text):
            return entry
    return None


def mitigated(
    entries: Sequence[Entry], known: Moment | None, restored: Entry | None
) -> Entry | None:
    """The last repair that was made and held, from the naming of the cause to the end.

    An entry that calls it so ("incident mitigated") is taken at its word.
    """
    said = next((each for each in entries if each.at and _SAID_MITIGATED.search(each.text)), None)
    if said is not None:
        return said
    held: Entry | None = None
    any_before: Entry | None = None
    at_once: Entry | None = None  # the repair and its success in one entry
    for at, entry in enumerate(entries):
        if entry.at is None:
            continue
        if entry is restored:
            at_once = entry if tells_repair(entry) else None
            continue
        if not tells_repair(entry) or entry.kind in (EntryKind.HYPOTHESIS, EntryKind.ALERT):
            continue
        if kinds.BEGINS.search(entry.text) or _LATER.search(entry.text):
            continue
        after = entries[at + 1].text if at + 1 < len(entries) else ""
        if (
            _RECURS.search(entry.text)
            or _FAILED_NEXT.search(entry.text)
            or _FAILED_NEXT.search(after)
        ):
            continue
        waited = minutes_between(known, entry.at) if known else None
        if known is not None and waited is not None and waited >= 0:
            held = entry
        elif known is None:
            any_before = entry
    return held or any_before or at_once


_SAID_MITIGATED = re.compile(
    r"^(?:the )?(?:incident |issue |outage |impact )?(?:(?:is|was|has been) )?(?:fully )?(?:repaired|mitigated)\b",
    re.IGNORECASE,
)


def tells_repair(entry: Entry) -> bool:
    """Whether it says what was done, not only that all is well."""
    return bool(kinds.REPAIR.search(_RESULT.sub("", entry.text)))


def resolved(entries: Sequence[Entry]) -> Entry | None:
    """The last entry that says that all is well; one about the time after it is not."""
    strong = [e for e in entries if e.at and kinds.is_recovery(e.text) and not _is_weak(e)]
    named = [
        e
        for e in strong
        if not _TOLD_OTHERS.search(e.text)
        or re.search(r"incident resolved|resolved and", e.text, re.IGNORECASE)
    ]
    named = [
        e
        for e in named or strong
        if not _LATER.search(e.text) or re.search(r"resolved|restored|復旧", e.text)
    ]
    if named:
        return named[-1]
    weak = [e for e in entries if e.at and kinds.is_recovery(e.text)]
    return (strong or weak)[-1] if strong or weak else None


def _is_weak(entry: Entry) -> bool:
    return bool(kinds.PARTIAL.search(entry.text)) and not re.search(
        r"\b(?:fully|resolved|all)\b|復旧", entry.text, re.IGNORECASE
    )


def onset(entries: Sequence[Entry], noticed: Entry | None) -> Entry | None:
    """The entry at which the harm began: the first symptom until it was noticed, else the first entry."""
    if not entries:
        return None
    dated = [e for e in entries if e.at]
    for entry in dated:
        is_harm = entry.kind is EntryKind.SYMPTOM or _DOWN.search(entry.text)
        if is_harm and not kinds.is_recovery(entry.text):
            return entry
        if entry is noticed:
            break
    return dated[0] if dated else None


_DOWN = re.compile(
    r"\b(?:(?:is|are|was|were|went|goes|hard) (?:\w+ )?(?:down|unavailable|unreachable|offline)|drops? to zero|dropped to zero|start of incident|incident (?:starts|begins|began)|problem starts|outage (?:starts|begins|began)|stops? (?:working|responding)|stopped (?:working|responding)|begins? (?:to )?fail\w*|starts? (?:to )?fail\w*|started failing|started returning)\b",
    re.IGNORECASE,
)


def wrong_paths(
    entries: Sequence[Entry], found: Entry | None, cause: str
) -> tuple[Hypothesis, ...]:
    """Hypotheses that somebody followed and left, each until the entry that leaves it."""
    out = []
    wanted = content_words(cause)
    for at, entry in enumerate(entries):
        after = next((e for e in entries[at + 1 :] if e.at), None)
        if entry is found or entry.kind in (EntryKind.RECOVERY, EntryKind.CAUSE):
            continue
        if not _opens_path(entry, after, at, entries, found):
            continue
        if _is_right(entry, after, wanted, found):
            continue
        minutes = minutes_between(entry.at, after.at) if after else None
        if minutes is not None and minutes < 0:
            minutes = None
        out.append(
            Hypothesis(entry.text, minutes, entry.line, entry.at, after.at if after else None)
        )
    return tuple(out)


def _opens_path(
    entry: Entry, after: Entry | None, at: int, entries: Sequence[Entry], found: Entry | None
) -> bool:
    if _PATH_WORDS.search(entry.text) and not _JUST_SEARCH.match(entry.text):
        if kinds.is_hypothesis(entry.text):
            shows_only = kinds.is_excluding(entry.text) and not re.search(
                r"shift\w*|focus\w*|assum\w*|suspect\w*|mis-?lead\w*|instead|next|turn\w*|sospech\w*|suspeit\w*|soupçonn\w*|vermut\w*|verdacht\w*",
                entry.text,
                re.IGNORECASE,
            )
            return not shows_only
        return False
    is_before_cause = found is None or all(e is not found for e in entries[:at])
    return bool(
        is_before_cause
        and after
        and _RESTARTS.search(entry.text)
        and _FAILED_NEXT.search(after.text)
        and not _FAILED_NEXT.search(entry.text)
        and not re.search(r"completed?\b", entry.text)
    )


def _is_right(entry: Entry, after: Entry | None, wanted: set[str], found: Entry | None) -> bool:
    """Whether the idea was the cause after all: its words are the cause's and nothing excludes it."""
    if kinds.is_excluding(entry.text) or re.search(
        r"mis-?lead|wrong|initially", entry.text, re.IGNORECASE
    ):
        return False
    if after is not None and after is found:
        return len(content_words(entry.text) & wanted) >= 3
    if after is not None and (kinds.is_excluding(after.text) or _FAILED_NEXT.search(after.text)):
        return False
    return len(content_words(entry.text) & wanted) >= 2


def _from(entries: Sequence[Entry], after: Moment | None) -> list[Entry]:
    out = []
    for entry in entries:
        waited = minutes_between(after, entry.at)
        if entry.at is not None and (after is None or waited is None or waited >= 0):
            out.append(entry)
    return out
