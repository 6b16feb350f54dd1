"""What the headings and labels of postmortems mean, in several languages."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache


class Topic(StrEnum):
    """What a section is about."""

    SUMMARY = "summary"
    PERIOD = "period"
    START = "start"
    END = "end"
    IMPACT = "impact"
    TIMELINE = "timeline"
    MILESTONES = "key events"
    DETECTION = "detection"
    CAUSE = "cause"
    CAUSE_AND_RESOLUTION = "cause and resolution"
    TRIGGER = "trigger"
    FACTORS = "factors"
    RESPONSE = "response"
    RESOLUTION = "resolution"
    ACTIONS = "actions"
    TASKS = "tasks"
    LESSONS = "lessons"
    WELL = "what went well"
    WRONG = "what went wrong"
    LUCKY = "where we got lucky"
    SEVERITY = "severity"
    TITLE = "title"
    PEOPLE = "people"
    ASIDE = "aside"


# First match wins: the more special before the more general.
_WORDS: tuple[tuple[Topic, str], ...] = (
    (Topic.LUCKY, r"(?:got |were |was )?luck(?:y|ily)?\b|運が良|运气|suerte|sorte|chance"),
    (Topic.WELL, r"(?:went|did|worked|go|goes) (?:really )?(?:well|right)\b|^positives?$|うまくいったこと|做得好|qué salió bien|o que deu certo|bien fonctionné|잘된"),
    (Topic.WRONG, r"(?:went|go|goes|did) (?:so |really )?(?:wrong|badly|poorly|not so well)|(?:didn.?t|did not|could have) (?:go |gone |been )?(?:so )?(?:well|better)|うまくいかなかった|改善が必要|qué salió mal|o que deu errado|mal fonctionné|challenges"),
    (Topic.CAUSE_AND_RESOLUTION, r"(?:root )?causes?(?: analysis)?(?: and|,| &| /|/)+ (?:the )?(?:resolution|recovery|fix|solution|remed)|causa(?: ra[ií]z)? y (?:la )?(?:resoluci|soluci)|cause (?:racine |profonde )?et (?:la )?r[ée]solution"),
    (Topic.CAUSE, r"root.?causes?\b|^(?:the )?causes?\b|^why\??$|^why (?:did )?it (?:broke|failed|went)|^why (?:did )?(?:it|this) happen|what caused|^causes? of\b|\brca\b|five whys|5 whys|原因|根因|根本|직접 원인|근본 원인|원인|causa\b|causa.ra[ií]z|causas\b|cause racine|cause profonde|origine\b|причин|ursache|underlying (?:issue|cause|problem)|^fault$|^the (?:problem|bug|issue)$|technical (?:details|cause)"),
    (Topic.TRIGGER, r"^triggers?\b|トリガー|déclencheur|auslöser|disparador|триггер|誘因"),
    (Topic.FACTORS, r"contribut\w+ (?:factors?|causes?|conditions?)|^factors?\b|aggravating|寄与要因|facteurs|factores|fatores|促成因素"),
    (Topic.TASKS, r"\btasks?\b|to.?do\b|action items?\b|next steps?\b|^next$|^what(?:.s| is| comes)? next\b|follow.?ups?\b|アクションアイテム|待办|行动项|任务|조치 항목|액션 아이템|tareas\b|tâches|tarefas|plan d.action|plan de acci|plano de a|задачи"),
    (Topic.ACTIONS, r"\bactions?\b(?! taken| timeline)|correct\w* (?:and|&|/|,) prevent\w*|prevent\w* (?:and|&|/|,) correct\w*|(?:corrective|preventa?tive|preventative|remedial)\b|prevention\b|^preventing|improvements?\b|\bremediations?\b|\bmeasures?\b|recommend\w+|what (?:are|will) we (?:doing|do)\b|(?:going|moving) forward|how (?:we|will|to|do|can) .{0,30}(?:prevent|avoid)|再発防止|対策|改进|改善|整改|预防|措施|후속|재발 방지|개선|medidas|acciones|ações|actions? correctives|mesures|меры|предотвращ|maßnahmen|acciones correctivas|future (?:plans?|work|steps?|changes)|action plan"),
    (Topic.MILESTONES, r"^key (?:events|times|dates|moments|timestamps)|^milestones?$|^important times"),
    (Topic.TIMELINE, r"time.?lines?\b|chronolog\w*|sequence of events|^events?$|event log|incident log|タイムライン|時系列|时间线|时间轴|時間軸|经过|タイムテーブル|타임라인|시간대별|chronologie|cronolog[ií]a|l[ií]nea de tiempo|linha do tempo|хронолог|таймлайн|zeitachse|zeitlicher ablauf|ablauf\b|déroul|経緯|(?:what|how) happened and when|^log$"),
    (Topic.DETECTION, r"\bdetect\w*|how .{0,40}(?:detected|discovered|noticed|found out)|\bdiscovery\b|検知|检测|发现|감지|d[ée]tecci|détection|detecção|обнаруж|erkennung|^identified$"),
    (Topic.RESOLUTION, r"\bresol(?:ution|ved?|ving)\b|\brecover\w*|\bfix(?:es|ed)?\b|\bsolutions?\b|\bmitigat\w+|how (?:was it|it was|we) (?:fix|resolv)\w*|restor\w+|解決|解决|复旧|復旧|恢复|处理|対応(?!の評価)|緩和|해결|복구|resoluci|solución|solução|resolução|résolution|решени|восстановл|устранен|behebung|lösung|workaround"),
    (Topic.RESPONSE, r"\bresponse\b|\bresponders?\b|investigation\b|debugging|diagnos\w+|troubleshooting|調査|排查|escalat\w+"),
    (Topic.IMPACT, r"\bimpacts?\b|customer impact|user impact|\baffected\b|影響(?!期間|時間)|影响|영향|impacto|(?<!re)conséquences|влияни|auswirkung|damage\b|symptoms?\b|blast radius|who was affected|^what (?:users|customers|people) (?:saw|noticed|experienced)"),
    (Topic.LESSONS, r"lessons?\b|learn(?:ing|ed|t|ings)?\b|takeaways?\b|教訓|教训|经验|교훈|배운|学び|lecciones|aprendiz|lições|leçons|enseignements|выводы|уроки|lehren|reflections?|retrospective"),
    (Topic.START, r"^(?:incident |outage |issue )?(?:start(?:ed|s)?|began|begin(?:ning)?|onset)(?: (?:time|date|at|date/time|date and time))?$|^first detected|^fault occurs|^impact start|発生(?:日時|時刻)?$|开始时间|开始$|発生$|시작|^(?:hora de )?inicio|^(?:hora de |hora do )?início|^(?:heure de )?début|^beginn?$|начало|time of (?:incident|outage|failure)|^from$"),
    (Topic.END, r"^(?:incident |outage |issue )?(?:end(?:ed|s)?|resolved|restored|recovered)(?: (?:time|date|at|on|date/time))?$|^impact end|復旧日時|复旧|终了|結束|结束(?:时间)?|終了|종료|^(?:hora de |heure de )?fin(?:al)?$|^(?:hora de |hora do )?fim$|^ende$|конец|окончание|^to$|^until$"),
    (Topic.PERIOD, r"\bduration\b|^(?:incident |outage |event )?(?:date|dates|when|period|window|time ?frame|time)s?(?:(?: and| &|/|,| of)? ?(?:time|the outage|(?:the )?incident|outage|event|occurrence))*(?: range)?$|date.{0,8}time|outage (?:window|period)|length of|影響期間|影響時間|発生期間|障害時間|持续时间|时间$|기간|durée|duraci[óo]n|duração|fecha|\bdata$|длительность|продолжительность|дата|dauer|datum|downtime"),
    (Topic.SEVERITY, r"^(?:incident )?(?:severity|priority|sev|level)\b|重大度|严重|심각도|severidad|gravité|gravidade|schwere|критичность"),
    (Topic.SUMMARY, r"summar(?:y|ies)|overview\b|abstract\b|\btl;?dr\b|introduction\b|what happened|description|background\b|サマリー|概要|摘要|概述|总结|요약|개요|resumen|resumo|résumé|описание|сводка|краткое|zusammenfassung|at a glance|^the incident$|^incident$"),
    (Topic.TITLE, r"^(?:incident )?(?:title|name|subject)$|^件名$|^标题$|^título|^titre"),
    (Topic.PEOPLE, r"^(?:authors?(?:\(s\))?|owners?|reviewers?|attendees|participants|facilitator|prepared by|written by|created by|last modified.*|last updated.*|incident commander|作成者|レビュアー|担当者?|auteurs?|autore?s?|team|distribution|approved by|on.?call|reported by|status|ステータス|state|version|date of (?:report|review|postmortem).*|report date|review date|postmortem date|meeting)$"),
    (Topic.ASIDE, r"^(?:appendix.*|references?|links?|related.*|glossary|supporting (?:information|material|data).*|logs?|stats?|statistics|attachments?|further reading|resources|参考.*|acknowledge?ments?|feedback|conclusions?|closing.*|disclaimer|metadata|メタデータ|engaging content|.*make people want to read.*|fun|memes?|contents?|table of contents)$"),
)  # fmt: skip
_COMPILED = tuple((topic, re.compile(words)) for topic, words in _WORDS)  # of lower case
_NUMBERING = re.compile(
    r"^(?:0x[0-9a-f]{1,4}[.:]\s*|\(?(?:\d{1,2}(?:\.\d{1,2})*|[ivx]{1,4}|[a-h])[.):]\s*|\d{1,2}\s+|step \d+:?\s*|[§*]\s*)",
    re.IGNORECASE,
)
_TAIL = re.compile(r"\s*[:\uff1a.\-\u2013\u2014]+\s*$")
_MOST_WORDS = 9
_FUNCTION_WORDS = re.compile(
    r"\b(?:is|are|was|were|will|has|have|had|be|been|by|we|i|they|it)\b", re.IGNORECASE
)


def bare(text: str) -> str:
    """A heading without its number and closing colon."""
    return _TAIL.sub("", _NUMBERING.sub("", text.strip())).strip()


@lru_cache(maxsize=4096)
def topic_of(text: str) -> Topic | None:
    """What a heading says that its section is about; None for words of its own."""
    name = bare(text)
    if not name or len(name) > 90 or len(name.split()) > _MOST_WORDS + 3:
        return None
    lowered = name.lower()
    return next((topic for topic, pattern in _COMPILED if pattern.search(lowered)), None)


@lru_cache(maxsize=4096)
def label_topic(text: str) -> Topic | None:
    """The same for a label before a colon, which is short and no sentence."""
    name = bare(text)
    if len(name.split()) > 6 or len(name) > 50 or _FUNCTION_WORDS.search(name):
        return None
    return topic_of(name)
