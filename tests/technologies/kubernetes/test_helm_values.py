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


def test_what_charts_make_variables_disks_and_files_of() -> None:
    values = """\
elasticsearch:
  replicas: 2
  esJavaOpts: "-Xms1g -Xmx1g"
  extraEnvs: [{name: ES_SETTING_HTTP_PORT, value: "9201"}]
  env: {TZ: UTC}
  esConfig:
    elasticsearch.yml: |
      cluster.name: shop
  volumeClaimTemplate: {resources: {requests: {storage: 30Gi}}}
  resources: {requests: {memory: 2Gi}}
"""
    plimsoll = "services: {search: {technology: elasticsearch, files: [values.yaml]}}\n"
    found = read_texts({"values.yaml": values, "plimsoll.yaml": plimsoll}).services["search"]
    lines = {s.name: (s.text, s.place.span.line) for s in found.settings if s.place}
    assert lines["-Xmx"] == ("1g", 3)
    assert lines["http.port"] == ("9201", 4)
    assert lines["cluster.name"] == ("shop", 8)
    assert found.stated["replicas"].text == "2"
    assert str(found.limit("disk").amount) == "30 GiB"
