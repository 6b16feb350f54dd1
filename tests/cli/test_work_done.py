"""What a check loads: with a warm cache no parser of ours, and of technologies those that occur."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from plimsoll.technologies import names, signs, technology

CHECK = """
import sys
from plimsoll.cli import main
main(["check", sys.argv[1]])
print(*sys.modules, file=sys.stderr)
"""
READERS = ("reader", "manifest")


def loaded(folder: Path, cache: Path) -> set[str]:
    """The modules that a process of its own has after checking *folder*."""
    done = subprocess.run(
        [sys.executable, "-c", CHECK, folder],
        env={"XDG_CACHE_HOME": str(cache), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "1 service" in done.stdout
    return set(done.stderr.split())


def occurring(modules: set[str]) -> set[str]:
    """The technologies of which a reader was loaded."""
    parts = [name.split(".") for name in modules if name.startswith("plimsoll.technologies.")]
    return {each[2] for each in parts if len(each) == 4 and each[3] in READERS}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "redis.conf").write_text("maxmemory 1gb\n")
    return folder


def test_what_does_not_occur_is_not_read(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert {"lark", "yaml"} <= loaded(folder, cache)
    warm = loaded(folder, cache)
    kernel = "sysctl"  # of the machine, whatever runs on it
    assert occurring(warm) == {"redis", kernel}
    assert not {"lark", "yaml", "importlib.resources", "tempfile"} & warm
    large = ("plimsoll.syntax.python", "plimsoll.syntax.shell")
    assert not {name for name in warm if name.startswith(large)}


def test_yaml_is_parsed_where_the_stack_has_some(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    (folder / "plimsoll.yaml").write_text("hosts: {box: {memory: 4GiB}}\n")
    loaded(folder, cache)
    warm = loaded(folder, cache)
    assert "yaml" in warm
    assert "lark" not in warm


@pytest.mark.parametrize("name", names())
def test_who_has_a_reader_has_signs(name: str) -> None:
    known = technology(name)
    assert known is not None
    own = signs().get(name)
    assert (own is not None) is (known.reader is not None or known.manifest is not None)
    if own is not None:
        # What stands in a manifest alone has no files of its own (the limits that a script sets).
        assert known.reader is not None if own.files else not (known.reader and not known.manifest)
        assert bool(own.manifests) is (known.manifest is not None)
