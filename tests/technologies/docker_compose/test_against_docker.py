"""Compose files as Docker's own client reads them (`docker stack config`, which asks no engine)."""

from __future__ import annotations

import os
import re
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Deployment
from plimsoll.model.setting import Setting, Status, Unread
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from support.counts import drawn
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


# -- drawn: services over many keys

_SIZE = st.builds(
    "{}{}".format,
    st.sampled_from(["1", "64", "1.5", "0.25"]),
    st.sampled_from(["g", "G", "gb", "GiB", "m", "MB", "k", "kb", " g"]),
)
_SPAN = st.sampled_from(["10s", "1m30s", "1h", "100ms", "1.5s", "2m", "1h5m"])
_WORDS = st.sampled_from(
    ["gunicorn -w 4 a:b", '[a, "b c", d]', "'sh -c \"x y\"'", "a 'b c' d\\ e", '["x"]', 'a "b$$c"']
)
_VALUE = st.sampled_from(
    ["1", "two words", "$$x", "${W}", "${NONE:-d}", "${EMPTY:-e}", "${EMPTY-f}", "a=b", "é"]
)
_NAME = st.sampled_from(["A", "B_C", "D1", "E"])


@st.composite
def _service(draw: st.DrawFn) -> dict[str, str]:
    """Keys of a service with their YAML."""
    variables = draw(st.dictionaries(_NAME, _VALUE, max_size=3))
    as_list = "[" + ", ".join(f'"{n}={v}"' for n, v in variables.items()) + "]"
    as_map = "{" + ", ".join(f'{n}: "{v}"' for n, v in variables.items()) + "}"
    keys = {
        "deploy": f"{{resources: {{limits: {{memory: {draw(_SIZE)}, cpus: '{draw(st.sampled_from(['0.5', '2', '1.25']))}'}}}}, replicas: {draw(st.integers(0, 9))}}}",
        "stop_grace_period": draw(_SPAN),
        "command": draw(_WORDS),
        "environment": draw(st.sampled_from([as_list, as_map])),
        "ulimits": draw(
            st.sampled_from(["{nofile: 77}", "{nofile: {soft: 5, hard: 6}}", "{nproc: 9}"])
        ),
        "sysctls": draw(st.sampled_from(["[net.core.somaxconn=5]", "{net.core.somaxconn: 7}"])),
        "ports": draw(
            st.sampled_from(
                ['["80:8080"]', '["9000-9001:90-91"]', "[{target: 1, published: 2}]", '["7"]']
            )
        ),
    }
    kept = draw(st.sets(st.sampled_from(sorted(keys))))
    return {name: text for name, text in keys.items() if name in kept}


def _file(service: dict[str, str]) -> str:
    keys = "".join(f"    {name}: {text}\n" for name, text in service.items())
    return f"services:\n  app:\n    image: x\n{keys}"


def _asked(folder: Path, text: str) -> dict[str, Any] | None:
    """What Docker makes of the service; None where it refuses the file."""
    (folder / "drawn.yml").write_text(text, "utf-8")
    ran = subprocess.run(
        [need("docker", "docker-cli"), "stack", "config", "-c", "drawn.yml"],
        cwd=folder, env={**os.environ, "W": "7", "EMPTY": ""}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return yaml.safe_load(ran.stdout)["services"]["app"] if ran.returncode == 0 else None


def _read(text: str) -> tuple[Deployment, dict[str, Setting]]:
    known = technology("docker-compose")
    assert known is not None
    assert known.manifest is not None
    assert known.reader is not None
    texts = {"drawn.yml": text, ".env": "W=7\nEMPTY=\n"}
    found = known.manifest.describe(
        ["drawn.yml"], lambda p: texts.get(p, Unread(p, "no such file"))
    )
    [service] = [each for each in found if isinstance(each, Deployment)]
    return service, {s.name: s for s in settled(known.reader, known.schema, service.settings)}


def _low(setting: Setting) -> object:
    assert isinstance(setting.value, Amount), setting
    return setting.value.low


_PIECE = re.compile(r"([0-9.]+)(ms|h|m|s)")


def _seconds(text: str) -> Fraction:
    sizes = {"ms": Fraction(1, 1000), "s": Fraction(1), "m": Fraction(60), "h": Fraction(3600)}
    return sum((Fraction(n) * sizes[u] for n, u in _PIECE.findall(text)), Fraction(0))


@drawn(5, 80)
@given(service=_service())
def test_drawn_services_are_what_docker_makes_of_them(
    tmp_path_factory: pytest.TempPathFactory, service: dict[str, str]
) -> None:
    text = _file(service)
    there = _asked(tmp_path_factory.mktemp("compose"), text)
    assert there is not None, text
    here, held = _read(text)
    assert [w.text for w in here.command] == there.get("command", []), text
    assert {n: w.text for n, w in here.environment.items()} == there.get("environment", {}), text
    if limits := there.get("deploy", {}).get("resources", {}).get("limits"):
        assert _low(held["deploy.resources.limits.memory"]) == int(limits["memory"]), text
        assert held["deploy.resources.limits.cpus"].text == limits["cpus"]
        assert _low(held["deploy.replicas"]) == there["deploy"]["replicas"]
    if span := there.get("stop_grace_period"):
        assert _low(held["stop_grace_period"]) == _seconds(span), text
    for name, said in there.get("ulimits", {}).items():
        soft, hard = (said["soft"], said["hard"]) if isinstance(said, dict) else (said, said)
        assert (held[f"ulimits.{name}.soft"].text, held[f"ulimits.{name}.hard"].text) == (
            str(soft),
            str(hard),
        )
    for name, said in there.get("sysctls", {}).items():
        assert held[f"sysctls.{name}"].text == said
    published = [(p["published"], p["target"]) for p in there.get("ports", []) if "published" in p]
    assert sorted(here.published) == sorted(published)


_WRONG = {
    "deploy.resources.limits.memory": ("deploy", "{resources: {limits: {memory: %s}}}", ["abc", "1q", "g", "'1 2g'", "'-1g'"]),
    "stop_grace_period": ("stop_grace_period", "%s", ["'1 m'", "abc", "'5'", "1x", "'1m 30s'"]),
    "ulimits.nofile.soft": ("ulimits", "{nofile: %s}", ["abc", "'5k'"]),
    "deploy.replicas": ("deploy", "{replicas: %s}", ["abc", "1.5", "-1"]),
}  # fmt: skip


@drawn(5, 60)
@given(service=_service(), name=st.sampled_from(sorted(_WRONG)), data=st.data())
def test_what_docker_refuses_is_no_value_of_ours(
    tmp_path_factory: pytest.TempPathFactory,
    service: dict[str, str],
    name: str,
    data: st.DataObject,
) -> None:
    key, form, values = _WRONG[name]
    text = _file({**service, key: form % data.draw(st.sampled_from(values))})
    assert _asked(tmp_path_factory.mktemp("compose"), text) is None, text
    found = _read(text)[1].get(name)
    assert found is None or not isinstance(found.value, Amount), (text, found)
