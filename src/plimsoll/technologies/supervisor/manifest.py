"""The programs that supervisord keeps running: each section is a service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Deployment, Manifest, Open, Word
from plimsoll.model.setting import Setting, Unknown, Unread
from plimsoll.syntax.shell import words
from plimsoll.syntax.text import Lines
from plimsoll.syntax.traced import Traced
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies.supervisor.sections import Line, Program, expanded, programs, why_unknown

_RUN = frozenset({"program", "fcgi-program"})
_OWN = "supervisord"
# Of supervisord itself, for all its programs.
_SHARED = ("minfds", "minprocs")


def describe(paths: Sequence[str], opened: Open) -> Iterator[Deployment | Unread]:
    """The programs of these files; what [supervisord] says holds for each of them."""
    found: list[tuple[Program, str, str]] = []
    for path in paths:
        text = opened(path)
        if isinstance(text, Unread):
            yield text
            continue
        for each in programs(text, path):
            if isinstance(each, Unread):
                yield each
            else:
                found.append((each, path, text))
    own = [each for each, _, _ in found if each.kind == _OWN]
    shared = [line.setting for each in own for line in each.lines if line.key in _SHARED]
    everyone = [line for each in own for line in each.lines if line.key == "environment"]
    for each, path, text in found:
        if each.kind in _RUN and each.text("autostart").casefold() not in (
            "false",
            "no",
            "off",
            "0",
        ):
            yield _deployment(each, path, text, shared, everyone)


def states(paths: Sequence[str]) -> list[tuple[str, ...]]:
    """All files hold together: one includes the others."""
    return [tuple(paths)] if paths else []


def _deployment(
    program: Program, path: str, text: str, shared: Sequence[Setting], everyone: Sequence[Line]
) -> Deployment:
    lines = Lines(text, path)
    own = [line for line in program.lines if line.key == "environment"]
    command = program.line("command")
    settings = (*shared, *(line.setting for line in program.lines))
    return Deployment(
        name=program.name,
        technology="supervisor",
        place=program.place,
        settings=tuple(replace(each, scope=()) for each in settings),
        command=tuple(_words(command.value, lines, program)) if command else (),
        environment={
            name: word for line in (*everyone, *own) for name, word in _pairs(line, lines, program)
        },
        directory=expanded(program.text("directory"), {"program_name": program.name}),
        files=(path,),
    )


def _words(value: Traced, lines: Lines, program: Program) -> Iterator[Word]:
    """The words of a value, each where it stands; supervisord splits them as a shell would."""
    flat = " ".join(value.text.splitlines()) if "\n" in value.text else value.text
    if len(flat) != len(value.text):
        flat = value.text.replace("\n", " ").replace("\r", " ")
    for word in words(flat, Place("", Span(1, 1, 1, len(flat) + 1))):
        if word.place is None:
            continue
        span = word.place.span
        start, end = value.range(span.column - 1, span.end_column - 1)
        place = lines.place(start, end, (start, end))
        why = why_unknown(word.text, program.name)
        said = expanded(word.text, {"program_name": program.name, "group_name": program.name})
        yield Uncertain(said, place, value=why) if why else Word(said, place)


def _pairs(line: Line, lines: Lines, program: Program) -> Iterator[tuple[str, Word]]:
    """`KEY="value",OTHER=value`: pairs with commas between them."""
    text = line.value.text
    at = 0
    while at < len(text):
        name, equals, rest = text[at:].partition("=")
        if not equals:
            return
        start = at + len(name) + 1 + (len(rest) - len(rest.lstrip()))
        if start >= len(text):
            return
        quote = text[start] if text[start] in "\"'" else ""
        if quote:
            end = text.find(quote, start + 1)
            end = len(text) if end < 0 else end
            first, behind = start + 1, end + 1
        else:
            end = text.find(",", start)
            end = len(text) if end < 0 else end
            first, behind = start, end
        value = text[first:end].strip() if not quote else text[first:end]
        place = lines.place(*line.value.range(first, max(first, end)))
        why: Unknown | None = why_unknown(value, program.name)
        word = Uncertain(value, place, value=why) if why else Word(expanded(value, {}), place)
        yield name.strip(" \t\r\n,"), word
        comma = text.find(",", behind)
        at = len(text) if comma < 0 else comma + 1


MANIFEST = Manifest(describe=describe, states=states)
