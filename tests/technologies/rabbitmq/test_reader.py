from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import BYTES, GIB, MIB, SECONDS, UNLIMITED, Amount
from plimsoll.model.reader import Rejected, Word
from plimsoll.model.setting import Include, Item, Setting, Status, Unknown, Unread
from plimsoll.model.version import Version
from plimsoll.stack import read_stack, read_texts
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.rabbitmq.erlang import tokens
from plimsoll.technologies.rabbitmq.names import slip
from plimsoll.technologies.rabbitmq.reader import READER, read
from support.covered import uncovered
from support.places import wrong_places

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases"
RABBITMQ = technology("rabbitmq")
assert RABBITMQ is not None
SCHEMA = RABBITMQ.schema


def told(text: str, path: str = "rabbitmq.conf") -> list[tuple[str, str]]:
    return [(s.name, s.text) for s in read(text, path) if isinstance(s, Setting)]


# -- rabbitmq.conf


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("heartbeat = 60", ("heartbeat", "60")),
        ("\theartbeat=60 # why\r\n", ("heartbeat", "60")),
        ("default_pass = ab#cd", ("default_pass", "ab")),
        ("default_pass = 'a#b' # c", ("default_pass", "a#b")),
        ("default_pass = 'a", ("default_pass", "'a")),
        ("cluster_name = a b  c \t", ("cluster_name", "a b  c")),
        ("listeners.tcp.local = ::1:5673", ("listeners.tcp.local", "::1:5673")),
        ("default_permissions.configure = .*", ("default_permissions.configure", ".*")),
    ],
)
def test_lines(text: str, expected: tuple[str, str]) -> None:
    assert told(text) == [expected]


def test_includes() -> None:
    items = list(read("include conf.d/*.conf\ninclude other.conf # x\n", "rabbitmq.conf"))
    found = [(i.pattern, i.is_optional) for i in items if isinstance(i, Include)]
    assert found == [("conf.d/*.conf", True), ("other.conf", False)]


@pytest.mark.parametrize(
    "text", ["heartbeat 60", "heartbeat =", "[rabbit]", "; x", "= 5", "a..b = 1"]
)
def test_what_is_no_line_refuses_the_file(text: str) -> None:
    assert [str(i) for i in read(text, "r.conf") if isinstance(i, Unread)] == [
        "r.conf:1: not `name = value`: the server does not start"
    ]


def test_a_template_is_unread() -> None:
    (found,) = read("heartbeat = {{ beat }}\n", "r.conf")
    assert isinstance(found, Unread)
    assert found.reason == "a template that was not rendered"


def test_a_slip_of_the_pen_is_told_and_a_name_of_a_plug_in_is_none() -> None:
    assert slip("vm_memory_high_watermark.relativ").endswith(
        "did you mean 'vm_memory_high_watermark.relative'?: the server does not start"
    )
    for name in ("listeners.tcp.any", "auth_backends.1.authn", "my_plugin.thing", "heartbeat"):
        assert slip(name) == ""
    (found,) = [s for s in read("hearbeat = 5", "r.conf") if isinstance(s, Setting)]
    assert found.status is Status.UNKNOWN_NAME


# -- Erlang's terms

ADVANCED = """%% comment
[
 {rabbit, [
   {vm_memory_high_watermark, 0.7}, {heartbeat, 30},
   {tcp_listeners, [5672, {"127.0.0.1", 5673}]},
   {tcp_listen_options, [{backlog, 4096}, {nodelay, true}]},
   {disk_free_limit, {mem_relative, 1.0}},
   {default_user, <<"shop">>},
   {default_consumer_prefetch, {false, 250}},
   {ssl_listeners, []}
 ]},
 {rabbitmq_management, [{listener, [{port, 15672}]}]},
 {kernel, [{net_ticktime, 120}]}
].
"""


def test_terms_have_the_names_of_the_other_file() -> None:
    assert told(ADVANCED, "advanced.config") == [
        ("vm_memory_high_watermark.relative", "0.7"),
        ("heartbeat", "30"),
        ("listeners.tcp.1", "5672"),
        ("listeners.tcp.2", "127.0.0.1:5673"),
        ("tcp_listen_options.backlog", "4096"),
        ("tcp_listen_options.nodelay", "true"),
        ("disk_free_limit.relative", "1.0"),
        ("default_user", "shop"),
        ("default_consumer_prefetch", ""),
        ("listeners.ssl", "[]"),
        ("management.listener.port", "15672"),
        ("net_ticktime", "120"),
    ]
    found = [s for s in read(ADVANCED, "a.config") if isinstance(s, Setting)]
    assert found[8].value == Unknown("a tuple of Erlang")
    assert [str(s.place) for s in found[:2]] == ["a.config:3", "a.config:4"]


def test_a_limit_says_by_its_shape_what_it_is() -> None:
    text = '[{rabbit, [{vm_memory_high_watermark, {absolute, "2GB"}}, {disk_free_limit, 5}]}].'
    assert told(text, "a.config") == [
        ("vm_memory_high_watermark.absolute", "2GB"),
        ("disk_free_limit.absolute", "5"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[{rabbit, [{a, fun() -> 1 end}]}].", "not a literal term of Erlang: '('"),
        ("[{rabbit, [", "'[' is not closed"),
        ("[{rabbit, []}]", "no full stop ends the term"),
        ("[{rabbit, [}]}].", "unexpected '}'"),
        ("[]. []. ", "more than one term stands in the file"),
        ("[{rabbit, {{ x }}.", "a template that was not rendered"),
        ("[" * 5_000, "lists and tuples go too deep"),
    ],
)
def test_what_is_no_literal_term_is_unread(text: str, reason: str) -> None:
    found = [i for i in read(text, "advanced.config") if isinstance(i, Unread)]
    assert found[0].reason == reason
    assert found[0].place is not None


def test_nothing_is_said_by_an_empty_file() -> None:
    assert list(read("%% only this\n", "advanced.config")) == []
    assert told("[].", "advanced.config") == []


# -- values


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("vm_memory_high_watermark.absolute", "2GB", Amount.of(2 * 10**9, BYTES)),
        ("vm_memory_high_watermark.absolute", "2GiB", Amount.of(2 * GIB, BYTES)),
        ("vm_memory_high_watermark.absolute", "2G", Amount(2 * 10**9, 2 * GIB, BYTES)),
        ("disk_free_limit.absolute", "50mb", Amount.of(50 * 10**6, BYTES)),
        ("frame_max", "1MB", Amount.of(MIB, BYTES)),
        ("heartbeat", "060", Amount.of(60, SECONDS)),
        ("consumer_timeout", "1800000", Amount.of(1800, SECONDS)),
        ("handshake_timeout", "infinity", Amount.of(UNLIMITED, SECONDS)),
        ("channel_max", "0", Amount.of(UNLIMITED)),
        ("reverse_dns_lookups", "true", True),
    ],
)
def test_values(name: str, text: str, value: object) -> None:
    entry = SCHEMA.entry(name)
    assert entry
    assert READER.value(text, entry) == value


@pytest.mark.parametrize(
    ("name", "text", "status"),
    [
        ("vm_memory_high_watermark.relative", "1", Status.REFUSED),
        ("vm_memory_high_watermark.relative", ".6", Status.REFUSED),
        ("vm_memory_high_watermark.absolute", "2 GB", Status.IGNORED),
        ("vm_memory_high_watermark.absolute", "lots", Status.IGNORED),
        ("vm_memory_high_watermark.absolute", "768Mi", Status.IGNORED),
        ("disk_free_limit.absolute", "2KiB", Status.REFUSED),
        ("heartbeat", "60s", Status.REFUSED),
        ("reverse_dns_lookups", "yes", Status.REFUSED),
        ("frame_max", "1MiB", Status.REFUSED),
        ("cluster_partition_handling", "heal", Status.REFUSED),
    ],
)
def test_values_that_are_not_taken(name: str, text: str, status: Status) -> None:
    entry = SCHEMA.entry(name)
    assert entry
    found = READER.value(text, entry)
    assert isinstance(found, Rejected)
    assert found.status is status


def test_the_default_of_the_watermark_depends_on_the_version() -> None:
    entry = SCHEMA.entry("vm_memory_high_watermark.relative")
    assert entry
    assert str(entry.default(Version("3.13"))) == "0.4"
    assert str(entry.default(Version("4.1"))) == "0.6"


# -- who wins


def held(*files: tuple[str, str], **environment: str) -> dict[str, str]:
    items: list[Item] = [item for path, text in files for item in read(text, path)]
    assert READER.arguments
    items += READER.arguments((), {n: Word(t) for n, t in environment.items()})
    found = settled(READER, SCHEMA, [item for item in items if isinstance(item, Setting)])
    return {s.name: s.text for s in found if s.status is Status.EFFECTIVE}


def test_the_advanced_file_goes_before_the_other_and_the_environment_before_both() -> None:
    conf = ("rabbitmq.conf", "heartbeat = 1\nheartbeat = 2\nchannel_max = 5\n")
    advanced = ("advanced.config", "[{rabbit, [{heartbeat, 3}]}].")
    assert held(advanced, conf) == {"heartbeat": "3", "channel_max": "5"}
    arguments = {"RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-rabbit heartbeat 4 +S 2"}
    assert held(conf, advanced, **arguments)["heartbeat"] == "4"


def test_a_relative_limit_goes_before_an_absolute_one() -> None:
    text = "vm_memory_high_watermark.relative = 0.5\nvm_memory_high_watermark.absolute = 2GB\n"
    assert held(("r.conf", text)) == {"vm_memory_high_watermark.relative": "0.5"}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"RABBITMQ_NODE_PORT": "5673"}, ("listeners.tcp.default", "5673")),
        ({"RABBITMQ_DEFAULT_PASS": "x"}, ("default_pass", "x")),
        ({"RABBITMQ_VM_MEMORY_HIGH_WATERMARK": "0.49"}, ("vm_memory_high_watermark.relative", "0.49")),
        ({"RABBITMQ_VM_MEMORY_HIGH_WATERMARK": "512MiB"}, ("vm_memory_high_watermark.absolute", "512MiB")),
        (
            {"RABBITMQ_VM_MEMORY_HIGH_WATERMARK": "1000", "RABBITMQ_VM_MEMORY_HIGH_WATERMARK_TYPE": "absolute"},
            ("vm_memory_high_watermark.absolute", "1000"),
        ),
        ({"OTHER": "1", "RABBITMQ_DISK_FREE_ABSOLUTE_LIMIT": "1GB"}, ("disk_free_limit.absolute", "1GB")),
    ],
)  # fmt: skip
def test_variables(environment: dict[str, str], expected: tuple[str, str]) -> None:
    assert list(held(**environment).items()) == [expected]


def test_the_environments_own_file() -> None:
    text = "# x\nNODE_PORT=5673\nexport RABBITMQ_NODENAME=shop@a\n"
    assert told(text, "rabbitmq-env.conf") == [
        ("listeners.tcp.default", "5673"),
        ("RABBITMQ_NODENAME", "shop@a"),
    ]


def test_addresses() -> None:
    assert READER.endpoints
    text = "listeners.tcp.1 = 127.0.0.1:5674\nlisteners.ssl.1 = 5671\n"
    found = [s for s in read(text, "r.conf") if isinstance(s, Setting)]
    assert [(e.host, e.port) for e in READER.endpoints(found)] == [("127.0.0.1", 5674), ("", 5671)]
    assert [(e.host, e.port) for e in READER.endpoints([])] == [("", 5672)]
    off = [s for s in read("listeners.tcp = none\n", "r.conf") if isinstance(s, Setting)]
    assert list(READER.endpoints(off)) == []


def test_it_is_recognized_by_its_file_and_its_image() -> None:
    stack = read_texts({"rabbitmq.conf": "heartbeat = 9\n"})
    assert [s.technology for s in stack.services.values()] == ["rabbitmq"]


@pytest.mark.parametrize(
    ("case", "name", "line"),
    [("MC-060", "vm_memory_high_watermark.relative", 1), ("SD-054", "disk_free_limit.relative", 2)],
)
def test_settings_of_real_cases(case: str, name: str, line: int) -> None:
    if not (CASES / case).is_dir():
        pytest.skip(f"{CASES / case} is not there")
    stack = read_stack(CASES / case)
    found = stack.services["rabbitmq"].setting(name)
    assert found
    assert str(found.place) == f"rabbitmq.conf:{line}"


# -- nothing is lost

PIECES = st.sampled_from(
    ["heartbeat", " = ", "=", "60", "#", "\n", "\r\n", " ", ".", "'", "include ", "[", "{", "}", "]", ",", '"', "a", "%",
     "<<", ">>", "\\", "é", "\udcff", "\ufeff", "{{"]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=3), max_size=30).map("".join)
DAMAGED = st.tuples(st.integers(0, len(ADVANCED)), st.integers(0, 9), st.text(max_size=3)).map(
    lambda cut: ADVANCED[: cut[0]] + cut[2] + ADVANCED[cut[0] + cut[1] :]
)


@given(TEXTS)
def test_every_line_is_in_something_and_places_are_right(text: str) -> None:
    rest = uncovered(text, read(text, "f.conf")).removeprefix("\ufeff").split("\n")
    assert [
        line for line in rest if (said := line.strip(" \t\r\ufeff")) and said[0] not in "#"
    ] == []
    assert wrong_places(READER, text, "f.conf") == []


@given(TEXTS | DAMAGED)
def test_every_term_is_in_something_and_places_are_right(text: str) -> None:
    assert "".join(token.text for token in tokens(text)) == text
    rest = uncovered(text, read(text, "f.config"))
    said = [t for t in tokens(text) if t.kind in ("string", "atom", "float", "integer", "other")]
    assert [t for t in said if rest[t.start : t.end].strip()] == []
    assert wrong_places(READER, text, "f.config") == []


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, "a = " * 200_000, "a.b = 5\n" * 30_000, "heartbeet = 5\n" * 20_000, "'" * 500_000]
)  # fmt: skip
def test_hostile_texts_are_read_to_the_end(text: str) -> None:
    assert list(read(text, "r.conf"))
