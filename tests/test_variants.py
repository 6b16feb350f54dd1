"""Variants of the shop, as patches in a repository of our own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import variants

PATCH = """\
Raise work_mem for the reports

diff --git a/examples/shop/db/postgresql.conf b/examples/shop/db/postgresql.conf
--- a/examples/shop/db/postgresql.conf
+++ b/examples/shop/db/postgresql.conf
@@ -1,2 +1,2 @@
 port = 5432
-work_mem = 4MB
+work_mem = 256MB
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a shop and one variant."""
    root = tmp_path / "repository"
    (root / variants.SHOP / "db").mkdir(parents=True)
    (root / variants.SHOP / "db/postgresql.conf").write_text("port = 5432\nwork_mem = 4MB\n")
    (root / "examples/shop-seed-009.patch").write_text(PATCH)
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    monkeypatch.setattr(variants, "ROOT", root)
    return root


def test_a_variant_says_what_its_commit_said_and_changed(repository: Path) -> None:
    found = variants.variants()
    assert found == [
        variants.Variant(
            name="shop-seed-009",
            patch=repository / "examples/shop-seed-009.patch",
            message="Raise work_mem for the reports",
            changes=("+++ db/postgresql.conf", "-work_mem = 4MB", "+work_mem = 256MB"),
        )
    ]


@pytest.mark.parametrize(
    ("inside", "named"),
    [
        pytest.param("elsewhere", False, id="outside of any repository"),
        pytest.param("repository/made", False, id="inside of one"),
        pytest.param("repository/made", True, id="inside of one that the environment names"),
    ],
)
def test_the_change_is_applied_wherever_the_copy_lies(
    repository: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    inside: str,
    named: bool,
) -> None:
    if named:
        monkeypatch.setenv("GIT_DIR", str(repository / ".git"))
        monkeypatch.setenv("GIT_WORK_TREE", str(repository))
    (tmp_path / inside).mkdir()
    shop = variants.lay_out(variants.variants()[0], tmp_path / inside)
    assert (shop / "db/postgresql.conf").read_text() == "port = 5432\nwork_mem = 256MB\n"
    assert (repository / variants.SHOP / "db/postgresql.conf").read_text().endswith("= 4MB\n")


def test_without_a_variant_it_is_the_shop_as_it_is(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    shop = variants.lay_out(None, tmp_path / "copy")
    original = repository / variants.SHOP / "db/postgresql.conf"
    assert (shop / "db/postgresql.conf").read_bytes() == original.read_bytes()


def test_a_patch_that_rotted_is_an_error(repository: Path, tmp_path: Path) -> None:
    (repository / variants.SHOP / "db/postgresql.conf").write_text("port = 5433\nwork_mem = 8MB\n")
    (tmp_path / "copy").mkdir()
    with pytest.raises(variants.PatchError, match=r"shop-seed-009\.patch does not fit the shop"):
        variants.lay_out(variants.variants()[0], tmp_path / "copy")
