"""How the configuration of HAProxy is read: sections, keywords, conditions, parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from plimsoll.model.reader import Reader
from plimsoll.model.setting import Block, Item, Setting, Status, Unread
from plimsoll.syntax.suggest import closest
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.text import Lines, Token
from plimsoll.technologies.haproxy import command_line, parameters
from plimsoll.technologies.haproxy.endpoints import endpoints
from plimsoll.technologies.haproxy.keywords import (
    DEFAULTS,
    GLOBAL,
    NOT_IN,
    PAIRS,
    PROXIES,
    REPLACED,
    SECTIONS,
    known,
    pairs,
)
from plimsoll.technologies.haproxy.lexer import Variable, is_plain, lines, pieces, shown, tokens
from plimsoll.technologies.haproxy.values import Waiting, value
from plimsoll.technologies.haproxy.winners import effective

# Of `.if` in `.if`: more than HAProxy takes.
_DEEPEST = 60
# Branches of one `.if` whose conditions are looked at.
_MOST_BRANCHES = 30
_CLOSE = 0.9  # of two names that are as alike as this one is a slip of the other
_CLOSE_TIMEOUTS = 0.8  # there are few of them

_PARTS = {
    **SECTIONS,
    "section": "section",
    "server": "proxy-server",
    "default-server": "default-server",
    "bind": "listener",
}


def read(text: str, path: str) -> Iterator[Item]:
    """Every line of *text* that says something, in order."""
    yield from _Reading(text, path).items()


class _Branches(Struct):
    """An open `.if`: its conditions so far, and the block of the branch we are in."""

    conditions: list[str] = field(default_factory=list)
    block: Block | None = None

    def enter(self, condition: str, at: Setting) -> None:
        before = [f"!({each})" for each in self.conditions[:_MOST_BRANCHES]]
        told = " && ".join([*before, f"({condition})"]) if before else condition
        self.block = Block("if", told, at.place)
        self.conditions.append(condition)


class _Reading:
    """One text on its way to settings: the section and the conditions that it is in."""

    def __init__(self, text: str, path: str) -> None:
        self.path = path
        self.lines = Lines(text, path)
        self.found = list(lines(tokens(text)))
        self.section: Block | None = None
        self.branches: list[_Branches] = []
        self.dropped = 0  # levels of `.if` that are too deep

    def items(self) -> Iterator[Item]:
        for number, line in enumerate(self.found):
            words = line.words
            if words[0].kind == "mark":
                reason = "a byte order mark: HAProxy takes it for a part of the first name"
                yield self._unread(words[:1], reason)
                words = words[1:]
            if line.fault:
                yield self._unread(words, line.fault)
            elif words:
                yield from self._line(words, number)
        for each in self.branches:
            if each.block:
                yield Unread(self.path, "the '.endif' of this '.if' is missing", each.block.place)

    def _line(self, words: Sequence[Token], number: int) -> Iterator[Item]:
        first = words[0].text
        if is_unrendered(first, has_variables=True):
            yield self._unread(words, UNRENDERED)
        elif first.startswith("."):
            yield from self._directive(words)
        elif first in SECTIONS or first == GLOBAL or self._is_new_section(number):
            yield from self._header(words)
        elif self.section is None:
            yield self._unread(words, f"unknown keyword {first!r} outside of any section")
        else:
            yield from self._keyword(words)

    def _unread(self, words: Sequence[Token], reason: str) -> Unread:
        place = self.lines.place(words[0].start, words[-1].end)
        return Unread(self.path, reason, place)

    # -- conditions

    def _directive(self, words: Sequence[Token]) -> Iterator[Item]:
        name = words[0].text
        whole = self._made(name, words[0], words[1:])
        fault = self._branch(name, whole)
        if fault:
            yield self._unread(words, fault)
        else:
            yield whole

    def _branch(self, name: str, whole: Setting) -> str:
        """Follows a line that begins with a dot; why it cannot be."""
        if name == ".if":
            if self.dropped or len(self.branches) >= _DEEPEST:
                self.dropped += 1
                return "conditions are nested too deeply"
            self.branches.append(_Branches())
            self.branches[-1].enter(whole.text, whole)
        elif name in (".elif", ".else", ".endif"):
            if self.dropped:
                self.dropped -= name == ".endif"
                return "conditions are nested too deeply"
            if not self.branches:
                return f"lone {name!r} with no matching '.if'"
            if name == ".endif":
                self.branches.pop()
            else:
                self.branches[-1].enter(whole.text if name == ".elif" else "1", whole)
        elif name not in (".notice", ".warning", ".alert", ".diag"):
            return f"unknown directive {name!r}"
        return ""

    def _conditions(self) -> tuple[Block, ...]:
        return tuple(each.block for each in self.branches if each.block)

    # -- sections

    def _is_new_section(self, number: int) -> bool:
        """Whether a line that nobody knows begins a section of a later version.

        It is not indented, has at most a name and a `from`, and indented lines follow.
        """
        line = self.found[number]
        following = self.found[number + 1] if number + 1 < len(self.found) else None
        if line.is_indented or following is None or not following.is_indented:
            return False
        name = line.words[0].text
        inside = known(self.section.kind) if self.section else frozenset()
        return len(line.words) in (1, 2, 4) and name not in inside and name.islower()

    def _header(self, words: Sequence[Token]) -> Iterator[Item]:
        kind = words[0].text
        name = self._text(words[1]) if len(words) > 1 else ""
        if kind == DEFAULTS and name == "from":
            name, rest = "", words[1:]
        else:
            rest = words[2:]
        place = self.lines.place(words[0].start, words[-1].end)
        known_kind = kind if kind in SECTIONS or kind == GLOBAL else "section"
        self.section = Block(known_kind, name or (kind if known_kind == "section" else ""), place)
        if len(rest) >= 2 and rest[0].text == "from":
            yield self._made("from", rest[0], rest[1:2])
        yield self._made("kind", words[0], words[:1])
        if rest and rest[0].text != "from" and kind in PROXIES:  # up to 1.8 addresses stood here
            whole = self._made("bind", rest[0], rest)
            yield whole
            yield from parameters.settings(whole, rest, self._made, self._scope())

    def _scope(self) -> tuple[Block, ...]:
        return (*([self.section] if self.section else []), *self._conditions())

    # -- keywords

    def _keyword(self, words: Sequence[Token]) -> Iterator[Item]:
        negation = words[0].text if words[0].text in ("no", "default") and len(words) > 1 else ""
        start = words[0]
        if negation:
            words = words[1:]
        count = 2 if words[0].text in PAIRS and len(words) > 1 else 1
        name = " ".join(self._text(word) for word in words[:count])
        whole = self._made(name, start, words[count:], words[count - 1])
        if negation:
            place = replace(whole.place, value=None) if whole.place else None
            whole = replace(whole, text="off", place=place, value=None)
        elif not whole.text and len(words) == count:
            whole = replace(whole, text="on")
        whole = self._judged(whole)
        yield whole
        if name in REPLACED:
            yield replace(whole, name=REPLACED[name], status=Status.EFFECTIVE, reason="")
        if name in parameters.LINES:
            yield from self._parameters(whole, words[count:])

    def _parameters(self, whole: Setting, words: Sequence[Token]) -> Iterator[Item]:
        """A server's parameters are not those of its proxy: a `maxconn` there is another thing."""
        is_inside = whole.name in ("bind", "stats socket")
        outer = self._scope() if is_inside else self._conditions()
        made = list(parameters.settings(whole, words, self._made, outer))
        yield from made
        if made and whole.name.startswith("server") and self.section:
            place = self.section.place
            yield Setting("proxy", self.section.name, place, made[0].scope)

    def _judged(self, whole: Setting) -> Setting:
        """Later versions add names, but none that is so close to one that was there before."""
        kind = self.section.kind if self.section else ""
        if whole.name in NOT_IN.get(kind, ()):
            reason = f"{whole.name!r} is not allowed in {kind!r}: HAProxy does not start"
            return replace(whole, status=Status.REFUSED, reason=reason)
        first = whole.name.split(" ")[0]
        names = pairs(first)
        if not names:
            names = known(kind) if kind else frozenset()
            if first in names:
                return whole
        if whole.name in names or "." in whole.name:
            return whole
        near = closest(whole.name, names, _CLOSE_TIMEOUTS if first == "timeout" else _CLOSE)
        if not near:
            return whole
        reason = f"unknown keyword {whole.name!r}; did you mean {near!r}?"
        return replace(whole, status=Status.UNKNOWN_NAME, reason=reason)

    # -- settings

    def _text(self, word: Token) -> str:
        return word.text if is_plain(word.text) else shown(pieces(word.text))

    def _made(
        self, name: str, first: Token, values: Sequence[Token], named: Token | None = None
    ) -> Setting:
        """A setting that begins with *first*; *named* is the last word of its name."""
        last = values[-1] if values else named or first
        value_at = (values[0].start, values[-1].end) if values else None
        place = self.lines.place(first.start, last.end, value_at)
        text = " ".join([word.text for word in values])
        if is_plain(text):
            return Setting(name, text, place, self._scope())
        cut = [pieces(word.text) for word in values]
        text = " ".join(map(shown, cut))
        waiting = next((p for each in cut for p in each if isinstance(p, Variable)), None)
        scope = self._scope()
        if waiting is None:
            return Setting(name, text, place, scope)
        joined = tuple(p for each in cut for p in (" ", *each))[1:]
        reason = f"the environment has to say what {waiting.text} is"
        return Setting(name, text, place, scope, value=Waiting(reason, joined))


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=command_line.items,
    endpoints=endpoints,
    parts=_PARTS,
)
