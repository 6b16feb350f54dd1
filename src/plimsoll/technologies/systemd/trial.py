"""systemd-analyze verify: what systemd itself says of units."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from plimsoll.model.trial import Question, Said, Trial

_LINE = re.compile(r"^(?P<path>/[^\n:]+):(?P<line>\d+): (?P<words>.+)$", re.MULTILINE)
_UNIT = re.compile(r"^(?P<unit>[\w@.:-]+\.(?:service|socket|slice|timer)): (?P<words>.+)$", re.M)


def question(files: Mapping[str, str], _folder: str) -> Question | str:
    """Asks of each unit; drop-ins are read with theirs."""
    units = [path for path in files if not PurePosixPath(path).parent.name.endswith(".d")]
    if not units:
        return "there are drop-ins without their unit"
    return Question(("verify", "--man=no", "--recursive-errors=no", *units))


def said(output: str) -> Iterator[Said]:
    """What is ignored is ignored; only a unit that cannot be loaded is refused."""
    for found in _LINE.finditer(output):
        yield Said(found["words"], found["path"], int(found["line"]), is_refusal=False)
    for found in _UNIT.finditer(output):
        yield Said(f"{found['unit']}: {found['words']}")


TRIAL = Trial(
    programs=("systemd-analyze",),
    question=question,
    said=said,
    of_the_machine=re.compile(
        r"is not executable|No such file or directory|Permission denied|Unit \S+ not found|"
        r"Failed to (?:open|create|connect|load|add dependency)|Failed to resolve user"
    ),
)
