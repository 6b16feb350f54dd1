"""Does a fix repair, and does it do what people did? Over folders of labelled cases.

For every case whose culprit a rule with a load and a limit finds, the finding is repaired in a
copy, and the copy is read and checked again: its finding has to be gone, and nothing new may be
there. Where the case has its accepted fix, the same setting should move in the same direction. A
stack of 50 services shows how long a fix takes. With --write the result stands in
docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from msgspec.structs import replace

import calibrate
import inputs
import pages
from plimsoll.check import check, knowledge, load_rules
from plimsoll.check.fix import Repairer, edited_texts
from plimsoll.check.fix.demands import asked, is_hidden, is_worse
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.changes import Changes
from plimsoll.model.finding import Change, Finding, Fix, Operand, Outcome
from plimsoll.model.quantity import Amount
from plimsoll.model.setting import Origin, Setting
from plimsoll.model.stack import Stack
from plimsoll.report.formats.json import operand_document
from plimsoll.report.secrets import Mask
from plimsoll.stack import StackError, read_stack
from plimsoll.syntax.text import encoded

COMMAND = "make prove, fixes"
LEAST, ALIKE = 35, 0.7  # cases, and the share of them in which a fix does as people did
RUNS, SEED = 5, 20261120


@dataclass(frozen=True, slots=True)
class Proved:
    """One case. *fix*: what the first alternative changes; *reason*: why there is none.

    *left*: what is wrong after it. *same*: whether the first alternative moves a setting as the
    accepted fix did, *same_any*: whether one of them does; None where nothing can be compared.
    """

    name: str
    rule: str
    fix: str = ""
    reason: str = ""
    left: tuple[str, ...] = ()
    same: bool | None = None
    same_any: bool | None = None
    edits: int = 0
    told: int = 0
    seconds: float = 0.0
    theirs: str = ""


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="prove_fix.py", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=calibrate.CASES)
    parser.add_argument("--case", action="append", default=[], help="this folder only")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    wanted = parser.parse_args(words)
    if not (wanted.folder / "score.py").is_file():
        print(f"prove_fix: no cases in {wanted.folder}")
        return 0
    proved = prove_all(wanted.folder, wanted.case)
    print("\n".join(told(proved)))
    if wanted.case:
        return 0
    text = "\n".join(table(proved, crowded()))
    print(text)
    if wanted.write:
        pages.fill(COMMAND, text)
    return 0 if is_held(proved) else 1


def is_held(proved: Sequence[Proved]) -> bool:
    """Whether what was asked for is there: the number, all repaired, most as people did."""
    fixed = [each for each in proved if each.fix]
    same = [each.same for each in fixed if each.same is not None]
    is_sound = not any(each.left for each in fixed)
    return is_sound and len(proved) >= LEAST and sum(same) >= ALIKE * len(same)


def crowded() -> list[float]:
    """How long whole processes take that repair the stack of 50 services, in seconds."""
    with tempfile.TemporaryDirectory(prefix="prove-") as box:
        made = inputs.crowd(Path(box, "crowd"), SEED)
        command = (str(Path(sys.executable).with_name("plimsoll")), "fix", str(made.folder))
        found = []
        for _ in range(RUNS + 1):  # the first fills the cache
            start = perf_counter()
            said = subprocess.run(command, capture_output=True, text=True, check=False)
            found.append(perf_counter() - start)
            if not all(each in said.stdout for each in (*made.faults, "Fix: ")):
                sys.exit(f"prove_fix: {said.stdout[-1000:]}{said.stderr[-1000:]}")
        return found[1:]


def prove_all(folder: Path, only: Sequence[str] = ()) -> list[Proved]:
    names = sorted(each.parent.name for each in folder.glob("*/expected.yaml"))
    names = [name for name in names if not only or name in only]
    with ProcessPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        found = pool.map(partial(prove, folder), names, chunksize=4)
        return [each for each in found if each is not None]


def prove(folder: Path, name: str) -> Proved | None:
    """What becomes of one case; None where no rule with a load line finds its culprit."""
    score = calibrate.score_of(folder)
    expected = score.read_expected(folder / name / "expected.yaml")
    if not expected["culprit"]:
        return None
    with tempfile.TemporaryDirectory(prefix="prove-") as box:
        copy = Path(box, name)
        kept = shutil.ignore_patterns("expected.yaml", calibrate.FIXED)
        shutil.copytree(folder / name, copy, ignore=kept)
        try:
            stack = read_stack(copy)
            fixed = folder / name / calibrate.FIXED
            accepted = read_stack(fixed) if fixed.is_dir() else None
        except StackError as problem:
            return Proved(name, "", reason=str(problem))
        before = check(stack, load_rules(), date.today())  # noqa: DTZ011 - of this machine
        mask = Mask.of(stack)

        def hits(finding: Finding) -> bool:
            documents: list[Any] = [operand_document(each, mask) for each in finding.listed]
            return finding.load is not None and any(
                score.is_culprit(setting, culprit, copy)
                for setting in documents
                for culprit in expected["culprit"]
            )

        finding = next((each for each in before.findings if hits(each)), None)
        return None if finding is None else repaired(name, copy, stack, before, finding, accepted)


def repaired(
    name: str,
    copy: Path,
    stack: Stack,
    before: Outcome,
    finding: Finding,
    accepted: Stack | None,
) -> Proved:
    """The finding of a case, repaired in its copy."""
    known, rules = knowledge(), load_rules()
    start = perf_counter()
    repairer = Repairer.of(
        before, rules, lambda texts: read_stack(copy, changes=changed(texts, copy)), known
    )
    repairer.planner.plan([finding])
    seconds = perf_counter() - start
    plan = repairer.plan([finding])
    if not plan.fixes:
        reasons = "; ".join(each.reason for each in plan.impossible)
        return Proved(name, finding.rule, reason=reasons, seconds=seconds)
    moved = moves(stack, accepted) if accepted else {}
    agreeing = [any(is_same(c, moved) for c in each.changes) for each in plan.fixes]
    best = plan.fixes[0]
    return Proved(
        name,
        finding.rule,
        fix=said(best),
        left=tuple(wrong(best, repairer, finding)),
        edits=len(best.edits),
        told=len(best.told),
        same=agreeing[0] if accepted else None,
        same_any=any(agreeing) if accepted else None,
        seconds=seconds,
        theirs=", ".join(f"{k[0]} {k[1]} {v}" for k, v in moved.items()),
    )


def changed(texts: Mapping[str, str], folder: Path) -> Changes:
    by_path = {path: encoded(text) for path, text in texts.items()}
    return Changes("edited", by_path, folder.resolve())


def wrong(fix: Fix, repairer: Repairer, finding: Finding) -> Iterator[str]:
    """What is still there after a fix, and what it has brought.

    Changes that no edit can write hold in the values alone; the rest is read from edited texts.
    """
    stack = repairer.outcome.stack
    instead = {each.operand: replaced(each) for each in fix.changes}
    world = StackWorld(stack, repairer.planner.world.knowledge).with_settings(instead)
    after = asked(repairer.planner.rules, world)
    shown = {at for at, each in after.items() if each.found and not is_hidden(at, after)}
    targets = {
        each.at
        for each in repairer.planner.targets
        if (each.finding.fingerprint, each.finding.target) == (finding.fingerprint, finding.target)
    }
    for at in shown:
        known = repairer.planner.before.get(at)
        if at in targets:
            yield f"{at[0]} is still there"
        elif is_worse(after[at], known) or (known is not None and known.found is None):
            yield f"{at[0]} is new"
    if not fix.told:
        texts = edited_texts(stack, fix.edits)
        checked = check(repairer.read(texts), load_rules(), date.today())  # noqa: DTZ011
        for each in repairer.left_over(checked, [finding]):
            yield from (f"{found.rule} of the edited files" for found in each)


def replaced(change: Change) -> Setting:
    setting = change.operand.setting
    origin = Origin.FILE if setting.origin is Origin.DEFAULT else setting.origin
    return replace(setting, value=change.value, text=change.text, origin=origin)


def said(fix: Fix) -> str:
    return ", ".join(
        f"{each.operand.owner} {each.operand.setting.name} {each.operand.setting.text} -> {each.text}"
        for each in fix.changes
    )


Moved = dict[tuple[str, str], str]


def moves(before: Stack, after: Stack) -> Moved:
    """Which settings the accepted fix changed, by owner and name, and which way."""
    old, new = amounts(before), amounts(after)
    found: Moved = {}
    for at in sorted(old.keys() | new.keys()):
        a, b = old.get(at), new.get(at)
        if a is not None and b is not None and a != b:
            found[at] = "raise" if b > a else "lower"
        elif (a is None) != (b is None):
            found[at] = "written" if a is None else "gone"
    return found


def amounts(stack: Stack) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for owner, setting in settings(stack):
        if isinstance(setting.value, Amount) and setting.value.is_known:
            found[owner, setting.name] = float(setting.value.low)
    return found


def settings(stack: Stack) -> Iterator[tuple[str, Any]]:
    for service in stack.services.values():
        for each in (*service.settings, *service.stated.values()):
            yield service.name, each
        for limit in service.limits.values():
            for layer in limit.layers:
                yield service.name, layer
    for host in stack.hosts.values():
        for each in (*host.read, *host.settings.values()):
            yield host.name, each
        for limit in host.limits.values():
            for layer in limit.layers:
                yield host.name, layer
    for link in stack.links:
        for each in link.settings.values():
            yield f"{link.source} -> {link.target}", each


def is_same(change: Change, moved: Moved) -> bool:
    operand: Operand = change.operand
    way = moved.get((operand.owner, operand.setting.name))
    if way == "written":
        return True
    old, new = operand.setting.value, change.value
    if not isinstance(old, Amount) or not isinstance(new, Amount):
        return way is not None
    return way == ("raise" if new.low > old.low else "lower")


def told(proved: Sequence[Proved]) -> Iterator[str]:
    for each in proved:
        mark = {True: "same", False: "other", None: "-"}[each.same]
        any_ = {True: "any", False: "", None: ""}[each.same_any]
        yield f"{each.name} {each.rule}: {each.fix or 'NONE ' + each.reason} [{mark} {any_}] {each.edits} edits {each.told} told {each.seconds:.2f} s {each.left or ''}"
        if each.same is False:
            yield f"    theirs: {each.theirs}"


def table(proved: Sequence[Proved], crowd: Sequence[float]) -> Iterator[str]:
    fixed = [each for each in proved if each.fix]
    compared = [each for each in fixed if each.same is not None]
    times = [each.seconds for each in proved]
    yield "| what | wanted | measured |"
    yield "|---|---|---|"
    yield f"| cases whose culprit a rule with load and limit finds | {LEAST} | {len(proved)} |"
    yield f"| of those, a fix is found | | {len(fixed)} |"
    yield f"| ... after which the finding is gone and nothing new is there | 100 % | {_share(sum(not e.left for e in fixed), len(fixed))} |"
    yield f"| ... that edits write as a whole | | {_share(sum(not e.told for e in fixed), len(fixed))} |"
    yield f"| the same setting moves the same way as in the accepted fix | {ALIKE:.0%} | {_share(sum(bool(e.same) for e in compared), len(compared))} |"
    yield f"| ... in one of the alternatives | | {_share(sum(bool(e.same_any) for e in compared), len(compared))} |"
    yield f"| one case, without reading its files: median, longest | | {median(times) * 1000:.0f} ms, {max(times) * 1000:.0f} ms |"
    yield (
        f"| `plimsoll fix` on 50 services with 20 settings that may move: median, longest of {len(crowd)} processes | 2 s | "
        f"{median(crowd):.1f} s, {max(crowd):.1f} s |"
    )
    yield ""
    yield f"The cases: {', '.join(each.name for each in proved)}."
    yield ""
    yield "No fix exists within the limits of:"
    yield ""
    yield from (f"- {each.name}, {each.rule}: {each.reason}" for each in proved if not each.fix)
    yield ""
    yield "The accepted fix moved something else in:"
    yield ""
    yield from (
        f"- {each.name}, {each.rule}: {each.fix}; accepted: {each.theirs}"
        for each in compared
        if not each.same
    )


def _share(part: int, whole: int) -> str:
    return f"{part / max(whole, 1):.1%} ({part} of {whole})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
