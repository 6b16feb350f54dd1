"""What things were before a change: each in the state of its time."""

from __future__ import annotations

from textwrap import dedent

import pytest
from msgspec.structs import replace

from plimsoll.check import knowledge
from plimsoll.check.evaluate import Answers, answers
from plimsoll.check.rules import read_rule
from plimsoll.model.finding import Finding
from plimsoll.stack import read_texts

STACK = """\
hosts: {m: {memory: %s, cores: 2}}
services:
  app: {technology: gunicorn, host: m, files: [gunicorn.conf.py]}
  db: {technology: postgresql, version: "15", host: m, files: [postgresql.conf]}
  web: {technology: nginx, version: "1.22", host: m, files: [nginx.conf]}
links: [{from: app, to: db, connections: %d}, {from: web, to: app, timeout: %s}]
"""
NGINX = """\
events {}
http { server { location / { proxy_pass http://app:8000; proxy_read_timeout %s; } } }
"""


def files(memory: str, connections: int, timeout: str, workers: int) -> dict[str, str]:
    return {
        "plimsoll.yaml": STACK % (memory, connections, timeout),
        "gunicorn.conf.py": f"workers = {workers}\n",
        "postgresql.conf": "max_connections = 100\n",
        "nginx.conf": NGINX % timeout,
    }


NOW, BEFORE = files("8GiB", 20, "30s", 8), files("4GiB", 10, "60s", 4)


def asked(for_: str, line: str, *, before: dict[str, str] = BEFORE) -> Answers:
    text = f"""\
    id: some-rule
    title: T
    kind: bound
    severity: high
    for: {for_}
    {line}
    why: W
    source: [s]
    examples: [{{flagged: {{a: b}}}}]
    """
    stack = replace(read_texts(NOW), before=read_texts(before))
    return answers([read_rule(dedent(text), "some-rule.yaml")], stack, knowledge())


def found(for_: str, line: str) -> Finding:
    given = asked(for_, line)
    assert given.found, given.skipped
    return given.found[0].finding


@pytest.mark.parametrize(
    ("for_", "load", "worth", "limit", "was"),
    [
        ("{service: s, technology: [gunicorn]}", "s.workers", 8, "s.before.workers", 4),
        (
            "{service: s, technology: [postgresql]}",
            "s.client_connections", 160, "s.before.client_connections", 40,
        ),
        (
            "{service: s, technology: [postgresql]}",
            "s.clients.map(c, c.connections).sum()", 20,
            "s.before.clients.map(c, c.connections).sum()", 10,
        ),
        ("{host: h}", "h.memory / GiB", 8, "h.before.memory / GiB", 4),
        (
            "{link: l, from: [gunicorn]}",
            "l.connections", 20, "l.before.connections", 10,
        ),
        (
            "{link: l, from: [gunicorn]}",
            "l.from.workers", 8, "l.before.from.workers", 4,
        ),
        (
            "{part: p, type: location, technology: [nginx]}",
            "-(p.proxy_read_timeout / second)", -30, "-(p.before.proxy_read_timeout / second)", -60,
        ),
        (
            "{setting: x, technology: [gunicorn], name: workers}",
            "x.value", 8, "x.before.value", 4,
        ),
    ],
)  # fmt: skip
def test_each_has_what_it_was(for_: str, load: str, worth: int, limit: str, was: int) -> None:
    each = found(for_, f'load: "{load}"\n    limit: "{limit}"')
    assert each.load is not None
    assert each.limit is not None
    assert (each.load.low, each.limit.high) == (worth, was)


def test_what_was_is_an_operand_of_its_own_and_never_the_culprit() -> None:
    each = found(
        "{service: s, technology: [gunicorn]}", "load: s.workers\n    limit: s.before.workers"
    )
    assert [(o.setting.text, o.is_earlier) for o in each.operands] == [("8", False), ("4", True)]
    assert [o.setting.text for o in each.repair] == ["8"]


def test_a_default_that_nobody_wrote_was_there_too() -> None:
    before = {**BEFORE, "gunicorn.conf.py": "bind = ':80'\n"}
    line = "load: x.value\n    limit: x.before.value"
    given = asked("{setting: x, technology: [gunicorn], name: workers}", line, before=before)
    assert given.found[0].finding.limit is not None
    assert given.found[0].finding.limit.high == 1


def test_a_service_that_is_new_or_of_another_technology_has_no_earlier_state() -> None:
    line = "load: s.workers\n    limit: s.before.workers"
    other = BEFORE["plimsoll.yaml"].replace("app: {technology: gunicorn", "app: {technology: puma")
    for text in (other, BEFORE["plimsoll.yaml"].replace("app", "shop")):
        before = {**BEFORE, "plimsoll.yaml": text}
        given = asked("{service: s, technology: [gunicorn]}", line, before=before)
        assert (given.found, given.skipped) == ([], [])


def test_what_is_not_known_of_the_earlier_state_says_so() -> None:
    before = {**BEFORE, "gunicorn.conf.py": "workers = count()\n"}
    line = "load: s.workers\n    limit: s.before.workers"
    given = asked("{service: s, technology: [gunicorn]}", line, before=before)
    (skipped,) = given.skipped
    assert skipped.reason.startswith("needs workers of app (")
    assert skipped.reason.endswith(" before")


def test_an_accepted_state_has_no_clients() -> None:
    """The links of today are not those of the files that `baseline:` names."""
    text = STACK.replace(
        "files: [postgresql.conf]}", "files: [postgresql.conf], baseline: [old.conf]}"
    )
    texts = {
        **NOW,
        "plimsoll.yaml": text % ("8GiB", 20, "30s"),
        "old.conf": "max_connections = 10\n",
    }
    of = "{service: s, technology: [postgresql]}"
    read = "id: some-rule\ntitle: T\nkind: bound\nseverity: high\nfor: {}\n{}\nwhy: W\nsource: [s]\nexamples: [{{flagged: {{a: b}}}}]\n"
    limits = {"s.before.max_connections": 1, "s.before.client_connections": 0}
    for limit, count in limits.items():
        line = f"load: s.max_connections\nlimit: {limit}"
        given = answers(
            [read_rule(read.format(of, line), "some-rule.yaml")], read_texts(texts), knowledge()
        )
        assert len(given.found) == count
        assert len(given.skipped) == 1 - count
