"""RabbitMQ's own parser and schemas, which one Erlang runs for all files."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.programs import need
from support.servers import folder_of_nobody

SERVERS = Path("/usr/lib/rabbitmq/lib")

# Of every file whose path it is told: what its lines say, and what the server makes of them.
ASK = """
Schema = cuttlefish_schema:files(filelib:wildcard("{root}/plugins/*/priv/schema/*.schema")),
io:setopts(standard_io, [{{encoding, unicode}}]), logger:set_primary_config(level, none),
Unit = fun(Text) -> case catch rabbit_resource_monitor_misc:parse_information_unit(Text) of
    {{ok, N}} -> integer_to_list(N); _ -> "none" end end,
Loop = fun Loop() -> case io:get_line("") of eof -> ok; Line ->
  Conf = cuttlefish_conf:files([string:trim(Line)]),
  Made = case Conf of {{errorlist, _}} -> refused; _ ->
    case catch cuttlefish_generator:map(Schema, Conf) of
      L when is_list(L) -> taken; _ -> refused end end,
  io:format("~p~n", [Made]),
  case Conf of {{errorlist, _}} -> ok; _ ->
    [io:format("=~ts~n~ts~n~s~n", [string:join(K, "."), V, Unit(V)]) || {{K, V}} <- Conf] end,
  io:format("==~n"), Loop() end end,
io:format("ready~n"), Loop(), halt().
"""


@dataclass
class Erlang:
    process: subprocess.Popen[str]
    folder: Path

    def ask(self, text: str) -> tuple[bool, dict[str, tuple[str, str]]]:
        """Whether a server starts with *text*; by name its value, and as a number of bytes."""
        path = self.folder / "rabbitmq.conf"
        path.write_bytes(text.encode())
        lines = self._lines(f"{path}\n")
        rows = "\n".join(lines[1:]).split("\n=")
        found = [row.removeprefix("=").split("\n") for row in rows if "\n" in row]
        return lines[0] == "taken", {name: (value, size) for name, value, size in found}

    def _lines(self, question: str) -> list[str]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(question)
        self.process.stdin.flush()
        found: list[str] = []
        for line in self.process.stdout:
            if line == "==\n":
                break
            found.append(line.rstrip("\n"))
        return found


@contextmanager
def started() -> Iterator[Erlang]:
    """An Erlang that has RabbitMQ's schemas; skips where RabbitMQ is not installed."""
    erl = need("erl", "rabbitmq-server")
    root = next(iter(sorted(SERVERS.glob("rabbitmq_server-*"), reverse=True)), None)
    if root is None:
        pytest.skip("RabbitMQ is not installed (Debian package rabbitmq-server)")
    paths = [str(path) for path in root.glob("plugins/*/ebin")]
    words = [erl, "-noshell", "+S", "1", "-pa", *paths, "-eval", ASK.format(root=root)]
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
    with folder_of_nobody() as folder:
        process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            encoding="utf-8", env=environment, cwd=folder,
        )  # fmt: skip
        assert process.stdin
        assert process.stdout
        for line in process.stdout:
            if line == "ready\n":
                break
        yield Erlang(process, folder)
        process.stdin.close()
        process.wait(20)
        process.stdout.close()
