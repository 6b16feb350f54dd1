"""How long a preStop hook waits, by whatever it is written."""

from __future__ import annotations

import pytest

from plimsoll.stack import read_texts

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: web
    image: nginx:1.22
    lifecycle: {preStop: %s}
"""


@pytest.mark.parametrize(
    ("hook", "seconds"),
    [
        ("{sleep: {seconds: 7}}", "7 s"),
        ("{exec: {command: [sleep, '15']}}", "15 s"),
        ("{exec: {command: [/bin/sleep, 15s]}}", "15 s"),
        ('{exec: {command: [sh, -c, "sleep 10"]}}', "10 s"),
        ('{exec: {command: [sh, -c, "sleep 5&&nginx -s quit;sleep 0.5m"]}}', "35 s"),
        ('{exec: {command: ["/bin/sh", "-c", "(sleep 1m)"]}}', "60 s"),
        ('{exec: {command: [sh, -c, "nginx -s quit"]}}', ""),
        ("{httpGet: {path: /drain, port: 80}}", ""),
    ],
)
def test_what_sleeps_counts(hook: str, seconds: str) -> None:
    settings = read_texts({"web.yaml": POD % hook}).services["web"].settings
    name = "lifecycle.preStop.sleep.seconds"
    assert next((str(s.value) for s in settings if s.name == name), "") == seconds
