from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import SECONDS, Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Schema
from plimsoll.model.setting import Setting, Status, Unread
from plimsoll.stack.settle import settled
from plimsoll.syntax.text import Lines, decoded
from plimsoll.technologies import technology
from plimsoll.technologies.sysctl.names import known, slip
from plimsoll.technologies.sysctl.reader import READER, read


def schema() -> Schema:
    found = technology("sysctl")
    assert found
    return found.schema


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        pytest.param("net.core.somaxconn = 4096\n", "net.core.somaxconn", "4096", id="plain"),
        pytest.param("vm.swappiness=1", "vm.swappiness", "1", id="no blanks, no newline"),
        pytest.param("net/core/somaxconn = 1\r\n", "net.core.somaxconn", "1", id="slashes, CRLF"),
        pytest.param("-fs.nr_open = 5", "fs.nr_open", "5", id="errors silenced"),
        pytest.param("--fs.nr_open = 5", "fs.nr_open", "5", id="silenced twice"),
        pytest.param("vm.dirty_ratio == 3", "vm.dirty_ratio", "= 3", id="two signs"),
        pytest.param("vm.swappiness = 1 # x", "vm.swappiness", "1 # x", id="no comment behind it"),
        pytest.param(" \tvm.swappiness\t=\t7\t", "vm.swappiness", "7", id="tabs"),
        pytest.param("vm.swappiness =", "vm.swappiness", "", id="no value"),
        pytest.param(
            "net/ipv4/conf/eth0.100/rp_filter = 1",
            "net.ipv4.conf.eth0/100.rp_filter",
            "1",
            id="a dot in the name of an interface",
        ),
        pytest.param(
            "net.ipv4.conf.*.rp_filter = 1", "net.ipv4.conf.*.rp_filter", "1", id="every interface"
        ),
    ],
)
def test_reads_a_key(text: str, name: str, value: str) -> None:
    (setting,) = read(text, "sysctl.conf")
    assert isinstance(setting, Setting)
    assert (setting.name, setting.text) == (name, value)
    assert setting.status is Status.EFFECTIVE


def test_each_number_of_a_value_stands_where_its_place_says() -> None:
    line = "net.ipv4.ip_local_port_range = 1024\t65000 "
    found = [item for item in read(line, "sysctl.conf") if isinstance(item, Setting)]
    assert [(s.name.rpartition(".")[2], s.text) for s in found] == [
        ("ip_local_port_range", "1024\t65000"),
        ("first", "1024"),
        ("last", "65000"),
    ]
    spans = [s.place.value for s in found if s.place and s.place.value]
    assert [line[v.column - 1 : v.end_column - 1] for v in spans] == [s.text for s in found]


def test_a_key_that_is_left_out_of_a_pattern_sets_nothing() -> None:
    (setting,) = read("-net.ipv4.conf.lo.rp_filter\n", "sysctl.conf")
    assert isinstance(setting, Setting)
    assert (setting.status, setting.reason) == (Status.IGNORED, "a name with `*` does not set it")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("net.ipv4.local_port_range", "net.ipv4.ip_local_port_range"),
        ("net.core.somaxcon", "net.core.somaxconn"),
        ("vm.swapiness", "vm.swappiness"),
        ("net.ipv4.conf.eth0.rp_filtre", "net.ipv4.conf.*.rp_filter"),
        ("fs.file_max", "fs.file-max"),
    ],
)
def test_a_slip_of_the_pen_is_told(name: str, meant: str) -> None:
    (setting,) = read(f"{name} = 1", "sysctl.conf")
    assert isinstance(setting, Setting)
    assert setting.status is Status.UNKNOWN_NAME
    assert setting.reason == f"the kernel has no {name!r}; did you mean {meant!r}?"


@pytest.mark.parametrize(
    "name",
    [
        "net.ipv4.conf.eth0.rp_filter",
        "net.ipv6.conf.enp3s0/200.forwarding",
        "net.ipv4.tcp_tw_recycle",
        "my_module.option",
        "kernel.sched_migration_cost_ns",
        "net.ipv4.conf.*.rp_filter",
        "vm.compact",
    ],
)
def test_what_some_kernel_may_have_is_no_slip(name: str) -> None:
    assert slip(name) == ""


def test_a_name_without_a_dot_is_no_setting_of_the_kernel() -> None:
    (setting,) = read("transparent_hugepage = never", "sysctl.conf")
    assert isinstance(setting, Setting)
    assert setting.status is Status.UNKNOWN_NAME


def test_the_names_of_settings_yaml_are_known() -> None:
    ours = {e.name for e in schema().entries.values() if "." in e.name}
    whole = {n for n in ours if n not in known() and n.rpartition(".")[0] not in known()}
    assert whole == set()


def test_comments_say_nothing_and_junk_is_unread_with_its_line() -> None:
    found = list(read("# one\n; two\n\nnonsense\nvm.x = {{ y }}\n", "sysctl.conf"))
    assert [str(u) for u in found] == [
        "sysctl.conf:4: not `key = value`: 'nonsense'",
        "sysctl.conf:5: a template that was not rendered",
    ]


@pytest.mark.parametrize(
    ("text", "amount"),
    [("60", 60), ("0x10", 16), ("010", 8), ("9 # nine", 9), (" 7\t8", 7), ("0", 0)],
)
def test_the_kernel_takes_the_first_number(text: str, amount: int) -> None:
    entry = schema().entry("net.ipv4.tcp_keepalive_time")
    assert entry
    assert READER.value(text, entry) == Amount.of(amount, SECONDS)


@pytest.mark.parametrize("text", ["", "1e3", "100k", "+7", "seven", "-1", "99999999999", "08"])
def test_the_kernel_keeps_what_was_there_before(text: str) -> None:
    entry = schema().entry("net.core.somaxconn")
    assert entry
    found = READER.value(text, entry)
    assert isinstance(found, Rejected)
    assert found.status is Status.IGNORED
    assert "the value from before stays" in found.reason


def test_a_refused_line_does_not_win() -> None:
    text = "vm.swappiness = 5\nvm.swappiness = few\nvm.swappiness = 6\n"
    read_ = [item for item in read(text, "sysctl.conf") if isinstance(item, Setting)]
    statuses = [s.status for s in settled(READER, schema(), read_)]
    assert statuses == [Status.SHADOWED, Status.IGNORED, Status.EFFECTIVE]


@given(st.text(alphabet="ab.=-#; \t\r\n/1é\udc80", max_size=80))
def test_the_value_stands_where_its_place_says(text: str) -> None:
    lines = Lines(text, "f")
    covered = set()
    for item in read(text, "f"):
        assert item.place is not None
        span = item.place.span
        first = lines.offset(span.line, span.column)
        covered |= set(range(first, lines.offset(span.end_line, span.end_column)))
        if isinstance(item, Setting):
            value = item.place.value
            assert value is not None
            start = lines.offset(value.line, value.column)
            assert text[start : lines.offset(value.end_line, value.end_column)] == item.text
    for number, line in enumerate(text.split("\n"), start=1):
        if (said := line.strip(" \t\r-")) and said[0] not in "#;":
            at = lines.offset(number, line.index(said) + 1)
            assert set(range(at, at + len(said))) <= covered


def test_files_that_debian_installs_are_read_whole() -> None:
    files = [*Path("/etc/sysctl.d").glob("*.conf"), Path("/etc/sysctl.conf")]
    present = [p for p in [*files, *Path("/usr/lib/sysctl.d").glob("*.conf")] if p.is_file()]
    if not present:
        pytest.skip("no sysctl files here (Debian package procps)")
    for path in present:
        items = list(read(decoded(path.read_bytes()), str(path)))
        assert [i for i in items if isinstance(i, Unread)] == []
        assert [i.reason for i in items if isinstance(i, Setting) and i.reason] == []
