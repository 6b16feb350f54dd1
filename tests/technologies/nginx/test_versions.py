from __future__ import annotations

from collections.abc import Callable

import pytest

from plimsoll.model.setting import Setting, Status
from plimsoll.model.version import Version
from plimsoll.technologies.nginx.reader import read
from plimsoll.technologies.nginx.versions import in_version

BEFORE = "keepalive 8; {}; server 127.0.0.1:1;"
BEHIND = "{}; server 127.0.0.1:1; keepalive 8;"
METHODS = ["least_conn", "ip_hash", "hash $uri", "random"]


def ignored(upstream: str, version: str | None) -> list[str]:
    text = f"events {{}} http {{ upstream a {{ {upstream} }} }}"
    found = [each for each in read(text, "nginx.conf") if isinstance(each, Setting)]
    judged = in_version(found, Version(version) if version else None)
    assert [each.name for each in judged] == [each.name for each in found]
    return [each.name for each in judged if each.status is Status.IGNORED]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("version", ["1.22.1", None])
def test_a_method_behind_keepalive_undoes_it(method: str, version: str | None) -> None:
    assert ignored(BEFORE.format(method), version) == ["keepalive"]
    assert ignored(BEHIND.format(method), version) == []


def test_the_order_does_not_matter_any_more() -> None:
    assert ignored(BEFORE.format("least_conn"), "1.29.7") == []


def test_each_upstream_has_an_order_of_its_own() -> None:
    two = "server 127.0.0.1:1; least_conn; } upstream b { keepalive 8; server 127.0.0.1:1;"
    assert ignored(two, None) == []


@pytest.mark.real
@pytest.mark.parametrize("method", METHODS)
def test_nginx_says_so(method: str, nginx: Callable[..., str]) -> None:
    around = "events {{}} http {{ upstream a {{ {} }} }}"
    said = "load balancing method redefined"
    assert said in nginx(around.format(BEFORE.format(method)))
    assert said not in nginx(around.format(BEHIND.format(method)))
