"""Reads Kafka's properties, connectors, `--override` and the environment of its images.

Source: Kafka's documentation, configuration; Docker images of Apache, Confluent and Bitnami.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Endpoint, Reader, Rejected, Word, last_wins
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import (
    Block,
    Include,
    Item,
    Origin,
    Setting,
    Status,
    Unknown,
    Unread,
    Value,
)
from plimsoll.syntax import shell
from plimsoll.syntax.amounts import Dialect
from plimsoll.syntax.arguments import after_program
from plimsoll.syntax.globs import literal
from plimsoll.syntax.properties import properties
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.text import Lines
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.syntax.yaml_leaves import leaves
from plimsoll.syntax.yaml_nodes import documents
from plimsoll.technologies.kafka.signs import SIGNS

_DIALECT = Dialect(true=("true",), false=("false",))
_SECRET = re.compile(r"password|secret|jaas|credential|token", re.IGNORECASE)
# Files of clients, and names that hand a setting on to a client.
_FILES = re.compile(r"(?:\A|/)(?P<kind>producer|consumer|connect)[^/]*\.properties\Z")
_KINDS = {"producer": "producer", "consumer": "consumer", "connect": "connect_worker"}
_HANDED_ON = re.compile(r"(?P<kind>producer|consumer)\.(?P<name>.+)", re.DOTALL)
_CONNECTOR = ("connector", "config")
_NOWHERE = Place("", Span(1, 1, 1, 1))
# Variables that are the start scripts' or the images' own.
_OF_SCRIPTS = re.compile(
    r"KAFKA_(?:HEAP_OPTS|OPTS|JVM_\w+|JMX_\w+|GC_\w+|LOG4J_\w+|VERSION|HOME|CLUSTER_ID|HOSTNAME|"
    r"USER|PASSWORD|CONNECT_\w+|KRAFT_\w+|MODE|DEBUG|TOOLS_\w+|INTER_BROKER_USER|CLIENT_\w+)\Z"
)
_HEAP = "KAFKA_HEAP_OPTS"
_PREFIXES = ("KAFKA_CFG_", "KAFKA_", "CONNECT_")


def read(text: str, path: str) -> Iterator[Item]:
    """Every property of a file, in file order."""
    if path.endswith((".yaml", ".yml", ".json")):
        yield from _connectors(text, path)
        return
    where = Lines(text, path)
    of_file = _FILES.search(path)
    scope = (Block(_KINDS[of_file["kind"]], "", where.place(0, 0)),) if of_file else ()
    for each in properties(text):
        place = where.place(each.start, each.end, (each.value_start, each.end))
        name = each.key.lstrip("\ufeff")
        if each.fault:
            yield Unread(path, each.fault, place)
        elif is_unrendered(name):
            yield Unread(path, UNRENDERED, place)
        else:
            yield _setting(name, each.value, place, scope)


def _setting(
    name: str,
    text: str,
    place: Place | None,
    scope: tuple[Block, ...] = (),
    origin: Origin = Origin.FILE,
) -> Setting:
    handed = _HANDED_ON.fullmatch(name) if not scope or scope[-1].kind == "connect_worker" else None
    if handed is not None:
        scope, name = (*scope, Block(handed["kind"], "")), handed["name"]
    is_told = not is_unrendered(text)
    return Setting(
        name=name,
        text=text.strip(),
        place=place,
        scope=scope,
        origin=origin,
        value=None if is_told else Unknown(UNRENDERED),
        is_secret=_SECRET.search(name) is not None,
    )


def _connectors(text: str, path: str) -> Iterator[Item]:
    """Settings of connectors, by the names that a connector has for them."""
    for document in documents(text, path):
        if isinstance(document, Unread):
            yield document
            continue
        for leaf in leaves(document):
            at = next((n for n, key in enumerate(leaf.keys) if key in _CONNECTOR), None)
            name = ".".join(map(str, leaf.keys[at + 1 :])) if at is not None else ""
            above = ".".join(map(str, leaf.keys[:at])) if at is not None else ""
            scope = (Block("connector", above),) if name else ()
            yield _setting(name or leaf.name, leaf.text, leaf.place, scope)


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """The file that is named, what the image makes of its environment, and `--override`."""
    line = shell.again(shell.unwrapped(words, environment), environment)
    _, rest = after_program(line, SIGNS.programs)
    for word in rest:
        if word.text.endswith(".properties") and not word.text.startswith("-"):
            place = word.place or _NOWHERE
            yield Include(literal(word.text), place, origin=Origin.COMMAND_LINE)
            break
    for name, word in environment.items():
        own = _of_variable(name)
        if own:
            scope = (Block("connect_worker", ""),) if name.startswith("CONNECT_") else ()
            made = _setting(own, word.text, word.place, scope, Origin.ENVIRONMENT)
            why = str(word.value) if isinstance(word, Uncertain) else ""
            yield replace(made, value=Unknown(why)) if why else made
    for at, word in enumerate(rest[:-1]):
        if word.text == "--override":
            yield _override(rest[at + 1])


def _override(word: Word) -> Setting:
    name, _, text = word.text.partition("=")
    inner = shell.located(word.text, word.place)(len(name) + 1, len(word.text))
    place = word.place
    if place is not None and inner is not None and inner is not place:
        place = Place(place.path, place.value or place.span, inner.span)
    return _setting(name, text, place, (), Origin.COMMAND_LINE)


def _of_variable(name: str) -> str:
    """The property that a variable of an image gives, or the options of the heap; else empty.

    Of the images of Apache and Confluent `___` is `-`, `__` is `_`; of all of them `_` is a dot.
    """
    if name == _HEAP:
        return name
    prefix = next((each for each in _PREFIXES if name.startswith(each)), "")
    if not prefix or _OF_SCRIPTS.fullmatch(name):
        return ""
    own = name.removeprefix(prefix).lower().replace("___", "-").replace("__", "\0")
    return own.replace("_", ".").replace("\0", "_")


def value(text: str, entry: Entry) -> Value | Rejected:
    """Times are milliseconds unless their name says another unit; sizes are bytes."""
    plain = text.strip()
    if entry.type is Type.BOOLEAN:
        return _DIALECT.value(plain.lower(), entry)
    return _DIALECT.value(plain, entry)


_PORT = Setting("listeners", "PLAINTEXT://:9092", origin=Origin.DEFAULT)
_LISTENER = re.compile(r"(?P<name>\w+)://(?P<host>\[[^\]]*\]|[^:,/\[]*):(?P<port>\d{1,5})")
_ADDRESS = re.compile(r"(?P<host>[\w.-]+)(?::(?P<port>\d{1,5}))?")
_EVERYWHERE = frozenset({"", "0.0.0.0", "[::]"})  # noqa: S104 - compared with, not bound to


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The listeners of a broker, its ZooKeeper, and the brokers of a worker."""
    held = {e.name: e for e in settings if e.status is Status.EFFECTIVE}
    listeners = held.get("listeners", _PORT)
    for found in _LISTENER.finditer(listeners.text):
        host = "" if found["host"] in _EVERYWHERE else found["host"]
        yield Endpoint(side="listens", setting=listeners, host=host, port=int(found["port"]))
    for name, technology, usual in (
        ("zookeeper.connect", "zookeeper", 2181), ("bootstrap.servers", "kafka", 9092),
    ):  # fmt: skip
        setting = held.get(name)
        if setting is None or isinstance(setting.value, Unknown):
            continue
        for text in setting.text.partition("/")[0].split(",")[:20]:
            if found_ := _ADDRESS.fullmatch(text.strip()):
                port = int(found_["port"]) if found_["port"] else usual
                yield Endpoint("connects", setting, found_["host"], port, technology=technology)


READER = Reader(
    read=read,
    value=value,
    effective=last_wins,
    arguments=arguments,
    endpoints=endpoints,
    parts={
        "producer": "producer", "consumer": "consumer", "connect_worker": "connect_worker", "connector": "connector",
    },
)  # fmt: skip
