"""A running nginx: it cannot be asked for what it runs with; its title and its binary tell its files.

`nginx -T` would show them too, but it opens logs and sockets like a server that starts.
Source: nginx, command-line parameters; ngx_master_process_cycle (the title).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from posixpath import join

from plimsoll.model.live import Answer, Asking, Live, Process, Server, Told

_TITLE = "nginx: master process "
_OPTION = re.compile(r" (-[cegpT])(?: |$)")
_VERSION = re.compile(r"nginx version: [^/\s]+/(\S+)")
_BUILT = re.compile(r"--(conf-path|prefix)=(\S+)")
_PREFIX = "/usr/local/nginx"


def words(main: Process) -> Sequence[str]:
    """The title holds the command line, without what kept its words together."""
    title = main.words[0] if len(main.words) == 1 else ""
    if not title.startswith(_TITLE):
        return main.words
    return [part for part in _OPTION.split(title.removeprefix(_TITLE)) if part]


def ask(server: Server, asking: Asking) -> None:
    asking.run("version", (server.main.program.removesuffix(" (deleted)"), "-V"))


def told(_: Server, _answers: Mapping[str, Answer]) -> Iterator[Told]:
    return iter(())


def files(server: Server, answers: Mapping[str, Answer]) -> Sequence[str]:
    given = dict(pairwise(server.main.words))
    built: dict[str, str] = dict(_BUILT.findall(_said(answers)))
    prefix = given.get("-p") or built.get("prefix", _PREFIX)
    return (join(prefix, given.get("-c") or built.get("conf-path", "conf/nginx.conf")),)


def version(answers: Mapping[str, Answer]) -> str:
    found = _VERSION.search(_said(answers))
    return found[1] if found else ""


def _said(answers: Mapping[str, Answer]) -> str:
    return answers.get("version", Answer()).text


LIVE = Live(ask=ask, told=told, files=files, version=version, words=words, is_whole=False)
