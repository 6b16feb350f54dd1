"""The reader against RabbitMQ's own parser and schemas, which one Erlang runs for all files."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.setting import Setting, Status, Unread
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.rabbitmq.reader import READER
from plimsoll.technologies.rabbitmq.values import OF_RESOURCES
from support.counts import drawn
from support.rabbitmq import SERVERS, Erlang, started

pytestmark = pytest.mark.real

RABBITMQ = technology("rabbitmq")
assert RABBITMQ is not None
SCHEMA = RABBITMQ.schema


@pytest.fixture(scope="module")
def erlang() -> Iterator[Erlang]:
    with started() as found:
        yield found


def ours(text: str) -> tuple[bool, dict[str, Setting]]:
    """Whether we say that a server starts with *text*, and what holds."""
    items = list(READER.read(text, "rabbitmq.conf"))
    found = settled(READER, SCHEMA, [item for item in items if isinstance(item, Setting)])
    starts = not any(isinstance(item, Unread) for item in items)
    is_bad = any(s.status in (Status.REFUSED, Status.UNKNOWN_NAME) for s in found)
    return starts and not is_bad, {s.name: s for s in found if not _is_replaced(s)}


def _is_replaced(setting: Setting) -> bool:
    """Whether a later line of its name holds; a relative limit replaces none of an absolute one's."""
    return setting.winner is not None and setting.winner.name == setting.name


WHOLE = [
    "heartbeat",
    "channel_max",
    "frame_max",
    "consumer_timeout",
    "tcp_listen_options.backlog",
    "num_acceptors.tcp",
]
NUMBER = st.integers(0, 5000).map(str) | st.sampled_from(["+7", "007", "12345678"])
SPACE = st.sampled_from(["", " ", "\t", "  "])
BEHIND = st.sampled_from(["", " # x", "\t", "#y"])
VALID = st.one_of(
    st.tuples(st.sampled_from(WHOLE), NUMBER.filter(lambda n: int(n) > 0)),
    st.tuples(st.just("vm_memory_high_watermark.relative"), st.sampled_from(["0.4", "1.0", "5.0e-1", "0.65"])),
    st.tuples(
        st.sampled_from(sorted(OF_RESOURCES)),
        st.sampled_from(["2GB", "1024MB", "5M", "512MiB", "1g", "700kb", "90000", "3kiB", "2 GB", "much", "2Gib", "-1"]),
    ),
    st.tuples(st.sampled_from(["reverse_dns_lookups", "proxy_protocol"]), st.sampled_from(["true", "false"])),
    st.tuples(st.just("cluster_partition_handling"), st.sampled_from(["ignore", "autoheal"])),
    st.tuples(st.sampled_from(["listeners.tcp.a", "listeners.tcp.b"]), st.sampled_from(["5672", "127.0.0.1:5673", "::1:5674"])),
    st.tuples(st.sampled_from(["default_user", "default_pass", "cluster_name"]), st.sampled_from(["a b", "x=y", "$p{1}", "\"q\"", "é"])),
    st.tuples(st.just("handshake_timeout"), st.sampled_from(["infinity", "10000"])),
    st.tuples(st.just("queue_index_embed_msgs_below"), st.sampled_from(["1KB", "4kb", "0"])),
    st.tuples(st.just("log.file.level"), st.sampled_from(["debug", "none"])),
)  # fmt: skip
INVALID = st.one_of(
    st.tuples(st.sampled_from(WHOLE), st.sampled_from(["60s", "x", "1.5", "0x1", "1_000", "'60'x", "\"60\"", "-"])),
    st.tuples(st.just("vm_memory_high_watermark.relative"), st.sampled_from(["1", ".5", "50%", "0,4", "5e-1"])),
    st.tuples(st.sampled_from(["reverse_dns_lookups", "proxy_protocol"]), st.sampled_from(["yes", "on", "1", "True"])),
    st.tuples(st.just("cluster_partition_handling"), st.sampled_from(["heal", "Ignore"])),
    st.tuples(st.sampled_from(["hearbeat", "vm_memory_high_watermark.relativ", "tcp_listen_options.backlogs", "Heartbeat"]), st.just("1")),
    st.tuples(st.just("listeners.tcp"), st.sampled_from(["5672", "off"])),
    st.tuples(st.just("frame_max"), st.sampled_from(["1MiB", "1 MB", "big"])),
)  # fmt: skip
BROKEN = st.sampled_from(
    [
        "heartbeat 60",
        "heartbeat =",
        "[rabbit]",
        "; no",
        "= 5",
        "heart beat = 5",
        "heartbeat : 60",
        "a..b = 1",
        ".a = 1",
    ]
)
CALM = st.sampled_from(["", "# a comment", "  ## b = 1", "\t"])


@st.composite
def line(draw: st.DrawFn, pairs: st.SearchStrategy[tuple[str, str]]) -> str:
    name, value = draw(pairs)
    return draw(SPACE) + name + draw(SPACE) + "=" + draw(SPACE) + value + draw(BEHIND)


def texts(lines: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    some = st.lists(lines | CALM, min_size=1, max_size=8)
    return st.builds(lambda end, each: end.join(each) + end, st.sampled_from(["\n", "\r\n"]), some)


@drawn(25, 200)
@given(text=texts(line(VALID)))
def test_values_are_those_of_the_server(erlang: Erlang, text: str) -> None:
    is_taken, theirs = erlang.ask(text)
    starts, mine = ours(text)
    assert is_taken, text
    assert starts
    assert {name: value for name, (value, _) in theirs.items()} == {
        n: s.text for n, s in mine.items()
    }
    for name in OF_RESOURCES & set(mine):
        value, size = mine[name].value, theirs[name][1]
        if mine[name].status is Status.IGNORED:
            assert size == "none"
        elif size != "none":
            assert isinstance(value, Amount)
            assert size in (str(value.low), str(value.high))
    for name in set(WHOLE) & set(mine) - {"frame_max"}:
        value = mine[name].value
        assert isinstance(value, Amount)
        entry = SCHEMA.entry(name)
        assert entry
        assert value.low in (UNLIMITED, int(theirs[name][0]) * (entry.scale or 1))


@drawn(25, 200)
@given(
    good=st.lists(line(VALID), max_size=4),
    bad=line(INVALID) | BROKEN,
    at=st.integers(0, 4),
)
def test_a_file_that_the_server_refuses_we_refuse(
    erlang: Erlang, good: list[str], bad: str, at: int
) -> None:
    text = "\n".join([*good[:at], bad, *good[at:]]) + "\n"
    is_taken, _ = erlang.ask(text)
    starts, _ = ours(text)
    assert starts == is_taken, text  # a right line behind a wrong one of its name replaces it


def test_every_name_of_the_schemas_is_in_settings_yaml(erlang: Erlang) -> None:
    assert erlang.process.poll() is None
    root = next(iter(sorted(SERVERS.glob("rabbitmq_server-*"), reverse=True)))
    names = set()
    for path in root.glob("plugins/*/priv/schema/*.schema"):
        text = re.sub(r"(?m)^\s*%.*$", "", path.read_text("utf-8", "replace"))
        names |= set(re.findall(r'\{mapping,\s*"([^"]+)"', text))
    assert names <= {entry.name for entry in SCHEMA.entries.values()}
