"""Draws findings of the lint for a reader to judge: true or false, by the lines and the rule's page alone.

The seed stands here and was committed before the draw. The documents are not part of the project: name
their folders.
"""

from __future__ import annotations

import random
import sys
from datetime import date
from pathlib import Path

from plimsoll.learn.lint.check import Document, lint
from plimsoll.learn.reading.texts import text_of
from plimsoll.model.finding import Finding

SEED = 20270505
COUNT = 100
MOST_OF_A_RULE = 15
TODAY = date(2027, 3, 1)


def drawn(findings: list[Finding], seed: int = SEED) -> list[Finding]:
    """Findings in a random order, at most `MOST_OF_A_RULE` of each rule."""
    shuffled = sorted(findings, key=lambda f: (f.rule, f.service, f.message))
    random.Random(seed).shuffle(shuffled)  # noqa: S311 (a draw that can be repeated)
    taken: list[Finding] = []
    count: dict[str, int] = {}
    for each in shuffled:
        if count.get(each.rule, 0) < MOST_OF_A_RULE and len(taken) < COUNT:
            count[each.rule] = count.get(each.rule, 0) + 1
            taken.append(each)
    return taken


def main() -> int:
    paths = [
        path for folder in sys.argv[1:] for path in sorted(Path(folder).iterdir()) if path.is_file()
    ]
    documents = [
        Document(path.name, text_of(path.read_bytes()))
        for path in paths
        if path.suffix in (".md", ".txt") and path.stem != "README"
    ]
    found = list(lint(documents, TODAY).findings)
    print(f"{len(found)} findings in {len(documents)} documents")
    for number, each in enumerate(drawn(found), 1):
        place = each.operands[0].setting
        line = place.place.span.line if place.place else 0
        print(
            f"{number:3} {each.rule} {each.service}:{line}: {each.message}\n      {place.text[:220]}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
