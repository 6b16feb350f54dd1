"""A service's tree to settings with dotted names: `deploy.resources.limits.memory`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from plimsoll.model.setting import Block, Origin, Setting, Status, Unknown, Unset, Value
from plimsoll.technologies.docker_compose.keys import KEYS, meant_by
from plimsoll.technologies.docker_compose.tree import Items, Leaf, Table, Tree

_SECRET = re.compile(
    r"(?i)password|passwd|passphrase|secret|token|credential|api_?key|private_?key|(?:_|^)(?:key|pass|pwd|auth|salt)$"
)
_NO_SECRET = re.compile(r"(?i)_(?:file|path|dir|url|timeout|ttl|length|size)$")
_BASE_60 = re.compile(r"[0-9]{1,2}(?::[0-5]?[0-9])+")

_MOST_SUGGESTIONS = 20  # looking for one takes a while; a file of other things has thousands

_AS_ONE = frozenset({"command", "entrypoint", "healthcheck.test"})
_WITH_VALUES_OF_OTHERS = ("environment", "build.args")
_NAMED = frozenset({"depends_on", "networks"})


class _Context(Struct, frozen=True):
    scope: tuple[Block, ...]
    status: Status = Status.EFFECTIVE
    reason: str = ""
    unknown: set[str] = field(default_factory=set)


def settings_of(service: Table, scope: tuple[Block, ...], unknown: set[str]) -> Iterator[Setting]:
    """Everything that a service says, in the order in which it stands; lists one by one.

    *unknown* takes the keys that are; only for the first of them a suggestion is looked for.
    """
    yield from _table(service, "", _Context(scope, unknown=unknown))


def other_settings(value: Tree, name: str, scope: tuple[Block, ...]) -> Iterator[Setting]:
    """What a section says that is not that of the services."""
    if isinstance(value, Leaf):
        yield _leaf(value, name, _Context(scope))
    elif isinstance(value, Items):
        for each in value.entries:
            yield from other_settings(each, name, scope)
    else:
        for key, each in value.entries.items():
            yield from other_settings(each, f"{name}.{key}", scope)


def lost_settings(name: str, value: Tree, scope: tuple[Block, ...]) -> Iterator[Setting]:
    """A value that another file replaces."""
    yield from _any(value, name, _Context(scope, Status.SHADOWED, "another file replaces it"))


def _table(table: Table, above: str, context: _Context) -> Iterator[Setting]:
    for name, value in table.entries.items():
        if name.startswith("x-") and above in KEYS:
            continue
        dotted = f"{above}.{name}" if above else name
        own = context
        if above in KEYS and name not in KEYS[above] and context.status is Status.EFFECTIVE:
            own = replace(
                context, status=Status.UNKNOWN_NAME, reason=_unknown(name, above, context)
            )
        if above in _NAMED:
            yield Setting(above, name, value.place, context.scope, Origin.MANIFEST, context.status)
        yield from _any(value, dotted, own)


def _any(value: Tree, dotted: str, context: _Context) -> Iterator[Setting]:
    if isinstance(value, Table):
        yield from _table(value, dotted, context)
    elif isinstance(value, Items):
        yield from _items(value, dotted, context)
    elif dotted.startswith("ulimits.") and dotted.count(".") == 1:
        yield replace(_leaf(value, f"{dotted}.soft", context))
        yield replace(_leaf(value, f"{dotted}.hard", context))
    elif dotted.rpartition(".")[0] not in _NAMED:
        yield _leaf(value, dotted, context)


def _items(items: Items, dotted: str, context: _Context) -> Iterator[Setting]:
    if dotted in _AS_ONE:
        leaves = [each for each in items.entries if isinstance(each, Leaf)]
        unknown = next((each.unknown for each in leaves if each.unknown), "")
        text = " ".join(each.text for each in leaves)
        yield Setting(
            name=dotted,
            text=text,
            place=items.place,
            scope=context.scope,
            origin=Origin.MANIFEST,
            status=context.status,
            reason=context.reason,
            value=Unknown(unknown) if unknown else None,
        )
        return
    for each in items.entries:
        if isinstance(each, Leaf):
            yield _leaf(each, dotted, context)
        else:
            text = _short(each)
            yield Setting(dotted, text, each.place, context.scope, Origin.MANIFEST, context.status)


def _leaf(leaf: Leaf, dotted: str, context: _Context) -> Setting:
    return Setting(
        name=dotted,
        text=leaf.text,
        place=leaf.place,
        scope=context.scope,
        origin=Origin.MANIFEST,
        status=context.status,
        reason=context.reason or _remark(leaf, dotted),
        value=_value(leaf, dotted),
        is_secret=is_secret(dotted),
    )


def _value(leaf: Leaf, dotted: str) -> Value | None:
    """What only we can say of a value: that it cannot be told, that there is none."""
    if leaf.unknown:
        return Unknown(leaf.unknown)
    if leaf.is_null:
        if dotted.startswith(_WITH_VALUES_OF_OTHERS):
            return Unknown("the environment of who starts it has the value")
        return Unset()
    return None


def _remark(leaf: Leaf, dotted: str) -> str:
    if dotted in ("ports", "expose") and leaf.is_bare and _BASE_60.fullmatch(leaf.text):
        return "a reader of YAML 1.1 takes this for a number to the base 60: quote it"
    return ""


def _short(entry: Tree) -> str:
    """A long form in one line: `host_ip:published:target`, else each key with its value."""
    if isinstance(entry, Items):
        return " ".join(_short(each) for each in entry.entries)
    if isinstance(entry, Leaf):
        return entry.text
    source = entry.text("published") or entry.text("source")
    target = entry.text("target")
    if source and target:
        return ":".join(filter(None, (entry.text("host_ip"), source, target)))
    return " ".join(f"{n}={_short(v)}" for n, v in entry.entries.items())


def _unknown(name: str, above: str, context: _Context) -> str:
    where = f" in {above}" if above else ""
    context.unknown.add(name)
    meant = meant_by(name, above) if len(context.unknown) <= _MOST_SUGGESTIONS else ""
    suggestion = f"; did you mean {meant}?" if meant else ""
    return f"Compose knows no {name}{where} and refuses the file{suggestion}"


def is_secret(dotted: str) -> bool:
    """Whether the value of a variable of that name is to be hidden."""
    if not dotted.startswith(_WITH_VALUES_OF_OTHERS):
        return False
    name = dotted.removeprefix("environment.").removeprefix("build.args.")
    return bool(_SECRET.search(name)) and not _NO_SECRET.search(name)
