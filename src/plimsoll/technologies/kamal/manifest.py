"""The application and the accessories that a Kamal configuration runs.

Source: Kamal 2, configuration (servers, accessories, env).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Deployment, Manifest, Open, Word
from plimsoll.model.setting import Unknown, Unread
from plimsoll.syntax import yaml_nodes as yaml
from plimsoll.syntax.shell import words
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.text import Lines
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.syntax.yaml_tree import Build, Leaf, Table

_SECRET = Unknown("a secret that the machine has")


def describe(paths: Sequence[str], opened: Open) -> Iterator[Deployment | Unread]:
    """The roles of the application, then its accessories."""
    for path in paths:
        text = opened(path)
        if isinstance(text, Unread):
            yield text
        else:
            yield from _file(text, path)


def states(paths: Sequence[str]) -> list[tuple[str, ...]]:
    """What holds by default: of each folder deploy.yml; deploy.staging.yml is another destination."""
    return [(path,) for path in paths if path.rpartition("/")[2] == "deploy.yml"]


def _file(text: str, path: str) -> Iterator[Deployment | Unread]:
    unread: list[Unread] = []
    for document in yaml.documents(text, path):
        if isinstance(document, Unread):
            template = Unread(path, UNRENDERED, document.place)
            unread.append(template if is_unrendered(text, has_variables=True) else document)
        elif isinstance(document.root, yaml.Mapping):
            build = Build(document, Lines(text, path), "Kamal refuses the file", unread=unread)
            root = build.tree(document.root)
            if isinstance(root, Table):
                yield from _services(root, path)
    yield from unread


def _services(root: Table, path: str) -> Iterator[Deployment]:
    name = root.text("service") or "app"
    servers = root.table("servers")
    common = _environment(root.table("env"))
    for role, table in (servers.entries if servers else {}).items():
        own = table if isinstance(table, Table) else Table({}, table.place)
        yield _service(name if role == "web" else f"{name}-{role}", own, path, common, root)
    for role, table in (root.table("accessories") or Table({}, root.place)).entries.items():
        if isinstance(table, Table):
            yield _service(table.text("service") or role, table, path, {}, table)


def _service(
    name: str, table: Table, path: str, common: dict[str, Word], imaged: Table
) -> Deployment:
    command = table.leaf("cmd")
    return Deployment(
        name=name,
        technology="kamal",
        place=table.place,
        command=tuple(_words(command)) if command else (),
        environment={**common, **_environment(table.table("env"))},
        image=imaged.text("image"),
        addresses=(name,),
        files=(path,),
    )


def _words(command: Leaf) -> Iterator[Word]:
    """The words of a command, each where it stands."""
    if is_unrendered(command.text, has_variables=True):
        yield Uncertain(command.text, command.place, value=Unknown(f"template: {UNRENDERED}"))
        return
    flat = re.sub(r"\s", " ", command.text)
    for word in words(flat, Place("", Span(1, 1, 1, len(flat) + 1))):
        if word.place is not None:
            span = word.place.span
            start, end = command.traced.range(span.column - 1, span.end_column - 1)
            yield Word(word.text, command.lines.place(start, end, (start, end)))


def _environment(table: Table | None) -> dict[str, Word]:
    """What stands under `clear`, or by itself; of secrets only that they are there."""
    if table is None:
        return {}
    found: dict[str, Word] = {}
    for name, leaf in (table.table("clear") or table).entries.items():
        if isinstance(leaf, Leaf):
            found[name] = Word(leaf.text, leaf.place)
    for each in table.items("secret"):
        if isinstance(each, Leaf):
            name = each.text.partition(":")[0]
            found[name] = Uncertain("", each.place, value=_SECRET)
    return found


MANIFEST = Manifest(describe=describe, states=states)
