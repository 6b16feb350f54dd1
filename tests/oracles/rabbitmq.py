"""RabbitMQ: lines of rabbitmq.conf; its own parser and schemas say what a node would run with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from hypothesis import strategies as st

from oracles.oracle import Answer, Case, Fate, Held, Line, Oracle, plain
from plimsoll.model.schema import Entry
from plimsoll.technologies import technology
from plimsoll.technologies.rabbitmq.values import OF_RESOURCES
from support.rabbitmq import SERVERS, started

RABBITMQ = technology("rabbitmq")
assert RABBITMQ is not None
SCHEMA = RABBITMQ.schema

_WHOLE = [
    "heartbeat",
    "channel_max",
    "consumer_timeout",
    "tcp_listen_options.backlog",
    "num_acceptors.tcp",
    "frame_max",
]
_NUMBER = st.integers(1, 5000).map(str) | st.sampled_from(["+7", "007", "12345678"])
_LIMITS = [
    "2GB",
    "1024MB",
    "5M",
    "512MiB",
    "1g",
    "700kb",
    "90000",
    "3kiB",
    "2 GB",
    "much",
    "2Gib",
    "-1",
]
_OTHERS = {
    "vm_memory_high_watermark.relative": ["0.4", "1.0", "5.0e-1", "0.65"], "reverse_dns_lookups": ["true", "false"],
    "proxy_protocol": ["true", "false"], "cluster_partition_handling": ["ignore", "autoheal"],
    "listeners.tcp.a": ["5672", "127.0.0.1:5673", "::1:5674"], "cluster_name": ["a b", "x=y", "é"],
    "handshake_timeout": ["infinity", "10000"], "queue_index_embed_msgs_below": ["1KB", "4kb", "0"], "log.file.level": ["debug", "none"],
}  # fmt: skip
_WRONG = [
    *((name, text) for name in _WHOLE for text in ("60s", "x", "1.5", "0x1", "1_000", "'60'x", '"60"', "-")),
    *(("vm_memory_high_watermark.relative", text) for text in ("1", ".5", "50%", "0,4", "5e-1")),
    *(("reverse_dns_lookups", text) for text in ("yes", "on", "1", "True")), ("cluster_partition_handling", "heal"),
    ("hearbeat", "1"), ("vm_memory_high_watermark.relativ", "0.4"), ("Heartbeat", "1"), ("listeners.tcp", "5672"),
    ("frame_max", "1MiB"), ("frame_max", "1 MB"),
]  # fmt: skip
_BROKEN = [
    "heartbeat 60",
    "heartbeat =",
    "[rabbit]",
    "; no",
    "= 5",
    "heart beat = 5",
    "heartbeat : 60",
    "a..b = 1",
]
_BLANK = st.sampled_from(["", " ", "\t"])


@st.composite
def _line(draw: st.DrawFn) -> Line:
    kind = draw(st.integers(0, 2))
    if kind == 0:
        name, text = draw(st.sampled_from(_WHOLE)), draw(_NUMBER)
    elif kind == 1:
        name, text = draw(st.sampled_from(sorted(OF_RESOURCES))), draw(st.sampled_from(_LIMITS))
    else:
        name = draw(st.sampled_from(sorted(_OTHERS)))
        text = draw(st.sampled_from(_OTHERS[name]))
    return _written(
        name,
        text,
        f"{draw(_BLANK)}={draw(_BLANK)}",
        draw(st.sampled_from(["", " # x", "\t", "#y"])),
    )


def _written(name: str, text: str, equals: str = " = ", behind: str = "") -> Line:
    return Line(name, text, f"{name}{equals}{text}{behind}")


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    lines = draw(st.lists(_line(), min_size=1, max_size=6))
    if draw(st.integers(0, 3)) == 0:
        broken = st.sampled_from(_BROKEN).map(lambda text: Line("", "", text))
        wrong = st.sampled_from(_WRONG).map(lambda pair: _written(*pair))
        lines.insert(draw(st.integers(0, len(lines))), draw(broken | wrong))
    # Of a relative and an absolute limit one holds, which the lines by themselves do not show.
    marks = [line.name for line in lines if line.name.startswith("vm_memory_high_watermark.")]
    return Case(tuple(line for line in lines if line.name not in marks or line.name == marks[0]))


_SPELLED = [
    *(Case((_written(name, text),)) for name in sorted(OF_RESOURCES) for text in ("2GB", "2GiB", "2G", "2 GB", "much")),
    Case((_written("heartbeat", "60s"),)), Case((_written("vm_memory_high_watermark.relative", "50%"),)),
]  # fmt: skip


def files(case: Case) -> dict[str, str]:
    return {"rabbitmq.conf": "".join(f"{line.written}\n" for line in case.lines)}


def ask(cases: Sequence[Case]) -> Iterator[Answer]:
    with started() as erlang:
        for case in cases:
            is_taken, said = erlang.ask(files(case)["rabbitmq.conf"])
            if not is_taken:
                yield Answer("its schema does not take it")
                continue
            dropped = {name for name in OF_RESOURCES & set(said) if said[name][1] == "none"}
            known = {name: entry for name in set(said) - dropped if (entry := SCHEMA.entry(name))}
            held = {name: _value(entry, *said[name]) for name, entry in known.items()}
            yield Answer(held=held, said=dict.fromkeys(dropped, Fate.IGNORED))


def _value(entry: Entry, text: str, size: str) -> Held:
    return Fraction(size) if entry.name in OF_RESOURCES else plain(text, entry)


def version() -> str:
    """Of the newest that is installed: its folder says it."""
    folders = sorted(SERVERS.glob("rabbitmq_server-*"), reverse=True)
    return folders[0].name.rpartition("-")[2] if folders else ""


ORACLE = Oracle(
    "rabbitmq", "erl", "rabbitmq-server", _cases(), _SPELLED, ask, files, version=version
)
