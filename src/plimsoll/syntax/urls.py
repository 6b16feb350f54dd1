"""Addresses of databases, caches and brokers, as URLs."""

from __future__ import annotations

import re
from functools import partial

from msgspec import Struct

_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://"
    r"(?:(?P<user>[^:@/?#]*)(?::(?P<password>[^@/?#]*))?@)?"
    r"(?P<host>\[[^\]]*\]|[^:/?#]*)(?::(?P<port>\d{1,5}))?"
    r"(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?(?:#.*)?",
    re.DOTALL,
)
_ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


class Url(Struct, frozen=True):
    """The parts of a URL, escapes resolved. *port* is None where it says none."""

    scheme: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: int | None = None
    path: str = ""
    query: tuple[tuple[str, str], ...] = ()


def parsed(text: str) -> Url | None:
    """The parts of *text*; None where it is no URL."""
    found = _URL.fullmatch(text)
    if found is None:
        return None
    part = partial(_part, found)
    pairs = (pair.partition("=") for pair in (found["query"] or "").split("&") if pair)
    return Url(
        scheme=found["scheme"].lower(),
        user=part("user"),
        password=part("password"),
        host=part("host").strip("[]"),
        port=int(found["port"]) if found["port"] else None,
        path=part("path"),
        query=tuple((unescaped(name), unescaped(value)) for name, _, value in pairs),
    )


def _part(found: re.Match[str], name: str) -> str:
    return unescaped(found[name] or "")


def unescaped(text: str) -> str:
    return _ESCAPED.sub(
        lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace"), text
    )
