"""Which modules are loaded, as far as the files tell: what `<IfModule>` asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from plimsoll.model.setting import Setting
from plimsoll.technologies.apache.directives import ONLY_PREFORK

MPMS = ("prefork", "worker", "event")
# Built into every server.
_BUILT_IN = frozenset({"core_module", "so_module", "http_module"})
# No server answers without it: a list of modules that has it is the whole list.
_ALWAYS_LISTED = "authz_core_module"
# Which of these are built in differs between distributions.
_SOMETIMES_BUILT_IN = frozenset(
    {"log_config_module", "logio_module", "version_module", "unixd_module", "watchdog_module"}
)
_SOURCES = {"core.c": "core_module", "http_core.c": "http_module"}
_FILE = re.compile(r"(?:^|/)mods-enabled/([A-Za-z0-9_]+)\.(?:conf|load)$")
_MPM_FILE = re.compile(r"(?:^|/)mpm_(prefork|worker|event)\.(?:conf|load)$")
_MPM_MODULE = re.compile(r"mpm_(prefork|worker|event)_module")


def identifier(name: str) -> str:
    """The module that an `<IfModule>` names: by its identifier, or by its source.

    Empty: there is no such source, so that the section never counts (`mpm_event.c`).
    """
    if not name.endswith(".c"):
        return name
    stem = name.removesuffix(".c")
    if stem in MPMS:
        return f"mpm_{stem}_module"
    if name in _SOURCES:
        return _SOURCES[name]
    if stem.startswith("mod_") and not stem.startswith("mod_mpm_"):
        return f"{stem.removeprefix('mod_')}_module"
    return "" if stem.startswith(("mpm_", "mod_mpm_")) else name


def mpm_of(module: str) -> str:
    """The MPM that a module is; empty for others."""
    found = _MPM_MODULE.fullmatch(module)
    return found[1] if found else ""


def mpm_of_path(path: str) -> str:
    """The MPM that a file of Debian's layout shows by its name: only that of the loaded one is there."""
    found = _MPM_FILE.search(path)
    return found[1] if found and "mods-available/" not in path else ""


class Modules:
    """The modules that were loaded so far, and what the whole of the files tells about the rest."""

    def __init__(self, settings: Sequence[Setting]) -> None:
        named = [s.text.split(" ")[0] for s in settings if s.name == "LoadModule"]
        self._is_whole = _ALWAYS_LISTED in named
        self._loaded = set(_BUILT_IN) | set(_shown_by_files(settings))
        self._mpm = _mpm(settings, named)

    def load(self, module: str) -> None:
        self._loaded.add(module)

    def has(self, module: str) -> bool | None:
        """Whether it is loaded; None where nothing tells."""
        mpm = mpm_of(module)
        if mpm:
            return self._mpm == mpm if self._mpm else None
        if not module:
            return False
        if module in self._loaded:
            return True
        if self._is_whole and module not in _SOMETIMES_BUILT_IN:
            return False
        return None


def _shown_by_files(settings: Iterable[Setting]) -> Iterable[str]:
    for path in {s.place.path for s in settings if s.place}:
        found = _FILE.search(path)
        if found:
            yield f"{found[1]}_module"


def _mpm(settings: Sequence[Setting], loaded: Iterable[str]) -> str:
    """The MPM that is loaded; empty where several could be.

    A `LoadModule` says it, else the name of a file; else directives that only it has, or sections
    that are all for the same one.
    """
    for told in (
        {mpm_of(each) for each in loaded},
        {mpm_of_path(s.place.path) for s in settings if s.place},
        {_implied(s) for s in settings if not any(b.kind == "IfModule" for b in s.scope)},
        {_asked(b.name) for s in settings for b in s.scope if b.kind == "IfModule"},
    ):
        told.discard("")
        if told:
            return told.pop() if len(told) == 1 else ""
    return ""


def _implied(setting: Setting) -> str:
    return "prefork" if setting.name in ONLY_PREFORK else ""


def _asked(name: str) -> str:
    return "" if name.startswith("!") else mpm_of(identifier(name))
