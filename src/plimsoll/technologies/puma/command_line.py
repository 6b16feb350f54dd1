"""Puma's command line, that of `rails server`, and the variables that Puma reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Setting, Status, Unread, Value
from plimsoll.syntax import shell
from plimsoll.syntax.options import Given, options
from plimsoll.syntax.python import carried
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies.puma.addresses import listener
from plimsoll.technologies.puma.options import FLAGS, RAILS_FLAGS

# Variables that give a setting its default, the first that is there.
DEFAULTS = {
    "min_threads": ("PUMA_MIN_THREADS", "MIN_THREADS"),
    "max_threads": ("PUMA_MAX_THREADS", "MAX_THREADS"),
    "workers": ("WEB_CONCURRENCY",),
    "persistent_timeout": ("PUMA_PERSISTENT_TIMEOUT",),
    "environment": ("APP_ENV", "RACK_ENV", "RAILS_ENV"),
}
_PROGRAMS = ("puma", "rails")
_SERVER = frozenset({"server", "s"})
_HOST = "0.0.0.0"  # noqa: S104 - what Puma makes of a port alone
_RAILS_PORT = "3000"


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """What a command line and its environment set, in the order in which Puma reads them.

    First what variables only give as a default, then the configuration file, then the options.
    """
    if environment:
        yield carried(environment)
    yield from _defaults(environment)
    program, own = _own(words, environment)
    if program == "rails":
        yield from _rails(own, environment)
        return
    items = [item for given in options(own, FLAGS) for item in _items(given)]
    yield from (item for item in items if isinstance(item, Include))
    yield from (item for item in items if not isinstance(item, Include))


def _defaults(environment: Mapping[str, Word]) -> Iterator[Item]:
    for name, variables in DEFAULTS.items():
        found = next(((v, w) for v in variables if (w := environment.get(v)) and w.text), None)
        if found is not None:
            variable, word = found
            yield Setting(
                name=name,
                text=word.text,
                place=word.place,
                origin=Origin.ENVIRONMENT,
                value=_known(word),
                belongs=variable,
            )


def _known(word: Word) -> Value | None:
    return word.value if isinstance(word, Uncertain) else None


def _own(words: Sequence[Word], environment: Mapping[str, Word]) -> tuple[str, list[Word]]:
    """The program and the words behind it, whatever wraps it: bundle exec puma ..."""
    given = shell.again(shell.unwrapped(words, environment), environment)
    for at, word in enumerate(given):
        stem = word.text.rpartition("/")[2]
        if stem in _PROGRAMS:
            return stem, given[at + 1 :]
    return "puma", list(given[1:])


def _rails(words: list[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """`rails server`: other commands of rails start no server."""
    if not words or words[0].text not in _SERVER:
        first = words[0] if words else None
        place = first.place if first else None
        what = f"rails {first.text}" if first else "rails"
        yield Unread(place.path if place else "", f"{what} starts no server", place)
        return
    found = [g for g in options(words[1:], RAILS_FLAGS) if not (g.option is None and not g.problem)]
    by_name = {g.option.name: g for g in found if g.option}
    port, host = by_name.get("port"), by_name.get("host")
    if port or host or environment.get("PORT"):
        at = port or host
        word = environment.get("PORT")
        number = port.text if port else word.text if word else _RAILS_PORT
        place = at.place if at else word.place if word else None
        origin = Origin.COMMAND_LINE if at else Origin.ENVIRONMENT
        url = f"tcp://{host.text if host else 'localhost'}:{number}"
        if at:
            yield listener(url, place, None, origin)
    for given in found:
        if given.option and given.option.name not in ("port", "host"):
            yield from _items(given)


def _items(given: Given) -> Iterator[Item]:
    place, text = given.place, given.text
    if given.option is None:
        yield from _rackup(given)
        return
    name = given.option.name
    if given.problem:
        yield Setting(
            name,
            text,
            place,
            origin=Origin.COMMAND_LINE,
            status=Status.REFUSED,
            reason=given.problem,
        )
    elif name == "config" and text != "-":
        yield Include(text, place or Place("", Span(1, 1, 1, 1)))
    elif name == "bind":
        yield listener(text, place, _known(given.word), Origin.COMMAND_LINE)
    elif name == "port":
        yield listener(f"tcp://{_HOST}:{text}", place, _known(given.word), Origin.COMMAND_LINE)
    elif name == "threads":
        low, _, high = text.partition(":")
        for each, part in (("min_threads", low), ("max_threads", high or low)):
            known = _known(given.word)
            yield Setting(each, part, place, origin=Origin.COMMAND_LINE, value=known)
    else:
        known = _known(given.word)
        yield Setting(name, text, place, origin=Origin.COMMAND_LINE, value=known)


def _rackup(given: Given) -> Iterator[Item]:
    if isinstance(given.word, Uncertain):
        path = given.place.path if given.place else ""
        yield Unread(path, f"{given.text}: {given.word.value}", given.place)
    else:
        yield Setting("rackup", given.text, given.place, origin=Origin.COMMAND_LINE)
