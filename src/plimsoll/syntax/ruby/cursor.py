"""Where a parser of Ruby stands among the tokens, and how it gets past what it does not understand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from plimsoll.syntax.ruby.lexer import IGNORED
from plimsoll.syntax.text import Token

DEEPEST = 40
# What opens a block that `end` closes; the others only where a statement or value begins.
_OPENERS = frozenset({"begin", "case", "class", "def", "do", "for", "module"})
_OPENERS_IN_FRONT = frozenset({"if", "unless", "while", "until"})
_HAS_OWN_DO = frozenset({"for", "while", "until"})
_OPEN = frozenset("([{")
_CLOSE = frozenset(")]}")
_ENDS = frozenset({"end", "else", "elsif", "when", "in", "rescue", "ensure"})


class FaultError(Exception):
    """What stands at the cursor is not understood."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Cursor:
    """*before*: the end of the last token that was taken. *depth*: of what is nested in each other.

    *no_do*: a `do` belongs to what stands further out. *skipped*: where statements end, and behind
    which offset, by where they begin: what is nested is not gone through again.
    """

    def __init__(self, text: str, given: Sequence[Token], depth: int = 0) -> None:
        self.text = text
        self.bodies = _bodies(given)
        self.own = [t for t in given if t.kind not in IGNORED]
        self.own.append(Token("end of text", "", given[-1].end if given else 0))
        self.at = 0
        self.before = 0
        self.depth = depth
        self.no_do = False
        self.skipped: dict[int, tuple[int, int]] = {}

    @property
    def token(self) -> Token:
        return self.own[self.at]

    @property
    def ahead(self) -> Token:
        return self.own[min(self.at + 1, len(self.own) - 1)]

    def is_done(self) -> bool:
        return self.own[self.at].kind == "end of text"

    def take(self) -> Token:
        token = self.own[self.at]
        if token.kind == "end of text":
            raise FaultError("not Ruby: the file ends in the middle of this")
        if token.kind == "unclosed":
            raise FaultError("not Ruby: nothing closes the quotes")
        self.at += 1
        self.before = token.end
        return token

    def is_at(self, *texts: str) -> bool:
        """Whether an operator or keyword of these stands here."""
        token = self.own[self.at]
        return token.text in texts and token.kind in ("operator", "keyword")

    def takes(self, *texts: str) -> bool:
        """Whether one of these stood here; it is taken."""
        if not self.is_at(*texts):
            return False
        self.take()
        return True

    def require(self, text: str) -> None:
        if not self.takes(text):
            raise self.fault(f"{text!r} is missing")

    def fault(self, what: str = "") -> FaultError:
        shown = self.token.text.strip()[:20]
        return FaultError(
            f"not understood: {what or 'this'}{f' before {shown!r}' if shown else ''}"
        )

    @property
    def is_spaced(self) -> bool:
        """Whether a blank stands before the token."""
        return self.own[self.at].start > self.before

    def is_end(self) -> bool:
        """Whether the statements of a block end here."""
        token = self.own[self.at]
        if token.kind == "keyword":
            return token.text in _ENDS
        return token.kind == "end of text" or (token.kind == "operator" and token.text in _CLOSE)

    def is_line_end(self) -> bool:
        return self.own[self.at].kind == "newline" or self.is_at(";")

    def skip_lines(self) -> None:
        while self.own[self.at].kind == "newline" or self.is_at(";"):
            self.at += 1

    def skip_newlines(self) -> None:
        while self.own[self.at].kind == "newline":
            self.at += 1

    # -- getting past what is not read

    def skip_statement(self) -> bool:
        """To the end of the statement that begins here; whether all that it opens is closed."""
        begun = self.at
        is_closed = self._skip(self.is_line_end)
        self.skipped[begun] = self.at, self.before
        return is_closed

    def skip_header(self) -> None:
        """To the end of the line, or to its `then` or `do`."""
        self._skip(lambda: self.is_line_end() or self.is_at("then", "do"))

    def _skip(self, is_over: Callable[[], bool]) -> bool:
        depth = 0
        own_do = False
        begun = self.at
        while not self.is_done():
            token = self.own[self.at]
            if depth == 0 and self.at > begun and (is_over() or self.is_end()):
                return True
            if depth and self.at in self.skipped:
                self.at, self.before = self.skipped[self.at]
                continue
            if token.kind in ("operator", "keyword"):
                if token.text in _HAS_OWN_DO:
                    own_do = True
                elif token.text == "do" and own_do:
                    own_do = False
                    self.at += 1
                    continue
                depth += self._step(token)
            elif token.kind == "newline":
                own_do = False
            self.at += 1
            self.before = token.end
            if depth < 0:
                return False
        return depth == 0

    def _step(self, token: Token) -> int:
        """How much deeper it is behind *token*."""
        if token.kind == "operator":
            return 1 if token.text in _OPEN else -1 if token.text in _CLOSE else 0
        if token.text == "end":
            return -1
        if token.text in _OPENERS:
            return 0 if token.text == "def" and self.is_one_line() else 1
        return 1 if token.text in _OPENERS_IN_FRONT and self._is_in_front() else 0

    def _is_in_front(self) -> bool:
        """Whether a statement or value begins here."""
        if self.at == 0:
            return True
        last = self.own[self.at - 1]
        if last.kind == "keyword":
            return last.text not in ("end", "nil", "true", "false", "self")
        return last.kind == "newline" or (last.kind == "operator" and last.text not in _CLOSE)

    def is_one_line(self) -> bool:
        """Whether a `def` has its body behind `=`."""
        at = self.at + 2
        depth = 0
        while at < len(self.own) and self.own[at].kind not in ("newline", "end of text"):
            text = self.own[at].text
            depth += (text in _OPEN) - (text in _CLOSE)
            if depth == 0 and text == "=":
                return True
            if depth == 0 and text not in _CLOSE:
                return False
            at += 1
        return False


def _bodies(given: Sequence[Token]) -> Mapping[int, Token]:
    """The bodies of heredocs by where these are announced."""
    found: dict[int, Token] = {}
    waiting: list[Token] = []
    for token in given:
        if token.kind == "heredoc":
            waiting.append(token)
        elif token.kind == "body" and waiting:
            found[waiting.pop(0).start] = token
    return found
