"""A host in memory: answers that were laid down, and what was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from plimsoll.hosts import MOST_OUTPUT, ChangedError, HostError, Result, Stat

Answer = Callable[[Sequence[str]], Result]


@dataclass
class FakeHost:
    """Implements `Host`. *programs*: what each that is installed answers. *files*: bytes by path. *sockets*: what comes out of one."""

    programs: Mapping[str, Answer] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    sockets: Mapping[str, bytes] = field(default_factory=dict)
    rights: dict[str, tuple[int, tuple[int, int]]] = field(default_factory=dict)
    asked: list[list[str]] = field(default_factory=list)

    def find(self, program: str) -> str | None:
        return f"/usr/sbin/{program}" if program in self.programs else None

    def run(
        self,
        words: Sequence[str],
        *,
        seconds: float,  # noqa: ARG002 - of the interface
        environment: Mapping[str, str] | None = None,  # noqa: ARG002
        given: bytes = b"",  # noqa: ARG002
        most: int = MOST_OUTPUT,  # noqa: ARG002
    ) -> Result:
        self.asked.append(list(words))
        return self.programs[words[0].rpartition("/")[2]](words)

    def talk(
        self,
        address: str,
        sent: bytes,  # noqa: ARG002 - of the interface
        end: bytes,  # noqa: ARG002
        *,
        seconds: float,  # noqa: ARG002
        most: int = MOST_OUTPUT,  # noqa: ARG002
    ) -> bytes:
        if address not in self.sockets:
            raise HostError(f"{address}: Connection refused")
        return self.sockets[address]

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise HostError(f"{path}: cannot be read: no such file")
        return self.files[path]

    def stat(self, path: str) -> Stat:
        return Stat(sha256(self.read(path)).hexdigest(), *self.rights.get(path, (0o644, (0, 0))))

    def replace(
        self,
        path: str,
        data: bytes,
        mode: int,
        owner: tuple[int, int],
        *,
        before: str,
    ) -> None:
        if (self.stat(path).digest if path in self.files else "") != before:
            raise ChangedError(f"{path}: was changed by somebody else; nothing is written")
        self.files[path] = data
        self.rights[path] = (mode, owner)


def answering(out: str, code: int = 0) -> Answer:
    return lambda _words: Result(code, "", out, 0.01)
