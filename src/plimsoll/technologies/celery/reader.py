"""Reads Celery's settings out of Python code, its command line and its environment; runs none of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Reader, Rejected, Word, shadowed
from plimsoll.model.schema import Entry as Known
from plimsoll.model.schema import Type
from plimsoll.model.setting import Item, Origin, Setting, Status, Unread, Value
from plimsoll.syntax.amounts import Dialect
from plimsoll.syntax.python.calls import Bound, Called, Code, read_code
from plimsoll.syntax.python.clients import Placed
from plimsoll.syntax.python.deferred import resolved
from plimsoll.syntax.python.settings import leaves, setting
from plimsoll.syntax.python.settings import value as python_value
from plimsoll.syntax.python.values import Computed, Entry, Function, Table
from plimsoll.syntax.yaml_leaves import leaves as yaml_leaves
from plimsoll.syntax.yaml_nodes import documents
from plimsoll.technologies.celery.command_line import VARIABLES, arguments
from plimsoll.technologies.celery.endpoints import endpoints
from plimsoll.technologies.celery.names import KNOWN, OLD

_WANTED = frozenset({"Celery", "update", "add_defaults"})
_NAMESPACE = "CELERY_"
# Arguments of `Celery(...)` that are settings.
_OF_APPLICATION = {
    "broker": "broker_url",
    "backend": "result_backend",
    "include": "include",
    "broker_connection_retry_on_startup": "broker_connection_retry_on_startup",
}
# Settings that are dictionaries with settings in them.
_TABLES = frozenset({"broker_transport_options", "result_backend_transport_options"})
# A service's own file may give the numbers alone.
_PLAIN = {"workers": "worker_concurrency", "concurrency": "worker_concurrency"}
_SECONDS = Dialect(takes_fractions=True)


def read(text: str, path: str) -> Iterator[Item]:
    """Celery's settings in a file, whatever else it holds."""
    return (item for _, item in _items(text, path, None))


def _items(text: str, path: str, environment: Mapping[str, Word] | None) -> Iterator[Placed]:
    if path.endswith((".yaml", ".yml")):
        yield from _of_yaml(text, path)
        return
    code = read_code(text, path, _WANTED, environment)
    if code.problem is not None:
        yield code.problem.place, code.problem
    found = [*_of_names(code, text), *_of_attributes(code, text), *_of_calls(code, text)]
    yield from sorted(found, key=_position)


def _position(item: Placed) -> tuple[int, int]:
    place = item[0]
    return (place.span.line, place.span.column) if place else (0, 0)


def _name(written: str) -> str:
    """The setting that a name means: lower case, Django's namespace, or a name of before 4.0."""
    if written in KNOWN:
        return written
    if written in OLD:
        return OLD[written]
    bare = written.removeprefix(_NAMESPACE)
    if bare != written and (bare.lower() in KNOWN or bare in OLD):
        return bare.lower() if bare.lower() in KNOWN else OLD[bare]
    return ""


def _of_names(code: Code, text: str) -> Iterator[Placed]:
    """Names that a module, or a class for it, assigns."""
    for each in code.bound:
        is_class = len(each.within) == 1 and each.within[0][:1].isupper()
        name = _name(each.made.name) if not each.within or is_class else ""
        if name and not isinstance(each.made.value, Function):
            yield from _assigned(name, each, text)


def _assigned(name: str, each: Bound, text: str) -> Iterator[Placed]:
    bound = each.made
    entry = Entry(name, bound.value, bound.place, bound.source, bound.asked)
    for placed, made in _made(".".join((name, *bound.keys)), entry, bound.place, text):
        is_lost = not bound.is_reached and isinstance(made, Setting)
        if is_lost and isinstance(made, Setting):
            reason = bound.reason or "not reached"
            yield placed, replace(made, status=Status.SHADOWED, reason=reason)
        else:
            yield placed, made


def _made(name: str, entry: Entry, place: Place, text: str) -> Iterator[Placed]:
    """The setting, or those of a dictionary of options."""
    is_open = isinstance(entry.value, Table) and name.partition(".")[0] in _TABLES
    given = leaves(name, entry) if is_open else [(name, entry)]
    for key, leaf in given:
        yield leaf.place or place, setting(key, leaf, text, leaf.place or place)


def _of_attributes(code: Code, text: str) -> Iterator[Placed]:
    """`app.conf.worker_concurrency = 4`."""
    for each in code.attributes:
        before, _, last = each.path.rpartition(".")
        name = _name(last) if before.rpartition(".")[2] == "conf" else ""
        if not name:
            continue
        for placed, made in _made(name, each.entry, each.place, text):
            lost = each.reason and isinstance(made, Setting)
            if lost and isinstance(made, Setting):
                yield placed, replace(made, status=Status.SHADOWED, reason=each.reason)
            else:
                yield placed, made


def _of_calls(code: Code, text: str) -> Iterator[Placed]:
    """`Celery("shop", broker=...)`, `app.conf.update(...)`."""
    for each in code.calls:
        before, _, last = each.callee.rpartition(".")
        if last == "Celery":
            given = [(_OF_APPLICATION.get(e.key, _name(e.key)), e) for e in each.named]
            yield from _entries(given, each, text)
        elif before.rpartition(".")[2] == "conf":
            whole = [e.value for e in each.arguments]
            inner = [e for value in whole if isinstance(value, Table) for e in value.entries]
            yield from _entries([(_name(e.key), e) for e in (*inner, *each.named)], each, text)
            if not each.is_complete or any(isinstance(value, Computed) for value in whole):
                reason = f"{each.callee} is handed settings that only running it would tell"
                yield each.place, Unread(each.place.path, reason, each.place)


def _entries(given: Sequence[tuple[str, Entry]], each: Called, text: str) -> Iterator[Placed]:
    for name, entry in given:
        if name:
            yield from _made(name, entry, each.place, text)


def _of_yaml(text: str, path: str) -> Iterator[Placed]:
    """A file of an application that has a part for Celery: by Celery's names, or plain ones."""
    for document in documents(text, path):
        if isinstance(document, Unread):
            yield document.place, document
            continue
        for leaf in yaml_leaves(document):
            keys = [str(key) for key in leaf.keys] or [""]
            is_own = len(keys) == 1 or keys[0] == "celery"
            last = keys[-1]
            name = _name(last) or (_PLAIN.get(last, "") if keys[0] == "celery" else "")
            if is_own and name:
                yield leaf.place, Setting(name, leaf.text, leaf.place)


def value(text: str, entry: Known) -> Value | Rejected:
    """What a value means: numbers in seconds and, per child, KiB; None for what is never reached."""
    found = python_value(text, entry)
    if isinstance(found, Rejected) or entry.type is not Type.SIZE or entry.scale in (None, 1):
        return found
    return _SECONDS.value(text.strip(), entry) if text.strip() not in entry.infinite else found


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """Who wins: the command line, then the variables, which win over what the code says.

    0 and None on the command line ask for what the code says.
    """
    known = [_asked_for(each) for each in resolved(settings, _items)]
    order = sorted((each for each in known if each.status is Status.EFFECTIVE), key=_rank)
    winners = {each.name: each for each in order}
    return [shadowed(each, winners.get(each.name)) for each in known]


_FALLS_BACK = frozenset({"worker_concurrency", "worker_prefetch_multiplier"})


def _asked_for(setting_: Setting) -> Setting:
    is_given = setting_.origin is Origin.COMMAND_LINE and setting_.text == "0"
    if not is_given or setting_.name not in _FALLS_BACK or setting_.reason:
        return setting_
    return replace(setting_, status=Status.IGNORED, reason="0 asks for what the application says")


def _rank(setting_: Setting) -> int:
    if setting_.origin is Origin.COMMAND_LINE:
        return 2
    return int(setting_.origin is Origin.ENVIRONMENT and setting_.belongs in VARIABLES)


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=arguments,
    endpoints=endpoints,
    root="tasks",
)
