from __future__ import annotations

import pytest

from plimsoll.model.quantity import BYTES, MIB, SECONDS, UNLIMITED, Amount
from plimsoll.model.reader import Rejected, Word
from plimsoll.model.setting import Include, Setting, Status, Unread
from plimsoll.stack import read_texts
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.varnish.reader import READER

VARNISH = technology("varnish")
assert VARNISH is not None
SCHEMA = VARNISH.schema


def items(line: str, **environment: str) -> list[object]:
    assert READER.arguments
    told = {name: Word(text) for name, text in environment.items()}
    return list(READER.arguments([Word(word) for word in line.split()], told))


def told(line: str, **environment: str) -> list[tuple[str, str, str]]:
    found = [item for item in items(line, **environment) if isinstance(item, Setting)]
    return [(" / ".join(map(str, s.scope)), s.name, s.text) for s in found]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("varnishd -a :6081", [("", "listen", ":6081")]),
        ("/usr/sbin/varnishd -F -j unix,user=vcache", [("", "jail", "unix,user=vcache")]),
        ("varnishd -p thread_pool_max=100", [("", "thread_pool_max", "100")]),
        ("varnishd -pthread_pools=4 -t 5", [("", "thread_pools", "4"), ("", "default_ttl", "5")]),
        ("varnishd -dFn /x", [("", "work_directory", "/x")]),
        ("varnishd -s malloc,256m", [("storage s0", "storage", "malloc"), ("storage s0", "size", "256m")]),
        (
            "varnishd -s hot=malloc -s file,/x,1G",
            [("storage hot", "storage", "malloc"), ("storage s1", "storage", "file"), ("storage s1", "path", "/x"), ("storage s1", "size", "1G")],
        ),
        ("-a :80 -l 81m", [("", "listen", ":80"), ("", "vsl_space", "81m")]),
    ],
)  # fmt: skip
def test_options(line: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(line) == expected


def test_the_file_is_included() -> None:
    (found,) = items("varnishd -f /etc/varnish/default.vcl")
    assert isinstance(found, Include)
    assert found.pattern == "/etc/varnish/default.vcl"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("varnishd -q x", "varnishd has no option -q"),
        ("varnishd -p", "-p needs a value"),
        ("varnishd -F extra", "too many arguments: 'extra'"),
        ("varnishd -s 256m", "no storage: '256m'"),
    ],
)
def test_what_varnishd_refuses(line: str, reason: str) -> None:
    assert next(item.reason for item in items(line) if isinstance(item, Unread)) == reason


def test_a_parameter_without_a_value_and_one_that_there_is_not() -> None:
    lacks, slip = items("varnishd -p thread_pools -p thread_pol_max=3")
    assert isinstance(lacks, Setting)
    assert lacks.status is Status.REFUSED
    assert isinstance(slip, Setting)
    assert (
        slip.reason == "varnishd has no parameter 'thread_pol_max'; did you mean 'thread_pool_max'?"
    )


def test_variables_of_packages_and_images() -> None:
    assert told("varnishd", DAEMON_OPTS="-a :6081 -p thread_pools=3") == [
        ("", "listen", ":6081"),
        ("", "thread_pools", "3"),
    ]
    assert told("varnishd -a :80", DAEMON_OPTS="-a :6081") == [("", "listen", ":80")]
    assert told("varnishd -F", VARNISH_SIZE="2G")[-1] == ("storage s0", "size", "2G")
    assert told("varnishd -s malloc", VARNISH_SIZE="2G") == [("storage s0", "storage", "malloc")]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("thread_pool_max", "100", Amount.of(100)),
        ("workspace_backend", "0.1g", Amount.of(107374182, BYTES)),
        ("default_ttl", "5", Amount.of(5, SECONDS)),
        ("default_ttl", "1m", Amount(1, 60, SECONDS)),
        ("send_timeout", "500s", Amount.of(500, SECONDS)),
        ("auto_restart", "Enable", True),
        ("first_byte_timeout", "1.5", None),
    ],
)
def test_parameters(name: str, text: str, value: object) -> None:
    entry = SCHEMA.entry(name)
    assert entry
    found = READER.value(text, entry)
    if isinstance(found, Amount) and isinstance(value, Amount):
        assert (found.low, found.high) == (value.low, value.high)
    elif value is not None:
        assert found == value
    else:
        assert isinstance(found, Amount)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("thread_pool_max", text) for text in ("1k", "abc", "1e2", "99999999999", "4")),
        *(("backend_idle_timeout", text) for text in ("never", "0", "-1", "")),
        *(("workspace_backend", text) for text in ("32KiB", "abc", "1", "32k5")),
        ("auto_restart", "1"),
        ("beresp.ttl", "5"),
    ],
)
def test_values_that_are_refused(name: str, text: str) -> None:
    entry = SCHEMA.entry(name)
    assert entry
    assert isinstance(READER.value(text, entry), Rejected)


def test_the_last_parameter_holds_and_every_address() -> None:
    line = "varnishd -a :80 -a a=:81,PROXY -p thread_pools=2 -p thread_pools=3"
    found = settled(READER, SCHEMA, [s for s in items(line) if isinstance(s, Setting)])
    assert [s.status for s in found] == [
        Status.EFFECTIVE, Status.EFFECTIVE, Status.SHADOWED, Status.EFFECTIVE,
    ]  # fmt: skip


VCL = """vcl 4.1;
backend app { .host = "10.0.0.1"; .port = "8080"; }
backend sock { .path = "/run/app.sock"; }
backend other { .host = "[::1]:8081"; }
"""


def test_addresses() -> None:
    assert READER.endpoints
    found = [s for s in READER.read(VCL, "a.vcl") if isinstance(s, Setting)]
    found += [
        s
        for s in items("varnishd -a web=127.0.0.1:81,PROXY -a /run/v.sock,mode=666")
        if isinstance(s, Setting)
    ]
    told_ = [(e.side, e.host, e.port, e.socket, e.part) for e in READER.endpoints(found)]
    assert told_ == [
        ("listens", "127.0.0.1", 81, "", ""),
        ("listens", "", None, "/run/v.sock", ""),
        ("connects", "10.0.0.1", 8080, "", "app"),
        ("connects", "", None, "/run/app.sock", "sock"),
        ("connects", "::1", 8081, "", "other"),
    ]
    assert [e.port for e in READER.endpoints([])] == [80]


def test_a_backend_has_the_parameters_that_it_does_not_say() -> None:
    said = (
        'services:\n  cache: {technology: varnish, files: [a.vcl], command: "varnishd -p first_byte_timeout=7 -s malloc,1G"}\n'
        "  app: {technology: gunicorn, command: gunicorn -b 127.0.0.1:8080 a:b}\n"
    )
    vcl = VCL.replace("10.0.0.1", "127.0.0.1")
    stack = read_texts({"plimsoll.yaml": said, "a.vcl": vcl})
    (link,) = stack.links
    assert (link.source, link.target) == ("cache", "app")
    assert link.part is not None
    assert link.part.name == "app"
    storage = next(p for p in stack.services["cache"].parts if p.type == "storage")
    assert storage.settings["size"].value == Amount.of(1024 * MIB, BYTES)
    entry = SCHEMA.entry("size", "storage")
    assert entry
    assert entry.default(None) == Amount.of(UNLIMITED, BYTES)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("varnishd -p default_ttl=1d", "the server reads 1 s: it takes seconds, and no unit"),
        (
            "varnishd -p first_byte_timeout=5m",
            "the server reads 5 s: it takes seconds, and no unit",
        ),
        ("varnishd -p default_ttl=1.5s", ""),
        ("varnishd -p default_ttl=86400", ""),
        ("varnishd -p workspace_client=64k", ""),
    ],
)
def test_a_unit_that_is_dropped_is_said(line: str, reason: str) -> None:
    found = [item for item in items(line) if isinstance(item, Setting)]
    assert [each.reason for each in settled(READER, SCHEMA, found)] == [reason]
