"""Tables of an object to settings with dotted names: `resources.limits.memory`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.quantity import SECONDS, Amount
from plimsoll.model.setting import Block, Origin, Setting, Status, Unknown, Unset, Value
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.yaml_tree import Items, Leaf, Table, Tree
from plimsoll.technologies.kubernetes.keys import (
    CONTAINER,
    INSIDE,
    POD,
    PROBES,
    WHOLE,
    WORKLOADS,
    missing,
)

_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_JOINED = frozenset({"command", "args"})  # lists of words
_NULL = "null: what holds is the default"
_TEXT_FOR_NUMBER = "a text where the API server takes a whole number: leave the quotes out"


class Context(Struct, frozen=True):
    scope: tuple[Block, ...]
    status: Status = Status.EFFECTIVE
    reason: str = ""


def workload_settings(spec: Table, kind: str, scope: tuple[Block, ...]) -> Iterator[Setting]:
    """What the spec of a workload says beside its pod and its selector."""
    context = Context(scope)
    known = WORKLOADS.get(kind)
    for name, value in spec.entries.items():
        if name in ("template", "selector", "volumeClaimTemplates", "jobTemplate", "triggers"):
            continue
        own = _judged(name, known, "the spec of a workload", context) if known else context
        yield from _any(value, name, own)


def pod_settings(spec: Table, scope: tuple[Block, ...]) -> Iterator[Setting]:
    """What the spec of a pod says beside its containers and volumes."""
    for name, value in spec.entries.items():
        if name in ("containers", "initContainers", "ephemeralContainers", "volumes"):
            continue
        context = _judged(name, POD, "the spec of a pod", Context(scope))
        if name == "securityContext" and isinstance(value, Table):
            yield from _sysctls(value, context)
        elif name == "resources":
            yield from _any(value, "pod.resources", context)
        else:
            yield from _any(value, name, context)


def annotation_settings(metadata: Table | None, scope: tuple[Block, ...]) -> Iterator[Setting]:
    """The annotations of a workload or of its pods; kubectl's copy of the manifest is none."""
    annotations = metadata.table("annotations") if metadata else None
    for name, leaf in (annotations.entries if annotations else {}).items():
        if isinstance(leaf, Leaf) and name != _APPLIED:
            yield leaf_setting(leaf, f"annotations.{name}", Context(scope))


def _sysctls(table: Table, context: Context) -> Iterator[Setting]:
    for each in table.tables("sysctls"):
        leaf = each.leaf("value")
        if leaf is not None:
            name = f"securityContext.sysctls.{each.text('name')}"
            yield replace(leaf_setting(leaf, name, context), place=each.place)
    rest = {n: v for n, v in table.entries.items() if n != "sysctls"}
    yield from _table(Table(rest, table.place), "securityContext", context)


def container_settings(container: Table, scope: tuple[Block, ...]) -> Iterator[Setting]:
    """What a container says beside its environment."""
    for name, value in container.entries.items():
        if name == "env":
            continue
        context = _judged(name, CONTAINER, "a container", Context(scope))
        if name in PROBES and isinstance(value, Table) and context.status is Status.EFFECTIVE:
            block = Block(name, name.removesuffix("Probe"), value.place)
            yield from _table(value, "", replace(context, scope=(*scope, block)), PROBES[0])
        elif name in ("ports", "volumeMounts", "envFrom"):
            yield from _entries(value, name, context)
        else:
            yield from _any(value, name, context)
    yield from _sleep(container, scope)


_SEPARATED = re.compile(r"[;&|()]+")
_AMOUNT = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)([smhd]?)")
_OF_SLEEP = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}  # sleep(1) of GNU and busybox


def _sleep(container: Table, scope: tuple[Block, ...]) -> Iterator[Setting]:
    """How long a preStop command sleeps in all, where it says so in as many words."""
    execute = container.table("lifecycle", "preStop", "exec")
    words = [each for each in execute.items("command") if isinstance(each, Leaf)] if execute else []
    pieces = [(piece, leaf) for leaf in words for piece in _SEPARATED.sub(" ", leaf.text).split()]
    slept = [
        (Fraction(found[1]) * _OF_SLEEP[found[2]], leaf)
        for (word, _), (amount, leaf) in pairwise(pieces)
        if word.rpartition("/")[2] == "sleep" and (found := _AMOUNT.fullmatch(amount))
    ]
    if slept:
        seconds = sum((each for each, _ in slept), Fraction(0))
        yield Setting(
            name="lifecycle.preStop.sleep.seconds",
            text=f"{float(seconds):g}",
            place=slept[0][1].place,
            scope=scope,
            origin=Origin.MANIFEST,
            reason="the command sleeps",
            value=Amount.of(seconds, SECONDS),
        )


def _judged(name: str, known: frozenset[str], where: str, context: Context) -> Context:
    """*context* for a field: misplaced or unknown where *known* does not have it."""
    if name in known or context.status is not Status.EFFECTIVE:
        return context
    is_misplaced, reason = missing(name, known, where)
    status = Status.MISPLACED if is_misplaced else Status.UNKNOWN_NAME
    return replace(context, status=status, reason=reason)


def _entries(value: Tree, name: str, context: Context) -> Iterator[Setting]:
    """A list of tables as one setting each, in short."""
    for each in value.entries if isinstance(value, Items) else ():
        if isinstance(each, Table):
            yield plain(name, _short(each, name), each.place, context)
        elif isinstance(each, Leaf):
            yield leaf_setting(each, name, context)


def _short(entry: Table, name: str) -> str:
    if name == "ports":
        return f"{entry.text('containerPort')}/{entry.text('protocol') or 'TCP'}"
    if name == "volumeMounts":
        return f"{entry.text('name')}:{entry.text('mountPath')}"
    names = (f"{k} {v.text('name')}" for k, v in entry.entries.items() if isinstance(v, Table))
    return " ".join(names)


def _table(table: Table, above: str, context: Context, kind: str = "") -> Iterator[Setting]:
    known = INSIDE.get(kind or above)
    for name, value in table.entries.items():
        dotted = f"{above}.{name}" if above else name
        own = _judged(name, known, (kind and "a probe") or above, context) if known else context
        yield from _any(value, dotted, own)


def settings_below(value: Tree, dotted: str, context: Context) -> Iterator[Setting]:
    """Every value below one, by dotted names; the items of lists by their index."""
    yield from _any(value, dotted, context)


def _any(value: Tree, dotted: str, context: Context) -> Iterator[Setting]:
    if isinstance(value, Leaf):
        yield leaf_setting(value, dotted, context)
    elif not value.entries:
        text = "{}" if isinstance(value, Table) else "[]"
        yield replace(plain(dotted, text, value.place, context), value=Unset())
    elif isinstance(value, Table):
        yield from _table(value, dotted, context)
    elif dotted.rpartition(".")[2] in _JOINED:
        yield _joined(value, dotted, context)
    else:
        for at, each in enumerate(value.entries):
            yield from _any(each, f"{dotted}.{at}", context)


def _joined(value: Items, dotted: str, context: Context) -> Setting:
    leaves = [each for each in value.entries if isinstance(each, Leaf)]
    unknown = next((v for each in leaves if (v := _unknown(each))), None)
    text = " ".join(each.text for each in leaves)
    found = replace(plain(dotted, text, value.place, context), value=unknown)
    wrong = next((each for each in leaves if is_no_text(each)), None)
    if wrong is None or found.status is not Status.EFFECTIVE:
        return found
    reason = f"{wrong.text} is no text for the API server: put quotes around it"
    return replace(found, status=Status.REFUSED, reason=reason)


def plain(name: str, text: str, place: Place | None, context: Context) -> Setting:
    """A setting with a text of its own."""
    return Setting(
        name, text, place, context.scope, Origin.MANIFEST, context.status, context.reason
    )


def leaf_setting(leaf: Leaf, dotted: str, context: Context) -> Setting:
    found = replace(plain(dotted, leaf.text, leaf.place, context), value=_value(leaf))
    if found.status is not Status.EFFECTIVE:
        return found
    if leaf.is_null:
        return replace(found, status=Status.IGNORED, reason=_NULL)
    if dotted in WHOLE and not leaf.is_bare and not _unknown(leaf):
        return replace(found, status=Status.REFUSED, reason=_TEXT_FOR_NUMBER)
    return found


def _value(leaf: Leaf) -> Value | None:
    return Unset() if leaf.is_null else _unknown(leaf)


def _unknown(leaf: Leaf) -> Unknown | None:
    if is_unrendered(leaf.text, has_variables=True):
        return Unknown(f"template: {UNRENDERED}")
    return None


_NO_TEXTS = frozenset(
    word
    for each in ("true", "false", "yes", "no", "on", "off", "y", "n", "null", "~")
    for word in (each, each.capitalize(), each.upper())
)


def is_no_text(leaf: Leaf) -> bool:
    """Whether a plain scalar is a number, a boolean or nothing where a text is wanted.

    Source: sigs.k8s.io/yaml, which follows YAML 1.1 (yes and on are booleans).
    """
    if not leaf.is_bare or leaf.scalar.tag:
        return False
    return leaf.text in _NO_TEXTS or _is_number(leaf.text)


def _is_number(text: str) -> bool:
    digits = text.lstrip("+-").replace("_", "")
    if digits[:2] in ("0x", "0o", "0b"):
        return digits[2:].isalnum()
    body, _, exponent = digits.lower().partition("e")
    whole, _, part = body.partition(".")
    is_number = (whole + part).isdigit() and (whole + part).isascii()
    return is_number and (not exponent or exponent.lstrip("+-").isdigit())
