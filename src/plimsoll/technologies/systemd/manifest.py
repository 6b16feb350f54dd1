"""Services as units describe them: files merged, environment and command lines expanded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Deployment, Manifest, Open, Word
from plimsoll.model.setting import Unknown, Unread
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies.systemd.environment import Environment, environment
from plimsoll.technologies.systemd.merge import Merged, Role, merged
from plimsoll.technologies.systemd.units import Unit, manager_files, units
from plimsoll.technologies.systemd.words import (
    Expanded,
    Meanings,
    commands,
    expanded,
    specifiers,
    with_specifiers,
)

# Commands that do nothing: a unit of them groups others.
_NOTHING = re.compile(r"(?:(?:/usr)?/bin/)?true|:")
_SHELL = re.compile(r"(?:(?:/usr)?/bin/)?(?:ba|da)?sh")
_NOTHING_IN_SHELL = re.compile(r"\s*(?:(?:exec\s+)?(?:(?:/usr)?/bin/)?true|:|exit(?:\s+0)?)?\s*")


def describe(paths: Sequence[str], opened: Open) -> Iterator[Deployment | Unread]:
    """The services among *paths*, with their drop-ins, their socket and the manager's defaults."""
    found = units(paths)
    for unit in found:
        if unit.name.endswith(".service") and not unit.is_idle:
            sockets = [u for u in found if u.name == f"{unit.stem}.socket" and u.tree == unit.tree]
            yield from _service(unit, sockets, manager_files(paths, unit.tree), opened)


def states(paths: Sequence[str]) -> list[tuple[str, ...]]:
    """Each unit with its drop-ins, all of them hold; a socket belongs to its service."""
    found = units(paths)
    services = {(u.tree, u.name) for u in found}
    grouped: dict[tuple[str, str], list[str]] = {}
    for unit in found:
        service = f"{unit.stem}.service"
        is_socket = unit.name.endswith(".socket") and (unit.tree, service) in services
        leads = service if is_socket else unit.name
        grouped.setdefault((unit.tree, leads), []).extend(unit.paths)
    return [
        tuple(dict.fromkeys((*files, *manager_files(paths, tree))))
        for (tree, _), files in grouped.items()
    ]


def _service(
    unit: Unit, sockets: Sequence[Unit], defaults: Sequence[str], opened: Open
) -> Iterator[Deployment | Unread]:
    files = [(path, Role.MANAGER) for path in defaults]
    files += [(path, Role.FRAGMENT) for path in unit.fragments[:1]]
    files += [(path, Role.DROP_IN) for path in unit.drop_ins]
    files += [(p, Role.SOCKET) for s in sockets for p in (*s.fragments[:1], *s.drop_ins)]
    files += [(path, Role.HIDDEN) for path in unit.hidden]
    found = merged(files, opened)
    yield from found.unread
    if not any(path in found.lines for path in unit.paths):
        return
    letters = specifiers(unit.name)
    known = environment(found, letters, opened)
    yield from known.unread
    commands_ = list(_commands(found, Meanings(letters, known.variables, known.is_unset)))
    if _is_oneshot(found) and commands_ and all(map(_does_nothing, commands_)):
        return
    yield Deployment(
        name=unit.stem.removesuffix("@"),
        technology="systemd",
        place=_place(unit, found),
        settings=found.settings,
        command=tuple(_word(each, known) for each in commands_[-1]) if commands_ else (),
        environment={
            name: _word(Expanded(each.value, each.lines, each.unknown), known)
            for name, each in known.variables.items()
        },
        directory=_directory(found, letters),
        files=tuple(dict.fromkeys((*found.lines, *unit.fragments, *known.files))),
    )


def _commands(found: Merged, meanings: Meanings) -> Iterator[list[Expanded]]:
    """The words of each command that starts the service; the last one is the service."""
    for setting in found.held("ExecStart"):
        value, lines = found.value(setting)
        for command in commands(value):
            yield list(expanded(command, lines, meanings))


def _is_oneshot(found: Merged) -> bool:
    return any(setting.text == "oneshot" for setting in found.held("Type"))


def _does_nothing(command: Sequence[Expanded]) -> bool:
    """`/bin/true`, `sh -c "exit 0"`."""
    program, *arguments = (each.text.text for each in command)
    if _NOTHING.fullmatch(program):
        return True
    is_script = len(arguments) > 1 and arguments[0].startswith("-") and arguments[0].endswith("c")
    return bool(
        is_script and _SHELL.fullmatch(program) and _NOTHING_IN_SHELL.fullmatch(arguments[1])
    )


def _word(found: Expanded, known: Environment) -> Word:
    start, end = found.text.range(0, len(found.text.text))
    place = found.lines.place(start, end, (start, end))
    if found.unknown:
        return Uncertain(found.text.text, place, value=Unknown(known.why_unknown(found.unknown[0])))
    return Word(found.text.text, place)


def _directory(found: Merged, letters: dict[str, str]) -> str:
    held = found.held("WorkingDirectory")
    if not held:
        return ""
    text = with_specifiers(found.value(held[-1])[0], letters).text.removeprefix("-")
    return "" if text == "~" else text


def _place(unit: Unit, found: Merged) -> Place:
    """The command that starts it, else the beginning of its first file."""
    for setting in reversed(found.held("ExecStart")):
        if setting.place:
            return setting.place
    first = next(path for path in unit.paths if path in found.lines)
    return Place(first, Span(1, 1, 1, 1))


MANIFEST = Manifest(describe=describe, states=states)
