"""What a file of this package offers: one command, and the one error that ends it."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterable, Sequence
from typing import NoReturn, TextIO

from msgspec import Struct

from plimsoll.syntax.suggest import did_you_mean

# Exit code after Ctrl-C, as shells have it: 128 and the number of the signal.
INTERRUPTED = 130


class CommandError(Exception):
    """What was asked cannot be answered: "where: what; what now", a line for each reason."""


class Command(Struct, frozen=True):
    """One command. *run* gives the exit code. *examples*: command lines and what each does."""

    help: str
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace, TextIO], int]
    examples: tuple[tuple[str, str], ...] = ()


class Parser(ArgumentParser):
    """A parser whose errors are `CommandError`, with the name that may have been meant."""

    def __init__(self, prog: str, description: str, epilog: str | None) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=epilog,
            allow_abbrev=False,
            formatter_class=RawDescriptionHelpFormatter,
        )

    def parsed(self, words: Sequence[str]) -> Namespace:
        """The arguments in *words*; an option that there is not is an error with a suggestion."""
        args, left = self.parse_known_args(words)
        if not left:
            return args
        known = [name for action in self._actions for name in action.option_strings]
        if not left[0].startswith("-"):
            self.error(f"nothing takes {left[0]!r}")
        option = left[0].partition("=")[0]
        raise CommandError(f"{self.prog}: no option {option!r}; {did_you_mean(option, known)}")

    def error(self, message: str) -> NoReturn:
        said = message.removeprefix("argument ")
        raise CommandError(f"{self.prog}: {said}; see `{self.prog} --help`")


def one_of(what: str, known: Callable[[], Iterable[str]]) -> Callable[[str], str]:
    """A type of argument: one of the *known* names; they are asked for only when it is used."""

    def checked(text: str) -> str:
        names = tuple(known())
        if text not in names:
            raise ArgumentTypeError(f"no {what} {text!r}; {did_you_mean(text, names)}")
        return text

    return checked
