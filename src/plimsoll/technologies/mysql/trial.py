"""mariadbd --help --verbose: what the server itself says of its files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from plimsoll.model.trial import Question, Said, Trial

_LINE = re.compile(
    r"^(?:[\d-]+[ T]+[\d:.Z]+ \d+ )?\[(?P<level>Warning|ERROR)\] (?:\[[^\]\n]*\] ){0,2}"
    r"(?:Buffered warning: )?(?:/\S*/?(?:mariadbd|mysqld): )?(?P<words>.+)$",
    re.MULTILINE,
)
_NAME = re.compile(r"(?:variable|option|parameter) '(?:--)?([\w-]+)")
_INCLUDED = re.compile(r"^!include(?:dir)?\b", re.MULTILINE)


def question(files: Mapping[str, str], folder: str) -> Question | str:
    """All files behind each other, each as it is; one that includes others is asked alone."""
    whole = next((path for path, text in files.items() if _INCLUDED.search(text)), None)
    if whole is not None or len(files) == 1:
        return Question((f"--defaults-file={whole or next(iter(files))}", "--help", "--verbose"))
    included = "".join(f"!include {path}\n" for path in files)
    return Question(
        (f"--defaults-file={folder}/my.cnf", "--help", "--verbose"), {"my.cnf": included}
    )


def said(output: str) -> Iterator[Said]:
    for found in _LINE.finditer(output):
        name = _NAME.search(found["words"])
        yield Said(
            found["words"],
            name=name[1] if name else "",
            is_refusal=found["level"] == "ERROR",
        )


TRIAL = Trial(
    programs=("mariadbd", "mysqld"),
    question=question,
    said=said,
    of_the_machine=re.compile(
        r"Could not increase number of max_open_files|mysql\.plugin|No such file or directory|"
        r"Permission denied|Can't (?:change dir|find messagefile|create)|run as root|"
        r"[Ii]gnoring user|Setting lower_case_table_names"
    ),
    loads=frozenset({"plugin_load", "plugin_load_add", "plugin_dir", "plugin-load", "plugin-dir"}),
)
