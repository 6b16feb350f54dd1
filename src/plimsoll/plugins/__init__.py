"""Finds the one typed object that a folder of a plug-in package offers. No registry."""

from __future__ import annotations

import functools  # `cache` is a module of ours here
from importlib import import_module
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


class PluginError(Exception):
    """A plug-in offers nothing, or something of another type."""


@functools.cache
def folder(package: str) -> Path:
    """Where the files of a package lie."""
    return Path(import_module(package).__path__[0])


@functools.cache
def names(package: str) -> tuple[str, ...]:
    """The plug-ins of a package, by folder or file name, in order; "-" for "_"."""
    found = set()
    for entry in folder(package).iterdir():
        stem = entry.name.removesuffix(".py")
        if not stem.startswith("_") and (entry.name.endswith(".py") or entry.is_dir()):
            found.add(stem.replace("_", "-"))
    return tuple(sorted(found))


def offered(package: str, name: str, module: str, type_: type[T]) -> T | None:
    """The object that `package/name/module.py` offers under the name of its type, in capitals.

    None where there is no such module.

    Raises:
        PluginError: the module has no such object, or it is of another type.
    """
    own = name.replace("-", "_")
    if not folder(package).joinpath(own, f"{module}.py").is_file():
        return None
    path = f"{package}.{own}.{module}"
    wanted = type_.__name__.upper()
    found = getattr(import_module(path), wanted, None)
    if not isinstance(found, type_):
        raise PluginError(f"{path} has to offer {wanted}, a {type_.__name__}")
    return found
