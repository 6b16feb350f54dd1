"""How much of labelled postmortems is read right, and how much is read that is not there.

The public ones beside the project are scored by the program that came with their labels; a percentage
or a number of users is stated in few of them, so these are counted over the texts of the tests too.
With --write the figures stand in docs/benchmarks.md.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

import pages
from plimsoll.learn.postmortem import Impact
from plimsoll.learn.reading.read import read
from plimsoll.learn.reading.texts import text_of

COMMAND = "make prove, reading"
LABELLED = pages.ROOT.parent / "shared" / "postmortems"
LEARN = pages.ROOT / "tests" / "learn"
PLIMSOLL = Path(sys.executable).with_name("plimsoll")
# The least share that has to be right, and the most that may be invented.
BOUNDS = (
    *("start=.9", "end=.9", "duration_minutes=.9", "zone=.9", "timeline_entries=.9"),
    *("root_cause_category_or_alternative=.9", "actions=.9"),
)
INVENTED = "all=.05"
FIELDS = (
    *("start", "end", "duration_minutes", "zone", "timeline_entries", "detected_at", "resolved_at"),
    *("root_cause_category", "root_cause_category_or_alternative", "actions", "all"),
)


def main(words: Sequence[str]) -> int:
    if not (LABELLED / "score.py").is_file():
        print(f"prove_reading: no labelled postmortems in {LABELLED}")
        return 0
    kept, found = _scored()
    text = "\n".join(_proof(found, list(_told())))
    print(text)
    if "--write" in words:
        pages.fill(COMMAND, text)
    return 0 if kept else 1


def _scored() -> tuple[bool, Mapping[str, Any]]:
    """Whether all bounds are kept, and what the scorer counted."""
    bounds = [word for bound in BOUNDS for word in ("--min", bound)]
    done = subprocess.run(
        [
            *(sys.executable, str(LABELLED / "score.py"), "--json"),
            *("--command", f"{PLIMSOLL} postmortem read {{file}} --format json"),
            *(*bounds, "--max-invented", INVENTED),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0, json.loads(done.stdout)


def _told() -> Iterator[tuple[Impact, Mapping[str, Any]]]:
    """The reach that was read of each text of the tests, beside what it says."""
    for each in yaml.safe_load(LEARN.joinpath("impacts.yaml").read_text("utf-8")):
        yield read(text_of(each["text"].encode()), "pm.md").impact, each
    for labels in sorted(LEARN.joinpath("texts").glob("*.yaml")):
        path = next(p for p in labels.parent.glob(f"{labels.stem}.*") if p.suffix != ".yaml")
        said = yaml.safe_load(labels.read_text("utf-8"))
        yield read(text_of(path.read_bytes()), path.name).impact, said


def _proof(found: Mapping[str, Any], told: Sequence[tuple[Impact, Mapping[str, Any]]]) -> list[str]:
    lines = [
        f"| of {found['documents']} public ones | right of those stated | read though not stated |"
    ]
    lines.append("|---|---|---|")
    for name in FIELDS:
        each = found["fields"][name]
        lines.append(
            f"| {name.replace('_', ' ')} | {each['right']} of {each['stated']} | {each['invented']} of {each['null']} |"
        )
    lines += [
        "",
        "| of own texts, with what is easily taken for it | right of those stated | read though not stated |",
    ]
    lines.append("|---|---|---|")
    for name in ("percent", "users"):
        pairs = [(getattr(impact, name), said[name]) for impact, said in told if name in said]
        stated = [(given, wanted) for given, wanted in pairs if wanted is not None]
        absent = [given for given, wanted in pairs if wanted is None]
        right = sum(given == wanted for given, wanted in stated)
        invented = sum(given is not None for given in absent)
        lines.append(f"| {name} | {right} of {len(stated)} | {invented} of {len(absent)} |")
    return lines


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
