"""Compose files as Docker's own client reads them (`docker stack config`, which asks no engine)."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from plimsoll.model.reader import Deployment
from plimsoll.model.setting import Status, Unread
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from support.programs import need

pytestmark = [pytest.mark.real, pytest.mark.newer]  # `stack config` came with Docker 23

BASE = """\
x-limits: &limits
  cpus: '0.5'
  memory: 1G
services:
  app:
    image: "x:${TAG:-1}"
    command: gunicorn -w ${W} "a b" --x='c d' e\\ f
    entrypoint: /entry.sh --debug
    environment: [A=1, "B=two words", P=5$$, "N=${NONE:-x}y", "E=${EMPTY-d}", "F=${EMPTY:-d}"]
    ports: ["80:8080", "443:8443/udp", "9000-9001:90-91", "127.0.0.1:22:22"]
    volumes: ["./conf:/etc/app", "data:/var/lib/app"]
    ulimits: {nofile: 1024, nproc: {soft: 10, hard: 20}}
    sysctls: [net.core.somaxconn=1024]
    deploy: {replicas: 2, resources: {limits: {<<: *limits}}}
    stop_grace_period: 1m30s
    env_file: [one.env, two.env]
volumes: {data: {}}
"""
OVER = """\
services:
  app:
    command: [gunicorn, --workers, '8']
    environment: {B: three}
    ports: ["81:8080"]
    deploy: {resources: {limits: {memory: 1.5g}}}
"""
FILES = {
    "a.yml": BASE,
    "b.yml": OVER,
    "one.env": "A=0\nZ=1\n",
    "two.env": "Z=2\n",
    ".env": "W=7\nEMPTY=\n",
}


def theirs(folder: Path, names: list[str]) -> dict[str, Any]:
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    options = [word for name in names for word in ("-c", name)]
    ran = subprocess.run(
        [need("docker", "docker-cli"), "stack", "config", *options],
        cwd=folder,
        env={**os.environ, "W": "7", "EMPTY": ""},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found = yaml.safe_load(ran.stdout)["services"]["app"]
    assert isinstance(found, dict)
    return found


def ours(names: list[str]) -> Deployment:
    known = technology("docker-compose")
    assert known is not None
    assert known.manifest is not None
    found = known.manifest.describe(names, lambda p: FILES.get(p, Unread(p, "no such file")))
    [service] = [each for each in found if isinstance(each, Deployment)]
    return service


@pytest.mark.parametrize("names", [["a.yml"], ["a.yml", "b.yml"]], ids=["one", "two"])
def test_the_same_service(tmp_path: Path, names: list[str]) -> None:
    there, here = theirs(tmp_path, names), ours(names)
    known = technology("docker-compose")
    assert known is not None
    assert known.reader is not None
    settings = settled(known.reader, known.schema, here.settings)
    held = {s.name: s for s in settings if s.status is Status.EFFECTIVE}
    assert here.image == there["image"]
    assert [w.text for w in here.command] == [*there["entrypoint"], *there["command"]]
    assert {n: w.text for n, w in here.environment.items()} == there["environment"]
    assert sorted(here.published) == sorted((p["published"], p["target"]) for p in there["ports"])
    sources = {v["target"]: v["source"] for v in there["volumes"] if v["type"] == "bind"}
    assert {t: str(tmp_path / h) for h, t in here.mounts} == sources
    limits = there["deploy"]["resources"]["limits"]
    assert str(held["deploy.resources.limits.memory"].value).endswith("GiB")
    assert getattr(held["deploy.resources.limits.memory"].value, "low", 0) == int(limits["memory"])
    assert held["deploy.resources.limits.cpus"].text == limits["cpus"]
    assert held["deploy.replicas"].text == str(there["deploy"]["replicas"])
    assert held["sysctls.net.core.somaxconn"].text == there["sysctls"]["net.core.somaxconn"]
    assert held["ulimits.nofile.soft"].text == str(there["ulimits"]["nofile"])
    assert held["ulimits.nproc.hard"].text == str(there["ulimits"]["nproc"]["hard"])
    assert held["stop_grace_period"].text == there["stop_grace_period"]
