"""What is to be done: measures and tasks, each once, with owner, date and state."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.learn.postmortem import Action, ActionKind
from plimsoll.learn.reading.blocks import Item, Shape
from plimsoll.learn.reading.clock import stamps
from plimsoll.learn.reading.headings import Topic
from plimsoll.learn.reading.inline import is_struck
from plimsoll.learn.reading.sections import Outline, Part
from plimsoll.learn.reading.words import content_words, sentences, stem

_DONE = re.compile(
    r"\bdone\b(?! by)|\baccomplished\b|\bcompleted?\b[)\].]*$|^\W*completed?\b|\u2705|\u2714|\u2611|完了|已完成|完成|완료|\bhecho\b|\bfait\b|сделано|выполнено|\berledigt\b|\((?:fixed|merged|deployed|shipped|closed)\)|this has been done|already (?:released|done|in place|deployed|implemented)",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\btodo\b|\bto do\b|\bqueued\b|\bin progress\b|\bpending\b|\bopen\b|\bplanned\b|\bnot started\b|\u23f3|\U0001f4c5|\U0001f6a7|未着手|未完了|进行中|待|\bwip\b|진행|pendiente|à faire|offen",
    re.IGNORECASE,
)
_STATUS_HEADER = re.compile(
    r"status|state|done|progress|状態|ステータス|状态|상태|estado|état|статус", re.IGNORECASE
)
_OWNER_HEADER = re.compile(
    r"owner|assignee|assigned|responsible|who|担当|负责人|담당|responsable|ответствен|verantwortlich|dri\b|lead",
    re.IGNORECASE,
)
_DUE_HEADER = re.compile(
    r"due|deadline|target|eta\b|by when|when|期限|截止|기한|마감|fecha|échéance|prazo|срок|frist|fällig|\bdate\b",
    re.IGNORECASE,
)
_TEXT_HEADER = re.compile(
    r"action|task|item|description|what|bug|measure|todo|improvement|recommend|アクション|内容|対策|措施|任务|行动|조치|acci[óo]n|tarea|tâche|ação|действ|задач|maßnahme|follow",
    re.IGNORECASE,
)
_NOT_TEXT_HEADER = re.compile(
    r"^(?:#|no\.?|id|nr\.?|priority|prio|type|category|カテゴリ|種別|优先级|issue|ticket|link)$",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"^(?:[-\u2013\u2014?\s]*|tbd|tba|n/?a|none|unassigned|未定|\.\.\.)$", re.IGNORECASE
)
_OWNER = re.compile(
    r"(?:\b(?:owner|assignee|assigned to|responsible|dri|verantwortlich|zuständig|responsable|responsável|担当者?)\s*[:=\uff1a-]\s*(?P<name>@?[^,;|()\n\u3001]{2,40}?)(?=\.(?:\s|$)|\s+due\b|[,;|()\n\u3001]|$))|(?-i:\bowner (?P<named>[A-Z]\w+))|[(\[](?P<handle>@[\w.-]{2,30})(?:[,;)\]])|(?:^|\s)(?P<tail>@[\w-]{2,30})\s*$",
    re.IGNORECASE,
)
_DUE = re.compile(
    r"\b(?:due|by|before|deadline|eta|until|target|fällig(?: am)?|bis(?: zum)?|échéance|avant le|d'ici|vence|plazo|prazo)(?:\s+(?:date|by|on))?\s*[:=]?\s*(?P<when>(?:end of |early |late |mid.)?(?:q[1-4](?:\s*/?\s*\d{4})?|(?:this|next) (?:week|month|quarter|sprint)|\w+ \d{1,2}(?:st|nd|rd|th)?,? ?(?:\d{4})?|\d{1,2}(?:st|nd|rd|th)? [A-Za-z]{3,9}\b\.?(?: \d{4})?|\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?))|期限\s*[:\uff1a]\s*(?P<east>[^\s,)\uff09]+)",
    re.IGNORECASE,
)
_QUARTER = re.compile(
    r"\bQ[1-4]\s?/?\s?(?:20\d\d|'\d\d)(?:\s*[-\u2013]\s*Q[1-4]\s?(?:20\d\d)?)?|\b20\d\d\s?Q[1-4]\b|\b(?:this|next) (?:week|sprint|quarter|month)\b(?=\s*[):]|$)|esta semana|próxima semana|prochain déploiement|今週|来週|本周|下周",
    re.IGNORECASE,
)
_COMMITS = re.compile(
    r"\b(?:will|we['\u2019]ll|going to|plan(?:s|ned|ning)? to|need(?:s)? to|should|must|aim(?:s|ing)? (?:to|at)|working (?:to|on)|intend|have to|propos\w+|commit\w*|look(?:ing)? (?:in)?to|are (?:adding|building|implementing|introducing|working))\b|予定|する必要|べき|将|需要|계획|debemos|vamos a|allons|будем|werden",
    re.IGNORECASE,
)
_VAGUE_COMMITMENT = re.compile(
    r"\b(?:several changes|make sure (?:this|it) (?:doesn|does not|never)|never happen|not happen again|this should|will be (?:implemented|taken|made)|following (?:measures|actions|steps|improvements|changes)|you can|we will (?:be|keep|continue) (?:on the lookout|monitor))\b",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"\b(?:steps|measures|actions|improvements|changes)\b[^.:]{0,30}\b(?:have|has|were|was) (?:been )?(?:taken|implemented|made|completed|put in place)\b|\bsteps taken\b|\bactions taken\b|\(completed\)|\bcompleted actions\b|already (?:done|completed|taken)|完了済|已采取",
    re.IGNORECASE,
)
_INTRO = re.compile(r"[:\uff1a]\s*$")
_PAST = re.compile(
    r"^(?:\w+ ){0,4}?(?:was|were|has been|have been)\b|^(?:enhanced|implemented|conducted|updated|added|fixed|deployed|created|removed|increased|moved|migrated|patched|configured|introduced|established|set up|upgraded|restored|changed|corrected|adjusted|documented)\b",
    re.IGNORECASE,
)
_BOILER = re.compile(
    r"\bevery action item should\b|sample subheadings|these are only|list (?:of )?(?:action items|tasks)|^(?:none|n/?a|tbd|todo)\.?$|^things that could|links? to (?:the )?(?:issue|ticket)s? go here|^\W*(?:owner|due|status|priority|deadline|due date|assignee|担当|期限)\s*[:\uff1a]",
    re.IGNORECASE,
)
_LIST_IN_SENTENCE = re.compile(
    r"\b(?:we (?:will|plan to|are going to|need to|should|must|intend to)|the team will|will)\s+(?P<list>[a-z].+)$",
    re.IGNORECASE | re.DOTALL,
)
_VERB_START = re.compile(
    r"^(?:and\s+|also\s+|to\s+)*(?:(?:regularly|automatically|continuously|proactively|properly|further|better|fully|gradually)\s+)?(?:implement|add|establish|provide|create|review|document|improve|enhance|introduce|set|build|automate|monitor|update|upgrade|develop|conduct|schedule|increase|reduce|configure|test|train|define|deploy|enable|migrate|optimi[sz]e|perform|ensure|use|run|write|move|replace|remove|limit|adopt|integrate|strengthen|refine|expand|fix|patch|invest|investigate|enforce|validate|verify|check|make|put|apply|keep|hold|revise|start|stop|split|separate|scale|alert|audit|plan|standardi[sz]e|educate|encourage|evaluate|assess|maintain|strengthen|sharpen|double-check|hunt|teach|keep|throw|plot|decouple|rotate|tune|raise|lower|cap|teach|require|restrict|refactor|rewrite|consider|explore|look|find|get|give|have|allow|avoid|prevent|track|publish|share|include|backup|back|clean|clear|correct|separate)\b"
    r"|^(?!during|following|according|depending|nothing|something|everything|being|having)[a-z]{2,}ing\b(?!:)",
    re.IGNORECASE,
)
_KINDS: tuple[tuple[ActionKind, re.Pattern[str]], ...] = (
    (ActionKind.LEARN, re.compile(r"\b(?:train\w*|workshop|educat\w*|document\w*|wiki|knowledge|lesson\w*|share|runbooks?|playbooks?|guides?|post.?mortem|retrospective|sop|standard operating|教育|文档|ドキュメント)\b", re.IGNORECASE)),
    (ActionKind.RESPOND, re.compile(r"\b(?:escalat\w*|on.?call|incident response|communicat\w*|rotation|pager|status page|post-incident|drill\w*|war room)\b", re.IGNORECASE)),
    (ActionKind.DETECT, re.compile(r"\b(?:monitor\w*|alert\w*|alarm\w*|detect\w*|dashboard\w*|metrics?|observab\w*|log(?:s|ging)?|probe\w*|notif\w*|tell us|be told|subscribe)\b|監視|検知|告警|监控|アラート|メトリクス", re.IGNORECASE)),
    (ActionKind.MITIGATE, re.compile(r"\b(?:roll.?back\w*|fail.?over\w*|redundan\w*|circuit.?break\w*|back.?up\w*|graceful\w*|fallback\w*|autoscal\w*|auto.?scal\w*|retr(?:y|ies)|kill.?switch|restore|recovery plan|disaster recovery|load.?balanc\w*)\b", re.IGNORECASE)),
)  # fmt: skip
_GENERIC_STEMS = """
    implement add improv enhanc creat updat schedul conduct provid regular regularl
    better addition more specific clear develop introduc establish document review system
    process team new similar issu futur procedur includ especially relevant session
    correctl better thorough quickl earl prevent ensur detail consider
"""
_GENERIC = frozenset(_GENERIC_STEMS.split())


class _Raw(Struct, frozen=True):
    """An item of a list of actions as it stands."""

    action: Action
    group: int  # the section of its list
    is_task: bool


def actions_of(outline: Outline) -> tuple[Action, ...]:
    """Measures and tasks, restatements merged: the task is kept, the measure named in `same_as`."""
    return tuple(each.action for each in _merged(list(_raw(outline))))


def actions_listed(outline: Outline) -> tuple[Action, ...]:
    """Every one as it is listed, nothing merged."""
    return tuple(each.action for each in _raw(outline))


def _raw(outline: Outline) -> Iterator[_Raw]:
    sections = action_sections(outline)
    if sections:
        for section in sections:
            yield from _of_section(outline, section)
        return
    yield from _from_prose(outline)


def action_sections(outline: Outline) -> list[int]:
    """Sections whose items are actions; lessons take their place where there are none."""
    direct = [
        n
        for n, s in enumerate(outline.sections)
        if s.topic in (Topic.ACTIONS, Topic.TASKS) and _has_items(outline, n)
    ]
    turned = [
        n
        for n, s in enumerate(outline.sections)
        if n not in direct and s.topic in _TURNED and _promises(outline, n)
    ]
    found = sorted({*direct, *turned})
    if found:
        return found
    return [
        n
        for n, s in enumerate(outline.sections)
        if s.topic is Topic.LESSONS and _is_plan(outline, n)
    ]


_TURNED = frozenset(
    {Topic.RESOLUTION, Topic.RESPONSE, Topic.CAUSE_AND_RESOLUTION, Topic.ASIDE, Topic.LESSONS, None}
)
_PROMISE = re.compile(
    r"(?:prevent|avoid)\b.{0,60}\b(?:future|again|similar|recurr\w*|happening)\b.*[:\uff1a]\s*$|\bfollowing (?:preventi\w+|corrective) (?:measures|actions|steps)\b",
    re.IGNORECASE | re.DOTALL,
)


def _has_items(outline: Outline, section: int) -> bool:
    return any(part.section == section for part in outline.parts)


def _promises(outline: Outline, section: int) -> bool:
    """Whether a sentence of the section announces what is done so that it does not come again."""
    parts = [part for part in outline.parts if part.section == section]
    return any(_PROMISE.search(p.item.text) for p in parts) and any(
        p.item.shape is Shape.BULLET for p in parts
    )


def _is_plan(outline: Outline, section: int) -> bool:
    bullets = [
        p.item.text for p in outline.parts if p.section == section and p.item.shape is Shape.BULLET
    ]
    planned = [text for text in bullets if _VERB_START.match(text) or _COMMITS.search(text)]
    return bool(bullets) and 2 * len(planned) > len(bullets)


def _of_section(outline: Outline, section: int) -> Iterator[_Raw]:
    parts = [
        part
        for part in outline.parts
        if part.section == section and part.item.shape is not Shape.CODE
    ]
    titles = [
        each.title
        for each in outline.ancestors(section)
        if each.topic in (Topic.ACTIONS, Topic.TASKS) or each.title
    ]
    heading = " / ".join(titles[:2])
    is_done = (
        True
        if _TAKEN.search(heading)
        or any(_TAKEN.search(p.item.text) for p in parts if _is_intro(p.item))
        else None
    )
    due = _group_due(heading)
    is_task = outline.sections[section].topic is Topic.TASKS
    has_list = any(p.item.shape in (Shape.BULLET, Shape.ROW) for p in parts)
    begun = not any(_PROMISE.search(p.item.text) for p in parts) or outline.sections[
        section
    ].topic in (Topic.ACTIONS, Topic.TASKS)
    paragraphs = [
        p.item.text for p in parts if p.item.shape is Shape.PARAGRAPH and not _is_intro(p.item)
    ]
    run = _one_a_line(parts)
    is_promising = any(
        _COMMITS.search(s) or _VERB_START.match(s) for text in paragraphs for s in sentences(text)
    )
    least = min((p.item.depth for p in parts if p.item.shape is Shape.BULLET), default=0)
    held: _Raw | None = None
    for at, part in enumerate(parts):
        item = part.item
        begun = begun or bool(_PROMISE.search(item.text))
        if not begun or _BOILER.search(item.text):
            continue
        if item.shape is Shape.ROW:
            found = _of_row(item, is_done=is_done, due=due)
            if found:
                yield _Raw(found, section, is_task)
            continue
        if item.shape is Shape.BULLET:
            after = parts[at + 1].item if at + 1 < len(parts) else None
            if item.depth > least and held is not None and not _is_head(held.action):
                held = _with_detail(held, item)
                continue
            if held is not None:
                yield held
                held = None
            if _is_category(item, after):
                least = after.depth if after else least
                continue
            if item.depth < least:
                least = item.depth
            held = _Raw(_action(item, item.text, is_done=is_done, due=due), section, is_task)
            continue
        if held is not None:
            yield held
            held = None
        if has_list or (_is_intro(item) and len(parts) > 1):
            continue
        if outline.has_children(section) and not any(map(_listed_in, sentences(item.text))):
            continue
        if (
            at == len(parts) - 1
            and len(parts) > 3
            and not (_VERB_START.match(item.text) or _COMMITS.search(item.text))
        ):
            continue
        if run and item.line not in run:
            continue
        pieces = [item.text] if item.line in run else _pieces(item.text, is_promising=is_promising)
        for text in pieces:
            if is_told_again(text, parts, at):
                continue
            yield _Raw(_action(item, text, is_done=is_done, due=due), section, is_task)
    if held is not None:
        yield held
    if has_list:
        for part in parts:  # a sentence that promises beside the list
            if part.item.shape is Shape.PARAGRAPH and not _is_intro(part.item) and begun:
                for text in _pieces(part.item.text, is_promising=True):
                    if (
                        _COMMITS.search(part.item.text)
                        and _VERB_START.match(text)
                        and not _BOILER.search(text)
                    ):
                        yield _Raw(
                            _action(part.item, text, is_done=is_done, due=due),
                            section,
                            is_task=False,
                        )


def _one_a_line(parts: Sequence[Part]) -> frozenset[int]:
    """The lines of a list without bullets: at least three short ones below each other."""
    best: list[int] = []
    run: list[int] = []
    for part in parts:
        item = part.item
        if item.shape is not Shape.PARAGRAPH or _is_intro(item) or len(item.text) > 300:
            run = []
            continue
        run = [*run, item.line] if run and item.line == run[-1] + 1 else [item.line]
        best = run if len(run) > len(best) else best
    return frozenset(best) if len(best) >= 3 else frozenset()


def is_told_again(text: str, parts: Sequence[Part], at: int) -> bool:
    """Whether a paragraph that ends the section only looks back: it promises nothing of its own."""
    return (
        at == len(parts) - 1
        and at > 2
        and bool(
            _VAGUE_COMMITMENT.search(text)
            or re.match(r"(?:now|by |with these|this |these |in conclusion)", text, re.IGNORECASE)
        )
    )


def _is_head(action: Action) -> bool:
    return not action.text or _INTRO.search(action.text) is not None


def _is_intro(item: Item) -> bool:
    return bool(_INTRO.search(item.text)) and item.shape in (Shape.PARAGRAPH, Shape.HEADING)


def _is_category(item: Item, after: Item | None) -> bool:
    """A bullet that only names the kind of those below it."""
    if after is None or after.shape is not Shape.BULLET:
        return False
    if after.depth == item.depth:
        return _INTRO.search(item.text) is not None and len(item.text.split()) <= 6
    return after.depth > item.depth and (
        _INTRO.search(item.text) is not None or (item.is_bold and len(item.text.split()) <= 5)
    )


def _with_detail(held: _Raw, item: Item) -> _Raw:
    """An action with what the bullets below it add: its state, its owner, its date."""
    action = held.action
    done = True if _DONE.search(item.text) else action.done
    owner = action.owner or _owner(item.text)
    return replace(
        held, action=replace(action, done=done, owner=owner, due=action.due or _due(item.text))
    )


def _pieces(text: str, *, is_promising: bool) -> Iterator[str]:
    """The actions in a paragraph: of a list in one sentence each, else each sentence that promises."""
    said = sentences(text)
    for sentence in said:
        if listed := _listed_in(sentence):
            yield from listed
            continue
        if _VAGUE_COMMITMENT.search(sentence) and len(said) > 1:
            continue
        if _COMMITS.search(sentence) or _VERB_START.match(sentence) or not is_promising:
            yield sentence


def _listed_in(sentence: str) -> list[str]:
    """The actions of "we will A, B, and C"; none where it is no list of at least three."""
    found = _LIST_IN_SENTENCE.search(sentence)
    if found is None:
        return []
    out: list[str] = []
    for piece in re.split(r"[,;]\s*(?:and\s+)?", found["list"].strip(" .")):
        if _VERB_START.match(piece) or not out:
            out.append(piece)
        else:
            out[-1] += f", {piece}"
    return out if len(out) >= 3 and all(_VERB_START.match(each) for each in out[1:]) else []


def _of_row(item: Item, *, is_done: bool | None, due: str | None) -> Action | None:
    cells, header = item.cells, item.header
    column = {"text": -1, "owner": -1, "due": -1, "status": -1}
    for at, name in enumerate(header[: len(cells)]):
        if _NOT_TEXT_HEADER.match(name.strip()):
            continue
        for key, pattern in (
            ("status", _STATUS_HEADER),
            ("owner", _OWNER_HEADER),
            ("due", _DUE_HEADER),
            ("text", _TEXT_HEADER),
        ):
            if column[key] < 0 and pattern.search(name):
                column[key] = at
                break
    if column["text"] < 0:
        free = [at for at in range(len(cells)) if at not in column.values()]
        column["text"] = max(free, key=lambda at: len(cells[at]), default=0)
    text = cells[column["text"]] if column["text"] < len(cells) else ""
    if not text or _NOBODY.match(text):
        return None
    owner = cells[column["owner"]] if column["owner"] >= 0 else ""
    when = cells[column["due"]] if column["due"] >= 0 else ""
    status = cells[column["status"]] if column["status"] >= 0 else " ".join(cells)
    raw_status = item.raw if column["status"] < 0 else _cell(item.raw, column["status"]) or status
    found = _action(item, text, is_done=is_done, due=due)
    done = True if _DONE.search(raw_status) else False if _OPEN.search(raw_status) else found.done
    return replace(
        found,
        owner=None if _NOBODY.match(owner) else owner,
        done=done,
        due=None if _NOBODY.match(when) else when,
    )


def _cell(raw: str, at: int) -> str:
    cells = raw.strip().removeprefix("|").removesuffix("|").split("|")
    return cells[at].strip() if at < len(cells) else ""


def _action(item: Item, text: str, *, is_done: bool | None, due: str | None) -> Action:
    done = item.box if item.box is not None else is_done
    if done is None and (_DONE.search(item.raw) or is_struck(item.raw)):
        done = True
    elif done is None and re.search(r"(?:^|[\s(\[])(?:TODO|WIP)\b|\u23f3", item.raw):
        done = False
    kind = next((kind for kind, pattern in _KINDS if pattern.search(text)), ActionKind.PREVENT)
    return Action(text.strip(), item.line, kind, _owner(text), _due(text) or due, done)


def _owner(text: str) -> str | None:
    found = _OWNER.search(text)
    if found is None:
        return None
    name = (found["name"] or found["named"] or found["handle"] or found["tail"] or "").strip(" .*")
    return None if not name or _NOBODY.match(name) else name


def _due(text: str) -> str | None:
    if found := _DUE.search(text):
        when = (found["when"] or found["east"]).strip()
        if re.search(r"\d|this|next", when, re.IGNORECASE) and (
            _QUARTER.search(when)
            or list(stamps(when))
            or re.search(r"this|next", when, re.IGNORECASE)
        ):
            return when
    found = _QUARTER.search(text)
    return found[0] if found else None


_SOON = re.compile(
    r"\b(?:this|(?:within |in )?(?:the )?next) (?:\w+ )?(?:days|weeks?|months?|quarter|sprints?)\b",
    re.IGNORECASE,
)


def _group_due(heading: str) -> str | None:
    if found := _QUARTER.search(heading):
        return found[0]
    if found := _SOON.search(heading):
        return found[0]
    found = re.search(r"\b(?:by|due|before)\s+(?P<when>[^/()]+)", heading, re.IGNORECASE)
    return found["when"].strip() if found and list(stamps(found["when"])) else None


def _from_prose(outline: Outline) -> Iterator[_Raw]:
    """Promises in paragraphs of a text that has no list of actions: one a paragraph."""
    for part in outline.parts:
        if part.item.shape is not Shape.PARAGRAPH or part.topic in (
            Topic.TIMELINE,
            Topic.PEOPLE,
            Topic.LESSONS,
        ):
            continue
        said = [
            s
            for s in sentences(part.item.text)
            if _PROMISES.search(s) and not _VAGUE_COMMITMENT.search(s)
        ]
        if said:
            yield _Raw(
                _action(
                    replace(part.item, raw=part.item.text),
                    said[0],
                    is_done=None,
                    due=_due(part.item.text),
                ),
                part.section,
                is_task=False,
            )


_PROMISES = re.compile(
    r"\b(?:we['\u2019]ll|we will|we are going to|we plan to|we intend to|going forward|will (?:stop|add|be (?:added|moved|changed|introduced|replaced|monitored))|(?:is|are) (?:now )?being (?:added|moved|introduced)|we need to|we['\u2019]ve (?:added|increased|changed) .{0,80}(?:prevent|avoid|so that))\b",
    re.IGNORECASE,
)


def _merged(raw: list[_Raw]) -> list[_Raw]:
    """Without those that say the same as one of another list; the task stays, then the longer."""
    kept: list[_Raw] = []
    exact: dict[str, int] = {}
    for each in raw:
        plain = _plain(each.action.text)
        twin = exact.get(plain) if len(plain) > _LEAST_TOLD else None
        if twin is None and len(raw) <= _MOST_COMPARED:
            twin = next(
                (
                    at
                    for at, other in enumerate(kept)
                    if other.group != each.group and _is_same(other.action, each.action)
                ),
                None,
            )
        exact.setdefault(plain, len(kept))
        if twin is None:
            kept.append(each)
            continue
        first, second = kept[twin], each
        if second.is_task and not first.is_task:
            first, second = second, first
        action = first.action
        kept[twin] = replace(first, action=replace(
            action,
            owner=action.owner or second.action.owner,
            due=action.due or second.action.due,
            done=action.done if action.done is not None else second.action.done,
            same_as=(*kept[twin].action.same_as, second.action.line) if first is kept[twin] else (*second.action.same_as, second.action.line),
        ))  # fmt: skip
    return kept


_LEAST_TOLD = 12  # characters of an action that says something
_MOST_COMPARED = 300  # actions among which those of one meaning are looked for


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


def _is_same(one: Action, other: Action) -> bool:
    if {one.done, other.done} == {True, None} or {one.done, other.done} == {True, False}:
        return False
    first = content_words(one.text) - _GENERIC
    second = content_words(other.text) - _GENERIC
    both = len(first & second)
    least = min(len(first), len(second))
    if not least:
        return False
    share = both / least
    if both >= 2 and share >= 0.6:
        return True
    if both >= 2 and share >= 0.5 and _verb(one.text) == _verb(other.text):
        return True
    is_alike = one.kind is other.kind is ActionKind.DETECT or (
        _TRAINS.search(one.text) and _TRAINS.search(other.text)
    )
    return bool(is_alike) and both >= 2 and share >= 0.4


def _verb(text: str) -> str:
    """The stem of the word that says what is to be done."""
    said = [word for word in re.findall(r"[a-z-]+", text.casefold()) if not word.endswith("ly")]
    return stem(said[0]) if said else ""


_TRAINS = re.compile(r"\btrain\w*", re.IGNORECASE)
