"""Compose projects; the expected result lies beside each folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from plimsoll.model.reader import Deployment
from plimsoll.model.setting import Unread
from plimsoll.stack.files import Folder
from plimsoll.technologies.docker_compose.manifest import MANIFEST
from support.described import EXPECTED, described

FIXTURES = sorted((Path(__file__).parent / "fixtures").iterdir())
CASES = Path(__file__).parents[4] / "shared" / "cases"


@pytest.mark.parametrize("folder", FIXTURES, ids=lambda folder: folder.name)
def test_a_folder_is_described(folder: Path) -> None:
    assert described("docker-compose", folder) == (folder / EXPECTED).read_text("utf-8")


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        pytest.param(["compose.yml"], [("compose.yml",)], id="one"),
        pytest.param(
            ["docker-compose.yml", "docker-compose.override.yml", "docker-compose.prod.yml"],
            [("docker-compose.yml", "docker-compose.override.yml")],
            id="override",
        ),
        pytest.param(["compose.yml", "compose.yaml"], [("compose.yaml",)], id="the first name"),
        pytest.param(["docker-compose.prod.yml"], [("docker-compose.prod.yml",)], id="no base"),
        pytest.param(
            ["compose.override.yml", "compose.x.yml"], [("compose.x.yml",)], id="override alone"
        ),
        pytest.param(
            ["a/compose.yml", "b/compose.yml"], [("a/compose.yml",), ("b/compose.yml",)], id="two"
        ),
        pytest.param(
            ["compose.yml", "deploy/compose.prod.yml"], [("compose.yml",)], id="variant below"
        ),
        pytest.param([], [], id="nothing"),
    ],
)
def test_states(paths: list[str], expected: list[tuple[str, ...]]) -> None:
    assert MANIFEST.states(paths) == expected


def only(text: str, **files: str) -> Deployment:
    texts = {"compose.yml": text, **{n.replace("_", "."): t for n, t in files.items()}}
    found = list(
        MANIFEST.describe(["compose.yml"], lambda p: texts.get(p, Unread(p, "no such file")))
    )
    [service] = [f for f in found if isinstance(f, Deployment)]
    return service


def test_files_that_include_each_other_end() -> None:
    text = "include: [compose.yml, b.yml]\nservices: {a: {image: x}}\n"
    assert only(text, b_yml="include: [compose.yml]\n").image == "x"


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        pytest.param("ports: ['1:2']", ["9:9", "1:2"], id="appended"),
        pytest.param("ports: !override ['1:2']", ["1:2"], id="replaced"),
        pytest.param("ports: !reset []", [], id="taken away"),
        pytest.param("ports: !reset null", [], id="taken away by null"),
    ],
)
def test_tags_of_overrides(over: str, expected: list[str]) -> None:
    texts = {
        "compose.yml": "services: {a: {image: x, ports: ['9:9']}}\n",
        "compose.override.yml": f"services:\n  a:\n    {over}\n",
    }
    [found] = MANIFEST.describe([*texts], lambda p: texts.get(p, Unread(p, "no such file")))
    assert isinstance(found, Deployment)
    ports = [s.text for s in found.settings if s.name == "ports" and s.status == "effective"]
    assert ports == expected


@pytest.mark.skipif(not CASES.is_dir(), reason="the collected cases are not here")
def test_collected_files_are_described() -> None:
    paths = sorted(p for p in CASES.rglob("*compose*.y*ml"))
    assert len(paths) > 10
    for path in paths:
        found = list(MANIFEST.describe([path.name], Folder(path.parent).text))
        assert any(isinstance(each, Deployment) for each in found), path
        assert [str(f) for f in found if isinstance(f, Unread)] == [], path
