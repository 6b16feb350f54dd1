"""php-fpm, asked whether it starts with a configuration, and what it makes of it."""

from __future__ import annotations

import re
import socket
import struct
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from support.programs import need
from support.servers import folder_of_nobody, started

_LINE = re.compile(r"NOTICE: (?:pid .*?line \d+: )?(?:\t(\S+) = (.*)|\[(.*)\]\s*)$", re.MULTILINE)


def fpm() -> str:
    return need("php-fpm8.2", "php8.2-fpm")


@dataclass(slots=True)
class Answer:
    """*held*: text by pool ("" is [global]) and name, repeated names in order; or a *refusal*."""

    held: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    refusal: str = ""


def asked(text: str, environment: Mapping[str, str]) -> Answer:
    """What `-tt` says of a configuration."""
    with tempfile.TemporaryDirectory(prefix="plimsoll-") as folder:
        file = Path(folder) / "php-fpm.conf"
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
        words = [fpm(), "-n", "-R", "-tt", "-y", str(file)]
        done = subprocess.run(words, capture_output=True, env=environment, timeout=60, check=False)
    said = (done.stdout + done.stderr).decode("utf-8", "surrogateescape")
    if done.returncode:
        return Answer(refusal=said or "refused")
    answer, pool = Answer(), ""
    for name, value, section in _LINE.findall(said):
        if section:
            pool = "" if section == "global" else section
        else:
            answer.held.setdefault(pool, []).append((name, value))
    return answer


@contextmanager
def serving(pool: str) -> Iterator[Path]:
    """A running pool of that configuration; gives its folder, its socket is `socket` there."""
    with folder_of_nobody() as folder:
        file, at = folder / "php-fpm.conf", folder / "socket"
        head = f"[global]\nerror_log = {folder}/error\n[shop]\nlisten = {at}\n"
        file.write_text(f"{head}pm = static\npm.max_children = 1\n{pool}\n")
        words = [fpm(), "-n", "-F", "-R", "-y", file]
        with started(words, folder, lambda: _can_connect(at)):
            yield folder


def _can_connect(at: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(at))
    except OSError:
        return False
    return True


def run(folder: Path, code: str) -> str:
    """What a script prints that the pool runs."""
    script = folder / "s.php"
    script.write_text(f"<?php {code}")
    variables = {"SCRIPT_FILENAME": str(script), "REQUEST_METHOD": "GET"}
    pairs = b"".join(
        bytes([len(n), len(v)]) + n.encode() + v.encode() for n, v in variables.items()
    )
    asked_for = [(1, struct.pack("!HB5x", 1, 0)), (4, pairs), (4, b""), (5, b"")]
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(20)
        connection.connect(str(folder / "socket"))
        for kind, body in asked_for:
            connection.sendall(struct.pack("!BBHHBx", 1, kind, 1, len(body), 0) + body)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    return _printed(answer).decode().partition("\r\n\r\n")[2]


def _printed(answer: bytes) -> bytes:
    out, at = b"", 0
    while at + 8 <= len(answer):
        _, kind, _, length, padding = struct.unpack("!BBHHBx", answer[at : at + 8])
        out += answer[at + 8 : at + 8 + length] if kind == 6 else b""
        at += 8 + length + padding
    return out
