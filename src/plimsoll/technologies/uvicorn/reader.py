"""Reads code that starts uvicorn, its command line and its environment; runs none of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Endpoint, Reader, Word, shadowed
from plimsoll.model.setting import Item, Origin, Setting, Status, Unknown, Unread
from plimsoll.syntax.environ import variables as carried_variables
from plimsoll.syntax.python.calls import Called, read_code
from plimsoll.syntax.python.deferred import resolved
from plimsoll.syntax.python.settings import setting
from plimsoll.syntax.python.values import Computed, Entry
from plimsoll.technologies.uvicorn.command_line import STARTER, arguments
from plimsoll.technologies.uvicorn.options import ADD_UP, DEFAULTS
from plimsoll.technologies.uvicorn.values import value

_CALLS = frozenset({"run", "Config"})
# Arguments that may stand without their name.
_POSITIONS = ("app", "host", "port", "uds", "fd", "loop", "http")
_EVERYWHERE = frozenset({"", "0.0.0.0", "::", "*"})  # noqa: S104 - compared with, not bound to
_PORT = 8000


def read(text: str, path: str) -> Iterator[Item]:
    """The arguments of every uvicorn.run(...) and uvicorn.Config(...); of an env file its variables."""
    if not path.endswith(".py"):
        return _of_env_file(text, path)
    return (item for _, item in _items(text, path, None))


def _items(
    text: str, path: str, environment: Mapping[str, Word] | None
) -> Iterator[tuple[Place | None, Item]]:
    code = read_code(text, path, _CALLS, environment)
    if code.problem is not None:
        yield code.problem.place, code.problem
    for called in code.calls:
        package, _, last = called.callee.partition(".")
        if package == "uvicorn" and last.rpartition(".")[2] in _CALLS:
            yield from _arguments(called, text)


def _arguments(called: Called, text: str) -> Iterator[tuple[Place | None, Item]]:
    positional = zip(_POSITIONS, called.arguments, strict=False)
    given = [replace(entry, key=name) for name, entry in positional]
    for entry in (*given, *called.named):
        made = setting(entry.key, entry, text, called.place)
        if called.reason:
            made = replace(made, status=Status.SHADOWED, reason=called.reason)
        yield entry.place or called.place, made
    if not called.is_complete:
        told = {entry.key for entry in (*given, *called.named)}
        reason = Computed("computed: handed on as a whole, only running it would tell")
        for name in sorted({"workers", "limit_concurrency", "timeout_keep_alive", "port"} - told):
            yield called.place, setting(name, Entry(name, reason, called.place), text, called.place)


def _of_env_file(text: str, path: str) -> Iterator[Item]:
    from plimsoll.syntax.env_file import EnvDialect, variables  # for the few that have one

    for each in variables(text, path, EnvDialect.DOTENV):
        if isinstance(each, Unread):
            yield each
        elif each.name in DEFAULTS and each.value is not None:
            yield Setting(
                name=DEFAULTS[each.name],
                text=each.value.text,
                place=each.place,
                origin=Origin.ENVIRONMENT,
                belongs=f"--env-file {each.name}",
            )


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """Who wins: the command line, its own variables, code that starts it, variables of all."""
    known = resolved(settings, _items)
    starter = next((s.text for s in known if s.name == STARTER), "")
    known = [_called(each, starter) for each in known]
    process = carried_variables(known)
    order = sorted(
        (s for s in known if s.status is Status.EFFECTIVE), key=lambda s: _rank(s, process)
    )
    held = {each.name: each for each in order}
    return [each if each.name in ADD_UP else shadowed(each, held.get(each.name)) for each in known]


def _called(setting_: Setting, starter: str) -> Setting:
    """*setting_*, ignored where a command line starts uvicorn, so that no code does."""
    is_code = setting_.origin is Origin.FILE and setting_.status is Status.EFFECTIVE
    if not is_code or not starter:
        return setting_
    reason = f"started by the command line of {starter}: this call is not made"
    return replace(setting_, status=Status.IGNORED, reason=reason)


def _rank(setting_: Setting, process: Mapping[str, Word]) -> int:
    if setting_.origin is Origin.ENVIRONMENT:
        variable = setting_.belongs.removeprefix("--env-file ")
        if variable != setting_.belongs:  # the process's own goes first
            return -2 if variable in process else -1
        return -1 if variable in DEFAULTS else 2
    return {Origin.DEFAULT: -3, Origin.FILE: 1}.get(setting_.origin, 3)


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """What it listens on: a socket, a descriptor (which has no address), or a host and port."""
    held = {s.name: s for s in settings if s.status is Status.EFFECTIVE}
    uds, host, port = held.get("uds"), held.get("host"), held.get("port")
    if uds is not None and not isinstance(uds.value, Unknown):
        yield Endpoint("listens", uds, socket=uds.text)
        return
    if "fd" in held or any(s and isinstance(s.value, Unknown) for s in (uds, host, port)):
        return
    default = Setting("port", str(_PORT), origin=Origin.DEFAULT, value=Amount.of(_PORT))
    number = _number(port.text) if port else _PORT
    name = host.text.lower() if host else "127.0.0.1"
    if number is not None:
        name = "" if name in _EVERYWHERE else name
        yield Endpoint("listens", port or host or default, host=name, port=number)


def _number(text: str) -> int | None:
    plain = text.strip()
    return int(plain) if plain.isdecimal() and plain.isascii() and len(plain) < 6 else None


READER = Reader(
    read=read, value=value, effective=effective, arguments=arguments, endpoints=endpoints
)
