"""The figures of all rules over the labelled cases, as score.py and `make calibration` count them.

With --write they stand in docs/benchmarks.md. Where the cases are not beside the project there is
nothing to prove.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import calibrate
import pages


def main(words: Sequence[str]) -> int:
    folder = calibrate.CASES
    if not (folder / "score.py").is_file():
        print(f"prove_cases: no cases in {folder}")
        return 0
    text = "\n".join(proof(calibrate.check_all(folder), scored(folder)))
    print(text)
    if "--write" in words:
        pages.fill("make prove, cases", text)
    return 0


def scored(folder: Path) -> dict[str, Any]:
    """What score.py says of the command itself, run on a copy of each folder."""
    plimsoll = Path(sys.executable).with_name("plimsoll")
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        subprocess.run(
            [
                *(sys.executable, str(folder / "score.py"), str(folder), "--json", file.name),
                *("--command", f"{plimsoll} check {{dir}} --format json", "--list"),
            ],
            check=True,
        )
        found: dict[str, Any] = json.loads(Path(file.name).read_text("utf-8"))
    return found


def proof(checked: Sequence[calibrate.Checked], score: dict[str, Any]) -> Iterator[str]:
    """The figures that were asked for, each with what was wanted."""
    said = calibrate.counted(checked)
    decidable, wider = said["decidable"], said["yes and partial"]
    elsewhere = said["decidable found, no rule by its own source"]
    recall = score["recall"]["all"]
    yield "| what | wanted | measured |"
    yield "|---|---|---|"
    yield (
        f"| faults that the folder decides, in a vendor's format, named | 90 % | "
        f"{_share(said['decidable found'], decidable)} |"
    )
    yield f"| the same, no rule using a report that it cites as its source | | {_share(elsewhere, decidable)} |"
    yield (
        f"| those and the ones that can only be suspected, named | 80 % | "
        f"{_share(said['yes and partial found'], wider)} |"
    )
    yield f"| of those found, the culprit first | 80 % | {_share(said['first'], said['found'])} |"
    for name, most in (("high", 2), ("medium", 13)):
        yield (
            f"| sound and repaired folders with a finding of {name} or worse | {most} of "
            f"{said['sound and fixed']} | {len(said[f'sound and fixed, {name}'])} |"
        )
    yield (
        f"| score.py over all {recall['n']} faults: named; the culprit first in the first finding | | "
        f"{recall['any']:.1%}; {recall['first']:.1%} |"
    )
    yield (
        f"| its {score['runs']} runs: crashes, files unread, rules skipped | 0 crashes | "
        f"{len(score['failures'])}, {score['unread']}, {score['skipped']} |"
    )


def _share(part: int, whole: int) -> str:
    return f"{part / max(whole, 1):.1%} ({part} of {whole})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
