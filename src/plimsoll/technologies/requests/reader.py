"""Reads the timeouts, retries and pools of requests that Python code writes; none of it is run."""

from __future__ import annotations

from plimsoll.syntax.python.clients import Library, Maker, reader_of

_MODULES = ("requests",)
_ASKS = Maker(_MODULES, ("url",), ("timeout",))
READER = reader_of(
    Library(
        name="requests",
        kind="request",
        makers={
            **dict.fromkeys(("get", "post", "put", "patch", "delete", "head", "options"), _ASKS),
            "request": Maker(_MODULES, ("method", "url"), ("timeout",)),
            "HTTPAdapter": Maker(
                _MODULES,
                ("pool_connections", "pool_maxsize", "max_retries", "pool_block"),
                ("pool_maxsize", "max_retries"),
            ),
        },
        urls=("url",),
        technologies={"http": ("", 80), "https": ("", 443)},
    )
)
