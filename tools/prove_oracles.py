"""What servers make of drawn configurations, against what we say: fates counted for each server.

With --write the table stands in docs/benchmarks.md. A server that was asked is not asked again while
the project stays as it is. Further words are names of servers; without one all are asked.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import other_versions
import pages
import prove
from oracles import node, oracles, postgresql
from oracles.campaign import campaign, version
from oracles.oracle import Fate, Oracle
from oracles.prediction import exact_rules
from plimsoll.model.rule import Rule

DRAWN = 300  # some are drawn twice
LEAST, LEAST_NOT_ACCEPTED = 200, 60

Counted = dict[str, Any]


def main(words: Sequence[str]) -> int:
    wanted = [word for word in words if not word.startswith("-")]
    rows = []
    for name, oracle in asked().items():
        if not wanted or name.split(" ")[0] in wanted:
            rows.append(counted(name, oracle))
            print(row(rows[-1]), flush=True)
            for each in rows[-1]["wrong"]:
                print(f"  {each}")
    text = "\n".join(table(rows))
    if "--write" in words and not wanted:
        pages.fill("make prove, oracles", text)
    print("Exact rules that no server was asked about here:")
    for technology, ids in not_tried(
        {rule for each in rows for rule in each.get("rules", {})}
    ).items():
        print(f"  {technology}: {', '.join(ids)}")
    return 1 if any(shortcomings(each) for each in rows) else 0


def asked() -> dict[str, Oracle]:
    """Every oracle, and those of other versions by the version that they tell."""
    others = [
        *map(postgresql.of, other_versions.postgresql()),
        *map(node.of, other_versions.node()),
    ]
    named = {f"{each.technology} {version(each)}": each for each in others}
    return oracles() | named


def counted(name: str, oracle: Oracle) -> Counted:
    """What the campaign of a server came to, or came to before."""
    kept = prove.kept(f"oracle-{name.replace(' ', '-')}.json")
    if kept.exists():
        found: Counted = json.loads(kept.read_text("utf-8"))
        return found
    try:
        tally = campaign(oracle, DRAWN)
    except pytest.skip.Exception as reason:
        return {"name": name, "absent": str(reason)}
    made: Counted = {
        "name": name,
        "version": tally.version,
        "fates": {fate: tally.fates[fate] for fate in Fate},
        "rules": dict(tally.rules),
        "spelled": len(oracle.spelled),
        "wrong": tally.wrong,
    }
    if not shortcomings(made):
        kept.write_text(json.dumps(made), "utf-8")
    return made


def shortcomings(made: Counted) -> list[str]:
    """What the campaign should have shown and did not; nothing of a server that is not here."""
    if "absent" in made:
        return []
    fates = made["fates"]
    tried = sum(fates.values())
    found = [f"{len(made['wrong'])} not as we say"] if made["wrong"] else []
    found += [f"only {tried} tried"] if tried < LEAST else []
    other = tried - fates[Fate.ACCEPTED]
    return [*found, *([f"only {other} not accepted"] if other < LEAST_NOT_ACCEPTED else [])]


def table(rows: Iterable[Counted]) -> Iterator[str]:
    made = list(rows)
    yield f"| server | tried | {' | '.join(Fate)} | spelled out | as we say |"
    yield f"|---|{'---|' * (len(Fate) + 3)}"
    yield from map(row, made)
    spoke = {rule for each in made for rule in each.get("rules", {})}
    yield ""
    yield f"{len(spoke)} exact rules spoke of these configurations: {', '.join(f'`{r}`' for r in sorted(spoke))}."


def row(made: Counted) -> str:
    if "absent" in made:
        return f"| {made['name']} | not here: {made['absent']} |{' |' * (len(Fate) + 2)}"
    fates = made["fates"]
    tried = sum(fates.values())
    numbers = " | ".join(str(fates[fate]) for fate in Fate)
    right = tried - len(made["wrong"])
    short = "".join(f"; {each}" for each in shortcomings(made))
    name = made["name"].partition(" ")[0]
    return f"| {name} {made['version']} | {tried} | {numbers} | {made['spelled']} | {right} of {tried}{short} |"


def not_tried(spoke: set[str]) -> dict[str, list[str]]:
    """Exact rules that said nothing of any configuration, by what they are about."""
    found: dict[str, list[str]] = {}
    for rule in exact_rules():
        if rule.id not in spoke:
            found.setdefault(_about(rule), []).append(rule.id)
    return dict(sorted(found.items()))


def _about(rule: Rule) -> str:
    target = rule.target
    names = dict.fromkeys((*target.technologies, *target.sources, *target.targets))
    return ", ".join(names) or f"any {target.kind}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
