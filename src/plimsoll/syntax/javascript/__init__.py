"""Symbolic reading of JavaScript and TypeScript: what is literal in it, without running any of it."""

from __future__ import annotations

from plimsoll.syntax.javascript.module import (
    Assignment,
    Call,
    Reach,
    Statement,
    Wanted,
    read_exported,
    read_json,
    read_module,
    read_value,
)
from plimsoll.syntax.javascript.settings import leaves, setting, value
from plimsoll.syntax.javascript.values import (
    UNDEFINED,
    Computed,
    Entry,
    Function,
    Listed,
    Reference,
    Result,
    Symbol,
    Table,
    shown,
)

__all__ = [
    "UNDEFINED", "Assignment", "Call", "Computed", "Entry", "Function", "Listed", "Reach",
    "Reference", "Result", "Statement", "Symbol", "Table", "Wanted", "leaves", "read_exported", "read_json",
    "read_module", "read_value", "setting", "shown", "value",
]  # fmt: skip
