"""Reads the clients and pools of redis-py that Python code makes; none of it is run."""

from __future__ import annotations

from plimsoll.syntax.python.clients import Library, Maker, reader_of

_MODULES = ("redis", "aioredis", "valkey")
_UNKNOWN = ("max_connections", "socket_timeout", "socket_connect_timeout", "retry")
_CLIENT = Maker(
    _MODULES,
    (
        *("host", "port", "db", "password", "socket_timeout", "socket_connect_timeout"),
        *("socket_keepalive", "socket_keepalive_options", "connection_pool", "unix_socket_path"),
    ),
    _UNKNOWN,
)
_POOL = Maker(_MODULES, ("connection_class", "max_connections"), _UNKNOWN)
_BLOCKING = Maker(_MODULES, ("max_connections", "timeout"), (*_UNKNOWN, "timeout"))
_FROM_URL = Maker(_MODULES, ("url",), _UNKNOWN)
READER = reader_of(
    Library(
        name="redis-py",
        kind="client",
        makers={
            "Redis": _CLIENT,
            "StrictRedis": _CLIENT,
            "RedisCluster": _CLIENT,
            "Valkey": _CLIENT,
            "ConnectionPool": _POOL,
            "BlockingConnectionPool": _BLOCKING,
            "from_url": _FROM_URL,
        },
        urls=("url",),
        technologies={
            **dict.fromkeys(("", "redis", "rediss", "valkey", "valkeys"), ("redis", 6379)),
            "unix": ("redis", 0),
        },
        methods={"from_url": ("url",)},
        handed_on=("connection_pool",),
        sockets=("unix_socket_path",),
    )
)
