"""Values of Helm charts: read where somebody names them, and no further than they say themselves."""

from __future__ import annotations

from plimsoll.stack import read_texts

VALUES = """\
replicaCount: 3
image: {repository: nginx, tag: "1.25"}
resources: {limits: {memory: 64Mi}}
worker:
  lifecycle: {}
  terminationGracePeriodSeconds: null
  autoscaling: {enabled: true, minReplicas: 2, maxReplicas: 5}
  livenessProbe: {periodSeconds: 3}
other: {a: 1}
"""


def test_named_values_are_read() -> None:
    plimsoll = "services: {shop: {files: [shop/values.yaml]}, worker: {technology: gunicorn}}\n"
    found = read_texts({"shop/values.yaml": VALUES, "plimsoll.yaml": plimsoll})
    assert set(found.services) == {"shop", "worker"}
    shop, worker = found.services["shop"], found.services["worker"]
    assert shop.stated["replicas"].text == "3"
    assert str(shop.limit("memory").amount) == "64 MiB"
    assert worker.stated["replicas_max"].text == "5"
    lines = {s.name: (s.text, s.place.span.line) for s in worker.settings if s.place}
    assert lines["lifecycle"] == ("{}", 5)
    assert lines["periodSeconds"] == ("3", 8)
    assert [u.reason.partition(":")[0] for u in found.unread] == ["Helm values"]


def test_values_that_nobody_names_say_nothing() -> None:
    found = read_texts({"shop/values.yaml": VALUES, "redis.conf": "port 1\n"})
    assert list(found.services) == ["redis"]
    assert [u.path for u in found.unused] == ["shop/values.yaml"]
