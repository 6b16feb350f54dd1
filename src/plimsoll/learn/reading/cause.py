"""The root cause: its sentence, its category, and the setting that it names or only hints at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from plimsoll.learn.postmortem import Category, Entry, EntryKind, RootCause
from plimsoll.learn.reading import kinds
from plimsoll.learn.reading.blocks import Item, Shape
from plimsoll.learn.reading.headings import Topic
from plimsoll.learn.reading.sections import Outline
from plimsoll.learn.reading.words import sentences


class Told(Struct, frozen=True):
    """A sentence that speaks of the cause. *weight*: how directly it does."""

    text: str
    line: int
    weight: float


_CAUSAL = re.compile(  # of lower case
    r"\b(?:root cause|caus(?:e|ed|ing)|due to|because|result(?:ed|ing)? (?:of|from|in)|led to|trigger\w*|stemm\w+|attribut\w+|responsible for|reason|origin\w*|culprit|introduced|fault|was (?:set|configured|missing)|turned out|determined that|misconfig\w*|found (?:that|out)|identified (?:as|that)|underlying|suspect|wasn['\u2019]t|didn['\u2019]t|did not|bug)\b"
    r"|原因|ため|导致|由于|때문|debido|porque|causad\w+|causé|à cause|из-за|причин\w+|wegen|verursacht",
)
_UNKNOWN = re.compile(
    r"\b(?:(?:root )?cause (?:is|was|remains?|are) (?:still |as yet |currently |not )?(?:yet )?(?:unknown|unclear|undetermined|not (?:known|clear|identified|found|determined))|still unknown|(?:haven['\u2019]t|have not|not yet|could not|couldn['\u2019]t) (?:been )?(?:able to )?(?:identif\w+|determin\w+|found|find|establish\w*) (?:the |an? )?(?:exact |root |specific )*(?:cause|reason)|(?:did not|didn['\u2019]t) (?:figure out|find|identify|determine|establish|know) (?:the |what |why )(?:exact )?(?:root )?(?:cause|reason)?|unknown (?:cause|reason)|investigate root cause|未解明|原因不明|原因未明)\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:probabl[ey]|suspect\w*|likely|possibl[ey]|may have|might have|believed|presum\w+|appears? to|seems? to|one possible|we think)\b|おそらく|と思われ|可能|아마",
    re.IGNORECASE,
)

# Evidence for a category: what would have to be changed. Weights by how sure the words are.
_EVIDENCE: tuple[tuple[Category, float, str], ...] = (
    (Category.CONFIGURATION, 5, r"\b(?:mis-?config\w*|wrong(?:ly)? config\w*|(?:set|configured) (?:wrong(?:ly)?|incorrectly|badly)\b|(?:certificado|certificat|zertifikat)\b.{0,60}\b(?:caducad|expir|abgelaufen)|(?:configurad[oa]|configurée?|réglée?|eingestellt|gesetzt)\b|(?:in)?correct(?:ly)? (?:\w+ )?(?:config\w*|set\b|setting\w*|parameter\w*|value\w*)|config\w* (?:error|mistake|change|issue|problem|anomal\w+)|(?:improper|faulty|bad|invalid|wrong|erroneous|missing) (?:\w+ ){0,2}(?:config\w*|setting\w*|parameter\w*|value|limits?|guarantees?|record|rule|permission\w*))|設定ミス|設定誤り|配置错误|配置不当|설정 오류|mala configuraci|configuraci[óo]n (?:incorrecta|errónea)|mauvaise configuration|неправильн\w+ (?:настрой|конфиг)\w*|fehlkonfigur"),
    (Category.CONFIGURATION, 4, r"\b(?:[a-z]+(?:_[a-z]+)+\s?(?:=|was|is|of|at|:)\s?[\"']?(?:\d|true\b|false\b|on\b|off\b)|(?:was|were|is|had been|been|are) (?:\w+ )?(?:set|configured|limited|capped|tuned|hard-?coded) (?:to|at|too|as|with|in|on)\b|set too (?:high|low)|too (?:low|high|small|short|long) (?:for|a)\b|(?:no|without|lacked|didn['\u2019]t have|did not have|not have|missing|any) (?:\w+ ){0,4}(?:limits?|guarantees?|timeouts?|quota|requests)\b(?! was exceeded)|no (?:\w+ )?limit was set|overcommit\w*|never configured|not (?:properly |correctly )?configured|configured to\b|(?:reduc|rais|lower|increas|chang|cut|shrunk|set)\w*\b[^.;]{0,50}\bfrom (?:the )?(?:default )?\d[\w.]*(?: ?\w+)? to \d|allocated only\b|all?ow\w* only \d)"),
    (Category.CONFIGURATION, 3, r"\b(?:timeouts?|probes?|startupprobe|readiness ?probe|livenessprobe|max_\w+|pool[_ ]size|worker(?: process)?(?:es)? (?:count|number|setting)|number of (?:worker|thread|connection)\w*|limit ?ranges?|feature flag|environment variables?|env(?:ironment)? var\w*|dns record|certificates?|expired|number of replicas|replica count|quota|ini file|yaml|conf(?:ig)? file|\.conf\b|nginx\.conf|wp-settings|ulimit|umask|iptables|security group|firewall rules?|default certificate|redirect|config\w*|setting\w*|parameter\w*)\b|パラメータ|設定|配置|参数|설정"),
    (Category.CODE, 5, r"\b(?:bugs?\b|memory leaks?\b|leak(?:s|ed|ing)?\b|regression\b|race condition\b|infinite loop\b|null ?pointer\b|n\+1\b|undefined\b|faulty (?:code|deploy\w*|release|webhook|update)|bad (?:code|deploy\w*|release|upgrade)|code (?:change|error|issue|defect)|unhandled\b|typo(?:graphic(?:al)?)?\b|syntax error|misspel\w+|logic(?:al)? (?:error|flaw)|unoptimi[sz]ed\b|inefficient (?:code|quer\w+|algorithm))|バグ|コード|缺陷|代码|버그|코드|ошибк\w+ в коде|error de código"),
    (Category.CODE, 3, r"\b(?:upgrad\w+|refactor\w*|new (?:version|feature|release)|release\w*|deployment of|deployed|merged?|pull request|commit|migration script|webhook|rolled out|rollout|version \d|one-way|never (?:flipped|cleared|switched|re-?armed)|fallback|implementation|library version|retry logic|replac(?:ed|ement)|cordon\w*|fan-out|introduced in|cleanup|ordering)\b"),
    (Category.CAPACITY, 4, r"\b(?:ran out of|run(?:s|ning)? out of|out of (?:memory|disk|space|storage|capacity)|exhaust\w*|starv\w*|no (?:space|available disk|free)|disk (?:space )?(?:was |is |became )?(?:full|usage)|insufficient (?:resources|capacity|memory|disk|storage)|not enough (?:memory|capacity|resources|space|disk)|needed more (?:memory|cpu|capacity)|over(?:load\w*|whelm\w*)|capacity (?:limit|issue|problem|constraint)\w*|under-?provision\w*|outgrew|scal(?:e|ing) limits?|hit (?:these |the )?(?:scaling |capacity )?limits?|to the limit|full root partition|file watches)\b|枯渇|容量|圧迫|磁盘满|耗尽|부족|고갈|sin espacio|saturaci"),
    (Category.CAPACITY, 3, r"\b(?:traffic (?:spike|surge)|spikes? in (?:traffic|demand|requests|users)|surge (?:in|of)|sudden (?:spike|increase|surge) (?:in|of)|unexpected(?:ly)? (?:high )?(?:load|traffic|volume)|high (?:traffic|load|demand|volume)|peak (?:load|traffic|demand)|increased? (?:traffic|load|demand|number of)|growth|grown|increase number)\b"),
    (Category.DEPENDENCY, 5, r"\b(?:third.party|3rd.party|upstream (?:provider|service|outage|vendor|dependency|project|package|api)|vendor\w*|external (?:service|provider|api|vendor)|(?:cloud|hosting|service|internet|payment|dns|network) provider|isp\b|(?:aws|azure|gcp|gke|google cloud|github|cloudflare|fastly|heroku|stripe|twilio|okta|auth0|upstash|travis|docker hub|npm|pypi|ubuntu|debian|kyverno)(?:['\u2019]s)?\b[^.]{0,60}\b(?:bug|outage|incident|issue|removed|pulled|down|fail\w*|stalled|error|race condition|limit|quota|maintenance|change\w*|problem|claim\w*|engineers?|support))\b|外部サービス|第三方|서드파티|terceros|fournisseur|сторонн\w+"),
    (Category.DEPENDENCY, 4, r"\b(?:(?:a|the) bug in (?:the )?(?:github|gke|aws|azure|google|kubernetes|provider|third|upstream|vendor|cloud|eks)\b|packages? (?:was|were|being )?(?:removed|pulled|no longer available|weren['\u2019]t there)|webhook\b[^.]{0,40}\bunresponsive)|removed repository packages|caused by (?:an? )?(?:aws|gcp|azure|github|provider)"),
    (Category.DATABASE, 4, r"\b(?:deadlock\w*|lock contention|table locks?|row locks?|slow quer\w+|query plan|replication (?:lag|fail\w*|broke\w*)|database (?:corrupt\w*|crash\w*|stall\w*|failure|failover|index|lock\w*|performance)|missing index|index(?:es)? (?:was|were )?(?:missing|dropped)|drop\w* (?:an?|the) (?:\w+ )?index|(?:full|whole) table|table scan|sequential scan|unindexed|inefficient (?:database )?quer\w+|corrupted (?:table|database|index)|vacuum|primary (?:database )?failed|db stall\w*)\b|データベース(?:障害|ロック)|数据库(?:死锁|锁)|데드락|blocage de la base"),
    (Category.NETWORK, 4, r"\b(?:network (?:issue|outage|failure|partition|problem|switch|congestion|interface|cable|glitch|disruption|connectivity|latency|infrastructure|hardware)\w*|networking issue|router|switch (?:fail\w*|port)|packet loss|connectivity (?:issue|loss|problem)\w*|bgp|fib(?:er|re) cut|routing (?:loop|issue|table|problem)|intermittent .{0,20}network\w*|subnets?|vpn)\b|ネットワーク|网络故障|네트워크|fallo de red|panne réseau|сетев\w+"),
    (Category.HARDWARE, 5, r"\b(?:hardware (?:failure|fault|issue|malfunction|problem)\w*|disk (?:failure|failed|crash)|hard (?:drive|disk) (?:fail\w*|crash\w*)|faulty (?:disk|drive|hardware|memory|ram|power|switch|router|cable|server|nic|cpu|fan)|power (?:supply|outage|failure|cut|surge|loss)|cooling|overheat\w*|raid|ups (?:fail\w*|batter\w*)|malfunction\w*|ssd fail\w*|physical server|burnt|blown)\b|ハードウェア|停電|硬件|断电|하드웨어|정전|fallo de hardware|panne matérielle|отказ оборудования"),
    (Category.SECURITY, 5, r"\b(?:ddos|denial.of.service|attack(?:s|er|ers|ed)?|malware|ransomware|breach\w*|hack(?:ed|er|ers)?|exploit\w*|vulnerab\w+|unauthori[sz]ed|intrusion|phishing|brute.force|compromised (?:credential|account|key|server|host)\w*|sql injection|leaked (?:key|credential|token)\w*|malicious)\b|攻撃|不正アクセス|攻击|漏洞|공격|해킹|ataque|attaque|атак\w+|взлом\w*"),
    (Category.HUMAN, 4, r"\b(?:human (?:error|mistake)|by mistake|accident(?:al(?:ly)?)?|mistakenly|inadvertent\w*|unintention\w*|wrong (?:server|cluster|database|button|command|table|environment)|manual(?:ly)? (?:error|mistake|deleted|removed|ran|run|step)|operator error|forgot\w*|misunderstanding|fat.finger\w*|unplugged|tripped|communication (?:breakdown|gap|failure)|went unnoticed|without (?:following|checking) the (?:procedure|process|checklist))\b|人為|ミス操作|误操作|人为|실수|error humano|erreur humaine|человеческ\w+"),
)  # fmt: skip
# These are searched in lower case, which is twice as fast as any case.
_COMPILED = tuple(
    (category, weight, re.compile(pattern)) for category, weight, pattern in _EVIDENCE
)
_OF_PREFERENCE = tuple(Category)

_SETTING_KINDS: tuple[tuple[str, str], ...] = (
    ("worker count", r"\b(?:number|count|amount) of (?:\w+ ){0,2}worker\w*|\bworker(?: process(?:es)?)? (?:count|number|setting|limit)|\bworkers?\b|\bworker_processes\b|\bmax(?:requestworkers|_children)\b"),
    ("thread count", r"\b(?:number|count|amount) of (?:\w+ ){0,2}threads?|\bthread (?:count|pool|limit)|\bexcessive threads\b|\bthreads\b"),
    ("connection pool size", r"\b(?:connection )?pool(?:[_ ]size|ing| size| limit)?\b|\bmax(?:imum)?[_ ](?:number of )?(?:\w+ )?connections?\b|\bconnection limits?\b|\bdatabase connections\b|\btoo many connections\b|\bpool de conn?exi?on\w*|\bconnexions du pool\b|\bverbindungspool|コネクションプール|连接池|커넥션 풀"),
    ("memory limit", r"\bmemory (?:limits?|allocation|guarantee\w*|settings?|parameter\w*|requests?|overcommit\w*|buffers?)|\bout of memory\b|\boomkill\w*|\bheap(?: size)?\b|\bmemory[-_]limit\b|\bovercommit\w*|内存限制|メモリ上限|메모리 제한"),
    ("timeout", r"\btime-?out\b(?! errors?| exceptions?)|\btime-?outs? (?:values?|settings?|were|was|are|is)\b|\bprobe (?:timeout|time)|タイムアウト|超时|타임아웃|tiempo de espera|délai"),
    ("probe", r"\b(?:startup|readiness|liveness)[- ]?probes?\b|\bhealth.?checks?\b"),
    ("open files", r"\b(?:open files?|file descriptors?|nofile|ulimit|inotify|file watches)\b"),
    ("cache lifetime", r"\bcach(?:e|ing)\b[^.]{0,40}\b(?:ttl|lifetime|expir\w+|key|mechanism|config\w*|setting\w*|invalidat\w*)|\bttl\b|\bmis-?configured cach\w+|\bdélai d.expiration du cache|\bcaching (?:mechanism|layer|config\w*)|キャッシュ|缓存|캐시"),
    ("disk size", r"\bdisk (?:size|space|allocat\w*|quota)|\bvolume size\b|\bstorage (?:limit|quota)|\bno space left\b"),
    ("cpu limit", r"\bcpu (?:limits?|requests?|quota|shares|throttl\w*)"),
    ("replicas", r"\breplicas?(?:et)?\b|\bautoscal\w*|\bnode (?:count|pool)|\bscaling (?:policy|config\w*)"),
    ("retries", r"\bretr(?:y|ies)\b|\bback-?off\b"),
    ("certificate", r"\b(?:certificates?|certificados?|certificats?|zertifikate?)\b|\btls\b|\bssl\b"),
    ("dns record", r"\bdns\b|\bdomain record\b"),
    ("firewall rule", r"\bfirewall\b|\bsecurity group\b|\biptables\b|\bwaf\b"),
    ("rate limit", r"\brate.?limit\w*|\bthrottl\w+"),
    ("permissions", r"\bpermissions?\b|\biam\b|\brole\b"),
    ("load balancer", r"\bload.?balanc\w+"),
    ("database parameter", r"\bdatabase (?:server )?(?:config\w*|settings?|parameters?)|\bmis-?configured database\b|\b(?:database|server)\b.{0,60}\b(?:incorrect|wrong) parameter|\bparameters?\b"),
    ("server setting", r"\bserver (?:config\w*|settings?)|\bconfig\w*\b|\bsettings?\b"),
)  # fmt: skip
_KINDS_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in _SETTING_KINDS)
# A name as configuration writes it: max_connections, worker_processes, innodb-buffer-pool-size, systemReserved.
_NAME = re.compile(
    r"(?<![\w./@-])(?:[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+|[a-z][a-z0-9]+(?:\.[a-z][a-z0-9_]+){1,4})(?![\w/]|\.\w|\()"
)
_NAMES_NOT = re.compile(
    r"\.(?:com|org|net|io|dev|md|py|js|ts|go|rb|php|sh|yaml|yml|json|html|log|sql|uk|rs|gov)$|^(?:e\.g|i\.e)|^(?:javascript|github|node\.js|vue\.js|next\.js)",
    re.IGNORECASE,
)
_VALUE = re.compile(
    r"(?:\b(?:to|at|of|was|is|only|set)\b|=|:)\s*(?P<value>\d[\d,.]*\s?(?:%|ms|s|sec(?:onds?)?|min(?:utes?)?|h(?:ours?)?|[KMGT]i?B?|Gi|Mi)?)(?![\w-])",
    re.IGNORECASE,
)
_TECHNOLOGIES = (
    ("nginx", r"nginx\b"), ("apache", r"apache2?\b|httpd\b"), ("haproxy", r"haproxy\b"), ("traefik", r"traefik\b"),
    ("envoy", r"envoy\b"), ("varnish", r"varnish\b"), ("postgresql", r"postgres(?:ql)?\b"), ("pgbouncer", r"pgbouncer\b"),
    ("mysql", r"mysql\b|mariadb\b|innodb\b"), ("mongodb", r"mongo(?:db)?\b"), ("redis", r"redis\b"), ("memcached", r"memcached?\b"),
    ("rabbitmq", r"rabbitmq\b"), ("kafka", r"kafka\b"), ("elasticsearch", r"elastic ?search\b"), ("gunicorn", r"gunicorn\b"),
    ("uwsgi", r"uwsgi\b"), ("puma", r"puma\b"), ("php_fpm", r"php-?fpm\b"), ("tomcat", r"tomcat\b"), ("celery", r"celery\b"),
    ("sidekiq", r"sidekiq\b"), ("node", r"node\.?js\b"), ("django", r"django\b"), ("rails", r"rails\b"), ("jvm", r"jvm\b|java heap\b"),
    ("kubernetes", r"kubernetes\b|k8s\b|pods?\b|kubelet\b|eks\b|gke\b"), ("docker_compose", r"docker\b"), ("prometheus", r"prometheus\b"),
    ("systemd", r"systemd\b"), ("php", r"php\b"), ("aws_alb", r"alb\b"),
    ("web server", r"web ?servers?\b"), ("database", r"databases?\b|db\b"), ("cache", r"cach(?:e|ing)\b"),
)  # fmt: skip
# One pattern that finds them all, at the beginning of a word; then one of each says which it is.
_ANY_TECHNOLOGY = re.compile(rf"\b(?:{'|'.join(pattern for _, pattern in _TECHNOLOGIES)})")
_EACH_TECHNOLOGY = tuple((name, re.compile(pattern)) for name, pattern in _TECHNOLOGIES)


def cause_of(outline: Outline, entries: Sequence[Entry], title: str) -> RootCause | None:
    """The root cause as the text tells it; None where it says that nobody knows, or nothing."""
    told = list(_told(outline, entries))
    told = [each for each in told if not each.text.endswith("?")]
    if not told:
        return None
    strong = [each for each in told if each.weight >= 2.7]
    weights = _scores(told, title)
    said = strong or [
        each
        for each in told
        if _CAUSAL.search(each.text.lower())
        or each.weight >= 2
        or (each.weight >= 1.2 and _names_fault(each.text, 4))
    ]
    if not said:
        return _guessed(told, title)
    main = _main(said)
    for category, share in _scores([main] if strong else [], "").items():
        # the sentence that says it counts most
        weights[category] = weights.get(category, 0) + 2 * share
    beside = [Told(each.text, each.line, 0.0) for each in entries if _UNKNOWN.search(each.text)]
    unknown = [
        each
        for each in (*told, *beside)
        if _UNKNOWN.search(each.text) and not _names_fault(each.text)
    ]
    is_unknown = bool(unknown) and not any(
        each.weight >= 3 and _CAUSAL.search(each.text.lower()) and not _UNKNOWN.search(each.text)
        for each in told
    )
    best = max(
        weights, key=lambda c: (weights[c], -_OF_PREFERENCE.index(c)), default=Category.OTHER
    )
    category = best if weights and weights[best] > 0 else Category.OTHER
    if is_unknown:
        return RootCause(unknown[0].text, category, unknown[0].line, 0.2)
    if not strong and category is Category.OTHER:
        return RootCause(main.text, category, main.line, 0.2)
    confidence = 0.9 if strong else 0.6
    if _HEDGED.search(main.text):
        confidence *= 0.6
    whole = " ".join(each.text for each in told if each.weight >= 2)
    name, value = _named_setting([each.text for each in told if each.weight >= 1.5])
    if value is None and (written := _SET_TO.search(main.text)):
        value = written["value"].strip(" .,")
    return RootCause(
        main.text, category, main.line, round(confidence, 2),
        technology=_technology(main.text) or _technology(whole) or _technology(" ".join(each.text for each in told)[:_MOST_LOOKED_AT]),
        setting=name or (_kind_of_setting(main, said) if category in _HAS_SETTING else None),
        value=value,
    )  # fmt: skip


def _kind_of_setting(main: Told, said: Sequence[Told]) -> str | None:
    """Of the sentence that names the cause, else of those beside it; the general kinds last."""
    first = _setting_kind((main.text,))
    beside = _setting_kind(tuple(each.text for each in said))
    return beside if first is None or (first in _GENERAL and beside is not None) else first


_GENERAL = ("database parameter", "server setting")
_HAS_SETTING = (Category.CONFIGURATION, Category.CAPACITY, Category.DATABASE)


def _guessed(told: Sequence[Told], title: str) -> RootCause | None:
    """What the symptoms hint at, where no sentence speaks of a cause."""
    weights = _scores(told, title)
    best = max(
        weights, key=lambda c: (weights[c], -_OF_PREFERENCE.index(c)), default=Category.OTHER
    )
    if weights.get(best, 0) < _CLEAR:
        return RootCause(None, Category.OTHER, 0, 0.1)
    said = max(told, key=lambda each: (_scores([each], "").get(best, 0), -each.line))
    at = told.index(said)
    text = " ".join(each.text for each in told[at : at + 2] if each.line == said.line)
    kind = _setting_kind((text,))
    return RootCause(text, best, said.line, 0.25, technology=_technology(text), setting=kind)


_CLEAR = 3.5  # the least evidence for a category where nothing is said of a cause


def _names_fault(text: str, least: float = 5) -> bool:
    return any(weight >= least for _, weight in _evidence(text))


def _main(said: Sequence[Told]) -> Told:
    """The sentence that says most directly what it was."""

    def rank(each: Told) -> tuple[float, int]:
        is_direct = bool(
            re.search(
                r"root cause|primary cause|caused by|was caused|due to|(?<!noticed )because|resulted from|was the culprit|after investigation|turned out",
                each.text,
                re.IGNORECASE,
            )
        )
        sure = sum(weight for _, weight in _evidence(each.text))
        kind = _setting_kind((each.text,))
        is_special = bool(kind and kind not in _GENERAL)
        says_value = bool(_SET_TO.search(each.text))
        is_first = bool(_FIRST.search(each.text))
        said_so = 2 * is_direct + 4 * is_first + 2 * is_special + 1.5 * says_value
        return each.weight + said_so + 0.4 * min(sure, 12), -each.line

    return max(said, key=rank)


_FIRST = re.compile(r"\b(?:primary|main) (?:root )?cause\b", re.IGNORECASE)
_SET_TO = re.compile(
    r"\b(?:set|configured|limited|capped|lowered|raised|reduced|increased) to (?P<value>\d[\d,.]*\d?\s?(?:%|ms\b|s\b|seconds?\b|minutes?\b|hours?\b|[KMGT]i?B?\b)?)",
    re.IGNORECASE,
)
_WEIGHT_OF = {
    Topic.CAUSE: 3.0,
    Topic.CAUSE_AND_RESOLUTION: 3.0,
    Topic.TRIGGER: 2.0,
    Topic.SUMMARY: 1.5,
    Topic.RESOLUTION: 1.5,
    Topic.FACTORS: 1.0,
    Topic.IMPACT: 0.7,
    Topic.RESPONSE: 1.0,
    Topic.MILESTONES: 0.5,
    Topic.ASIDE: 0.4,
    Topic.WRONG: 0.8,
    Topic.DETECTION: 0.5,
    Topic.LESSONS: 0.4,
}


def _told(outline: Outline, entries: Sequence[Entry]) -> Iterator[Told]:
    seen: set[int] = set()
    for part in outline.parts:
        item = part.item
        if part.topic in (
            Topic.TIMELINE,
            Topic.ACTIONS,
            Topic.TASKS,
            Topic.WELL,
            Topic.LUCKY,
            Topic.PEOPLE,
            Topic.PERIOD,
            Topic.SEVERITY,
            Topic.START,
            Topic.END,
            Topic.TITLE,
        ) or _is_no_prose(item):
            continue
        weight = _WEIGHT_OF.get(part.topic, 1.2) if part.topic is not None else 1.2
        if weight == 3.0 and any(
            each.own is Topic.SUMMARY for each in outline.ancestors(part.section)
        ):
            weight = 2.7  # told again, and at more length, in a section of its own
        if part.topic in (Topic.MILESTONES, None) and item.line in {e.line for e in entries}:
            continue
        if part.label and _FIRST.search(part.label):
            weight *= 2
        for position, sentence in enumerate(sentences(item.text)):
            if kinds.is_hypothesis(sentence) and kinds.is_excluding(sentence):
                continue  # a path that was wrong
            share = weight
            if (
                part.topic is Topic.CAUSE_AND_RESOLUTION
                and re.search(
                    r"\b(?:resolv|fix|restor|revert|rolled back|to (?:prevent|avoid))",
                    sentence,
                    re.IGNORECASE,
                )
                and not _CAUSAL.search(sentence.lower())
            ):
                share = 1.0
            if _CAUSAL.search(sentence.lower()) and part.topic not in (
                Topic.CAUSE,
                Topic.CAUSE_AND_RESOLUTION,
            ):
                share *= 1.6
            yield Told(sentence, item.line, share * (1.0 if position < 4 else 0.6))
        seen.add(item.line)
    for entry in entries:
        if entry.line in seen:
            continue
        weight = (
            2.0
            if entry.kind is EntryKind.CAUSE
            else 0.6
            if entry.kind in (EntryKind.ACTION, EntryKind.RECOVERY, EntryKind.CHANGE)
            else 0.0
        )
        if weight:
            yield Told(entry.text, entry.line, weight)


def _is_no_prose(item: Item) -> bool:
    return item.shape in (Shape.CODE, Shape.HEADING) or len(item.text) < 8


def _scores(told: Sequence[Told], title: str) -> dict[Category, float]:
    """How much the words speak for each category."""
    out: dict[Category, float] = {}
    for each in (*told, Told(title, 0, 1.0)):
        for category, weight in _evidence(each.text):
            out[category] = out.get(category, 0) + weight * each.weight
    return out


@lru_cache(maxsize=2_000)
def _evidence(text: str) -> tuple[tuple[Category, float], ...]:
    """The categories that the words of a sentence speak for, and how clearly."""
    found: dict[Category, float] = {}
    lowered = text.lower()
    for category, weight, pattern in _COMPILED:
        if pattern.search(lowered):
            found[category] = max(weight, found.get(category, 0) + 1)
    return tuple(found.items())


def _named_setting(texts: Sequence[str]) -> tuple[str | None, str | None]:
    """A setting written as configuration writes it, and the value beside it."""
    for text in texts:
        for found in _NAME.finditer(text):
            name = found[0]
            if (
                _NAMES_NOT.search(name)
                or len(name) > 60
                or not re.search(
                    r"set|config|param|limit|default|chang|increas|value|timeout|size|max|min|=|\d|probe",
                    text,
                    re.IGNORECASE,
                )
            ):
                continue
            value = _VALUE.search(text, found.end(), found.end() + 60)
            return name, value["value"].strip() if value else None
    return None, None


@lru_cache(maxsize=1_000)
def _setting_kind(texts: tuple[str, ...]) -> str | None:
    """The kind of setting that sentences about configuration speak of, the most special first."""
    about = [text.lower() for text in texts if _OF_SETTINGS.search(text)]
    for text in about:
        hits = ((pattern.search(text), name) for name, pattern in _KINDS_COMPILED)
        found = [(name in _GENERAL, hit.start(), name) for hit, name in hits if hit]
        if found and not min(found)[0]:
            return min(found)[2]
    return next(
        (name for name, pattern in _KINDS_COMPILED for text in about if pattern.search(text)), None
    )


_OF_SETTINGS = re.compile(
    r"\b(?:set|settings?|mis-?config\w*|config\w*|parameters?|limits?|values?|(?:lower|rais|increas|reduc)\w*\b[^.]{0,60}\d|number of|excessive|default|réglée?|configurée?s?|configurad[oa]s?|paramètres?|caducad\w+|expir\w+|abgelaufen|eingestellt|gesetzt|size|too (?:high|low|many|few|small|large|short|long)|exhaust\w*|ran out|out of|exceed\w*|no)\b|設定|パラメータ|配置|参数|설정",
    re.IGNORECASE,
)


def setting_kinds(text: str) -> tuple[str, ...]:
    """Every kind of setting that a text speaks of."""
    lowered = text.lower()
    return tuple(name for name, pattern in _KINDS_COMPILED if pattern.search(lowered))


def _technology(text: str) -> str | None:
    """The one that is named first; a product before a kind of one."""
    found = [
        next(name for name, pattern in _EACH_TECHNOLOGY if pattern.fullmatch(hit[0]))
        for hit in _ANY_TECHNOLOGY.finditer(text.lower())
    ]
    products = [name for name in found if name not in _KINDS_OF_PRODUCT]
    return next(iter(products or found), None)


_MOST_LOOKED_AT = 3_000  # characters in which a product is looked for
_KINDS_OF_PRODUCT = ("web server", "database", "cache")
