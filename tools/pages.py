"""Pages with places that a command fills."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = ROOT / "docs" / "benchmarks.md"


def markers(command: str) -> tuple[str, str]:
    """The lines around what *command* writes."""
    return f"<!-- {command}: begin -->", f"<!-- {command}: end -->"


def filled(page: str, command: str, text: str) -> str:
    """*page* with *text* in the place of what stood between the markers of *command*."""
    begin, end = markers(command)
    head, found, rest = page.partition(begin)
    _, closed, tail = rest.partition(end)
    if not found or not closed:
        sys.exit(f"{command}: the page has no lines {begin} and {end}")
    return f"{head}{begin}\n{text}\n{end}{tail}"


def fill(command: str, text: str) -> None:
    """Puts *text* into docs/benchmarks.md."""
    page = BENCHMARKS.read_text("utf-8") if BENCHMARKS.is_file() else ""
    BENCHMARKS.write_text(filled(page, command, text), "utf-8")
