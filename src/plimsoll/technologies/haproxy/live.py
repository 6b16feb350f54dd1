"""A running HAProxy, asked at its stats socket. Source: HAProxy management guide, `show info`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from posixpath import join

from plimsoll.model.live import Answer, Asking, Live, Server, Source, Told

_SOCKET = re.compile(r"^\s*stats\s+socket\s+(?:unix@)?(/\S+)", re.MULTILINE)
_FIELD = re.compile(r"^(\w[\w.()-]*): (.*?)\r?$", re.MULTILINE)
_SETTINGS = {"Maxconn": "maxconn", "Nbthread": "nbthread", "Ulimit-n": "ulimit-n"}
# As it started; what it has now may have been set through the socket.
_STARTED = {"Maxconn": "Hard_maxconn"}


def ask(server: Server, asking: Asking) -> None:
    for path in files(server, {}):
        found = _SOCKET.search(asking.read(path, path).text)
        if found:
            asking.talk("info", found[1], b"show info\n", b"\n\n")
            return


def told(_: Server, answers: Mapping[str, Answer]) -> Iterator[Told]:
    info = _info(answers)
    for field, name in _SETTINGS.items():
        if field in info:
            started = info.get(_STARTED.get(field, field))
            source = Source.DEFAULT if started == info[field] else Source.RUNTIME
            yield Told(name, info[field], source)


def files(server: Server, _: Mapping[str, Answer]) -> Sequence[str]:
    """Those of every -f; of a folder the process itself knows what it found there."""
    words, folder = server.main.words, server.main.folder
    named = [value for flag, value in pairwise(words) if flag == "-f"]
    return tuple(join(folder, each) for each in named)


def version(answers: Mapping[str, Answer]) -> str:
    return _info(answers).get("Version", "").partition("-")[0]


def _info(answers: Mapping[str, Answer]) -> dict[str, str]:
    return dict(_FIELD.findall(answers.get("info", Answer()).text))


LIVE = Live(ask=ask, told=told, files=files, version=version, is_whole=False)
