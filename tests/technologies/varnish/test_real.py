"""The reader against varnishd: its parameters as it shows them, and what its compiler makes of VCL."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Word
from plimsoll.model.setting import Setting, Status, Unread
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.varnish.names import PARAMETERS
from plimsoll.technologies.varnish.reader import READER
from support.counts import drawn
from support.programs import need
from support.servers import folder_of_nobody, unprivileged
from support.varnish import shown

pytestmark = pytest.mark.real

VARNISH = technology("varnish")
assert VARNISH is not None
SCHEMA = VARNISH.schema


@pytest.fixture(scope="module")
def server() -> str:
    return need("varnishd", "varnish")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with folder_of_nobody() as found:
        yield found


def ours(words: tuple[str, ...]) -> tuple[dict[str, Setting], bool]:
    """The parameters that hold, and whether we say that it refuses."""
    assert READER.arguments
    items = list(READER.arguments([Word("varnishd"), *map(Word, words)], {}))
    found = settled(READER, SCHEMA, [item for item in items if isinstance(item, Setting)])
    is_refused = any(isinstance(item, Unread) for item in items) or any(
        s.status in (Status.REFUSED, Status.UNKNOWN_NAME) for s in found
    )
    return {s.name: s for s in found if s.status is Status.EFFECTIVE}, is_refused


def number(text: str) -> float:
    """What the server shows: 0.25G, 128b, 60.000, 100."""
    found = re.fullmatch(r"([0-9.]+)([bkMGT]?)", text)
    assert found, text
    return float(found[1]) * float(1024 ** "bkMGT".index(found[2] or "b"))


COUNTS = st.sampled_from(
    ["thread_pools", "listen_depth", "max_retries", "http_max_hdr", "gzip_level", "thread_pool_max"]
)
SECONDS = st.sampled_from(
    ["default_ttl", "timeout_idle", "first_byte_timeout", "backend_idle_timeout", "send_timeout"]
)
SIZES = st.sampled_from(["workspace_client", "vsl_space", "http_req_size", "fetch_chunksize"])
SWITCHES = st.sampled_from(["auto_restart", "ban_dups", "prefer_ipv6"])
GOOD = st.one_of(
    st.builds("{}={}".format, COUNTS.filter(lambda n: n != "thread_pool_max"), st.integers(5, 9)),
    st.builds("thread_pool_max={}".format, st.integers(100, 9000)),
    st.builds("{}={}".format, SECONDS, st.sampled_from(["5", "60", "1.5", "600s", "7.", "12 s"])),
    st.builds(
        "{}={}".format, SIZES, st.sampled_from(["2M", "1.5m", "1mb", "2097152", "1G", "1048577b"])
    ),
    st.builds(
        "{}={}".format, SWITCHES, st.sampled_from(["on", "off", "yes", "NO", "true", "Disable"])
    ),
)
BAD = st.one_of(
    st.builds("{}={}".format, COUNTS, st.sampled_from(["", "x", "1k", "1.0", "1e2", "+1x"])),
    st.builds("{}={}".format, SECONDS, st.sampled_from(["", "x", "never", "s5"])),
    st.builds("{}={}".format, SIZES, st.sampled_from(["", "x", "1MiB", "1q", "10%", "1 000"])),
    st.builds("{}={}".format, SWITCHES, st.sampled_from(["", "1", "0", "x", "enabled"])),
    st.sampled_from(
        ["thread_pool", "thread_pools", "thread_pol_max=3", "http_max_hdr=5", "gzip_level=11"]
    ),
)
for_the_range = st.sampled_from(["http_max_hdr=40", "gzip_level=9", "thread_pools=32"])


@drawn(4, 60)
@given(chosen=st.lists(GOOD | for_the_range, min_size=1, max_size=6))
def test_parameters_are_those_that_it_shows(server: str, folder: Path, chosen: list[str]) -> None:
    given_ = [each for each in chosen if not re.fullmatch(r"http_max_hdr=[0-9]", each)]
    words = tuple(word for each in given_ for word in ("-p", each))
    theirs = shown(server, folder, *words)
    mine, is_refused = ours(words)
    assert theirs is not None, words
    assert not is_refused
    for name, setting in mine.items():
        if isinstance(setting.value, bool):
            assert theirs[name] == ("on" if setting.value else "off")
        else:
            assert isinstance(setting.value, Amount)
            assert float(setting.value.low) == pytest.approx(number(theirs[name]), rel=0.01)


@drawn(4, 60)
@given(chosen=st.lists(GOOD, max_size=2), wrong=BAD)
def test_it_refuses_what_we_say(server: str, folder: Path, chosen: list[str], wrong: str) -> None:
    given_ = [each for each in chosen if not re.fullmatch(r"http_max_hdr=[0-9]", each)]
    words = tuple(word for each in (*given_, wrong) for word in ("-p", each))
    assert shown(server, folder, *words) is None, words
    assert ours(words)[1], words


def test_every_parameter_and_default_is_that_of_the_server(server: str, folder: Path) -> None:
    theirs = shown(server, folder)
    assert theirs
    assert set(theirs) <= PARAMETERS
    wrong = []
    for name, text in theirs.items():
        entry = SCHEMA.entry(name)
        assert entry, name
        default = entry.default(None)
        if isinstance(default, bool):
            wrong += [name] if text != ("on" if default else "off") else []
        elif isinstance(default, Amount) and re.fullmatch(r"[0-9.]+[bkMGT]?", text):
            low, high = float(default.low) * 0.99, float(default.high) * 1.01
            wrong += [name] if not low <= number(text) <= high else []
    assert set(wrong) <= {"accept_filter"}  # not on this platform


# -- VCL

TIME = st.sampled_from(["0.5s", "2m", "1.5h", "100ms", "1d", "3s"])
ATTRIBUTE = st.one_of(
    st.builds(".{} = {};".format, st.sampled_from(["connect_timeout", "first_byte_timeout", "between_bytes_timeout"]), TIME),
    st.builds(".max_connections = {};".format, st.integers(0, 999)),
    st.just('.host_header = "a.b";'),
    st.just(".probe = { .interval = 3s; .window = 5; .threshold = 2; }"),
    st.just('.probe = { .url = {"/x"}; .timeout = 1s; }'),
)  # fmt: skip
WRONG = st.sampled_from(
    [
        ".first_byte_timeout = 60;", ".max_conections = 5;", '.connect_timeout = "5s";', ".max_connections = 5s;",
        "first_byte_timeout = 5s;", ".first_byte_timeout 5s;", ".host = ;", ".connect_timeout = 5 parsecs;",
        '.probe = { .url = "/"', ".between_bytes_timeout = 1.5.2s;", ".timeout = 5s;", '.host = "127.0.0.1"',
        ".probe = { .interval = 5; }", ".probe = { .interval = 5s; };", ".port = {", "C{ }C", ".first_byte_timeout = 5s",
    ]
)  # fmt: skip


def distinct(attributes: list[str]) -> list[str]:
    """One of each name: the compiler takes no second."""
    return list({each.split()[0]: each for each in attributes}.values())


def program(name: str, attributes: list[str]) -> str:
    inside = "\n  ".join(['.host = "127.0.0.1";', *attributes])
    return f"vcl 4.1;\nbackend {name} {{\n  {inside}\n}}\nsub vcl_backend_response {{ set beresp.ttl = 5m; }}\n"


def compiled(server: str, folder: Path, text: str) -> str | None:
    """The C that VCL becomes; None where the compiler refuses it."""
    path = folder / "a.vcl"
    path.write_text(text)
    words = unprivileged(server, "-C", "-j", "none", "-n", folder / "c", "-f", path)
    done = subprocess.run(
        words, capture_output=True, text=True, timeout=60, check=False, cwd=folder
    )
    return done.stderr + done.stdout if done.returncode == 0 else None


@drawn(3, 50)
@given(attributes=st.lists(ATTRIBUTE, max_size=5).map(distinct))
def test_backends_are_what_the_compiler_makes_of_them(
    server: str, folder: Path, attributes: list[str]
) -> None:
    text = program("shop", attributes)
    theirs = compiled(server, folder, text)
    assert theirs is not None, text
    items = list(READER.read(text, "a.vcl"))
    assert not [item for item in items if isinstance(item, Unread)]
    found = settled(READER, SCHEMA, [item for item in items if isinstance(item, Setting)])
    assert {s.status for s in found} == {Status.EFFECTIVE}
    structs = "".join(re.findall(r"struct vrt_backend(?:_probe)? [^;]*?\};", theirs, re.DOTALL))
    shown_ = dict(re.findall(r"\.(\w+) = ([0-9.e+-]+),", structs))
    for each in found:
        if each.scope and each.scope[0].kind == "backend" and isinstance(each.value, Amount):
            assert each.name in shown_ or each.value.low == 0 or each.name == "max_connections"
            if each.name in shown_ and each.value.low == each.value.high:
                assert float(each.value.low) == pytest.approx(float(shown_[each.name])) or (
                    each.name == "max_connections" and shown_[each.name] == "0"
                )


@drawn(3, 50)
@given(attributes=st.lists(ATTRIBUTE, max_size=3).map(distinct), wrong=WRONG)
def test_the_compiler_refuses_what_we_do_not_read(
    server: str, folder: Path, attributes: list[str], wrong: str
) -> None:
    text = program("shop", [*attributes, wrong])
    assert compiled(server, folder, text) is None, text
    items = list(READER.read(text, "a.vcl"))
    found = settled(READER, SCHEMA, [item for item in items if isinstance(item, Setting)])
    is_bad = any(s.status is not Status.EFFECTIVE for s in found)
    assert is_bad or any(isinstance(item, Unread) for item in items), text
