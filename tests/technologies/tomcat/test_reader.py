from __future__ import annotations

import pytest
from hypothesis import given

from plimsoll.check.language import Num
from plimsoll.check.library import knowledge
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.setting import Setting, Status, Unknown, Unread
from plimsoll.model.stack import Stack
from plimsoll.stack import read_texts
from plimsoll.technologies.tomcat.reader import READER
from support.lossless import HOSTILE, damaged
from support.places import wrong_places

SERVER = """<?xml version="1.0" encoding="UTF-8"?>
<Server port="8005" shutdown="SHUTDOWN">
  <Service name="Catalina">
    <Executor name="pool" maxThreads="${threads:-150}"/>
    <Connector port="8080" executor="pool" maxThreads="7"
               connectionTimeout="20000" />
    <Connector port="8009" protocol="AJP/1.3" acceptCount="5" maxThreads="x"/>
    <Engine name="Catalina"><Host name="localhost"><Context path="/a">
      <Resource name="jdbc/a" url="jdbc:postgresql://db:5432/x" maxTotal="20" password="p"/>
      <Resource name="jdbc/b" factory="org.apache.tomcat.jdbc.pool.DataSourceFactory"
                url="jdbc:postgresql://db/y" maxActive="30"/>
    </Context></Host></Engine>
  </Service>
</Server>
"""


def stack(more: str = "", server: str = SERVER, **files: str) -> Stack:
    services = (
        f"a: {{technology: tomcat, version: '10.1', files: [server.xml{''.join(files)}]{more}}}"
    )
    return read_texts(
        {
            "plimsoll.yaml": f"services: {{{services}, db: {{technology: postgresql}}}}\n",
            "server.xml": server,
        }
    )


def of(found: Stack, name: str, kind: str) -> Setting:
    return next(
        s for s in found.services["a"].settings if s.name == name and s.scope[-1].kind == kind
    )


def test_a_connector_leaves_its_threads_to_the_executor_that_it_shares() -> None:
    dropped = of(stack(), "maxThreads", "Connector")
    assert (dropped.text, dropped.status) == ("7", Status.IGNORED)
    assert "the executor pool" in dropped.reason


def test_what_is_no_number_is_left_out() -> None:
    assert of(stack(), "maxThreads", "AjpConnector").status is Status.IGNORED


@pytest.mark.parametrize(
    ("more", "expected"),
    [("", "150"), (", environment: {CATALINA_OPTS: -Dthreads=90}", "90")],
)
def test_properties_are_put_in(more: str, expected: str) -> None:
    found = of(stack(more), "maxThreads", "Executor")
    assert (found.text, str(found.value)) == (expected, expected)


def test_a_property_of_nobody_is_unknown() -> None:
    found = of(stack(server=SERVER.replace(":-150", "")), "maxThreads", "Executor")
    assert isinstance(found.value, Unknown)


def test_times_are_milliseconds_and_places_exact() -> None:
    timeout = of(stack(), "connectionTimeout", "Connector")
    assert str(timeout.value) == "20 s"
    assert timeout.place is not None
    assert (timeout.place.span.line, timeout.place.span.column) == (6, 16)
    assert timeout.place.value is not None
    assert timeout.place.value.column == 35


def test_passwords_are_secret() -> None:
    assert of(stack(), "password", "Resource").is_secret


def fact(found: Stack, name: str) -> float:
    value = StackWorld(found, knowledge()).attribute(thing(found.services["a"]), name)
    assert isinstance(value, Num)
    assert value.low == value.high
    return float(value.low)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("threads", 350),
        ("backlog", 100),
        ("idle_keepalive", 20),
        ("concurrency", 350),
        ("processes", 1),
    ],
)
def test_facts(name: str, expected: int) -> None:
    assert fact(stack(), name) == expected


@pytest.mark.parametrize(("name", "expected"), [("threads", 200), ("concurrency", 200)])
def test_facts_without_a_file(name: str, expected: int) -> None:
    bare = read_texts({"plimsoll.yaml": "services: {a: {technology: tomcat}}\n"})
    assert fact(bare, name) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [("", 700), ("-Xmx1g", 1324), ("-XX:MaxRAMPercentage=50", 1340)],
    ids=["a quarter", "told", "half"],
)
def test_memory(options: str, expected: int) -> None:
    more = f", memory: 2GiB, cores: 2, environment: {{CATALINA_OPTS: '{options}'}}"
    assert int(fact(stack(more), "memory_likely") / 2**20) in range(expected - 30, expected + 30)


def test_data_sources_connect_to_their_databases() -> None:
    found = stack()
    world = StackWorld(found, knowledge())
    told = {
        link.part.name: world.attribute(thing(link), "connections")
        for link in found.links
        if link.part
    }
    assert {n: v.low for n, v in told.items() if isinstance(v, Num)} == {"jdbc/a": 20, "jdbc/b": 30}


def test_sessions_of_a_web_xml_are_minutes() -> None:
    text = "<web-app>\n<session-config><session-timeout>30</session-timeout></session-config></web-app>"
    found = read_texts(
        {
            "plimsoll.yaml": "services: {a: {technology: tomcat, files: [web.xml]}}\n",
            "web.xml": text,
        }
    )
    assert str(found.services["a"].settings[0].value) == "30 min"


def test_a_file_that_is_no_xml_is_unread_at_its_place() -> None:
    found = list(READER.read('<Server port="1">\n<Service name=x>', "server.xml"))
    (fault,) = [item for item in found if isinstance(item, Unread)]
    assert str(fault).startswith("server.xml:2: no XML")


@given(damaged(SERVER))
def test_places_in_damaged_files(text: str) -> None:
    assert wrong_places(READER, text, "server.xml", 1) == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("path", ["server.xml", "web.xml", "catalina.properties"])
def test_hostile_texts(text: str, path: str) -> None:
    assert all(isinstance(item, Setting | Unread) for item in READER.read(text, path))
