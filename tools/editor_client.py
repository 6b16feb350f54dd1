"""An editor that speaks the protocol to `plimsoll lsp`: for tests, and for measuring."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic, perf_counter
from types import TracebackType
from typing import Any, BinaryIO

PLIMSOLL = str(Path(sys.executable).parent / "plimsoll")
PATIENCE_S = 60.0

Json = dict[str, Any]


class Editor:
    """One process of the server, and what it said so far.

    *shown*: the newest diagnostics of each file, as its URI says. *when*: for each of them when they
    came and for which version of the file.
    """

    def __init__(self, *words: str, cwd: Path | None = None, **environment: str) -> None:
        self.process = subprocess.Popen(
            (PLIMSOLL, "lsp", *words),
            cwd=cwd,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self.process.stdin is not None  # noqa: S101
        self._in: BinaryIO = self.process.stdin  # type: ignore[assignment]
        self._messages: queue.Queue[tuple[float, Json] | None] = queue.Queue()
        self._number = 0
        self._versions: dict[str, int] = {}
        self._came: dict[str, tuple[int | None, float]] = {}
        self.shown: dict[str, list[Json]] = {}
        self.said: list[Json] = []
        self.capabilities: Json = {}
        for target in (self._listen, self._drain):
            threading.Thread(target=target, daemon=True).start()

    def __enter__(self) -> Editor:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.wait(PATIENCE_S)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()

    # -- what an editor does

    def initialize(self, *folders: Path, capabilities: Mapping[str, Any] | None = None) -> Json:
        """The server's answer to the first message."""
        found = self.ask(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": folders[0].as_uri() if folders else None,
                "workspaceFolders": [{"uri": f.as_uri(), "name": f.name} for f in folders],
                "capabilities": dict(capabilities or {}),
            },
        )
        self.capabilities = found["capabilities"]
        self.tell("initialized", {})
        return self.capabilities

    def open(self, path: Path, text: str | None = None) -> str:
        """Opens a file, by default as it is on the disk; its URI."""
        uri = path.as_uri()
        said = path.read_bytes().decode() if text is None else text
        self._versions[uri] = self._versions.get(uri, 0) + 1
        item = {"uri": uri, "languageId": "x", "version": self._versions[uri], "text": said}
        self.tell("textDocument/didOpen", {"textDocument": item})
        return uri

    def change(self, uri: str, *changes: Json) -> int:
        """Edits an open file; its new version."""
        self._versions[uri] += 1
        item = {"uri": uri, "version": self._versions[uri]}
        self.tell("textDocument/didChange", {"textDocument": item, "contentChanges": changes})
        return self._versions[uri]

    def close(self, uri: str) -> None:
        self.tell("textDocument/didClose", {"textDocument": {"uri": uri}})

    def save(self, uri: str) -> None:
        self.tell("textDocument/didSave", {"textDocument": {"uri": uri}})

    def goodbye(self) -> int:
        """The exit code of a server that is asked to end."""
        self.ask("shutdown", None)
        self.tell("exit", None)
        return self.process.wait(PATIENCE_S)

    def diagnostics(self, uri: str, *, since: float = 0.0) -> list[Json]:
        """What is shown in an open file, once it is about the file's newest version."""
        self._until(lambda: self._is_answered(uri, since))
        return self.shown[uri]

    def answered(self, uri: str) -> float:
        """When the newest version of a file was answered, on the clock of `perf_counter`."""
        self.diagnostics(uri)
        return self._came[uri][1]

    # -- messages

    def ask(self, method: str, params: Any) -> Any:
        """The result of a request.

        Raises:
            AssertionError: the server answers with an error.
        """
        self._number += 1
        number = self._number
        self._send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        found: list[Json] = []

        def is_there() -> bool:
            found.extend(m for m in self.said if m.get("id") == number and "method" not in m)
            return bool(found)

        self._until(is_there)
        if "error" in found[0]:
            raise AssertionError(found[0]["error"])
        return found[0].get("result")

    def tell(self, method: str, params: Any) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def send(self, data: bytes) -> None:
        """Bytes as they are."""
        self._in.write(data)
        self._in.flush()

    def _send(self, message: Json) -> None:
        body = json.dumps(message).encode()
        self.send(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def _is_answered(self, uri: str, since: float) -> bool:
        version, when = self._came.get(uri, (None, 0.0))
        return version == self._versions.get(uri) and when > since

    def _until(self, is_so: Any) -> None:
        end = monotonic() + PATIENCE_S
        while not is_so():
            try:
                message = self._messages.get(timeout=max(0.0, end - monotonic()))
            except queue.Empty:
                raise AssertionError("the server gave no answer in time") from None
            if message is None:
                raise AssertionError(f"the server ended with {self.process.wait(PATIENCE_S)}")
            self._take(*message)

    def _take(self, when: float, message: Json) -> None:
        if message.get("method") == "textDocument/publishDiagnostics":
            params = message["params"]
            self.shown[params["uri"]] = params["diagnostics"]
            self._came[params["uri"]] = params.get("version"), when
        elif "method" in message and "id" in message:  # a request to the editor
            self._send({"jsonrpc": "2.0", "id": message["id"], "result": None})
        else:
            self.said.append(message)

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream is not None  # noqa: S101
        while header := stream.readline():
            length = 0
            while header.strip():
                name, _, value = header.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
                header = stream.readline()
            body = stream.read(length)
            self._messages.put((perf_counter(), json.loads(body)))
        self._messages.put(None)

    def _drain(self) -> None:
        """A server that nobody listens to would wait for ever."""
        if self.process.stderr is not None:
            self.errors = self.process.stderr.read()


def insertion(line: int, character: int, text: str) -> Json:
    """A change that adds *text*."""
    return replacement((line, character), (line, character), text)


def replacement(start: Sequence[int], end: Sequence[int], text: str) -> Json:
    """A change that puts *text* in the place of what is between two positions."""
    keys = ("line", "character")
    return {
        "range": {
            "start": dict(zip(keys, start, strict=True)),
            "end": dict(zip(keys, end, strict=True)),
        },
        "text": text,
    }
