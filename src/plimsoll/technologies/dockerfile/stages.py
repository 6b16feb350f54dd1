"""The stages of a Dockerfile: what each leaves behind for who runs it. Nothing is ever built."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Word
from plimsoll.model.setting import Block, Setting, Status, Unknown, Unread
from plimsoll.syntax.shell.expansion import Variables, value_of
from plimsoll.syntax.suggest import suggestion
from plimsoll.syntax.text import Lines
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies.dockerfile.lexer import Heredoc, Instruction, instructions
from plimsoll.technologies.dockerfile.words import At, flags, listed, pairs, pieces

NAMES = frozenset(
    [
        "ADD",
        "ARG",
        "CMD",
        "COPY",
        "ENTRYPOINT",
        "ENV",
        "EXPOSE",
        "FROM",
        "HEALTHCHECK",
        "LABEL",
        "MAINTAINER",
        "ONBUILD",
        "RUN",
        "SHELL",
        "STOPSIGNAL",
        "USER",
        "VOLUME",
        "WORKDIR",
    ]
)
_SHELL = (Word("/bin/sh"), Word("-c"))
_GIVEN = Unknown("given when the image is built")
_OF_BASE = "the base image may set it"


class Copied(Struct, frozen=True):
    """What COPY or ADD takes out of the folder; *heredocs*: what it writes itself."""

    sources: tuple[str, ...]
    target: str
    heredocs: tuple[Heredoc, ...] = ()


class Stage(Struct):
    """*base*: the image that it begins with; of a stage before it what that began with."""

    name: str
    place: Place
    base: str = ""
    environment: dict[str, Word] = field(default_factory=dict)
    arguments: dict[str, Word] = field(default_factory=dict)
    entrypoint: tuple[Word, ...] = ()
    command: tuple[Word, ...] = ()
    is_shell_form: bool = False  # of the entry point
    has_own_command: bool = False
    shell: tuple[Word, ...] = _SHELL
    directory: str = ""
    copied: list[Copied] = field(default_factory=list)
    settings: list[Setting] = field(default_factory=list)

    @property
    def scope(self) -> tuple[Block, ...]:
        return (Block("stage", self.name, self.place),)


class Stages(Struct):
    """A Dockerfile while it is read. *given*: build arguments that somebody passes."""

    lines: Lines
    given: Mapping[str, Word] = field(default_factory=dict)
    found: list[Stage] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    arguments: dict[str, Word] = field(default_factory=dict)  # before the first FROM
    before: list[Setting] = field(default_factory=list)

    def stage(self, wanted: str) -> Stage | None:
        """The stage of that name or number; the last one where none is named."""
        if not wanted:
            return self.found[-1] if self.found else None
        for each in self.found:
            if each.name.lower() == wanted.lower():
                return each
        return (
            self.found[int(wanted)] if wanted.isdigit() and int(wanted) < len(self.found) else None
        )

    def items(self) -> Iterator[Setting | Unread]:
        """Everything that the file says, in its order."""
        yield from self.before
        for each in self.found:
            yield from each.settings
        yield from self.unread


def stages(text: str, path: str, given: Mapping[str, Word] | None = None) -> Stages:
    """The stages of a Dockerfile."""
    found = Stages(Lines(text, path), given or {})
    for each in instructions(text):
        _take(found, each)
    return found


def _take(found: Stages, each: Instruction) -> None:
    place = found.lines.place(each.start, each.end)
    if each.name not in NAMES:
        _unread(found, place, _unknown(each))
    elif each.name == "FROM":
        _from(found, each, place)
    elif each.name == "ARG":
        _argument(found, each)
    elif not found.found:
        _unread(found, place, f"{each.name} before the first FROM: the build refuses the file")
    else:
        _OTHERS[each.name](found, found.found[-1], each, place)


def _unknown(each: Instruction) -> str:
    shown = each.name or each.arguments.text.split(" ", 1)[0][:40]
    near = suggestion(shown.upper(), NAMES)
    return f"unknown instruction {shown!r}: the build refuses the file{near}"


def _unread(found: Stages, place: Place, reason: str) -> None:
    found.unread.append(Unread(found.lines.path, reason, place))


def _at(found: Stages, each: Instruction) -> At:
    def at(start: int, end: int) -> Place:
        first = each.arguments.range(start, end)
        return found.lines.place(*first, first)

    return at


def _setting(
    found: Stages,
    scope: tuple[Block, ...],
    each: Instruction,
    name: str,
    text: str,
    span: tuple[int, int, int] | None = None,
) -> Setting:
    """*span*: start, start of the value, end, within the arguments; else the whole instruction."""
    if span is None:
        value = each.arguments.range(0, len(each.arguments.text))
        place = found.lines.place(each.start, each.end, value)
    else:
        start, behind, end = span
        whole = each.arguments.range(start, end)
        place = found.lines.place(*whole, each.arguments.range(behind, end))
    return Setting(name, text, place, scope)


def _from(found: Stages, each: Instruction, place: Place) -> None:
    _, start = flags(each.arguments.text)
    words = list(pieces(each.arguments.text, start))
    if not words:
        _unread(found, place, "FROM names no image: the build refuses the file")
        return
    variables = Variables({**found.arguments, **_passed(found, found.arguments)})
    image = value_of(words[0][0], words[0][1], _at(found, each), variables)
    name = words[2][0] if len(words) == 3 and words[1][0].lower() == "as" else str(len(found.found))
    above = found.stage(image.text) if image.text and not image.text.isdigit() else None
    stage = Stage(name, place, "" if isinstance(image, Uncertain) else image.text)
    if above is not None:
        stage = replace(
            above,
            name=name,
            place=place,
            environment=dict(above.environment),
            arguments={},
            has_own_command=False,
            copied=list(above.copied),
            settings=[replace(s, scope=(Block("stage", name, place),)) for s in above.settings],
        )
    own = _setting(found, stage.scope, each, "FROM", image.text)
    unknown = image.value if isinstance(image, Uncertain) else None
    stage.settings.append(replace(own, value=unknown))
    found.found.append(stage)


def _passed(found: Stages, declared: Mapping[str, Word]) -> dict[str, Word]:
    return {name: word for name, word in found.given.items() if name in declared}


def _argument(found: Stages, each: Instruction) -> None:
    stage = found.found[-1] if found.found else None
    held = stage.arguments if stage else found.arguments
    scope = stage.scope if stage else ()
    for word, start in pieces(each.arguments.text):
        name, sign, raw = word.partition("=")
        behind = start + len(name) + len(sign)
        place = _at(found, each)(start, start + len(word))
        told = found.given.get(name)
        if told is None and sign:
            told = value_of(raw, behind, _at(found, each), _variables(stage, found))
        if told is None and stage is not None:
            told = found.arguments.get(name)
        held[name] = told or Uncertain("", place, value=_GIVEN)
        own = _setting(
            found, scope, each, f"ARG.{name}", held[name].text, (start, behind, start + len(word))
        )
        (stage.settings if stage else found.before).append(_valued(own, held[name]))


def _variables(stage: Stage | None, found: Stages) -> Variables:
    """Variables of the environment win over arguments; the base image may have more."""
    if stage is None:
        return Variables(found.arguments, is_open=False)
    return Variables(ChainMap(stage.environment, stage.arguments), is_open=True)


def _valued(setting: Setting, word: Word) -> Setting:
    return replace(setting, value=word.value) if isinstance(word, Uncertain) else setting


def _environment(found: Stages, stage: Stage, each: Instruction, place: Place) -> None:
    told: dict[str, Word] = {}  # one instruction sees what stands before it
    for name, raw, start, behind, end in list(pairs(each.arguments)):
        if not name:
            _unread(found, place, "ENV without a name: the build refuses the file")
            continue
        word = value_of(raw, behind, _at(found, each), _variables(stage, found))
        if isinstance(word, Uncertain) and isinstance(word.value, Unknown):
            reason = f"{word.value.reason}; {_OF_BASE}"
            word = replace(word, value=Unknown(reason))
        told[name] = word
        own = _setting(found, stage.scope, each, f"ENV.{name}", word.text, (start, behind, end))
        stage.settings.append(_valued(own, word))
    stage.environment |= told


def _entrypoint(found: Stages, stage: Stage, each: Instruction, place: Place) -> None:
    stage.entrypoint, stage.is_shell_form = _command_of(found, stage, each)
    if not stage.has_own_command:
        stage.command = ()
        stage.settings = without_command(stage.settings, "an ENTRYPOINT ends the CMD of the base")
    _plain(found, stage, each, place)


def without_command(settings: Sequence[Setting], reason: str) -> list[Setting]:
    """*settings* in which no CMD counts."""
    return [
        replace(each, status=Status.IGNORED, reason=reason) if each.name == "CMD" else each
        for each in settings
    ]


def _command(found: Stages, stage: Stage, each: Instruction, place: Place) -> None:
    stage.command, _ = _command_of(found, stage, each)
    stage.has_own_command = True
    _plain(found, stage, each, place)


def _command_of(found: Stages, stage: Stage, each: Instruction) -> tuple[tuple[Word, ...], bool]:
    """The words of a command, and whether a shell runs it."""
    at = _at(found, each)
    text = each.arguments.text
    words = listed(text, at)
    if words is not None:
        return words, False
    if not text.strip():
        return (), False
    return (*stage.shell, Word(text, at(0, len(text)))), True


def _shell(found: Stages, stage: Stage, each: Instruction, place: Place) -> None:
    words = listed(each.arguments.text, _at(found, each))
    if words is None:
        _unread(found, place, "SHELL takes a list in JSON: the build refuses the file")
        return
    stage.shell = words
    _plain(found, stage, each, place)


def _folder(found: Stages, stage: Stage, each: Instruction, _place: Place) -> None:
    word = value_of(each.arguments.text, 0, _at(found, each), _variables(stage, found))
    own = _valued(_setting(found, stage.scope, each, each.name, word.text), word)
    stage.settings.append(own)
    if isinstance(word, Uncertain):
        stage.directory = ""
    else:
        stage.directory = below(stage.directory, word.text)


def below(folder: str, path: str) -> str:
    """*path* as it is seen from a working directory."""
    return path if path.startswith("/") else f"{folder.rstrip('/')}/{path.removeprefix('./')}"


def _plain(found: Stages, stage: Stage, each: Instruction, _place: Place) -> None:
    text = each.arguments.text
    words = listed(text, _at(found, each)) if each.name in ("CMD", "ENTRYPOINT", "SHELL") else None
    shown = text if words is None else " ".join(word.text for word in words)
    stage.settings.append(_setting(found, stage.scope, each, each.name, shown))


def _exposed(found: Stages, stage: Stage, each: Instruction, _place: Place) -> None:
    for raw, start in pieces(each.arguments.text):
        word = value_of(raw, start, _at(found, each), _variables(stage, found))
        span = (start, start, start + len(raw))
        own = _setting(found, stage.scope, each, each.name, word.text, span)
        stage.settings.append(_valued(own, word))


def _health(found: Stages, stage: Stage, each: Instruction, place: Place) -> None:
    text = each.arguments.text
    given, start = flags(text)
    for flag in given:
        behind = flag.end - len(flag.value)
        span = (flag.start, behind, flag.end)
        name = f"HEALTHCHECK.{flag.name}"
        stage.settings.append(_setting(found, stage.scope, each, name, flag.value, span))
    rest = text[start:]
    kind = rest.split(None, 1)[0].upper() if rest.strip() else ""
    if kind not in ("CMD", "NONE"):
        _unread(found, place, "HEALTHCHECK takes CMD or NONE: the build refuses the file")
        return
    own = _setting(found, stage.scope, each, "HEALTHCHECK", rest, (start, start, len(text)))
    stage.settings.append(own)


def _copied(found: Stages, stage: Stage, each: Instruction, place: Place) -> None:
    stage.settings.append(_setting(found, stage.scope, each, each.name, each.arguments.text))
    text = each.arguments.text
    given, start = flags(text)
    if any(flag.name == "from" for flag in given):
        return  # out of another image
    as_list = listed(text[start:], lambda _s, _e: place)
    variables = _variables(stage, found)
    words = list(as_list or ())
    if as_list is None:
        at = _at(found, each)
        words = [value_of(raw, offset, at, variables) for raw, offset in pieces(text, start)]
    if len(words) < 2 or any(isinstance(word, Uncertain) for word in words):
        return
    *sources, target = (word.text for word in words)
    kept = tuple(s for s in sources if not s.startswith("<<") and "://" not in s)
    stage.copied.append(Copied(kept, below(stage.directory, target), each.heredocs))


def _pairs(found: Stages, stage: Stage, each: Instruction, _place: Place) -> None:
    for name, raw, start, behind, end in pairs(each.arguments):
        word = value_of(raw, behind, _at(found, each), _variables(stage, found))
        span = (start, behind, end)
        own = _setting(found, stage.scope, each, f"{each.name}.{name}", word.text, span)
        stage.settings.append(_valued(own, word))


def _later(found: Stages, stage: Stage, each: Instruction, _place: Place) -> None:
    own = _setting(found, stage.scope, each, each.name, each.arguments.text)
    reason = "it runs in the build of an image that is based on this one"
    stage.settings.append(replace(own, status=Status.IGNORED, reason=reason))


_OTHERS: dict[str, Callable[[Stages, Stage, Instruction, Place], None]] = {
    "ADD": _copied,
    "CMD": _command,
    "COPY": _copied,
    "ENTRYPOINT": _entrypoint,
    "ENV": _environment,
    "EXPOSE": _exposed,
    "HEALTHCHECK": _health,
    "LABEL": _pairs,
    "MAINTAINER": _plain,
    "ONBUILD": _later,
    "RUN": _plain,
    "SHELL": _shell,
    "STOPSIGNAL": _plain,
    "USER": _plain,
    "VOLUME": _plain,
    "WORKDIR": _folder,
}
