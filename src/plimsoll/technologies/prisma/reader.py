"""Reads Prisma's schema and the clients that JavaScript makes; none of it is run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Endpoint, Word
from plimsoll.model.setting import Block, Item, Setting, Unread
from plimsoll.syntax.javascript import UNDEFINED, Call, Computed, Entry, Result, setting
from plimsoll.syntax.javascript.clients import Address, Library, Maker, connections, reader_of
from plimsoll.syntax.text import Lines
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.syntax.urls import parsed

_PROVIDERS = {
    "postgresql": ("postgresql", 5432),
    "postgres": ("postgresql", 5432),
    "mysql": ("mysql", 3306),
    "sqlserver": ("mssql", 1433),
    "mongodb": ("mongodb", 27017),
    "mongodb+srv": ("mongodb", 27017),
    "cockroachdb": ("postgresql", 26257),
}
_QUERIES = ("connection_limit", "pool_timeout", "connect_timeout", "socket_timeout", "pgbouncer")


def _options(call: Call) -> list[tuple[str, Entry]]:
    """`new PrismaClient({datasources: {db: {url}}})`, or `datasourceUrl`."""
    options = call.argument(0)
    return [("", options)] if options else []


LIBRARY = Library(
    name="prisma",
    kind="pool",
    makers={"@prisma/client.PrismaClient": Maker("PrismaClient", _options)},
    queries={name: name for name in _QUERIES},
)
_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n]+|//[^\n]*)|(?P<open>^[ \t]*(?P<kind>\w+)[ \t]+(?P<name>\w+)[ \t]*\{)"""
    r"""|(?P<close>\})|(?P<line>[^\n}]+)""",
    re.MULTILINE,
)
_PAIR = re.compile(r"""[ \t]*(\w+)[ \t]*=[ \t]*("(?:[^"\\\n]|\\.)*"|\S[^\n]*?)[ \t\r]*(?://.*)?$""")
_ENV = re.compile(r"""env\([ \t]*"(\w+)"[ \t]*\)""")
_SAID = frozenset({"datasource", "generator"})


def _schema(
    text: str, path: str, environment: Mapping[str, Word] | None
) -> Iterator[tuple[Place | None, Item]]:
    if not path.endswith(".prisma"):
        return
    lines = Lines(text, path)
    block: Block | None = None
    for found in _TOKEN.finditer(text):
        place = lines.place(*found.span())
        if found["open"]:
            block = Block(found["kind"], found["name"], place)
            if found["kind"] not in _SAID:
                yield place, Setting(found["kind"], found["name"], place)
        elif found["close"]:
            block = None
        elif found["line"]:
            yield from _line(found, block, lines, text, environment)


def _line(
    found: re.Match[str],
    block: Block | None,
    lines: Lines,
    text: str,
    environment: Mapping[str, Word] | None,
) -> Iterator[tuple[Place | None, Item]]:
    place = lines.place(*found.span())
    if block is None:
        yield place, Unread(lines.path, "outside of any block", place)
        return
    pair = _PAIR.match(found["line"])
    if block.kind not in _SAID or pair is None:
        is_data = block.kind not in _SAID
        reason = f"no entry of {block}: a name, = and a value"
        yield (
            place,
            Setting("field", "", place, (block,)) if is_data else Unread(lines.path, reason, place),
        )
        return
    at = found.start()
    place = lines.place(
        at + pair.start(1), at + pair.end(2), (at + pair.start(2), at + pair.end(2))
    )
    value, asked = _value(pair[2], environment)
    entry = Entry(pair[1], value, place, pair[2], asked)
    scope = (Block("pool", block.name, block.place),) if block.kind == "datasource" else (block,)
    yield place, setting(pair[1], entry, text, scope=scope)
    if pair[1] == "url" and block.kind == "datasource":
        yield from _queries(entry, text, scope)


def _value(
    raw: str, environment: Mapping[str, Word] | None
) -> tuple[Result, dict[str, Word | None]]:
    variable = _ENV.fullmatch(raw)
    if variable is None:
        return raw[1:-1] if raw[:1] == '"' == raw[-1:] else raw, {}
    if environment is None:
        return Computed(f"computed: {raw}", asks_environment=True), {}
    word = environment.get(variable[1])
    if isinstance(word, Uncertain):
        return Computed(str(word.value)), {variable[1]: word}
    return (UNDEFINED if word is None else word.text), {variable[1]: word}


def _queries(
    url: Entry, text: str, scope: tuple[Block, ...]
) -> Iterator[tuple[Place | None, Item]]:
    """What the query of the database's address says; where nobody tells the address, all it may."""
    if not isinstance(url.value, str):
        for name in _QUERIES[:2]:
            yield url.place, setting(name, url, text, scope=scope)
        return
    address = parsed(url.value)
    for name, said in address.query if address else ():
        if name in _QUERIES:
            yield url.place, setting(name, replace(url, value=said), text, scope=scope)


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The databases of the schema's datasources; those of clients where there is no schema."""
    found = list(connections(settings, LIBRARY.kind, _address))
    schema = [e for e in found if e.setting.name in ("provider", "url")]
    yield from schema or found


def _address(own: Mapping[str, Setting]) -> Address:
    provider = own["provider"].text if "provider" in own else ""
    technology, port = _PROVIDERS.get(provider, ("", 0))
    urls = ("url", "datasourceUrl", "datasources.db.url")
    return Address(_PROVIDERS, technology, port, LIBRARY.name, urls=urls)


READER = reader_of(LIBRARY, endpoints, _schema)
