"""Completion, asked of the shells themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from plimsoll.cli import main
from support.programs import need

BIN = Path(sys.executable).parent
SHELLS = {
    "bash": lambda: need("bash", "bash"),
    "fish": lambda: need("fish", "fish"),
    "zsh": lambda: need("zsh", "zsh"),
}


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["completion", shell]) == 0
    return capsys.readouterr().out


def asked(shell: str, text: str) -> list[str]:
    env = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
    options = ["--norc"] if shell == "bash" else ["--no-config"] if shell == "fish" else ["-f"]
    done = subprocess.run(
        [SHELLS[shell](), *options, "-c", text],
        env=env,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert done.stderr == ""
    return done.stdout.split()


CASES = [
    (["che"], {"check"}),
    (["check", "--base"], {"--baseline"}),
    (["check", "--format", "sar"], {"sarif"}),
    (["check", "--fail-on", ""], {"low", "medium", "high", "critical"}),
    (["rules", "sh"], {"show"}),
    (["completion", "z"], {"zsh"}),
]


@pytest.mark.real
@pytest.mark.parametrize(("words", "expected"), CASES)
def test_bash(
    words: list[str], expected: set[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    quoted = " ".join(f"'{word}'" for word in ["plimsoll", *words])
    text = f"cd {tmp_path}\n{script('bash', capsys)}\nCOMP_WORDS=({quoted}); COMP_CWORD={len(words)}\n_plimsoll\n"
    assert set(asked("bash", text + 'printf "%s\\n" "${COMPREPLY[@]}"')) == expected


@pytest.mark.real
@pytest.mark.parametrize(("words", "expected"), CASES)
def test_fish(
    words: list[str], expected: set[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    line = " ".join(["plimsoll", *words])
    text = f"cd {tmp_path}\n{script('fish', capsys)}\ncomplete -C'{line}' | cut -f1"
    assert set(asked("fish", text)) == expected


@pytest.mark.real
def test_zsh_takes_it(capsys: pytest.CaptureFixture[str]) -> None:
    text = f"autoload -Uz compinit && compinit -u -D\n{script('zsh', capsys)}\nprint -r -- $_comps[plimsoll]"
    assert asked("zsh", text) == ["_plimsoll"]


def test_another_shell(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "csh"]) == 2
    assert "no shell 'csh'; did you mean 'zsh'?" in capsys.readouterr().err
