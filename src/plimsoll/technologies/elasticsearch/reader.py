"""Reads elasticsearch.yml, `-E` of the command line and the environment of its image.

Source: Elasticsearch's reference, configuring, Docker, system configuration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Endpoint, Reader, Rejected, Word, last_wins
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Item, Origin, Setting, Status, Unknown, Unread, Value
from plimsoll.syntax import shell
from plimsoll.syntax.amounts import Dialect
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.syntax.yaml_leaves import leaves
from plimsoll.syntax.yaml_nodes import Document, Node, Pair, documents
from plimsoll.syntax.yaml_nodes import Mapping as Map

_DIALECT = Dialect(
    sizes={"b": 1, "kb": 2**10, "mb": 2**20, "gb": 2**30, "tb": 2**40, "pb": 2**50},
    times={
        "nanos": Fraction(1, 10**9), "micros": Fraction(1, 10**6), "ms": Fraction(1, 1000),
        "s": 1, "m": 60, "h": 3600, "d": 86_400,
    },
    true=("true",),
    false=("false",),
    folds_case=True,
    takes_fractions=True,
)  # fmt: skip
# Variables of packages and images that are no settings of the node.
_OF_SYSTEM = (
    *(
        "MAX_OPEN_FILES",
        "MAX_LOCKED_MEMORY",
        "MAX_MAP_COUNT",
        "MAX_THREADS",
        "ES_STARTUP_SLEEP_TIME",
    ),
)
_NODE = re.compile(r"[a-z][a-z_]*(?:\.[a-z0-9_]+)+")
_IN_IMAGE = "ES_SETTING_"
_REPLACED = re.compile(r"\$\{([^${}:]+)(?::[^${}]*)?\}")
_SECRET = re.compile(r"password|secret|passphrase|bootstrap\.password")
_OPTION = re.compile(r"-E(?P<name>[^=\s]+)=(?P<text>.*)", re.DOTALL)


def read(text: str, path: str) -> Iterator[Item]:
    """Every setting of a file, dotted and nested names alike."""
    for document in documents(text, path):
        if isinstance(document, Unread):
            yield document
        else:
            yield from _settings(document)


def _settings(document: Document) -> Iterator[Item]:
    seen: dict[str, Place] = {}
    for each in _joined(document):
        first = seen.setdefault(each.name, each.place)
        made = _setting(each.name, each.text, each.place)
        if first is not each.place:
            reason = f"it stands in line {first.span.line} too: the node does not start"
            made = replace(made, status=Status.REFUSED, reason=reason)
        yield made
    for pair, before in _repeated(document.root):
        place, line = document.place_of(before), document.place_of(pair).span.line
        yield Unread(place.path, f"{pair.name} stands in line {line} too", place)


def _repeated(root: Node | None) -> Iterator[tuple[Pair, Pair]]:
    waiting: list[Node] = [root] if root is not None else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, Map):
            yield from node.repeated()
            waiting += [pair.value for pair in node.pairs]


class _Told(Struct, frozen=True):
    name: str
    text: str
    place: Place


def _joined(document: Document) -> Iterator[_Told]:
    """Every leaf; the items of a list are one value."""
    held: _Told | None = None
    for leaf in leaves(document):
        is_item = bool(leaf.keys) and isinstance(leaf.keys[-1], int)
        name = ".".join(str(key) for key in leaf.keys if not isinstance(key, int))
        if is_item and held is not None and held.name == name:
            held = _Told(name, f"{held.text},{leaf.text}", _around(held.place, leaf.place))
            continue
        if held is not None:
            yield held
        held = _Told(name, leaf.text, leaf.place)
    if held is not None:
        yield held


def _around(first: Place, last: Place) -> Place:
    a, b = first.value or first.span, last.value or last.span
    span = Span(a.line, a.column, b.end_line, b.end_column)
    return Place(first.path, span, span)


def _setting(name: str, text: str, place: Place | None, origin: Origin = Origin.FILE) -> Setting:
    unknown = None
    if is_unrendered(text, has_variables=True):
        unknown = Unknown(UNRENDERED)
    elif found := _REPLACED.search(text):
        unknown = Unknown(f"nobody gives {found[1]}")
    is_secret = _SECRET.search(name) is not None
    return Setting(name, text, place, origin=origin, value=unknown, is_secret=is_secret)


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """The settings of the image's environment and of `-E`, which go before the file."""
    for name, word in environment.items():
        own = _of_variable(name)
        if own:
            made = _setting(own, word.text, word.place, Origin.ENVIRONMENT)
            why = str(word.value) if isinstance(word, Uncertain) else ""
            yield replace(made, value=Unknown(why)) if why else made
    line = shell.again(shell.unwrapped(words, environment), environment)
    for at, word in enumerate(line):
        joined = word
        if word.text == "-E" and at + 1 < len(line):
            joined = Word(f"-E{line[at + 1].text}", line[at + 1].place)
        if found := _OPTION.fullmatch(joined.text):
            yield _setting(found["name"], found["text"], joined.place, Origin.COMMAND_LINE)


def _of_variable(name: str) -> str:
    """The setting that a variable gives; empty for another one."""
    if name in _OF_SYSTEM or _NODE.fullmatch(name):
        return name
    if name.startswith(_IN_IMAGE):
        own = name.removeprefix(_IN_IMAGE).lower()
        return own.replace("__", "\0").replace("_", ".").replace("\0", "_")
    return ""


def value(text: str, entry: Entry) -> Value | Rejected:
    """A size or a time has a unit, unless it is 0 or -1."""
    plain = text.strip()
    if entry.type in (Type.SIZE, Type.TIME) and plain == "0":
        return Amount.of(0, entry.unit)
    return _DIALECT.value(plain, entry)


_PORT = Setting("http.port", "9200", origin=Origin.DEFAULT, value=Amount.of(9200))
_EVERYWHERE = frozenset({"0.0.0.0", "_site_", "_global_", "::"})  # noqa: S104 - compared with


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The port of its HTTP interface; of a range the first."""
    held = {e.name: e for e in settings if e.status is Status.EFFECTIVE}
    port = held.get("http.port", _PORT)
    host = held.get("http.host") or held.get("network.host")
    number = port.text.partition("-")[0].strip()
    if number.isascii() and number.isdigit() and len(number) <= 5:
        own = host.text if host and not host.text.startswith("_") else ""
        own = "" if own in _EVERYWHERE else own
        yield Endpoint(side="listens", setting=port, host=own, port=int(number))


READER = Reader(
    read=read,
    value=value,
    effective=last_wins,
    arguments=arguments,
    endpoints=endpoints,
)
