"""Files of options: a line each, as words, as shell variables, or inside of Hadoop's properties.

Source: the java command's manual, @argfiles; Elasticsearch, jvm.options; Hadoop, mapred-default.xml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from plimsoll.model.reader import Word
from plimsoll.model.setting import Block, Item, Origin, Setting, Unknown, Unread
from plimsoll.syntax import shell
from plimsoll.syntax.globs import compiled
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.text import Lines
from plimsoll.syntax.xml_nodes import Element, document
from plimsoll.technologies.jvm.options import setting
from plimsoll.technologies.jvm.variables import NAMES, given

_BY_LINE = compiled(("*.options", "jvm.config", "*.vmoptions", "*.jvmoptions"))
_BY_WORD = compiled((".mvn/jvm.config",))
_LINE = re.compile(
    r"[ \t\ufeff]*(?:(?P<only>(\d{1,3})(-)?(\d{1,3})?:))?(?P<option>\S.*?)\s*", re.DOTALL
)
_WORD = re.compile(
    r"""#[^\n]*|(?:[^\s"'#]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|(?<=\S)#|["'])+""", re.DOTALL
)
# In a file that `-XX:Flags=` names no `-XX:` stands before a flag.
_BARE_FLAG = re.compile(r"\+[A-Z]\w+|-(?!D|X)[A-Z]\w+|[A-Z]\w+=.*", re.DOTALL)
_QUOTED = re.compile(r"""["']((?:[^"'\\]|\\.)*)["']""", re.DOTALL)
_OPTIONS = re.compile(r"(?:^|\s)-(?:X|D|XX:)")
# Every Java that anybody runs these servers on is at least this one.
_OLDEST = 8


def read(text: str, path: str) -> Iterator[Item]:
    """Every option of a file, in file order."""
    if path.endswith(".xml"):
        yield from _properties(text, path)
    elif path.endswith(".sh"):
        yield from _exports(text, path)
    elif _BY_LINE.fullmatch(path) and not _BY_WORD.fullmatch(path):
        yield from _lines(text, path)
    else:
        yield from _words(text, path)


def _lines(text: str, path: str) -> Iterator[Item]:
    where, at = Lines(text, path), 0
    for line in text.split("\n"):
        found = _LINE.fullmatch(line)
        if found and not found["option"].startswith("#"):
            start, end = (
                at + found.start("only" if found["only"] else "option"),
                at + found.end("option"),
            )
            first = at + found.start("option")
            place = where.place(start, end, (first, end))
            if is_unrendered(line, has_variables=True):
                yield Unread(path, UNRENDERED, place)
            else:
                item = setting(
                    Word(found["option"], replace(place, span=where.span(first, end))), Origin.FILE
                )
                yield _only(item, found) if found["only"] else item
        at += len(line) + 1


def _only(item: Item, found: re.Match[str]) -> Item:
    """An option that only some versions of Java get: not known, unless it is all there are."""
    first, dash, last = int(found[2]), found[3], found[4]
    if not isinstance(item, Setting) or (first <= _OLDEST and dash and not last):
        return item
    which = f"{first} to {last}" if last else f"{first} and later" if dash else str(first)
    reason = f"only Java {which} gets it, and no version is known"
    return replace(item, value=Unknown(reason), reason=reason)


def _words(text: str, path: str) -> Iterator[Item]:
    where = Lines(text, path)
    for found in _WORD.finditer(text):
        if found[0].startswith("#"):
            continue
        place = where.place(found.start(), found.end())
        if is_unrendered(found[0], has_variables=True):
            yield Unread(path, UNRENDERED, place)
            continue
        plain = _QUOTED.sub(lambda quoted: re.sub(r"\\(.)", r"\1", quoted[1]), found[0])
        plain = plain.lstrip("\ufeff")
        is_flag = _BARE_FLAG.fullmatch(plain) is not None
        item = setting(Word(f"-XX:{plain}" if is_flag else plain, place), Origin.FILE)
        is_plain = plain == found[0] and not is_flag
        yield item if is_plain or isinstance(item, Unread) else replace(item, place=place)


def _exports(text: str, path: str) -> Iterator[Item]:
    """What a sourced script leaves in the variables that start scripts read."""
    words = shell.left_in(text, Lines(text, path).place, NAMES)
    told = {name: each[0] for name, each in words.items()}
    yield from given(told, Origin.FILE, words)


def _properties(text: str, path: str) -> Iterator[Item]:
    """The options of the programs that Hadoop starts: each of its properties is of another one."""
    found = document(text, path)
    for each in found.root.walk() if found.root else ():
        if each.local == "property":
            name, value = next(each.named("name"), None), next(each.named("value"), None)
            if name is not None and value is not None and _OPTIONS.search(value.text):
                yield from _property(name.text.strip(), each, value, found.lines)
    if found.fault is not None:
        yield found.fault


def _property(name: str, around: Element, value: Element, lines: Lines) -> Iterator[Item]:
    block = Block("jvm", name, lines.place(around.start, max(around.open_end, around.end)))
    start, end = value.text_span
    place = lines.place(start, end)
    if value.unexpanded:
        reason = f"the entity &{value.unexpanded}; of its DTD is not put in"
        yield Unread(lines.path, reason, place)
        return
    for word in shell.words(value.text.strip(), place):
        item = setting(word, Origin.FILE)
        yield replace(item, scope=(block,)) if isinstance(item, Setting) else item
