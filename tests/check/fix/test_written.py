"""What a fix writes: the value alone, or a default in the manner of what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from textwrap import dedent

import pytest

from plimsoll.check import check, load_rules
from plimsoll.check.fix import Repairer, edited_texts
from plimsoll.model.finding import Fix, Outcome
from plimsoll.stack import NAME, read_texts

DAY = date(2026, 11, 1)


def fixes(texts: Mapping[str, str], rule: str) -> tuple[Outcome, Repairer, tuple[Fix, ...]]:
    texts = {name: dedent(text) for name, text in texts.items()}
    rules = load_rules()
    outcome = check(read_texts(texts), rules, DAY)
    found = [each for each in outcome.findings if each.rule == rule]
    assert found, [each.rule for each in outcome.findings]

    def read(edited: Mapping[str, str]) -> object:
        return read_texts({**texts, **edited})

    repairer = Repairer.of(outcome, rules, read)  # type: ignore[arg-type]
    return outcome, repairer, repairer.plan(found).fixes


def first(texts: Mapping[str, str], rule: str) -> dict[str, str]:
    """The files that the first fix changes, as they are then; what it repairs is gone."""
    outcome, repairer, found = fixes(texts, rule)
    assert not found[0].told, found[0].told
    edited = edited_texts(outcome.stack, found[0].edits)
    after = check(repairer.read(edited), load_rules(), DAY)
    assert rule not in {each.rule for each in after.findings}
    return edited


def without_numbers(text: str) -> str:
    """What a new value is depends on the rules, not on how it is written."""
    return re.sub(r"(?<=proxy_read_timeout )\d+|(?<=^max_connections = )\d+", "N", text, flags=re.M)


PROXY = {
    NAME: """\
        services:
          web: {technology: nginx, files: [nginx.conf]}
          app: {technology: gunicorn, files: [gunicorn.conf.py]}
        links: [{from: web, to: app}]
        """,
    "gunicorn.conf.py": "timeout = 300\n",
}


def test_a_directive_goes_into_the_block_beside_the_others() -> None:
    conf = """\
        http {
          server {
            listen 80;
            location / {
              proxy_pass http://app:8000;
            }
          }
        }
        """
    edited = first({**PROXY, "nginx.conf": conf}, "proxy-gives-up-before-app")["nginx.conf"]
    passed = "      proxy_pass http://app:8000;\n"
    written = f"{passed}      # plimsoll: proxy-gives-up-before-app\n      proxy_read_timeout N;\n"
    assert without_numbers(edited) == dedent(conf).replace(passed, written)


def test_a_line_of_several_directives_is_broken() -> None:
    conf = "http { server { listen 80; location / { proxy_pass http://app:8000; } } }\n"
    edited = first({**PROXY, "nginx.conf": conf}, "proxy-gives-up-before-app")["nginx.conf"]
    head, _, tail = conf.partition(" location")
    assert without_numbers(edited) == (
        f"{head}\n# plimsoll: proxy-gives-up-before-app\nproxy_read_timeout N;\n location{tail}"
    )


SERVER = {
    NAME: """\
        services:
          app: {technology: gunicorn, files: [gunicorn.conf.py]}
          db: {technology: postgresql, version: "15", files: [postgresql.conf]}
        links: [{from: app, to: db, connections: 20}]
        """,
    "gunicorn.conf.py": "workers = 2 * 4\n",
}
RAISED = "# plimsoll: connections-exceed-server\nmax_connections = N\n"


@pytest.mark.parametrize(
    ("conf", "edited"),
    [
        ("port = 5432\n", f"port = 5432\n{RAISED}"),
        ("port = 5432", f"port = 5432\n{RAISED}"),
        ("port = 5432\r\n", "port = 5432\r\n" + RAISED.replace("\n", "\r\n")),
        (
            "#max_connections = 100\t# (change requires restart)\nport = 5432\n",
            f"#max_connections = 100\t# (change requires restart)\n{RAISED}port = 5432\n",
        ),
        ("# all defaults\n", f"# all defaults\n{RAISED}"),
    ],
)
def test_a_default_is_written_where_it_belongs(conf: str, edited: str) -> None:
    outcome, _, found = fixes({**SERVER, "postgresql.conf": conf}, "connections-exceed-server")
    (raised,) = (each for each in found if each.title == "raise the limit")
    texts = edited_texts(outcome.stack, raised.edits)
    assert {path: without_numbers(text) for path, text in texts.items()} == {
        "postgresql.conf": edited
    }


def test_a_key_goes_into_the_mapping_that_takes_it() -> None:
    manifest = """\
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: search}
        spec:
          replicas: 3
          template:
            spec:
              containers:
              - name: elasticsearch
                image: elasticsearch:8.1
                lifecycle:
                  preStop:
                    exec:
                      command: ["bash", "-c", "sleep 60"]
        """
    statement = "services: {search: {technology: elasticsearch, files: [deployment.yaml]}}\n"
    edited = first({NAME: statement, "deployment.yaml": manifest}, "killed-before-drained")
    wanted = "      # plimsoll: killed-before-drained\n      terminationGracePeriodSeconds: 60\n"
    lines = edited["deployment.yaml"]
    assert lines == dedent(manifest).replace("      containers:\n", f"{wanted}      containers:\n")


def test_where_no_comment_can_stand_there_is_none() -> None:
    xml = '<Server><Service name="Catalina"><Connector port="8080" protocol="HTTP/1.1"/></Service></Server>'
    edited = first(
        {
            NAME: "services: {portal: {technology: tomcat, files: [server.xml, portal-ext.properties]}}\n",
            "server.xml": xml,
            "portal-ext.properties": "jdbc.default.maximumPoolSize=100\n",
        },
        "tomcat-threads-above-pool",
    )
    assert edited == {"server.xml": xml.replace('"8080"', '"8080" maxThreads="199"')}


def test_two_values_that_only_fit_together_are_written() -> None:
    edited = first(
        {
            NAME: """\
                hosts: {node-1: {memory: 30GiB}}
                services: {rabbitmq: {technology: rabbitmq, host: node-1, files: [rabbitmq.conf, pod.yaml]}}
                """,
            "rabbitmq.conf": "# vm_memory_high_watermark default 0.4\n",
            "pod.yaml": """\
                apiVersion: v1
                kind: Pod
                metadata: {name: rabbitmq}
                spec:
                  containers:
                  - name: rabbitmq
                    image: bitnami/rabbitmq
                    resources:
                      requests: {memory: 4Gi}  # as measured
                      limits: {memory: 5Gi}
                """,
        },
        "rabbitmq-watermark-above-limit",
    )
    assert "requests: {memory: 6Gi}  # as measured\n" in edited["pod.yaml"]
    assert "limits: {memory: 15Gi}\n" in edited["pod.yaml"]


def test_what_is_calculated_is_told_and_not_written() -> None:
    _, _, found = fixes({**SERVER, "postgresql.conf": "port = 5432\n"}, "connections-exceed-server")
    (lowered,) = (each for each in found if each.title == "lower the load")
    assert [(each.operand.setting.name, each.edit) for each in lowered.changes] == [
        ("workers", None)
    ]
    assert lowered.told == (
        "set workers of app to 4: what stands at gunicorn.conf.py:1 is calculated, "
        "or says more than this one value",
    )


def test_a_pooler_is_the_third_way() -> None:
    _, _, found = fixes({**SERVER, "postgresql.conf": "port = 5432\n"}, "connections-exceed-server")
    assert [each.title for each in found] == ["lower the load", "raise the limit", "add a pooler"]
    pooler = found[-1]
    assert (pooler.changes, pooler.cost) == ((), 2000)  # one client has another address
    assert pooler.told[0].startswith("run pgbouncer before db (pgbouncer.ini: * = host=db, ")
    assert "max_client_conn = 160, default_pool_size = 87," in pooler.told[0]
    assert "let app connect to it" in pooler.told[0]


def test_a_pooler_is_not_put_before_a_pooler() -> None:
    _, _, found = fixes(
        {
            NAME: """\
                services:
                  pooler: {technology: pgbouncer, files: [pgbouncer.ini]}
                  db: {technology: postgresql, version: "15", files: [postgresql.conf]}
                """,
            "pgbouncer.ini": "[databases]\nshop = host=db user=shop pool_size=200\n[pgbouncer]\n",
            "postgresql.conf": "max_connections = 100\n",
        },
        "pooler-exceeds-server",
    )
    assert "add a pooler" not in {each.title for each in found}


@pytest.mark.parametrize(("measured", "least"), [("", 9), ("measured: {app.concurrency: 11}", 11)])
def test_copies_are_not_moved_and_floors_hold(measured: str, least: int) -> None:
    """Workers may fall to what the cores carry or what was measured, no further."""
    _, _, found = fixes(
        {
            NAME: f"""\
                hosts: {{m: {{cores: 4, memory: 64GiB, nofile: 65536}}}}
                services:
                  app: {{technology: gunicorn, host: m, replicas: 3, files: [gunicorn.conf.py]}}
                  db: {{technology: postgresql, version: "15", host: m, files: [postgresql.conf]}}
                links: [{{from: app, to: db, connections: 5}}]
                {measured}
                """,
            "gunicorn.conf.py": "workers = 12\n",
            "postgresql.conf": "max_connections = 60\n",
        },
        "connections-exceed-server",
    )
    moved = {c.operand.setting.name: int(c.text) for fix in found for c in fix.changes}
    assert "replicas" not in moved
    assert moved.get("workers", 12) >= least
    assert moved["max_connections"] > 60


def test_workers_fall_to_the_floor_where_that_is_enough() -> None:
    _, _, found = fixes(
        {
            NAME: """\
                hosts: {m: {cores: 4, memory: 64GiB, nofile: 65536}}
                services:
                  app: {technology: gunicorn, host: m, files: [gunicorn.conf.py]}
                  db: {technology: postgresql, version: "15", host: m, files: [postgresql.conf]}
                links: [{from: app, to: db, connections: 5}]
                """,
            "gunicorn.conf.py": "workers = 30\n",
            "postgresql.conf": "max_connections = 60\n",
        },
        "connections-exceed-server",
    )
    (change,) = found[0].changes
    assert (change.operand.setting.name, change.text) == ("workers", "10")
