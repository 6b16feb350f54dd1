"""Node's command line, alone and behind pm2 and npm, and the variables that it reads."""

from __future__ import annotations

import os
import subprocess

import pytest

from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import MIB, Amount
from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula, Include, Item, Origin, Setting, Status, Unread
from plimsoll.model.version import Version
from plimsoll.stack import read_texts
from plimsoll.stack.settle import settled
from plimsoll.syntax.shell import words
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies import technology
from plimsoll.technologies.node.command_line import arguments
from plimsoll.technologies.node.reader import READER
from support.programs import need

NODE = technology("node")
assert NODE is not None
DESCRIBED = NODE.schema


def read(line: str, **variables: str) -> list[Item]:
    place = Place("Procfile", Span(1, 1, 1, 1 + len(line)))
    given = {name: Word(value) for name, value in variables.items()}
    return [i for i in arguments(words(line, place), given) if getattr(i, "name", "") != "environ"]


def held(line: str, **variables: str) -> dict[str, str]:
    return {s.name: s.text for s in read(line, **variables) if isinstance(s, Setting)}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("node --max-old-space-size=512 app.js --port=1", {"max-old-space-size": "512"}),
        ("node --max_old_space_size=512 app.js", {"max-old-space-size": "512"}),
        ("/usr/bin/node -r dotenv/config app.js", {"r": "dotenv/config"}),
        ("node --max-http-header-size 32768 app.js", {"max-http-header-size": "32768"}),
        ("node --inspect app.js", {"inspect": "true"}),
        ("dumb-init node --max-old-space-size=9 app", {"max-old-space-size": "9"}),
        ("sh -c 'exec node --max-old-space-size=9 app'", {"max-old-space-size": "9"}),
        ("npx tsx --max-old-space-size=9 app.ts", {"max-old-space-size": "9"}),
        ("pm2-runtime start server.js -i max", {"instances": "max"}),
        ("pm2 start app.js --instances=4 --kill-timeout 5000", {"instances": "4", "kill_timeout": "5000"}),
        ("pm2 start app.js --node-args='--max-old-space-size=7' -- -i 3", {"max-old-space-size": "7"}),
        ("pm2 start app.js --name -i", {}),
    ],
)  # fmt: skip
def test_command_lines(line: str, expected: dict[str, str]) -> None:
    assert held(line) == expected


@pytest.mark.parametrize(
    ("line", "patterns"),
    [
        ("node server", ["server.js"]),
        ("node ./dist/main.mjs", ["dist/main.mjs"]),
        ("node /opt/app.js", []),
        ("npm start", ["package.json"]),
        ("npm run start:prod", ["package.json"]),
        ("pm2-runtime ecosystem.config.js", ["ecosystem.config.js"]),
    ],
)
def test_files_that_it_names(line: str, patterns: list[str]) -> None:
    assert [i.pattern for i in read(line) if isinstance(i, Include)] == patterns


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("max", Formula("s.cores_seen")), ("0", Formula("s.cores_seen")),
        ("-1", Formula("max(1, s.cores_seen - 1)")), ("3", Amount.of(3)),
    ],
)  # fmt: skip
def test_instances(text: str, value: object) -> None:
    given = [i for i in read(f"pm2 start a.js -i {text}") if isinstance(i, Setting)]
    (found,) = settled(READER, DESCRIBED, given)
    assert found.value == value


def test_the_command_line_beats_the_variable() -> None:
    found = read("node --max-old-space-size=100 a.js", NODE_OPTIONS="--max-old-space-size=50")
    done = settled(READER, DESCRIBED, [s for s in found if isinstance(s, Setting)])
    assert [(s.origin, s.status) for s in done] == [
        (Origin.ENVIRONMENT, Status.SHADOWED),
        (Origin.COMMAND_LINE, Status.EFFECTIVE),
    ]
    assert str(done[1].value) == "100 MiB"


def test_a_size_without_its_mark_is_refused() -> None:
    (found,) = (s for s in read("node --max-old-space-size 512 a.js") if isinstance(s, Setting))
    assert found.status is Status.REFUSED


def test_a_variable_that_nobody_tells_is_unread() -> None:
    word = Uncertain("$X")
    assert any(isinstance(i, Unread) for i in arguments((), {"NODE_OPTIONS": word}))


@pytest.mark.real
@pytest.mark.parametrize(
    ("line", "variable"),
    [
        ("--max-old-space-size=100", ""), ("--max_old_space_size=64", ""), ("", "--max-old-space-size=80"),
        ("--max-old-space-size=100", "--max-old-space-size=50"), ("--max-old-space-size 100", ""),
        ("--max-http-header-size 8192", ""), ("--max-http-header-size=9000", "--max-http-header-size=1"),
        ("--stack-size 900", ""),
    ],
)  # fmt: skip
def test_what_node_makes_of_it(line: str, variable: str) -> None:
    program = need("node", "nodejs")
    script = "v8.getHeapStatistics().heap_size_limit + ' ' + http.maxHeaderSize"
    done = subprocess.run(
        [program, *line.split(), "-p", script],
        env={"PATH": os.environ["PATH"], "NODE_OPTIONS": variable},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    found = [s for s in read(f"node {line} a.js", NODE_OPTIONS=variable) if isinstance(s, Setting)]
    known = settled(READER, DESCRIBED, found)
    assert (done.returncode != 0) is any(s.status is Status.REFUSED for s in known)
    if done.returncode:
        return
    limit, header = (int(word) for word in done.stdout.split())
    mine = {s.name: s.value for s in known if s.status is Status.EFFECTIVE}
    heap, size = mine.get("max-old-space-size"), mine.get("max-http-header-size")
    if isinstance(heap, Amount):  # the young generation comes on top
        assert heap.low <= limit <= heap.low + 100 * MIB
    if isinstance(size, Amount):
        assert size.low == header


@pytest.mark.parametrize(
    ("version", "memory", "expected"),
    [("18", 512, 4096), ("20", 512, 256), ("22", 1024, 512), ("24", 8192, 2048)],
)
def test_the_heap_under_a_limit(version: str, memory: int, expected: int) -> None:
    from plimsoll.check.library import knowledge
    from plimsoll.check.world.base import thing
    from plimsoll.check.world.stack import StackWorld

    text = f"""
hosts: {{h: {{memory: 24GiB}}}}
services: {{a: {{technology: node, host: h, version: '{version}', memory: {memory}MiB}}}}
"""
    stack = read_texts({"plimsoll.yaml": text})
    assert stack.services["a"].version == Version(version)
    found = StackWorld(stack, knowledge()).attribute(thing(stack.services["a"]), "heap")
    assert getattr(found, "low", None) == expected * MIB
