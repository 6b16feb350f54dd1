"""What a technology's folder offers: how to read its texts, its command line, its manifests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.schema import Entry
from plimsoll.model.setting import Item, Setting, Status, Unread, Value
from plimsoll.model.version import Version


class Word(Struct, frozen=True):
    """One word of a command line, or a variable's value, with the place in what holds it."""

    text: str
    place: Place | None = None


class Rejected(Struct, frozen=True):
    """A value that the server does not take: it refuses to start, or ignores the line."""

    status: Literal[Status.REFUSED, Status.IGNORED]
    reason: str


class Endpoint(Struct, frozen=True):
    """An address that a service listens on, or one that it connects to, and who says so.

    Either *port* or *socket* (a path) is given. *technology*: of the far end of a connection,
    where the address tells; of what listens, whose clients it takes beside its own. *library*: the client library that opens it. *part*: the name of the
    block that connects (an upstream, a cache).
    """

    side: Literal["listens", "connects"]
    setting: Setting
    host: str = ""
    port: int | None = None
    socket: str = ""
    technology: str = ""
    library: str = ""
    part: str = ""


def last_wins(settings: Sequence[Setting]) -> list[Setting]:
    """The same settings in the same order; of one name in one scope the last is effective."""
    held: dict[tuple[str, tuple[object, ...]], Setting] = {}
    for each in settings:
        if each.status is Status.EFFECTIVE:
            held[each.name, each.scope] = each
    return [shadowed(each, held.get((each.name, each.scope))) for each in settings]


def shadowed(setting: Setting, winner: Setting | None) -> Setting:
    """*setting*, marked as overridden by *winner* unless it is that one or not effective."""
    if winner is None or winner is setting or setting.status is not Status.EFFECTIVE:
        return setting
    return replace(setting, status=Status.SHADOWED, winner=winner)


class Reader(Struct, frozen=True):
    """How the texts of one technology are read. Nothing here touches a disk.

    *read* gives, for a text and its path, every line that says something, in file order; values
    stay text. *value* says what a text means by an entry of settings.yaml. *effective* takes all
    settings of one service in the order in which the server reads them (files, then environment,
    then command line) and says who wins; it gives the same settings in the same order.
    *arguments* reads a command line (its first word is the program) and the environment.

    *in_version* comes before *effective* and marks what another version than the service's reads: a
    section for one release, an option that it ignores. The version is None where nobody says it. A
    technology that has it vouches for `since` and `until` of settings.yaml: its server does not know
    the names that its version lacks.

    *parts*: kinds of blocks that rules may ask about, and the type of part that each is. *root*:
    the type of part that the settings outside of any such block make up where the technology only
    accompanies a service (a container, a unit). *refuses_unknown*: the server does not start with a
    name that settings.yaml does not have; names with a dot are those of modules. *slip*: of a server
    that takes any name, how alike (0 to 1) an unknown one has to be to a known one to be a slip of
    the pen.
    *includes_from_main*: relative includes start in the folder of the main file, not of their own.
    """

    read: Callable[[str, str], Iterable[Item]]
    value: Callable[[str, Entry], Value | Rejected]
    effective: Callable[[Sequence[Setting]], list[Setting]] = last_wins
    in_version: Callable[[Sequence[Setting], Version | None], list[Setting]] | None = None
    arguments: Callable[[Sequence[Word], Mapping[str, Word]], Iterable[Item]] | None = None
    endpoints: Callable[[Sequence[Setting]], Iterable[Endpoint]] | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    root: str = ""
    refuses_unknown: bool = False
    slip: float = 0
    includes_from_main: bool = False


# Text of a file by its path relative to the checked folder; Unread when there is none.
Open = Callable[[str], str | Unread]


class Embedded(Struct, frozen=True):
    """A file whose text stands inside of a manifest: a ConfigMap's key, a heredoc.

    *path*: a name below the manifest's (`k8s/web.yaml/nginx-conf/nginx.conf`), by which mounts
    speak of it. *locate* gives the place in the manifest of the characters from one offset of
    *text* to another.
    """

    path: str
    text: str
    locate: Callable[[int, int], Place]


class Build(Struct, frozen=True):
    """How an image is made here: its Dockerfile, the stage that counts (the last one where it is
    empty), what is given for its arguments. *context*: the folder whose files it copies, relative
    to the checked one; None where nobody says it.
    """

    dockerfile: str
    target: str = ""
    context: str | None = None
    arguments: Mapping[str, Word] = field(default_factory=dict)


class Deployment(Struct, frozen=True):
    """One service as a manifest describes it: a unit, a container.

    *settings*: everything that the manifest says of it, by the manifest's names. *command*: the
    words that start it; empty where the image decides. *mounts*: (path in the checked folder,
    path that the service sees). *addresses*: host names under which others reach it; empty means
    the host's own. *files*: paths that were read for it. *embedded*: files inside of its manifest,
    which *mounts* may name. *entrypoint*: the words that *command* begins with and that replace
    those of an image; the others are handed to that of the image where there are none. *build*: how
    its image is made. *forwarded*: (port at its addresses, port inside) where they differ.
    *network*: services of the same one share their localhost. *base*: the image that it is built
    from here, once that was read.
    """

    name: str
    technology: str  # the manifest's
    place: Place
    settings: tuple[Setting, ...] = ()
    command: tuple[Word, ...] = ()
    environment: Mapping[str, Word] = field(default_factory=dict)
    image: str = ""
    directory: str = ""
    mounts: tuple[tuple[str, str], ...] = ()
    addresses: tuple[str, ...] = ()
    published: tuple[tuple[int, int], ...] = ()  # (port outside, port inside)
    files: tuple[str, ...] = ()
    embedded: tuple[Embedded, ...] = ()
    entrypoint: tuple[Word, ...] = ()
    build: Build | None = None
    forwarded: tuple[tuple[int, int], ...] = ()
    network: str = ""
    base: Deployment | None = None


class Manifest(Struct, frozen=True):
    """How files that describe services are read.

    *describe* takes the paths of one state of the deployment (a unit with its drop-ins; a Compose
    file with those that are merged over it) and gives its services. *states* groups the paths of a
    folder into such states, the one that holds by default first. *merges*: several files that
    somebody names are one state, later ones over earlier ones. *gathers*: files of a state tell of
    each other's services; who names one means the services that stand in it. *image*: what an
    image that is built here brings along. *run*: as *describe*, of files that are run with an
    environment.
    """

    describe: Callable[[Sequence[str], Open], Iterable[Deployment | Unread]]
    states: Callable[[Sequence[str]], Sequence[Sequence[str]]]
    merges: bool = False
    gathers: bool = False
    image: Callable[[Build, Open], Iterable[Deployment | Unread]] | None = None
    run: (
        Callable[[Sequence[str], Open, Mapping[str, Word]], Iterable[Deployment | Unread]] | None
    ) = None
