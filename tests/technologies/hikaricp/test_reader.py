from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.check.language import Num
from plimsoll.check.library import knowledge
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.setting import Setting, Status, Unread
from plimsoll.model.stack import Stack
from plimsoll.stack import read_texts
from plimsoll.technologies.hikaricp.reader import READER
from support.lossless import HOSTILE, damaged
from support.places import wrong_places

URL = "spring.datasource.url=jdbc:postgresql://db:5432/x\n"


def stack(
    files: dict[str, str], more: str = "", technology: str = "spring", link: str = ""
) -> Stack:
    app = f"app: {{technology: {technology}, host: one, files: [{', '.join(files)}]{more}}}"
    text = (
        f"hosts: {{one: {{cores: 4}}}}\nservices: {{{app}, db: {{technology: postgresql}}}}\n{link}"
    )
    return read_texts({"plimsoll.yaml": text, **files})


def connections(found: Stack, name: str = "connections") -> list[float]:
    world = StackWorld(found, knowledge())
    values = [world.attribute(thing(link), name) for link in found.links]
    return [float(v.low) for v in values if isinstance(v, Num) and v.low == v.high]


STATED = "links: [{from: app, to: db, pool: hikaricp}]\n"


@pytest.mark.parametrize(
    ("files", "more", "technology", "expected"),
    [
        ({"application.properties": URL}, "", "spring", 10),
        ({"application.properties": URL + "spring.datasource.hikari.maximum-pool-size=20\n"}, "", "spring", 20),
        ({"application.properties": URL + "spring.datasource.hikari.maximumPoolSize=20\n"}, "", "jvm", 20),
        ({"application.yml": "spring:\n  datasource:\n    url: jdbc:postgresql://db/x\n    hikari: {maximum-pool-size: 7}\n"},
         "", "tomcat", 7),
        ({"application.properties": URL}, ", environment: {SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE: '3'}", "spring", 3),
        ({"application.properties": URL}, ", environment: {SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE: '3'}", "spring", 3),
        ({"application.properties": URL + "spring.datasource.hikari.maximum-pool-size=${POOL:9}\n"}, "", "spring", 9),
        ({"hikari.properties": "jdbcUrl=jdbc:postgresql://db/x\nmaximumPoolSize=4\n"}, "", "jvm", 4),
        ({"server.properties": "database.type = postgresql\ndatabase.host = db\n"}, "", "digdag", 128),
        ({"server.properties": "database.host = db\ndatabase.maximumPoolSize = 10\n"}, "", "digdag", 10),
        ({"portal-ext.properties": "jdbc.default.url=jdbc:postgresql://db/x\njdbc.default.maximumPoolSize=100\n"},
         "", "tomcat", 100),
    ],
)  # fmt: skip
def test_the_pool_of_a_link(
    files: dict[str, str], more: str, technology: str, expected: int
) -> None:
    assert connections(stack(files, more, technology)) == [expected]


def test_digdag_counts_seconds_and_the_library_milliseconds() -> None:
    texts = {
        "server.properties": "database.connectionTimeout = 30\ndatabase.leakDetectionThreshold = 2000\n"
    }
    found = stack(texts, "", "digdag").services["app"].settings
    told = {s.name: str(s.value) for s in found if s.technology == "hikaricp" and s.place}
    assert told == {"connectionTimeout": "30 s", "leakDetectionThreshold": "2 s"}


@pytest.mark.parametrize(
    ("more", "expected"),
    [("", 10), (", environment: {SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE: '2'}", 2)],
)
def test_a_link_that_is_stated_has_the_pool_without_an_address(more: str, expected: int) -> None:
    assert connections(stack({}, more, "jvm", STATED)) == [expected]


def test_a_pool_without_an_address_is_of_no_other_kind_of_server() -> None:
    more = ", environment: {SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE: '2'}"
    found = read_texts(
        {
            "plimsoll.yaml": f"services: {{app: {{technology: jvm{more}}}, cache: {{technology: redis}}}}\n"
            "links: [{from: app, to: cache}]\n"
        }
    )
    assert [link.library for link in found.links] == [""]


@pytest.mark.parametrize(
    "own", ["spring.datasource.tomcat.max-active=5", "spring.datasource.type=x.BasicDataSource"]
)
def test_pools_of_other_libraries_are_not_its_own(own: str) -> None:
    assert list(READER.read(URL + own, "application.properties")) == []


def statuses(text: str) -> list[tuple[str, Status]]:
    files = {"application.properties": f"{URL}spring.datasource.hikari.{text}\n"}
    found = stack(files).services["app"].settings
    return [(str(s.value), s.status) for s in found if s.name == text.split("=")[0]]


@pytest.mark.parametrize(
    ("text", "value", "status"),
    [
        ("maxLifetime=600000", "10 min", Status.EFFECTIVE),
        ("maxLifetime=0", "never", Status.EFFECTIVE),
        ("maxLifetime=600", "unknown: 600 is less than 30000 ms: 30 min holds instead", Status.IGNORED),
        ("idleTimeout=5", "unknown: 5 is less than 10000 ms: 10 min holds instead", Status.IGNORED),
        ("connectionTimeout=30", "unknown: 30 is less than 250: the pool does not start", Status.REFUSED),
        ("connectionTimeout=0", "never", Status.EFFECTIVE),
        ("connectionTimeout=30s", "unknown: '30s' is no number with a unit", Status.REFUSED),
        ("maximumPoolSize=0", "unknown: 0 is less than 1: the pool does not start", Status.REFUSED),
    ],
)  # fmt: skip
def test_values(text: str, value: str, status: Status) -> None:
    ((shown, found),) = statuses(text)
    assert found is status
    assert shown == value or (status is Status.REFUSED and shown.startswith("unknown"))


SAMPLES = {
    "application.yml": "spring:\n  datasource:\n    url: jdbc:postgresql://db/x\n    hikari:\n      maximum-pool-size: 20\n",
    "server.properties": "database.type = postgresql\ndatabase.maximumPoolSize = 10\n",
}


@given(
    st.sampled_from(sorted(SAMPLES)).flatmap(lambda p: st.tuples(st.just(p), damaged(SAMPLES[p])))
)
def test_places_in_damaged_files(drawn: tuple[str, str]) -> None:
    path, text = drawn
    assert "\\" in text or wrong_places(READER, text, path, 1) == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("path", sorted(SAMPLES))
def test_hostile_texts(text: str, path: str) -> None:
    assert all(isinstance(item, Setting | Unread) for item in READER.read(text, path))
