"""apachectl -t: what Apache itself says of its files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from plimsoll.model.trial import Question, Said, Trial

_WHOLE = re.compile(r"^[ \t]*(?:ServerRoot|LoadModule|Include(?:Optional)?)\b", re.MULTILINE | re.I)
_PLACED = re.compile(
    r"^(?:AH\d+: )?Syntax error on line (?P<line>\d+) of (?P<path>[^\n]+):\n(?P<words>[^\n]+)",
    re.MULTILINE,
)
_WARNING = re.compile(r"^.*?(?P<words>AH\d+: (?:WARNING: )?[^\n]+)$", re.MULTILINE)
_NAME = re.compile(r"WARNING: (\w+) ")
_HARMLESS = re.compile(r"WARNING|AH00558|AH00111|AH00112")


def question(files: Mapping[str, str], _folder: str) -> Question | str:
    """Asks of the file that holds the rest; a piece alone lacks the modules that it needs."""
    whole = next((path for path, text in files.items() if _WHOLE.search(text)), None)
    if whole is None:
        return "no file of it loads modules, so it is no whole configuration"
    return Question(("-t", "-f", whole))


def said(output: str) -> Iterator[Said]:
    for found in _PLACED.finditer(output):
        yield Said(found["words"], found["path"], int(found["line"]))
    for found in _WARNING.finditer(_PLACED.sub("", output)):
        name = _NAME.search(found["words"])
        is_refusal = _HARMLESS.search(found["words"]) is None
        yield Said(found["words"], name=name[1] if name else "", is_refusal=is_refusal)


TRIAL = Trial(
    programs=("apachectl", "httpd"),
    question=question,
    said=said,
    of_the_machine=re.compile(
        r"AH00558|AH00111|AH02291|AH00014|AH00112|No such file or directory|Permission denied|"
        r"does not exist|bad user name|bad group name|Could not open configuration file"
    ),
    loads=frozenset({"LoadModule", "LoadFile"}),
)
