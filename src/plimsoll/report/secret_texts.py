"""Where secrets stand in a text: in URLs, behind a secret's name, in the shape of known tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from plimsoll.report.secret_names import is_secret_name, resembles_secret_name

Range = tuple[int, int]

# Behind "://": user:password@, whatever signs the password has; "host:80/" is no user.
_URL = re.compile(r"""://[^\s/?#"'<>@:]*:(?!\d{1,5}(?:[/?#\s"']|$))((?:(?!://)[^\s"'<>])*)@""")
_URL_TOKEN = re.compile(r"""(?i:https?)://([^\s/?#"'<>@:]{12,})@""")
_HEADER = re.compile(r"""\b[Aa]uthorization["']?[\s:=,]+["']?(?:\w+\s+)?([^\s"';]+)""")
_SCHEME = re.compile(r"""\b(?:Bearer|Basic|Token)\s+((?=[^\s\d]*\d)[A-Za-z0-9._~+/=-]{8,})""")
# -a of redis-cli (--pass is an option like others); -u user:password of curl
_SHORT = re.compile(
    r"""\b(?:redis|valkey)-(?:cli|benchmark)\b[^\n|]{0,300}?["'\s]-a["']?(?:\s*,\s*|\s+)?["']?"""
    r"""([^\s"',;|]+)"""
)
_BASIC = re.compile(r"""\bcurl\b[^\n|]{0,300}?\s(?:-u|--user)\s*["']?[^\s:"']+:([^\s"']+)""")
_TOKENS = re.compile(
    r"""(\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[opsur]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}"""
    r"""|\bglpat-[\w-]{16,}|\bxox[abeoprs]-[A-Za-z0-9-]{10,}"""
    r"""|\b[rs]k_(?:live|test)_[A-Za-z0-9]{10,}"""
    r"""|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"""
    r"""|-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[^-]*-----END[A-Z ]*-----)?"""
    r"""|\$(?:apr1|2[abxy]|[156y])\$[\w./$-]{8,}|\{SHA\}[\w+/=]{20,}|\bSCRAM-SHA-256\$\S+)"""
)
# With what every text holds that they match: most lines need not be searched.
_SHAPES = (
    ("@", _URL), ("@", _URL_TOKEN), ("uthorization", _HEADER), ("", _SCHEME), ("-", _SHORT),
    ("curl", _BASIC), ("", _TOKENS),
)  # fmt: skip

_NAME = r"""(?<![\w.-])(-{0,2}[A-Za-z_][\w.-]*)"""
# name = value, "name": value, --name=value, \"name\": \"value\" inside of a string
_PAIR = re.compile(rf"""{_NAME}(\\?["']?\s*(?:=>|:=|=|:)\s*)""")
# name value, "name", "value"
_NAMED = re.compile(rf"""{_NAME}(["']?(?:\s*,\s*|\s+))(?![=:\s])""")
# name value, name, value: in a sentence 'name' is only called by its name
_SAID = re.compile(rf"""{_NAME}(["']?\s*,\s*|\s+)(?![=:\s])""")
# name: the rest of the line (YAML needs no quotes around spaces)
_ENTRY = re.compile(r"""\s*(?:-\s+)?["']?([A-Za-z_][\w.-]*)["']?\s*:\s+(?=[^\s"'#|>&*!{\[])""")

_VALUE = re.compile(
    r"""\\"(?P<inner>[^"\\]*)|''(?P<doubled>[^']+)''"""
    r"""|[A-Za-z]{0,2}"(?P<double>(?:\\.|[^"\\])*)(?:"|$)(?!\w)"""
    r"""|[A-Za-z]{0,2}'(?P<single>(?:\\.|''|[^'\\])*)(?:'|$)(?!\w)"""
    r"""|(?P<bare>(?:[^\s"'&;]|"[^"\s,]*"|'[^'\s,]*'|[&;](?!\s*[\w.%-]+=)(?!\s|["']|$))+)"""
    r"""|(?P<open>["'].*)"""
)
_UNTIL = {quote: re.compile(rf"""(?:\\.|[^{quote}\\])*""") for quote in "\"'"}

# Options and settings that take their secret as the next word, also in a sentence.
_WORD_FOLLOWS = re.compile(r"--.*|requirepass|masterauth|auth-pass")

_ACL = re.compile(r"""(?<=\s)[>#<!]([^\s"']+)""")
_ACL_LINE = re.compile(r"""\buser\s+\S+\s""")

# Every secret that the patterns above find has one of these near it, in lower case.
HINTS = (
    "pass", "pwd", "secret", "token", "key", "auth", "://", "dsn", "cred", "bearer", "basic",
    "cookie", "sas", "salt", "akia", "asia", "gh", "glpat", "xox", "k_live", "k_test", "eyj",
    "user", "redis-", "valkey-", "curl", "$apr1", "$2", "$1$", "$5$", "$6$", "$y$", "{sha}",
    "scram",
)  # fmt: skip

# A reference to a variable is no secret, the variable's value is.
_REFERENCE = re.compile(r"\$\{[A-Za-z_]\w*\}|\{\{.*\}\}|\$[A-Z_][A-Z0-9_]*|<[\w -]+>|\*\*\*")


def secrets_in(text: str, *, is_line: bool, is_doubtful: bool = False) -> list[Range]:
    """Where secrets stand in *text*, in order, without overlap.

    *is_line*: a line of a file, where `name value` is a setting; in a sentence it is not.
    *is_doubtful*: nobody could read the line; names may be misspelt.
    """
    is_name = resembles_secret_name if is_doubtful else is_secret_name
    lowered = text.lower()
    if not is_doubtful and not any(hint in lowered for hint in HINTS):
        return []
    found = _candidates(text, is_name, is_line)
    return merged([each for each in found if not _REFERENCE.fullmatch(text[slice(*each)])])


def _candidates(text: str, is_name: Callable[[str], bool], is_line: bool) -> Iterator[Range]:  # noqa: FBT001
    for held, pattern in _SHAPES:
        if held in text:
            yield from (match.span(1) for match in pattern.finditer(text))
    yield from _named(text, _PAIR, is_name)
    if not is_line:
        yield from _named(text, _SAID, lambda n: bool(_WORD_FOLLOWS.fullmatch(n)) and is_name(n))
        return
    yield from _named(text, _NAMED, is_name)
    entry = _ENTRY.match(text)
    if entry and is_name(entry[1]):
        yield entry.end(), _end_of_entry(text, entry.end())
    if _ACL_LINE.search(text):
        yield from (match.span(1) for match in _ACL.finditer(text))


def _named(text: str, pattern: re.Pattern[str], is_name: Callable[[str], bool]) -> Iterator[Range]:
    """The values behind names of secrets. A value is looked at again: `A=B_PASSWORD=x`."""
    at = 0
    while found := pattern.search(text, at):
        at = found.end(1)
        if not is_name(found[1]):
            continue
        start, end = _value(text, found)
        yield start, end
        at = max(at, end)


def _value(text: str, named: re.Match[str]) -> Range:
    before, behind = text[max(0, named.start() - 1) : named.start()], named[2]
    if before in _UNTIL and "=" in behind and "'" not in behind and '"' not in behind:
        inside = _UNTIL[before].match(text, named.end())  # "NAME=value with spaces"
        return inside.span() if inside else (named.end(), named.end())
    value = _VALUE.match(text, named.end())
    return value.span(value.lastgroup or 0) if value else (named.end(), named.end())


def _end_of_entry(text: str, start: int) -> int:
    comment = text.find(" #", start)
    return start + len((text[start:comment] if comment >= 0 else text[start:]).rstrip())


def merged(ranges: list[Range]) -> list[Range]:
    """The same characters in ranges in order that neither touch nor overlap; empty ones left out."""
    result: list[Range] = []
    for start, end in sorted(r for r in ranges if r[0] < r[1]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result
