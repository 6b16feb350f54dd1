"""Names of options: how they may be written, and what a prefix makes of one.

Source: MySQL manual, Specifying Program Options; measured on MariaDB 10.11.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache, lru_cache

from msgspec import Struct

from plimsoll.technologies.mysql.options import (
    FLAGS,
    MARIADB_ONLY,
    MYSQL_ONLY,
    OPTIONAL,
    REQUIRED,
)

KNOWN = FLAGS | OPTIONAL | REQUIRED

# Options whose lines hold all together; of every other name the last one counts.
ADD_UP = frozenset(
    {
        "binlog_do_db", "binlog_ignore_db", "early_plugin_load", "ignore_db_dirs",
        "performance_schema_instrument", "plugin_load_add", "replicate_do_db",
        "replicate_do_table", "replicate_ignore_db", "replicate_ignore_table",
        "replicate_rewrite_db", "replicate_wild_do_table", "replicate_wild_ignore_table",
    }
)  # fmt: skip

# It is on as soon as it is written: what stands behind it is a file's name.
SWITCHED_ON = frozenset({"log_bin"})

# Options of plugins and engines that not every server has: nobody can tell that one is unknown.
_PLUGINS = (
    "audit_", "authentication_", "auth_", "clone_", "component_", "connect_", "connection_control_",
    "cracklib_", "daemon_memcached_", "disks", "enterprise_", "example_", "federated", "file_key_",
    "group_replication_", "handlersocket_", "hashicorp_", "keyring_", "locales", "maxscale_",
    "mecab_", "metadata_lock_", "mroonga_", "mysql_firewall_", "mysqlx", "ndb_", "ndbcluster",
    "ndbinfo_", "oqgraph_", "password_", "pbxt_", "pxc_", "query_response_time_", "rocksdb",
    "rpl_semi_sync_", "s3_", "server_audit", "simple_password_check_", "sphinx_", "spider_",
    "sql_error_log_", "telemetry", "thread_pool_", "tokudb", "validate_password", "version_tokens_",
    "wsrep_",
)  # fmt: skip

# MariaDB looks for these before any other, and takes the beginnings that only they share.
_EARLY = ("max_connections",)
_SHORTEST_EARLY = len("max_co")

MOST = "maximum"  # the switch that limits what a session may set
_OFF, _ON = "0", "1"
_PREFIXES = {
    "skip_": _OFF, "disable_": _OFF, "enable_": _ON, "maximum_": MOST, "loose_": "", "autoset_": "",
}  # fmt: skip


class Option(Struct, frozen=True):
    """An option as a line names it. *name*: the server's, or what stands there where it has none.

    *switch*: "0" or "1" where a prefix says so, "maximum" where it limits what a session may set.
    *rivals*: the options that a beginning could mean.
    """

    name: str
    switch: str = ""
    is_loose: bool = False
    is_known: bool = True
    rivals: tuple[str, ...] = ()

    @property
    def is_of_a_plugin(self) -> bool:
        return not self.is_known and self.name.startswith(_PLUGINS)


@lru_cache(maxsize=2048)
def option(written: str) -> Option:
    """The option that a name means: `-` is `_`, case and an unambiguous beginning do not matter."""
    whole = left = written.lower().replace("-", "_")
    switch, is_loose = "", False
    for _ in range(len(_PREFIXES) + 1):
        found = _meant(left)
        if found:
            is_one = len(found) == 1
            return Option(
                found[0] if is_one else left, switch, is_loose, is_one, () if is_one else found
            )
        prefix = next((p for p in _PREFIXES if left.startswith(p)), None)
        if prefix is None:
            break
        switch, left = _PREFIXES[prefix], left.removeprefix(prefix)
        is_loose = is_loose or prefix == "loose_"
    return Option(left if is_loose else whole, switch if is_loose else "", is_loose, is_known=False)


def _meant(name: str) -> tuple[str, ...]:
    """The options that *name* may mean in MySQL or in MariaDB: none, one, or its rivals."""
    if name in KNOWN or not name:
        return (name,) if name else ()
    if len(name) >= _SHORTEST_EARLY and (early := [n for n in _EARLY if n.startswith(name)]):
        return tuple(early)
    found = [_beginning(name, names) for names in _flavours()]
    single = {each[0] for each in found if len(each) == 1}
    return tuple(single) if len(single) == 1 else max(found, key=len)


@cache
def _flavours() -> tuple[list[str], list[str]]:
    return sorted(KNOWN - MYSQL_ONLY), sorted(KNOWN - MARIADB_ONLY)


def _beginning(start: str, names: list[str]) -> tuple[str, ...]:
    at = bisect_left(names, start)
    found: list[str] = []
    while at < len(names) and names[at].startswith(start) and len(found) < 3:
        found.append(names[at])
        at += 1
    return tuple(found)
