"""Reads what ingress-nginx is told: its ConfigMap, annotations of Ingresses, values of its chart.

Source: ingress-nginx, user guide, ConfigMap and Annotations; chart ingress-nginx, controller.config.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from plimsoll.model.place import Place
from plimsoll.model.reader import Endpoint, Reader, Rejected, last_wins
from plimsoll.model.schema import Entry
from plimsoll.model.setting import Block, Item, Setting, Status, Unknown, Unread, Value
from plimsoll.syntax.amounts import Dialect
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.yaml_leaves import Leaf, leaves
from plimsoll.syntax.yaml_nodes import Document, documents

_PREFIX = "nginx.ingress.kubernetes.io/"
# Of the ConfigMap, as nginx reads them: sizes are binary, times seconds unless they have a unit.
_DIALECT = Dialect(
    sizes={"k": 2**10, "m": 2**20, "g": 2**30},
    times={"ms": Fraction(1, 1000), "s": 1, "m": 60, "h": 3600, "d": 86_400},
    true=("true", "on"),
    false=("false", "off"),
    folds_case=True,
)
_OF_CONTROLLER = re.compile(r"nginx|ingress")
_CHART = ("controller", "config")
_SERVICE = (("backend", "service", "name"), ("backend", "serviceName"))


def read(text: str, path: str) -> Iterator[Item]:
    """The settings of each document: those of an Ingress in a block of its name."""
    for each in documents(text, path):
        if isinstance(each, Unread):
            yield each
        else:
            yield from _of(list(leaves(each)), each)


def _of(found: Sequence[Leaf], document: Document) -> Iterator[Setting]:
    told = {leaf.keys: leaf.text for leaf in found}
    kind, name = told.get(("kind",), ""), told.get(("metadata", "name"), "")
    if kind == "Ingress" and document.root is not None:
        block = Block("ingress", name, document.place(document.root))
        for leaf in found:
            key = str(leaf.keys[-1]) if leaf.keys else ""
            if leaf.keys[:2] == ("metadata", "annotations") and key.startswith(_PREFIX):
                yield _setting(key.removeprefix(_PREFIX), leaf.text, leaf.place, (block,))
            elif any(leaf.keys[-len(each) :] == each for each in _SERVICE):
                yield _setting("backend", leaf.text, leaf.place, (block,))
    for leaf in found:
        is_own = kind == "ConfigMap" and _OF_CONTROLLER.search(name) and leaf.keys[:1] == ("data",)
        if (is_own and len(leaf.keys) == 2) or leaf.keys[-3:-1] == _CHART:
            yield _setting(str(leaf.keys[-1]), leaf.text, leaf.place, ())


def _setting(name: str, text: str, place: Place, scope: tuple[Block, ...]) -> Setting:
    unknown = Unknown(UNRENDERED) if is_unrendered(text) else None
    return Setting(name, text, place, scope, value=unknown)


def value(text: str, entry: Entry) -> Value | Rejected:
    """What nginx makes of the text that the controller hands to it."""
    return _DIALECT.value(text, entry)


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """Its own ports, and the services that Ingresses lead to."""
    for port in (80, 443):
        listens = Setting("listen", str(port), place=None)
        yield Endpoint("listens", listens, port=port)
    for each in settings:
        if each.name == "backend" and each.status is Status.EFFECTIVE and each.text:
            part = each.scope[-1].name if each.scope else ""
            yield Endpoint("connects", each, each.text, None, part=part)


READER = Reader(
    read=read,
    value=value,
    effective=last_wins,
    parts={"ingress": "ingress"},
)
