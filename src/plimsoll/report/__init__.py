"""Findings to text for a person and to formats for machines: one file of `formats/` for each."""

from __future__ import annotations

from plimsoll import plugins
from plimsoll.report.format import Format

PACKAGE = "plimsoll.report.formats"


def names() -> tuple[str, ...]:
    """Every format that a report can have, as `--format` takes it."""
    return plugins.names(PACKAGE)


def format_named(name: str) -> Format | None:
    """The format of that name; None where we do not know it."""
    return plugins.offered("plimsoll.report", "formats", name, Format) if name in names() else None
