"""A rule's examples as its tests: what passes, and what is said of what does not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from plimsoll.check.examples import Result, run_examples
from plimsoll.model.rule import Rule
from plimsoll.model.setting import Setting, Unread
from plimsoll.model.stack import Stack
from plimsoll.stack.statement import StackError
from support.stacks import KNOWN, at, count, limits, rule, service, size, stack


def read(files: Mapping[str, str]) -> Stack:
    """A store of `name value` lines; one file may state its memory in MiB, or be broken."""
    settings, memory, unread = [], None, []
    for path, text in files.items():
        assert "<- here" not in text
        for number, line in enumerate(text.split("\n"), start=1):
            name, _, said = line.partition(" ")
            if name == "memory":
                memory = size(int(said))
            elif name == "broken":
                raise StackError(f"{path}:{number}: broken")
            elif name == "template":
                unread.append(Unread(path, "a template", at(path, number)))
            elif said:
                value = size(int(said)) if name in ("cache_size", "work_mem") else count(int(said))
                settings.append(Setting(name, said, at(path, number), value=value))
    own = limits(memory=memory) if memory else {}
    return stack(service("db", "store", *settings, limits=own), unread=tuple(unread))


def asked(example: str, body: str = "") -> Rule:
    return rule(f"""
        for: {{service: s, technology: [store]}}
        let: {{floor: s.cache_size}}
        limit: s.memory
        levels:
          - {{severity: critical, load: floor, effect: {{cache_size: s.memory}}}}
          - {{severity: low, load: s.cache_size + s.work_mem}}
        {body or "message: '{load} of {limit}'"}
        examples:
          - {example}
          - flagged: {{a: "memory 1"}}
    """)


def result(example: str, body: str = "") -> Result:
    made = asked(example, body)
    return run_examples(made, [made], read, KNOWN)[0]


PASSED = {
    "flagged": 'flagged: {a: "memory 1"}',
    "clean": 'clean: {a: "memory 100"}',
    "skipped": 'skipped: {a: ""}',
    "mark at the end": r'flagged: {a: "memory 1\ncache_size 5   # <- here\n"}',
    "mark above": r'flagged: {a: "memory 1\n; <- here\ncache_size 5\n"}',
    "mark in other words": r'flagged: {a: "memory 1\ncache_size 5 // <- here, twice the memory\n"}',
    "mark in one of two files": r'flagged: {a: "memory 1", b: "x\ncache_size 5 # <- here"}',
    "severity": 'flagged: {a: "memory 1"}\n            expect: {severity: critical}',
    "level": 'flagged: {a: "memory 66"}\n            expect: {level: low, severity: low}',
    "load and limit": 'flagged: {a: "memory 1"}\n            expect: {load: 64MiB, limit: 1048576}',
    "culprit": 'flagged: {a: "memory 1"}\n            expect: {culprit: cache_size}',
    "effect": 'flagged: {a: "memory 1"}\n            expect: {effect: {cache_size: 1 MiB}}',
    "effect as an amount": 'flagged: {a: "memory 1"}\n            expect: {effect: {cache_size: 1024KiB}}',
}


@pytest.mark.parametrize("example", PASSED.values(), ids=PASSED.keys())
def test_an_example_that_is_as_it_says_passes(example: str) -> None:
    found = result(example)
    assert (found.problem, found.is_passed) == ("", True)


FAILED = {
    "not flagged": ('flagged: {a: "memory 100"}', "is not flagged"),
    "flagged but skipped": ('flagged: {a: ""}', "is skipped: needs memory of db"),
    "not clean": ('clean: {a: "memory 1"}', "is flagged: 64 MiB of 1 MiB"),
    "clean but skipped": ('clean: {a: ""}', "is skipped: needs memory of db"),
    "clean but not read": (r'clean: {a: "memory 100\ntemplate x"}', "is not read: a:2: a template"),
    "not skipped": ('skipped: {a: "memory 100"}', "is not skipped"),
    "skipped but flagged": ('skipped: {a: "memory 1"}', "is flagged: 64 MiB of 1 MiB"),
    "no stack": ('clean: {a: "broken"}', "the files make no stack: a:1: broken"),
    "mark elsewhere": (
        r'flagged: {a: "memory 1 # <- here\ncache_size 5"}',
        "the culprit is cache_size (a:2), not a:1",
    ),
    "mark of a default": (
        'flagged: {a: "memory 1 # <- here"}',
        "the culprit is cache-size (nowhere), not a:1",
    ),
    "severity": (
        'flagged: {a: "memory 1"}\n            expect: {severity: low}',
        "the severity is critical, not low",
    ),
    "level": (
        'flagged: {a: "memory 1"}\n            expect: {level: low}',
        "the level is floor, not low",
    ),
    "load": (
        'flagged: {a: "memory 1"}\n            expect: {load: 63MiB}',
        "the load is 64 MiB, not 63MiB",
    ),
    "limit": (
        'flagged: {a: "memory 1"}\n            expect: {limit: 2MiB}',
        "the limit is 1 MiB, not 2MiB",
    ),
    "culprit": (
        'flagged: {a: "memory 1"}\n            expect: {culprit: work_mem}',
        "the culprit is cache-size, not work_mem",
    ),
    "effect": (
        'flagged: {a: "memory 1"}\n            expect: {effect: {cache_size: 3MiB}}',
        "the effect on cache_size is 1 MiB, not 3MiB",
    ),
    "no effect": (
        'flagged: {a: "memory 1"}\n            expect: {effect: {work_mem: 3MiB}}',
        "the effect on work_mem is none, not 3MiB",
    ),
}


@pytest.mark.parametrize(("example", "said"), FAILED.values(), ids=FAILED.keys())
def test_an_example_that_is_not_as_it_says_fails(example: str, said: str) -> None:
    found = result(example)
    assert (found.problem, found.is_passed) == (said, False)


def test_a_result_says_where_its_example_stands() -> None:
    found = result('clean: {a: "memory 1"}')
    place = found.example.place
    assert str(found) == f"{place}: demo: clean: is flagged: 64 MiB of 1 MiB"
    assert place.path == "rules/demo.yaml"


def test_the_rules_of_unless_take_part() -> None:
    special = rule("severity: critical\nfor: {service: s}\nload: s.memory\nlimit: 0", id="special")
    made = asked('clean: {a: "memory 1"}', "unless: [special]")
    results = run_examples(made, [special, made], read, KNOWN)
    assert [each.problem for each in results] == ["", "is not flagged"]
