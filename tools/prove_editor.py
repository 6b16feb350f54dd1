"""How long the language server takes to answer a keystroke, over a real one and its protocol.

A stack of ten services, of which one has a configuration of about 1,000 lines; a value in it is typed and
erased, character by character, and each time it is waited for the findings of that very text. With
--write the figures stand in docs/benchmarks.md.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import inputs
import pages
from editor_client import Editor, insertion, replacement

LINES, SERVICES, SEED = 1_000, 10, 20
KEYSTROKES = 200
COMMAND = "make prove, editor"


def main(words: Sequence[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="editor-") as box:
        folder = inputs.stack(Path(box, "stack"), SERVICES, SEED).folder
        written = inputs.nginx(Path(box, "long"), LINES, SEED).folder / "nginx.conf"
        long = next(iter(sorted(folder.glob("*/nginx.conf"))))
        long.write_text(written.read_text("utf-8"), "utf-8")
        took = list(typed(folder, long))
        lines = len(long.read_text("utf-8").splitlines())
    percentile = quantiles(took, n=20)[-1]
    text = "\n".join(
        (
            "| what | wanted | measured |",
            "|---|---|---|",
            f"| from a keystroke to the findings of that text, 95th percentile of {len(took)} | 100 ms | {percentile:.0f} ms |",
            f"| median; slowest | | {median(took):.0f} ms; {max(took):.0f} ms |",
            f"| lines of the file; services of its stack | | {lines}; {SERVICES} |",
        )
    )
    print(text)
    if "--write" in words:
        pages.fill(COMMAND, text)
    return 0


def typed(folder: Path, path: Path) -> Iterator[float]:
    """Milliseconds from each keystroke to the answer about it."""
    lines = path.read_text("utf-8").split("\n")
    at = next(n for n, line in enumerate(lines) if "worker_connections" in line)
    column = lines[at].index(";")
    with Editor() as editor:
        editor.initialize(folder)
        uri = editor.open(path)
        editor.diagnostics(uri)
        for number in range(KEYSTROKES):
            began = perf_counter()
            if number % 2 == 0:
                editor.change(uri, insertion(at, column, "0"))
            else:
                editor.change(uri, replacement((at, column), (at, column + 1), ""))
            yield (editor.answered(uri) - began) * 1000
        editor.goodbye()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
