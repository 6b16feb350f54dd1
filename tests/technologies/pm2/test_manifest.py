"""pm2's files: each application a service, with what pm2 does to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import BYTES, MIB, SECONDS, Amount
from plimsoll.model.reader import Deployment
from plimsoll.model.setting import Formula, Setting, Status, Unread
from plimsoll.stack import read_texts
from plimsoll.stack.settle import settled
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies import technology
from plimsoll.technologies.pm2.manifest import MANIFEST
from plimsoll.technologies.pm2.reader import READER
from support.counts import drawn
from support.places import wrong_places

PM2 = technology("pm2")
assert PM2 is not None
DESCRIBED = PM2.schema
JS = """module.exports = {
  apps: [{
    name: 'api',
    script: './server.js',
    instances: 'max',
    max_memory_restart: '300M',
    node_args: ['--max-old-space-size=512'],
    kill_timeout: 5 * 1000,
    env: { PORT: 3000, MODE: 'a' },
    env_production: { MODE: 'b', KEY: secrets.key },
  }, { script: 'lib/worker.js', args: 'a b' }],
  deploy: { production: { user: 'x' } },
};
"""
YAML = (
    "apps:\n  - name: api\n    script: server.js\n    instances: -1\n    max_memory_restart: 1G\n"
)
JSON = '{"apps": [{"name": "api", "script": "server.js", "instances": 4}]}\n'


def described(text: str, path: str) -> list[Deployment | Unread]:
    return list(MANIFEST.describe([path], {path: text}.__getitem__))


def test_applications_of_javascript() -> None:
    api, worker = described(JS, "ecosystem.config.js")
    assert isinstance(api, Deployment)
    assert isinstance(worker, Deployment)
    assert [w.text for w in api.command] == [
        "pm2-runtime", "start", "./server.js", "-i", "max", "--kill-timeout", "5000",
        "--max-memory-restart", "300M", "--node-args", "--max-old-space-size=512",
    ]  # fmt: skip
    assert {n: w.text for n, w in api.environment.items()} == {
        "PORT": "3000",
        "MODE": "b",
        "KEY": "secrets.key",
    }
    assert isinstance(api.environment["KEY"], Uncertain)
    assert worker.name == "worker"
    assert [w.text for w in worker.command[-3:]] == ["--", "a", "b"]


@pytest.mark.parametrize(
    ("text", "path", "instances"),
    [(YAML, "ecosystem.yml", "-1"), (JSON, "process.json", "4"), (JSON, "ecosystem.json", "4")],
)
def test_other_formats(text: str, path: str, instances: str) -> None:
    (found,) = described(text, path)
    assert isinstance(found, Deployment)
    assert found.name == "api"
    texts = [w.text for w in found.command]
    assert texts[texts.index("-i") + 1] == instances


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("module.exports = {", "ecosystem.config.js"),
        ("module.exports = make()", "ecosystem.config.js"),
        ("apps: [", "ecosystem.yml"),
        ("", "ecosystem.json"),
    ],
)
def test_what_cannot_be_read(text: str, path: str) -> None:
    assert [type(found) for found in described(text, path)] == [Unread]


def test_a_service_on_node_with_its_grace() -> None:
    stack = read_texts({"ecosystem.config.js": JS})
    api = stack.services["api"]
    assert api.technology == "node"
    instances = api.setting("instances")
    assert instances is not None
    assert instances.value == Formula("s.cores_seen")
    assert instances.place is not None
    assert (instances.place.path, instances.place.span.line) == ("ecosystem.config.js", 5)
    assert api.limit("grace").amount == Amount.of(5, SECONDS)


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("instances: 'max'", "instances", Formula("s.cores_seen")),
        ("instances: -2", "instances", Formula("max(1, s.cores_seen - 2)")),
        ("instances: 3", "instances", Amount.of(3)),
        ("max_memory_restart: '300M'", "max_memory_restart", Amount.of(300 * MIB, BYTES)),
        ("max_memory_restart: 1048576", "max_memory_restart", Amount.of(MIB, BYTES)),
        ("kill_timeout: '3s'", "kill_timeout", Amount.of(3, SECONDS)),
        ("killTimeout: 3000", "kill_timeout", Amount.of(3, SECONDS)),
    ],
)
def test_values(line: str, name: str, value: object) -> None:
    text = f"module.exports = {{apps: [{{script: 'a.js', {line}}}]}}"
    found = settled(
        READER,
        DESCRIBED,
        [s for s in READER.read(text, "ecosystem.config.js") if isinstance(s, Setting)],
    )
    assert [s.value for s in found if s.name == name] == [value]


@pytest.mark.parametrize("text", ["300MB", "0.5G", "x"])
def test_sizes_that_pm2_refuses(text: str) -> None:
    source = f"module.exports = {{apps: [{{script: 'a.js', max_memory_restart: '{text}'}}]}}"
    given_ = [s for s in READER.read(source, "ecosystem.config.js") if isinstance(s, Setting)]
    found = settled(READER, DESCRIBED, given_)
    assert [s.status for s in found if s.name == "max_memory_restart"] == [Status.REFUSED]


@given(st.sampled_from([(JS, "ecosystem.config.js"), (YAML, "ecosystem.yml"), (JSON, "process.json")]),
       st.integers(0, 400), st.text(max_size=4))  # fmt: skip
@drawn(25, 100)
def test_it_never_raises_and_places_are_right(
    sample: tuple[str, str], at: int, inserted: str
) -> None:
    text, path = sample
    broken = text[:at] + inserted + text[at:]
    assert wrong_places(READER, broken, path) == []
    assert all(isinstance(each, Deployment | Unread) for each in described(broken, path))
