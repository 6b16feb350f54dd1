"""Where a default that nobody wrote could be written: every place that looks right, the likeliest first.

Nothing here knows a format. A new setting is written as a setting beside it is, or as the line that is
commented out; whether the server then takes it is asked by who tries these edits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from msgspec import Struct

from plimsoll.model.finding import Change, Edit
from plimsoll.model.place import Span
from plimsoll.model.setting import Setting

_MOST_PLACES = 6  # of each kind that are tried
_MARKS = ("#", ";", "//")
_TAIL = re.compile(r"""(["']?)\s*[;,]?""")
_PREFIX = re.compile(r"(?:-\w\s+)?[\w.\-]*$")
_FILE = re.compile(r"[\w-]+\.\w+")
_KEY = re.compile(r"(\s*)(- +)?[\w.$/\-]+:(?:\s|$)")
_BETWEEN = (" = ", " ", ": ", "=")
_YAML = (".yaml", ".yml")


def insertions(
    change: Change, settings: Sequence[Setting], files: Sequence[str], texts: Mapping[str, str]
) -> Iterator[Edit]:
    """Edits that would write *change*, the value of a default.

    *settings*: what is said of its owner; *files*: those that belong to the owner.
    """
    placed = [each for each in settings if each.place and each.place.path in texts]
    near = _siblings(change, placed)
    paths = list(dict.fromkeys([*(_path(each) for each in near), *files]))
    known = [each for each in paths if each in texts]
    models = [made for each in near if (made := _model(each, texts[_path(each)]))]
    yield from islice(_instead_of_comments(change, known, texts), _MOST_PLACES)
    for rank, _ in enumerate(_MARKS):
        for each in models[:_MOST_PLACES]:
            yield from each.below(change, rank)
    yield from islice(_above_keys(change, placed, texts), 2 * _MOST_PLACES)
    for each in models[:_MOST_PLACES]:
        yield from each.beside(change)
    yield from islice(_at_the_end(change, known, texts), _MOST_PLACES)


def _siblings(change: Change, settings: Sequence[Setting]) -> list[Setting]:
    """Settings beside which the default could stand, the likeliest first."""
    setting = change.operand.setting
    own = [each for each in settings if each.technology == setting.technology]
    wanted = setting.belongs.rpartition("/")[2].casefold()

    section = _FILE.sub("", wanted)

    def rank(each: Setting) -> tuple[bool, bool, int, int]:
        inner = each.scope[-1] if each.scope else None
        words = (inner.kind, str(inner)) if inner else ()
        is_meant = any(
            re.search(rf"(?<!\w){re.escape(word)}(?!\w)", section, re.IGNORECASE)
            for word in words
            if word
        )
        is_outside = inner is None and not section.strip(" ,")
        name = _path(each).rpartition("/")[2].casefold()
        line = each.place.span.line if each.place else 0
        return (not (is_meant or is_outside), name not in wanted, len(each.scope), -line)

    return sorted(own, key=rank)


class _Model(Struct, frozen=True):
    """A written setting, taken apart: `prefix name between value tail` on one line.

    *value_end* is the column behind its value and the quote around that.
    """

    path: str
    text: str
    line: str
    number: int
    indent: str
    prefix: str
    name: str
    between: str
    quote: str
    tail: str
    value_end: int

    def written(self, change: Change) -> str:
        """The other setting in the same manner."""
        name = change.operand.setting.name
        name = name.upper() if self.name.isupper() else name
        return f"{self._own_prefix}{name}{self.between}{change.text}{self.quote}"

    @property
    def _own_prefix(self) -> str:
        found = _PREFIX.search(self.prefix)
        return found[0] if found else ""

    def below(self, change: Change, rank: int) -> Iterator[Edit]:
        """In a line of its own, by the *rank*-th way to comment; a line of several things is broken."""
        is_whole = self._own_prefix == self.prefix
        if not is_whole and not self.tail.endswith(";"):
            return
        end = _line_end(self.line)
        mark = _marks(self.text)[rank]
        said = _said(change, self.indent, mark, f"{self.written(change)}{self.tail}", end)
        if is_whole:
            yield _behind(self.path, self.text, self.number, said)
        else:
            column = self.value_end + len(self.tail)
            at = Span(self.number, column, self.number, column)
            yield Edit(self.path, at, f"{end}{said}{self.indent}")

    def beside(self, change: Change) -> Iterator[Edit]:
        """In the same line, where no comment can stand."""
        at = Span(self.number, self.value_end, self.number, self.value_end)
        for separator in (" ", ", "):
            yield Edit(self.path, at, f"{separator}{self.written(change)}")


def _model(setting: Setting, text: str) -> _Model | None:
    place = setting.place
    if place is None or place.value is None or place.span.line != place.span.end_line:
        return None
    number = place.value.line
    line = text.split("\n")[number - 1]
    indent = line[: len(line) - len(line.lstrip())]
    before = line[len(indent) : place.value.column - 1]
    at = before.casefold().rfind(setting.name.casefold())
    if at < 0:
        return None
    behind = at + len(setting.name)
    tail = _TAIL.match(line, place.value.end_column - 1)
    quote = tail[1] if tail else ""
    if tail and line[tail.end() :].lstrip().startswith("{"):  # it begins a block
        return None
    return _Model(
        path=place.path,
        text=text,
        line=line,
        number=number,
        indent=indent,
        prefix=before[:at],
        name=before[at:behind],
        between=before[behind:],
        quote=quote,
        tail=tail[0].removeprefix(quote).rstrip() if tail else "",
        value_end=place.value.end_column + len(quote),
    )


def _instead_of_comments(
    change: Change, paths: Sequence[str], texts: Mapping[str, str]
) -> Iterator[Edit]:
    """Below the line that has the setting as a comment: `#max_connections = 100`."""
    name = re.escape(change.operand.setting.name)
    line = re.compile(rf"(\s*)(#|;|//)\s?({name})(\s*[=:]\s*|\s+)\S.*")
    for path in paths:
        for number, each in enumerate(texts[path].split("\n"), start=1):
            found = line.fullmatch(each)
            if found:
                indent, mark, own, between = found.groups()
                tail = ";" if each.rstrip().endswith(";") else ""
                written = f"{own}{between}{change.text}{tail}"
                said = _said(change, indent, mark, written, _line_end(each))
                yield _behind(path, texts[path], number, said)


def _above_keys(
    change: Change, settings: Sequence[Setting], texts: Mapping[str, str]
) -> Iterator[Edit]:
    """As a key of each mapping of a YAML file that a setting stands in, the innermost first."""
    starts = dict.fromkeys(
        (each.place.path, each.place.span.line)
        for each in settings
        if each.place and each.place.path.endswith(_YAML)
    )
    mappings: dict[tuple[str, int], tuple[str, int]] = {}
    for path, start in starts:
        lines = texts[path].split("\n")
        for first, number, indent in _mappings_around(lines, start):
            mappings.setdefault((path, first), (indent, number))
    for (path, _), (indent, number) in sorted(mappings.items(), key=lambda m: -len(m[1][0])):
        written = f"{change.operand.setting.name}: {change.text}"
        end = _line_end(texts[path].split("\n")[number - 1])
        yield Edit(path, Span(number, 1, number, 1), _said(change, indent, "#", written, end))


def _mappings_around(lines: Sequence[str], start: int) -> Iterator[tuple[int, int, str]]:
    """Of each mapping around a line the first key's line, the nearest one's, and how far in it is."""
    width = len(lines[start - 1]) + 1
    first = number = 0
    indent = ""
    for at in range(start, 0, -1):
        found = _KEY.match(lines[at - 1])
        if not found or len(found[1]) > width:
            continue
        if number and found[1] == indent and not found[2]:
            first = at
            continue
        if number:
            yield first, number, indent
            number = 0
        width = len(found[1])
        if found[2]:
            width += 1  # the key of a list may stand as far in as it
        else:
            first = number = at
            indent = found[1]
    if number:
        yield first, number, indent


def _at_the_end(change: Change, paths: Sequence[str], texts: Mapping[str, str]) -> Iterator[Edit]:
    """As the last line of a file that has the name where it belongs."""
    wanted = change.operand.setting.belongs.rpartition("/")[2].casefold()
    for path in paths:
        if path.rpartition("/")[2].casefold() in wanted:
            lines = texts[path].split("\n")
            for between in _BETWEEN:
                written = f"{change.operand.setting.name}{between}{change.text}"
                said = _said(change, "", _marks(texts[path])[0], written, _line_end(lines[0]))
                yield _behind(path, texts[path], len(lines), said)


def _said(change: Change, indent: str, mark: str, written: str, end: str) -> str:
    return f"{indent}{mark} plimsoll: {change.rule}{end}{indent}{written}{end}"


def _behind(path: str, text: str, number: int, said: str) -> Edit:
    """An insertion behind a line; the last one may lack its end."""
    lines = text.split("\n")
    if number < len(lines):
        return Edit(path, Span(number + 1, 1, number + 1, 1), said)
    column = len(lines[-1]) + 1
    end = _line_end(lines[0]) if lines[-1] else ""
    return Edit(path, Span(number, column, number, column), f"{end}{said}")


def _line_end(line: str) -> str:
    return "\r\n" if line.endswith("\r") else "\n"


def _marks(text: str) -> list[str]:
    """How comments could begin, the ways of this text first."""
    return sorted(_MARKS, key=lambda mark: -len(re.findall(rf"(?m)^\s*{mark}", text)))


def _path(setting: Setting) -> str:
    return setting.place.path if setting.place else ""
