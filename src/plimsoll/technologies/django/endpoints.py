"""The databases, caches and brokers that an application connects to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Block, Setting, Status, Unknown
from plimsoll.syntax.urls import parsed

_ENGINES = (
    (re.compile(r"postg|timescale|psycopg|cockroach"), "postgresql", 5432),
    (re.compile(r"mysql|mariadb"), "mysql", 3306),
    (re.compile(r"oracle"), "oracle", 1521),
)
_SCHEMES = {
    "redis": ("redis", 6379),
    "rediss": ("redis", 6379),
    "unix": ("redis", None),
    "amqp": ("rabbitmq", 5672),
    "amqps": ("rabbitmq", 5671),
    "memcache": ("memcached", 11211),
}
_REDIS_URL = re.compile(r"(?:rediss?|unix)://[^\s'\",;\]]+")
_MEMCACHED = re.compile(r"(?:unix:(?P<socket>/[^\s'\",;\]]+)|(?P<host>[\w.-]+):(?P<port>\d{1,5}))")
_BROKERS = ("CELERY_BROKER_URL", "BROKER_URL", "CELERY_RESULT_BACKEND")
_SOCKETS = "/var/run/postgresql"


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """What the effective settings connect to."""
    parts: dict[Block, dict[str, Setting]] = {}
    for each in settings:
        if each.status is not Status.EFFECTIVE:
            continue
        if each.scope and each.scope[-1].kind in ("database", "cache"):
            parts.setdefault(each.scope[-1], {})[each.name] = each
        elif each.name in _BROKERS and not isinstance(each.value, Unknown):
            yield from _broker(each)
    for block, own in parts.items():
        yield from (_database if block.kind == "database" else _cache)(block, own)


def _database(block: Block, own: Mapping[str, Setting]) -> Iterator[Endpoint]:
    engine = own.get("ENGINE")
    if engine is None:
        return
    for pattern, technology, usual in _ENGINES:
        if pattern.search(engine.text):
            yield _database_at(block, own, engine, technology, usual)
            return


def _database_at(
    block: Block, own: Mapping[str, Setting], engine: Setting, technology: str, usual: int
) -> Endpoint:
    """Without a host libpq takes the socket of the machine; an unknown host stays empty."""
    host, port = own.get("HOST"), own.get("PORT")
    number = usual if port is None or port.text in ("", "None") else _whole(port)
    socket, name = "", ""
    if host is not None and isinstance(host.value, Unknown):
        number = None
    elif host is not None and host.text.startswith("/"):
        is_folder = technology == "postgresql"
        socket = f"{host.text.rstrip('/')}/.s.PGSQL.{number}" if is_folder else host.text
    elif host is not None and host.text not in ("", "None"):
        name = host.text
    elif technology == "postgresql":
        socket = f"{_SOCKETS}/.s.PGSQL.{number}"
    else:
        name = "localhost"
    return Endpoint(
        side="connects",
        setting=host or engine,
        host=name,
        port=None if socket else number,
        socket=socket,
        technology=technology,
        library="django",
        part=f"database {block.name}",
    )


def _whole(setting: Setting) -> int | None:
    text = setting.text
    return int(text) if text.isdecimal() and len(text) <= 5 else None


def _cache(block: Block, own: Mapping[str, Setting]) -> Iterator[Endpoint]:
    backend, location = own.get("BACKEND"), own.get("LOCATION")
    kind = backend.text.lower() if backend else ""
    part = f"cache {block.name}"
    if "redis" in kind:
        known = location is not None and not isinstance(location.value, Unknown)
        urls = _REDIS_URL.findall(location.text) if location and known else []
        for url in urls:
            yield from _url(location or own["BACKEND"], url, "django-redis", part)
        if not urls and backend is not None:
            yield Endpoint(
                "connects",
                location or backend,
                technology="redis",
                library="django-redis",
                part=part,
            )
    elif "memcache" in kind and location is not None:
        for found in _MEMCACHED.finditer(location.text):
            yield Endpoint(
                side="connects",
                setting=location,
                host=found["host"] or "",
                port=int(found["port"]) if found["port"] else None,
                socket=found["socket"] or "",
                technology="memcached",
                library="pymemcache",
                part=part,
            )


def _broker(setting: Setting) -> Iterator[Endpoint]:
    for url in setting.text.split(";"):
        yield from _url(setting, url, "celery", "")


def _url(setting: Setting, text: str, library: str, part: str) -> Iterator[Endpoint]:
    url = parsed(text)
    if url is None or url.scheme not in _SCHEMES:
        return
    technology, usual = _SCHEMES[url.scheme]
    is_socket = url.scheme == "unix"
    yield Endpoint(
        side="connects",
        setting=setting,
        host="" if is_socket else (url.host or "localhost"),
        port=None if is_socket else (url.port or usual),
        socket=url.path if is_socket else "",
        technology=technology,
        library=library,
        part=part,
    )
