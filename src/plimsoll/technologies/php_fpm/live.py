"""A running PHP-FPM: its title names its file, its binary its version.

`php-fpm -tt` would tell what the file says now, not what the pools run with.
Source: php-fpm -h; fpm_main.c (the title).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.live import Answer, Asking, Live, Server, Told

_TITLE = re.compile(r"php-fpm: master process \((.+)\)")
_VERSION = re.compile(r"PHP (\S+)")


def ask(server: Server, asking: Asking) -> None:
    asking.run("version", (server.main.program, "-n", "-v"))


def told(_: Server, _answers: Mapping[str, Answer]) -> Iterator[Told]:
    return iter(())


def files(server: Server, _: Mapping[str, Answer]) -> Sequence[str]:
    found = _TITLE.match(server.main.words[0]) if server.main.words else None
    return (found[1],) if found else ()


def version(answers: Mapping[str, Answer]) -> str:
    found = _VERSION.match(answers.get("version", Answer()).text)
    return found[1].partition("-")[0] if found else ""


LIVE = Live(ask=ask, told=told, files=files, version=version, is_whole=False)
