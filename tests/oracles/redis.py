"""Redis: lines of a file, under a limit of descriptors; CONFIG GET says what runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypothesis import strategies as st

from oracles.oracle import Answer, Case, Held, Line, Oracle, least, told, within
from plimsoll.model.schema import Entry, Type
from plimsoll.technologies import technology
from support.servers import Redis, folder_of_nobody

REDIS = technology("redis")
assert REDIS is not None
SCHEMA = REDIS.schema

# What needs no file, no port, no neighbour, and no more descriptors than this machine has.
_NAMES = (
    "timeout", "tcp-keepalive", "hz", "maxmemory", "maxmemory-policy", "maxmemory-samples", "appendfsync",
    "no-appendfsync-on-rewrite", "auto-aof-rewrite-percentage", "auto-aof-rewrite-min-size", "lfu-log-factor",
    "lfu-decay-time", "slowlog-log-slower-than", "slowlog-max-len", "latency-monitor-threshold", "repl-timeout",
    "repl-backlog-size", "repl-backlog-ttl", "repl-diskless-sync", "repl-diskless-sync-delay", "replica-priority",
    "replica-ignore-maxmemory", "min-replicas-to-write", "min-replicas-max-lag", "list-compress-depth",
    "hash-max-listpack-entries", "hash-max-listpack-value", "set-max-intset-entries", "stream-node-max-entries",
    "activerehashing", "lazyfree-lazy-eviction", "lazyfree-lazy-expire", "dynamic-hz", "rdbcompression",
    "stop-writes-on-bgsave-error", "client-query-buffer-limit", "proto-max-bulk-len", "active-expire-effort",
    "busy-reply-threshold", "jemalloc-bg-thread", "cluster-node-timeout", "tracking-table-max-keys",
    "acllog-max-len", "shutdown-timeout", "maxmemory-eviction-tenacity",
)  # fmt: skip
_WRONG = [
    "1 gb",
    "1.5gb",
    "100%",
    "= 5",
    "on",
    "1kib",
    "0x10",
    "5s",
    "-",
    "'a",
    '"5"x',
    "5 # five",
    "600",
]
_LINES = [
    "no-such-name 1",
    "maxmemry 1gb",
    "timeout=5",
    "save 900",
    "client-output-buffer-limit normal 0",
]


def _right(entry: Entry) -> st.SearchStrategy[str]:
    """Texts that the server takes."""
    if entry.type is Type.BOOLEAN:
        return st.sampled_from(["yes", "no", "YES", "No"])
    if entry.type is Type.ENUM:
        return st.sampled_from([*entry.values, entry.values[0].upper()])
    if entry.type is Type.SIZE:
        low = max(1, least(entry))
        units = st.sampled_from(["", "b", "k", "kb", "m", "MB", "g", "Gb"])
        return st.builds("{}{}".format, st.integers(low, max(low, 9)), units)
    return within(entry)


@st.composite
def _line(draw: st.DrawFn) -> Line:
    entry = SCHEMA.entry(draw(st.sampled_from(_NAMES)))
    assert entry
    text = draw(_right(entry))
    quote = draw(st.sampled_from(["", "", '"', "'"]))
    blank = draw(st.sampled_from([" ", "\t", "   "]))
    return Line(
        entry.name,
        text,
        f"{draw(st.sampled_from([entry.name, entry.name.upper()]))}{blank}{quote}{text}{quote}",
    )


@st.composite
def _wrong(draw: st.DrawFn) -> Line:
    if draw(st.integers(0, 3)) == 0:
        line = draw(st.sampled_from(_LINES))
        return Line(line.split()[0], "", line)
    return _written(draw(st.sampled_from(_NAMES)), draw(st.sampled_from(_WRONG)))


def _written(name: str, text: str) -> Line:
    return Line(name, text, f"{name} {text}")


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    lines = draw(st.lists(_line(), min_size=1, max_size=6))
    limit = draw(st.none() | st.none() | st.integers(200, 3000))
    if limit:
        lines.append(_written("maxclients", str(draw(st.integers(limit - 60, limit + 400)))))
    if draw(st.integers(0, 2)) == 0:
        lines.insert(draw(st.integers(0, len(lines))), draw(_wrong()))
    return Case(tuple(lines), limit)


_SPELLED = [
    *(Case((_written("maxmemory", text),)) for text in ("1g", "1gb", "5m", "5mb", "7k", "7kb", "1 gb", "1.5gb", "100%")),
    Case((Line("maxmemory", "1gb", "maxmemory = 1gb"),)),
    *(Case((_written("maxclients", "10000"),), limit) for limit in (500, 1024, 4096)),
    *(Case((_written("maxclients", text),), 1024) for text in ("992", "993")),
]  # fmt: skip


def files(case: Case) -> dict[str, str]:
    return {"redis.conf": "".join(f"{line.written}\n" for line in case.lines)}


def ask(cases: Sequence[Case]) -> Iterator[Answer]:
    with folder_of_nobody() as folder:
        server = Redis(folder)
        for case in cases:
            text = files(case)["redis.conf"]
            (folder / "redis.conf").write_text(text)
            refusal = server.refusal(text)
            if refusal:
                yield Answer(refusal[1])
                continue
            with server.running("redis.conf", nofile=case.nofile):
                yield Answer(held=_held(server.config()))


def _held(config: dict[str, str]) -> dict[str, Held]:
    return {
        n: told(config[n], entry) for n in (*_NAMES, "maxclients") if (entry := SCHEMA.entry(n))
    }


ORACLE = Oracle(
    "redis", "redis-server", "redis-server", _cases(), _SPELLED, ask, files,
    altering=["redis-clients-cut-by-descriptors", "redis-hz-capped"],
)  # fmt: skip
