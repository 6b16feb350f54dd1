"""uvicorn's command line and FastAPI's, and the variables that each of them reads.

Source: uvicorn main, 0.54.0; fastapi-cli 0.0.34.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Setting, Status, Unread, Value
from plimsoll.syntax import shell
from plimsoll.syntax.environ import carried
from plimsoll.syntax.globs import literal
from plimsoll.syntax.options import Given, options
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies.uvicorn.options import (
    DEFAULTS,
    FASTAPI,
    NUMBERS,
    OF_FASTAPI,
    UVICORN,
    VARIABLES,
)

STARTER = "started_by"  # whose command line it is
_MODULES = {"uvicorn": "uvicorn", "uvicorn.main": "uvicorn", "fastapi": "fastapi"}
_NOWHERE = Place("", Span(1, 1, 1, 1))


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """What a command line and its environment set; of `python main.py` only the variables of both."""
    if environment:
        yield carried(environment)
    yield from _variables(environment, DEFAULTS)
    starter, own = _own(words, environment)
    if not starter:
        return
    yield Setting(STARTER, starter, origin=Origin.COMMAND_LINE)
    if starter == "fastapi":
        yield from _fastapi(own, environment)
        return
    yield from _variables(environment, VARIABLES)
    for given in options(own, UVICORN, abbreviates=False):
        yield from _said(given)


def _own(words: Sequence[Word], environment: Mapping[str, Word]) -> tuple[str, list[Word]]:
    """Who is started, and the words behind it, whatever wraps it."""
    given = shell.again(shell.unwrapped(words, environment), environment)
    for at, word in enumerate(given):
        stem = word.text.rpartition("/")[2]
        is_module = at > 0 and given[at - 1].text == "-m"
        if is_module and word.text in _MODULES:
            return _MODULES[word.text], given[at + 1 :]
        if stem in ("uvicorn", "fastapi"):
            return stem, given[at + 1 :]
    is_bare = bool(given) and given[0].text.startswith("-")
    return ("uvicorn", list(given)) if is_bare else ("", [])


def _variables(environment: Mapping[str, Word], names: Mapping[str, str]) -> Iterator[Setting]:
    """Those that are set; an empty one counts for nothing."""
    for variable, name in names.items():
        word = environment.get(variable)
        if word is None or not (word.text or isinstance(word, Uncertain)):
            continue
        yield Setting(
            name=name,
            text=word.text,
            place=word.place,
            origin=Origin.ENVIRONMENT,
            value=word.value if isinstance(word, Uncertain) else None,
            belongs=variable,
        )


def _fastapi(own: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """`fastapi run main.py --workers 4`: its first word says which of its defaults hold."""
    command = own[0].text if own else ""
    for name, text in OF_FASTAPI.get(command, {}).items():
        yield Setting(name, text, origin=Origin.DEFAULT)
    yield from _variables(environment, {"PORT": "port"})
    for given in options(list(own[1:]), FASTAPI, abbreviates=False):
        yield from _said(given)


def _said(given: Given) -> Iterator[Item]:
    known: Value | None = given.word.value if isinstance(given.word, Uncertain) else None
    origin = Origin.COMMAND_LINE
    if given.option is None:
        yield Setting("app", given.text, given.place, origin=origin, value=known)
        return
    made = Setting(given.option.name, given.text, given.place, origin=origin, value=known)
    if given.problem:
        yield replace(made, status=Status.REFUSED, reason=given.problem)
        return
    if made.text == "None" and made.name in NUMBERS:  # code may say that, a command line may not
        yield replace(made, status=Status.REFUSED, reason="'None' is no whole number")
        return
    yield made
    if made.name == "env_file":
        yield _environment_file(given)


def _environment_file(given: Given) -> Item:
    """Its variables count like those of the process, which go first."""
    place = given.place or _NOWHERE
    if given.is_uncertain:
        return Unread(place.path, f"--env-file {given.text}: only running it would tell", place)
    return Include(literal(given.text), place, origin=Origin.ENVIRONMENT)
