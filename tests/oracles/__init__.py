"""Real servers as oracles: what they make of random configurations, against what we say of them.

One module for each server; it says how a configuration is drawn and how the server is asked. Each
offers one `ORACLE`; the file's name is the key.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from oracles.oracle import Oracle


def oracles() -> dict[str, Oracle]:
    """Every oracle by the name of its module."""
    modules = {each.name: import_module(f"oracles.{each.name}") for each in iter_modules(__path__)}
    return {
        name: module.ORACLE
        for name, module in sorted(modules.items())
        if isinstance(getattr(module, "ORACLE", None), Oracle)
    }
