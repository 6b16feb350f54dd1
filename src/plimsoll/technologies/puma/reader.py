"""Reads Puma's configuration file, its command line and its environment; runs none of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.quantity import UNLIMITED, Amount, Number
from plimsoll.model.reader import Reader, Rejected, Word, shadowed
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Formula, Include, Item, Origin, Setting, Status, Unread, Value
from plimsoll.syntax.amounts import Dialect
from plimsoll.syntax.environ import variables
from plimsoll.syntax.python import resolved
from plimsoll.syntax.ruby import Assigned, Called, read_script
from plimsoll.syntax.ruby.settings import Source, misspelt, retold
from plimsoll.technologies.puma.addresses import KIND, endpoints, listener, with_backlog
from plimsoll.technologies.puma.command_line import DEFAULTS, arguments
from plimsoll.technologies.puma.options import ALONE, HOOKS, KNOWN, NAMES, VALUES

_DIALECT = Dialect(true=("true",), false=("false", "nil"), takes_fractions=True)
_LEADING = re.compile(r"\s*[+-]?\d+")
_BY_STAGE = re.compile(r"(?:^|/)config/puma/([^/]+)\.rb$")
_MAIN = re.compile(r"(?:^|/)config/puma\.rb$")
# A share of a core makes no worker.
_AUTO = Formula("-ceil(-s.cores)")
# The names of GitLab's `puma[...]` that mean one of ours.
_OF_GITLAB = {
    "worker_processes": "workers",
    "min_threads": "min_threads",
    "max_threads": "max_threads",
    "worker_timeout": "worker_timeout",
}


def read(text: str, path: str) -> Iterator[Item]:
    """What a configuration file sets, in its order."""
    return (item for _, item in _items(text, path, None))


def _items(
    text: str, path: str, environment: Mapping[str, Word] | None
) -> Iterator[tuple[Place | None, Item]]:
    """Every item, with the place of the statement that makes it."""
    script = read_script(text, path, environment)
    source = Source(text)
    for each in script.statements:
        if isinstance(each, Unread):
            yield each.place, each
        elif isinstance(each, Assigned):
            if each.name == "puma" and len(each.keys) == 1:
                name = _OF_GITLAB.get(each.keys[0], each.keys[0])
                yield each.place, source.of_assignment(each, name)
        elif not each.within:
            for item in _called(each, source, script.methods):
                yield each.place, item


def _called(each: Called, source: Source, own: frozenset[str]) -> Iterator[Item]:
    if each.name in _READERS:
        yield from _READERS[each.name](each, source)
    elif each.name in HOOKS:
        yield source.plain(each, each.name, "function")
    elif each.name in VALUES:
        name = NAMES.get(each.name, each.name)
        alone = ALONE.get(each.name, "true")
        is_given = bool(each.arguments)
        yield (
            source.of_call(each, name, each.arguments[0])
            if is_given
            else source.plain(each, name, alone)
        )
    elif each.name not in KNOWN:
        yield from misspelt(each, source, KNOWN, own, "Puma")


def _threads(each: Called, source: Source) -> Iterator[Item]:
    """`threads min, max`, or one number for both."""
    if not each.arguments:
        yield Unread(each.place.path, "threads: its numbers are not written here", each.place)
        return
    low, high = each.arguments[0], each.arguments[-1]
    both = [
        source.of_call(each, "min_threads", low),
        source.of_call(each, "max_threads", high),
    ]
    numbers = [v if isinstance(v := e.value, int) else None for e in (low, high)]
    if isinstance(numbers[0], int) and isinstance(numbers[1], int) and each.doubt is None:
        problem = _wrong_threads(numbers[0], numbers[1])
        if problem:
            both = [replace(s, status=Status.REFUSED, reason=problem) for s in both]
    yield from both


def _wrong_threads(low: int, high: int) -> str:
    if low > high:
        return f"the minimum of threads ({low}) is above the maximum ({high})"
    return "the maximum of threads has to be at least 1" if high < 1 else ""


def _bind(each: Called, source: Source) -> Iterator[Item]:
    for entry in each.arguments[:1]:
        made = source.of_call(each, "bind", entry)
        block = listener(made.text, each.place, None, Origin.FILE).scope
        yield from with_backlog(replace(made, scope=block))


def _port(each: Called, source: Source) -> Iterator[Item]:
    for entry in each.arguments[:1]:
        made = source.of_call(each, "bind", entry)
        host = each.arguments[1].value if len(each.arguments) > 1 else "0.0.0.0"  # noqa: S104
        if made.value is None and isinstance(host, str):
            made = retold(made, f"tcp://{host}:{made.text}")
        yield replace(made, scope=listener(made.text, each.place, None, Origin.FILE).scope)


def _ssl_bind(each: Called, source: Source) -> Iterator[Item]:
    if len(each.arguments) > 1:
        made = source.of_call(each, "bind", each.arguments[1])
        host = each.arguments[0].value
        if made.value is None and isinstance(host, str):
            made = retold(made, f"ssl://{host}:{made.text}")
        yield replace(made, scope=listener(made.text, each.place, None, Origin.FILE).scope)


def _load(each: Called, _: Source) -> Iterator[Item]:
    """Another configuration file."""
    for entry in each.arguments[:1]:
        if isinstance(entry.value, str):
            yield Include(entry.value, each.place)
        else:
            yield Unread(
                each.place.path, f"load {entry.source}: not told without running it", each.place
            )


def _one(each: Called, source: Source) -> Iterator[Item]:
    for entry in each.arguments[:1]:
        yield source.of_call(each, each.name, entry)


_READERS: Mapping[str, Callable[[Called, Source], Iterator[Item]]] = {
    "threads": _threads,
    "bind": _bind,
    "port": _port,
    "ssl_bind": _ssl_bind,
    "load": _load,
    "max_threads": _one,
    "min_threads": _one,
}


def value(text: str, entry: Entry) -> Value | Rejected:
    """What a text means: numbers as Puma's own checks take them, times in seconds."""
    plain = text.strip()
    if entry.name == "workers":
        return _workers(plain)
    if entry.type is Type.BOOLEAN:
        return plain not in ("false", "nil")  # everything else is true in Ruby
    if entry.name == "force_shutdown_after" and plain == "immediately":
        return Amount.of(0, entry.unit)
    if plain == "nil" and "nil" in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    if entry.type is Type.TIME:
        return _time(plain, entry)
    return _DIALECT.value(text, entry)


def _time(text: str, entry: Entry) -> Value | Rejected:
    """Whole seconds; of a number with a fraction Ruby's Integer() drops it."""
    found = _DIALECT.value(text, entry)
    if isinstance(found, Amount) and isinstance(found.low, Fraction) and "worker" in entry.name:
        return Amount.of(int(found.low), entry.unit)
    return found


def _workers(text: str) -> Value | Rejected:
    if text == "auto":
        return _AUTO
    found = _LEADING.match(text)
    return Amount.of(int(found[0]) if found and len(text) < 40 else 0)


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """Who wins: the last, but what a variable only gives as a default loses to everything.

    All addresses hold together, but those of a command line replace those of the file. Of
    config/puma/<environment>.rb and config/puma.rb only the first is read.
    """
    known = list(_judged(_of_one_file(resolved(settings, _items))))
    order = sorted(known, key=_is_written_down)
    winners = {each.name: each for each in order if _is_one(each)}
    bound = [each for each in known if each.name == "bind" and each.status is Status.EFFECTIVE]
    given = next((b for b in bound if b.origin is Origin.COMMAND_LINE), None)
    return [
        shadowed(each, winners.get(each.name)) if _is_one(each) else _against(each, given)
        for each in known
    ]


def _judged(settings: Iterable[Setting]) -> Iterator[Setting]:
    """*settings* in order; refused a worker's time that is within what its checks take so far."""
    interval: Number = 5
    for each in settings:
        number = each.value.high if isinstance(each.value, Amount) else UNLIMITED
        if each.name == "worker_check_interval" and each.status is Status.EFFECTIVE:
            interval = number
        if each.name == "worker_timeout" and each.status is Status.EFFECTIVE and number <= interval:
            reason = f"{each.text} is not above worker_check_interval, which is {interval} s there"
            yield replace(each, status=Status.REFUSED, reason=reason)
        else:
            yield each


def _is_one(setting: Setting) -> bool:
    """Whether only one of its name holds."""
    is_listener = any(block.kind == KIND for block in setting.scope)
    return setting.status is Status.EFFECTIVE and not is_listener and setting.name not in HOOKS


def _against(setting: Setting, given: Setting | None) -> Setting:
    is_listener = any(block.kind == KIND for block in setting.scope)
    is_given = setting.origin is Origin.COMMAND_LINE
    return shadowed(setting, given) if is_listener and not is_given else setting


def _is_written_down(setting: Setting) -> bool:
    """Whether it is more than the default that a variable gives."""
    return setting.origin is not Origin.ENVIRONMENT or setting.belongs not in _VARIABLES


_VARIABLES = frozenset(variable for names in DEFAULTS.values() for variable in names)


def _of_one_file(settings: Sequence[Setting]) -> Iterator[Setting]:
    """*settings*; those of a file that Puma does not look at are ignored."""
    environment = variables(settings)
    named = (environment[v].text for v in DEFAULTS["environment"] if v in environment)
    stage = next(named, "production")
    paths = {each.place.path for each in settings if each.place}
    staged = {p: found[1] for p in paths if (found := _BY_STAGE.search(p))}
    has_own = stage in staged.values()
    for each in settings:
        path = each.place.path if each.place else ""
        other = path in staged and staged[path] != stage
        if each.status is Status.EFFECTIVE and (other or (has_own and _MAIN.search(path))):
            reason = f"Puma reads config/puma/{stage}.rb alone" if has_own else f"not for {stage}"
            yield replace(each, status=Status.IGNORED, reason=reason)
        else:
            yield each


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=arguments,
    endpoints=endpoints,
    parts={KIND: KIND},
)
