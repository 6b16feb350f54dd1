"""The shop of examples/ and its variants: each is the shop with the change of one commit.

A variant is kept as a patch, so that it cannot rot: `examples/shop-seed-000.patch`, written by
`git diff` (its paths start at the repository's root). What stands above the first `diff --git` is
what the commit said.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHOP = Path("examples/shop")


class PatchError(Exception):
    """A variant's patch no longer fits the shop."""


@dataclass(frozen=True, slots=True)
class Variant:
    """*message*: what the commit said. *changes*: its lines as `git diff` shows them."""

    name: str
    patch: Path
    message: str
    changes: tuple[str, ...]


def variants() -> list[Variant]:
    """Every variant of the shop, by name."""
    return [read_variant(path) for path in sorted((ROOT / "examples").glob("shop-*.patch"))]


def read_variant(path: Path) -> Variant:
    message, mark, diff = path.read_text("utf-8").partition("diff --git ")
    kept = [line for line in (mark + diff).splitlines() if line.startswith(("+", "-"))]
    shown = [line.replace(f"b/{SHOP}/", "") for line in kept if not line.startswith("---")]
    return Variant(path.stem, path, message.strip(), tuple(shown))


def lay_out(variant: Variant | None, into: Path) -> Path:
    """The folder of the shop, copied under *into*, with the variant's change (None: without one).

    Raises:
        PatchError: with what git says.
    """
    shop = into / SHOP
    shutil.copytree(ROOT / SHOP, shop)
    if variant is not None:
        command = ["git", "apply", "--whitespace=nowarn", str(variant.patch)]
        done = subprocess.run(
            command, cwd=into, env=outside_of_repositories(into), capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        if done.returncode:
            raise PatchError(f"{variant.patch.name} does not fit the shop: {done.stderr.strip()}")
    return shop


def outside_of_repositories(folder: Path) -> dict[str, str]:
    """In a repository (a hook names one, too) `git apply` would silently pass other paths over."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**own, "GIT_CEILING_DIRECTORIES": str(folder.resolve().parent)}
