"""The environment of a container: `envFrom`, then `env` over it, `$(NAME)` expanded.

Source: Kubernetes, "Define Dependent Environment Variables" and core/v1 EnvVar, EnvFromSource.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Word
from plimsoll.model.setting import Block, Origin, Setting, Status, Unknown
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.syntax.yaml_tree import Leaf, Table
from plimsoll.technologies.kubernetes.flatten import is_no_text
from plimsoll.technologies.kubernetes.objects import Object, Objects

_REFERENCE = re.compile(r"\$(?:\$|\(([^()$]*)\))")
_SECRET = re.compile(
    r"(?i)password|passwd|passphrase|secret|token|credential|api_?key|private_?key|(?:_|^)(?:key|pass|pwd|auth|salt)$"
)
_NO_SECRET = re.compile(r"(?i)_(?:file|path|dir|url|timeout|ttl|length|size)$")
_DUPLICATE = "a later entry of that name wins"
_OVERRIDDEN = "env: gives the variable"


class Environment(Struct):
    """*settings*: every variable by `env.NAME`, those that lose too."""

    words: dict[str, Word] = field(default_factory=dict)
    settings: list[Setting] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)  # in settings, of the last of each name


def environment_of(
    container: Table, all_: Objects, namespace: str, scope: tuple[Block, ...]
) -> Environment:
    """The variables of a container."""
    found = Environment()
    for entry in container.tables("envFrom"):
        for name, word, is_secret in _of_source(entry, all_, namespace):
            _take(found, name, word, word.place, scope, is_secret=is_secret)
    own = [e for e in container.tables("env") if e.text("name")]
    last = {e.text("name"): e for e in own}
    for entry in own:
        name = entry.text("name")
        told = _told(entry, all_, namespace)
        word = replace_references(told, found.words)
        is_secret = entry.table("valueFrom", "secretKeyRef") is not None
        is_last = last[name] is entry
        _take(found, name, word, entry.place, scope, is_secret=is_secret, is_last=is_last)
        found.settings[-1] = _judged(found.settings[-1], entry)
    return found


def _take(
    found: Environment,
    name: str,
    word: Word,
    place: Place | None,
    scope: tuple[Block, ...],
    *,
    is_secret: bool,
    is_last: bool = True,
) -> None:
    before = found.places.get(name)
    if before is not None and found.settings[before].status is Status.EFFECTIVE:
        lost = found.settings[before]
        found.settings[before] = replace(lost, status=Status.SHADOWED, reason=_OVERRIDDEN)
    found.words[name], found.places[name] = word, len(found.settings)
    unknown = word.value if isinstance(word, Uncertain) else None
    found.settings.append(
        Setting(
            name=f"env.{name}",
            text=word.text,
            place=place,
            scope=scope,
            origin=Origin.MANIFEST,
            status=Status.EFFECTIVE if is_last else Status.SHADOWED,
            reason="" if is_last else _DUPLICATE,
            value=unknown if isinstance(unknown, Unknown) else word.text,
            is_secret=is_secret or is_secret_name(name),
        )
    )


def is_secret_name(name: str) -> bool:
    """Whether the value of a variable of that name is to be hidden."""
    return bool(_SECRET.search(name)) and not _NO_SECRET.search(name)


def _judged(setting: Setting, entry: Table) -> Setting:
    """A value that is no text is refused."""
    leaf = entry.leaf("value")
    if leaf is None or not is_no_text(leaf) or leaf.is_null:
        return setting
    reason = f"{leaf.text} is no text for the API server: put quotes around it"
    return replace(setting, status=Status.REFUSED, reason=reason)


def _of_source(entry: Table, all_: Objects, namespace: str) -> Iterator[tuple[str, Word, bool]]:
    prefix = entry.text("prefix")
    for key, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
        reference = entry.table(key)
        known = all_.named(kind, reference.text("name"), namespace) if reference else None
        for name, word in (variables_in(known) if known else {}).items():
            yield prefix + name, word, kind == "Secret"


def variables_in(source: Object) -> dict[str, Word]:
    """What a ConfigMap or Secret holds, by key; what is encoded is decoded."""
    found: dict[str, Word] = {}
    is_secret = source.kind == "Secret"
    for name, leaf in _leaves(source.table.table("data")):
        found[name] = _decoded(leaf) if is_secret else word_of(leaf)
    for name, leaf in _leaves(source.table.table("stringData") if is_secret else None):
        found[name] = word_of(leaf)
    return found


def _leaves(table: Table | None) -> Iterator[tuple[str, Leaf]]:
    for name, each in table.entries.items() if table else ():
        if isinstance(each, Leaf):
            yield name, each


def _decoded(leaf: Leaf) -> Word:
    try:
        return Word(b64decode("".join(leaf.text.split()), validate=True).decode(), leaf.place)
    except ValueError:
        return Uncertain(leaf.text, leaf.place, value=Unknown("no base64 of a text"))


def word_of(leaf: Leaf) -> Word:
    """A scalar as a word."""
    if is_unrendered(leaf.text, has_variables=True):
        return Uncertain(leaf.text, leaf.place, value=Unknown(f"template: {UNRENDERED}"))
    return Word(leaf.text, leaf.place)


def _told(entry: Table, all_: Objects, namespace: str) -> Word:
    leaf = entry.leaf("value")
    source = entry.table("valueFrom")
    if source is None:
        return word_of(leaf) if leaf else Word("", entry.place)
    for key, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
        reference = source.table(key)
        if reference is None:
            continue
        name, wanted = reference.text("name"), reference.text("key")
        known = all_.named(kind, name, namespace)
        word = variables_in(known).get(wanted) if known else None
        if word is not None:
            return word
        why = f"{kind} {name} is not among these manifests" if not known else f"has no {wanted}"
        return Uncertain("", entry.place, value=Unknown(why))
    reference = source.table("fieldRef") or source.table("resourceFieldRef")
    what = (
        (reference.text("fieldPath") or reference.text("resource")) if reference else "its source"
    )
    return Uncertain("", entry.place, value=Unknown(f"the cluster gives it: {what}"))


def replace_references(word: Word, environment: Mapping[str, Word]) -> Word:
    """*word* with `$(NAME)` replaced by what stands before; unknown names stay, `$$` is one `$`."""
    if "$" not in word.text or isinstance(word, Uncertain):
        return word
    unknown = [
        known
        for found in _REFERENCE.finditer(word.text)
        if found[1] is not None and isinstance(known := environment.get(found[1]), Uncertain)
    ]
    if unknown:
        return Uncertain(word.text, word.place, value=unknown[0].value)

    def meant(found: re.Match[str]) -> str:
        if found[1] is None:
            return "$"
        known = environment.get(found[1])
        return known.text if known else found[0]

    return Word(_REFERENCE.sub(meant, word.text), word.place)
