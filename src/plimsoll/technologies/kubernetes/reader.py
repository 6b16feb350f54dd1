"""Kubernetes manifests to settings, and what their values mean.

A file by itself: what its objects say of each other is the manifest's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Endpoint, Reader, Rejected, last_wins
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Block, Setting, Status, Unread, Value
from plimsoll.syntax.amounts import Dialect
from plimsoll.technologies.kubernetes.flatten import Context, settings_below
from plimsoll.technologies.kubernetes.keys import PROBES
from plimsoll.technologies.kubernetes.objects import tables, template_in
from plimsoll.technologies.kubernetes.quantities import cpu, share, size

_DIALECT = Dialect(true=("true",), false=("false",))
_SHARES = ("maxSurge", "maxUnavailable", "minAvailable")


def read(text: str, path: str) -> Iterator[Setting | Unread]:
    """Every value of every document under its dotted name, in a block for its kind and name."""
    reason = template_in(text, path)
    if reason:
        yield Unread(path, reason)
        return
    unread: list[Unread] = []
    for table in tables(text, path, unread):
        metadata = table.table("metadata")
        name = metadata.text("name") if metadata else ""
        kind = table.text("kind")
        scope = (Block(kind, name, table.place),) if kind else ()
        for key, value in table.entries.items():
            yield from settings_below(value, key, Context(scope))
    yield from unread


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means by an entry of settings.yaml; the API server refuses the object else."""
    if entry.type is Type.SIZE:
        return size(text)
    if entry.name.rpartition(".")[2] in _SHARES:
        return share(text)
    if entry.type is Type.NUMBER:
        return cpu(text)
    found = _DIALECT.value(text, entry)
    least = entry.minimum.low if isinstance(entry.minimum, Amount) else None
    if isinstance(found, Amount) and least is not None and found.low < least:
        return Rejected(Status.REFUSED, f"{text!r}: must be greater than or equal to {least}")
    return found


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The ports that a container declares, and the services that an ingress leads to."""
    for each in settings:
        if each.status is not Status.EFFECTIVE:
            continue
        if each.name == "ports":
            port, _, protocol = each.text.partition("/")
            if port.isdigit() and protocol == "TCP":
                yield Endpoint("listens", each, "0.0.0.0", int(port))  # noqa: S104
        elif each.name == "backend.service":
            host, _, port = each.text.partition(":")
            yield Endpoint("connects", each, host, int(port) if port.isdigit() else None)


READER = Reader(
    read=read,
    value=value,
    effective=last_wins,
    endpoints=endpoints,
    parts={
        **dict.fromkeys(PROBES, "probe"),
        "initContainer": "init_container",
        "volume": "volume",
        "ingress": "ingress",
    },
    root="container",
)
