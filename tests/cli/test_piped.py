"""What is piped in: rendered manifests, as one more file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

POD = (
    b"apiVersion: v1\nkind: Pod\nmetadata: {name: app}\nspec:\n  containers:\n"
    b"  - name: app\n    image: x\n    command: [gunicorn, 'a:a', -w, '99']\n"
)


def run(folder: Path, piped: bytes, *words: str) -> subprocess.CompletedProcess[bytes]:
    argv = [sys.executable, "-c", "from plimsoll.cli import main; raise SystemExit(main())", *words]
    return subprocess.run(argv, cwd=folder, input=piped, capture_output=True, timeout=60)


def test_a_finding_names_standard_input(tmp_path: Path) -> None:
    done = run(tmp_path, POD, "check", "-", "--host", "memory=1GiB,cores=2", "-q")
    assert done.returncode == 1, done.stderr
    assert b"<stdin>:8:" in done.stdout


def test_it_stands_beside_the_folder(tmp_path: Path) -> None:
    (tmp_path / "plimsoll.yaml").write_text("hosts: {node: {memory: 1GiB, cores: 2}}\n")
    done = run(tmp_path, POD, "check", "-", "-q")
    assert done.returncode == 1, done.stderr
    assert b"<stdin>:8:" in done.stdout


@pytest.mark.parametrize(
    ("piped", "said"),
    [
        pytest.param(b"", "holds no Kubernetes object", id="nothing"),
        pytest.param(b"a: 1\n", "holds no Kubernetes object", id="something else"),
        pytest.param(b"kind: Pod\napiVersion: {{ .Values.x }}\n", "render it first", id="template"),
        pytest.param(b"\0" * 10, "nothing to check", id="binary"),
    ],
)
def test_what_cannot_be_answered(tmp_path: Path, piped: bytes, said: str) -> None:
    done = run(tmp_path, piped, "check", "-")
    assert done.returncode == 2
    assert said in done.stderr.decode()


STORY = (
    b"# Shop down\n\n## Timeline\n- 10:00 UTC the shop is down\n- 10:10 UTC the shop is restored\n"
)


@pytest.mark.parametrize("action", ["read", "lint", "render"])
def test_a_postmortem(tmp_path: Path, action: str) -> None:
    done = run(tmp_path, STORY, "postmortem", action, "-")
    assert done.returncode == (action == "lint"), done.stderr
    assert (b"<stdin>" if action == "lint" else b"Shop down") in done.stdout


def test_a_postmortem_without_an_end_is_refused(tmp_path: Path) -> None:
    done = run(tmp_path, b"- 10:00 down\n" * 100_000, "postmortem", "read", "-")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"<stdin>: larger than 128 kB" in done.stderr
