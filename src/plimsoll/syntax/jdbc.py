"""Addresses of databases as JDBC writes them.

Source: the drivers' manuals: pgjdbc, Connector/J, MariaDB Connector/J, SQL Server, Oracle thin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

_URL = re.compile(r"jdbc:(?P<kind>\w+)(?P<mode>(?::\w[\w+-]*)*):(?P<rest>[/@].*)", re.DOTALL)
_HOSTS = re.compile(r"//(?:[^/@?#]*@)?(?P<hosts>(?:\([^)]*(?:\([^)]*\)[^)]*)*\)|[^/?#;()])*)")
_HOST = re.compile(r"(?P<host>\[[^\]]+\]|[^:,\[\]\s\\]*)(?::(?P<port>\d{1,5}))?(?:\\\w+)?")
_DESCRIBED = re.compile(r"[(,]\s*(host|port)=([^(),]*)", re.IGNORECASE)
_ORACLE = re.compile(r"@(?://)?(?P<host>[\w.-]+):(?P<port>\d{1,5})")
# The technology of a driver, where only that one speaks its protocol, and the usual port.
_DRIVERS = {
    "postgresql": ("postgresql", 5432),
    "pgsql": ("postgresql", 5432),
    "mysql": ("", 3306),  # MySQL or MariaDB
    "mariadb": ("", 3306),
    "sqlserver": ("sqlserver", 1433),
    "oracle": ("oracle", 1521),
    "clickhouse": ("clickhouse", 8123),
}


class Server(Struct, frozen=True):
    """One of the servers that a URL names; *technology* is empty where several speak its protocol."""

    technology: str
    host: str
    port: int


def servers(url: str) -> Iterator[Server]:
    """The servers of a JDBC URL; none for a database in a file or in memory."""
    found = _URL.fullmatch(url.strip())
    driver = _DRIVERS.get(found["kind"].lower()) if found else None
    if found is None or driver is None:
        return
    technology, usual = driver
    if found["kind"].lower() == "oracle":
        if at := _ORACLE.match(found["rest"]):
            yield Server(technology, at["host"], int(at["port"]))
        return
    listed = _HOSTS.match(found["rest"])
    for host, port in _hosts(listed["hosts"] if listed else ""):
        yield Server(technology, host or "localhost", int(port) if port else usual)


def _hosts(listed: str) -> Iterator[tuple[str, str]]:
    for text in re.findall(r"(?:\([^()]*\)|[^,()])+(?:\([^()]*\))*|\Z", listed)[:20]:
        described = {name.lower(): said for name, said in _DESCRIBED.findall(text)}
        plain = _HOST.fullmatch(text.strip())
        if described:
            yield described.get("host", ""), described.get("port", "")
        elif plain is not None and (text.strip() or not listed):
            yield plain["host"].strip("[]"), plain["port"] or ""
