from __future__ import annotations

import pytest
import yaml

from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import BYTES, GIB, Amount
from plimsoll.model.setting import Origin, Setting
from plimsoll.model.stack import Host, Limit, Link, Service, Stack
from plimsoll.model.version import Version
from plimsoll.report.first_statement import first_statement, quoted

MEMORY = Setting("memory", "4GiB", origin=Origin.STATED, value=Amount.of(4 * GIB, BYTES))
UNIT = Place("systemd/app.service", Span(1, 1, 1, 2))
PASS = Setting("proxy_pass", "http://app", Place("nginx.conf", Span(7, 1, 7, 9)))

STACK = Stack(
    hosts={"host": Host("host", limits={"memory": Limit("memory", (MEMORY,))})},
    services={
        "web": Service("web", "nginx", Version("1.22"), "host", files=("nginx.conf", "mime.types")),
        "app": Service("app", "gunicorn", None, "host", files=("app.service",), place=UNIT),
        "db": Service("db", "postgresql", files=("postgresql.conf",)),
    },
    links=(Link("web", "app", evidence=(PASS,)),),
)


def test_what_is_known_is_said_and_the_rest_is_asked_for() -> None:
    assert first_statement(STACK) == (
        "# What plimsoll found here. Lines with a # are not known: fill them in and remove the #.\n"
        "\n"
        "hosts:\n"
        "  host:\n"
        "    memory: 4GiB\n"
        "    # cores: 2               # how many cores it has\n"
        "    # nofile: 1024           # how many files a process may open, if not the usual 1024\n"
        "\n"
        "services:\n"
        "  web:\n"
        "    technology: nginx\n"
        '    version: "1.22"\n'
        "    host: host\n"
        "    files: [nginx.conf]\n"
        "    # replicas: 1            # how many run at the same time\n"
        "  app:  # systemd/app.service:1\n"
        "    technology: gunicorn\n"
        '    # version: "..."         # its defaults depend on it\n'
        "    host: host\n"
        "    # replicas: 1            # how many run at the same time\n"
        "  db:\n"
        "    technology: postgresql\n"
        '    # version: "..."         # its defaults depend on it\n'
        "    files: [postgresql.conf]\n"
        "    # replicas: 1            # how many run at the same time\n"
        "\n"
        "# Who connects to whom, the most connections of one process, and its timeouts.\n"
        "# known: web -> app (nginx.conf:7)\n"
        "# links:\n"
        "#   - {from: ..., to: db, connections: 20, timeout: 5s}\n"
    )


def test_it_is_yaml() -> None:
    assert yaml.safe_load(first_statement(STACK))["services"]["app"]["technology"] == "gunicorn"


@pytest.mark.parametrize("name", ["a b", "on", "x: y", "- a", "#x", "é\n", '"', "", "[a]", "*a"])
def test_names_survive(name: str) -> None:
    assert yaml.safe_load(f"[{quoted(name)}]") == [name]


NOT_UTF8 = Stack(
    services={
        "a\udce9": Service("a\udce9", "redis", place=UNIT),
        "web": Service("web", "nginx", files=("d\udce9/nginx.conf",)),
        "db": Service("db", "postgresql", files=("postgresql.conf",)),
    }
)


def test_what_yaml_cannot_name_stands_in_a_comment() -> None:
    text = first_statement(NOT_UTF8)
    assert "  # a\\xe9 cannot be named here, it is not UTF-8; it is found all the same\n" in text
    assert "  # d\\xe9/nginx.conf cannot be named here, it is not UTF-8;" in text
    assert list(yaml.safe_load(text)["services"]) == ["db"]
    assert "udce9" not in text
    assert "to: db," in text


def test_where_yaml_can_name_nothing_it_is_still_a_statement() -> None:
    services = {name: each for name, each in NOT_UTF8.services.items() if name != "db"}
    assert yaml.safe_load(first_statement(Stack(services=services))) is None
