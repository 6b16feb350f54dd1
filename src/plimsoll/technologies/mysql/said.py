"""A written option as a setting: its name in the server's spelling, its value as the server sees it."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.setting import Block, Origin, Setting, Status, Unknown
from plimsoll.technologies.mysql.groups import PROGRAM, is_misplaced
from plimsoll.technologies.mysql.names import MOST, SWITCHED_ON, Option, option
from plimsoll.technologies.mysql.options import REQUIRED

LOOSE = "loose: where the server does not take it, it goes on without it"
SHORT = " is short for "
_OLD = frozenset({"set_variable", "set-variable"})


class Said(Struct, frozen=True):
    """An option as it stands somewhere. *text* is None where it has no value."""

    name: str
    text: str | None
    place: Place | None
    scope: tuple[Block, ...] = ()
    origin: Origin = Origin.FILE


def setting(said: Said) -> Setting:
    """The setting that an option is; refused where the server stops at its name."""
    if said.scope and said.scope[-1].kind == PROGRAM:
        return _of_a_program(said)
    if said.name.lower() in _OLD:
        name, _, text = (said.text or "").partition("=")
        reason = f"set-variable is gone since 5.5: write {name.strip()} = ..."
        return _made(said, option(name.strip()).name, text.strip(), Status.REFUSED, reason)
    found = option(said.name)
    if not found.is_known:
        return _unknown(said, found)
    return _known(said, found)


def _made(said: Said, name: str, text: str, status: Status, reason: str) -> Setting:
    return Setting(name, text, said.place, said.scope, said.origin, status, reason)


def _of_a_program(said: Said) -> Setting:
    """What another program reads; misplaced where it is the server's and no such program knows it."""
    name = said.name.lower().replace("-", "_")  # beginnings are those of the program's options
    group, text = said.scope[-1].name, said.text or ""
    if is_misplaced(name, group):
        reason = f"the server does not read [{group}]: {name} belongs into [mysqld]"
        return _made(said, name, text, Status.MISPLACED, reason)
    return Setting(
        name, text, said.place, said.scope, said.origin, value=text, is_secret=_is_secret(name)
    )


def _is_secret(name: str) -> bool:
    return "password" in name


def _unknown(said: Said, found: Option) -> Setting:
    text = said.text or ""
    if found.rivals:
        reason = f"{said.name} may mean {' or '.join(found.rivals)}"
        status = Status.IGNORED if found.is_loose else Status.REFUSED
        return _made(said, said.name.lower().replace("-", "_"), text, status, reason)
    if found.is_of_a_plugin:  # nobody can tell: its text
        return replace(_made(said, found.name, text, Status.EFFECTIVE, ""), value=text)
    if found.is_loose:
        return _made(said, found.name, text, Status.IGNORED, LOOSE)
    return _made(said, found.name, text, Status.EFFECTIVE, "")


def _known(said: Said, found: Option) -> Setting:
    if found.switch == MOST:
        reason = "limits what a session may set, not what this is"
        return _made(said, found.name, said.text or "", Status.IGNORED, reason)
    if said.text is None and not found.switch and found.name in REQUIRED:
        return _made(said, found.name, "", Status.REFUSED, "needs a value")
    text = _text(said, found)
    reason = LOOSE if found.is_loose else _short(said, found)
    made = _made(said, found.name, text, Status.EFFECTIVE, reason)
    if found.name in SWITCHED_ON:
        return replace(made, value=not (found.switch and text == "0"))
    if said.name.lower().startswith("autoset"):
        return replace(made, value=Unknown("autoset: the server finds it by itself"))
    return made


def _short(said: Said, found: Option) -> str:
    """What an option is short for; empty where all of its name is there."""
    written = said.name.lower().replace("-", "_")
    return "" if written.endswith(found.name) else f"{said.name}{SHORT}{found.name}"


def _text(said: Said, found: Option) -> str:
    """What the server sees: 0 and 1 for skip- and enable-, the other one where a 0 stands behind."""
    if found.switch:
        return {"0": "1", "1": "0"}[found.switch] if said.text == "0" else found.switch
    return "1" if said.text is None else said.text
