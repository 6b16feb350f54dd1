"""Symbolic reading of Python source: what its top level assigns, without running any of it."""

from __future__ import annotations

from plimsoll.syntax.environ import Variables, carried
from plimsoll.syntax.python.deferred import Deferred, resolved
from plimsoll.syntax.python.evaluation import Evaluator
from plimsoll.syntax.python.functions import Call, Callee
from plimsoll.syntax.python.module import Assignment, Module, Star, read_module
from plimsoll.syntax.python.source import Source
from plimsoll.syntax.python.values import (
    Computed,
    Entry,
    Function,
    Listed,
    Reference,
    Result,
    Symbol,
    Table,
    meaning,
    shown,
)

__all__ = [
    "Assignment",
    "Call",
    "Callee",
    "Computed",
    "Deferred",
    "Entry",
    "Evaluator",
    "Function",
    "Listed",
    "Module",
    "Reference",
    "Result",
    "Source",
    "Star",
    "Symbol",
    "Table",
    "Variables",
    "carried",
    "meaning",
    "read_module",
    "resolved",
    "shown",
]
