"""The reader against sysctl, and against the kernel in a network namespace of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import Amount
from plimsoll.model.setting import Setting, Status, Unread
from plimsoll.stack.settle import held, settled
from plimsoll.technologies import technology
from plimsoll.technologies.sysctl.reader import NUMBERS, READER
from support.counts import drawn
from support.programs import need

pytestmark = pytest.mark.real

SYSCTL = technology("sysctl")
assert SYSCTL is not None
SCHEMA = SYSCTL.schema

# Of a network namespace, so that nothing else changes; with the text that a new one has.
NAMES = (
    "net.core.somaxconn",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_retries2",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_tw_reuse",
    "net.ipv4.tcp_max_syn_backlog",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.tcp_synack_retries",
)
VALID = st.integers(0, 2).map(str) | st.sampled_from(["1", "0x1", "01", "2 # x", "1\t5", "2 ; y"])
INVALID = st.sampled_from(
    ["-1", "", "1e3", "12k", "+7", "99999999999999999999999", "seven", "08", "=5", "1,2", '"1"', "0x"]
)  # fmt: skip
BLANKS = st.text(" \t", max_size=2)
JUNK = st.sampled_from(
    ["# a comment", "; another", "", " \t", "nonsense", "= 5", "vm", "  # c = 1", "[section]"]
)


def spelled(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from([name, name.replace(".", "/"), f"-{name}", f"--{name}", f" \t{name}"])


@st.composite
def lines(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    name = draw(st.sampled_from(NAMES).flatmap(spelled))
    return name + draw(BLANKS) + "=" + draw(BLANKS) + draw(values) + draw(BLANKS)


def texts(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(lines(values) | JUNK, min_size=1, max_size=12)
    return st.builds(str.join, st.sampled_from(["\n", "\r\n"]), several)


def ours(text: str) -> list[Setting]:
    found = [item for item in READER.read(text, "f") if isinstance(item, Setting)]
    whole = [s for s in found if s.name.rpartition(".")[0] not in NUMBERS]
    return settled(READER, SCHEMA, whole)


@pytest.fixture(scope="module")
def sysctl() -> str:
    return need("sysctl", "procps")


@drawn(8, 60)
@given(text=texts(VALID | INVALID))
def test_the_same_keys_in_the_same_order(sysctl: str, text: str) -> None:
    words = [sysctl, "--dry-run", "-p", "-"]
    done = subprocess.run(words, input=text.encode(), capture_output=True, check=False, timeout=20)
    theirs = [line.split(" = ", 1) for line in done.stdout.decode().splitlines()]
    there = [s for s in ours(text) if Path("/proc/sys", s.name.replace(".", "/")).exists()]
    assert [[s.name, s.text] for s in there] == theirs
    junk = sum("invalid syntax" in line for line in done.stderr.decode().splitlines())
    unread = [item for item in READER.read(text, "f") if isinstance(item, Unread)]
    assert len(unread) >= junk


@pytest.fixture(scope="module")
def inside() -> list[str]:
    """The words in front of a command that gives it a network of its own."""
    words = [need("unshare", "util-linux"), "-n" if os.geteuid() == 0 else "-Urn"]
    if subprocess.run([*words, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no network namespace may be made here")
    return words


def after(inside: list[str], sysctl: str, text: str) -> dict[str, str]:
    """What the kernel says once it has been given *text*."""
    script = f"{sysctl} -q -p - >/dev/null 2>&1; {sysctl} {' '.join(NAMES)}"
    words = [*inside, "sh", "-c", script]
    done = subprocess.run(words, input=text.encode(), capture_output=True, check=True, timeout=20)
    return dict(line.split(" = ", 1) for line in done.stdout.decode().splitlines())


def agree(inside: list[str], sysctl: str, text: str) -> None:
    there = held(ours(text), READER)
    before, theirs = after(inside, sysctl, ""), after(inside, sysctl, text)
    for name in NAMES:
        own = there.get(name.replace(".", "_"))
        if own is None:
            assert theirs[name] == before[name]
        else:
            assert own.value == Amount.of(int(theirs[name]), own.value.unit)  # type: ignore[union-attr]


@drawn(4, 60)
@given(text=texts(VALID))
def test_the_kernel_takes_what_we_take(inside: list[str], sysctl: str, text: str) -> None:
    agree(inside, sysctl, text)


@drawn(4, 60)
@given(text=texts(VALID | INVALID))
def test_the_kernel_refuses_what_we_refuse(inside: list[str], sysctl: str, text: str) -> None:
    agree(inside, sysctl, text)


def test_a_default_of_ours_is_that_of_a_new_namespace(inside: list[str], sysctl: str) -> None:
    theirs = after(inside, sysctl, "")
    for name in NAMES:
        default = SCHEMA.default(name, None)
        assert default
        if isinstance(default.value, Amount):
            assert default.value.low <= int(theirs[name]) <= default.value.high


def test_a_status_is_kept_by_what_refuses_it() -> None:
    (setting,) = ours("net.core.somaxconn = 12k")
    assert setting.status is Status.IGNORED
