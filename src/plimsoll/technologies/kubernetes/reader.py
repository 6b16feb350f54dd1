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
_SEVERAL = frozenset({"ports", "volumeMounts", "envFrom"})
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


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """Of what there can be one of the last counts: a container's own over that of its pod."""
    judged = iter(last_wins([each for each in settings if each.name not in _SEVERAL]))
    return [each if each.name in _SEVERAL else next(judged) for each in settings]


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The ports that a container declares."""
    for each in settings:
        port, _, protocol = each.text.partition("/")
        is_port = each.name == "ports" and port.isascii() and port.isdigit() and protocol == "TCP"
        if is_port and each.status is Status.EFFECTIVE:
            yield Endpoint("listens", each, "0.0.0.0", int(port[:5]))  # noqa: S104


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    endpoints=endpoints,
    parts={
        **dict.fromkeys(PROBES, "probe"),
        "initContainer": "init_container",
        "volume": "volume",
        "ingress": "ingress",
    },
    root="container",
)
