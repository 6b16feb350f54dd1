"""A running memcached, asked at its socket. Source: memcached's protocol.txt, General-purpose statistics."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.live import Answer, Asking, Live, Server, Told
from plimsoll.model.quantity import MIB, Amount
from plimsoll.model.reader import Word
from plimsoll.model.setting import Setting
from plimsoll.technologies.memcached.command_line import arguments
from plimsoll.technologies.memcached.endpoints import endpoints

_STATISTIC = re.compile(r"^STAT (\S+) (.*?)\r?$", re.MULTILINE)
# The names of `stats settings` for the letters of the command line.
_LETTERS = {
    "maxconns": "-c",
    "num_threads": "-t",
    "item_size_max": "-I",
    "growth_factor": "-f",
    "chunk_size": "-n",
    "tcp_backlog": "-b",
    "reqs_per_event": "-R",
}
_END = b"END\r\n"


def ask(server: Server, asking: Asking) -> None:
    words = [Word(each) for each in server.main.words]
    given = [_numbered(each) for each in arguments(words, {}) if isinstance(each, Setting)]
    for each in endpoints(given):
        address = each.socket or f"{each.host or '127.0.0.1'}:{each.port}"
        if not asking.talk("version", address, b"version\r\n", b"\r\n").failure:
            asking.talk("settings", address, b"stats settings\r\n", _END)
            return


def _numbered(each: Setting) -> Setting:
    """With its port as a number."""
    return replace(each, value=Amount.of(int(each.text))) if each.name == "-p" else each


def told(_: Server, answers: Mapping[str, Answer]) -> Iterator[Told]:
    for name, text in _STATISTIC.findall(answers.get("settings", Answer()).text):
        if name == "maxbytes":
            yield Told("-m", f"{int(text) // MIB}")
        elif name in _LETTERS:
            yield Told(_LETTERS[name], text)


def files(_: Server, _answers: Mapping[str, Answer]) -> Sequence[str]:
    return ()


def version(answers: Mapping[str, Answer]) -> str:
    return answers.get("version", Answer()).text.removeprefix("VERSION ").strip()


LIVE = Live(ask=ask, told=told, files=files, version=version, is_whole=False)
