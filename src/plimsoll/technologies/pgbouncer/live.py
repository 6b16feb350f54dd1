"""A running PgBouncer, asked at its console. Source: PgBouncer usage, SHOW commands."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from posixpath import join

from plimsoll.model.live import Answer, Asking, Live, Server, Source, Told

_VALUE = re.compile(
    r"^[ \t]*(listen_port|listen_addr|unix_socket_dir)[ \t]*=[ \t]*(.*?)[ \t]*$", re.MULTILINE
)
_VERSION = re.compile(r"PgBouncer (\S+)")
_SOCKETS = "/tmp"  # noqa: S108 - where it listens unless its file says otherwise
# It refuses options that it does not know, such as those of PGOPTIONS.
_ENVIRONMENT = {"PGOPTIONS": "", "PGCONNECT_TIMEOUT": "2", "PGAPPNAME": "plimsoll audit"}


def ask(server: Server, asking: Asking) -> None:
    path = next(iter(files(server, {})), "")
    if not path:
        return
    read = asking.read("file", path)
    if read.failure:
        return
    given = dict(_VALUE.findall(read.text))
    host = given.get("unix_socket_dir", _SOCKETS) or given.get("listen_addr", "").split(",")[0]
    host = "127.0.0.1" if host in ("*", "") else host
    where = ("-h", host, "-p", given.get("listen_port", "6432"), "-d", "pgbouncer")
    for name in ("version", "config"):
        # Its console knows no prepared form: what stands behind SHOW is all that it is asked.
        words = ("psql", "-XwqAt", "--csv", *where, "-c", f"SHOW {name.upper()}")
        if asking.run(name, words, environment=_ENVIRONMENT).failure:
            return


def told(_: Server, answers: Mapping[str, Answer]) -> Iterator[Told]:
    for name, text, default, *_changeable in csv.reader(io.StringIO(_text(answers, "config"))):
        source = Source.DEFAULT if text == default else Source.UNKNOWN
        # 1.18 shows in tens what a file says in eights.
        is_mode = name == "unix_socket_mode" and not text.startswith("0")
        yield Told(name, f"{int(text):04o}" if is_mode else text, source)


def files(server: Server, _: Mapping[str, Answer]) -> Sequence[str]:
    named = [word for word in server.main.words[1:] if not word.startswith("-")]
    return (join(server.main.folder, named[-1]),) if named else ()


def version(answers: Mapping[str, Answer]) -> str:
    found = _VERSION.search(_text(answers, "version"))
    return found[1] if found else ""


def _text(answers: Mapping[str, Answer], name: str) -> str:
    return answers.get(name, Answer()).text


LIVE = Live(ask=ask, told=told, files=files, version=version)
