"""What was understood, for people and for machines."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from msgspec.structs import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import BYTES, GIB, MIB, SECONDS, Amount
from plimsoll.model.setting import Block, Formula, Origin, Setting, Status, Unknown, Unread
from plimsoll.model.stack import Host, Limit, Link, Part, Service, Stack
from plimsoll.report.format import Look
from plimsoll.report.stack_json import write_stack as write_json
from plimsoll.report.stack_text import write_stack as write_text


def at(path: str, line: int) -> Place:
    return Place(path, Span(line, 1, line, 9), Span(line, 5, line, 9))


HOST_MEMORY = Setting(
    "memory",
    "4GiB",
    at("plimsoll.yaml", 2),
    origin=Origin.STATED,
    value=Amount.of(4 * GIB, BYTES),
)
UNIT_MEMORY = Setting(
    "MemoryMax",
    "512M",
    at("systemd/app.service", 7),
    origin=Origin.DROP_IN,
    value=Amount.of(512 * MIB, BYTES),
    technology="systemd",
)
WINNER = Setting("timeout", "60", at("gunicorn.conf.py", 9), value=Amount.of(60, SECONDS))
LOSER = Setting(
    "timeout",
    "30",
    at("gunicorn.conf.py", 3),
    status=Status.SHADOWED,
    value=Amount.of(30, SECONDS),
    winner=WINNER,
)
SECRET = Setting(
    "raw_env",
    "DB_PASSWORD=hunter2",
    at("gunicorn.conf.py", 5),
    scope=(Block("env", "x"),),
    status=Status.IGNORED,
    reason="not the text 'hunter2'",
)


@pytest.fixture
def stack() -> Stack:
    unit = Part("unit", "systemd", "app", "systemd")
    app = Service(
        "app",
        "gunicorn",
        host="shop-1",
        settings=(LOSER, WINNER, SECRET),
        parts=(unit,),
        limits={"memory": Limit("memory", (HOST_MEMORY, UNIT_MEMORY))},
        roles=("store",),
        files=("gunicorn.conf.py",),
    )
    pass_ = Setting("proxy_pass", "http://app:8000", at("nginx.conf", 4))
    return Stack(
        hosts={"shop-1": Host("shop-1", limits={"memory": Limit("memory", (HOST_MEMORY,))})},
        services={"app": app, "web": Service("web", "nginx")},
        links=(
            Link("web", "app", {"timeout": WINNER}, library="nginx", evidence=(pass_,)),
            Link("app", "db", place=at("plimsoll.yaml", 8)),
        ),
        unused=(Unread("docker-compose.yml", "another state of the deployment"),),
        unread=(Unread("x.j2", "a template"),),
    )


def test_for_people(stack: Stack) -> None:
    out = io.StringIO()
    write_text(stack, out, Look())
    assert (
        out.getvalue()
        == """\
app (gunicorn on shop-1)
  files       gunicorn.conf.py
  roles       store
  settings    3
  parts       unit systemd
    memory  512 MiB  the smallest of
            - 4 GiB  memory           plimsoll.yaml:2
            * 512M   MemoryMax        systemd/app.service:7, drop-in

web (nginx)
  settings    0

host shop-1
    memory  4 GiB  memory  plimsoll.yaml:2

Links
  web -> app, nginx
    shown by proxy_pass  nginx.conf:4
    timeout  60 (60 s)  gunicorn.conf.py:9
  app -> db
    stated plimsoll.yaml:8

Without effect
  timeout of app = 30 (30 s)  gunicorn.conf.py:3
    shadowed by 60 (60 s), gunicorn.conf.py:9
  raw_env of app = DB_PASSWORD=***  gunicorn.conf.py:5
    ignored: not the text '***'

Read, but not used
  docker-compose.yml: another state of the deployment

Not read
  x.j2: a template

"""
    )


def document(stack: Stack) -> dict[str, Any]:
    out = io.StringIO()
    write_json(stack, out)
    assert out.getvalue().isascii()
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_for_machines(stack: Stack) -> None:
    found = document(stack)
    assert list(found) == [
        "plimsoll", "contract", "services", "hosts", "links", "unused", "unread",
    ]  # fmt: skip
    app, web = found["services"]
    assert (app["name"], app["technology"], app["host"]) == ("app", "gunicorn", "shop-1")
    assert app["parts"] == [{"type": "unit", "name": "systemd"}]
    assert "host" not in web
    assert found["unread"] == [{"path": "x.j2", "reason": "a template"}]


def test_every_layer_of_a_limit_is_there_and_the_winner_is_marked(stack: Stack) -> None:
    memory = document(stack)["services"][0]["limits"]["memory"]
    assert memory["winner"] == 1
    assert [layer["name"] for layer in memory["layers"]] == ["memory", "MemoryMax"]
    assert memory["layers"][1]["value"] == 512 * MIB


def test_settings_have_their_status_scope_and_reason(stack: Stack) -> None:
    shadowed, held, ignored = document(stack)["services"][0]["settings"]
    assert (shadowed["status"], held["status"]) == ("shadowed", "effective")
    assert ignored["scope"] == ["env x"]
    assert ignored["reason"] == "not the text '***'"


def test_links_have_their_settings_and_what_showed_them(stack: Stack) -> None:
    shown, stated = document(stack)["links"]
    assert (shown["from"], shown["to"], shown["library"]) == ("web", "app", "nginx")
    assert shown["settings"]["timeout"]["value"] == 60
    assert shown["evidence"][0]["line"] == 4
    assert stated["evidence"] == []


def test_no_secret_in_either(stack: Stack) -> None:
    out = io.StringIO()
    write_text(stack, out, Look())
    assert "hunter2" not in out.getvalue() + json.dumps(document(stack))


TASKS = Setting(
    "TasksMax",
    "",
    origin=Origin.DEFAULT,
    value=Formula("min(s.host.pid_max, s.cores_seen) * 15 / 100"),
    technology="systemd",
)
STATED_TASKS = Setting("tasks", "512", origin=Origin.STATED, value=Amount.of(512))


def limit_lines(*layers: Setting) -> list[str]:
    out = io.StringIO()
    app = Service("app", limits={"tasks": Limit("tasks", layers)})
    write_text(Stack(services={"app": app}), out, Look())
    return [" ".join(line.split()) for line in out.getvalue().splitlines()[2:] if line]


def test_a_limit_that_depends_on_the_machine_says_how() -> None:
    by = "default of systemd (version unknown): min(pid_max, cores_seen) * 15 / 100"
    assert limit_lines(TASKS) == [f"tasks calculated TasksMax {by}"]
    assert limit_lines(STATED_TASKS, TASKS) == [
        "tasks 512 the smallest of",
        "* 512 tasks given on the command line",
        f"- calculated TasksMax {by}",
    ]


def test_a_limit_that_nobody_can_tell_says_why() -> None:
    unknown = replace(TASKS, origin=Origin.FILE, text="$(N)", value=Unknown("computed: $(N)"))
    assert limit_lines(unknown) == ["tasks unknown (computed: $(N)) TasksMax"]


def test_a_setting_that_an_empty_one_resets_says_so() -> None:
    reset = Setting("MemoryMax", "", at("x.conf", 2))
    lost = Setting("MemoryMax", "1G", at("y.conf", 3), status=Status.SHADOWED, winner=reset)
    out = io.StringIO()
    write_text(Stack(services={"app": Service("app", settings=(lost, reset))}), out, Look())
    assert "    shadowed by an empty value, x.conf:2\n" in out.getvalue()
