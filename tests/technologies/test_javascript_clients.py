"""Client libraries of Node: their pools and clients as settings, and the links that these are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import COUNT, SECONDS, UNLIMITED, Amount
from plimsoll.model.reader import Word
from plimsoll.model.setting import Setting, Status, Unknown, Unread, Value
from plimsoll.model.stack import Link
from plimsoll.stack import read_texts
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from support.counts import drawn
from support.places import wrong_places

LIBRARIES = [
    "node-pg", "mysql2", "ioredis", "node-redis", "sequelize", "knex", "prisma", "bullmq", "postgres-js",
]  # fmt: skip
SECOND = Amount.of(1, SECONDS)


def told(library: str, text: str, path: str = "db.js", **variables: str) -> dict[str, Value | None]:
    """The effective settings of a file, settled with an environment."""
    known = technology(library)
    assert known is not None
    assert known.reader is not None
    assert known.reader.arguments is not None
    words = {name: Word(value) for name, value in variables.items()}
    given_ = [s for s in known.reader.read(text, path) if isinstance(s, Setting)]
    given_ += [s for s in known.reader.arguments((), words) if isinstance(s, Setting)]
    found = settled(known.reader, known.schema, given_)
    return {s.name: s.value for s in found if s.status is Status.EFFECTIVE and s.scope}


PG = "const { Pool } = require('pg');\n"


@pytest.mark.parametrize(
    ("library", "text", "name", "value"),
    [
        ("node-pg", PG + "new Pool({ max: 20 })", "max", Amount.of(20)),
        ("node-pg", PG + "new Pool({ idleTimeoutMillis: 1000 })", "idleTimeoutMillis", SECOND),
        ("node-pg", PG + "new Pool({ connectionTimeoutMillis: 0 })", "connectionTimeoutMillis", Amount.of(UNLIMITED, SECONDS)),
        ("node-pg", PG + "new Pool({ maxLifetimeSeconds: 1 })", "maxLifetimeSeconds", SECOND),
        ("node-pg", PG + "new Pool({ max: process.env.MAX || 7 })", "max", Amount.of(7)),
        ("node-pg", PG + "new Pool({ ...config, min: 1 })", "max", Unknown("Pool: only running it would tell { ...config, min: 1 }")),
        ("node-pg", PG + "new Pool(config)", "max", Unknown("Pool: only running it would tell config")),
        ("mysql2", "const mysql = require('mysql2/promise'); mysql.createPool({ connectionLimit: 50 })", "connectionLimit", Amount.of(50)),
        ("mysql2", "require('mysql2').createPool('mysql://a@db/x?connectionLimit=9')", "connectionLimit", Amount.of(9)),
        ("postgres-js", "require('postgres')(process.env.X, { max: 999 })", "max", Amount.of(999)),
        ("postgres-js", "import sql from 'postgres'; sql('postgres://db/x', { idle_timeout: 1 })", "idle_timeout", SECOND),
        ("ioredis", "const Redis = require('ioredis'); new Redis(6380, 'cache', { commandTimeout: 1000 })", "commandTimeout", SECOND),
        ("ioredis", "import { Redis } from 'ioredis'; new Redis({ maxRetriesPerRequest: null })", "maxRetriesPerRequest", Amount.of(UNLIMITED, COUNT)),
        ("ioredis", "const R = require('ioredis'); new R.Cluster([{ host: 'a' }], { redisOptions: { connectTimeout: 1000 } })", "connectTimeout", SECOND),
        ("node-redis", "const { createClient } = require('redis'); createClient({ socket: { connectTimeout: 1000 } })", "connectTimeout", SECOND),
        ("sequelize", "const { Sequelize } = require('sequelize'); new Sequelize('d', 'u', 'p', { pool: { max: 30 } })", "max", Amount.of(30)),
        ("knex", "const db = require('knex')({ client: 'pg', pool: { min: 0, max: 7 } })", "max", Amount.of(7)),
        ("bullmq", "import { Worker } from 'bullmq'; new Worker('q', f, { concurrency: 50 })", "concurrency", Amount.of(50)),
        ("bullmq", "import { Worker } from 'bullmq'; new Worker('q', async (job) => { await f(job) }, { lockDuration: 1000 })", "lockDuration", SECOND),
        ("prisma", "const { PrismaClient } = require('@prisma/client'); new PrismaClient({ datasources: { db: { url: 'postgresql://db/x?connection_limit=3' } } })", "connection_limit", Amount.of(3)),
    ],
)  # fmt: skip
def test_options(library: str, text: str, name: str, value: Value) -> None:
    assert told(library, text).get(name) == value


KNEXFILE = """
const base = { client: 'pg', pool: { min: 2, max: 10 } };
module.exports = {
  development: { ...base, connection: 'postgres://localhost/x' },
  production: { ...base, connection: process.env.DATABASE_URL, pool: { min: 2, max: 40 } },
};
"""
CONFIG = """{
  "development": {"dialect": "postgres", "host": "localhost"},
  "production": {"dialect": "postgres", "host": "db", "port": 5432, "pool": {"max": 25, "acquire": 30000}}
}
"""
SCHEMA = """generator client {
  provider = "prisma-client-js"
}

datasource db {
  provider = "postgresql" // the shop's
  url      = env("DATABASE_URL")
}

model User {
  id Int @id @default(autoincrement())
}
"""


def test_a_knexfile_holds_for_production() -> None:
    found = told("knex", KNEXFILE, "knexfile.js", DATABASE_URL="postgres://db/x")
    assert found["max"] == Amount.of(40)
    assert found["connection"] == "postgres://db/x"


def test_a_configuration_of_sequelize_holds_for_production() -> None:
    found = told("sequelize", CONFIG, "config/config.json")
    assert (found["max"], found["host"]) == (Amount.of(25), "db")


def test_the_address_of_prisma_stands_in_the_environment() -> None:
    found = told(
        "prisma",
        SCHEMA,
        "schema.prisma",
        DATABASE_URL="postgres://db/x?connection_limit=5&pool_timeout=0",
    )
    assert found["connection_limit"] == Amount.of(5)
    assert found["pool_timeout"] == Amount.of(UNLIMITED, SECONDS)


def test_an_address_that_nobody_gives_may_say_anything() -> None:
    found = told("prisma", SCHEMA, "schema.prisma")
    assert found["connection_limit"] == Unknown("the environment does not give DATABASE_URL")


def links(library_text: str, target: str, path: str = "db.js", more: str = "") -> list[Link]:
    stated = (
        "services:\n  app: {technology: node, files: [" + path + "]" + more + "}\n"
        "  far: {technology: " + target + "}\nlinks: [{from: app, to: far}]\n"
    )
    return list(read_texts({"plimsoll.yaml": stated, path: library_text}).links)


@pytest.mark.parametrize(
    ("text", "target", "library", "name"),
    [
        (PG + "new Pool({ max: 20 })", "postgresql", "node-pg", "max"),
        (PG + "new Pool({ max: 20, host: cfg.host })", "postgresql", "node-pg", "max"),
        (PG + "new Pool({ max: 20, connectionString: process.env.URL })", "postgresql", "node-pg", "max"),
        ("const r = require('ioredis'); new r()", "redis", "ioredis", "Redis"),
        ("require('redis').createClient({ url: process.env.REDIS_URL })", "redis", "node-redis", "url"),
        ("require('mysql2').createPool({ connectionLimit: 5 })", "mysql", "mysql2", "connectionLimit"),
        ("require('bullmq'); const { Queue } = require('bullmq'); new Queue('q')", "redis", "bullmq", "name"),
    ],
)  # fmt: skip
def test_a_stated_link_takes_the_library_of_the_code(
    text: str, target: str, library: str, name: str
) -> None:
    (found,) = links(text, target)
    assert found.library == library
    assert found.part is not None
    assert name in found.settings


def test_an_address_shows_a_link_that_nobody_states() -> None:
    stack = read_texts(
        {
            "plimsoll.yaml": "services:\n  app: {technology: node, files: [db.js]}\n"
            "  db: {technology: postgresql}\n  other: {technology: postgresql}\n",
            "db.js": PG + "new Pool({ host: 'db', max: 33 })",
        }
    )
    assert [(x.source, x.target, x.library) for x in stack.links] == [("app", "db", "node-pg")]
    assert stack.links[0].settings["max"].value == Amount.of(33)


def test_what_is_stated_of_a_link_beats_the_code() -> None:
    stated = (
        "services:\n  app: {technology: node, files: [db.js]}\n  db: {technology: postgresql}\n"
        "links: [{from: app, to: db, connections: 3}]\n"
    )
    text = PG + "new Pool({ max: 33 })"
    (found,) = read_texts({"plimsoll.yaml": stated, "db.js": text}).links
    assert str(found.settings["connections"].value) == "3"
    assert str(found.settings["max"].value) == "33"


def test_another_library_than_that_of_the_code_has_its_own_defaults() -> None:
    stated = (
        "services:\n  app: {technology: node, files: [db.js]}\n  db: {technology: postgresql}\n"
        "links: [{from: app, to: db, pool: knex}]\n"
    )
    (found,) = read_texts({"plimsoll.yaml": stated, "db.js": PG + "new Pool({ max: 33 })"}).links
    assert found.library == "knex"
    assert dict(found.settings) == {}


def test_a_dependency_on_bullmq_tells_of_queues() -> None:
    (found,) = links('{"dependencies": {"bullmq": "3.10.4"}}', "redis", "package.json")
    assert found.library == "bullmq"


@pytest.mark.parametrize("library", LIBRARIES)
@given(
    st.sampled_from(
        [PG + "const p = new Pool({ max: 20, a: [1, `b${c}`] });\n", KNEXFILE, CONFIG, SCHEMA]
    ),
    st.integers(0, 200),
    st.text(max_size=4),
    st.sampled_from(["a.js", "knexfile.js", "config/config.json", "schema.prisma", "package.json"]),
)
@drawn(8, 100)
def test_it_never_raises_and_places_are_right(
    library: str, sample: str, at: int, inserted: str, path: str
) -> None:
    known = technology(library)
    assert known is not None
    assert known.reader is not None
    text = sample[:at] + inserted + sample[at:]
    assert wrong_places(known.reader, text, path) == []


@pytest.mark.parametrize("text", ["", "\ufeff", "\x00\udcff" * 50, "{" * 5000, "[" * 5000])
@pytest.mark.parametrize("library", LIBRARIES)
def test_hostile_texts(library: str, text: str) -> None:
    known = technology(library)
    assert known is not None
    assert known.reader is not None
    for path in ("a.js", "knexfile.js", "config/config.json", "schema.prisma"):
        found = list(known.reader.read(text, path))
        assert all(isinstance(i, Unread | Setting) for i in found)
