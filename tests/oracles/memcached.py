"""memcached: options of a command line, under a limit of descriptors; `stats settings` says what runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from hypothesis import strategies as st

from oracles.oracle import Answer, Case, Held, Line, Oracle
from plimsoll.model.quantity import UNLIMITED
from plimsoll.technologies import technology
from support.memcached import stats
from support.servers import folder_of_nobody

MEMCACHED = technology("memcached")
assert MEMCACHED is not None
SCHEMA = MEMCACHED.schema

# A setting, its name in the server's answer, and what one of the answer's numbers is.
_NUMBERS: dict[str, tuple[str, int | Fraction]] = {
    "-m": ("maxbytes", 1), "-c": ("maxconns", 1), "-t": ("num_threads", 1), "-b": ("tcp_backlog", 1),
    "-I": ("item_size_max", 1), "-R": ("reqs_per_event", 1), "-n": ("chunk_size", 1), "-f": ("growth_factor", 1),
    "idle_timeout": ("idle_timeout", 1), "temporary_ttl": ("temporary_ttl", 1), "hot_lru_pct": ("hot_lru_pct", 1),
    "warm_lru_pct": ("warm_lru_pct", 1), "hashpower": ("hashpower_init", 1), "tail_repair_time": ("tail_repair_time", 1),
    "lru_crawler_sleep": ("lru_crawler_sleep", Fraction(1, 10**6)), "read_buf_mem_limit": ("read_buf_mem_limit", 1),
    "lru_crawler_tocrawl": ("lru_crawler_tocrawl", 1),
}  # fmt: skip
_SWITCHES = {
    "-C": ("cas_enabled", "no"), "-M": ("evictions", "off"), "-F": ("flush_enabled", "no"),
    "-X": ("dump_enabled", "no"), "-A": ("shutdown_command", "yes"),
}  # fmt: skip


def _counts(low: int, high: int, *ends: str) -> st.SearchStrategy[str]:
    return st.builds("{}{}".format, st.integers(low, high), st.sampled_from(["", "", *ends]))


_RIGHT = {
    "-m": _counts(64, 4096, "m", "MB", " x", ".5"), "-c": _counts(100, 900, "x", "k"), "-t": _counts(1, 8, "x"),
    "-b": _counts(1, 9999), "-R": _counts(1, 99), "-n": _counts(1, 200),
    "-I": st.builds("{}{}".format, st.integers(1, 60), st.sampled_from("mM")) | st.sampled_from(["512K", "1024k", "1572864"]),
    "-f": st.sampled_from(["1.25", "2", "1.5", "1.1x"]), "idle_timeout": _counts(0, 9999, ".5", "x"),
    "temporary_ttl": _counts(1, 999), "hot_lru_pct": _counts(1, 30), "warm_lru_pct": _counts(1, 30),
    "hashpower": _counts(17, 18), "tail_repair_time": _counts(10, 9999), "lru_crawler_sleep": _counts(0, 10**6),
    "lru_crawler_tocrawl": _counts(0, 999), "read_buf_mem_limit": _counts(0, 99),
}  # fmt: skip
_LONG = {"-m": "memory-limit", "-c": "conn-limit", "-t": "threads", "-b": "listen-backlog"}
_WRONG = [
    "-c 0", "-c x", "-t 0", "-t -1", "-R 0", "-I 500", "-I 1g", "-I 2mb", "-I x", "-o foo", "-o idle_timeout",
    "-o no_idle_timeout=5", "-o hashpower=99", "-Q", "--foo", "--memory 5", "--conn-limit", "-B http", "--daemon=1",
    "-n 0", "-f 0.5", "-f x", "-o hot_lru_pct=0", "-o hot_lru_pct=80", "-o hash_algorithm=md5", "-U 70000",
]  # fmt: skip


@st.composite
def _line(draw: st.DrawFn) -> Line:
    name = draw(st.sampled_from([*_RIGHT, *_SWITCHES]))
    if name in _SWITCHES:
        return Line(name, "yes", name)
    text = draw(_RIGHT[name])
    if not name.startswith("-"):
        return Line(name, text, f"-o {name}={text}")
    if name in _LONG and draw(st.booleans()):
        return Line(name, text, f"--{_LONG[name]}={text}")
    return Line(name, text, f"{name}{text}" if draw(st.booleans()) else f"{name} {text}")


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    lines = draw(st.lists(_line(), min_size=1, max_size=5))
    if draw(st.integers(0, 4)) == 0:
        wrong = draw(st.sampled_from(_WRONG))
        lines.insert(draw(st.integers(0, len(lines))), Line(wrong.partition(" ")[0], "", wrong))
    return Case(tuple(lines), draw(st.sampled_from([None, None, None, 200, 400, 1024])))


def _written(written: str, nofile: int | None = None) -> Case:
    name, _, text = written.partition(" ")
    return Case((Line(name, text, written),), nofile)


_SPELLED = [
    _written("-c 5000", 1024), _written("-c 3000", 4096), _written("-c 3000", 2048), _written("-I 128m"),
    Case((Line("-I", "32m", "-I 32m"), Line("-m", "64", "-m 64"))),
]  # fmt: skip


def command(case: Case) -> list[str]:
    return ["memcached", *(word for line in case.lines for word in _words(line.written))]


def _words(written: str) -> list[str]:
    """A line's words: one that is written behind its option in one word may hold a blank."""
    name, blank, text = written.partition(" ")
    return [name, text] if blank and not name.startswith("--") and len(name) == 2 else [written]


def ask(cases: Sequence[Case]) -> Iterator[Answer]:
    with folder_of_nobody() as folder:
        for case in cases:
            said = stats(folder, command(case)[1:], case.nofile)
            yield Answer(said) if isinstance(said, str) else Answer(held=_held(said))


def _held(said: dict[str, str]) -> dict[str, Held]:
    found: dict[str, Held] = {name: said[own] == word for name, (own, word) in _SWITCHES.items()}
    for name, (own, scale) in _NUMBERS.items():
        entry = SCHEMA.entry(name)
        assert entry
        found[name] = UNLIMITED if said[own] in entry.infinite else Fraction(said[own]) * scale
    return found


ORACLE = Oracle(
    "memcached", "memcached", "memcached", _cases(), _SPELLED, ask, command=command,
    refusing=["memcached-connections-refused-by-limit", "memcached-item-limit"],
)  # fmt: skip
