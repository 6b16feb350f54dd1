"""The files that hold options: INI, YAML and JSON, each with sections of which one is read.

Source: uWSGI documentation, Configuration; core/ini.c; measured on 2.0.21.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from plimsoll.model.place import Place
from plimsoll.model.setting import Block, Include, Item, Setting, Unknown, Unread, Value
from plimsoll.syntax.globs import literal
from plimsoll.syntax.ini import Assignment, IniDialect, Section, entries
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.text import Lines
from plimsoll.technologies.uwsgi.names import ALIASES, LATE, LOADERS

INI = IniDialect(comments="#;", flags=True)
SECTION = "section"
ASKED = "asked"  # the section that a file is asked for
_WORDS = {True: "true", False: "false"}
_MARK = re.compile(r"@[A-Z][A-Z0-9_]+@|__[A-Z][A-Z0-9_]*__")
_LOCAL = re.compile(r"%d/?")


class Option(Struct, frozen=True):
    """An option as a file has it."""

    name: str
    text: str
    place: Place
    scope: tuple[Block, ...]


def read(text: str, path: str) -> Iterator[Item]:
    """Every option of every section, in file order; who reads which is said later."""
    ending = path.rpartition(".")[2].lower()
    if ending == "xml":
        yield Unread(path, "uWSGI's XML is not read yet")
    elif ending in ("yaml", "yml", "json"):
        yield from _of_tree(text, path)
    else:
        yield from _of_ini(text, path)


def _of_ini(text: str, path: str) -> Iterator[Item]:
    where = Lines(text, path)
    scope: tuple[Block, ...] = (Block(SECTION, ""),)
    for each in entries(text, INI):
        place = where.place(each.start, each.end)
        if isinstance(each, Section):
            scope = (Block(SECTION, each.name, place),)
        elif isinstance(each, Assignment):
            start, end = each.value.range(0, len(each.value.text))
            valued = where.place(each.start, each.end, (start, end))
            is_flag = not each.value.text and start == each.start + len(each.key)
            placed = place if is_flag else valued
            yield item(Option(each.key, each.value.text, placed, scope))
        elif each.text.startswith("["):  # whatever ends the line is cut off
            scope = (Block(SECTION, each.text[1:-1], place),)
        elif is_unrendered(each.text, has_variables=True):
            yield Unread(path, UNRENDERED, place)
        else:
            yield Unread(path, "the name of the option is missing", place)


def _of_tree(text: str, path: str) -> Iterator[Item]:
    from plimsoll.syntax.yaml_leaves import leaves  # for the few that are none of INI
    from plimsoll.syntax.yaml_nodes import documents

    for document in documents(text, path):
        if isinstance(document, Unread):
            yield document
            continue
        for leaf in leaves(document):
            names = [str(key) for key in leaf.keys[1:] if not isinstance(key, int)]
            if len(names) != 1:
                yield Unread(
                    path, "options are texts, or lists of them, below a section", leaf.place
                )
                continue
            boolean = getattr(leaf.node, "boolean", None)
            said = leaf.text if boolean is None else _WORDS[boolean]
            scope = (Block(SECTION, str(leaf.keys[0])),)
            yield item(Option(names[0], said, leaf.place, scope))


def item(option: Option) -> Item:
    """The setting that an option is, or the file that it has read."""
    name = ALIASES.get(option.name, option.name)
    if name in LOADERS:
        return _loaded(option, name)
    unknown: Value | None = None
    raw = option.text
    if is_unrendered(raw, has_variables=True) or _MARK.search(raw):
        unknown = Unknown(UNRENDERED)
    elif is_unrendered(f"{option.name}", has_variables=True):
        return Unread(option.place.path, UNRENDERED, option.place)
    return Setting(name, option.text, option.place, option.scope, value=unknown)


def _loaded(option: Option, name: str) -> Item:
    """`ini = other.ini:section`; one of the same file stays a setting."""
    file, section = split(option.text)
    if not file:
        return Setting(name, option.text, option.place, option.scope)
    local = _LOCAL.sub("", file, count=1) if file.startswith("%d") else file
    if "%" in local or "$(" in local or "://" in local or is_unrendered(local, has_variables=True):
        reason = f"{name} = {option.text}: only the running server would tell which file that is"
        return Unread(option.place.path, reason, option.place)
    kind = f"{ASKED} late" if name in LATE else ASKED
    scope = (*option.scope, Block(kind, section, option.place))
    return Include(literal(local), option.place, scope)


def split(text: str) -> tuple[str, str]:
    """The file and the section that a text names; `uwsgi` where it names none."""
    head, colon, tail = text.rpartition(":")
    if not colon or "/" in tail:
        return text, "uwsgi"
    return head, tail or "uwsgi"
