"""A running Redis, asked through redis-cli. Sources: Redis commands CONFIG GET and INFO."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.live import Answer, Asking, Live, Process, Server, Told

# A server shows where it listens in place of its command line: redis-server 127.0.0.1:6379
_TITLE = re.compile(r"\S+ (?:(?P<host>\S*):(?P<port>\d+)|unixsocket:(?P<socket>\S+))")
_INFO = re.compile(r"^(?P<name>\w+):(?P<value>.*?)\r?$", re.MULTILINE)
_SECRET = ("requirepass", "masterauth", "tls-key-file-pass", "tls-client-key-file-pass")


def ask(server: Server, asking: Asking) -> None:
    where = _where(server.main)
    if not where:
        return
    cli = ("redis-cli", "--no-auth-warning", *where)
    info = asking.run("info", (*cli, "INFO", "server"))
    if info.failure or "redis_version" not in info.text:
        return
    asking.run(
        "config", (*cli, "--no-raw", "CONFIG", "GET", "*")
    )  # quoted: values hold line breaks


def _where(main: Process) -> tuple[str, ...]:
    found = _TITLE.match(main.words[0]) if main.words else None
    if found is None:
        return ()
    if found["socket"]:
        return ("-s", found["socket"])
    host = found["host"]
    return ("-h", "127.0.0.1" if host in ("*", "", "0.0.0.0") else host, "-p", found["port"])  # noqa: S104


_QUOTED = re.compile(r'^ *\d+\) "((?:[^"\\]|\\.)*)"$', re.MULTILINE)
_ESCAPE = re.compile(r"\\(x[0-9a-f]{2}|.)")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b"}


def told(_: Server, answers: Mapping[str, Answer]) -> Iterator[Told]:
    texts = [
        _ESCAPE.sub(_character, each)
        for each in _QUOTED.findall(answers.get("config", Answer()).text)
    ]
    for name, text in zip(texts[::2], texts[1::2], strict=False):
        if name not in _SECRET:
            yield Told(name, text)


def _character(found: re.Match[str]) -> str:
    said = found[1]
    if len(said) > 1:
        return chr(int(said[1:], 16))
    return _ESCAPED.get(said, said)


def files(_: Server, answers: Mapping[str, Answer]) -> Sequence[str]:
    path = _info(answers).get("config_file", "")
    return (path,) if path else ()


def version(answers: Mapping[str, Answer]) -> str:
    return _info(answers).get("redis_version", "")


def _info(answers: Mapping[str, Answer]) -> dict[str, str]:
    text = answers.get("info", Answer()).text
    return {each["name"]: each["value"] for each in _INFO.finditer(text)}


LIVE = Live(ask=ask, told=told, files=files, version=version)
