"""The JSON Schemas of our files: they take what the readers take, and refuse what those refuse."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import schemas
from plimsoll.check import FileError, load_rules
from plimsoll.check.rules import read_rule
from plimsoll.cli import schema
from plimsoll.stack.statement import StackError, read_statement

ROOT = Path(__file__).resolve().parent.parent
RULES = sorted(ROOT.glob("src/plimsoll/**/rules/*.yaml")) + sorted(
    ROOT.glob("src/plimsoll/check/across/*.yaml")
)
STATEMENTS = [
    *(p for top in ("examples", "tests") for p in sorted(ROOT.glob(f"{top}/**/plimsoll*.yaml"))),
]


class Editor(yaml.SafeLoader):
    """YAML as editors read it: the core schema of 1.2, in which dates and `off` are texts."""


Editor.yaml_implicit_resolvers = {
    first: [
        (tag, found)
        for tag, found in resolvers
        if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Editor.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


@cache
def validator(name: str) -> Any:
    found = json.loads((schemas.FOLDER / name).read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


def problems(name: str, text: str) -> list[str]:
    said = yaml.load(text, Editor)  # noqa: S506 - a safe loader
    return [each.message for each in validator(name).iter_errors(said)]


@pytest.mark.parametrize("name", schemas.FILES)
def test_the_files_are_what_make_docs_writes(name: str) -> None:
    assert (schemas.FOLDER / name).read_text("utf-8") == schema.text(schemas.FILES[name])


@pytest.mark.parametrize("path", RULES, ids=lambda p: p.stem)
def test_every_rule_is_taken(path: Path) -> None:
    assert problems("rule.schema.json", path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", STATEMENTS, ids=lambda p: p.parent.name)
def test_every_plimsoll_yaml_is_taken(path: Path) -> None:
    assert problems("plimsoll.schema.json", path.read_text("utf-8")) == []


def test_the_statements_of_all_examples_are_taken() -> None:
    stated = {
        text
        for rule in load_rules()
        for example in rule.examples
        for name, text in example.files.items()
        if name == "plimsoll.yaml"
    }
    assert len(stated) > 10
    assert {
        text: found for text in stated if (found := problems("plimsoll.schema.json", text))
    } == {}


REFUSED = [
    ("an unknown key", "servces: {}"),
    ("an unknown key of a host", "hosts: {a: {memry: 1GiB}}"),
    ("an unknown key of a service", "services: {a: {file: [x]}}"),
    ("an unknown role", "services: {a: {role: cash}}"),
    ("an unknown limit", "services: {a: {limits: {nofiles: 3}}}"),
    ("a link without an end", "links: [{from: a}]"),
    ("a truth that is none", "links: [{from: a, to: b, checked: 3}]"),
    ("a measured thing without its owner", "measured: {memory: 3}"),
    ("an accepted finding without a reason", "ignore: [{rule: x}]"),
    ("a severity that is none", "rules: {x: {severity: bad}}"),
    ("a list where names are needed", "services: [a]"),
]


@pytest.mark.parametrize("text", [pytest.param(t, id=i) for i, t in REFUSED])
def test_what_the_reader_of_plimsoll_yaml_refuses_is_refused(text: str) -> None:
    with pytest.raises(StackError):
        read_statement(text)
    assert problems("plimsoll.schema.json", text)


RULE = """
id: a-rule
title: It does not fit
kind: bound
severity: high
for: {service: s}
load: s.processes
limit: s.cores
why: Because.
source: [a manual]
examples: [{flagged: {a.conf: x}}]
"""
WRONG = [
    ("an unknown key", RULE + "severty: low\n"),
    ("no source", RULE.replace("source: [a manual]\n", "")),
    ("an id that is none", RULE.replace("a-rule", "A_Rule")),
    ("no such kind", RULE.replace("bound", "bund")),
    ("two kinds of target", RULE.replace("{service: s}", "{service: s, host: h}")),
    ("a part without its type", RULE.replace("{service: s}", "{part: p}")),
    ("a load line with conditions", RULE + "require: s.cores > 1\n"),
    ("an example that is two things", RULE.replace("x}}]", "x}, clean: {a: b}}]")),
    ("an example with an unknown key", RULE.replace("x}}]", "x}, expects: {load: 1}}]")),
]


@pytest.mark.parametrize("text", [pytest.param(t, id=i) for i, t in WRONG])
def test_what_the_reader_of_rules_refuses_is_refused(text: str) -> None:
    with pytest.raises(FileError):
        read_rule(text, "a-rule.yaml")
    assert problems("rule.schema.json", text)


def test_the_rule_that_is_damaged_above_is_taken() -> None:
    assert read_rule(RULE, "a-rule.yaml").id == "a-rule"
    assert problems("rule.schema.json", RULE) == []
