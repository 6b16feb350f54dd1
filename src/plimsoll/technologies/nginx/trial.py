"""nginx -t: what nginx itself says of its files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from plimsoll.model.trial import Question, Said, Trial

_EVENTS = re.compile(r"^[ \t]*events\b", re.MULTILINE)
_LINE = re.compile(
    r"\[(?P<level>warn|error|crit|alert|emerg)\] (?:\d+#\d+: )?(?P<words>.+?)"
    r"(?: in (?P<path>/[^\n]*):(?P<line>\d+))?$",
    re.MULTILINE,
)


def question(files: Mapping[str, str], folder: str) -> Question | str:
    """Asks of the whole configuration; pieces of one are put where a distribution includes them."""
    whole = next((path for path, text in files.items() if _EVENTS.search(text)), None)
    if whole is not None:
        return Question(("-t", "-e", "stderr", "-c", whole))
    included = "".join(f'    include "{path}";\n' for path in files)
    return Question(
        ("-t", "-e", "stderr", "-c", f"{folder}/nginx.conf"),
        {"nginx.conf": f"events {{}}\nhttp {{\n{included}}}\n"},
    )


def said(output: str) -> Iterator[Said]:
    for found in _LINE.finditer(output):
        yield Said(
            found["words"],
            found["path"] or "",
            int(found["line"] or 0),
            is_refusal=found["level"] != "warn",
        )


TRIAL = Trial(
    programs=("nginx",),
    question=question,
    said=said,
    of_the_machine=re.compile(
        r"host not found|No such file or directory|Permission denied|bind\(\)|"
        r"could not be resolved|cannot load certificate|the \"user\" directive makes sense only"
    ),
    loads=frozenset({"load_module", "perl_modules", "perl_require", "js_import", "js_path"}),
)
