"""Reads the queues and workers of BullMQ that JavaScript makes; none of it is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.place import Place
from plimsoll.model.reader import Endpoint, Word
from plimsoll.model.setting import Block, Item, Setting
from plimsoll.syntax.javascript import Call, Entry, Table, read_json, setting
from plimsoll.syntax.javascript.clients import Address, Library, Maker, connections, reader_of

_DEPENDENCY = "bullmq"


def _of_queue(call: Call) -> list[tuple[str, Entry]]:
    """`new Queue(name, {...})`."""
    return _named(call, 1)


def _of_worker(call: Call) -> list[tuple[str, Entry]]:
    """`new Worker(name, processor, {...})`."""
    return _named(call, 2)


def _named(call: Call, at: int) -> list[tuple[str, Entry]]:
    name, options = call.argument(0), call.argument(at)
    return [
        *([("name", name)] if name else []),
        *([("", options)] if options and isinstance(options.value, Table) else []),
    ]


_WORKER = Maker("Worker", _of_worker)
_QUEUE = Maker("Queue", _of_queue)
LIBRARY = Library(
    name="bullmq",
    kind="queue",
    makers={
        "bullmq.Worker": _WORKER,
        "bullmq.Queue": _QUEUE,
        "bullmq.QueueEvents": Maker("QueueEvents", _of_queue),
        "bullmq.FlowProducer": Maker("FlowProducer", lambda call: _named(call, 0)),
    },
)
_ADDRESS = Address(
    technologies={},
    technology="redis",
    port=6379,
    library=LIBRARY.name,
    urls=("connection.url",),
    hosts=("connection.host",),
    ports=("connection.port",),
    sockets=("connection.path",),
)


def _package(
    text: str, path: str, environment: Mapping[str, Word] | None
) -> Iterator[tuple[Place | None, Item]]:
    """That package.json depends on it: there are queues, whatever else is known of them."""
    del environment  # JSON asks for none of it
    if not path.endswith(".json"):
        return
    whole = read_json(text, path)
    value = whole.value if isinstance(whole, Entry) else None
    needed = value.get("dependencies") if isinstance(value, Table) else None
    entry = needed.value.get(_DEPENDENCY) if needed and isinstance(needed.value, Table) else None
    if entry is not None:
        block = Block(LIBRARY.kind, "", entry.place)
        yield entry.place, setting(f"dependencies.{_DEPENDENCY}", entry, text, scope=(block,))


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The Redis that queues are in; that of a bare dependency where no queue is found."""
    found = list(connections(settings, LIBRARY.kind, _address))
    made = [e for e in found if not e.setting.name.startswith("dependencies.")]
    yield from made or found


def _address(_: Mapping[str, Setting]) -> Address:
    return _ADDRESS


READER = reader_of(LIBRARY, endpoints, _package)
