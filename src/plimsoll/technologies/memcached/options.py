"""Options: letters, their long names, and the names inside of -o.

Source: memcached -h of 1.6.18; the letters that its parser takes.
"""

from __future__ import annotations

from collections.abc import Mapping

WITH_VALUE = frozenset("BDINPRUYabcefnlmopstu")
FLAGS = frozenset("ACFLMSVWXZdhikrv")
NO_SERVER = frozenset("Vhi")

LONG: Mapping[str, str] = {
    "auth-file": "Y", "conn-limit": "c", "daemon": "d", "disable-cas": "C",
    "disable-dumping": "X", "disable-evictions": "M", "disable-flush-all": "F",
    "disable-watch": "W", "enable-coredumps": "r", "enable-largepages": "L", "enable-sasl": "S",
    "enable-shutdown": "A", "enable-ssl": "Z", "extended": "o", "help": "h", "license": "i",
    "listen": "l", "listen-backlog": "b", "lock-memory": "k", "max-item-size": "I",
    "max-reqs-per-event": "R", "memory-file": "e", "memory-limit": "m", "napi_ids": "N",
    "pidfile": "P", "port": "p", "protocol": "B", "slab-growth-factor": "f",
    "slab-min-size": "n", "threads": "t", "udp-port": "U", "unix-mask": "a",
    "unix-socket": "s", "user": "u", "verbose": "v", "version": "V",
}  # fmt: skip

# Inside of -o: switches, which `no_` turns off where the server knows that, and values.
SWITCHES = frozenset(
    {
        "drop_privileges", "ext_drop_unread", "hashexpand", "inline_ascii_resp", "lru_crawler",
        "lru_maintainer", "maxconns_fast", "modern", "slab_automove", "slab_reassign",
        "ssl_kernel_tls", "ssl_session_cache", "temp_lru", "track_sizes",
    }
)  # fmt: skip
VALUES = frozenset(
    {
        "ext_compact_under", "ext_drop_under", "ext_io_depth", "ext_item_age", "ext_item_size",
        "ext_low_ttl", "ext_max_frag", "ext_max_sleep", "ext_page_size", "ext_path",
        "ext_recache_rate", "ext_threads", "ext_wbuf_size", "hash_algorithm", "hashpower",
        "hot_lru_pct", "hot_max_factor", "idle_timeout", "lru_crawler_sleep",
        "lru_crawler_tocrawl", "proxy_config", "proxy_uring", "read_buf_mem_limit",
        "resp_obj_mem_limit", "slab_automove_freeratio", "slab_automove_ratio",
        "slab_automove_window", "slab_chunk_max", "sock_cookie_id", "ssl_ca_cert",
        "ssl_chain_cert", "ssl_ciphers", "ssl_key", "ssl_keyformat", "ssl_min_version",
        "ssl_verify_mode", "ssl_wbuf_size", "tail_repair_time", "temporary_ttl",
        "warm_lru_pct", "warm_max_factor", "watcher_logbuf_size", "worker_logbuf_size",
    }
)  # fmt: skip
# A switch that takes a number too: slab_automove=2.
BOTH = frozenset({"slab_automove"})
_NEVER_OFF = frozenset({"ext_drop_unread", "temp_lru", "track_sizes"} | {"ssl_kernel_tls"})


def extended(name: str) -> str:
    """The setting that a name inside of -o means; empty for one that the server does not know."""
    own = name.removeprefix("no_")
    if own in SWITCHES and not (name != own and own in _NEVER_OFF):
        return own
    return name if name in VALUES else ""
