"""Client libraries of Python: the calls that make a pool or a client, with their arguments as settings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Endpoint, Reader, Word, last_wins
from plimsoll.model.setting import Block, Item, Setting, Status, Unknown
from plimsoll.syntax.conninfo import pairs
from plimsoll.syntax.environ import carried
from plimsoll.syntax.python.calls import Called, Code, read_code
from plimsoll.syntax.python.deferred import Deferred, resolved
from plimsoll.syntax.python.settings import leaves, setting, value
from plimsoll.syntax.python.values import Computed, Entry, Reference
from plimsoll.syntax.urls import Url, parsed

# Items with the place of the statement that makes each.
Placed = tuple[Place | None, Item]
_PAIRS = re.compile(r"\s*[A-Za-z_]+\s*=")


class Maker(Struct, frozen=True):
    """A call that makes a pool or a client.

    *modules*: those that it may come from; none: its name tells enough. *parameters*: of its
    arguments without names. *unknown*: settings that nobody can tell where an argument is not written.
    """

    modules: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def makes(self, callee: str) -> bool:
        root = callee.partition(".")[0]
        return not self.modules or ("." in callee and root in self.modules)


class Library(Struct, frozen=True):
    """A client library. *makers*: by the last name of what is called. *kind*: of a client's block.

    *urls*: arguments that are addresses; the settings of their query begin with *query*.
    *technologies*: by scheme, with the usual port; of `host` without a URL the one under "".
    *methods*: names behind a maker's that make one too (`Redis.from_url`), with their parameters.
    *handed_on*: an argument that is a pool or client itself: the call makes no new one.
    """

    name: str
    kind: str
    makers: Mapping[str, Maker]
    urls: tuple[str, ...]
    technologies: Mapping[str, tuple[str, int]]
    query: str = ""
    methods: Mapping[str, tuple[str, ...]] | None = None
    handed_on: tuple[str, ...] = ()
    sockets: tuple[str, ...] = ()
    local: str = ""  # the socket where no host is given, {} for the port

    @property
    def wanted(self) -> frozenset[str]:
        return frozenset({*self.makers, *(self.methods or {})})


def reader_of(
    library: Library, more: Callable[[Code, str], Iterator[Placed]] | None = None
) -> Reader:
    """The reader of a library. *more*: what it reads besides calls."""

    def items(text: str, path: str, environment: Mapping[str, Word] | None) -> Iterator[Placed]:
        code = read_code(text, path, library.wanted, environment)
        if code.problem is not None:
            yield code.problem.place, code.problem
        for each in code.calls:
            yield from made(library, each, text)
        if more is not None:
            yield from more(code, text)

    def read(text: str, path: str) -> Iterator[Item]:
        return (item for _, item in items(text, path, None))

    def effective(settings: Sequence[Setting]) -> list[Setting]:
        return last_wins(resolved(settings, items))

    def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
        return connections(settings, library)

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


def made(library: Library, called: Called, text: str) -> Iterator[Placed]:
    """The settings of the client that a call makes, each with the place where it is written.

    None where it makes no client of *library*.
    """
    found = _maker(library, called.callee)
    if found is None or any(called.argument(99, name) for name in library.handed_on):
        return
    maker, mark, parameters = found
    block = Block(library.kind, called.target or mark, called.place)
    scope = (block,)
    told = f"{mark} in {'.'.join(called.within)}" if called.within else mark
    yield called.place, _held(Setting(mark, told, called.place, scope), called)
    given = [
        replace(entry, key=parameters[at] if at < len(parameters) else f"argument {at + 1}")
        for at, entry in enumerate(called.arguments)
    ]
    names: set[str] = set()
    for entry in (*given, *called.named):
        for name, leaf in leaves(entry.key, entry):
            for one in _settings(library, name, leaf, text, called, scope):
                names.add(one.name)
                yield leaf.place or called.place, one
    if not called.is_complete:
        reason = Computed(f"computed: {mark} is handed arguments that only running it would tell")
        for name in maker.unknown:
            if name not in names:
                unknown = Entry(name, reason, called.place)
                yield called.place, setting(name, unknown, text, called.place, scope)


def _maker(library: Library, callee: str) -> tuple[Maker, str, tuple[str, ...]] | None:
    """The maker that is called, the name of what it makes, and its parameters."""
    before, _, last = callee.rpartition(".")
    maker = library.makers.get(last)
    if maker is not None and maker.makes(callee):
        return maker, last, maker.parameters
    inner = (library.methods or {}).get(last)
    maker = library.makers.get(before.rpartition(".")[2])
    if inner is None or maker is None or not maker.makes(before):
        return None
    return maker, before.rpartition(".")[2], inner


def _settings(
    library: Library, name: str, leaf: Entry, text: str, called: Called, scope: tuple[Block, ...]
) -> Iterator[Setting]:
    made_ = setting(name, leaf, text, called.place, scope)
    if isinstance(leaf.value, Reference):
        bare = leaf.value.dotted.rpartition(".")[2]
        made_ = replace(made_, text=bare, value=None if bare[:1].isupper() else made_.value)
        if made_.value is None and not bare[:1].isupper():
            made_ = replace(made_, value=Unknown(f"computed: {leaf.value.dotted}"))
    yield _held(made_, called)
    if name not in library.urls or made_.value is not None:
        return
    url = parsed(made_.text)
    said = url.query if url else tuple(pairs(made_.text)) if _PAIRS.match(made_.text) else ()
    for key, part in said:
        yield _held(replace(made_, name=f"{library.query}{key}", text=part, value=None), called)


def _held(made_: Setting, called: Called) -> Setting:
    if not called.reason:
        return made_
    return replace(made_, status=Status.SHADOWED, reason=called.reason)


# -- where clients connect to


def connections(settings: Sequence[Setting], library: Library) -> Iterator[Endpoint]:
    """Where each client connects to; without an address that is told only with what."""
    clients: dict[Block, dict[str, Setting]] = {}
    for each in settings:
        if each.scope and each.scope[-1].kind == library.kind and each.status is Status.EFFECTIVE:
            clients.setdefault(each.scope[-1], {})[each.name] = each
    for block, own in clients.items():
        yield endpoint(block, own, library)


def endpoint(block: Block, own: Mapping[str, Setting], library: Library) -> Endpoint:
    """The far end of one client, by what it says of it."""
    first = next(iter(own.values()))
    technology, port = library.technologies.get("", ("", 0))
    bare = Endpoint(
        side="connects",
        setting=first,
        technology=technology,
        library=library.name,
        part=f"{block.kind} {block.name}".rstrip(),
    )
    said = next((own[name] for name in library.urls if name in own), None)
    if said is not None and not _is_open(said):
        url = parsed(said.text)
        if url is not None:
            return _at(replace(bare, setting=said), url, library)
        if not _PAIRS.match(said.text):
            return replace(bare, setting=said)
    elif said is not None:
        return replace(bare, setting=said)
    return _by_host(bare, own, library, port)


def _is_open(setting_: Setting) -> bool:
    return isinstance(setting_.value, Unknown | Deferred)


def _at(bare: Endpoint, url: Url, library: Library) -> Endpoint:
    known = library.technologies.get(url.scheme.partition("+")[0])
    if known is None:
        return replace(bare, technology="", host=url.host, port=url.port)
    technology, usual = known
    if url.scheme == "unix":
        return replace(bare, technology=technology, socket=url.path)
    folder = dict(url.query).get("host", "")
    if folder.startswith("/"):
        return replace(bare, technology=technology, socket=f"{folder}/.s.PGSQL.{url.port or usual}")
    host = url.host or folder or "localhost"
    return replace(bare, technology=technology, host=host, port=url.port or usual)


def _by_host(bare: Endpoint, own: Mapping[str, Setting], library: Library, usual: int) -> Endpoint:
    """The end that `host`, `port` and a socket's path name."""
    path = next((own[name] for name in library.sockets if name in own), None)
    if path is not None and not _is_open(path):
        return replace(bare, setting=path, socket=path.text)
    host, port = own.get("host"), own.get("port")
    if any(s is not None and _is_open(s) for s in (host, port)) or not usual:
        return replace(bare, setting=host or port or bare.setting)
    number = usual
    if port is not None:
        number = int(port.text) if port.text.isdecimal() and len(port.text) < 6 else 0
    if host is not None and host.text.startswith("/"):
        return replace(bare, setting=host, socket=f"{host.text.rstrip('/')}/.s.PGSQL.{number}")
    if host is None and library.local:
        return replace(bare, socket=library.local.format(number))
    name = host.text if host is not None and host.text != "None" else "localhost"
    return replace(bare, setting=host or bare.setting, host=name, port=number or None)
