"""Rules of the kind `exact` against Redis: what it refuses, and what it makes of other values."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from plimsoll.check import load_rules
from plimsoll.model.rule import Example, Verdict
from plimsoll.model.setting import Setting
from plimsoll.stack import read_texts
from support.programs import need
from support.servers import Redis, folder_of_nobody

pytestmark = pytest.mark.real

REFUSING = "redis-value-refused"
CUTTING = "redis-clients-cut-by-descriptors"
ALTERING = {
    "redis-hz-capped": "hz",
    "redis-decimal-suffix": "maxmemory",
    "redis-save-lost-by-include": "save",
}


def examples(*rules: str) -> Iterator[object]:
    for rule in load_rules():
        for each in rule.examples if rule.id in rules else ():
            if each.verdict is not Verdict.SKIPPED:
                name = f"{rule.id}-{each.verdict}-{each.place.span.line}"
                yield pytest.param(rule.id, each, id=name)


@pytest.fixture(scope="module")
def server() -> Iterator[Redis]:
    need("redis-server", "redis-server")
    with folder_of_nobody() as folder:
        yield Redis(folder)


@pytest.mark.parametrize(("rule", "example"), list(examples(REFUSING)))
def test_the_server_refuses_what_the_rule_flags(server: Redis, rule: str, example: Example) -> None:
    refusal = server.refusal(example.files["redis.conf"])
    assert (refusal is not None) == (example.verdict is Verdict.FLAGGED), rule


@pytest.mark.parametrize(("rule", "example"), list(examples(CUTTING)))
def test_the_server_cuts_its_clients_as_the_rule_says(
    server: Redis, rule: str, example: Example
) -> None:
    files = example.files
    found = re.search(r"nofile(?:_hard)?: (\d+)\}", files["plimsoll.yaml"])
    wanted = re.search(r"maxclients (\d+)", files["redis.conf"])
    assert found, rule
    assert wanted
    with server.running("--maxclients", wanted[1], nofile=int(found[1])):
        granted = int(server.config()["maxclients"])
    if example.verdict is Verdict.CLEAN:
        assert granted == int(wanted[1])
    else:
        assert granted == int(found[1]) - 32


@pytest.mark.parametrize(("rule", "example"), list(examples(*ALTERING)))
def test_the_server_holds_what_we_say_that_it_makes_of_it(
    server: Redis, rule: str, example: Example
) -> None:
    for path, text in example.files.items():
        (server.folder / path).write_text(text, "utf-8")
    name = ALTERING[rule]
    with server.running(server.folder / "redis.conf"):
        theirs = server.config()[name]
    held = [s for s in _settings(example) if s.name == name and s.status == "effective"]
    if name == "save":
        assert theirs == " ".join(s.text for s in held if s.text)
    else:
        assert [str(getattr(s.value, "low", "")) for s in held] == [theirs]


def _settings(example: Example) -> tuple[Setting, ...]:
    (service,) = read_texts(example.files).services.values()
    return service.settings
