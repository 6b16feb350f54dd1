"""mysqld-auto.cnf: what SET PERSIST wrote, which beats the command line.

Source: MySQL manual, Persisted System Variables; the file of 8.0 (version 1 of its format, from
8.0.29 on version 2).
"""

from __future__ import annotations

from collections.abc import Iterator

from plimsoll.model.place import Place, Span
from plimsoll.model.setting import Item, Unread
from plimsoll.syntax.yaml_leaves import Leaf, leaves
from plimsoll.syntax.yaml_nodes import documents
from plimsoll.technologies.mysql.said import Said, setting

FILE = "mysqld-auto.cnf"


def persisted(text: str, path: str) -> Iterator[Item]:
    """Every variable of the file, by the value that it was given."""
    for document in documents(text, path):
        if isinstance(document, Unread):
            yield document
            continue
        for leaf in leaves(document):
            yield from _item(leaf, path)


def _item(leaf: Leaf, path: str) -> Iterator[Item]:
    """`{"mysql_dynamic_variables": {"max_connections": {"Value": "900", "Metadata": {...}}}}`"""
    keys = [str(key) for key in leaf.keys]
    if keys[-1:] == ["Value"] and len(keys) > 1:
        yield setting(Said(keys[-2], leaf.text, leaf.place))
    elif keys[:1] != ["Version"] and "Metadata" not in keys and keys:
        yield Unread(path, "is no variable that SET PERSIST wrote", leaf.place)
    elif not keys:
        yield Unread(path, "is no file of SET PERSIST", Place(path, Span(1, 1, 1, 1)))
