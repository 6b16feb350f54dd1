"""Reads Prometheus: its command line, its file, the operator's resource, values of the chart.

Source: Prometheus, Storage and Configuration; prometheus-operator, API (PrometheusSpec); chart
kube-prometheus-stack, prometheus.prometheusSpec.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Reader, Rejected, Word, last_wins
from plimsoll.model.schema import Entry
from plimsoll.model.setting import Item, Origin, Setting, Unknown, Unread, Value
from plimsoll.syntax import shell
from plimsoll.syntax.amounts import Dialect
from plimsoll.syntax.arguments import after_program
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.syntax.yaml_leaves import Leaf, leaves
from plimsoll.syntax.yaml_nodes import Document, documents
from plimsoll.technologies.prometheus.signs import SIGNS

_UNITS = {letter: 1024**n for n, letter in enumerate("kmgtpe", start=1)}
_DIALECT = Dialect(
    sizes={"b": 1, **{f"{u}{end}": n for u, n in _UNITS.items() for end in ("b", "ib")}},
    times={
        "ms": Fraction(1, 1000), "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_536_000,
    },
    true=("true",),
    false=("false",),
    folds_case=True,
    combines=True,
)  # fmt: skip
_FLAG = "storage.tsdb."
# Fields of the operator's PrometheusSpec, by the flags and settings that it makes of them.
_FIELDS = {
    ("retention",): "storage.tsdb.retention.time",
    ("retentionSize",): "storage.tsdb.retention.size",
    ("scrapeInterval",): "scrape_interval",
    ("scrapeTimeout",): "scrape_timeout",
}
_CLAIM = ("volumeClaimTemplate", "spec", "resources", "requests", "storage")
_SPEC = "prometheusSpec"


def read(text: str, path: str) -> Iterator[Item]:
    """What each document says, under the names of the server itself."""
    for each in documents(text, path):
        if isinstance(each, Unread):
            yield each
        else:
            yield from _of(each)


def _of(document: Document) -> Iterator[Setting]:
    found = list(leaves(document))
    is_resource = any(leaf.keys == ("kind",) and leaf.text == "Prometheus" for leaf in found)
    for leaf in found:
        if _SPEC in leaf.keys:
            yield from _field(leaf, leaf.keys[leaf.keys.index(_SPEC) + 1 :])
        elif is_resource and leaf.keys[:1] == ("spec",):
            yield from _field(leaf, leaf.keys[1:])
        elif leaf.keys[:1] == ("global",) and len(leaf.keys) == 2:
            yield _setting(str(leaf.keys[1]), leaf.text, leaf.place)
        elif leaf.keys[:3] == ("storage", "tsdb", "retention"):
            yield _setting(leaf.name, leaf.text, leaf.place)


def _field(leaf: Leaf, keys: tuple[str | int, ...]) -> Iterator[Setting]:
    if keys[-len(_CLAIM) :] == _CLAIM:
        yield _setting("volume", leaf.text, leaf.place)
    elif name := next((n for field, n in _FIELDS.items() if keys == field), ""):
        yield _setting(name, leaf.text, leaf.place)


def _setting(name: str, text: str, place: Place | None) -> Setting:
    unknown = Unknown(UNRENDERED) if is_unrendered(text) else None
    return Setting(name, text, place, value=unknown)


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """The options of the storage, `--name=value` or in two words."""
    line = shell.again(shell.unwrapped(words, environment), environment)
    _, rest = after_program(line, SIGNS.programs)
    for at, word in enumerate(rest):
        name, equals, text = word.text.lstrip("-").partition("=")
        if not word.text.startswith("-") or not name.startswith(_FLAG):
            continue
        told = Word(text, word.place) if equals else (rest[at + 1] if at + 1 < len(rest) else word)
        made = replace(_setting(name, told.text, word.place), origin=Origin.COMMAND_LINE)
        is_told = not isinstance(word, Uncertain) and not isinstance(told, Uncertain)
        yield made if is_told else replace(made, value=Unknown(f"computed: {word.text}"))


def value(text: str, entry: Entry) -> Value | Rejected:
    """Sizes are powers of 1024, whichever way they are written; 0 is no limit."""
    plain = text.strip()
    if entry.name == "volume" and plain[-1:] in ("i", "k", "M", "G", "T"):
        plain += "b"
    return _DIALECT.value(plain, entry)


READER = Reader(read=read, value=value, effective=last_wins, arguments=arguments)
