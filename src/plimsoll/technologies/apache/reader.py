"""How the configuration of Apache is read: directives, sections, includes, macros."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from plimsoll.model.reader import Reader
from plimsoll.model.setting import Block, Include, Item, Setting, Status, Unread
from plimsoll.syntax.suggest import closest
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.text import Lines, Token
from plimsoll.technologies.apache import command_line, envvars, parameters
from plimsoll.technologies.apache.directives import ONLY_PREFORK, canonical, directives, section
from plimsoll.technologies.apache.endpoints import endpoints
from plimsoll.technologies.apache.lexer import Line, lines, unquoted
from plimsoll.technologies.apache.macros import Macros
from plimsoll.technologies.apache.modules import identifier, mpm_of, mpm_of_path
from plimsoll.technologies.apache.values import value
from plimsoll.technologies.apache.winners import TRANSPARENT, effective

# More than anybody writes, and few enough that a hostile text costs nothing.
_DEEPEST = 60
_CLOSE = 0.9  # of two names that are as alike as this one is a slip of the other

_PARTS = {
    "VirtualHost": "vhost",
    "Directory": "directory",
    "DirectoryMatch": "directory",
    ".htaccess": "directory",
    "Files": "files",
    "FilesMatch": "files",
    "Location": "location",
    "LocationMatch": "location",
    "Proxy": "proxy-block",
    "ProxyMatch": "proxy-block",
    "If": "if",
    "ElseIf": "if",
    "Else": "if",
    "Limit": "limit",
    "LimitExcept": "limit",
    "RequireAll": "require",
    "RequireAny": "require",
    "RequireNone": "require",
    "Macro": "macro",
    "section": "section",
    "ProxyPass": "proxy-worker",
    "BalancerMember": "proxy-worker",
    "ProxySet": "proxy-worker",
    "WSGIDaemonProcess": "wsgi-process",
}
# Sections that Apache refuses without an argument.
_NAMED = TRANSPARENT | {
    *("VirtualHost", "Directory", "DirectoryMatch", "Files", "FilesMatch", "Location"),
    *("LocationMatch", "Proxy", "ProxyMatch", "If", "ElseIf", "Limit", "LimitExcept", "Macro"),
}


def read(text: str, path: str) -> Iterator[Item]:
    """Every line of *text* that says something, in order."""
    if path.rpartition("/")[2] == "envvars":
        yield from envvars.settings(text, path)
    else:
        yield from _Reading(text, path).items()


class _Reading:
    """One text on its way to settings: the sections that are open."""

    def __init__(self, text: str, path: str) -> None:
        self.path = path
        self.lines = Lines(text, path)
        self.found = list(lines(text))
        self.scope: list[Block] = []
        self.open: list[str] = []  # the sections' names as they are closed
        self.root = ""  # ServerRoot
        self.macros = Macros()
        self.too_deep: list[Line] = []
        folder, _, name = path.rpartition("/")
        if name == ".htaccess":
            self.scope.append(Block(".htaccess", folder or "."))
        self.least = len(self.scope)
        self.mpm = mpm_of_path(path)

    def items(self) -> Iterator[Item]:
        for line in self.found:
            first = line.words[0].text
            if is_unrendered(first, has_variables=True):
                yield self._unread(line, UNRENDERED)
            elif first.startswith("</"):
                yield from self._close(line)
            elif len(self.scope) > _DEEPEST:
                self.too_deep.append(line)
                if first.startswith("<"):
                    self._enter(line, "section", "")
            elif first.startswith("<"):
                yield from self._open(line)
            else:
                yield from self._directive(line.words)
        if self.too_deep:
            place = self.lines.place(self.too_deep[0].start, self.too_deep[-1].end)
            yield Unread(self.path, "sections are nested too deeply", place)
        for block in self.scope[self.least : _DEEPEST + 1]:
            reason = f"<{block.kind}> was not closed"
            yield Unread(self.path, reason, block.place)

    def _unread(self, line: Line, reason: str) -> Unread:
        return Unread(self.path, reason, self.lines.place(line.start, line.end))

    # -- sections

    def _open(self, line: Line) -> Iterator[Item]:
        name, words = _cut(line)
        kind = section(name)
        if not words and kind in _NAMED:
            yield self._unread(line, f"<{name} needs an argument, and its '>'")
            self._enter(line, "section", "")
            return
        told = self._setting(kind, line.words[0], words)
        yield told
        known = kind if kind in _PARTS or kind in TRANSPARENT else "section"
        self._enter(line, known, told.text if known == kind else f"{name} {told.text}".rstrip())
        if kind == "Macro":
            self.macros.begin(told.text.split())
        mpm = mpm_of(identifier(told.text)) if kind == "IfModule" else ""
        if mpm:  # where the section counts, that one is loaded
            yield replace(told, name="mpm", text=mpm, scope=tuple(self.scope))

    def _enter(self, line: Line, kind: str, name: str) -> None:
        self.open.append(line.words[0].text[1:].rstrip(">").lower())
        self.scope.append(Block(kind, name, self.lines.place(line.start, line.end)))

    def _close(self, line: Line) -> Iterator[Item]:
        name = line.words[0].text[2:].rstrip(">").lower()
        if not self.open or name not in self.open[-_DEEPEST:]:
            yield self._unread(line, f"</{name}> without matching <{name}> section")
            return
        while self.open:
            closed = self.open.pop()
            block = self.scope.pop()
            if block.kind == "Macro":
                self.macros.end()
            if closed == name:
                return
            yield Unread(self.path, f"<{block.kind}> was not closed", block.place)

    # -- directives

    def _directive(self, words: Sequence[Token]) -> Iterator[Item]:
        name = canonical(unquoted(words[0].text))
        if self.macros.is_open:
            self.macros.add(words)
        if name in ("Include", "IncludeOptional"):
            yield self._include(name, words)
            return
        setting = self._judged(self._setting(name, words[0], words[1:]))
        yield from self._shown(setting)
        if name == "ServerRoot":
            self.root = setting.text
        yield from parameters.settings(setting, words, self.lines)
        if name == "Use":
            yield from self._used(setting, words)

    def _shown(self, setting: Setting) -> Iterator[Item]:
        """The MPM that the file's name shows, or a directive that no other has."""
        is_asked = any(block.kind == "IfModule" for block in self.scope)
        mpm = self.mpm or ("prefork" if setting.name in ONLY_PREFORK else "")
        if mpm and not is_asked:
            place = replace(setting.place, value=None) if setting.place else None
            yield replace(setting, name="mpm", text=mpm, place=place)
            self.mpm = ""

    def _used(self, use: Setting, words: Sequence[Token]) -> Iterator[Item]:
        arguments = [unquoted(word.text) for word in words[1:]]
        body = self.macros.expanded(arguments)
        if body is None:
            reason = f"the macro {' '.join(arguments[:1])!r} does not stand in this file"
            yield Unread(self.path, reason, use.place)
            return
        block = Block("Use", use.text, use.place)
        for inner, texts in body:
            name = canonical(texts[0])
            made = self._setting(name, inner[0], inner[1:])
            yield replace(made, text=" ".join(texts[1:]), scope=(*self.scope, block))

    def _setting(self, name: str, first: Token, values: Sequence[Token]) -> Setting:
        last = values[-1] if values else first
        value_at = (values[0].start, last.end) if values else None
        place = self.lines.place(first.start, last.end, value_at)
        text = " ".join(unquoted(word.text) for word in values)
        return Setting(name, text, place, tuple(self.scope))

    def _judged(self, setting: Setting) -> Setting:
        """Modules add names, but none that is so close to one that everybody has."""
        name = setting.name.lower()
        if name in directives() or not name.isascii() or len(name) < 5:
            return setting
        near = closest(name, directives(), _CLOSE)
        if not near:
            return setting
        reason = f"Invalid command {setting.name!r}; did you mean {directives()[near].name}?"
        return replace(setting, status=Status.UNKNOWN_NAME, reason=reason)

    def _include(self, name: str, words: Sequence[Token]) -> Item:
        first, last = words[0].start, words[-1].end
        if len(words) != 2:
            return Unread(self.path, f"{name} takes one argument", self.lines.place(first, last))
        place = self.lines.place(first, last, (words[1].start, last))
        pattern = unquoted(words[1].text)
        if "${" in pattern:
            reason = f"which file is included depends on a variable: {pattern}"
            return Unread(self.path, reason, place)
        if pattern.endswith(("/", ".d", "-enabled")):
            pattern = f"{pattern.rstrip('/')}/*"
        if self.root and not pattern.startswith("/"):
            pattern = f"{self.root.rstrip('/')}/{pattern}"
        is_optional = name == "IncludeOptional"
        return Include(pattern, place, tuple(self.scope), is_optional=is_optional)


def _cut(line: Line) -> tuple[str, list[Token]]:
    """A section's name and its arguments, without the `>` that ends them."""
    first = line.words[0]
    name = first.text[1:].rstrip(">")
    words = list(line.words[1:])
    while words:
        last = words[-1]
        plain = last.text.rstrip(">") if last.text[:1] not in ('"', "'") else last.text
        if plain == last.text:
            break
        words[-1] = Token(last.kind, plain, last.start)
        if plain:
            break
        words.pop()
    return name, words


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=command_line.items,
    endpoints=endpoints,
    parts=_PARTS,
    includes_from_main=True,
)
