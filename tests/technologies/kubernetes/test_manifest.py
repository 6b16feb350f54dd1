"""Folders of manifests; the expected result lies beside each of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from plimsoll.technologies.kubernetes.manifest import MANIFEST
from support.described import EXPECTED, described

FIXTURES = sorted((Path(__file__).parent / "fixtures").iterdir())


@pytest.mark.parametrize("folder", FIXTURES, ids=lambda folder: folder.name)
def test_a_folder_is_described(folder: Path) -> None:
    assert described("kubernetes", folder) == (folder / EXPECTED).read_text("utf-8")


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        pytest.param(["a.yaml", "b.yaml"], [("a.yaml", "b.yaml")], id="one folder"),
        pytest.param(["a/x.yaml", "b/x.yaml"], [("a/x.yaml",), ("b/x.yaml",)], id="two folders"),
        pytest.param(
            ["k/base/kustomization.yaml", "k/base/x.yaml", "k/o/kustomization.yml", "z/x.yaml"],
            [
                ("k/base/kustomization.yaml", "k/base/x.yaml", "k/o/kustomization.yml"),
                ("z/x.yaml",),
            ],
            id="kustomizations together",
        ),
        pytest.param([], [], id="nothing"),
    ],
)
def test_states(paths: list[str], expected: list[tuple[str, ...]]) -> None:
    assert MANIFEST.states(paths) == expected
