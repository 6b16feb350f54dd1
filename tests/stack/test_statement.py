from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import BYTES, COUNT, GIB, MIB, SECONDS, UNLIMITED, Amount
from plimsoll.model.setting import Origin
from plimsoll.stack.statement import StackError, Statement, read_statement


def test_states_hosts_services_and_links() -> None:
    said = read_statement(
        "hosts:\n"
        "  shop-1: {memory: 4GiB, cores: 2, nofile: 1024, settings: {net.core.somaxconn: 128}}\n"
        "services:\n"
        "  app: {technology: gunicorn, host: shop-1, files: [gunicorn.conf.py], replicas: 2,\n"
        "        replicas_max: 6, surge: 25%, memory: 512MiB, environment: {WEB_CONCURRENCY: '4'},\n"
        "        command: gunicorn shop:app, limits: {nofile: 8192}, role: cache}\n"
        "  db: {}\n"
        "links:\n"
        "  - {from: app, to: db, connections: 20, timeout: 5s, retries: 10, checked: true}\n"
        "measured: {app.private_memory: 48MiB}\n"
    )
    host, app = said.hosts["shop-1"], said.services["app"]
    assert host.amounts["memory"].value == Amount.of(4 * GIB, BYTES)
    assert [(s.name, s.text) for s in host.settings] == [("net.core.somaxconn", "128")]
    assert (app.technology, app.host, app.role) == ("gunicorn", "shop-1", "cache")
    assert app.amounts["surge"].value == Amount.of(Fraction(1, 4))
    assert app.amounts["replicas_max"].value == Amount.of(6)
    assert app.limits["nofile"].value == Amount.of(8192)
    assert app.environment["WEB_CONCURRENCY"].text == "4"
    assert app.command is not None
    assert app.command.text == "gunicorn shop:app"
    (link,) = said.links
    assert (link.source, link.target) == ("app", "db")
    assert link.settings["timeout"].value == Amount.of(5, SECONDS)
    assert link.settings["checked"].value is True
    measured = said.measured["app"]["private_memory"]
    assert (measured.value, measured.origin) == (Amount.of(48 * MIB, BYTES), Origin.MEASURED)


def test_states_what_is_accepted_and_what_is_adjusted() -> None:
    said = read_statement(
        "ignore:\n"
        "  - {rule: some-rule, service: db, reason: soon, until: 2027-01-31, owner: dba}\n"
        "rules:\n"
        "  workers-exceed-cores: {per_core: 6, severity: medium}\n"
        "  nginx-server-tokens: off\n"
        "exclude: [vendor/**]\n"
    )
    (ignored,) = said.suppressions
    assert (ignored.rule, ignored.service, ignored.until) == ("some-rule", "db", "2027-01-31")
    adjusted = said.adjustments["workers-exceed-cores"]
    assert (adjusted.severity, adjusted.params["per_core"].value) == ("medium", Amount.of(6))
    assert said.adjustments["nginx-server-tokens"].is_off
    assert said.exclude == ("vendor/**",)


def test_a_value_stands_at_its_line_and_column() -> None:
    said = read_statement("hosts:\n  a:\n    memory: 4GiB\n")
    place = said.hosts["a"].amounts["memory"].place
    assert place is not None
    assert place.value is not None
    assert (place.span.line, place.span.column) == (3, 5)
    assert (place.value.line, place.value.column, place.value.end_column) == (3, 13, 17)


def test_anchors_and_merges_are_followed() -> None:
    said = read_statement("hosts:\n  a: &big {memory: 4GiB}\n  b: {<<: *big, cores: 2}\n")
    assert said.hosts["b"].amounts["memory"].value == Amount.of(4 * GIB, BYTES)


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "hosts:\n"])
def test_every_key_is_optional(text: str) -> None:
    assert read_statement(text) == Statement()


@pytest.mark.parametrize("text", ["unlimited", "infinity"])
def test_a_limit_may_be_infinite(text: str) -> None:
    said = read_statement(f"services: {{a: {{limits: {{nofile: {text}}}}}}}")
    assert said.services["a"].limits["nofile"].value == Amount.of(UNLIMITED, COUNT)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "services:\n  a: {technolgy: nginx}\n",
            "plimsoll.yaml:2: unknown key 'technolgy' of service a; did you mean 'technology'?",
            id="a key with a suggestion",
        ),
        pytest.param(
            "hosts:\n  a: {memory: 4 GiX}\n",
            "plimsoll.yaml:2: unknown unit 'GiX' in '4 GiX'; there are B, KiB",
            id="a unit",
        ),
        pytest.param(
            "hosts: {a: {}}\nservices: {s: {host: b}}\n",
            "plimsoll.yaml:2: no host 'b'; there are a",
            id="a host that is not there",
        ),
        pytest.param(
            "hosts: {a: {}}\nhosts: {}\n",
            "plimsoll.yaml:2: 'hosts' stands here again; see line 1",
            id="a key twice",
        ),
        pytest.param("services: [a]\n", "plimsoll.yaml:1: needs `key: value` pairs", id="a list"),
        pytest.param(
            "links: [{from: a}]\n", "plimsoll.yaml:1: a link needs `to:`", id="half a link"
        ),
        pytest.param("links: {a: b}\n", "plimsoll.yaml:1: needs a list here", id="no list"),
        pytest.param(
            "services: {a: {role: cashe}}\n", "no role 'cashe'; did you mean 'cache'?", id="a role"
        ),
        pytest.param("ignore: [{rule: x}]\n", "needs `reason:`", id="ignored without a reason"),
        pytest.param("rules: {x: on}\n", "`x:` takes `off` or parameters", id="a rule switched on"),
        pytest.param("rules: {x: {severity: hihg}}\n", "did you mean 'high'?", id="a severity"),
        pytest.param(
            "services: {app: {}}\nmeasured: {ap.memory: 1MiB}\n",
            "plimsoll.yaml:2: no service 'ap'; did you mean 'app'?",
            id="a measurement of nobody",
        ),
        pytest.param("measured: {memory: 1MiB}\n", "is not <service>.<fact>", id="no service"),
        pytest.param("links: [{from: a, to: b, checked: 1}]", "is true or false", id="no boolean"),
        pytest.param("hosts: [\n", "plimsoll.yaml:2: no YAML", id="no YAML"),
        pytest.param("a: 1\n---\nb: 1\n", "more than one document", id="two documents"),
    ],
)
def test_what_is_wrong_has_its_place_and_a_way_out(text: str, said: str) -> None:
    with pytest.raises(StackError) as caught:
        read_statement(text)
    assert said in str(caught.value)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(StackError) as caught:
        read_statement("hosts: {a: {memroy: 1}}\nservices: {b: {hots: a}}\n")
    assert len(str(caught.value).splitlines()) == 2


@given(st.text(alphabet="hostservic:{}[]-,&*!|> \n\t'\"#1GiB%\udcff", max_size=120))
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    said = ""
    try:
        read_statement(text)
    except StackError as error:
        said = str(error)
    assert all(line.startswith("plimsoll.yaml:") for line in said.splitlines())
