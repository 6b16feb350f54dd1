"""The applications of pm2's file: JavaScript, JSON or YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Block, Item, Setting, Unknown, Unread
from plimsoll.syntax.javascript import (
    Entry,
    Listed,
    Table,
    leaves,
    read_exported,
    read_value,
    setting,
    shown,
)
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.syntax.yaml_leaves import leaves as yaml_leaves
from plimsoll.syntax.yaml_nodes import documents

# Names of one thing; the first is what settings.yaml has. Source: pm2 API/schema.json.
_ALIASES = {
    "exec": "script",
    "exec_interpreter": "interpreter",
    "interpreter_args": "node_args",
    "interpreterArgs": "node_args",
    "nodeArgs": "node_args",
    "maxMemoryRestart": "max_memory_restart",
    "killTimeout": "kill_timeout",
    "listenTimeout": "listen_timeout",
    "execMode": "exec_mode",
}
BLOCK = "app"
_NOWHERE = Place("", Span(1, 1, 1, 1))


class Application(Struct, frozen=True):
    """One application: its settings by the name that pm2 has for them, in the order of the file."""

    name: str
    place: Place
    settings: tuple[Setting, ...]

    def setting(self, name: str) -> Setting | None:
        return next((s for s in reversed(self.settings) if s.name == name), None)

    def text(self, name: str) -> str:
        """A value that is told; else nothing."""
        found = self.setting(name)
        return found.text if found and not isinstance(found.value, Unknown) else ""

    def words(self, name: str) -> list[Word]:
        """A value as one word, or the items of a list; what is not told is a word that says so."""
        found = [s for s in self.settings if s.name == name or s.name.startswith(f"{name}.")]
        return [_word(s) for s in found if s.text or isinstance(s.value, Unknown)]

    @property
    def environment(self) -> dict[str, Word]:
        """`env`, and over it that for production."""
        given: dict[str, Word] = {}
        for prefix in ("env.", "env_production."):
            for each in self.settings:
                if each.name.startswith(prefix):
                    given[each.name.removeprefix(prefix)] = _word(each)
        return given


def _word(setting: Setting) -> Word:
    place = setting.place
    if isinstance(setting.value, Unknown):
        return Uncertain(setting.text, place, value=setting.value)
    inner = replace(place, span=place.value) if place and place.value else place
    return Word(setting.text, inner)


def applications(
    text: str, path: str, environment: Mapping[str, Word] | None = None
) -> Iterator[Application | Item]:
    """What a file describes, and what of it is none of an application (deploy)."""
    if path.endswith((".yml", ".yaml")):
        yield from _of_yaml(text, path)
        return
    read = read_value if path.endswith(".json") else read_exported
    whole = read(text, path, environment)
    if isinstance(whole, Unread):
        yield whole
        return
    yield from _of_entry(whole, text, path)


def _of_entry(whole: Entry, text: str, path: str) -> Iterator[Application | Item]:
    listed = _listed(whole)
    if listed is None:
        yield Unread(path, "no applications that are written out", whole.place)
        return
    for each in listed:
        if isinstance(each.value, Table):
            yield _application(each, text)
        else:
            source = " ".join(each.source.split())[:60]
            yield Unread(path, f"only running it would tell the application {source}", each.place)
    rest = whole.value.entries if isinstance(whole.value, Table) else ()
    for each in rest:
        if each.key != "apps" and each not in listed:
            for name, leaf in leaves(each.key, each):
                yield setting(name, leaf, text, place=each.place)


def _listed(whole: Entry) -> tuple[Entry, ...] | None:
    """`{apps: [...]}`, a bare list, or one application alone."""
    value = whole.value
    apps = value.get("apps") if isinstance(value, Table) else whole
    if apps is None:
        return (whole,) if isinstance(value, Table) and value.get("script") else None
    if isinstance(apps.value, Listed):
        return apps.value.entries
    return (apps,) if isinstance(apps.value, Table) else None


def _application(each: Entry, text: str) -> Application:
    table = each.value
    name = table.get("name") if isinstance(table, Table) else None
    script = table.get("script") if isinstance(table, Table) else None
    called = shown(name.value) if name and isinstance(name.value, str | int) else ""
    if not called and script and isinstance(script.value, str):
        called = script.value.rpartition("/")[2].rpartition(".")[0]
    block = Block(BLOCK, called, each.place)
    found = [
        setting(_renamed(dotted), leaf, text, scope=(block,), place=each.place)
        for dotted, leaf in leaves("", each)
        if dotted
    ]
    if isinstance(table, Table) and not table.is_complete:
        reason = "computed: entries that only running it would tell"
        found = [
            *(Setting(n, "", each.place, (block,), value=Unknown(reason)) for n in _MATTERS),
            *found,
        ]
    return Application(called, each.place or _NOWHERE, tuple(found))


_MATTERS = ("instances", "max_memory_restart", "kill_timeout", "node_args")


def _renamed(dotted: str) -> str:
    first, dot, rest = dotted.partition(".")
    return f"{_ALIASES.get(first, first)}{dot}{rest}"


def _of_yaml(text: str, path: str) -> Iterator[Application | Item]:
    for document in documents(text, path):
        if isinstance(document, Unread):
            yield document
            continue
        apps: dict[object, list[Setting]] = {}
        for leaf in yaml_leaves(document):
            is_app = len(leaf.keys) > 2 and leaf.keys[0] == "apps"
            value = Unknown(UNRENDERED) if is_unrendered(leaf.text) else None
            if not is_app:
                yield Setting(leaf.name, leaf.text, leaf.place, value=value)
                continue
            name = _renamed(".".join(map(str, leaf.keys[2:])))
            made = Setting(name, leaf.text, leaf.place, value=value)
            apps.setdefault(leaf.keys[1], []).append(made)
        for settings in apps.values():
            called = next((s.text for s in settings if s.name == "name"), "")
            place = settings[0].place or _NOWHERE
            block = Block(BLOCK, called, place)
            scoped = tuple(replace(s, scope=(block,)) for s in settings)
            yield Application(called, place, scoped)
