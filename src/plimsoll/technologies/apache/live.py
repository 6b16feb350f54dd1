"""A running Apache: it cannot be asked for what it runs with; its binary tells its version and files.

Source: httpd, command-line options.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from posixpath import join

from plimsoll.model.live import Answer, Asking, Live, Server, Told

_VERSION = re.compile(r"Server version: Apache/(\S+)")
_BUILT = re.compile(r'-D (HTTPD_ROOT|SERVER_CONFIG_FILE)="(.*)"')


def ask(server: Server, asking: Asking) -> None:
    main = server.main
    asking.run("version", (main.program, "-v"))
    if "-f" not in main.words:
        # It reads its file for that, which holds variables of its environment.
        asking.run("built", (main.program, "-V"), environment=main.environment)


def told(_: Server, _answers: Mapping[str, Answer]) -> Iterator[Told]:
    return iter(())


def files(server: Server, answers: Mapping[str, Answer]) -> Sequence[str]:
    given = dict(pairwise(server.main.words))
    built: dict[str, str] = dict(_BUILT.findall(_said(answers, "built")))
    root = given.get("-d") or built.get("HTTPD_ROOT", "")
    path = join(root, given.get("-f") or built.get("SERVER_CONFIG_FILE", ""))
    return (path,) if path.startswith("/") else ()


def version(answers: Mapping[str, Answer]) -> str:
    found = _VERSION.search(_said(answers, "version"))
    return found[1] if found else ""


def _said(answers: Mapping[str, Answer], name: str) -> str:
    return answers.get(name, Answer()).text


LIVE = Live(ask=ask, told=told, files=files, version=version, is_whole=False)
