"""Reads the properties of a Spring Boot application: files, environment, command line.

Source: Spring Boot's reference, externalized configuration, common application properties.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Endpoint, Reader, Rejected, Word
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Item, Origin, Setting, Status, Unknown, Unread, Value
from plimsoll.syntax.amounts import Dialect
from plimsoll.syntax.environ import carried
from plimsoll.syntax.jdbc import servers
from plimsoll.syntax.property_sources import Property, bare, given
from plimsoll.syntax.property_sources import read as read_properties
from plimsoll.syntax.property_winners import scope_of, winners
from plimsoll.technologies.spring.names import NAMES

_BY_NAME = {bare(name): name for name in NAMES}
_OWN = re.compile(r"(?:spring|server|management|logging)[._]", re.IGNORECASE)
_SECRET = re.compile(r"password|secret|token|credential|private-key", re.IGNORECASE)
# Read by the pool itself.
_OTHERS = ("springdatasourcehikari",)
_JSON = "SPRING_APPLICATION_JSON"
_ISO = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.IGNORECASE)
_DIALECT = Dialect(
    sizes={"B": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30, "TB": 2**40},
    times={
        "ns": Fraction(1, 10**9), "us": Fraction(1, 10**6), "ms": Fraction(1, 1000),
        "s": 1, "m": 60, "h": 3600, "d": 86_400,
    },
    true=("true", "on", "yes", "1"),
    false=("false", "off", "no", "0"),
    folds_case=True,
)  # fmt: skip


def read(text: str, path: str) -> Iterator[Item]:
    """Every property of a file, by the name that Spring's own list has for it."""
    for each in read_properties(text, path):
        yield each if isinstance(each, Unread) else _setting(each)


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """What the environment, `-D` and the command line say of the properties that are known."""
    if environment:
        yield carried(environment)
    for each in given(words, environment):
        if bare(each.name) in _BY_NAME or (each.belongs == "--" and _OWN.match(each.name)):
            yield _setting(each)
    if _JSON in environment:
        yield from _json(environment[_JSON])


def _setting(each: Property) -> Setting:
    name = _BY_NAME.get(bare(each.name), each.name)
    is_other = bare(name).startswith(_OTHERS)
    return Setting(
        name=name,
        text=each.text,
        place=each.place,
        scope=scope_of(each.profile),
        origin=each.origin,
        value=each.unknown,
        belongs=each.belongs,
        is_secret=_SECRET.search(name) is not None,
        reason="the pool reads it" if is_other else "",
    )


def _json(word: Word) -> Iterator[Item]:
    path = word.place.path if word.place else ""
    try:
        found = json.loads(word.text)
    except (ValueError, RecursionError):
        yield Unread(path, f"{_JSON}: no JSON", word.place)
        return
    for name, text in _flat(found, "", 0):
        each = Property(name, text, word.place, "", Origin.ENVIRONMENT, "-D")
        yield _setting(each)


def _flat(said: object, above: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(said, dict) and depth < 20:
        for name, inner in said.items():
            yield from _flat(inner, f"{above}.{name}" if above else str(name), depth + 1)
    elif isinstance(said, bool):
        yield above, str(said).lower()
    elif isinstance(said, str | int | float) and above:
        yield above, str(said)


def value(text: str, entry: Entry) -> Value | Rejected:
    """A duration (30s, PT30S, bare in the property's own unit), a size (10MB is 10 MiB), ..."""
    plain = text.strip()
    if entry.type is Type.TIME and (found := _ISO.fullmatch(plain)) and any(found.groups()):
        days, hours, minutes, seconds = (Fraction(part or 0) for part in found.groups())
        total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
        exact = total.numerator if total.denominator == 1 else total
        return Amount.of(exact, entry.unit)
    if plain.startswith("-") and plain[1:2].isdigit() and "-1" in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    if not plain and entry.type not in (Type.TEXT, Type.ENUM):
        return entry.default(None)  # an empty property is none
    return _DIALECT.value(plain, entry)


_PORT = Setting("server.port", "8080", origin=Origin.DEFAULT, value=Amount.of(8080))
_REDIS = ("spring.data.redis", "spring.redis")


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The port of its server, and the Redis that it connects to."""
    held = {e.name: e for e in settings if e.status is Status.EFFECTIVE}
    port = _number(held.get("server.port", _PORT))
    if port:
        yield Endpoint("listens", held.get("server.port", _PORT), port=port)
    for prefix in _REDIS:
        host = held.get(f"{prefix}.host")
        if host is not None and not isinstance(host.value, Unknown):
            number = _number(held.get(f"{prefix}.port")) or 6379
            yield Endpoint(
                "connects", host, host.text, number, technology="redis", library="spring"
            )
    yield from _r2dbc(held.values())


def _r2dbc(settings: Iterable[Setting]) -> Iterator[Endpoint]:
    for each in settings:
        if each.name == "spring.r2dbc.url" and not isinstance(each.value, Unknown):
            for server in servers(
                each.text.replace("r2dbc:pool:", "r2dbc:").replace("r2dbc:", "jdbc:")
            ):
                yield Endpoint(
                    "connects", each, server.host, server.port, technology=server.technology,
                    library="spring",
                )  # fmt: skip


def _number(setting: Setting | None) -> int | None:
    text = setting.text if setting else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else None


READER = Reader(
    read=read,
    value=value,
    effective=winners,
    arguments=arguments,
    endpoints=endpoints,
    root="application",
)
