"""What ingress-nginx is told, and whom it leads to."""

from __future__ import annotations

import pytest
from hypothesis import given

from plimsoll.model.setting import Status, Unread
from plimsoll.stack import read_texts
from plimsoll.technologies.ingress_nginx.reader import READER
from support.lossless import HOSTILE, damaged

MANIFESTS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: ingress-nginx-controller}
data:
  keep-alive: "30"
  proxy-body-size: 8m
---
apiVersion: v1
kind: ConfigMap
metadata: {name: shop}
data: {proxy-body-size: 1k}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    nginx.ingress.kubernetes.io/proxy-read-timeout: "5"
    other/proxy-send-timeout: "6"
spec:
  rules: [{http: {paths: [{path: /, backend: {service: {name: shop, port: {number: 80}}}}]}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 2
  template: {spec: {containers: [{name: shop, image: "node:20", command: [node, server.js]}]}}
"""
STATED = "services: {ingress: {technology: ingress-nginx, files: [all.yaml]}, shop: {files: [all.yaml]}}\n"


def test_a_manifest_is_read_by_the_ingress_and_describes_the_others() -> None:
    found = read_texts({"all.yaml": MANIFESTS, "plimsoll.yaml": STATED})
    ingress, shop = found.services["ingress"], found.services["shop"]
    told = {
        (s.scope[-1].name if s.scope else "", s.name): (str(s.value), s.place.span.line)
        for s in ingress.settings
        if s.status is Status.EFFECTIVE and s.place
    }
    assert told == {
        ("", "keep-alive"): ("30 s", 5),
        ("", "proxy-body-size"): ("8 MiB", 6),
        ("shop", "proxy-read-timeout"): ("5 s", 18),
        ("shop", "backend"): ("shop", 21),
    }
    assert not ingress.stated  # the replicas are those of the shop
    assert shop.stated["replicas"].text == "2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0", "unlimited"), ("1g", "1 GiB"), ("20M", "20 MiB"), ("4096", "4 KiB")],
)
def test_sizes_are_those_of_nginx(text: str, expected: str) -> None:
    values = f"controller: {{config: {{proxy-body-size: '{text}'}}}}\n# ingress-nginx\n"
    stated = "services: {ingress: {technology: ingress-nginx, files: [own.yaml]}}\n"
    found = read_texts({"own.yaml": values, "plimsoll.yaml": stated}).services["ingress"]
    assert [str(s.value) for s in found.settings] == [expected]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_breaks_it(name: str) -> None:
    list(READER.read(HOSTILE[name], "x.yaml"))


@given(damaged(MANIFESTS))
def test_damage_is_told_or_passed_over(text: str) -> None:
    for each in READER.read(text, "x.yaml"):
        assert isinstance(each, Unread) or each.place is None or each.place.path == "x.yaml"
