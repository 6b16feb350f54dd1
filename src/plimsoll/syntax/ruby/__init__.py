"""Symbolic reading of Ruby source: what it calls and assigns, without running any of it."""

from __future__ import annotations

from plimsoll.syntax.python.values import Computed, Entry, Listed, Reference, Result, Symbol, Table
from plimsoll.syntax.ruby.evaluation import Evaluator, meaning, shown
from plimsoll.syntax.ruby.nodes import Name
from plimsoll.syntax.ruby.script import Assigned, Called, Script, Statement, read_script

__all__ = [
    "Assigned",
    "Called",
    "Computed",
    "Entry",
    "Evaluator",
    "Listed",
    "Name",
    "Reference",
    "Result",
    "Script",
    "Statement",
    "Symbol",
    "Table",
    "meaning",
    "read_script",
    "shown",
]
