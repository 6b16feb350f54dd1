"""Client libraries: the calls that make a client or a pool, with their options as settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Endpoint, Reader, Word, last_wins
from plimsoll.model.setting import Block, Item, Setting, Status, Unknown, Unread
from plimsoll.syntax.environ import carried
from plimsoll.syntax.javascript.module import Call, Reach, Wanted, read_module
from plimsoll.syntax.javascript.settings import REACHED, leaves, setting, value
from plimsoll.syntax.javascript.values import Computed, Entry, Reference, Table
from plimsoll.syntax.python.deferred import resolved
from plimsoll.syntax.urls import Url, parsed

# What the options of a call are: each with the name that its settings begin with.
Options = Callable[[Call], Sequence[tuple[str, Entry]]]


class Maker(Struct, frozen=True):
    """A call that makes a client. *marks*: the setting that says so, as the vendor writes it.

    *options*: its arguments that hold settings; *unknown*: the settings that nobody can tell where an
    argument is not written out.
    """

    marks: str
    options: Options
    unknown: tuple[str, ...] = ()


class Library(Struct, frozen=True):
    """A client library. *makers* by what is called (`pg.Pool`). *kind*: of the block that a client is.

    *queries*: settings that a URL's query gives, by their name there. *drops*: names that stand in
    front of others and mean nothing (`pool.max` is `max`).
    """

    name: str
    kind: str
    makers: Mapping[str, Maker]
    queries: Mapping[str, str] | None = None
    drops: tuple[str, ...] = ()

    @property
    def wanted(self) -> Wanted:
        modules = frozenset(name for name in self.makers)
        return Wanted(frozenset(name.rpartition(".")[2] for name in self.makers), modules)


def options_at(*places: int) -> Options:
    """The arguments at these positions; of one position alone what is there."""

    def found(call: Call) -> list[tuple[str, Entry]]:
        given = (call.argument(at) for at in places)
        return [(_url_or_nothing(each), each) for each in given if each is not None]

    return found


def _url_or_nothing(each: Entry) -> str:
    return "url" if isinstance(each.value, str) else ""


def reader_of(
    library: Library,
    endpoints: Callable[[Sequence[Setting]], Iterator[Endpoint]] | None,
    more: Callable[[str, str, Mapping[str, Word] | None], Iterator[tuple[Place | None, Item]]]
    | None = None,
) -> Reader:
    """The reader of a library. *more*: what it reads besides calls."""

    def items(
        text: str, path: str, environment: Mapping[str, Word] | None
    ) -> Iterator[tuple[Place | None, Item]]:
        if more is not None:
            yield from more(text, path, environment)
        if not path.endswith((".json", ".prisma", ".env")):
            yield from made(library, text, path, environment)

    def read(text: str, path: str) -> Iterator[Item]:
        return (item for _, item in items(text, path, None))

    def effective(settings: Sequence[Setting]) -> list[Setting]:
        return last_wins(resolved(settings, items))

    return Reader(
        read=read,
        value=value,
        effective=effective,
        arguments=arguments,
        endpoints=endpoints,
        parts={library.kind: library.kind},
    )


def arguments(_: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """The environment that the application is started with; a library has no command line."""
    if environment:
        yield carried(environment)


def made(
    library: Library, text: str, path: str, environment: Mapping[str, Word] | None
) -> Iterator[tuple[Place | None, Item]]:
    """The settings of every client that a file makes, each with the place where it is written."""
    for each in read_module(text, path, library.wanted, environment):
        if isinstance(each, Unread):
            yield each.place, each
        elif isinstance(each, Call) and each.callee in library.makers:
            yield from _client(library, library.makers[each.callee], each, text)


def _client(
    library: Library, maker: Maker, call: Call, text: str
) -> Iterator[tuple[Place | None, Item]]:
    block = Block(library.kind, call.name, call.place)
    mark = Setting(maker.marks, maker.marks, call.place, (block,))
    if call.reach.reason:
        mark = replace(mark, status=Status.SHADOWED, reason=call.reach.reason)
    yield call.place, mark
    given = maker.options(call)
    if not any(isinstance(entry.value, Table) and entry.value.is_complete for _, entry in given):
        yield from _untold(maker, call, text, (block,))
    for prefix, entry in given:
        if isinstance(entry.value, Table) or prefix:
            yield from options_of(library, entry, text, (block,), prefix, call.reach)


def _untold(
    maker: Maker, call: Call, text: str, scope: tuple[Block, ...]
) -> Iterator[tuple[Place | None, Item]]:
    """What a client may be told in an argument that is not written out."""
    hidden = [entry for _, entry in maker.options(call) if _is_open(entry)]
    for entry in hidden[-1:]:
        reason = f"{maker.marks}: {_reason(entry)}"
        asks = Computed(reason, isinstance(entry.value, Computed) and entry.value.asks_environment)
        for name in maker.unknown:
            unknown = replace(entry, value=asks, source="")
            yield entry.place, setting(name, unknown, text, scope=scope, place=call.place)


def options_of(
    library: Library,
    entry: Entry,
    text: str,
    scope: tuple[Block, ...],
    prefix: str = "",
    reach: Reach = REACHED,
) -> Iterator[tuple[Place | None, Item]]:
    """The settings of an object of options that is written out."""
    for name, leaf in leaves(prefix, entry):
        if not name:
            continue  # {}
        short = _short(name, library.drops)
        yield leaf.place, setting(short, leaf, text, scope=scope, place=entry.place, reach=reach)
        yield from _in_url(library, leaf, text, scope)


def _is_open(entry: Entry) -> bool:
    value = entry.value
    if isinstance(value, Table):
        return not value.is_complete
    return isinstance(value, Computed) or (isinstance(value, Reference) and not entry.asked)


def _reason(entry: Entry) -> str:
    if isinstance(entry.value, Computed):
        return entry.value.reason
    return f"only running it would tell {' '.join(entry.source.split())[:60]}"


def _short(name: str, drops: Sequence[str]) -> str:
    for each in drops:
        if name.startswith(f"{each}."):
            return name[len(each) + 1 :]
    return name


def _in_url(
    library: Library, leaf: Entry, text: str, scope: tuple[Block, ...]
) -> Iterator[tuple[Place | None, Item]]:
    """What the query of an address says: `?connection_limit=5`."""
    url = parsed(leaf.value) if isinstance(leaf.value, str) and "?" in leaf.value else None
    for name, said in url.query if url else ():
        known = (library.queries or {}).get(name)
        if known:
            yield leaf.place, setting(known, replace(leaf, value=said), text, scope=scope)


class Address(Struct, frozen=True):
    """How the settings of a client name the far end."""

    technologies: Mapping[str, tuple[str, int]]  # by scheme of a URL: technology and usual port
    technology: str = ""
    port: int = 0
    library: str = ""
    urls: tuple[str, ...] = ("url",)
    hosts: tuple[str, ...] = ("host",)
    ports: tuple[str, ...] = ("port",)
    sockets: tuple[str, ...] = ()


def connections(
    settings: Sequence[Setting], kind: str, address: Callable[[Mapping[str, Setting]], Address]
) -> Iterator[Endpoint]:
    """Where each client connects to; without an address that is told only with what."""
    clients: dict[Block, dict[str, Setting]] = {}
    for each in settings:
        if each.scope and each.scope[-1].kind == kind and each.status is Status.EFFECTIVE:
            clients.setdefault(each.scope[-1], {})[each.name] = each
    for block, own in clients.items():
        yield _endpoint(block, own, address(own))


def _endpoint(block: Block, own: Mapping[str, Setting], how: Address) -> Endpoint:
    written = next(iter(own.values()))
    bare = Endpoint(
        side="connects",
        setting=written,
        technology=how.technology,
        library=how.library,
        part=f"{block.kind} {block.name}".rstrip(),
    )
    for name in (*how.sockets, *how.urls):
        said = own.get(name)
        if said is not None and not isinstance(said.value, Unknown):
            return _at(bare, said, how)
        if said is not None:
            return replace(bare, setting=said)
    return _by_host(bare, own, how)


def _at(bare: Endpoint, said: Setting, how: Address) -> Endpoint:
    """The endpoint of a URL or a socket's path."""
    url: Url | None = parsed(said.text)
    if url is None:
        is_path = said.text.startswith("/")
        return replace(bare, setting=said, socket=said.text if is_path else "")
    technology, usual = how.technologies.get(url.scheme, (how.technology, how.port))
    host = url.host or "localhost"
    return replace(bare, setting=said, host=host, port=url.port or usual, technology=technology)


def _by_host(bare: Endpoint, own: Mapping[str, Setting], how: Address) -> Endpoint:
    host = next((own[n] for n in how.hosts if n in own), None)
    port = next((own[n] for n in how.ports if n in own), None)
    number = how.port
    if port is not None:
        number = int(port.text) if port.text.isdecimal() and len(port.text) < 6 else 0
    if host is None and port is None:
        return bare
    if any(s is not None and isinstance(s.value, Unknown) for s in (host, port)) or not number:
        return replace(bare, setting=host or port or bare.setting)
    if host is not None and host.text.startswith("/"):
        return replace(bare, setting=host, socket=f"{host.text.rstrip('/')}/.s.PGSQL.{number}")
    name = host.text if host is not None else "localhost"
    return replace(bare, setting=host or port or bare.setting, host=name, port=number)
