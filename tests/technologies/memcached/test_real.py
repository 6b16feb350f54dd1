"""The reader against memcached: `stats settings`, and what it refuses."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Word
from plimsoll.model.setting import Setting, Status, Unread, Unset
from plimsoll.model.version import Version
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.memcached.reader import READER, read
from support.counts import drawn
from support.memcached import stats
from support.programs import need
from support.servers import folder_of_nobody

pytestmark = pytest.mark.real

CACHE = technology("memcached")
assert CACHE is not None
SCHEMA = CACHE.schema
VERSION = Version("1.6.18")

# A setting, its name in the server's answer, and what one of the answer's numbers is.
ANSWERS: dict[str, tuple[str, Fraction]] = {
    "-m": ("maxbytes", Fraction(1)), "-c": ("maxconns", Fraction(1)),
    "-t": ("num_threads", Fraction(1)), "-b": ("tcp_backlog", Fraction(1)),
    "-I": ("item_size_max", Fraction(1)), "-R": ("reqs_per_event", Fraction(1)),
    "-n": ("chunk_size", Fraction(1)), "-f": ("growth_factor", Fraction(1)),
    "-v": ("verbosity", Fraction(1)), "-U": ("udpport", Fraction(1)),
    "idle_timeout": ("idle_timeout", Fraction(1)), "temporary_ttl": ("temporary_ttl", Fraction(1)),
    "hot_lru_pct": ("hot_lru_pct", Fraction(1)), "warm_lru_pct": ("warm_lru_pct", Fraction(1)),
    "hot_max_factor": ("hot_max_factor", Fraction(1)),
    "warm_max_factor": ("warm_max_factor", Fraction(1)),
    "hashpower": ("hashpower_init", Fraction(1)),
    "tail_repair_time": ("tail_repair_time", Fraction(1)),
    "lru_crawler_sleep": ("lru_crawler_sleep", Fraction(1, 10**6)),
    "lru_crawler_tocrawl": ("lru_crawler_tocrawl", Fraction(1)),
    "read_buf_mem_limit": ("read_buf_mem_limit", Fraction(1)),
    "slab_chunk_max": ("slab_chunk_max", Fraction(1)),
    "watcher_logbuf_size": ("watcher_logbuf_size", Fraction(1)),
    "worker_logbuf_size": ("worker_logbuf_size", Fraction(1)),
    "ext_item_size": ("ext_item_size", Fraction(1)),
    "ext_recache_rate": ("ext_recache_rate", Fraction(1)),
    "ext_low_ttl": ("ext_low_ttl", Fraction(1)),
    "ext_wbuf_size": ("ext_wbuf_size", Fraction(1)),
    "ext_max_sleep": ("ext_max_sleep", Fraction(1, 10**6)),
    "ext_max_frag": ("ext_max_frag", Fraction(1)),
    "slab_automove_ratio": ("slab_automove_ratio", Fraction(1)),
    "slab_automove_window": ("slab_automove_window", Fraction(1)),
    "slab_automove_freeratio": ("slab_automove_freeratio", Fraction(1)),
    "ssl_wbuf_size": ("ssl_wbuf_size", Fraction(1)),
}  # fmt: skip
SWITCHES = {
    "-C": ("cas_enabled", "no"), "-M": ("evictions", "off"), "-F": ("flush_enabled", "no"),
    "-X": ("dump_enabled", "no"), "-A": ("shutdown_command", "yes"),
}  # fmt: skip
TURNED = {
    "maxconns_fast": "maxconns_fast", "lru_crawler": "lru_crawler", "temp_lru": "temp_lru",
    "lru_maintainer": "lru_maintainer_thread", "slab_reassign": "slab_reassign",
    "track_sizes": "track_sizes",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    need("memcached", "memcached")
    with folder_of_nobody() as found:
        yield found


def ours(words: list[str]) -> tuple[list[Setting], list[Unread]]:
    assert READER.arguments
    items = list(READER.arguments([Word("memcached"), *map(Word, words)], {}))
    found = [item for item in items if isinstance(item, Setting)]
    return settled(READER, SCHEMA, found), [i for i in items if isinstance(i, Unread)]


def agrees(setting: Setting, theirs: dict[str, str]) -> bool:
    """Whether the server's answer says the same of a setting."""
    value = setting.value
    if setting.name in SWITCHES:
        name, word = SWITCHES[setting.name]
        return theirs[name] == word
    if setting.name in TURNED:
        return theirs[TURNED[setting.name]] == ("yes" if value else "no")
    if setting.name not in ANSWERS or not isinstance(value, Amount):
        return True
    name, scale = ANSWERS[setting.name]
    number = Fraction(0) if value.low == UNLIMITED else Fraction(value.low) / scale
    return abs(Fraction(theirs[name]) - number) <= Fraction(1, 100) * (number.denominator != 1)


def test_defaults_are_the_servers(folder: Path) -> None:
    theirs = stats(folder, [])
    assert isinstance(theirs, dict), theirs
    wrong = []
    for name in [*ANSWERS, *TURNED]:
        default = SCHEMA.default(name, VERSION)
        assert default, name
        if not isinstance(default.value, Unset) and not agrees(default, theirs):
            wrong.append((name, default.value, theirs.get(ANSWERS.get(name, (name,))[0])))
    assert wrong == []


WRAPPER = Path("/usr/share/memcached/scripts/systemd-memcached-wrapper")
LINES = [
    "-m 64",
    "-c 5 # x",
    "# -m 5",
    "-d",
    "-d -t 3",
    "-h",
    "logfile /x",
    "-vv",
    "-m\t77  ",
    "-o modern",
]
LINES += [
    "",
    "  -t 2",
    "-u nobody#x",
    "-l 127.0.0.1",
    "-P '/run/a b'",
    "# a # b",
    "word",
    "--threads=5",
]


@drawn(few=8, many=80)
@given(text=st.lists(st.sampled_from(LINES), max_size=8).map("\n".join))
def test_debians_file_is_the_command_line_of_its_wrapper(folder: Path, text: str) -> None:
    if not WRAPPER.is_file():
        pytest.skip("no wrapper here (Debian package memcached)")
    perl = need("perl", "perl-base")
    (folder / "memcached.conf").write_text(text)
    # The wrapper itself, made to print what it would run.
    script = WRAPPER.read_text().replace('exec "$memcached $params"', 'print "$memcached $params"')
    done = subprocess.run(
        [perl, "-", f"{folder}/memcached.conf"],
        input=script,
        capture_output=True,
        text=True,
        check=True,
    )
    theirs, _ = ours(shlex.split(done.stdout)[1:])
    found = [item for item in read(text, "memcached.conf") if isinstance(item, Setting)]
    mine = [s for s in settled(READER, SCHEMA, found) if s.status is not Status.IGNORED]
    silent = {"-d", "-h", "logfile", "word"}
    wanted = [(s.name, s.text) for s in theirs if (s.name, s.text) != ("-u", "root")]
    assert [(s.name, s.text) for s in mine if s.name not in silent] == wanted
