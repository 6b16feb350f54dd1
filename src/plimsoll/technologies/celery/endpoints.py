"""The brokers and stores of results that Celery connects to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Setting, Status, Unknown
from plimsoll.syntax.urls import parsed

_NAMES = ("broker_url", "broker_read_url", "broker_write_url", "result_backend")
_SCHEMES = {
    "redis": ("redis", 6379),
    "rediss": ("redis", 6379),
    "redis+socket": ("redis", None),
    "sentinel": ("redis", 26379),
    "amqp": ("rabbitmq", 5672),
    "amqps": ("rabbitmq", 5671),
    "pyamqp": ("rabbitmq", 5672),
    "librabbitmq": ("rabbitmq", 5672),
    "cache+memcached": ("memcached", 11211),
    "db+postgresql": ("postgresql", 5432),
    "db+mysql": ("mysql", 3306),
}


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """Where the broker and the results are; several addresses of one stand behind each other."""
    for setting in settings:
        if setting.name not in _NAMES or setting.status is not Status.EFFECTIVE:
            continue
        if isinstance(setting.value, Unknown):
            yield Endpoint("connects", setting, library="celery", part="celery")
            continue
        for text in setting.text.split(";"):
            yield from _address(setting, text.strip())


def _address(setting: Setting, text: str) -> Iterator[Endpoint]:
    url = parsed(text)
    kind = url.scheme.partition("+")[0] if url and url.scheme.startswith("db+") else ""
    scheme = url.scheme.replace("+psycopg2", "").replace("+pymysql", "") if url else ""
    if url is None or (scheme not in _SCHEMES and not kind):
        return
    technology, usual = _SCHEMES.get(scheme, ("", None))
    is_socket = scheme == "redis+socket"
    yield Endpoint(
        side="connects",
        setting=setting,
        host="" if is_socket else url.host or "localhost",
        port=None if is_socket else url.port or usual,
        socket=url.path if is_socket else "",
        technology=technology,
        library="celery",
        part="celery",
    )
