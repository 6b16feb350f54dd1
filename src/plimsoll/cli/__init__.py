"""The command line: finds the command, runs it, and says every error in one line."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from plimsoll import plugins
from plimsoll.cli.command import INTERRUPTED, Command, CommandError, Parser
from plimsoll.syntax.suggest import did_you_mean

PACKAGE = "plimsoll.cli"
UNANSWERED = 2
PIPE_CLOSED = 141

_NOT_COMMANDS = {
    "arguments",
    "command",
    "differences",
    "looks",
    "new-rule",
    "postmortem-files",
    "progress",
    "sources",
    "writing",
}
_DEBUG = "--debug"
_NEW_VALUES = 500_000  # until Python looks for garbage among them
_ABOUT = """\
Plimsoll reads the configuration of a running stack and says what does not fit.

usage: plimsoll COMMAND [ARGUMENT ...]

commands:
{commands}

options:
  --help     this text; `plimsoll COMMAND --help` has the command's options and examples
  --version  the version
  --debug    after an internal error, show where it happened

examples:
  plimsoll check                            check the folder that you are in
  plimsoll check --host memory=4GiB,cores=2 say what machine it is to run on
  plimsoll stack                            show what was understood
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; its exit code. 2: the question could not be answered."""
    if argv is None:
        _collect_little()
    words = list(sys.argv[1:] if argv is None else argv)
    _show_every_character()
    try:
        code = _run([word for word in words if word != _DEBUG], sys.stdout)
        sys.stdout.flush()
    except SystemExit as stop:  # argparse, after --help
        return stop.code if isinstance(stop.code, int) else 0
    except CommandError as problem:
        return _refused(str(problem))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return PIPE_CLOSED
    except OSError as problem:
        _drop_output()
        return _refused(f"{problem.filename or 'output'}: {problem.strerror or problem}")
    except Exception as problem:
        return _failed(problem, is_debug=_DEBUG in words)
    return code


def names() -> tuple[str, ...]:
    """Every command that there is."""
    return tuple(name for name in plugins.names(PACKAGE) if name not in _NOT_COMMANDS)


def command_named(name: str) -> Command | None:
    """The command of that name; None where there is none. Nothing else is imported."""
    if name not in names():
        return None
    return plugins.offered("plimsoll", "cli", name.replace("-", "_"), Command)


def parser_of(name: str, command: Command) -> Parser:
    """The parser of one command's arguments."""
    examples = "\n".join(f"  {words}\n      {effect}" for words, effect in command.examples)
    parser = Parser(
        prog=f"plimsoll {name}",
        description=command.help,
        epilog=f"examples:\n{examples}" if examples else None,
    )
    command.arguments(parser)
    return parser


def _run(words: Sequence[str], out: TextIO) -> int:
    if not words:
        out.write(_about())
        return UNANSWERED
    name, arguments = words[0], words[1:]
    if name in ("-h", "--help", "help"):
        out.write(_about())
        return 0
    if name in ("-V", "--version"):
        from plimsoll import __version__

        out.write(f"plimsoll {__version__}\n")
        return 0
    command = command_named(name)
    if command is None:
        raise CommandError(_unknown(name))
    return command.run(parser_of(name, command).parsed(arguments), out)


def _unknown(name: str) -> str:
    if name.startswith("-"):
        return f"no option {name!r} before a command; see `plimsoll --help`"
    if Path(name).exists():
        return f"{name!r} is no command; did you mean `plimsoll check {name}`?"
    return f"no command {name!r}; {did_you_mean(name, names())}"


def _about() -> str:
    found = {name: command_named(name) for name in names()}
    lines = [f"  {name:10} {command.help}" for name, command in found.items() if command]
    return _ABOUT.format(commands="\n".join(lines))


def _collect_little() -> None:
    """What a command makes lives until its end; searching it for garbage takes longer than a check."""
    gc.set_threshold(_NEW_VALUES)
    atexit.register(gc.freeze)  # Python would search all of it once more before it ends


def _show_every_character() -> None:
    """Whatever the terminal's encoding cannot say is shown as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _refused(reasons: str) -> int:
    from plimsoll.report.secrets import Mask

    mask = Mask()
    for reason in reasons.splitlines():
        sys.stderr.write(f"plimsoll: {mask.sentence(reason)}\n")
    return UNANSWERED


def _failed(problem: Exception, *, is_debug: bool) -> int:
    if is_debug:
        import traceback

        _refused("".join(traceback.format_exception(problem)))
    said = " ".join(f"{type(problem).__name__}: {problem}".split())
    return _refused(f"internal error: {said}; please report it, with what {_DEBUG} prints")


def _drop_output() -> None:
    """Who reads our output has closed it; nothing is to be said when Python flushes it."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
