"""What a Kamal configuration runs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.reader import Deployment
from plimsoll.model.setting import Unread
from plimsoll.stack import read_texts
from plimsoll.technologies.kamal.manifest import MANIFEST

TEXT = """\
service: shop
image: acme/shop
env:
  clear: {WEB_CONCURRENCY: 3}
  secret: [RAILS_MASTER_KEY]
servers:
  web: {hosts: [10.0.0.1], cmd: gunicorn shop:app --timeout 40}
  job:
    cmd: <%= job %>
accessories:
  redis:
    image: redis:8
    cmd: redis-server --maxmemory 1536mb \\
      --maxmemory-policy allkeys-lru
"""


def test_roles_and_accessories_are_services() -> None:
    found = read_texts({"config/deploy.yml": TEXT.replace(" \\\n     ", "")})
    assert {n: s.technology for n, s in found.services.items()} == {
        "shop": "gunicorn",
        "shop-job": "",
        "redis": "redis",
    }
    places = {s.name: str(s.place) for s in found.services["redis"].settings}
    assert places["maxmemory-policy"] == "config/deploy.yml:13"
    assert {s.name: s.text for s in found.services["shop"].settings}["workers"] == "3"
    assert str(found.services["redis"].version) == "8"


def test_another_destination_is_another_state() -> None:
    assert MANIFEST.states(["deploy.yml", "deploy.staging.yml"]) == [("deploy.yml",)]


@given(st.text(max_size=60) | st.integers(0, len(TEXT)).map(lambda at: TEXT[:at] + "[" + TEXT[at:]))
def test_any_text_is_described(text: str) -> None:
    for item in MANIFEST.describe(["deploy.yml"], lambda _: text):
        assert isinstance(item, Deployment | Unread)
