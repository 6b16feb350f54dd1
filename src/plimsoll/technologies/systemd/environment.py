"""The environment of a unit's processes: Environment lines, then the files that beat them.

Source: systemd.exec(5), "Environment".
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from plimsoll.model.reader import Open
from plimsoll.model.setting import Setting, Unread
from plimsoll.syntax.env_file import EnvDialect, variables
from plimsoll.syntax.text import Lines
from plimsoll.technologies.systemd.merge import Merged
from plimsoll.technologies.systemd.words import (
    Variable,
    assignments,
    unresolved,
    with_specifiers,
)

# What systemd itself sets, with values that only the machine knows.
_AUTOMATIC = frozenset(
    {"PATH", "LANG", "USER", "LOGNAME", "HOME", "SHELL", "MAINPID", "MANAGERPID", "INVOCATION_ID"}
    | {"LISTEN_FDS", "LISTEN_PID", "NOTIFY_SOCKET", "XDG_RUNTIME_DIR", "CREDENTIALS_DIRECTORY"}
    | {"RUNTIME_DIRECTORY", "STATE_DIRECTORY", "CACHE_DIRECTORY", "LOGS_DIRECTORY"}
    | {"CONFIGURATION_DIRECTORY", "SYSTEMD_EXEC_PID", "WATCHDOG_USEC", "WATCHDOG_PID", "TERM"}
)


class Environment(Struct):
    """*missing*: files that are not at hand, each with the setting that names it."""

    variables: dict[str, Variable] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    missing: list[Setting] = field(default_factory=list)
    passed: set[str] = field(default_factory=set)
    unread: list[Unread] = field(default_factory=list)

    def is_unset(self, name: str) -> bool:
        """Whether a variable that is not among ours surely has no value."""
        return not self.missing and name not in self.passed and name not in _AUTOMATIC

    def why_unknown(self, name: str) -> str:
        """Of a variable `$X` or a specifier `%i` that cannot be told."""
        if name in ("%i", "%I", "%n", "%N", "%f"):
            return f"the instance of the template decides {name}"
        absent = ", ".join(s.text.removeprefix("-") for s in self.missing)
        if name.startswith("$") and absent and name[1:] not in self.passed | _AUTOMATIC:
            return f"{name} may be in {absent}, which is not at hand"
        return f"only the machine knows {name}"


def environment(unit: Merged, specifiers: dict[str, str], opened: Open) -> Environment:
    """What the processes of a unit see, as far as its files tell."""
    found = Environment()
    for setting in unit.held("Environment"):
        value, lines = unit.value(setting)
        for name, each in assignments(value):
            plain, missing = with_specifiers(each, specifiers), unresolved(each, specifiers)
            found.variables[name] = Variable(plain, lines, missing)
    for setting in unit.held("PassEnvironment"):
        found.passed.update(setting.text.split())
    for setting in unit.held("EnvironmentFile"):
        _take_file(found, setting, opened)
    for setting in unit.held("UnsetEnvironment"):
        for word in setting.text.split():
            found.variables.pop(word.partition("=")[0], None)
    return found


def _take_file(found: Environment, setting: Setting, opened: Open) -> None:
    wanted = setting.text.removeprefix("-")
    if not wanted:
        return
    for path in _candidates(wanted, setting):
        text = opened(path)
        if isinstance(text, Unread):
            continue
        lines = Lines(text, path)
        found.files.append(path)
        for item in variables(text, path, EnvDialect.POSIX):
            if isinstance(item, Unread):
                found.unread.append(item)
            elif item.value is not None:
                found.variables[item.name] = Variable(item.value, lines)
        return
    found.missing.append(setting)
    if not setting.text.startswith("-"):
        reason = f"{wanted} is not at hand: variables of it are not known"
        found.unread.append(
            Unread(setting.place.path if setting.place else "", reason, setting.place)
        )


def _candidates(wanted: str, setting: Setting) -> Iterator[str]:
    """Where a file of the server may lie here: the longest tail of its path, below or beside the unit."""
    folder = setting.place.path.rpartition("/")[0] if setting.place else ""
    above = folder.split("/") if folder else []
    tail = [part for part in wanted.split("/") if part]
    for start in range(len(tail)):
        for depth in range(len(above) + 1):
            yield "/".join([*above[:depth], *tail[start:]])
