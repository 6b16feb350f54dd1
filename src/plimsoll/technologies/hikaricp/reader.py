"""Reads the settings of HikariCP's pools out of the properties of an application.

Source: HikariCP's manual; Spring Boot's reference, data sources; digdag's and Liferay's manuals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from plimsoll.model.quantity import SECONDS, UNLIMITED, Amount
from plimsoll.model.reader import Endpoint, Reader, Rejected, Word
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import (
    Block,
    Formula,
    Item,
    Origin,
    Setting,
    Status,
    Unknown,
    Unread,
    Value,
)
from plimsoll.syntax.amounts import Dialect
from plimsoll.syntax.environ import carried
from plimsoll.syntax.jdbc import Server, servers
from plimsoll.syntax.property_sources import Property, bare, given
from plimsoll.syntax.property_sources import read as read_properties
from plimsoll.syntax.property_winners import scope_of, winners
from plimsoll.technologies.hikaricp.names import NAMES

_BY_NAME = {name.lower(): name for name in NAMES}
_URL = "jdbcUrl"
_LONGEST = 10  # digits of a time
_OTHERS = re.compile(r"spring\.datasource\.(?:tomcat|dbcp2|oracleucp)\.", re.IGNORECASE)
_TYPE = "spring.datasource.type"
_ON_DATABASE = {"postgresql": 5432, "mysql": 3306, "mariadb": 3306}


class Style(Struct, frozen=True):
    """Where an application writes its pools.

    *pool*: a pattern of the names before a property of the pool, whose text names the pool. *more*:
    other names of the application, each with the pool's that it stands for. *defaults*: what the
    application gives a pool that says nothing. *hosts*: it names a host and not a URL. *seconds*:
    the times that it counts in seconds and hands on in milliseconds.
    """

    pool: re.Pattern[str]
    more: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, Value] = field(default_factory=dict)
    hosts: bool = False
    seconds: frozenset[str] = frozenset()


_SPRING = Style(
    re.compile(
        r"(?P<pool>spring[._]datasource(?:[._](?!hikari[._])\w+?)?)(?:[._]hikari)?[._]",
        re.IGNORECASE,
    ),
    {"url": _URL},
)
_DIGDAG = Style(
    re.compile(r"(?P<pool>database)\."),
    {"host": "host", "port": "port", "type": "type"},
    {"maximumPoolSize": Formula("s.cores * 32")},  # digdag's manual, database.maximumPoolSize
    hosts=True,
    seconds=frozenset({"connectionTimeout", "idleTimeout", "validationTimeout"}),
)
_LIFERAY = Style(
    re.compile(r"(?P<pool>jdbc\.[\w-]+)\."), {"url": _URL, "maxpoolsize": "maxPoolSize"}
)
_OTHER = Style(re.compile(r"(?:(?P<pool>[\w.-]*?)[._])?hikari(?:cp)?[._]", re.IGNORECASE))
_PLAIN = Style(re.compile(r"(?P<pool>)"))
_STYLES = (_SPRING, _DIGDAG, _LIFERAY, _OTHER)


def read(text: str, path: str) -> Iterator[Item]:
    """The settings of the pools of a file; of its other properties none."""
    found = list(read_properties(text, path))
    told = [each for each in found if isinstance(each, Property)]
    is_own = "hikari" in path.rpartition("/")[2].lower()
    if _is_of_another_pool(told):
        return
    yield from _defaults(told)
    for each in found:
        if isinstance(each, Unread):
            yield each
        elif (setting := _setting(each, is_plain=is_own)) is not None:
            yield setting


def _is_of_another_pool(told: Sequence[Property]) -> bool:
    """Whether a file of Spring Boot chooses another library for its pools."""
    return any(
        _OTHERS.match(each.name) or (each.name == _TYPE and "hikari" not in each.text.lower())
        for each in told
    )


def _defaults(told: Sequence[Property]) -> Iterator[Setting]:
    """What an application gives its pools where it has any in this file."""
    seen: set[str] = set()
    for each in told:
        found = next(((s, m) for s in _STYLES if (m := s.pool.match(each.name))), None)
        if found is not None and found[0].defaults and found[1]["pool"] not in seen:
            pool = found[1]["pool"]
            seen.add(pool)
            for name, value_ in found[0].defaults.items():
                yield Setting(
                    name=name,
                    text=str(value_),
                    scope=(Block("pool", pool),),
                    origin=Origin.DEFAULT,
                    value=value_,
                    belongs=each.place.path if each.place else "",
                )


def _setting(each: Property, *, is_plain: bool = False) -> Setting | None:
    styles = (*_STYLES, _PLAIN) if is_plain else _STYLES
    for style in styles:
        found = style.pool.match(each.name)
        if found is None:
            continue
        own = bare(each.name[found.end() :])
        name = _BY_NAME.get(own) or style.more.get(own)
        if name is not None:
            pool = (found["pool"] or "").lower().replace("_", ".")
            return _made(each, name, pool, style.seconds)
    return None


def _made(each: Property, name: str, pool: str, seconds: frozenset[str]) -> Setting:
    text = each.text.strip()
    is_told = name in seconds and text.isascii() and text.isdigit() and len(text) < _LONGEST
    return Setting(
        name=name,
        text=each.text,
        place=each.place,
        scope=scope_of(each.profile, Block("pool", pool)),
        origin=each.origin,
        value=each.unknown or (Amount.of(int(text), SECONDS) if is_told else None),
        belongs=each.belongs,
        is_secret=name == "password",
        reason=f"of {each.name}",
    )


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """What the environment, `-D` and the command line say of pools."""
    if environment:
        yield carried(environment)
    for each in given(words, environment):
        setting = _setting(each)
        if setting is not None:
            yield setting


_DIALECT = Dialect(true=("true",), false=("false",))
# Milliseconds below which the library does not start, or takes its own default instead.
_LEAST_TAKEN = {"connectionTimeout": 250, "validationTimeout": 250}
_LEAST_KEPT = {
    "maxLifetime": 30_000,
    "idleTimeout": 10_000,
    "keepaliveTime": 30_000,
    "leakDetectionThreshold": 2_000,
}


def value(text: str, entry: Entry) -> Value | Rejected:
    """Milliseconds and whole numbers; anything else fails the start of the application."""
    plain = text.strip()
    if not plain and entry.type is not Type.TEXT:
        return entry.default(None)
    found = _DIALECT.value(plain, entry)
    if not isinstance(found, Amount) or found.low == UNLIMITED:
        return found
    return _in_range(found, plain, entry)


def _in_range(found: Amount, text: str, entry: Entry) -> Value | Rejected:
    number = found.low * (1000 if entry.type is Type.TIME else 1)
    least = 1 if entry.name == "maximumPoolSize" else _LEAST_TAKEN.get(entry.name, 0)
    if number < least and entry.name != "initializationFailTimeout":
        return Rejected(Status.REFUSED, f"{text} is less than {least}: the pool does not start")
    kept = _LEAST_KEPT.get(entry.name, 0)
    if 0 < number < kept:
        instead = entry.default(None)
        return Rejected(Status.IGNORED, f"{text} is less than {kept} ms: {instead} holds instead")
    return found


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The databases that the pools connect to; of a pool without an address any database."""
    pools: dict[str, dict[str, Setting]] = {}
    for each in settings:
        block = next((b for b in each.scope if b.kind == "pool"), None)
        if block is not None and each.status is Status.EFFECTIVE:
            pools.setdefault(block.name, {})[each.name] = each
    for pool, own in pools.items():
        for at, server in _servers(own):
            yield Endpoint(
                side="connects",
                setting=at,
                host=server.host,
                port=server.port,
                technology=server.technology,
                library="hikaricp",
                part=f"pool {pool}".rstrip(),
            )


def _servers(own: Mapping[str, Setting]) -> Iterator[tuple[Setting, Server]]:
    url, host = own.get(_URL), own.get("host")
    if url is not None and not isinstance(url.value, Unknown):
        yield from ((url, server) for server in servers(url.text))
    elif host is not None and not isinstance(host.value, Unknown):
        technology = own["type"].text.strip() if "type" in own else "postgresql"
        port = own["port"].text if "port" in own else ""
        usual = _ON_DATABASE.get(technology, 5432)
        number = int(port) if port.isascii() and port.isdigit() and len(port) <= 5 else usual
        yield host, Server(technology, host.text.strip(), number)
    else:  # whichever database a link is stated to
        any_ = next(iter(own.values()))
        for each, port_ in _ON_DATABASE.items():
            yield any_, Server(each, "", port_)


READER = Reader(
    read=read,
    value=value,
    effective=winners,
    arguments=arguments,
    endpoints=endpoints,
    parts={"pool": "pool"},
    root="application",
)
