"""Runs the cases in *.txt: a folder, commands in it, and what they print.

# what the case shows
-- path/of/file --      the lines that follow are a file of the folder
$ plimsoll check .      a command; what follows is what it does
? 1                     its exit code
| text                  stands in a line of its output; in this order
e| text                 stands in a line of its error output; in this order
! text                  stands nowhere in either
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from plimsoll.cli import main

HERE = Path(__file__).parent
CASES = sorted(HERE.glob("*.txt"))
FILE = re.compile(r"-- (\S+) --")


@dataclass
class Run:
    """One command of a case, and what is expected of it."""

    words: list[str]
    code: int | None = None
    output: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)


@dataclass
class Case:
    files: dict[str, str]
    runs: list[Run]


def read_case(text: str) -> Case:
    """The files and commands of a case."""
    case = Case({}, [])
    path = ""
    for line in text.splitlines():
        if found := FILE.fullmatch(line):
            path = found[1]
            case.files[path] = ""
        elif line.startswith("$ plimsoll"):
            path = ""
            case.runs.append(Run(shlex.split(line[2:])[1:]))
        elif path:
            case.files[path] += line + "\n"
        elif case.runs:
            expect(case.runs[-1], line)
        else:
            assert line == "" or line.startswith("#"), line
    return case


def expect(run: Run, line: str) -> None:
    mark, _, said = line.partition(" ")
    into = {"|": run.output, "e|": run.errors, "!": run.absent}
    if mark == "?":
        run.code = int(said)
    elif mark in into:
        into[mark].append(said)
    else:
        assert line == "" or line.startswith("#"), f"what is {line!r}?"


def missing(wanted: Sequence[str], text: str) -> Iterator[str]:
    """The wanted pieces that do not stand in lines of *text* in their order."""
    lines = iter([" ".join(line.split()) for line in text.splitlines()])
    for piece in wanted:
        if not any(" ".join(piece.split()) in line for line in lines):
            yield piece
            return


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(
    path: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = read_case(path.read_text("utf-8"))
    assert case.runs, "a case runs something"
    for name, text in case.files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for run in case.runs:
        code = main(run.words)
        out, err = capsys.readouterr()
        told = f"$ plimsoll {shlex.join(run.words)}\n{out}\n{err}"
        assert code == run.code, told
        assert not list(missing(run.output, out)), told
        assert not list(missing(run.errors, err)), told
        assert err == "" or run.errors, told
        assert not [text for text in run.absent if text in out + err], told


def test_a_case_that_expects_something_else_fails() -> None:
    assert list(missing(["b", "a"], "a\nb\n")) == ["a"]
    assert list(missing(["a", "b  c"], "xax\n\nb c\n")) == []
