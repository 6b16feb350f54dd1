"""Writes docs/plimsoll.1, the manual page, from the commands' own help."""

from __future__ import annotations

import sys
from argparse import Action
from collections.abc import Iterator
from pathlib import Path

from plimsoll import __version__
from plimsoll.cli import command_named, names, parser_of

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "plimsoll.1"

EXIT = (
    ("0", "Nothing at or above the severity of --fail-on."),
    ("1", "Findings at or above it."),
    ("2", "The question could not be answered: wrong arguments, a broken plimsoll.yaml or rule file, "
          "nothing to check, or a named file that cannot be read; with --strict anything that was not "
          "read or checked."),
    ("130", "Interrupted; what was found so far was reported."),
)  # fmt: skip
FILES = (
    ("plimsoll.yaml", "What the files do not say: machines, services, links, accepted findings."),
    ("plimsoll.NAME.yaml", "What holds in one environment only (--environment NAME)."),
    (".plimsoll/rules", "Rules of your own."),
)
VARIABLES = (
    ("NO_COLOR", "When set, nothing is coloured."),
    ("XDG_CACHE_HOME", "Where compiled rules are kept (default: ~/.cache)."),
)


def main() -> int:
    PAGE.write_text(page(), "utf-8")
    print(f"man: {PAGE.relative_to(ROOT)}")
    return 0


def page() -> str:
    """The page, in the language of man(7)."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield f'.TH PLIMSOLL 1 "" "plimsoll {__version__}" "User Commands"'
    yield ".SH NAME"
    yield r"plimsoll \- does this configuration fit the machines under it?"
    yield ".SH SYNOPSIS"
    yield r"\fBplimsoll\fR \fICOMMAND\fR [\fIARGUMENT\fR ...]"
    yield ".SH DESCRIPTION"
    yield "Reads the configuration of a running stack and says what does not fit, before it ships."
    yield "Nothing that it reads is executed, and nothing leaves the machine."
    yield ".SH COMMANDS"
    for name in names():
        yield from _command(name)
    for title, entries in (("EXIT STATUS", EXIT), ("FILES", FILES), ("ENVIRONMENT", VARIABLES)):
        yield f".SH {title}"
        for word, about in entries:
            yield from (".TP", f".B {roff(word)}", roff(about))


def _command(name: str) -> Iterator[str]:
    command = command_named(name)
    if command is None:
        return
    yield f".SS plimsoll {name}"
    yield roff(command.help)
    for action in parser_of(name, command)._actions:
        yield from _argument(action)
    if command.examples:
        yield ".PP"
        yield "Examples:"
        for words, effect in command.examples:
            yield from (
                ".RS 4",
                ".nf",
                rf"\fB{roff(words)}\fR",
                f"    {roff(effect)}",
                ".fi",
                ".RE",
            )


def _argument(action: Action) -> Iterator[str]:
    about = roff(action.help or "")
    metavar = rf" \fI{roff(str(action.metavar))}\fR" if action.metavar and action.nargs != 0 else ""
    if action.option_strings:
        written = ", ".join(rf"\fB{roff(each)}\fR" for each in action.option_strings)
        yield from (".TP", written + metavar, about)
    else:
        yield from (".TP", metavar.strip(), about)


def roff(text: str) -> str:
    """*text* so that nothing of it is a request."""
    safe = text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq").replace("~", r"\(ti")
    safe = safe.replace("`", r"\(ga").replace("^", r"\(ha")
    return rf"\&{safe}" if safe.startswith(".") else safe


if __name__ == "__main__":
    sys.exit(main())
