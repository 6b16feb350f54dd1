"""Which options are read, in which order, and what they come to.

The environment is read first, then the command line with the files at the place where it names
them; `inherit` at the end of all. Of an option that is one number the last wins.

Source: uWSGI documentation, Configuration; core/config.c; measured on 2.0.21.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Word, shadowed
from plimsoll.model.setting import Origin, Setting, Status, Unknown
from plimsoll.syntax.environ import variables
from plimsoll.technologies.uwsgi.files import ASKED, SECTION, split
from plimsoll.technologies.uwsgi.logic import Logic, Turn
from plimsoll.technologies.uwsgi.names import IMMEDIATE, LISTS, LOADERS
from plimsoll.technologies.uwsgi.values import altered
from plimsoll.technologies.uwsgi.variables import REFERRED, filled

_DEEPEST = 10
_MOST = 50_000
_SETTERS = frozenset({"set", "set-placeholder", "set-ph"})


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """*settings*, with what their variables stand for; those of a loop once for each turn."""
    run = _Run(_placeholders(settings), variables(settings))
    run.go()
    held = {each.name: each for each in run.found if each.status is Status.EFFECTIVE}
    found = [
        each if each.name in LISTS else shadowed(each, held.get(each.name)) for each in run.found
    ]
    return [_altered(each) for each in found] + run.unread()


def _placeholders(settings: Sequence[Setting]) -> list[Setting]:
    """*settings*; a name that others refer to as `%(name)` is no slip of the pen."""
    named = {name for each in settings for name in REFERRED.findall(each.text)}
    return [
        replace(each, status=Status.EFFECTIVE, reason="")
        if each.status is Status.UNKNOWN_NAME and each.name in named
        else each
        for each in settings
    ]


def _altered(setting: Setting) -> Setting:
    if not isinstance(setting.value, Amount) or setting.reason:
        return setting
    odd = altered(setting.text)
    return replace(setting, reason=odd) if odd else setting


def _asked(setting: Setting, default: str = "uwsgi") -> bool:
    """Whether the section that it stands in is the one that its file is asked for."""
    wanted = default
    for block in setting.scope:
        if block.kind == SECTION and block.name != wanted:
            return False
        if block.kind.startswith(ASKED):
            wanted = block.name
    return True


def _section(setting: Setting) -> str:
    return next((b.name for b in reversed(setting.scope) if b.kind == SECTION), "uwsgi")


def _is_late(setting: Setting) -> bool:
    return any(block.kind == f"{ASKED} late" for block in setting.scope)


class _Run(Struct):
    """Goes through the options as uWSGI does."""

    settings: Sequence[Setting]
    environment: Mapping[str, Word]
    found: list[Setting] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)

    def go(self) -> None:
        self._first_of_each()
        logic = Logic(self.environment, self._option)
        early = [s for s in self.settings if not _is_late(s)]
        late = [s for s in self.settings if _is_late(s)]
        early.sort(key=lambda s: s.origin is not Origin.ENVIRONMENT)
        self._read([s for s in early if self._is_read(s)], logic, 0)
        self._read([s for s in late if _asked(s)], logic, 0)

    def _is_read(self, setting: Setting) -> bool:
        return setting.origin is not Origin.FILE or _asked(setting)

    def _first_of_each(self) -> None:
        """Options by their first text: placeholders may come before what they stand for."""
        for each in self.settings:
            if self._is_read(each):
                self._known(each.name, each.text)

    def _known(self, name: str, text: str) -> None:
        if name in _SETTERS:
            name, _, text = text.partition("=")
        self.options.setdefault(name, text)
        if name == "processes":
            self.options.setdefault("workers", text)

    def _option(self, name: str) -> str | None:
        return self.options.get(name)

    def _read(self, settings: Sequence[Setting], logic: Logic, depth: int) -> None:
        for each in settings:
            self.used.add(id(each))
            if len(self.found) > _MOST:
                return
            is_plain = each.value is None or isinstance(each.value, Amount | bool | str)
            if (
                each.status is not Status.EFFECTIVE
                or not is_plain
                or logic.takes(each.name, each.text)
            ):
                self.found.append(each)
            elif logic.missed:
                self.found.append(replace(each, status=Status.SHADOWED, reason=logic.missed))
            else:
                for turn in logic.turns:
                    self.found.append(self._turned(each, turn))
                if each.name in LOADERS and depth < _DEEPEST:
                    self._read(list(self._section_of(each)), logic, depth + 1)

    def _section_of(self, loader: Setting) -> Iterator[Setting]:
        """The options of another section of the same file: `ini = :other`."""
        file, section = split(loader.text)
        if file or loader.place is None or section == _section(loader):
            return
        for each in self.settings:
            is_here = each.place is not None and each.place.path == loader.place.path
            if is_here and _section(each) == section and each.origin is loader.origin:
                yield each

    def _turned(self, setting: Setting, turn: Turn) -> Setting:
        """*setting* in one turn of a loop, or where its condition holds."""
        text = setting.text
        if turn.here is not None:
            text = text.replace("%(_)", turn.here)
        path = setting.place.path if setting.place else ""
        section = _section(setting)
        section = "" if section == "uwsgi" else section  # %x is one that somebody asks for
        option = None if setting.name in IMMEDIATE else self._option
        told = filled(text, path, section, self.environment, option)
        if not turn.is_sure:
            return replace(setting, text=text, value=Unknown(turn.reason))
        made = setting
        if told.value is not None:
            made = replace(setting, text=text, value=told.value)
        elif told.text != setting.text:
            made = replace(
                setting, text=told.text, value=None, reason=f"{setting.text} in the file"
            )
        return replace(made, reason=turn.reason) if turn.reason and not made.reason else made

    def unread(self) -> list[Setting]:
        """The options of sections that nobody asks for."""
        left = [each for each in self.settings if id(each) not in self.used]
        return [
            replace(each, status=Status.IGNORED, reason=_unread(each))
            if each.status is Status.EFFECTIVE
            else each
            for each in left
        ]


def _unread(setting: Setting) -> str:
    section = _section(setting)
    where = f"the section [{section}]" if section else "what stands before any section"
    return f"uWSGI does not read {where}"
