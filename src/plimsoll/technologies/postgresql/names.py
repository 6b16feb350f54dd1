"""Names of settings: how they are spelled, which are an extension's, which nobody may set."""

from __future__ import annotations

import re

from plimsoll.model.place import Place
from plimsoll.model.setting import Origin, Setting, Status

_SPELLED = {"datestyle": "DateStyle", "intervalstyle": "IntervalStyle", "timezone": "TimeZone"}
_RENAMED = {"sort_mem": "work_mem", "vacuum_mem": "maintenance_work_mem"}  # 18 still takes them
_CAPITALS = re.compile("[A-Z]+")

# Fixed when the server was built or the cluster was made: a line of a file that says them is an
# error, even with the value that they have.
READ_ONLY = frozenset(
    {
        "block_size", "data_checksums", "data_directory_mode", "debug_assertions",
        "huge_pages_status", "in_hot_standby", "integer_datetimes", "is_superuser", "lc_collate",
        "lc_ctype", "max_function_args", "max_identifier_length", "max_index_keys",
        "num_os_semaphores", "segment_size", "server_encoding", "server_version",
        "server_version_num", "shared_memory_size", "shared_memory_size_in_huge_pages",
        "ssl_library", "wal_block_size", "wal_segment_size",
    }
)  # fmt: skip

SECRETS = frozenset({"primary_conninfo"})  # no reason quotes their text

_FIXED = "cannot be set: it is fixed when the server is built or the cluster is made"


def canonical(name: str) -> str:
    """The name as `pg_settings` has it; the server ignores the case of ASCII letters."""
    lower = _CAPITALS.sub(lambda found: found[0].lower(), name)
    return _SPELLED.get(lower) or _RENAMED.get(lower, lower)


def named(name: str, text: str, place: Place | None, origin: Origin = Origin.FILE) -> Setting:
    """The setting of that name in any spelling.

    One of an extension (`auto_explain.log_min_duration`) has its text as value: the server takes
    any, nobody else can tell.
    """
    own = canonical(name)
    if own in READ_ONLY:
        return Setting(own, text, place, origin=origin, status=Status.REFUSED, reason=_FIXED)
    return Setting(own, text, place, origin=origin, value=text if "." in own else None)
