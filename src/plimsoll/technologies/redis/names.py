"""Names of directives: which are the same, which take several words, which add up."""

from __future__ import annotations

from collections.abc import Mapping

# The old name, or Valkey's, and the one that Redis 7 shows first.
RENAMED: Mapping[str, str] = {
    "aof-rewrite-cpulist": "aof_rewrite_cpulist",
    "bgsave-cpulist": "bgsave_cpulist",
    "bio-cpulist": "bio_cpulist",
    "cluster-slave-no-failover": "cluster-replica-no-failover",
    "cluster-slave-validity-factor": "cluster-replica-validity-factor",
    "hash-max-ziplist-entries": "hash-max-listpack-entries",
    "hash-max-ziplist-value": "hash-max-listpack-value",
    "list-max-ziplist-size": "list-max-listpack-size",
    "lua-enable-insecure-api": "lua-enable-deprecated-api",
    "lua-time-limit": "busy-reply-threshold",
    "min-slaves-max-lag": "min-replicas-max-lag",
    "min-slaves-to-write": "min-replicas-to-write",
    "primaryauth": "masterauth",
    "primaryuser": "masteruser",
    "repl-ping-slave-period": "repl-ping-replica-period",
    "server-cpulist": "server_cpulist",
    "slave-announce-ip": "replica-announce-ip",
    "slave-announce-port": "replica-announce-port",
    "slave-ignore-maxmemory": "replica-ignore-maxmemory",
    "slave-lazy-flush": "replica-lazy-flush",
    "slave-priority": "replica-priority",
    "slave-read-only": "replica-read-only",
    "slave-serve-stale-data": "replica-serve-stale-data",
    "slaveof": "replicaof",
    "zset-max-ziplist-entries": "zset-max-listpack-entries",
    "zset-max-ziplist-value": "zset-max-listpack-value",
}

# Directives whose lines hold all together; of every other name the last line counts.
ADD_UP = frozenset({"loadmodule", "rename-command", "save", "sentinel", "user"})

# The least and the most words behind the name; one where nothing stands here.
MANY = 10**6
WORDS: Mapping[str, tuple[int, int]] = {
    "bind": (0, MANY),
    "latency-tracking-info-percentiles": (1, MANY),
    "loadmodule": (1, MANY),
    "oom-score-adj-values": (3, 3),
    "rename-command": (2, 2),
    "replicaof": (2, 2),
    "save": (0, MANY),
    "sentinel": (0, MANY),
    "shutdown-on-sigint": (1, MANY),
    "shutdown-on-sigterm": (1, MANY),
    "user": (1, MANY),
}

# Taken, and without any effect since 7.0.
DEPRECATED = frozenset(
    {"list-max-ziplist-entries", "list-max-ziplist-value", "lua-replicate-commands"}
)
