"""Servers on Node: what JavaScript and package.json say of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import COUNT, SECONDS, UNLIMITED, Amount
from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula, Include, Item, Setting, Status, Unknown, Unread, Value
from plimsoll.stack import read_texts
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.node.reader import READER
from support.counts import drawn
from support.places import wrong_places

NODE = technology("node")
assert NODE is not None
SCHEMA = NODE.schema
CASES = Path(__file__).resolve().parents[4] / "shared" / "cases"


def read(text: str, path: str = "server.js") -> list[Item]:
    return list(READER.read(text, path))


def told(text: str, path: str = "server.js", **variables: str) -> dict[str, Value | None]:
    """The effective settings of a file, settled with an environment."""
    assert READER.arguments is not None
    words = {name: Word(value) for name, value in variables.items()}
    given_ = [s for s in read(text, path) if isinstance(s, Setting)]
    given_ += [s for s in READER.arguments((), words) if isinstance(s, Setting)]
    found = settled(READER, SCHEMA, given_)
    return {s.name: s.value for s in found if s.status is Status.EFFECTIVE}


def seconds(number: int) -> Amount:
    return Amount.of(number, SECONDS)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("server.keepAliveTimeout = 65 * 1000", "keepAliveTimeout", seconds(65)),
        ("const s = app.listen(1); s.headersTimeout = 66_000;", "headersTimeout", seconds(66)),
        ("server.keepAliveTimeout = 0", "keepAliveTimeout", Amount.of(UNLIMITED, SECONDS)),
        ("server.timeout = 120000", "timeout", seconds(120)),
        ("server.setTimeout(30 * 1000)", "timeout", seconds(30)),
        ("http.createServer({ requestTimeout: 5000 }, app)", "requestTimeout", seconds(5)),
        ("server.maxRequestsPerSocket = 100", "maxRequestsPerSocket", Amount.of(100, COUNT)),
        ("const app = require('fastify')({ connectionTimeout: 2000 })", "connectionTimeout", seconds(2)),
        ("const app = require('fastify')()", "keepAliveTimeout", seconds(72)),
        ("require('http').globalAgent.maxSockets = 20", "globalAgent.maxSockets", Amount.of(20)),
        ("process.env.UV_THREADPOOL_SIZE = 16", "UV_THREADPOOL_SIZE", Amount.of(16)),
        ("app.listen(3000, '0.0.0.0', 128)", "listen.backlog", Amount.of(128)),
        ("app.listen({ port: 80, backlog: 64 })", "listen.backlog", Amount.of(64)),
        ("app.listen(process.env.PORT || 8080)", "listen.port", Amount.of(8080)),
        ("const {json} = require('body-parser'); app.use(json({limit: '10mb'}))", "json.limit", None),
        ("if (x) { server.keepAliveTimeout = 1 }", "keepAliveTimeout", Unknown("only where x")),
        (
            "const n = require('os').cpus().length;\nfor (let i = 0; i < n; i++) cluster.fork();",
            "cluster.fork", Formula("s.cores_seen"),
        ),
        ("while (x) cluster.fork()", "cluster.fork", Unknown("the code decides how often it forks")),
        ("a.keepAliveTimeout = 1000\nb.keepAliveTimeout = 3000", "keepAliveTimeout", Amount(1, 3, SECONDS)),
    ],
)  # fmt: skip
def test_what_a_file_sets(text: str, name: str, value: Value | None) -> None:
    found = told(text)
    assert name in found
    assert value is None or found[name] == value


@pytest.mark.parametrize(
    "text",
    [
        "client.timeout = 5",
        "setTimeout(f, 5)",
        "request.setTimeout(5)",
        "history.listen(() => {})",
        "net.createServer({ timeout: 5 })",
        "// server.keepAliveTimeout = 5",
        "options.keepAlive = true",
        "map.set('a', 1)",
    ],
)
def test_what_is_none_of_a_server_s(text: str) -> None:
    assert told(text) == {}


def test_the_environment_decides() -> None:
    text = "server.keepAliveTimeout = Number(process.env.KEEP || 5000);"
    assert told(text)["keepAliveTimeout"] == seconds(5)
    assert told(text, KEEP="65000")["keepAliveTimeout"] == seconds(65)


def test_a_branch_that_is_not_taken_does_not_hold() -> None:
    text = "if (process.env.SLOW) { server.keepAliveTimeout = 1000 } else { server.headersTimeout = 2000 }"
    assert told(text) == {"headersTimeout": seconds(2)}


def test_package_json_says_how_it_is_started() -> None:
    text = '{\n  "engines": {"node": ">=18"},\n  "scripts": {"start": "NODE_OPTIONS=--max-old-space-size=512 node srv.js"}\n}\n'
    found = read(text, "package.json")
    held = {s.name: s for s in found if isinstance(s, Setting)}
    assert held["engines.node"].text == ">=18"
    heap = held["max-old-space-size"]
    assert heap.text == "512"
    assert heap.place is not None
    line = text.split("\n")[heap.place.span.line - 1]
    assert "--max-old-space-size=512" in line[heap.place.span.column - 1 :]
    assert [i.pattern for i in found if isinstance(i, Include)] == ["srv.js"]


def test_a_package_json_that_is_none() -> None:
    (found,) = read('{"scripts": {"start": "node a.js",}}', "package.json")
    assert isinstance(found, Unread)
    assert "not JSON" in found.reason


def test_options_behind_the_shebang() -> None:
    (found,) = read("#!/usr/bin/env -S node --max-old-space-size=256\n", "cli.js")
    assert isinstance(found, Setting)
    assert (found.name, found.text) == ("max-old-space-size", "256")


def test_the_applications_of_pm2_s_file() -> None:
    text = "module.exports = {apps: [{script: 'a.js', instances: 'max', node_args: '--max-old-space-size=300'}]}"
    found = told(text, "ecosystem.config.js")
    assert found["instances"] == Formula("s.cores_seen")
    assert str(found["max-old-space-size"]) == "300 MiB"


def test_instances_of_several_applications_are_added_up() -> None:
    text = "module.exports = {apps: [{script: 'a.js', instances: 3}, {script: 'b.js'}]}"
    assert told(text, "ecosystem.config.js")["instances"] == Amount.of(4)


STORE = "app.use(session({ store: new MemcachedStore({ hosts: ['cache:11211'], ttl: 86400 }) }));\n"


def test_a_session_store_is_a_part_and_a_link() -> None:
    stack = read_texts(
        {
            "plimsoll.yaml": "services:\n  app: {technology: node, files: [session.js]}\n"
            "  sessions: {technology: memcached}\nlinks: [{from: app, to: sessions}]\n",
            "session.js": STORE,
        }
    )
    (link,) = stack.links
    assert link.part is not None
    assert link.part.type == "session_store"
    assert link.settings["ttl"].value == seconds(86400)


@pytest.mark.parametrize(
    ("case", "path", "name", "line"),
    [("MC-202", "session.js", "ttl", 1), ("MC-103", "fixed/server.ts", "keepAliveTimeout", 2)],
)
def test_the_cases(case: str, path: str, name: str, line: int) -> None:
    file = CASES / case / path
    if not file.is_file():
        pytest.skip("the cases are not beside the project")
    found = [s for s in read(file.read_text(), path) if isinstance(s, Setting) and s.name == name]
    assert [s.place.span.line for s in found if s.place] == [line]


SAMPLES = [
    "const s = require('http').createServer({ keepAliveTimeout: 5000 }).listen(3000);\ns.headersTimeout = 6 * 1000;\n",
    STORE,
    '#!/usr/bin/env node\n{"scripts": {"start": "node a.js"}}\n',
]


@given(st.sampled_from(SAMPLES), st.integers(0, 120), st.text(max_size=4), st.booleans())
@drawn(30, 100)
def test_it_never_raises_and_places_are_right(
    sample: str, at: int, inserted: str, is_json: bool
) -> None:
    text = sample[:at] + inserted + sample[at:]
    assert wrong_places(READER, text, "package.json" if is_json else "a.js") == []


@pytest.mark.parametrize("text", ["", "\ufeff", "\x00\udcff" * 50, "{" * 5000, "x" * 100_000])
def test_hostile_texts(text: str) -> None:
    for path in ("a.js", "package.json", "ecosystem.config.js"):
        assert all(item.place is None or item.place.path == path for item in read(text, path))
