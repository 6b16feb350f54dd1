"""haproxy -c: what HAProxy itself says of its files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from plimsoll.model.trial import Question, Said, Trial

_LINE = re.compile(
    r"^\[(?P<level>ALERT|WARNING)\] +\(\d+\) : (?:config : )?"
    r"(?:(?:parsing )?\[(?P<path>[^\]\n]+):(?P<line>\d+)\] ?: )?(?P<words>.+)$",
    re.MULTILINE,
)
_SUMMARY = re.compile(r"Error\(s\) found in configuration file|Fatal errors found")
_PROXY = re.compile(r"for (?:frontend|backend|proxy|listen) '([^']+)'")


def question(files: Mapping[str, str], _folder: str) -> Question | str:
    """All files are one configuration, in their order."""
    return Question(("-c", *(word for path in files for word in ("-f", path))))


def said(output: str) -> Iterator[Said]:
    for found in _LINE.finditer(output):
        if _SUMMARY.search(found["words"]):
            continue
        proxy = _PROXY.search(found["words"])
        yield Said(
            found["words"],
            found["path"] or "",
            int(found["line"] or 0),
            proxy[1] if proxy else "",
            is_refusal=found["level"] == "ALERT",
        )


TRIAL = Trial(
    programs=("haproxy",),
    question=question,
    said=said,
    of_the_machine=re.compile(
        r"could not resolve address|unable to stat SSL certificate|unable to load|"
        r"cannot find user id|cannot find group id|No such file or directory|Permission denied|"
        r"Cannot raise FD limit|failed to open"
    ),
    loads=frozenset({"lua-load", "lua-load-per-thread", "lua-prepend-path", "command"}),
)
