from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.check.language import Num, Thing
from plimsoll.check.library import knowledge
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import MIB, UNLIMITED, Amount
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Setting, Status, Unread
from plimsoll.stack import read_texts
from plimsoll.stack.settle import settled
from plimsoll.syntax.text import Lines, decoded, encoded
from plimsoll.technologies import technology
from plimsoll.technologies.memcached.lexer import lines
from plimsoll.technologies.memcached.options import FLAGS, LONG, SWITCHES, VALUES, WITH_VALUE
from plimsoll.technologies.memcached.reader import READER, read

CACHE = technology("memcached")
assert CACHE is not None
SCHEMA = CACHE.schema
CASES = Path(__file__).resolve().parents[4] / "shared" / "cases"


def judged(items: list[Item]) -> list[Setting]:
    assert all(isinstance(item, Setting) for item in items), items
    return settled(READER, SCHEMA, [item for item in items if isinstance(item, Setting)])


def settings(text: str) -> list[Setting]:
    return judged(list(read(text, "memcached.conf")))


def asked(command: str, **environment: str) -> list[Item]:
    assert READER.arguments
    words = [*map(Word, command.split())]
    return list(READER.arguments(words, {n: Word(v) for n, v in environment.items()}))


def shown(found: list[Setting]) -> dict[str, str]:
    return {each.name: str(each.value) for each in found if each.status is Status.EFFECTIVE}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-m 64", {"-m": "64 MiB"}),
        ("-m64 -c 2000\n", {"-m": "64 MiB", "-c": "2000"}),
        ("  -m\t64  # half\r\n", {"-m": "64 MiB"}),
        ("# -m 64\n", {}),
        ("-m 64#x\n-t 2", {"-m": "64 MiB", "-t": "2"}),
        ("-m\n64\n", {"-m": "64 MiB"}),
        ("-vv\n", {"-v": "2"}),
        ("-v\n-vv\n", {"-v": "3"}),
        ("logfile /var/log/x.log\n", {"logfile": "/var/log/x.log"}),
        ("-d\n", {"-d": "True"}),
        ("-l 127.0.0.1\n-l ::1\n", {"-l": "::1"}),
        ("-m 64\n-m 32\n", {"-m": "32 MiB"}),
        ("-u 'a b'\n", {"-u": "a b"}),
        (
            "-o idle_timeout=30,no_maxconns_fast\n",
            {"idle_timeout": "30 s", "maxconns_fast": "False"},
        ),
    ],
)
def test_debians_file(text: str, expected: dict[str, str]) -> None:
    assert shown(settings(text)) == expected


@pytest.mark.parametrize("text", ["-d -m 64\n", "-hm 64\n"])
def test_a_line_that_begins_with_d_is_left_out_by_the_wrapper(text: str) -> None:
    found = {each.name: each for each in settings(text)}
    assert found["-m"].status is Status.IGNORED
    assert "leaves out a line" in found["-m"].reason


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("memcached -m 64", {"-m": "64 MiB"}),
        ("-m 64", {"-m": "64 MiB"}),
        ("/usr/bin/memcached -vm 64 -k", {"-v": "1", "-m": "64 MiB", "-k": "True"}),
        ("memcached --memory-limit=64 --conn-limit 5", {"-m": "64 MiB", "-c": "5"}),
        ("memcached --mem 64", {}),
        ("memcached --thr 6 --disable-cas", {"-t": "6", "-C": "True"}),
        ("memcached -m 64 word -c 5", {"-m": "64 MiB", "-c": "5"}),
        ("memcached -m 64 -- -c 5", {"-m": "64 MiB"}),
        ("memcached -I 2m", {"-I": "2 MiB"}),
        ("memcached -I 512K", {"-I": "512 KiB"}),
        ("memcached -m 128m", {"-m": "128 MiB"}),
        ("memcached -o modern -o hashpower=20,slab_automove=2",
         {"modern": "True", "hashpower": "20", "slab_automove": "True"}),
        ("memcached -o slab_chunk_max=256,ext_path=/d:1G",
         {"slab_chunk_max": "256 KiB", "ext_path": "/d:1G"}),
        ("memcached -f 1.5 -n 64 -R 10 -b 2048",
         {"-f": "1.5", "-n": "64 B", "-R": "10", "-b": "2048"}),
        ("memcached -V", {}),
        ("gosu memcache memcached -m 64", {"-m": "64 MiB"}),
        ("docker-entrypoint.sh memcached -m 64", {"-m": "64 MiB"}),
    ],
)  # fmt: skip
def test_command_lines(command: str, expected: dict[str, str]) -> None:
    found = [item for item in asked(command) if isinstance(item, Setting)]
    assert shown(judged(list(found))) == expected
    assert {each.origin for each in found} <= {Origin.COMMAND_LINE}


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("memcached --memory 64", "it may be --memory-"),
        ("memcached --treads 5", "did you mean 'threads'?"),
        ("memcached -m", "-m needs a value"),
        ("memcached -Q", "no -Q"),
        ("memcached --daemon=1", "takes no value"),
    ],
)
def test_words_that_the_server_refuses(command: str, reason: str) -> None:
    [found] = [item for item in asked(command) if isinstance(item, Unread)]
    assert reason in found.reason


@pytest.mark.parametrize(
    ("words", "status", "reason"),
    [
        ("-c 0", Status.REFUSED, "below 1"),
        ("-c abc", Status.REFUSED, "below 1"),
        ("-t 0", Status.REFUSED, "below 1"),
        ("-p 99999", Status.REFUSED, "above 65535"),
        ("-I 500", Status.REFUSED, "below 1 KiB"),
        ("-I 1g", Status.REFUSED, "below 1 KiB"),
        ("-I 2mb", Status.REFUSED, "below 1 KiB"),
        ("-I 1025m", Status.REFUSED, "above 1 GiB"),
        ("-o idle_timeout", Status.REFUSED, "needs a value"),
        ("-o hashpower=99", Status.REFUSED, "above 32"),
        ("-o idel_timeout=5", Status.UNKNOWN_NAME, "did you mean 'idle_timeout'?"),
        ("-o no_idle_timeout", Status.UNKNOWN_NAME, "-o has no"),
        ("-B http", Status.REFUSED, "none of auto"),
    ],
)
def test_what_the_server_does_not_take(words: str, status: Status, reason: str) -> None:
    [found] = settings(words)
    assert found.status is status
    assert reason in found.reason


def test_the_debian_wrapper_reads_a_file() -> None:
    wrapper = "/usr/share/memcached/scripts/systemd-memcached-wrapper"
    found = [i for i in asked(f"{wrapper} /etc/memcached_b.conf") if isinstance(i, Include)]
    assert [(i.pattern, i.is_optional) for i in found] == [("/etc/memcached_b.conf", False)]
    [own] = asked(wrapper)
    assert isinstance(own, Include)
    assert (own.pattern, own.is_optional) == ("/etc/memcached.conf", True)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"PORT": "1", "USER": "m", "MAXCONN": "5", "CACHESIZE": "64", "OPTIONS": "-l '::1' -t 8"},
         {"-p": "1", "-c": "5", "-m": "64", "-l": "::1", "-t": "8"}),
        ({"PORT": "8080", "OPTIONS": "-x"}, {}),
        ({"MEMCACHED_CACHE_SIZE": "64", "MEMCACHED_THREADS": "8"}, {"-m": "64", "-t": "8"}),
    ],
)  # fmt: skip
def test_environments(environment: dict[str, str], expected: dict[str, str]) -> None:
    found = [i for i in asked("memcached", **environment) if isinstance(i, Setting)]
    assert {each.name: each.text for each in found} == expected
    assert {each.origin for each in found} <= {Origin.ENVIRONMENT}


def test_the_command_line_beats_the_environment() -> None:
    found = judged(asked("memcached -m 32", CACHESIZE="64"))
    assert [(s.text, str(s.status)) for s in found] == [("64", "shadowed"), ("32", "effective")]


def test_places() -> None:
    memory, idle, fast = settings(" -m 64 -o idle_timeout=5,maxconns_fast # x\n")
    assert memory.place == Place("memcached.conf", Span(1, 2, 1, 7), Span(1, 5, 1, 7))
    assert idle.place == Place("memcached.conf", Span(1, 11, 1, 25), Span(1, 24, 1, 25))
    assert fast.place == Place("memcached.conf", Span(1, 26, 1, 39))


def test_a_compose_command() -> None:
    compose = "services:\n  c:\n    image: memcached:1.6\n    command: memcached -m 256 -I 4m\n"
    held = read_texts({"docker-compose.yml": compose}).services["c"].held
    assert held["_m"].value == Amount.of(256 * MIB, held["_m"].value.unit)  # type: ignore[union-attr]
    assert held["_I"].place
    assert held["_I"].place.span.line == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-m 64\n", [("", 11211, "")]),
        ("-l 127.0.0.1,::1\n-p 5\n", [("127.0.0.1", 5, ""), ("::1", 5, "")]),
        ("-l 10.0.0.1:7\n-l [::1]:8\n", [("10.0.0.1", 7, ""), ("::1", 8, "")]),
        ("-p 0\n", []),
        ("-s /run/m.sock\n", [("", None, "/run/m.sock")]),
    ],
)
def test_endpoints(text: str, expected: list[tuple[str, int | None, str]]) -> None:
    assert READER.endpoints
    found = READER.endpoints(settings(text))
    assert [(e.host, e.port, e.socket) for e in found] == expected


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ("threads", 8),
        ("concurrency", 1024),
        ("descriptors", 1024),
        ("backlog", 1024),
        ("item_memory", 100 * MIB),
        ("memory_floor", 105 * MIB),
        ("idle_keepalive", UNLIMITED),
    ],
)
def test_facts(fact: str, expected: float) -> None:
    said = {"plimsoll.yaml": "services: {c: {technology: memcached, files: [memcached.conf]}}\n",
            "memcached.conf": "-m 100\n-t 8\n"}  # fmt: skip
    stack = read_texts(said)
    cache = thing(stack.services["c"])
    assert isinstance(cache, Thing)
    found = StackWorld(stack, knowledge()).attribute(cache, fact)
    assert isinstance(found, Num)
    assert (found.low, found.high) == (expected, expected)


def test_every_option_is_a_setting() -> None:
    names = {entry.name for entry in SCHEMA.entries.values()}
    letters = {f"-{letter}" for letter in (FLAGS | WITH_VALUE) - set("Vhio")}
    assert names == letters | SWITCHES | VALUES | {"logfile"}
    assert set(LONG.values()) <= FLAGS | WITH_VALUE


@pytest.mark.parametrize("text", ["-m {{ memory }}\n", "-m ${MEMORY}\n", "{% if x %}\n"])
def test_templates_are_unread(text: str) -> None:
    [found] = read(text, "memcached.conf")
    assert isinstance(found, Unread)
    assert found.place


PIECES = [
    "-m",
    "-o",
    "-d",
    "-l",
    " ",
    "64",
    "idle_timeout=5",
    ",",
    "#",
    "\\",
    "'",
    '"',
    "\n",
    "\r\n",
    "=",
]
PIECES += ["--memory-limit", "logfile", "é", "\udcff", "{{", "\t", "\ufeff", "--", "-"]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=4)).map("".join)


@given(TEXTS)
def test_nothing_is_lost(text: str) -> None:
    assert "".join(token.text for token in lines(text)) == text


@given(TEXTS)
def test_whatever_is_read_can_be_judged_and_lies_in_the_text(text: str) -> None:
    where = Lines(text, "memcached.conf")
    items = list(read(text, "memcached.conf"))
    for item in items:
        assert item.place
        span = item.place.span
        start, end = (
            where.offset(span.line, span.column),
            where.offset(span.end_line, span.end_column),
        )
        assert 0 <= start <= end <= len(text)
    found = [item for item in items if isinstance(item, Setting)]
    assert len(settled(READER, SCHEMA, found)) == len(found)


def real_files() -> list[Path]:
    found = [Path("/etc/memcached.conf"), Path("/usr/share/memcached/memcached.conf.default")]
    return sorted(path for path in (*found, *CASES.glob("**/memcached.conf")) if path.is_file())


@pytest.mark.parametrize("path", real_files() or [None], ids=str)
def test_real_files_are_read(path: Path | None) -> None:
    if path is None:
        pytest.skip("no file of memcached here (Debian package memcached)")
    text = decoded(path.read_bytes())
    assert encoded("".join(t.text for t in lines(text))) == path.read_bytes()
    assert {each.status for each in settings(text)} == {Status.EFFECTIVE}


def test_hostile_texts_are_read_in_no_time() -> None:
    assert len(list(read("-m 64\n" * 20_000, "memcached.conf"))) == 20_000
    assert len(list(read("#" * 2_000_000, "memcached.conf"))) == 0
    assert len(list(read("-o " + "temp_lru," * 20_000, "memcached.conf"))) == 20_000
