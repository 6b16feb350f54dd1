"""A running gunicorn: how many workers it has, which signals change (TTIN, TTOU).

Source: gunicorn, signal handling.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from posixpath import join

from plimsoll.model.live import Answer, Asking, Live, Server, Told
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include
from plimsoll.technologies.gunicorn.command_line import arguments


def ask(_: Server, _asking: Asking) -> None:
    """Nothing: what /proc tells is all that it shows."""


def told(server: Server, _: Mapping[str, Answer]) -> Iterator[Told]:
    main = server.main.pid
    if count := sum(each.parent == main for each in server.workers):
        yield Told("workers", str(count))


def files(server: Server, _: Mapping[str, Answer]) -> Sequence[str]:
    main = server.main
    words = [Word(each) for each in main.words]
    environment = {name: Word(text) for name, text in main.environment.items()}
    found = [each for each in arguments(words, environment) if isinstance(each, Include)]
    return tuple(join(main.folder, each.pattern) for each in found)


def version(_: Mapping[str, Answer]) -> str:
    return ""


LIVE = Live(ask=ask, told=told, files=files, version=version, is_whole=False)
