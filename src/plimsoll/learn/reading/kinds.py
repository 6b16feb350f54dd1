"""What an entry of a timeline tells, by its words."""

from __future__ import annotations

import re
from functools import lru_cache

from plimsoll.learn.postmortem import EntryKind


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


NEGATED_RECOVERY = _words(
    r"\b(?:not|no|n['\u2019]t|never|without|yet to|fail\w* to|unable to|still)\b[^.;,]{0,30}\b(?:resol|restor|recover|fix|work|help|improv|back)\w*"
    r"|\b(?:persist|recur|reoccur|re-occur|remain\w* (?:down|unavailable|inaccessible|degraded)|still (?:down|failing|unavailable|inaccessible|degraded|slow))\w*"
    r"|no (?:effect|improvement|change|success)|(?:didn|doesn)['\u2019]t (?:help|work)|in vain|to no avail|解決せず|未解決"
)
BEGINS = _words(
    r"\b(?:begins?|began|beginning|starts?|started|starting|attempt\w*|tries|tried|trying|initiat\w+|plann?\w*|decid\w+|propos\w+|suggest\w*|prepar\w+|awaiting|waiting)\b"
)
PARTIAL = _words(
    r"\b(?:gradual\w*|partial\w*|slowly|begin\w* to|began to|start\w* to|starting to|some|intermittent\w*|most|temporar\w+|appears?|seems?|for a few minutes|short while|improv\w+)\b"
)
STRONG_RECOVERY = _words(
    r"\b(?:fully|full|complete(?:ly)?)\b[^.]{0,40}\b(?:restor|recover|operat|resol|function|availab)\w*"
    r"|\b(?:incident|issue|outage|problem|service|services|system|systems|site|website|everything|all|situation|alerts?|alarms?|application|app|api|platform|functionality|access|traffic|cluster|server|servers)\b[^.;]{0,60}\b(?:resolved|restored|recovered|back\b|normal\b|operational|closed|healthy|fixed|cleared|stable|fine|accessible|available again|online|over|up again|up and running|works? again|working again|running again|resumes?|resumed|returns? to)\b"
    r"|\bback (?:online|up|to normal|in service|to business|to (?:its |a )?(?:normal|previous|working))\b|\ball[- ]clear\b|\ball good\b|\bresolved\b|\brestored\b|\bresolution\b[^.]{0,30}\bconfirm\w*|\bconfirm\w*[^.;]{0,50}\b(?:fix|resol|restor|recover|normal|stable|stability|work)\w*"
    r"|\bincident (?:ends?|ended|closed|over)\b|\breturn(?:s|ed)? (?:back )?to (?:normal|100)\b|\bself-heal\w*|\bis (?:again )?(?:up|live|online) again\b|\bseems? fine\b|\b(?:is|are) (?:now )?(?:okay|ok|up-to-date|good|green)(?: again| now)?\b|\breturn(?:s|ed)? to\b|\bgoes away\b|\bnormal (?:operation|service|performance|levels)"
    r"|復旧|解消|正常に戻|恢复正常|恢复服务|已恢复|解决|해결|복구|정상화|restableci\w*|resuelt\w*|restaurad\w*|resolvid\w*|rétabli\w*|résolu\w*|восстановлен\w*|решен\w*|behoben|wiederhergestellt|wieder (?:verfügbar|erreichbar|online|normal)"
)
FIND = _words(
    r"\b(?:identif(?:y|ies|ied|ying)|root.cause|found(?: out)?|finds?|discover(?:s|ed|y)?|reveal(?:s|ed|ing)?|trac(?:ed|es|ing) (?:it |this |the \w+ )?(?:back )?to|pinpoint(?:s|ed)?|turn(?:s|ed) out|determin(?:e|es|ed)|realis(?:e|es|ed)|realiz(?:e|es|ed)|isolat(?:e|es|ed)|diagnos(?:e|es|ed)|narrow(?:s|ed) down|spot(?:s|ted)|conclu(?:de|des|ded)|confirm(?:s|ed)? (?:that |as )?(?:the )?(?:root )?cause|cause (?:is|was) (?:found|identified|known)|culprit|locat(?:e|es|ed)|understood|shows? that|showed that)\b"
    r"|原因(?:特定|判明|確定)|根本原因|定位(?:到)?|发现|排查出|원인|identificad\w*|identifi[ée]\w*|обнаруж\w*|выявлен\w*|причин\w*|festgestellt|identifiziert|gefunden"
)
FAULT_NOUN = _words(
    r"\b(?:mis-?config\w*|config\w*|setting\w*|parameter\w*|bug\w*|typo\w*|leak\w*|script\w*|deploy\w*|change|query|queries|index\w*|lock\w*|deadlock\w*|limit\w*|timeouts?|pool\w*|certificate\w*|expired|dns|record\w*|firewall|rules?|permission\w*|version|upgrade\w*|update\w*|library|dependency|module|package|migration|code|disk|memory|exhaust\w*|capacity|quota\w*|race|loop|cache|caching|cause|reason|fault\w*|faulty|broken|corrupt\w*|failed|failing|wrong|incorrect\w*|missing|invalid|hardware|drive|switch|cable|worker\w*|thread\w*|process\w*|connection\w*|file|syntax|variable|key|token|credential\w*|provider|attack)\b"
    r"|\b\w+_\w+\b|\b(?:is|was|at|=) ?\d+ ?(?:[kmgt]i?b?|ms|s)\b|\bzu (?:niedrig|hoch|klein|groß)\b|\b(?:ursache|abgelaufen|zertifikat\w*|verbindung\w*|caducad\w+|certificad\w+|certificat\w*|trop (?:petit|bas|grand|élevé)\w*|connexions?)\b|設定|パラメータ|バグ|原因|パターン|配置|参数|설정|configuraci\w+|configura\w+|парамет\w*|настройк\w*"
)
SYMPTOM_ONLY = _words(
    r"\b(?:high|increas\w+|elevat\w+|unusual\w*|spik\w+|slow\w*)\b[^.;,]{0,60}\b(?:latenc\w+|cpu|memory usage|load|errors?|response|rates?|usage|utili[sz]ation|traffic|volume|count)\b"
    r"|\b(?:latency|slowness|errors?|5\d\d)\b"
)
HYPOTHESIS = _words(
    r"\b(?:assum(?:e|es|ed|ing|ption)|suspect(?:s|ed|ing)?|suspicion|hypothes[ie]\w*|thought|think(?:s|ing)?|believ(?:e|es|ed|ing)|theor(?:y|ies|ised|ized)|mis-?lead\w*|mis-?le[ad]d?|mis-?direct\w*|misdiagnos\w*|mis-?attribut\w*|wrong(?:ly)? (?:path|lead|track|direct\w*|assum\w*|attribut\w*|suspect\w*)|red herring|dead.end|blamed|speculat\w+|guess(?:ed|es|ing)?|might be|may be|could be|possibly|potential(?:ly)? (?:caus|issue|problem|network|ddos|attack)\w*|considered|initially (?:investigat\w+|focus\w*|look\w*|diagnos\w*|attribut\w*|point\w*)|initial (?:focus|diagnosis|theory|suspicion|assumption|investigation (?:focus\w*|point\w*|suggest\w*|center\w*|centr\w*))|focus(?:ed|ing|es)? on|shift(?:s|ed|ing)? (?:the )?(?:focus|attention)|believed to be|appeared to be|seem(?:s|ed) to be|as a possible|in case it|ruled? out|attention (?:was |turned |shifted )|pointed (?:to|at)|misinterpret\w+|false lead|down the wrong)\b"
    r"|疑い|仮説|疑われ|怀疑|以为|误以为|의심|sospech\w+|suspeit\w+|soupçonn\w+|supposa\w*|предполож\w+|подозр\w+|vermut\w+|verdacht\w*|hypoth[èe]se"
)
EXCLUDES = _words(
    r"\b(?:rul(?:ed|es|ing) out|exclud(?:ed|es)|no (?:issues?|problems?|anomal\w+|evidence|errors?|network|sign|abnormal\w*|effect|improvement|change)|nothing (?:wrong|unusual|abnormal)|not (?:the|a|related|caused|due|an?)\b[^.]{0,30}|unrelated|were (?:fine|normal|healthy|ok)|was (?:fine|normal|healthy|ok)|(?:did|does|do)(?: not|n['\u2019]t) (?:resolve|fix|help|solve|work|improve|change)|persist\w*|still\b|without (?:success|effect|result|improvement)|no avail|in vain|looked (?:fine|normal|healthy)|working (?:fine|as expected|correctly|normally)|false|incorrect|dismissed|disproved|discarded|insufficient|not enough|unsuccessful\w*|fail(?:s|ed) to (?:resolve|fix|help))\b"
    r"|問題なし|異常なし|没有问题|无异常|정상|descart\w+|exclu\w+|исключ\w+|ausgeschlossen|keine besserung|ohne (?:erfolg|wirkung)|sans (?:effet|succès)|sin (?:éxito|efecto)|écart\w+"
)
ALERT = _words(
    r"\b(?:alert(?:s|ed|ing)?|alarm(?:s|ed)?|detect(?:s|ed|ion)?|notic(?:e|es|ed|ing)|report(?:s|ed|ing)?|complain\w*|complaints?|pag(?:ed|es|er)\b|pagerduty|pingdom|opsgenie|observ(?:e|es|ed|ing)|notif(?:y|ies|ied|ication)|monitoring (?:system|tool|show|flag|indicat|alert|pick)\w*|flag(?:s|ged)|warning|warn(?:s|ed)|ticket|tickets|declared|triggered|spot(?:s|ted)|first (?:signs?|seen)|aware\b|realis(?:e|ed|es|ation)|realiz(?:e|ed|es|ation)|discover(?:s|ed|y)|received? (?:an? )?(?:e-?mail|call|message|notification)s?|uptime check|health.?check (?:fail\w*)|incoming|raised)\b"
    r"|検知|検出|アラート|報告|通報|告警|报警|发现|监控|收到|감지|알림|신고|alert[ae]\w*|detect\w+|détect\w+|signal\w+|обнаруж\w*|сообщ\w*|алерт\w*|gemeldet|bemerkt|alarmiert"
)
INVESTIGATE = _words(
    r"\b(?:investigat\w+|acknowledg\w+|acked|looking|look(?:s|ed|ing)? into|troubleshoot\w*|trouble shoot\w*|diagnos\w+|debug\w*|triag\w+|begins? (?:looking|analy\w+)|on.call (?:engineer )?(?:respond|join|start|begin|receiv)\w*|responds? to|started (?:looking|checking|analy\w+)|examin\w+|checks? (?:the )?logs?|log (?:analysis|review))\b"
    r"|調査|確認開始|排查|介入|조사|확인|investiga\w+|enquêt\w+|analys\w+|расслед\w*|untersuch\w*"
)
ENGAGE = _words(
    r"\b(?:escalat\w+|hand(?:s|ed)?(?: it)? (?:off|over)|page[ds]?\b(?=.{0,40}(?:team|engineer|dba|admin|on.call))|call(?:ed|s)? in|brought in|brings in|join(?:s|ed)\b|pull(?:ed|s) in|loop(?:ed|s) in|involv(?:ed|es|ing)|engag(?:ed|es|ing)|contact(?:ed|s|ing)|notif(?:ied|ies)|assist(?:ance)?|assigned to|transferred to|reached out|consult(?:ed|s))\b|エスカレーション|升级到|转交|에스컬레이션|escal\w+|эскал\w+|eskal\w+"
)
TEAM = _words(
    r"\b(?:teams?|engineers?|dbas?|admins?|administrators?|administration|developers?|devops|sre|operations|ops|experts?|specialists?|vendor|support|infrastructure|database|network|security|back-?end|platform)\b|チーム|团队|팀|equipo|équipe|equipe|команд\w*"
)
REPAIR = _words(
    r"\b(?:restart\w*|reboot\w*|roll(?:s|ed|ing)?(?:-|\s)?back|rollback|revert\w*|fix(?:es|ed|ing)?|hotfix\w*|patch(?:es|ed|ing)?|scal(?:ed|es|ing)|increas(?:ed|es|ing)(?! (?:load|traffic|cpu|usage|latency|error|number|response|demand))|rais(?:ed|es|ing)|reduc(?:ed|es|ing)|lower(?:ed|s|ing)?|adjust(?:s|ed|ing|ment)?|correct(?:s|ed|ing|ion)|remov(?:ed|es|ing)|delet(?:ed|es|ing)|kill(?:ed|s|ing)|clear(?:ed|s|ing)?|flush(?:ed|es)?|purg(?:ed|es)|disabl(?:ed|es|ing)|enabl(?:ed|es)|chang(?:ed|es|ing)|appl(?:y|ies|ied|ying)|redeploy\w*|re-deploy\w*|deploy(?:s|ed|ing)?|switch(?:ed|es)|failover|fail(?:ed)? over|replac(?:ed|es|ing)|reset|renew(?:ed|s)|re-?configur\w+|updat(?:ed|es|ing)|optimi[sz](?:ed|es|ing|ation)|add(?:ed|s|ing)|bump\w*|drain(?:ed|s)?|cordon\w*|free(?:d|s)?|block(?:ed|s|ing)|rebuil\w+|re-?index\w*|reattach\w*|repair(?:ed|s)?|resolv(?:ed|es|ing)?|mitigat\w+|workaround|restor(?:ed|es|ing)|upgrad(?:ed|es|ing)|re-?run|re-?triggered|set\b|implement(?:ed|s|ing)?)\b"
    r"|修正|再起動|ロールバック|デプロイ|緩和|対応|重启|回滚|修复|扩容|调整|재시작|롤백|수정|배포|reinici\w+|revert\w+|corrig\w+|redémarr\w+|corrig\w+|перезапу\w+|откат\w*|исправ\w+|neu ?start\w*|neu gestartet|zurückgerollt|\b(?:erhöht|gesenkt|geändert|zurückgesetzt|erneuert|deaktiviert|passé\w* de|remis\w*|augment\w+|réduit\w*|renouvel\w+|désactiv\w+|renovad\w+|aumentad\w+|reducid\w+|cambiad\w+|desactivad\w+)\b"
)
CHANGE = _words(
    r"\b(?:deploy(?:ment|ed|s|ing)?|releas(?:e|ed|es|ing)|rolled out|roll-?out|upgrad\w+|migrat\w+|maintenance|merged?|push(?:ed|es)|renam\w+|refactor\w*|cron ?job|backup (?:job )?(?:starts|runs)|launch(?:ed|es)?|went live|update(?:d|s)?|chang(?:e|ed|es)|cut.?over|switch(?:ed|over)?|rotat\w+|initiated|campaign|introduc\w+|replaced|scal(?:ed|ing) (?:up|down))\b"
    r"|リリース|適用|デプロイ|上线|发布|部署|변경|배포|desplieg\w+|déploi\w+|déploy\w+|implanta\w+|релиз\w*|деплой\w*|обновлен\w*|ausgerollt"
)
SYMPTOM = _words(
    r"\b(?:down\b|fail(?:s|ed|ing|ure|ures)?|errors?|spik\w+|slow\w*|crash\w*|unavailab\w+|unreachable|inaccessible|unresponsive|degrad\w+|time.?outs?|timed? ?out|timing out|outage|drop(?:s|ped|ping)?|unable|stopp?(?:ed|s)?|stuck|oom\w*|out of memory|runs? out|ran out|exhaust\w+|saturat\w+|overload\w*|high (?:cpu|load|memory|latency|error)\w*|latency|reject\w*|refus\w+|5\d\d\b|404|problem starts|incident (?:starts?|begins?|began)|start of (?:the )?incident|returns? 5xx|not (?:responding|loading|working)|broken|hang\w*|full\b|no space|occurr?ence|impact (?:starts|begins)|bottleneck|went (?:down|offline)|offline)\b"
    r"|\b(?:schl[aä]g\w* fehl|ausgefallen|f[aä]ll\w* aus|antworte\w* nicht|nicht (?:erreichbar|verfügbar|möglich)|gestört|ne (?:répond|fonctionne|marche)\w*|échou\w+|injoignable\w*|no (?:pueden?|responden?|funcionan?|cargan?))\b|発生|タイムアウト|遅延|障害|エラー|停止|超时|故障|异常|报错|不可用|飙升|장애|지연|오류|caíd\w*|ca[ií]da|falla\w*|erro\w*|lent\w*|panne|erreur\w*|indisponib\w*|ошибк\w*|сбой|недоступ\w*|ausfall|fehler\w*|langsam"
)
_EXPLICIT = (
    (EntryKind.RECOVERY, _words(r"^(?:resolved|resolution|recovered|recovery|restored|repaired|incident (?:is )?resolved|fixed|復旧|解決|恢复)\b|(?:^|— |- )復旧")),
    (EntryKind.ALERT, _words(r"^(?:first )?(?:detected|detection|alert|reported|incident declared|検知)\b|(?:^|— )検知")),
    (EntryKind.CAUSE, _words(r"^(?:identified|diagnosis|root cause)\b(?! (?:analysis )?(?:started|begins?|began|investigation))|(?:^|根本)原因(?:特定|確定)")),
    (EntryKind.SYMPTOM, _words(r"^(?:fault occurs|start of incident|problem starts|incident start\w*|impact start\w*|発生)\b")),
)  # fmt: skip


@lru_cache(maxsize=1_000)
def kind_of(text: str) -> EntryKind:
    """The one thing that the entry tells; of several the one that matters most for the story."""
    for kind, pattern in _EXPLICIT:
        if pattern.search(text):
            return kind
    if names_cause(text) and not is_excluding(text) and not is_hypothesis(text):
        return EntryKind.CAUSE
    if is_recovery(text) and not PARTIAL.search(text):
        return EntryKind.RECOVERY
    if is_hypothesis(text) or (EXCLUDES.search(text) and INVESTIGATE.search(text)):
        return EntryKind.HYPOTHESIS
    if ALERT.search(text) and not REPAIR.search(text):
        return EntryKind.ALERT
    if SYMPTOM.search(text) and not REPAIR.search(text) and not CHANGE.search(text):
        return EntryKind.SYMPTOM
    if is_recovery(text):
        return EntryKind.RECOVERY
    if REPAIR.search(text) or ENGAGE.search(text):
        return EntryKind.ACTION
    for kind, pattern in (
        (EntryKind.CHANGE, CHANGE),
        (EntryKind.ACTION, INVESTIGATE),
        (EntryKind.SYMPTOM, SYMPTOM),
    ):
        if pattern.search(text):
            return kind
    return EntryKind.NOTE


_BELIEVED = _words(
    r"\b(?:believ\w+|assum\w+|thought|consider\w+|should be|hop(?:e|ing)|expect\w*)\b[^.]{0,40}\b(?:resolved|fixed|restored|over)\b"
)
_NO_RECOVERY = _words(
    r"\broll(?:s|ed|ing)?[ -]?back\b|\b(?:ensure|make sure|n['\u2019]t|not|prevent|monitor\w*)\b[^.,;]{0,40}\b(?:re-?occur|recur|persist|return)\w*"
)


_PASSIVE = _words(r"\b(?:is|was|were|are|been|being|got)\s+(?:\w+\s+)?$")


@lru_cache(maxsize=1_000)
def is_recovery(text: str) -> bool:
    """Whether it says that the service is as it should be; "not resolved" does not."""
    if _BELIEVED.search(text):
        return False
    said = _NO_RECOVERY.sub("", text)
    return bool(STRONG_RECOVERY.search(said)) and not NEGATED_RECOVERY.search(said)


@lru_cache(maxsize=1_000)
def is_hypothesis(text: str) -> bool:
    return bool(HYPOTHESIS.search(text))


@lru_cache(maxsize=1_000)
def is_excluding(text: str) -> bool:
    """Whether it shows that a path was wrong."""
    return bool(EXCLUDES.search(text))


@lru_cache(maxsize=1_000)
def names_cause(text: str) -> bool:
    """Whether something is found that could be a cause, not only more of the symptom."""
    found = FIND.search(text)
    if found is None:
        return False
    if _PASSIVE.search(text[: found.start()]) and not text[found.end() :].startswith(
        (" as ", " to be ")
    ):
        return bool(FAULT_NOUN.search(SYMPTOM_ONLY.sub("", text[: found.start()])))
    behind = text[found.start() :]
    if not text[found.end() :].strip(" .!"):  # retry loop identified
        behind = text[: found.end()]
        return bool(FAULT_NOUN.search(SYMPTOM_ONLY.sub("", behind[: found.start()])))
    return bool(FAULT_NOUN.search(SYMPTOM_ONLY.sub("", behind[len(found[0]) :] or behind)))
