"""Envoy's static configuration: clusters, listeners, routes, and where they lead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import COUNT, SECONDS, UNLIMITED, Amount
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Setting, Status, Unread, Value
from plimsoll.stack import read_texts
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.envoy.reader import READER, arguments
from support.counts import drawn
from support.places import wrong_places

ENVOY = technology("envoy")
assert ENVOY is not None
DESCRIBED = ENVOY.schema
SAMPLE = """static_resources:
  listeners:
  - name: front
    address:
      socket_address: { address: 0.0.0.0, port_value: 8080 }
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          stream_idle_timeout: 30s
          route_config:
            virtual_hosts:
            - name: all
              routes:
              - match: { prefix: "/api" }
                route: { cluster: api, timeout: 0s, retry_policy: { num_retries: 3, per_try_timeout: 0.5s } }
              - match: { prefix: "/" }
                route: { cluster: other }
  clusters:
  - name: api
    connect_timeout: 1s
    circuit_breakers:
      thresholds:
      - max_connections: 50
      - priority: HIGH
        max_connections: 99
    load_assignment:
      endpoints:
      - lb_endpoints:
        - endpoint: { address: { socket_address: { address: app, port_value: 9000 } } }
"""


def held(text: str) -> dict[tuple[str, str], Value | None]:
    """The effective settings by the kind of their block and their name."""
    found = [s for s in READER.read(text, "envoy.yaml") if isinstance(s, Setting)]
    done = settled(READER, DESCRIBED, found)
    return {
        (s.scope[-1].kind if s.scope else "", s.name): s.value
        for s in done
        if s.status is Status.EFFECTIVE
    }


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("cluster", "connect_timeout", Amount.of(1, SECONDS)),
        ("cluster", "max_connections", Amount.of(50, COUNT)),
        ("cluster", "circuit_breakers.thresholds.1.max_connections", "99"),
        ("route", "timeout", Amount.of(UNLIMITED, SECONDS)),
        ("route", "retry_policy.num_retries", Amount.of(3, COUNT)),
        ("listener", "stream_idle_timeout", Amount.of(30, SECONDS)),
    ],
)
def test_what_blocks_say(kind: str, name: str, value: Value) -> None:
    assert held(SAMPLE)[kind, name] == value


@pytest.mark.parametrize("text", ["15", "1m", "fast"])
def test_durations_that_it_refuses(text: str) -> None:
    sample = SAMPLE.replace("connect_timeout: 1s", f"connect_timeout: {text}")
    found = [s for s in READER.read(sample, "envoy.yaml") if isinstance(s, Setting)]
    (timeout,) = (s for s in settled(READER, DESCRIBED, found) if s.name == "connect_timeout")
    assert timeout.status is Status.REFUSED


def test_a_route_is_the_link() -> None:
    stack = read_texts(
        {
            "plimsoll.yaml": "services:\n  edge: {technology: envoy, files: [envoy.yaml]}\n"
            "  app: {technology: node, files: [server.js]}\n",
            "envoy.yaml": SAMPLE,
            "server.js": "app.listen(9000);\n",
        }
    )
    (link,) = stack.links
    assert (link.source, link.target) == ("edge", "app")
    assert link.part is not None
    assert (link.part.type, link.part.name) == ("route", "/api")
    assert link.part.parent is not None
    assert link.part.parent.own("connect_timeout") is not None


def test_what_a_control_plane_sends_is_unread() -> None:
    text = "dynamic_resources:\n  cds_config:\n    ads: {}\n    resource_api_version: V3\n"
    (found,) = (i for i in READER.read(text, "envoy.yaml") if isinstance(i, Unread))
    assert "control plane" in found.reason


def test_json_is_read_too() -> None:
    text = '{"static_resources": {"clusters": [{"name": "a", "connect_timeout": "2s"}]}}'
    assert held(text)["cluster", "connect_timeout"] == Amount.of(2, SECONDS)


def test_the_command_line() -> None:
    words = [
        Word(w)
        for w in ["envoy", "-c", "/etc/envoy.yaml", "--concurrency=4", "--drain-time-s", "30"]
    ]
    found = [i for i in arguments(words, {}) if isinstance(i, Setting)]
    assert [(s.name, s.text) for s in found][1:] == [("concurrency", "4"), ("drain-time-s", "30")]


def test_the_file_of_the_command_line() -> None:
    stack = read_texts(
        {
            "Procfile": "edge: envoy -c conf/front.yaml\n",
            "conf/front.yaml": SAMPLE,
        }
    )
    assert "conf/front.yaml" in stack.services["edge"].files


@given(st.integers(0, 1200), st.text(max_size=4))
@drawn(20, 100)
def test_it_never_raises_and_places_are_right(at: int, inserted: str) -> None:
    assert wrong_places(READER, SAMPLE[:at] + inserted + SAMPLE[at:], "envoy.yaml") == []


@pytest.mark.parametrize("text", ["", "\ufeff", "\x00", "a: [" * 3000, "&a [*a]"])
def test_hostile_texts(text: str) -> None:
    found = list(READER.read(text, "envoy.yaml"))
    assert all(isinstance(i, Setting | Unread | Include) for i in found)
