"""Who was hit and what could not be done, by the sentences that speak of it."""

from __future__ import annotations

import re

from msgspec import Struct

from plimsoll.learn.reading.blocks import Shape
from plimsoll.learn.reading.headings import Topic
from plimsoll.learn.reading.sections import Outline
from plimsoll.learn.reading.words import sentences

_WHO = (
    r"(?:users?|customers?|clients?|visitors?|shoppers?|subscribers?|accounts?|people|employees|staff|students|tenants?|merchants?|members?|players?|requests?|traffic|calls?|"
    r"transactions?|orders?|payments?|launches|logins?|uploads?|downloads?|e-?mails|notifications|searches|deliveries|connections|reads|writes|sessions?|page ?views?|api calls?|queries|evaluations?|messages|jobs|builds|checkouts?|userbase|user base|audience|usuarios|clientes|utilisateurs|usuários|пользовател\w+|nutzer\w*|kunden|besucher|ユーザー?|顧客|用户|客户|사용자|고객)"
)
_PERCENT = re.compile(
    r"(?<![A-Za-z0-9_.])(?P<about>~|nearly |almost |about |approximately |around |over |up to |roughly )?(?P<number>\d{1,3}(?:[.,]\d+)?)\s?(?:%|percent|per cent|\uff05)",
    re.IGNORECASE,
)
_NOT_IMPACT = re.compile(
    r"\b(?:cpu|memory|ram|disk|storage|utili[sz]ation|usage|capacity|(?<!to )(?<!not )load|threshold|alert|space|swap|iops|i/o|heap|uptime|availability|sla|slo|success(?:ful)? rate|coverage|confidence|project time|quota|core|cores|"
    r"back online|restored|recovered|returned|return|back to (?:normal|full|about|over|\d)|canary|rollout|rolled out to|discount|increase|growth|higher|more|faster|slower than|nines|p\d\d|node memory|ip address)\b|磁盘|内存",
    re.IGNORECASE,
)
_HIT = re.compile(  # of lower case
    r"\b(?:affect\w*|impact\w*|experienc\w*|unable|fail\w*|disrupt\w*|degrad\w*|down|outage|unavailab\w*|error\w*|lost|loss|slow\w*|could not|couldn['\u2019]t|cannot|inaccessib\w*|reject\w*|dropp\w*|time(?:d)? ?outs?|timed out|interrupt\w*|issues?|suffer\w*|encounter\w*|blocked|logged out|locked out|5\d\d|hit)\b"
    r"|影響|障害|故障|失败|영향|afect\w*|touch\w*|затрон\w*|betroffen|\bnicht\b|\bne pou\w+|\bno pod\w+|できな|没有|无法",
)
_OF_PEOPLE = r"\s*(?:(?:of|des?|de los|de las|de nos|dos|das|der|unserer|\u0438\u0437)\s+)?(?:(?:our|the|all|nos|nuestros)\s+)?(?:users|customers|clients|visitors|usuarios|clientes|utilisateurs|usu\u00e1rios|nutzer|kunden|besucher)\b"
_USERS = re.compile(
    r"(?<![\w.:$\u20ac\u00a3-])(?P<number>\d{1,3}(?:[,. ]\d{3})+|\d{1,9})(?P<unit>\s?(?:k|million|m|thousand)\b)?\+?\s+(?:(?:of (?:our|the)|our|active|registered|unique|affected|concurrent|daily|paying|online|internal|end|premium|enterprise|mobile|external|total|potential|individual|different|remote|office|university|hospital|company)\s+){0,3}"
    r"(?:users|customers|clients|visitors|shoppers|subscribers|people|employees|staff|students|players|members|participants|merchants|travell?ers|patients|passengers|usuarios|clientes|utilisateurs|usuários|nutzer)\b",
    re.IGNORECASE,
)
_USERS_EAST = re.compile(
    r"(?P<number>\d[\d,]*)\s?(?P<unit>万)?\s?(?:名|人|명)?の?(?:ユーザー?|用户|사용자|人以上)"
)
_NOT_AFFECTED = re.compile(
    r"\b(?:capacity|support(?:s|ed)? up to|designed|target|expected|forecast|limit(?:ed)? (?:of|to)|max(?:imum)?|per (?:second|minute|hour)|load test|simulat\w+|available for|goal)\b",
    re.IGNORECASE,
)
_FUNCTION = re.compile(
    r"\b(?:unable to|could(?: not|n['\u2019]t)|cannot|can(?:no|['\u2019])t|not able to|inability to|prevent(?:ed|ing) (?:\w+ ){0,3}from|difficult(?:y|ies)(?: in)?|fail(?:ed|ing)? to|from)\s+(?P<what>(?:be(?:ing)? )?[a-z][^.;:()]{3,160})",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\b(?:resulting|leading|which|causing|during|because|due to|for (?:about|approximately|the|\d)|when|while|and (?:led|caused|slow)|until|after|since|as (?:a result|the)|at all)\b.*$",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r",\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+(?=(?:to\s+)?[a-z]+(?:e|t|s|k|w|g|n|y|d|p|h)?\s+(?:the|a|an|their|our|any|new|to|products?|transactions?|purchases?|orders?|payments?|pages?|accounts?)\b)"
)
_TOPICS = (Topic.IMPACT, Topic.SUMMARY, Topic.PERIOD, None, Topic.DETECTION, Topic.TIMELINE)


class Reach(Struct, frozen=True):
    """Values with the line that each was read in."""

    percent: float | None = None
    percent_line: int = 0
    users: int | None = None
    users_line: int = 0
    functions: tuple[str, ...] = ()
    functions_line: int = 0
    is_approximate: bool = False
    is_told: bool = False  # whether the text speaks of harm at all


def reach_of(outline: Outline, title: str, told_in_timeline: frozenset[int] = frozenset()) -> Reach:
    """Percent, people and functions; the impact section before the summary before the rest."""
    found = Reach()
    functions: list[str] = []
    line_of_functions = 0
    for topic in _TOPICS:
        for part in outline.parts:
            if part.topic is not topic or part.item.shape is Shape.CODE:
                continue
            if part.item.shape is Shape.ROW and topic is not Topic.IMPACT:
                continue
            said = part.item.text if not part.label else f"{part.label}: {part.item.text}"
            for sentence in sentences(said):
                found = _with_sentence(
                    found, sentence, part.item.line, is_impact=topic is Topic.IMPACT
                )
                is_story = topic is None and part.item.line in told_in_timeline
                if (
                    topic in (Topic.IMPACT, Topic.SUMMARY, None)
                    and not is_story
                    and (named := _functions(sentence))
                ):
                    functions += [each for each in named if each not in functions]
                    line_of_functions = line_of_functions or part.item.line
    if found.percent is None and title:
        found = _with_sentence(found, title, 1, is_impact=True)
    return Reach(
        found.percent, found.percent_line, found.users, found.users_line,
        tuple(functions[:8]), line_of_functions, found.is_approximate,
        found.is_told or found.percent is not None or any(part.topic is Topic.IMPACT for part in outline.parts),
    )  # fmt: skip


def _with_sentence(found: Reach, sentence: str, line: int, *, is_impact: bool) -> Reach:
    percent, percent_line, about = found.percent, found.percent_line, found.is_approximate
    users, users_line = found.users, found.users_line
    is_told = (
        found.is_told or (is_impact and len(sentence) > 8) or bool(_HIT.search(sentence.lower()))
    )
    if percent is None and (hit := _percent(sentence, is_impact=is_impact)) is not None:
        percent, percent_line, about = hit[0], line, hit[1]
    if users is None and (count := _people(sentence, is_impact=is_impact)) is not None:
        users, users_line = count, line
    return Reach(percent, percent_line, users, users_line, (), 0, about, is_told)


def _percent(sentence: str, *, is_impact: bool) -> tuple[float, bool] | None:
    for match in _PERCENT.finditer(sentence):
        number = float(match["number"].replace(",", "."))
        if number > 100:
            continue
        behind = sentence[match.end() : match.end() + 70]
        before = sentence[max(0, match.start() - 60) : match.start()]
        near = re.split(r"[;:.]|,\s|\b(?:as|because|when|while)\b", behind)[0]
        last = re.split(r"[;:.]", before)[-1]
        if _NOT_IMPACT.search(near) or _NOT_IMPACT.search(" ".join(last.split()[-4:])):
            continue
        whom = re.search(_WHO, near, re.IGNORECASE) or re.search(
            _WHO + r"(?:\W+(?:\w+\W+){0,4}|[の中]?[約约]?)$", last, re.IGNORECASE
        )
        is_disruption = re.search(
            r"^\s*(?:service |of )?(?:disruption|outage|downtime|unavailab\w+|error rate|failure|failed|of the (?:service|site|platform|functionality))",
            near,
            re.IGNORECASE,
        )
        is_people = re.match(_OF_PEOPLE, near, re.IGNORECASE)
        if not (whom or is_disruption) or not (
            is_impact or is_people or _HIT.search(sentence.lower())
        ):
            continue
        if is_disruption and re.search("error rate", near, re.IGNORECASE) and not is_impact:
            continue
        return number, bool(match["about"])
    return None


def _people(sentence: str, *, is_impact: bool) -> int | None:
    if not (is_impact or _HIT.search(sentence.lower())):
        return None
    for match in (*_USERS.finditer(sentence), *_USERS_EAST.finditer(sentence)):
        around = sentence[max(0, match.start() - 40) : match.end() + 25]
        if _NOT_AFFECTED.search(around) or sentence[: match.start()].rstrip().endswith(("%", "$")):
            continue
        digits = re.sub(r"[,. ]", "", match["number"])
        if len(digits) == 4 and digits.startswith(("19", "20")) and "," not in match["number"]:
            continue
        unit = (match["unit"] or "").strip().casefold()
        size = {"k": 1000, "thousand": 1000, "m": 10**6, "million": 10**6, "万": 10**4}.get(unit, 1)
        return int(digits) * size
    return None


def _functions(sentence: str) -> list[str]:
    """What users could not do, as the sentence names it."""
    found = _FUNCTION.search(sentence) if _HIT.search(sentence.lower()) else None
    if found is None or (
        found[0].casefold().startswith("from ")
        and not re.search(r"prevent|stop|block|kept", sentence, re.IGNORECASE)
    ):
        return []
    what = _CUT.sub("", found["what"]).strip(" ,")
    pieces = [re.sub(r"^(?:and|or|to)\s+", "", piece).strip() for piece in _SPLIT.split(what)]
    return [p for p in pieces if 4 <= len(p) <= 80 and not _IS_NO_FUNCTION.search(p)][:5]


# What nobody knew, or a sentence of its own behind the comma.
_IS_NO_FUNCTION = re.compile(
    r"^be (?:seen|found|known|told|explained|reproduced|determined|noticed|ruled)\b"
    r"|^\w+ (?:was|were|had|has|have|is|are|got|saw|received)\b",
    re.IGNORECASE,
)
