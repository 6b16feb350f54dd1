"""Words as a shell would hand them on: quotes resolved, variables replaced where they are known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula, Unknown
from plimsoll.syntax.shell.arithmetic import arithmetic, number
from plimsoll.syntax.shell.lexer import end_of_group
from plimsoll.syntax.shell.pieces import Locate, Piece, fields, joined
from plimsoll.syntax.uncertain import Uncertain, Written

_DEEPEST = 8
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SPECIAL = frozenset("0123456789@*#?$!-")
_PARAMETER = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:(:?)([-=?+])(.*))?", re.DOTALL)
_PLAIN = re.compile(r"[^\"'`$\\]+")
_PLAIN_IN_QUOTES = re.compile(r"[^`$\\]+")
_ANSI = re.compile(r"\\(.)", re.DOTALL)
_ANSI_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"'}
# Commands that only count cores.
_CORES = re.compile(
    r"nproc(?: --all)?|getconf _?NPROCESSORS_(?:ONLN|CONF)"
    r"|grep -c \S*processor\S* /proc/cpuinfo"
)


class Variables(Struct, frozen=True):
    """The variables that a shell has. *is_open*: there may be others that we do not know."""

    words: Mapping[str, Word] = field(default_factory=dict)
    is_open: bool = False


def expanded(raw: str, start: int, locate: Locate, variables: Variables) -> list[Word]:
    """The words that a word of a command line becomes; none where it is empty and unquoted.

    *raw* stands at offset *start* of what *locate* knows.
    """
    pieces = list(_Expansion(locate, variables).word(raw, start))
    whole = locate(start, start + len(raw))
    return [joined(each, raw, whole) for each in fields(pieces)] if pieces else []


def value_of(raw: str, start: int, locate: Locate, variables: Variables) -> Word:
    """The value that `NAME=raw` gives: as `expanded`, but never split."""
    pieces = list(_Expansion(locate, variables).word(raw, start))
    return joined(pieces, raw, locate(start, start + len(raw)))


class _Expansion(Struct):
    """*depth*: of substitutions inside of substitutions."""

    locate: Locate
    variables: Variables
    depth: int = 0

    def word(self, raw: str, start: int) -> Iterator[Piece]:
        """The pieces of a word, or of a part of it, outside of quotes."""
        at = 0
        while at < len(raw):
            end = _end(raw, at)
            part, here = raw[at:end], start + at
            if part.startswith(('"', '$"')):
                inner = _inside(part)
                yield from self.quoted(part[inner], here + inner.start)
            elif part.startswith(("'", "$'")):
                inner = _inside(part)
                text = _ansi(part[inner]) if part[0] == "$" else part[inner]
                yield Piece(text, self.locate(here + inner.start, here + inner.stop))
            elif part[0] == "\\":
                if not part.endswith("\n"):
                    yield Piece(part[1:], self.locate(here, start + end))
            elif part[0] in "$`" and len(part) > 1:
                yield from self._substituted(part, here, splits=True)
            else:
                yield Piece(part, self.locate(here, start + end), splits=True)
            at = end

    def quoted(self, text: str, start: int) -> Iterator[Piece]:
        """The pieces of what stands in double quotes."""
        if not text:
            yield Piece("", self.locate(start, start))
        at = 0
        while at < len(text):
            plain = _PLAIN_IN_QUOTES.match(text, at)
            if plain:
                end = plain.end()
            elif text[at] == "\\":
                end = min(at + 2, len(text))
            else:
                end = _end(text, at) if text[at + 1 : at + 2] not in ("'", '"') else at + 1
            part, here = text[at:end], start + at
            if part[0] in "$`" and len(part) > 1:
                yield from self._substituted(part, here, splits=False)
            elif part != "\\\n":
                is_escape = part[0] == "\\" and part[1:] in ("$", "`", '"', "\\")
                yield Piece(part[1:] if is_escape else part, self.locate(here, start + end))
            at = end

    # -- substitutions: $X, ${X...}, $(...), $((...)), `...`

    def _substituted(self, raw: str, start: int, *, splits: bool) -> Iterator[Piece]:
        if self.depth >= _DEEPEST:
            yield Piece(raw, value=Unknown("nested too deeply"))
            return
        self.depth += 1
        if raw.startswith("$((") and raw.endswith("))"):
            yield self._arithmetic(raw, start)
        elif raw.startswith("${"):
            yield from self._parameter(raw, start, splits=splits)
        elif raw.startswith(("$(", "`")):
            inner = raw[2:-1] if raw.startswith("$(") else raw[1:-1]
            is_cores = _CORES.fullmatch(" ".join(inner.split()))
            yield Piece(raw, value=Formula("s.cores_seen") if is_cores else _computed(raw))
        else:
            yield from self._variable(raw[1:], raw, start, splits=splits)
        self.depth -= 1

    def _variable(self, name: str, raw: str, start: int, *, splits: bool) -> Iterator[Piece]:
        word = self.variables.words.get(name)
        if word is None:
            reason = Unknown(f"computed: {raw} is not known")
            yield Piece(raw, None, splits, reason, raw, self.locate(start, start + len(raw)))
        elif isinstance(word, Uncertain):
            yield Piece(word.text, None, splits, word.value, word.raw, word.raw_place)
        elif isinstance(word, Written):
            yield Piece(word.text, word.place, splits, None, word.raw, word.raw_place)
        elif word.text or not splits:
            yield Piece(word.text, word.place, splits)

    def _parameter(self, raw: str, start: int, *, splits: bool) -> Iterator[Piece]:
        found = _PARAMETER.fullmatch(raw[2:-1]) if raw.endswith("}") else None
        word = self.variables.words.get(found[1]) if found else None
        operator = found[3] if found else ""
        may_be_set = isinstance(word, Uncertain) or (word is None and self.variables.is_open)
        if found is None or (may_be_set and operator == "+"):
            yield Piece(raw, value=_computed(raw))
            return
        is_set = word is not None and (bool(word.text) or not found[2])
        if operator == "+" and not is_set:
            yield from () if splits else (Piece(""),)
        elif operator == "+" or (operator in ("-", "=") and not is_set and not may_be_set):
            read = self.word if splits else self.quoted
            whole = self.locate(start, start + len(raw))
            for piece in read(found[4], start + 2 + found.start(4)):
                yield replace(piece, raw=raw, raw_place=whole)
        elif may_be_set and word is None:
            yield Piece(raw, value=_computed(raw))
        else:
            yield from self._variable(found[1], raw, start, splits=splits)

    def _arithmetic(self, raw: str, start: int) -> Piece:
        """`$(( ... ))`: its variables replaced, then calculated."""
        pieces = list(self.quoted(raw[3:-2], start + 3))
        names: dict[str, int | Formula] = {}
        text = ""
        for piece in pieces:
            if isinstance(piece.value, Formula):
                names[f"_{len(names)}_"] = piece.value
                text += f"_{len(names) - 1}_"
            else:
                text += piece.text
        names |= dict(self._numbers(text))
        is_told = not any(isinstance(p.value, Unknown) for p in pieces)
        found = arithmetic(text, names) if is_told else None
        again = raw if any(p.raw for p in pieces) else ""
        place = self.locate(start, start + len(raw))
        if isinstance(found, int):
            return Piece(str(found), None, raw=again, raw_place=place)
        return Piece(raw, value=found or _computed(raw), raw=again, raw_place=place)

    def _numbers(self, text: str) -> Iterator[tuple[str, int | Formula]]:
        """The variables that stand in arithmetic without a `$`."""
        for name in _NAME.findall(text):
            word = self.variables.words.get(name)
            known = number(word) if word is not None else None
            if known is not None:
                yield name, known


def _end(raw: str, at: int) -> int:
    """Where the part of a word that starts at *at* ends."""
    if raw[at] in "\"'`" or raw.startswith(("$(", "${", "$'", '$"'), at):
        return end_of_group(raw, at)
    if raw[at] == "\\":
        return min(at + (3 if raw.startswith("\\\r\n", at) else 2), len(raw))
    if raw[at] == "$":
        name = _NAME.match(raw, at + 1)
        return name.end() if name else at + 1 + (raw[at + 1 : at + 2] in _SPECIAL)
    found = _PLAIN.match(raw, at)
    return found.end() if found else at + 1


def _inside(quoted: str) -> slice:
    """Where the text in quotes stands; they may be open."""
    start = 2 if quoted[0] == "$" else 1
    is_closed = len(quoted) > start and quoted[-1] == quoted[start - 1]
    return slice(start, len(quoted) - is_closed)


def _ansi(text: str) -> str:
    return _ANSI.sub(lambda found: _ANSI_ESCAPES.get(found[1], found[0]), text)


def _computed(raw: str) -> Unknown:
    return Unknown(f"computed: {' '.join(raw.split())}")
