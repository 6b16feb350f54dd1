from __future__ import annotations

import os
import signal
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import pytest

from plimsoll import cli
from plimsoll.cli import command_named, main, names
from plimsoll.cli.command import Command, CommandError
from plimsoll.syntax.suggest import did_you_mean

PLIMSOLL = [sys.executable, "-c", "import sys; from plimsoll.cli import main; sys.exit(main())"]


def test_every_file_of_the_package_is_a_command_or_said_to_be_none() -> None:
    assert set(names()) >= {"check", "explain", "init", "rules", "stack"}
    assert all(isinstance(command_named(name), Command) for name in names())


@pytest.mark.parametrize("name", sorted({"check", "explain", "init", "rules", "stack"}))
def test_every_command_has_help_and_examples(name: str) -> None:
    command = command_named(name)
    assert command is not None
    assert command.help.endswith((".", "?"))
    assert all("plimsoll " in words for words, _ in command.examples)
    assert command.examples


def test_a_name_that_is_near() -> None:
    assert did_you_mean("chekc", ["check", "stack"]) == "did you mean 'check'?"
    assert did_you_mean("x", ["check", "stack"]) == "there are check, stack"
    assert did_you_mean("x", []) == "there are none"


def failing(problem: BaseException) -> Callable[[str], Command]:
    """What finds a command that ends with *problem*, whatever it is called."""

    def run(_: Namespace, __: TextIO) -> int:
        raise problem

    def arguments(parser: ArgumentParser) -> None:
        parser.add_argument("words", nargs="*")

    return lambda name: Command(f"fails as {name}", arguments, run)


def test_an_internal_error_asks_for_a_report_and_hides_secrets(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = ValueError("cannot\nreach redis://:hunter2@cache")
    monkeypatch.setattr(cli, "command_named", failing(problem))
    assert main(["check"]) == 2
    assert capsys.readouterr().err == (
        "plimsoll: internal error: ValueError: cannot reach redis://:***@cache;"
        " please report it, with what --debug prints\n"
    )


def test_debug_shows_where_it_happened(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "command_named", failing(ValueError("redis://:hunter2@cache")))
    assert main(["check", "--debug"]) == 2
    said = capsys.readouterr().err
    assert "test_main.py" in said
    assert "hunter2" not in said


def test_several_reasons_are_several_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "command_named", failing(CommandError("a:1: no\nb:2: \x1b no")))
    assert main(["check"]) == 2
    assert capsys.readouterr().err == "plimsoll: a:1: no\nplimsoll: b:2: ␛ no\n"


def test_ctrl_c_is_130_and_quiet(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "command_named", failing(KeyboardInterrupt()))
    assert main(["check"]) == 130
    assert capsys.readouterr() == ("", "")


WAITING = """
import signal, sys
from plimsoll import cli
from plimsoll.cli.command import Command

def wait(args, out):
    print("waits", flush=True)
    signal.pause()

cli.command_named = lambda name: Command("waits", lambda parser: None, wait)
sys.exit(cli.main(["check"]))
"""


def test_ctrl_c_ends_a_process_that_waits() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WAITING],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"waits\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (130, b"", b"")


def test_a_closed_pipe_is_quiet() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*PLIMSOLL, "--help"], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_what_the_terminal_cannot_say_is_escaped(tmp_path: Path) -> None:
    (tmp_path / "nginx.conf").write_text("events {}\nhttp { upstream größe { server a; } }\n")
    done = subprocess.run(
        [*PLIMSOLL, "stack", str(tmp_path)],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert rb"upstream gr\xf6\xdfe" in done.stdout


def test_one_command_imports_no_other(tmp_path: Path) -> None:
    (tmp_path / "nginx.conf").write_text("events {}\n")
    seen = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from plimsoll.cli import main; main(['stack', sys.argv[1]]);"
            "print(*(m for m in sys.modules if m.startswith('plimsoll.')))",
            str(tmp_path),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "plimsoll.cli.stack" in seen
    others = {f"plimsoll.cli.{name}" for name in names()} - {"plimsoll.cli.stack"}
    assert not others & set(seen)
    assert "plimsoll.report.formats.json" not in seen
    assert "plimsoll.check" not in seen
