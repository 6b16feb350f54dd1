"""Reads unicorn's configuration file and its command line; runs none of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Reader, Rejected, Word, shadowed
from plimsoll.model.schema import Entry as Known
from plimsoll.model.schema import Type
from plimsoll.model.setting import Block, Item, Setting, Status, Unread, Unset, Value
from plimsoll.syntax.amounts import Dialect
from plimsoll.syntax.python import resolved
from plimsoll.syntax.ruby import Called, Computed, Entry, Reference, Result, Symbol, read_script
from plimsoll.syntax.ruby.settings import Source, misspelt, retold
from plimsoll.syntax.yaml_leaves import leaves
from plimsoll.syntax.yaml_nodes import documents
from plimsoll.technologies.unicorn.addresses import KIND, endpoints, expanded
from plimsoll.technologies.unicorn.command_line import arguments

_DIALECT = Dialect(true=("true",), false=("false",), takes_fractions=True)
_COUNTS = {"worker_processes": 1, "timeout": 3, "client_body_buffer_size": 0}
_FLAGS = frozenset(
    {"preload_app", "rewindable_input", "check_client_connection", "worker_exec", "early_hints"}
) | {"default_middleware"}
_TEXTS = frozenset({"pid", "stderr_path", "stdout_path", "working_directory", "user", "logger"})
_HOOKS = frozenset(
    {"after_fork", "after_worker_exit", "after_worker_ready", "before_fork", "before_exec"}
)
_KNOWN = frozenset({*_COUNTS, *_FLAGS, *_TEXTS, *_HOOKS, "listen", "listeners", "set", "reload"})
_LONGEST_TIMEOUT = 30 * 86_400  # a longer one is cut to it


def read(text: str, path: str) -> Iterator[Item]:
    """What a configuration file sets, in its order."""
    if path.endswith((".yml", ".yaml")):
        return _of_discourse(text, path)
    return (item for _, item in _items(text, path, None))


def _of_discourse(text: str, path: str) -> Iterator[Item]:
    """The variable by which Discourse's own file takes its number of workers."""
    for document in documents(text, path):
        if isinstance(document, Unread):
            yield document
            continue
        for leaf in leaves(document):
            if leaf.keys == ("env", "UNICORN_WORKERS"):
                yield Setting("worker_processes", leaf.text, leaf.place)


def _items(
    text: str, path: str, environment: Mapping[str, Word] | None
) -> Iterator[tuple[Place | None, Item]]:
    """Every item, with the place of the statement that makes it."""
    script = read_script(text, path, environment)
    source = Source(text)
    for each in script.statements:
        if isinstance(each, Unread):
            yield each.place, each
        elif isinstance(each, Called) and not each.within:
            for item in _called(each, source, script.methods):
                yield each.place, item


def _called(each: Called, source: Source, own: frozenset[str]) -> Iterator[Item]:
    if each.name == "listen":
        yield from _listen(each, source)
    elif each.name in _HOOKS:
        yield source.plain(each, each.name, "function")
    elif each.name in _KNOWN and each.arguments:
        made = source.of_call(each, each.name, each.arguments[0])
        problem = _problem(each.name, each.arguments[0].value)
        is_bad = bool(problem) and made.status is Status.EFFECTIVE and each.doubt is None
        yield replace(made, status=Status.REFUSED, reason=problem) if is_bad else made
    elif each.name not in _KNOWN:
        yield from misspelt(each, source, _KNOWN, own, "unicorn")


def _problem(name: str, value: Result) -> str:
    """Why unicorn does not start with *value*; it converts nothing."""
    if not _is_told(value):
        return ""
    if name in _FLAGS:
        return "" if isinstance(value, bool) else f"{name} has to be true or false"
    if name in _COUNTS:
        if isinstance(value, bool) or not isinstance(value, int):
            return f"{name} has to be a whole number, not {value!r}"
        return "" if value >= _COUNTS[name] else f"{name} has to be at least {_COUNTS[name]}"
    is_path = name in _TEXTS and name not in ("user", "logger")
    is_wrong = is_path and value is not None and not isinstance(value, str)
    return f"{name} has to be a path" if is_wrong else ""


def _is_told(value: Result) -> TypeGuard[object]:
    return not isinstance(value, Computed | Symbol | Reference)


def _listen(each: Called, source: Source) -> Iterator[Item]:
    """An address and its options, in a block of their own."""
    for entry in each.arguments[:1]:
        made = source.of_call(each, "listen", entry)
        if made.value is None:
            made = retold(made, expanded(made.text))
        block = Block(KIND, made.text, each.place)
        yield replace(made, scope=(block,))
        for option in each.named:
            one = replace(source.of_call(each, option.key, option, is_whole=False), scope=(block,))
            problem = _wrong_option(option)
            yield replace(one, status=Status.REFUSED, reason=problem) if problem else one


_NUMBERS = frozenset({"umask", "backlog", "sndbuf", "rcvbuf", "tries"})


def _wrong_option(option: Entry) -> str:
    value = option.value
    if option.key not in _NUMBERS or not _is_told(value) or value is None or value is False:
        return ""
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return "" if is_whole else f"{option.key} has to be a whole number"


def value(text: str, entry: Known) -> Value | Rejected:
    """What a text means: times in seconds; a longer timeout than 30 days is cut to that."""
    if text == "nil":
        return Unset()
    found = _DIALECT.value(text, entry)
    if entry.type is Type.TIME and isinstance(found, Amount) and found.low > _LONGEST_TIMEOUT:
        return Amount.of(_LONGEST_TIMEOUT, entry.unit)
    return found


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """Who wins: the last; all addresses hold together, each with its last option of a name."""
    known = resolved(settings, _items)
    winners = {_name(each): each for each in known if each.status is Status.EFFECTIVE}
    return [
        shadowed(each, winners[_name(each)]) if _name(each) in winners else each for each in known
    ]


def _name(setting: Setting) -> tuple[str, object]:
    return setting.name, setting.scope


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=arguments,
    endpoints=endpoints,
    parts={KIND: KIND},
)
