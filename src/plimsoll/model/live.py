"""Running servers: what they are on a host, how one of them is asked, what it tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from msgspec import Struct, field

from plimsoll.model.place import Place


class Process(Struct, frozen=True):
    """A process of a host, as its kernel describes it.

    *words*: its command line; of one that writes its title there a single word. *folder*: where it
    works. *started*: seconds since 1970. *limits*: soft and hard, by the names of /proc (`Max open
    files`), None where there is none. *cgroup*: its path in the unified hierarchy. *private*: bytes
    that no other process shares, None where they cannot be told.
    """

    pid: int
    parent: int = 0
    program: str = ""
    words: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""
    user: int = 0
    group: int = 0
    started: float = 0.0
    limits: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)
    cgroup: str = ""
    private: int | None = None


class Server(Struct, frozen=True):
    """A running server: its first process and those that this one started."""

    technology: str
    main: Process
    workers: tuple[Process, ...] = ()

    @property
    def processes(self) -> tuple[Process, ...]:
        return (self.main, *self.workers)


class Answer(Struct, frozen=True):
    """What a server said to one question; *failure*: why there is no answer."""

    text: str = ""
    failure: str = ""


class Asking(Protocol):
    """The way to one server. Each answer is kept under the name of its question.

    All questions to one server share one limit of time; what is asked behind it fails at once.
    """

    def run(
        self,
        name: str,
        words: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
    ) -> Answer:
        """What a command writes, run on the server's host as the server's user where we may be that."""
        ...

    def read(self, name: str, path: str) -> Answer:
        """The text of a file of the server's host."""
        ...

    def talk(self, name: str, address: str, sent: bytes, end: bytes) -> Answer:
        """What comes from a socket (`/run/x.sock`, `127.0.0.1:11211`) until *end*, or until it closes."""
        ...


class Source(StrEnum):
    """Where a server says that a running value came from."""

    DEFAULT = "default"
    FILE = "file"
    ALTERED = "altered"  # kept by the server itself: ALTER SYSTEM, CONFIG REWRITE, SET PERSIST
    COMMAND_LINE = "command line"
    ENVIRONMENT = "environment"
    RUNTIME = "runtime"  # set while it runs, gone with a restart: SET GLOBAL, CONFIG SET
    ROLE = "role"
    DATABASE = "database"
    UNKNOWN = "unknown"  # the server does not tell


class Told(Struct, frozen=True):
    """A value that a server says it runs with.

    *text*: as a configuration file of it would say the value. *place*: the line that gave it.
    *is_pending*: its file says another value that waits for a restart. *whom*: the role or database
    that alone has it.
    """

    name: str
    text: str
    source: Source = Source.UNKNOWN
    place: Place | None = None
    is_pending: bool = False
    whom: str = ""


class Live(Struct, frozen=True):
    """How running servers of one technology are asked. Asking is apart from what the answers mean.

    *ask* puts its questions. *told*: the settings that the answers hold. *files*: the paths of the
    files that the server reads first. *version*: what the server says it is. *words*: its command
    line as it was started, where the process shows a title instead. *measured*: facts by their name in
    plimsoll.yaml (`connections_used`), as numbers of bytes, seconds or things. *is_whole*: it tells
    all its settings; of the others the command line speaks, and when the files were written.
    """

    ask: Callable[[Server, Asking], None]
    told: Callable[[Server, Mapping[str, Answer]], Iterable[Told]]
    files: Callable[[Server, Mapping[str, Answer]], Sequence[str]]
    version: Callable[[Mapping[str, Answer]], str]
    words: Callable[[Process], Sequence[str]] | None = None
    measured: Callable[[Mapping[str, Answer]], Mapping[str, float]] | None = None
    is_whole: bool = True
