"""The reading against Node itself: files that it runs, and files that it refuses."""

from __future__ import annotations

import json
import math
import os
import subprocess
import tempfile
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.reader import Word
from plimsoll.model.setting import Unread
from plimsoll.syntax.javascript import (
    UNDEFINED,
    Call,
    Computed,
    Listed,
    Result,
    Table,
    Wanted,
    read_module,
)
from plimsoll.syntax.javascript.values import INFINITY, NAN
from support.counts import drawn
from support.programs import need

pytestmark = pytest.mark.real

WANTED = Wanted(calls=frozenset({"Pool"}))
VARIABLES = {"MAX": "20", "EMPTY": "", "URL": "postgres://a:b@db/x", "FLOAT": "1.5"}
# Runs a file whose modules are empty shells, and prints what its pools are given.
HARNESS = """
const Module = require("module"), made = [];
class Pool { constructor(options) { made.push(options); } }
const load = Module._load;
Module._load = (name, ...rest) => (name === "pg" ? { Pool } : load(name, ...rest));
const told = (v) => v === undefined ? {is: "undefined"} : typeof v === "function" ? {is: "function"}
  : typeof v === "number" && !Number.isFinite(v) ? {is: String(v)}
  : Array.isArray(v) ? v.map(told)
  : v && typeof v === "object" ? {of: Object.fromEntries(Object.entries(v).map(([k, x]) => [k, told(x)]))}
  : v;
require(process.argv[2]);
process.stdout.write(JSON.stringify(made.map(told)));
"""

_WHOLE = st.integers(0, 5000)
_SPACE = st.sampled_from(["", " ", "  ", "\n  ", " /* a } */ ", " // b ' {\n "])


def literal(number: int) -> st.SearchStrategy[str]:
    forms = [str(number), hex(number), f"{number:_}", f"{number}.0", f"{number}e0", f"'{number}'"]
    return st.sampled_from([*forms, f"{number / 4!r}", f"-{number}", f"`{number}`"])


_LITERALS = st.one_of(
    _WHOLE.flatmap(literal),
    st.sampled_from(
        [
            "true",
            "false",
            "null",
            "undefined",
            "'é\\u0041\\n\"'",
            '"a\\x41"',
            "`t${1}`",
            "''",
            "[]",
            "{}",
        ]
    ),
    st.sampled_from(
        [
            "process.env.MAX",
            "process.env.NONE",
            "process.env['EMPTY']",
            "process.env.FLOAT",
            "second",
        ]
    ),
)


def _compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    number = st.one_of(_WHOLE.map(str), st.sampled_from(["second", "+process.env.MAX", "2 ** 3"]))
    two = st.tuples(inner, inner)
    numbers = st.tuples(number, st.sampled_from(["+", "-", "*", "/", "%"]), number)
    return st.one_of(
        numbers.map(lambda t: f"{t[0]} {t[1]} {t[2]}"),
        numbers.map(lambda t: f"({t[0]} {t[1]} {t[2]}) * 2"),
        two.map(lambda t: f"({t[0]} || {t[1]})"),
        two.map(lambda t: f"({t[0]} ?? {t[1]})"),
        two.map(lambda t: f"(({t[0]}) && ({t[1]}))"),
        st.tuples(inner, inner, inner).map(lambda t: f"(({t[0]}) ? {t[1]} : {t[2]})"),
        _WHOLE.flatmap(literal).map(lambda t: f"parseInt({t}, 10)"),
        inner.map(lambda t: f"!({t})"),
        st.sampled_from(["MAX", "NONE"]).map(lambda n: f"Number(process.env.{n} ?? 7)"),
        st.tuples(number, number).map(lambda t: f"Math.max({t[0]}, {t[1]})"),
        number.map(lambda t: f"Math.floor(({t}) / 7)"),
        two.map(lambda t: f"[{t[0]}, {t[1]},]"),
        st.tuples(number, st.sampled_from(["<", ">=", "===", "!=="]), number).map(" ".join),
        st.tuples(st.sampled_from(["x", "max-age", "1"]), inner).map(
            lambda t: f"{{'{t[0]}': {t[1]}}}"
        ),
        number.map(lambda t: f"`${{{t}}}s`"),
    )


_VALUES = st.recursive(_LITERALS, _compound, max_leaves=4)
_KEYS = st.sampled_from(["max", "min", "'idle-time'", "été", "$x", "default", "5", "[`k${1}`]"])
_ENTRY = st.tuples(_KEYS, _SPACE, _VALUES, _SPACE).map(lambda t: f"{t[0]}:{t[1]}{t[2]}{t[3]}")
_ENTRIES = st.one_of(
    _ENTRY, st.sampled_from(["...base", "second", "run() { return 1; }", "f: (a) => ({ a })"])
)
FILES = st.lists(_ENTRIES, min_size=1, max_size=8).map(
    lambda entries: (
        'const { Pool } = require("pg");\nconst second = 1000;\nconst base = { max: 5, idle: 30 * second };\n'
        + "new Pool({ "
        + ", ".join(entries)
        + " });\n"
    )
)


def node(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    program = need("node", "nodejs")
    environment = {"PATH": os.environ["PATH"], **VARIABLES}
    return subprocess.run(
        [program, *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def theirs(text: str) -> object:
    """What Node gives to the pool."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "harness.cjs").write_text(HARNESS)
        (folder / "file.cjs").write_text(text)
        done = node("harness.cjs", "./file.cjs", folder=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def ours(value: Result) -> object:
    """A value as the harness prints it."""
    constants = {UNDEFINED: "undefined", NAN: "NaN", INFINITY: "Infinity"}
    if isinstance(value, Table):
        held = {entry.key: ours(entry.value) for entry in value.entries}
        return {"of": held}
    if isinstance(value, Listed):
        return [ours(entry.value) for entry in value]
    if isinstance(value, Fraction):
        return float(value)
    if value in list(constants):
        return {"is": next(name for each, name in constants.items() if each == value)}
    if value is None or isinstance(value, bool | int | str):
        return value
    return {"is": "computed" if isinstance(value, Computed) else "function"}


def same(mine: object, other: object) -> bool:
    if isinstance(mine, dict) and isinstance(other, dict):
        return set(mine) == set(other) and all(same(mine[k], other[k]) for k in mine)
    if isinstance(mine, list) and isinstance(other, list):
        return len(mine) == len(other) and all(map(same, mine, other))
    if isinstance(mine, bool) or isinstance(other, bool):
        return mine is other
    if isinstance(mine, int | float) and isinstance(other, int | float):
        return math.isclose(mine, other, rel_tol=1e-12)
    return mine == other


@given(FILES)
@drawn(6, 60)
def test_what_node_gives_to_a_pool_is_what_we_read(text: str) -> None:
    found = read_module(text, "a.js", WANTED, {n: Word(v) for n, v in VARIABLES.items()})
    (call,) = [c for c in found if isinstance(c, Call)]
    assert [u for u in found if isinstance(u, Unread)] == []
    mine = ours(call.arguments[0].value)
    assert same([mine], theirs(text)), (text, mine)


def _without(text: str, mark: str, at: int) -> str:
    places = [n for n, each in enumerate(text) if each == mark]
    cut = places[at % len(places)]
    return text[:cut] + text[cut + 1 :]


_DAMAGE = st.one_of(
    st.tuples(st.sampled_from("({})"), st.integers(0, 50)),
    st.tuples(st.sampled_from([")", "}", "]", "'", "`", "/*", "({", "[("]), st.just(-1)),
)


@given(FILES, _DAMAGE)
@drawn(6, 60)
def test_what_node_refuses_is_unread(text: str, damage: tuple[str, int]) -> None:
    mark, at = damage
    broken = text + mark if at < 0 else _without(text, mark, at)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "file.cjs").write_text(broken)
        is_refused = node("--check", "file.cjs", folder=folder).returncode != 0
    unread = [u for u in read_module(broken, "a.js", WANTED) if isinstance(u, Unread)]
    assert bool(unread) is is_refused, broken
    assert all(u.place is not None for u in unread)
