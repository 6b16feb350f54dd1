"""Settings: a named value of a technology, and where it came from."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from plimsoll.model.place import Place
from plimsoll.model.quantity import Amount


class Origin(StrEnum):
    """Where a value came from, in the words of the output contract."""

    FILE = "file"
    DROP_IN = "drop-in"
    MANIFEST = "manifest"
    ENVIRONMENT = "environment"
    COMMAND_LINE = "command line"
    DEFAULT = "default"
    STATED = "stated"  # plimsoll.yaml says so
    MEASURED = "measured"
    ASSUMED = "assumed"
    DERIVED = "derived"  # a fact, calculated from other settings
    RUNNING = "running"


class Status(StrEnum):
    """What the server makes of a setting. The reader finds it, a rule says how bad it is."""

    EFFECTIVE = "effective"
    SHADOWED = "shadowed"  # another one wins: `winner`
    IGNORED = "ignored"  # dropped, with or without a warning
    REFUSED = "refused"  # the server does not start with it
    MISPLACED = "misplaced"  # right name, wrong section
    UNKNOWN_NAME = "unknown-name"


class Unset(Struct, frozen=True):
    """Known to have no value."""

    def __str__(self) -> str:
        return "unset"


class Unknown(Struct, frozen=True):
    """Has a value that cannot be told, with the reason ("computed: os.getenv('X')")."""

    reason: str

    def __str__(self) -> str:
        return f"unknown: {self.reason}"


class Formula(Struct, frozen=True):
    """Calculated from what the machine gives: an expression in the rules' language.

    Its names belong to the service, bound as `s`: `s.cores_seen * 2 + 1`.
    """

    expression: str

    def __str__(self) -> str:
        return self.expression


Value = Amount | str | bool | Unset | Unknown | Formula


class Block(Struct, frozen=True):
    """A section, context or table that settings stand in: `location /api` of an nginx file.

    Two blocks with the same kind and name are two blocks: their places differ.
    """

    kind: str  # "location"
    name: str = ""  # "/api"
    place: Place | None = None

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".rstrip()


class Setting(Struct, frozen=True):
    """A named value with its origin. A default that nobody wrote is one too.

    *name* is the vendor's, *text* the value as the server sees it (quotes and escapes resolved)
    and as the reader found it. *value* is what the text means; the stack fills it from the
    technology's settings.yaml, except where only the reader can say (a formula, an unknown).
    *scope* goes from the outermost block to the innermost.
    """

    name: str
    text: str
    place: Place | None = None
    scope: tuple[Block, ...] = ()
    origin: Origin = Origin.FILE
    status: Status = Status.EFFECTIVE
    reason: str = ""  # why it is not effective, or what the server makes of it
    value: Value | None = None
    technology: str = ""
    version: str = ""  # of a default: which version's
    belongs: str = ""  # of a default: the file and section where it would be written
    is_secret: bool = False
    winner: Setting | None = None

    @property
    def is_written(self) -> bool:
        """Whether somebody wrote it where the server reads it."""
        return self.origin in _WRITTEN


_WRITTEN = frozenset(
    {Origin.FILE, Origin.DROP_IN, Origin.MANIFEST, Origin.ENVIRONMENT, Origin.COMMAND_LINE}
)


class Include(Struct, frozen=True):
    """Another file, to be read at this place; *pattern* may hold `*`, `?` and `[...]`.

    *is_optional*: no file is no error. *origin* is that of the settings in it.
    """

    pattern: str
    place: Place
    scope: tuple[Block, ...] = ()
    is_optional: bool = False
    origin: Origin = Origin.FILE


class Unread(Struct, frozen=True):
    """What could not be read, and why. *place* is None for a whole file."""

    path: str
    reason: str
    place: Place | None = None

    def __str__(self) -> str:
        return f"{self.place or self.path}: {self.reason}"


Item = Setting | Include | Unread
