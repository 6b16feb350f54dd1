"""Where each rule fires and is silent, over folders of labelled cases.

FOLDER holds what its score.py describes: cases with a culprit, the same after their accepted fix,
and sound configurations. All are checked in this process, so that a rule is tried in seconds;
score.py beside them, which runs the command, has the last word. With --write the result stands in
docs/calibration.md.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import json
import os
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from plimsoll import report
from plimsoll.check import check, load_rules
from plimsoll.model.finding import Severity
from plimsoll.model.rule import Rule
from plimsoll.report.format import Look
from plimsoll.stack import StackError, read_stack

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT.parent / "shared" / "cases"
PAGE = ROOT / "docs" / "calibration.md"

FAULTY, FIXED, SOUND = "faulty", "fixed", "sound"
MOST_SETTINGS = 12


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that found something. *hits*: the culprit is among its settings."""

    rule: str
    severity: Severity
    hits: bool
    settings: int


@dataclass(frozen=True, slots=True)
class Checked:
    """A folder, and what was found in it.

    *is_found*, *is_first*: as score.py counts them; *is_found_elsewhere*: also without the rules
    that name the case's report as their source. *failure*: why it could not be checked.
    """

    name: str
    group: str
    static: str
    where: str
    needs: tuple[str, ...]
    fired: tuple[Fired, ...]
    is_found: bool = False
    is_first: bool = False
    is_found_elsewhere: bool = False
    failure: str = ""

    @property
    def worst(self) -> Severity | None:
        return max((each.severity for each in self.fired), default=None)


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="calibrate.py", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=CASES)
    parser.add_argument("--rule", action="append", default=[], help="tell of this rule only")
    parser.add_argument("--case", action="append", default=[], help="check this folder only")
    parser.add_argument("--write", action="store_true", help=f"into {PAGE.relative_to(ROOT)}")
    parser.add_argument("--json", type=Path, help="write what was counted to a file")
    wanted = parser.parse_args(words)
    if not (wanted.folder / "score.py").is_file():
        print(f"calibrate: no cases in {wanted.folder}")
        return 0
    checked = check_all(wanted.folder, wanted.case)
    if wanted.rule or wanted.case:
        print("\n".join(told(checked, wanted.rule)))
    else:
        print("\n".join(summary(checked)))
    if wanted.json:
        wanted.json.write_text(json.dumps(counted(checked), indent=1) + "\n", "utf-8")
    if wanted.write:
        PAGE.write_text(page(checked), "utf-8")
    return 0


# ------------------------------------------------------------------------------------- checking


def check_all(folder: Path, only: Sequence[str] = ()) -> list[Checked]:
    """Every case of *folder*, with its fixed form, in the order of their names."""
    names = sorted(each.parent.name for each in folder.glob("*/expected.yaml"))
    tasks = [(name, False) for name in names if not only or name in only]
    tasks += [(name, True) for name, _ in tasks if (folder / name / FIXED).is_dir()]
    with ProcessPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        return list(pool.map(partial(check_one, folder), tasks, chunksize=8))


def score_of(folder: Path) -> ModuleType:
    """The module score.py beside the cases: it alone says what a hit is."""
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{folder / 'score.py'}: cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules["score"] = module
    spec.loader.exec_module(module)
    return module


def check_one(folder: Path, task: tuple[str, bool]) -> Checked:
    """What is found in a copy of one folder that has neither its answer nor its fixed form."""
    name, is_fixed = task
    score = score_of(folder)
    expected = score.read_expected(folder / name / "expected.yaml")
    is_faulty = bool(expected["culprit"])
    group = FIXED if is_fixed else FAULTY if is_faulty else SOUND
    with tempfile.TemporaryDirectory(prefix="calibrate-") as box:
        copy = Path(box, name)
        source = folder / name / FIXED if is_fixed else folder / name
        shutil.copytree(source, copy, ignore=shutil.ignore_patterns("expected.yaml", FIXED))
        try:
            stack = read_stack(copy)
            outcome = check(stack, load_rules(), date.today())  # noqa: DTZ011 - of this machine
        except StackError as problem:
            return Checked(name, group, "", "", (), (), failure=str(problem))
        text = io.StringIO()
        found = report.format_named("json")
        if found is None:
            raise SystemExit("there is no format json")
        found.write(outcome, text, Look())
        run = score.parse(text.getvalue())

        def hits(finding: dict[str, Any]) -> bool:
            return any(
                score.is_culprit(setting, culprit, copy)
                for setting in finding["settings"]
                for culprit in expected["culprit"]
            )

        fired = tuple(
            Fired(
                each["rule"],
                Severity.named(each["severity"]),
                group == FAULTY and hits(each),
                len(each["settings"]),
            )
            for each in run.findings
        )
        judged = {"any": False, "first": False}
        elsewhere = False
        if group == FAULTY:
            judged = score.judge(expected, run, copy)
            own = citing(expected.get("source", ""))
            run.findings = [each for each in run.findings if each["rule"] not in own]
            elsewhere = score.judge(expected, run, copy)["any"]
        return Checked(
            name,
            group,
            expected.get("static", ""),
            score.where(expected) if is_faulty else "",
            tuple(expected.get("needs", ())),
            fired,
            judged["any"],
            judged["first"],
            elsewhere,
        )


# https://github.com/owner/repo/issues/7, github:owner/repo@abc, owner/repo#7
_REPOSITORY = re.compile(r"(?:github\.com/|github:|public: )([\w.-]+/[\w.-]+?)(?=[@#/\s,]|$)")


def citing(source: str) -> frozenset[str]:
    """The rules that name the repository of a case's report as a source."""
    wanted = set(_REPOSITORY.findall(source))
    return frozenset(
        rule.id
        for rule in load_rules()
        if any(wanted.intersection(_REPOSITORY.findall(each)) for each in rule.source)
    )


# -------------------------------------------------------------------------------------- telling


def told(checked: Iterable[Checked], rules: Sequence[str]) -> Iterator[str]:
    """A line for each folder in which one of *rules* (or any) fires."""
    for each in checked:
        if each.failure:
            yield f"{each.name:8} {each.group:7} FAILED {each.failure}"
        for fired in each.fired:
            if not rules or fired.rule in rules:
                mark = "culprit" if fired.hits else ""
                yield (
                    f"{each.name:8} {each.group:7} {fired.severity!s:9} {fired.rule:45} "
                    f"{fired.settings:3} settings {mark}"
                )
        if not rules and each.group == FAULTY:
            said = "first" if each.is_first else "found" if each.is_found else "MISSED"
            yield f"{each.name:8} {each.group:7} {said} (static: {each.static}, {each.where})"


def is_decidable(each: Checked) -> bool:
    """Decidable from the folder: in a vendor's format, without a running server."""
    return each.static == "yes" and each.where != "restated" and "live" not in each.needs


def counted(checked: Sequence[Checked]) -> dict[str, Any]:
    """The figures of all rules together."""
    faulty = [each for each in checked if each.group == FAULTY and not each.failure]
    decidable = [each for each in faulty if is_decidable(each)]
    wider = [each for each in faulty if each.static in ("yes", "partial")]
    found = [each for each in faulty if each.is_found]
    quiet = [each for each in checked if each.group != FAULTY and not each.failure]
    return {
        "decidable": len(decidable),
        "decidable found": sum(each.is_found for each in decidable),
        "decidable found, no rule by its own source": sum(e.is_found_elsewhere for e in decidable),
        "yes and partial": len(wider),
        "yes and partial found": sum(each.is_found for each in wider),
        "all": len(faulty),
        "found": len(found),
        "first": sum(each.is_first for each in found),
        "sound and fixed": len(quiet),
        "sound and fixed, high": [
            f"{e.name}/{e.group}" for e in quiet if e.worst is not None and e.worst >= Severity.HIGH
        ],
        "sound and fixed, medium": [
            f"{e.name}/{e.group}"
            for e in quiet
            if e.worst is not None and e.worst >= Severity.MEDIUM
        ],
        "missed, decidable": [each.name for each in decidable if not each.is_found],
        "missed, partial": [e.name for e in wider if e.static == "partial" and not e.is_found],
        "found, not first": [each.name for each in found if not each.is_first],
        "failures": [f"{each.name}: {each.failure}" for each in checked if each.failure],
        "more settings than 12": sorted(
            {f.rule for each in checked for f in each.fired if f.settings > MOST_SETTINGS}
        ),
    }


def summary(checked: Sequence[Checked]) -> Iterator[str]:
    for name, value in counted(checked).items():
        listed = f"{len(value)}: {' '.join(value) or '-'}" if isinstance(value, list) else value
        yield f"{name}: {listed}"


# ------------------------------------------------------------------------------------- the page

HEAD = """\
# Calibration

Written by `make calibration` where the labelled cases are beside the project: each rule over {cases}
folders of real configurations, of which {faulty} hold a fault that was reported in public, {fixed} are
the same after the repair that was accepted, and {sound} are sound although simple rules condemn them.
A cell counts folders by the severity of the finding (*c*ritical, *h*igh, *m*edium, *l*ow). *named*: faulty
folders in which the rule has the labelled culprit among its settings. A finding in a sound or repaired
folder is not an error by itself: *low* is hygiene, *medium* a cap or a waste that the report did not
speak of. *alarms at*: where the line is drawn, and who says so; `exact` rules need no threshold, since
the server itself refuses or alters the value.
"""


def page(checked: Sequence[Checked]) -> str:
    """The whole page."""
    sizes = Counter(each.group for each in checked)
    parts = [HEAD.format(cases=len(checked), **{g: sizes[g] for g in (FAULTY, FIXED, SOUND)})]
    parts += ["## All rules together\n", *_figures(checked), ""]
    rules = load_rules()
    firing = {fired.rule for each in checked for fired in each.fired}
    parts += [
        "## Rule by rule\n",
        "| rule | faulty | named | fixed | sound | alarms at |",
        "|---|---|---|---|---|---|",
    ]
    parts += [_row(rule, checked) for rule in rules if rule.id in firing]
    silent = [rule for rule in rules if rule.id not in firing]
    parts += [
        "",
        f"## Silent in all of them ({len(silent)})",
        "",
        "| rule | alarms at |",
        "|---|---|",
    ]
    parts += [f"| {rule.id} | {_alarms_at(rule)} |" for rule in silent]
    return "\n".join((*parts, ""))


def _figures(checked: Sequence[Checked]) -> Iterator[str]:
    yield "| what | figure |"
    yield "|---|---|"
    for name, value in counted(checked).items():
        listed = f"{len(value)} ({', '.join(value)})" if isinstance(value, list) else str(value)
        yield f"| {name} | {listed.replace(' ()', '')} |"


def _row(rule: Rule, checked: Sequence[Checked]) -> str:
    named = sum(any(f.rule == rule.id and f.hits for f in each.fired) for each in checked)
    cells = [_cell(rule.id, checked, group) for group in (FAULTY, FIXED, SOUND)]
    at = _alarms_at(rule)
    return f"| {rule.id} | {cells[0]} | {named or ''} | {cells[1]} | {cells[2]} | {at} |"


def _alarms_at(rule: Rule) -> str:
    """Where each level draws its line: "high: exact; low: bound; per_core 4 (gunicorn settings)"."""
    levels = dict.fromkeys(f"{level.severity}: {level.kind}" for level in rule.levels)
    params = [f"{name} {param.value}" for name, param in rule.params.items()]
    said = "; ".join((*levels, *([", ".join(params)] if params else [])))
    return f"{said} ({rule.source[0]})".replace("|", "\\|")


def _cell(rule: str, checked: Sequence[Checked], group: str) -> str:
    worst = Counter(
        max(f.severity for f in each.fired if f.rule == rule)
        for each in checked
        if each.group == group and any(f.rule == rule for f in each.fired)
    )
    return " ".join(f"{worst[s]}{str(s)[0]}" for s in sorted(worst, reverse=True))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
