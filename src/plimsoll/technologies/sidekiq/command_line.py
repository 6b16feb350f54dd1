"""Sidekiq's command line, and the variables that it reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Setting, Status, Unread, Value
from plimsoll.syntax import shell
from plimsoll.syntax.environ import carried
from plimsoll.syntax.options import Given, Option, options
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies.sidekiq.signs import SIGNS

_FLAGS = {
    **dict.fromkeys(("-c", "--concurrency"), Option("concurrency")),
    **dict.fromkeys(("-d", "--daemon"), Option("daemon", takes=False)),
    **dict.fromkeys(("-e", "--environment"), Option("environment")),
    **dict.fromkeys(("-g", "--tag"), Option("tag")),
    **dict.fromkeys(("-q", "--queue"), Option("queues")),
    **dict.fromkeys(("-r", "--require"), Option("require")),
    **dict.fromkeys(("-t", "--timeout"), Option("timeout")),
    **dict.fromkeys(("-v", "--verbose"), Option("verbose", takes=False)),
    **dict.fromkeys(("-C", "--config"), Option("config_file")),
    **dict.fromkeys(("-L", "--logfile"), Option("logfile")),
    **dict.fromkeys(("-P", "--pidfile"), Option("pidfile")),
    **dict.fromkeys(("-i", "--index"), Option("index")),
}
STAGES = ("APP_ENV", "RAILS_ENV", "RACK_ENV")
# Where applications put the address of the jobs' Redis, the most telling first.
_URLS = ("SIDEKIQ_REDIS_URL", "REDIS_URL")
VARIABLES = frozenset({"RAILS_MAX_THREADS", "REDIS_PROVIDER", *_URLS})


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """What the variables only give as a default, then the file, then the command line."""
    if environment:
        yield carried(environment)
    threads = environment.get("RAILS_MAX_THREADS")
    if threads is not None and words:
        yield _told("concurrency", threads, "RAILS_MAX_THREADS")
    provider = environment.get("REDIS_PROVIDER")
    names = (provider.text,) if provider else _URLS
    found = next((n for n in names if n in environment), "")
    if found:
        yield _told("redis.url", environment[found], "REDIS_PROVIDER" if provider else found)
    given = [g for g in options(_own(words, environment), _FLAGS) if g.option]
    yield from (_item(g) for g in given if _names_file(g))
    yield from (_item(g) for g in given if not _names_file(g))


def _told(name: str, word: Word, variable: str) -> Setting:
    value = word.value if isinstance(word, Uncertain) else None
    return Setting(
        name, word.text, word.place, origin=Origin.ENVIRONMENT, value=value, belongs=variable
    )


def _own(words: Sequence[Word], environment: Mapping[str, Word]) -> list[Word]:
    given = shell.again(shell.unwrapped(words, environment), environment)
    for at, word in enumerate(given):
        if word.text.rpartition("/")[2] in SIGNS.programs:
            return given[at + 1 :]
    return list(given[1:])


def _names_file(given: Given) -> bool:
    return given.option is not None and given.option.name == "config_file" and not given.problem


def _item(given: Given) -> Item:
    place = given.place or Place("", Span(1, 1, 1, 1))
    known: Value | None = given.word.value if isinstance(given.word, Uncertain) else None
    name = given.option.name if given.option else ""
    if _names_file(given):
        if known is None:
            return Include(given.text, place)
        return Unread(place.path, f"-C {given.text}: {known}", given.place)
    problem = given.problem or _problem(name, given.text, is_known=known is None)
    return Setting(
        name=name,
        text=given.text,
        place=given.place,
        origin=Origin.COMMAND_LINE,
        status=Status.REFUSED if problem else Status.EFFECTIVE,
        reason=problem,
        value=known,
    )


def _problem(name: str, text: str, *, is_known: bool) -> str:
    """Why Sidekiq does not start: Integer() takes whole numbers only."""
    if name not in ("concurrency", "timeout") or not is_known:
        return ""
    try:
        int(text, 10)
    except ValueError:
        return f"--{name}: {text!r} is no whole number"
    return ""
