"""unicorn's command line: it names addresses and the file, and no number of workers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Block, Include, Item, Origin, Setting, Status, Unread, Value
from plimsoll.syntax import shell
from plimsoll.syntax.environ import carried
from plimsoll.syntax.options import Given, Option, options
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies.unicorn.addresses import KIND, expanded
from plimsoll.technologies.unicorn.signs import SIGNS

_FLAGS = {
    **dict.fromkeys(("-c", "--config-file"), Option("config_file")),
    **dict.fromkeys(("-l", "--listen"), Option("listen")),
    **dict.fromkeys(("-o", "--host"), Option("host")),
    **dict.fromkeys(("-p", "--port"), Option("port")),
    **dict.fromkeys(("-E", "--env"), Option("environment")),
    **dict.fromkeys(("-e", "--eval"), Option("eval")),
    **dict.fromkeys(("-d", "--debug"), Option("debug", takes=False)),
    **dict.fromkeys(("-w", "--warn"), Option("warn", takes=False)),
    **dict.fromkeys(("-I", "--include"), Option("include")),
    **dict.fromkeys(("-r", "--require"), Option("require")),
    **dict.fromkeys(
        ("-N", "--no-default-middleware"),
        Option("default_middleware", takes=False, alone="false"),
    ),
    **dict.fromkeys(("-D", "--daemonize"), Option("daemonize", takes=False)),
    **dict.fromkeys(("-P", "--pid"), Option("pid")),
    **dict.fromkeys(("-s", "--server"), Option("server")),
    "--path": Option("path"),
}
_ADDRESSES = frozenset({"listen", "host", "port"})
_HOST, _PORT = "0.0.0.0", "8080"  # noqa: S104 - what unicorn makes of one alone


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """What a command line sets: its file first, then what stands in the line."""
    if environment:
        yield carried(environment)
    found = list(options(_own(words, environment), _FLAGS))
    files = [g for g in found if g.option and g.option.name == "config_file" and not g.problem]
    yield from (_file(given) for given in files[-1:])
    by_name = {g.option.name: g for g in found if g.option and not g.problem}
    for given in found:
        if given.option is None or given in files:
            continue
        if given.problem:
            yield _setting(given, given.option.name, Status.REFUSED)
        elif given.option.name == "listen":
            yield _listener(expanded(given.text), given)
        elif given.option.name not in _ADDRESSES:
            yield _setting(given, given.option.name)
    host, port = by_name.get("host"), by_name.get("port")
    at = port or host
    if at is not None:
        yield _listener(f"{host.text if host else _HOST}:{port.text if port else _PORT}", at)


def _own(words: Sequence[Word], environment: Mapping[str, Word]) -> list[Word]:
    given = shell.again(shell.unwrapped(words, environment), environment)
    for at, word in enumerate(given):
        if word.text.rpartition("/")[2] in SIGNS.programs:
            return given[at + 1 :]
    return list(given[1:])


def _file(given: Given) -> Item:
    place = given.place or Place("", Span(1, 1, 1, 1))
    if isinstance(given.word, Uncertain):
        return Unread(place.path, f"-c {given.text}: {given.word.value}", given.place)
    return Include(given.text, place)


def _known(given: Given) -> Value | None:
    return given.word.value if isinstance(given.word, Uncertain) else None


def _listener(address: str, given: Given) -> Setting:
    block = Block(KIND, address, given.place)
    return Setting(
        "listen", address, given.place, (block,), Origin.COMMAND_LINE, value=_known(given)
    )


def _setting(given: Given, name: str, status: Status = Status.EFFECTIVE) -> Setting:
    return Setting(
        name,
        given.text,
        given.place,
        origin=Origin.COMMAND_LINE,
        status=status,
        reason=given.problem,
        value=_known(given),
    )
