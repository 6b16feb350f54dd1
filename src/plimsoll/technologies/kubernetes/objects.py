"""The objects of manifests: documents and items of lists, with what could not be read of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from plimsoll.model.reader import Open
from plimsoll.model.setting import Unread
from plimsoll.syntax import yaml_nodes as yaml
from plimsoll.syntax.text import Lines
from plimsoll.syntax.yaml_tree import Build, Leaf, Table, is_empty

REFUSAL = "kubectl refuses the file"
_HELM = re.compile(
    r"\{\{-?[^{}\n]{0,200}?(?:\.Values\b|\.Release\b|\.Chart\b|\.Capabilities\b|\.Files\b"
    r"|\binclude\s+[\"`]|\btemplate\s+[\"`]|\bdefine\s+[\"`])"
)
_MARKS = re.compile(r"\{\{|\{%|<%")
_CHART_FOLDER = re.compile(r"(?:^|/)templates/")

HELM = "Helm template: render it first: `helm template CHART | plimsoll check -`"
OPENSHIFT = "OpenShift template: render it first: `oc process -f FILE | plimsoll check -`"
OTHER = "a template that was not rendered: render it first, and check what comes out"


class Object(Struct, frozen=True):
    """One object of a manifest."""

    kind: str
    api: str
    name: str
    namespace: str
    table: Table
    path: str

    @property
    def spec(self) -> Table:
        return self.table.table("spec") or Table({}, self.table.place)

    @property
    def group(self) -> str:
        """`apps` of `apps/v1`; empty for the core."""
        return self.api.rpartition("/")[0]


class Objects(Struct):
    """What the files of one state hold, in their order."""

    found: list[Object] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    _kinds: dict[str, list[Object]] = field(default_factory=dict)
    _names: dict[tuple[str, str], list[Object]] = field(default_factory=dict)
    _selecting: dict[str, dict[tuple[str, str], list[Object]]] = field(default_factory=dict)

    def add(self, each: Object) -> None:
        self.found.append(each)
        self._kinds.setdefault(each.kind, []).append(each)
        self._names.setdefault((each.kind, each.name), []).append(each)

    def of(self, *kinds: str) -> Iterator[Object]:
        return (each for kind in kinds for each in self._kinds.get(kind, ()))

    def named(self, kind: str, name: str, namespace: str) -> Object | None:
        """The object of that name; of two the later one, which is applied over the earlier."""
        hits = [o for o in self._names.get((kind, name), ()) if same_namespace(o, namespace)]
        return hits[-1] if hits else None

    def selecting(self, kind: str, labels: dict[str, str], *path: str) -> Iterator[Object]:
        """The objects of a kind whose selector, at *path* of their spec, means these labels."""
        known = self._selecting.get(kind)
        if known is None:
            known = self._selecting[kind] = {}
            for each in self.of(kind):
                wanted = labels_of(each.spec.table(*path))
                for first in list(wanted.items())[:1]:
                    known.setdefault(first, []).append(each)
        for pair in labels.items():
            for each in known.get(pair, ()):
                if selects(each.spec.table(*path), labels):
                    yield each


def same_namespace(each: Object, namespace: str) -> bool:
    """Whether an object is in a namespace; one that names none is applied beside the others."""
    return not each.namespace or not namespace or each.namespace == namespace


def objects(paths: Sequence[str], opened: Open) -> Objects:
    """The objects of these files."""
    all_ = Objects()
    for path in paths:
        text = opened(path)
        if isinstance(text, Unread):
            all_.unread.append(text)
            continue
        all_.files.append(path)
        read_text(text, path, all_)
    return all_


def read_text(text: str, path: str, into: Objects) -> None:
    """Adds the objects of one file."""
    reason = template_in(text, path)
    if reason:
        into.unread.append(Unread(path, reason))
        return
    for table in tables(text, path, into.unread):
        for each in _objects(table, path):
            if each.kind == "Template" and each.group in ("", "template.openshift.io"):
                into.unread.append(Unread(path, OPENSHIFT, table.place))
            else:
                into.add(each)


def template_in(text: str, path: str) -> str:
    """Why a file is no manifest yet; empty where it is one."""
    if "{{" in text and (_HELM.search(text) or _CHART_FOLDER.search(path)):
        return HELM
    return ""


def tables(text: str, path: str, unread: list[Unread]) -> Iterator[Table]:
    """The documents of a file that are mappings."""
    lines = Lines(text, path)
    for document in yaml.documents(text, path):
        if isinstance(document, Unread):
            is_template = _MARKS.search(text) is not None
            unread.append(Unread(path, OTHER, document.place) if is_template else document)
        elif isinstance(document.root, yaml.Mapping):
            faults: list[Unread] = []
            found = Build(document, lines, REFUSAL, unread=faults).tree(document.root)
            if any("a key that is no text" in each.reason for each in faults) and "{{" in text:
                unread.append(Unread(path, OTHER, document.place(document.root)))
                continue
            unread += faults
            if isinstance(found, Table):
                yield found
        elif document.root is not None and not is_empty(document.root):
            place = document.place(document.root)
            unread.append(Unread(path, "not a mapping: no Kubernetes object", place))


def _objects(table: Table, path: str) -> Iterator[Object]:
    kind, metadata = table.text("kind"), table.table("metadata") or Table({}, table.place)
    if kind.endswith("List") and table.items("items"):
        for each in table.tables("items"):
            yield from _objects(each, path)
    elif kind:
        yield Object(
            kind=kind,
            api=table.text("apiVersion"),
            name=metadata.text("name") or metadata.text("generateName").rstrip("-"),
            namespace=metadata.text("namespace"),
            table=table,
            path=path,
        )


def labels_of(table: Table | None) -> dict[str, str]:
    """The labels (or the like) that a table gives, by name."""
    entries = table.entries if table else {}
    return {name: each.text for name, each in entries.items() if isinstance(each, Leaf)}


def selects(selector: Table | None, labels: dict[str, str]) -> bool:
    """Whether a selector means what has these labels; one that is empty means nothing here."""
    wanted = labels_of(selector)
    return bool(wanted) and all(labels.get(name) == value for name, value in wanted.items())
