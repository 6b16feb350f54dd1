"""What a file calls and assigns: by which name, under which conditions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.reader import Word
from plimsoll.model.setting import Unread
from plimsoll.syntax.javascript import (
    Assignment,
    Call,
    Entry,
    Table,
    Wanted,
    read_exported,
    read_json,
    read_module,
)

WANTED = Wanted(
    calls=frozenset({"Pool", "listen", "fork"}),
    modules=frozenset({"knex", "postgres"}),
    members=frozenset({"keepAliveTimeout"}),
)


def calls(text: str) -> list[Call]:
    return [c for c in read_module(text, "a.js", WANTED, {}) if isinstance(c, Call)]


@pytest.mark.parametrize(
    ("text", "callee"),
    [
        ("const { Pool } = require('pg'); new Pool()", "pg.Pool"),
        ("const pg = require('pg'); new pg.Pool()", "pg.Pool"),
        ("import pg from 'pg'; const { Pool: P } = pg; new P()", "pg.Pool"),
        ("import { Pool as P } from 'pg'; new P()", "pg.Pool"),
        ("import * as pg from 'pg'; new pg.Pool()", "pg.Pool"),
        ("import pg = require('pg'); new pg.Pool()", "pg.Pool"),
        ("require('pg').Pool()", "pg.Pool"),
        ("require('knex')({})", "knex"),
        ("const db = require('knex'); db({})", "knex"),
        ("import sql from 'postgres'; sql('x')", "postgres"),
        ("require('http').createServer(app).listen(80)", "http.createServer().listen"),
        ("const app = require('express')(); app.listen(80)", "express().listen"),
        ("const pool: Pool = new Pool<Row>({})", "Pool"),
        ("pool?.listen(1)", "pool.listen"),
    ],
)
def test_what_is_called(text: str, callee: str) -> None:
    assert [c.callee for c in calls(text)][-1:] == [callee]


@pytest.mark.parametrize(
    "text",
    [
        "function Pool() {}",
        "class A { Pool(a) { return 1 } }",
        "const o = { listen(a) { return a } }",
        "const db = require('mongoose'); db('x')",
        "// new Pool()",
        "'new Pool()'",
        "/new Pool()/",
    ],
)
def test_what_is_no_call(text: str) -> None:
    assert calls(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("const db = new Pool()", "db"),
        ("this.db = new Pool()", "db"),
        ("export const db: Pool = await new Pool()", "db"),
        ("module.exports = { db: new Pool() }", "db"),
        ("db ??= new Pool()", "db"),
        ("new Pool()", ""),
    ],
)
def test_what_gets_the_result(text: str, name: str) -> None:
    assert [c.name for c in calls(text)] == [name]


@pytest.mark.parametrize(
    ("text", "doubt", "reason"),
    [
        ("new Pool()", "", ""),
        ("function f() { new Pool() }", "", ""),
        ("if (x) { new Pool() }", "only where x", ""),
        ("if (x) {} else { new Pool() }", "only where not x", ""),
        ("if (x) {} else if (y) { new Pool() }", "only where", ""),
        ("if (false) { new Pool() }", "", "not reached: false"),
        ("if (process.env.A) new Pool()", "", "not reached: process.env.A"),
        ("if (process.env.A) {} else new Pool()", "", ""),
        ("x && new Pool()", "only one way of x && new", ""),
        ("try { new Pool() } catch (e) {}", "", ""),
        ("try {} catch (e) { new Pool() }", "only where something fails", ""),
        ("switch (x) { case 1: new Pool() }", "depends on switch (x)", ""),
        ("if (cluster.isPrimary) {} else { new Pool() }", "", ""),
        ("if (require.main === module) { new Pool() }", "", ""),
    ],
)
def test_whether_it_runs(text: str, doubt: str, reason: str) -> None:
    (found,) = calls(text)
    said = found.reach.doubt.reason if found.reach.doubt else ""
    assert doubt in said
    assert bool(said) is bool(doubt)
    assert found.reach.reason == reason


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("for (let i = 0; i < 4; i++) cluster.fork()", "4"),
        ("for (let i = 0; i < n; i++) { cluster.fork() }", "n"),
        ("for (let i = 1; i < 4; i++) cluster.fork()", None),
        ("while (x) cluster.fork()", None),
    ],
)
def test_how_often_a_loop_runs(text: str, limit: str | None) -> None:
    (found,) = calls(text)
    assert (found.loop.source if found.loop else None) == limit


def test_members_that_get_a_value() -> None:
    text = "const s = require('http').createServer();\ns.keepAliveTimeout = 65 * 1000;\nthis.keepAliveTimeout = 1"
    found = [a for a in read_module(text, "a.js", WANTED) if isinstance(a, Assignment)]
    assert [(a.owner, a.entry.value) for a in found] == [
        ("http.createServer()", 65_000),
        ("this", 1),
    ]
    place = found[0].entry.place
    assert place is not None
    assert (place.span.line, place.span.column, place.span.end_column) == (2, 1, 31)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("module.exports = {a: 1}", ["a"]),
        ("export default {a: 1, b: 2}", ["a", "b"]),
        ("const c = {a: 1};\nexport default c;", ["a"]),
        ("export = {a: 1}", ["a"]),
        ("const base = {a: 1};\nmodule.exports = {...base, b: 2};", ["a", "b"]),
    ],
)
def test_what_a_module_exports(text: str, keys: list[str]) -> None:
    found = read_exported(text, "a.js", {})
    assert isinstance(found, Entry)
    assert isinstance(found.value, Table)
    assert [e.key for e in found.value.entries] == keys


@pytest.mark.parametrize("text", ["", "const a = 1", "exports.a = 1", "module.exports = {"])
def test_a_module_that_exports_nothing_as_a_whole(text: str) -> None:
    assert isinstance(read_exported(text, "a.js", {}), Unread)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1,}', "not JSON"), ("{'a': 1}", "not JSON"), ("", "not JSON"), ("[" * 5_000, "nested"),
        ('{"a": 1} x', "not JSON"),
    ],
)  # fmt: skip
def test_what_is_no_json(text: str, reason: str) -> None:
    found = read_json(text, "a.json")
    assert isinstance(found, Unread)
    assert reason in found.reason


_WORDS = st.sampled_from(
    ["const ", "a", "b", " = ", "{", "}", "(", ")", "[", "]", ",", ";", "\n", "new ", "Pool", "=>", ": ",
     "...", "`", "${", "'x'", "1", " ? ", "if ", "else ", "for ", "import ", "from ", "'pg'", "require",
     ".", "process.env.N", " || ", "keepAliveTimeout", "function ", "<", ">", "as ", "!", "async ", "*"]
)  # fmt: skip


@given(st.lists(_WORDS, max_size=50).map("".join), st.booleans())
def test_it_never_raises(text: str, knows: bool) -> None:
    words = {"N": Word("5")} if knows else None
    for found in read_module(text, "a.js", WANTED, words):
        place = found.place if isinstance(found, Call | Unread) else found.entry.place
        assert place is not None
        assert place.path == "a.js"
