from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.setting import Setting, Unread
from plimsoll.syntax.text import Lines, decoded
from plimsoll.technologies.sysctl.reader import read


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        pytest.param("net.core.somaxconn = 4096\n", "net.core.somaxconn", "4096", id="plain"),
        pytest.param("vm.swappiness=1", "vm.swappiness", "1", id="no blanks, no newline"),
        pytest.param("net/core/somaxconn = 1\r\n", "net.core.somaxconn", "1", id="slashes, CRLF"),
        pytest.param("-fs.nr_open = 5", "fs.nr_open", "5", id="errors silenced"),
        pytest.param(
            "net.ipv4.ip_local_port_range = 1024 65000 ",
            "net.ipv4.ip_local_port_range",
            "1024 65000",
            id="blanks inside",
        ),
    ],
)
def test_reads_a_key(text: str, name: str, value: str) -> None:
    (setting,) = read(text, "sysctl.conf")
    assert isinstance(setting, Setting)
    assert (setting.name, setting.text) == (name, value)


def test_comments_say_nothing_and_junk_is_unread_with_its_line() -> None:
    found = list(read("# one\n; two\n\nnonsense\n", "sysctl.conf"))
    assert [str(u) for u in found] == ["sysctl.conf:4: not `key = value`: 'nonsense'"]
    assert isinstance(found[0], Unread)


@given(st.text(alphabet="ab.=-#; \t\r\n/1é\udc80", max_size=80))
def test_the_value_stands_where_its_place_says(text: str) -> None:
    lines = Lines(text, "f")
    for item in read(text, "f"):
        assert item.place is not None
        if isinstance(item, Setting):
            span = item.place.value
            assert span is not None
            start = lines.offset(span.line, span.column)
            assert text[start : lines.offset(span.end_line, span.end_column)] == item.text


def test_files_that_debian_installs_are_read_whole() -> None:
    files = [*Path("/etc/sysctl.d").glob("*.conf"), Path("/etc/sysctl.conf")]
    present = [p for p in files if p.is_file()]
    if not present:
        pytest.skip("no sysctl files here (Debian package procps)")
    for path in present:
        unread = [i for i in read(decoded(path.read_bytes()), str(path)) if isinstance(i, Unread)]
        assert unread == []
