"""What Prometheus is told: by its command line, its file, its operator, values of its chart."""

from __future__ import annotations

import pytest
from hypothesis import given

from plimsoll.model.setting import Status, Unread
from plimsoll.stack import read_texts
from plimsoll.technologies.prometheus.reader import READER
from support.lossless import HOSTILE, damaged

RESOURCE = """\
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: metrics}
spec:
  retention: 2w
  retentionSize: 10GB
  scrapeInterval: 30s
  storage: {volumeClaimTemplate: {spec: {resources: {requests: {storage: 20Gi}}}}}
"""
SIZE, TIME = "storage.tsdb.retention.size", "storage.tsdb.retention.time"


def held(text: str, command: str = "prometheus") -> dict[str, str]:
    stated = f"{{technology: prometheus, files: [own.yaml], command: '{command}'}}"
    found = read_texts({"own.yaml": text, "plimsoll.yaml": f"services: {{m: {stated}}}\n"})
    of = found.services["m"].settings
    return {s.name: str(s.value) for s in of if s.status is Status.EFFECTIVE}


def test_the_operator_s_fields_are_those_of_the_server() -> None:
    assert held(RESOURCE) == {
        TIME: "14 d",
        SIZE: "10 GiB",
        "scrape_interval": "30 s",
        "volume": "20 GiB",
    }


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (f"--{SIZE}=512MB", {SIZE: "512 MiB"}),
        (f"--{SIZE} 1GiB --{TIME}=1h30m", {SIZE: "1 GiB", TIME: "90 min"}),
        (f"--{SIZE}=0", {SIZE: "unlimited"}),
        ("--web.enable-lifecycle", {}),
    ],
)
def test_the_command_line(words: str, expected: dict[str, str]) -> None:
    assert held("global: {}\nscrape_configs: []\n", f"prometheus {words}") == expected


def test_the_command_line_goes_before_the_file() -> None:
    text = "global: {scrape_interval: 15s}\nscrape_configs: []\nstorage: {tsdb: {retention: {size: 1GB}}}\n"
    assert held(text)[SIZE] == "1 GiB"
    assert held(text, f"prometheus --{SIZE}=2GB")[SIZE] == "2 GiB"


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_breaks_it(name: str) -> None:
    list(READER.read(HOSTILE[name], "x.yaml"))


@given(damaged(RESOURCE))
def test_damage_is_told_or_passed_over(text: str) -> None:
    for each in READER.read(text, "x.yaml"):
        assert isinstance(each, Unread) or each.place is None or each.place.path == "x.yaml"
