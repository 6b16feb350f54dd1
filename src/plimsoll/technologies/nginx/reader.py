"""How the configuration of nginx is read: directives, blocks, includes, and what nginx refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec.structs import replace

from plimsoll.model.reader import Reader, Word
from plimsoll.model.setting import Block, Include, Item, Setting, Status, Unknown, Unread
from plimsoll.syntax.braces import End, Statement, statements, tokens, unquoted
from plimsoll.syntax.text import Lines, Token
from plimsoll.technologies.nginx import arguments, checks, lua, parameters
from plimsoll.technologies.nginx.endpoints import endpoints
from plimsoll.technologies.nginx.inheritance import with_losses
from plimsoll.technologies.nginx.levels import TABLES, effective, inside, outermost
from plimsoll.technologies.nginx.values import placeholder, value
from plimsoll.technologies.nginx.versions import in_version

# More than anybody writes, and few enough that a hostile text costs nothing.
_DEEPEST = 60

# Kinds of blocks: others become `block`, so that what stands in them is nobody else's.
_PARTS = {
    "server": "server",
    "location": "location",
    "upstream": "upstream",
    "if": "if",
    "limit_except": "limit-except",
    "stream": "stream",
    "mail": "mail",
    "listen": "listener",
    "backend": "backend",
    "proxy_cache_path": "cache-path",
    "fastcgi_cache_path": "cache-path",
    "uwsgi_cache_path": "cache-path",
    "scgi_cache_path": "cache-path",
    "limit_req_zone": "limit-req-zone",
    "limit_conn_zone": "limit-conn-zone",
    "map": "map",
    "geo": "geo",
    "types": "types",
    "split_clients": "split-clients",
    "charset_map": "charset-map",
    "geoip2": "geoip2",
    "block": "block",
}
_KINDS = {*_PARTS, "http", "events"} - set(parameters.BLOCKS.values())
_TEMPLATE = re.compile("<[%?]|[{][{%]")


def read(text: str, path: str) -> Iterator[Item]:
    """Every directive of *text*, in order; what cannot be read, with its place and the reason."""
    found = list(tokens(text, foreign, has_space=False))
    lines = Lines(text, path)
    template = _template(found) if _TEMPLATE.search(text) else None
    if template:
        line, _ = lines.position(template.start)
        shown = template.text.split("\n")[0]
        yield Unread(path, f"a template that was not filled in: {shown} in line {line}")
        return
    if found and found[0].kind == "mark":
        reason = "a byte order mark: nginx takes it for a part of the first name and does not start"
        yield Unread(path, reason, lines.place(0, 1))
    yield from _Reading(list(statements(found)), lines).items()


def _arguments(words: Sequence[Word], _: Mapping[str, Word]) -> Iterator[Item]:
    return arguments.items(read, words)


def foreign(words: list[Token]) -> End | None:
    return lua.end if unquoted(words[0]).endswith("_by_lua_block") else None


def _template(found: Sequence[Token]) -> Token | None:
    """The first mark of a template language where nginx would see a word or a block."""
    for token, following in pairwise(found):
        if token.kind == "word" and token.text.startswith(("<%", "<?")):
            return token
        is_tight = following.start == token.end
        if is_tight and token.kind == "open" and following.kind in ("open", "word"):
            joined = token.text + following.text
            if joined.startswith(("{{", "{%")):
                return Token("word", joined, token.start)
    return None


def _outer_blocks(found: Sequence[Statement]) -> Iterator[str]:
    depth = 0
    for statement in found:
        if statement.kind == "open":
            if depth == 0 and statement.words:
                yield unquoted(statement.words[0])
            depth += 1
        elif statement.kind == "close":
            depth = max(0, depth - 1)


class _Reading:
    """One text on its way to settings: the blocks that are open, and the levels that they make."""

    def __init__(self, found: Sequence[Statement], lines: Lines) -> None:
        self.found = found
        self.lines = lines
        self.open: list[Block] = []
        self.known_scope: tuple[Block, ...] | None = (
            None  # that of one block is asked for again and again
        )
        self.levels = [outermost(_outer_blocks(found))]
        self.servers = 0  # of the upstream that is open
        self.is_open_ended = False
        self.too_deep: list[Statement] = []

    @property
    def scope(self) -> tuple[Block, ...]:
        if self.known_scope is None:
            self.known_scope = tuple(self.open)
        return self.known_scope

    def items(self) -> Iterator[Item]:
        for statement in self.found:
            if statement.kind == "close":
                yield from self._close(statement)
            elif statement.fault:
                yield self._unread(statement.start, statement.end, statement.fault)
                self._enter(statement, "block", "")
            elif len(self.open) > _DEEPEST:
                self.too_deep.append(statement)
                self._enter(statement, "block", "")
            elif statement.kind == "open":
                yield from self._open(statement)
            else:
                yield from self._simple(statement)
        if self.too_deep:
            first, last = self.too_deep[0], self.too_deep[-1]
            yield self._unread(first.start, last.end, "blocks are nested too deeply")
        for block in self.open[: _DEEPEST + 1]:
            if block.place:
                reason = "unexpected end of file: the '}' of this block is missing"
                yield Unread(self.lines.path, reason, block.place)

    def _unread(self, start: int, end: int, reason: str) -> Unread:
        return Unread(self.lines.path, reason, self.lines.place(start, end))

    # -- blocks

    def _close(self, statement: Statement) -> Iterator[Item]:
        if self.open:
            if self.open[-1].kind == "upstream":
                yield self._number_of_servers()
            self.open.pop()
            self.known_scope = None
            self.levels.pop()
        else:
            reason = "unexpected '}': no block is open here"
            yield self._unread(statement.start, statement.end, reason)

    def _open(self, statement: Statement) -> Iterator[Item]:
        cut = checks.unended(statement.words, self.lines)
        if cut:
            before, hint = statement.words[:cut], statement.words
            reason = (
                f"directive is not terminated by ';': {checks.missing_end(hint, cut, self.lines)}"
            )
            yield replace(self._setting(before), status=Status.REFUSED, reason=reason)
        words = statement.words[cut:]
        yield self._setting(words)
        name, *arguments_ = map(unquoted, words)
        if name not in _KINDS:
            name, arguments_ = "block", [name, *arguments_]
        header = replace(statement, words=words, start=words[0].start)
        self._enter(header, name, " ".join(arguments_))

    def _number_of_servers(self) -> Setting:
        """How many servers the upstream that ends here has; unknown where more may be included."""
        made = Setting("server_number", str(self.servers), self.scope[-1].place, self.scope)
        if self.is_open_ended:
            reason = "files that are included here may hold more servers"
            return replace(made, value=Unknown(reason))
        return made

    def _enter(self, statement: Statement, kind: str, name: str) -> None:
        if statement.kind == "open":
            self.servers, self.is_open_ended = 0, False
            place = self.lines.place(statement.start, statement.end)
            self.open.append(Block(kind, name, place))
            self.known_scope = None
            self.levels.append(inside(self.levels[-1], kind))

    # -- directives

    def _simple(self, statement: Statement) -> Iterator[Item]:
        words = statement.words
        name = unquoted(words[0])
        if statement.body is not None:
            body = statement.body
            place = self.lines.place(words[0].start, body.end, (body.start, body.end))
            yield Setting(name, body.text, place, self.scope)
        elif name == "include":
            yield self._include(words)
        elif self.open and self.open[-1].kind in TABLES:
            entry = self._setting(words)
            yield replace(entry, value=placeholder(entry.text) or entry.text)
        else:
            yield from self._directive(words)

    def _directive(self, words: Sequence[Token]) -> Iterator[Item]:
        levels = self.levels[-1]
        setting = self._setting(words)
        if setting.name == "server" and not any(word.text == "down" for word in words):
            self.servers += 1
        waiting = placeholder(setting.text)
        slip = checks.slip(setting.name)
        if slip:
            setting = replace(setting, status=Status.UNKNOWN_NAME, reason=slip)
        reason = "" if waiting else checks.refusal(words, levels)
        cut = checks.run_on(words, levels, self.lines)
        hint = checks.missing_end(words, cut, self.lines) if cut else ""
        if reason:
            setting = replace(
                setting, status=Status.REFUSED, reason=f"{reason}; {hint}".rstrip("; ")
            )
        for each in parameters.settings(setting, words, self.lines):
            yield replace(each, value=placeholder(each.text)) if waiting else each
        if cut and not reason:
            word = words[cut]
            reason = f"{word.text!r} is read as an argument of {words[0].text}: {hint}"
            yield self._unread(word.start, word.end, reason)

    def _setting(self, words: Sequence[Token]) -> Setting:
        name, *arguments_ = map(unquoted, words)
        value_at = (words[1].start, words[-1].end) if arguments_ else None
        place = self.lines.place(words[0].start, words[-1].end, value_at)
        return Setting(name, " ".join(arguments_), place, self.scope)

    def _include(self, words: Sequence[Token]) -> Item:
        if len(words) != 2:
            reason = 'invalid number of arguments in "include" directive'
            return self._unread(words[0].start, words[-1].end, reason)
        self.is_open_ended = True
        pattern = unquoted(words[1])
        at = (words[1].start, words[1].end)
        place = self.lines.place(words[0].start, words[1].end, at)
        is_glob = any(sign in pattern for sign in "*?[")
        return Include(pattern, place, self.scope, is_optional=is_glob)


READER = Reader(
    read=read,
    value=value,
    effective=lambda settings: with_losses(effective(settings)),
    in_version=in_version,
    arguments=_arguments,
    endpoints=endpoints,
    parts=_PARTS,
    includes_from_main=True,
)
