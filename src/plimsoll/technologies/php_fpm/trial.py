"""php-fpm -t: what PHP-FPM itself says of its files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from plimsoll.model.trial import Question, Said, Trial

_GLOBAL = re.compile(r"^[ \t]*\[global\]", re.MULTILINE)
_LINE = re.compile(
    r"^\[[^\]\n]*\] (?P<level>WARNING|ERROR|ALERT): (?:\[(?P<path>/[^\]\n]+):(?P<line>\d+)\] )?"
    r"(?P<words>.+)$",
    re.MULTILINE,
)
# What follows from what it said before.
_SUMMARY = re.compile(
    r"^(?:failed to (?:post process|load|prepare)|FPM initialization failed|Unable to include)"
)
_NAME = re.compile(r"(?:^|\] )(?:the )?(pm\.\w+|[a-z_]+\.[a-z_.]+)")


def question(files: Mapping[str, str], folder: str) -> Question | str:
    """Asks of the file with the global section; pools alone are included by one."""
    whole = next((path for path, text in files.items() if _GLOBAL.search(text)), None)
    if whole is not None:
        return Question(("-t", "-y", whole))
    included = "".join(f"include={path}\n" for path in files)
    return Question(
        ("-t", "-y", f"{folder}/php-fpm.conf"),
        {"php-fpm.conf": f"[global]\nerror_log=/dev/stderr\n{included}"},
    )


def said(output: str) -> Iterator[Said]:
    for found in _LINE.finditer(output):
        if _SUMMARY.search(found["words"]):
            continue
        name = _NAME.search(found["words"])
        yield Said(
            found["words"],
            found["path"] or "",
            int(found["line"] or 0),
            name[1] if name else "",
            is_refusal=found["level"] != "WARNING",
        )


TRIAL = Trial(
    programs=(
        "php-fpm",
        *(f"php-fpm{major}.{minor}" for major, minor in ((8, 5), (8, 4), (8, 3), (8, 2), (8, 1))),
        *(f"php-fpm{version}" for version in ("8.0", "7.4", "7.3")),
    ),
    question=question,
    said=said,
    of_the_machine=re.compile(
        r"cannot get (?:uid|gid)|No such file or directory|Permission denied|does not exist"
    ),
    loads=frozenset({"extension", "zend_extension", "extension_dir"}),
)
