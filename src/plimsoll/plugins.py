"""Finds the one typed object that a folder of a plug-in package offers. No registry."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from typing import TypeVar

T = TypeVar("T")


class PluginError(Exception):
    """A plug-in offers nothing, or something of another type."""


@cache
def names(package: str) -> tuple[str, ...]:
    """The plug-ins of a package, by folder or file name, in order; "-" for "_"."""
    found = set()
    for entry in files(package).iterdir():
        stem = entry.name.removesuffix(".py")
        if not stem.startswith("_") and (entry.is_dir() or entry.name.endswith(".py")):
            found.add(stem.replace("_", "-"))
    return tuple(sorted(found))


def offered(package: str, name: str, module: str, type_: type[T]) -> T | None:
    """The object that `package/name/module.py` offers under the name of its type, in capitals.

    None where there is no such module.

    Raises:
        PluginError: the module has no such object, or it is of another type.
    """
    path = f"{package}.{name.replace('-', '_')}"
    if find_spec(path) is None or find_spec(f"{path}.{module}") is None:
        return None
    wanted = type_.__name__.upper()
    found = getattr(import_module(f"{path}.{module}"), wanted, None)
    if not isinstance(found, type_):
        raise PluginError(f"{path}.{module} has to offer {wanted}, a {type_.__name__}")
    return found
