"""plimsoll completion: what a shell needs to complete commands and options."""

from __future__ import annotations

from argparse import Action, ArgumentParser, Namespace
from collections.abc import Iterator
from typing import TextIO

from msgspec import Struct

from plimsoll.cli.command import Command, one_of

_SHELLS = ("bash", "zsh", "fish")


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "shell",
        metavar="|".join(_SHELLS),
        type=one_of("shell", lambda: _SHELLS),
        help="the shell that is to complete",
    )


def run(args: Namespace, out: TextIO) -> int:
    """0 printed."""
    known = list(_commands())
    write = {"bash": _bash, "zsh": _zsh, "fish": _fish}[args.shell]
    out.writelines(f"{line}\n" for line in write(known))
    return 0


class Option(Struct, frozen=True):
    """An option of a command. *values*: what it takes, where that is a choice."""

    names: tuple[str, ...]
    help: str
    takes_value: bool
    values: tuple[str, ...] = ()


class Known(Struct, frozen=True):
    """A command, its options, and the words that it begins with, where these are a choice."""

    name: str
    help: str
    options: tuple[Option, ...]
    words: tuple[str, ...] = ()


def _commands() -> Iterator[Known]:
    from plimsoll.cli import command_named, names, parser_of

    for name in names():
        command = command_named(name)
        if command is not None:
            actions = parser_of(name, command)._actions
            yield Known(
                name,
                command.help,
                tuple(_option(each) for each in actions if each.option_strings),
                next((_choices(each) for each in actions if not each.option_strings), ()),
            )


def _option(action: Action) -> Option:
    takes_value = action.nargs != 0
    values = _choices(action) if takes_value else ()
    return Option(tuple(action.option_strings), action.help or "", takes_value, values)


def _choices(action: Action) -> tuple[str, ...]:
    """The values that its metavar lists: text|json."""
    names = str(action.metavar or "").split("|")
    return tuple(names) if len(names) > 1 and all(n.islower() for n in names) else ()


# ------------------------------------------------------------------------------------- the shells


def _bash(known: list[Known]) -> Iterator[str]:
    yield "# plimsoll completion bash: source it, or put it into bash-completion's folder"
    yield "_plimsoll() {"
    yield '    local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"'
    yield "    COMPREPLY=()"
    yield '    if [ "$COMP_CWORD" -eq 1 ]; then'
    names = " ".join(each.name for each in known)
    yield f'        COMPREPLY=($(compgen -W "{names} --help --version" -- "$word")); return'
    yield "    fi"
    yield '    case "${COMP_WORDS[1]} $before" in'
    for each in known:
        for option in each.options:
            if option.values:
                patterns = "|".join(f'"{each.name} {name}"' for name in option.names)
                values = " ".join(option.values)
                yield f'        {patterns}) COMPREPLY=($(compgen -W "{values}" -- "$word")); return ;;'
    yield "    esac"
    yield '    case "${COMP_WORDS[1]}" in'
    for each in known:
        words = " ".join((*each.words, *(n for o in each.options for n in o.names)))
        yield f'        {each.name}) COMPREPLY=($(compgen -W "{words}" -- "$word")) ;;'
    yield "    esac"
    yield '    [[ "$word" == -* ]] || COMPREPLY+=($(compgen -f -- "$word"))'
    yield "}"
    yield "complete -o filenames -F _plimsoll plimsoll"


def _zsh(known: list[Known]) -> Iterator[str]:
    yield "#compdef plimsoll"
    yield "# plimsoll completion zsh > ~/.zfunc/_plimsoll, with that folder in fpath"
    yield "_plimsoll() {"
    yield "    local -a commands"
    told = " ".join(f"'{each.name}:{_quoted(each.help)}'" for each in known)
    yield f"    commands=({told})"
    yield "    if (( CURRENT == 2 )); then _describe command commands; return; fi"
    yield '    case "${words[2]}" in'
    for each in known:
        yield f"        {each.name})"
        yield "            shift words; (( CURRENT-- ))"
        specs = [spec for option in each.options for spec in _zsh_option(option)]
        first = f"'1:word:({' '.join(each.words)})'" if each.words else "'*:file:_files'"
        yield "            _arguments " + " ".join((*specs, first)) + " ;;"
    yield "    esac"
    yield "}"
    yield 'if [ "$funcstack[1]" = "_plimsoll" ]; then _plimsoll "$@"; else compdef _plimsoll plimsoll; fi'


def _zsh_option(option: Option) -> Iterator[str]:
    about = _quoted(option.help).replace("[", "(").replace("]", ")").replace(":", " ")
    value = f":value:({' '.join(option.values)})" if option.values else ":value:_files"
    for name in option.names:
        yield f"'*{name}[{about}]{value if option.takes_value else ''}'"


def _fish(known: list[Known]) -> Iterator[str]:
    yield "# plimsoll completion fish > ~/.config/fish/completions/plimsoll.fish"
    for each in known:
        about = _quoted(each.help)
        yield f"complete -c plimsoll -n __fish_use_subcommand -f -a {each.name} -d '{about}'"
        here = f"complete -c plimsoll -n '__fish_seen_subcommand_from {each.name}'"
        if each.words:
            yield f"{here} -a '{' '.join(each.words)}'"
        for option in each.options:
            names = " ".join(_fish_name(name) for name in option.names)
            value = f" -x -a '{' '.join(option.values)}'" if option.values else " -r"
            yield f"{here} {names}{value if option.takes_value else ''} -d '{_quoted(option.help)}'"


def _fish_name(name: str) -> str:
    if name.startswith("--"):
        return f"-l {name[2:]}"
    return f"-s {name[1:]}" if len(name) == 2 else f"-o {name[1:]}"


def _quoted(text: str) -> str:
    """*text* within single quotes: without any."""
    return " ".join(text.replace("'", "").split())


COMMAND = Command(
    "Prints what bash, zsh or fish needs to complete commands and options.",
    arguments,
    run,
    examples=(
        ("source <(plimsoll completion bash)", "in ~/.bashrc"),
        ("plimsoll completion fish > ~/.config/fish/completions/plimsoll.fish", "for fish"),
    ),
)
