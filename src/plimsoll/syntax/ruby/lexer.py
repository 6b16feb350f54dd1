"""Ruby's tokens, as far as configuration files need them. The tokens of a text, joined, are the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from plimsoll.syntax.text import Token

# What is neither code nor a line's end.
IGNORED = frozenset({"space", "comment", "body", "data"})

KEYWORDS = frozenset(
    [
        "alias",
        "and",
        "begin",
        "BEGIN",
        "break",
        "case",
        "class",
        "def",
        "defined?",
        "do",
        "else",
        "elsif",
        "end",
        "END",
        "ensure",
        "false",
        "for",
        "if",
        "in",
        "module",
        "next",
        "nil",
        "not",
        "or",
        "redo",
        "rescue",
        "retry",
        "return",
        "self",
        "super",
        "then",
        "true",
        "undef",
        "unless",
        "until",
        "when",
        "while",
        "yield",
    ]
)
_VALUES = frozenset({"end", "self", "true", "false", "nil"})

_TOKEN = re.compile(
    r"""(?P<space>(?:[ \t\r\f\v\ufeff]|\\\r?\n)+)
    |(?P<newline>\n)
    |(?P<comment>\#[^\n]*)
    |(?P<number>0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+
        |[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9]+)?r?i?)
    |(?P<label>(?:[^\W\d]\w*[?!]?):(?!:))
    |(?P<symbol>:(?:[^\W\d]\w*[?!=]?(?![=~>])|[^\W\d]\w*[?!]?|\[\]=?|[+\-*/%<>!~^&|]=?=?))
    |(?P<variable>@@?[^\W\d]\w*|\$(?:\w+|[^\s\w]))
    |(?P<name>[^\W\d]\w*(?:[?!](?!=))?)
    |(?P<operator>\*\*=|<=>|===|\.\.\.|<<=|>>=|&&=|\|\|=|\*\*|==|!=|>=|<=|&&|\|\||=~|!~|\.\.|::|->
        |\+=|-=|\*=|/=|%=|\|=|&=|\^=|<<|>>|=>|&\.|[-+*/%<>=!~^&|?:.,;(){}\[\]])
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_PERCENT = re.compile(r"%([wWiIqQrsx]?)([^\w\s])")
_HEREDOC = re.compile(r"<<([~-]?)([\"'`]?)([^\W\d]\w*)\2")
_CHARACTER = re.compile(r"\?(?:\\.|[^\s\\])(?!\w)")
_COMMENT_BLOCK = re.compile(r"=begin\b.*?(?:^=end\b[^\n]*|\Z)", re.DOTALL | re.MULTILINE)
_DATA = re.compile(r"__END__\r?(?:\n|\Z)")
_CLOSERS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_FLAGS = re.compile(r"[a-z]*")
_QUOTED_SYMBOL = re.compile(r":[\"']")


def tokens(text: str) -> list[Token]:
    """Every token of *text*, white space and comments included."""
    return list(_Lexer(text).tokens())


class _Lexer:
    """*expects*: an operand comes next, so that `/` and `%` begin a literal. *after_name*: the
    last token may be a method with arguments behind a blank. *heredocs*: whose bodies begin with
    the next line.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.expects = True
        self.after_name = False
        self.after_dot = False
        self.heredocs: list[tuple[str, bool]] = []

    def tokens(self) -> Iterator[Token]:
        text, at, size = self.text, 0, len(self.text)
        match = _TOKEN.match
        while at < size:
            if at == 0 or text[at - 1] == "\n":
                block = self._block(at)
                if block is not None:
                    yield block
                    at = block.end
                    continue
            token = self._literal(at) if text[at] in "\"'`/%<?:" else None
            if token is None:
                found = match(text, at)
                kind = (found.lastgroup if found else None) or "other"
                token = Token(
                    self._kind(kind, found[0] if found else text[at]),
                    text[at : found.end() if found else at + 1],
                    at,
                )
            yield token
            at = token.end
            if token.kind == "newline" and self.heredocs:
                for body in self._bodies(at):
                    yield body
                    at = body.end
            self._note(token)

    def _block(self, at: int) -> Token | None:
        """What only a line's beginning can begin: a block comment, the end of the code."""
        if self.text.startswith("=begin", at):
            found = _COMMENT_BLOCK.match(self.text, at)
            return Token("comment", found[0], at) if found else None
        if self.text.startswith("__END__", at) and _DATA.match(self.text, at):
            return Token("data", self.text[at:], at)
        return None

    def _kind(self, kind: str, raw: str) -> str:
        if kind == "name" and raw in KEYWORDS and not self.after_dot:
            return "keyword"
        return "constant" if kind == "name" and raw[0].isupper() else kind

    def _note(self, token: Token) -> None:
        kind, raw = token.kind, token.text
        if kind in IGNORED:
            return
        self.after_dot = kind == "operator" and raw in (".", "&.")
        self.after_name = kind == "name"
        if kind == "keyword":
            self.expects = raw not in _VALUES
        elif kind == "operator":
            self.expects = raw not in (")", "]", "}")
        else:
            self.expects = kind in ("newline", "label")

    # -- literals

    def _literal(self, at: int) -> Token | None:
        sign = self.text[at]
        if sign in "\"'`":
            return self._closed("string", at, at + 1, "", sign, takes_code=sign != "'")
        if sign == ":":
            return self._symbol(at)
        if not self._is_operand(at):
            return None
        if sign == "/":
            return self._closed("pattern", at, at + 1, "", "/", takes_code=True)
        if sign == "%":
            return self._percent(at)
        if sign == "<":
            return self._heredoc(at)
        found = _CHARACTER.match(self.text, at)
        return Token("string", found[0], at) if found else None

    def _is_operand(self, at: int) -> bool:
        if self.expects or not self.after_name:
            return self.expects
        behind = self.text[at + 1 : at + 2]
        return self.text[at - 1] in " \t" and not behind.isspace() and behind != "="

    def _symbol(self, at: int) -> Token | None:
        if not _QUOTED_SYMBOL.match(self.text, at) or not self._is_operand(at):
            return None
        quote = self.text[at + 1]
        return self._closed("symbol", at, at + 2, "", quote, takes_code=quote == '"')

    def _percent(self, at: int) -> Token | None:
        found = _PERCENT.match(self.text, at)
        if found is None:
            return None
        closer = _CLOSERS.get(found[2], found[2])
        opener = found[2] if closer != found[2] else ""
        letter = found[1]
        kind = {"w": "words", "i": "words", "r": "pattern", "s": "symbol"}.get(
            letter.lower(), "string"
        )
        return self._closed(
            kind, at, found.end(), opener, closer, takes_code=letter not in "wiqs" or not letter
        )

    def _closed(
        self, kind: str, start: int, at: int, opener: str, closer: str, *, takes_code: bool
    ) -> Token:
        end = end_of(self.text, at, (opener, closer, takes_code))
        if end is None:
            return Token("unclosed", self.text[start:], start)
        if kind == "pattern":
            flags = _FLAGS.match(self.text, end)
            end = flags.end() if flags else end
        return Token(kind, self.text[start:end], start)

    def _heredoc(self, at: int) -> Token | None:
        found = _HEREDOC.match(self.text, at)
        if found is None or not (found[1] or found[3][0].isupper()):
            return None
        self.heredocs.append((found[3], bool(found[1])))
        return Token("heredoc", found[0], at)

    def _bodies(self, at: int) -> Iterator[Token]:
        """The bodies of the heredocs that the line before *at* announced."""
        for name, is_indented in self.heredocs:
            blank = r"[ \t]*" if is_indented else ""
            last = re.compile(rf"^{blank}{name}\r?$", re.MULTILINE).search(self.text, at)
            end = last.end() if last else len(self.text)
            if at < end:
                yield Token("body", self.text[at:end], at)
            at = end
        self.heredocs = []


# How a literal ends: what opens one more of its brackets, what closes it, whether code may stand in it.
Form = tuple[str, str, bool]
CODE: Form = ("{", "}", False)
_IN_CODE = re.compile(r"[\"'`{}]")  # what may hide a brace


@cache
def _signs(form: Form) -> re.Pattern[str]:
    opener, closer, takes_code = form
    ends = "|".join(re.escape(each) for each in (opener, closer) if each)
    return re.compile(rf"\\.|{ends}" + (r"|\#\{" if takes_code else ""), re.DOTALL)


def end_of(text: str, at: int, form: Form) -> int | None:
    """Behind what closes a literal whose content starts at *at*; None where nothing does.

    Code inside of it may hold literals with code of their own: *around* is what is still open.
    """
    around: list[tuple[Form, int]] = []
    depth = 0
    while found := (_IN_CODE if form is CODE else _signs(form)).search(text, at):
        at, sign = found.end(), found[0]
        if sign == "#{" or (form is CODE and sign in "\"'`"):
            around.append((form, depth))
            form = CODE if sign == "#{" else ("", sign, sign != "'")
            depth = 0
        elif sign == form[1] and depth == 0:
            if not around:
                return at
            form, depth = around.pop()
        elif sign == form[1]:
            depth -= 1
        elif sign == form[0]:
            depth += 1
    return None
