"""Findings to text for a person and to formats for machines: one file per format."""

from __future__ import annotations

from plimsoll import plugins
from plimsoll.report.format import Format

PACKAGE = "plimsoll.report"
_NOT_FORMATS = {
    "colors", "explanation", "first-statement", "format", "needs", "operands", "quoting", "quotes",
    "rules", "secret-names", "secret-texts", "secrets", "stack-json", "stack-text", "uses", "width",
    "words",
}  # fmt: skip


def names() -> tuple[str, ...]:
    """Every format that a report can have, as `--format` takes it."""
    return tuple(name for name in plugins.names(PACKAGE) if name not in _NOT_FORMATS)


def format_named(name: str) -> Format | None:
    """The format of that name; None where we do not know it."""
    if name not in names():
        return None
    return plugins.offered("plimsoll", "report", name.replace("-", "_"), Format)
