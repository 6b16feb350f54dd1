"""A script as its simple commands, with what is around each: a branch, a function, a pipe."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from plimsoll.syntax.shell.lexer import REDIRECTIONS, tokens
from plimsoll.syntax.text import Token

# What opens a block, and the word that ends it.
_BLOCKS = {
    "if": "fi",
    "for": "done",
    "select": "done",
    "while": "done",
    "until": "done",
    "case": "esac",
    "{": "}",
}
_WITH_HEADER = frozenset({"for", "select", "case"})
_CLOSERS = frozenset(_BLOCKS.values())
_INTRODUCES = frozenset({"then", "do", "else", "elif", "!", "time"})
_NEXT_PATTERN = frozenset({";;", ";&", ";;&"})


class Command(Struct, frozen=True):
    """A simple command: its words as written, without redirections.

    *before* and *after*: the operators around it ("" at a line's end). *is_certain*: not inside
    of a branch or loop. *is_in_function*: it runs only where that is called.
    """

    words: tuple[Token, ...]
    before: str = ""
    after: str = ""
    is_certain: bool = True
    is_in_function: bool = False


class _Block(Struct, frozen=True):
    closer: str
    is_function: bool = False

    @property
    def is_branch(self) -> bool:
        return self.closer not in ("}", ")")


class _Splitter(Struct):
    """*skips*: the next word is the target of a redirection. *header*: inside of the first line of
    a for or case. *pattern*: before the next arm of a case. *defines*: a function's body follows.
    """

    words: list[Token] = field(default_factory=list)
    blocks: list[_Block] = field(default_factory=list)
    before: str = ""
    skips: bool = False
    header: bool = False
    pattern: bool = False
    defines: bool = False

    def read(self, text: str) -> Iterator[Command]:
        for token in tokens(text):
            if token.kind == "word":
                self._word(token)
            elif token.kind == "newline":
                yield from self._end("")
            elif token.kind == "operator" and token.text in REDIRECTIONS:
                self._redirect(token)
            elif token.kind == "operator":
                yield from self._operator(token)
        yield from self._end("")

    def _word(self, token: Token) -> None:
        if self.skips:
            self.skips = False
        elif self.pattern:
            if token.text == "esac":
                self._close()
        elif self.header:
            self._header(token.text)
        elif self.words or not self._reserved(token.text):
            self.words.append(token)

    def _reserved(self, word: str) -> bool:
        """Whether *word*, where a command may begin, is one of the shell's own."""
        if word in _BLOCKS:
            self._open(_BLOCKS[word])
            self.header = word in _WITH_HEADER
        elif word in _CLOSERS:
            self._close()
        elif word == "function":
            self.header = self.defines = True
        elif word not in _INTRODUCES:
            return False
        return True

    def _header(self, word: str) -> None:
        if self.defines:  # the name of a function
            self.header = False
        elif word == "do" or (word == "in" and self.blocks[-1].closer == "esac"):
            self.header = False
            self.pattern = word == "in"

    def _open(self, closer: str) -> None:
        self.blocks.append(_Block(closer, is_function=self.defines))
        self.defines = False

    def _close(self) -> None:
        self.pattern = False
        if self.blocks:
            self.blocks.pop()

    def _redirect(self, token: Token) -> None:
        self.skips = True
        last = self.words[-1] if self.words else None
        if last and last.end == token.start and last.text.isdecimal():
            self.words.pop()

    def _operator(self, token: Token) -> Iterator[Command]:
        if self.pattern:
            self.pattern = token.text != ")"
        elif token.text == "(" and len(self.words) == 1:  # NAME ()
            self.words, self.defines = [], True
        elif token.text == ")" and self.defines:
            pass
        else:
            yield from self._end(token.text)
            if token.text == "(":
                self._open(")")
            elif token.text == ")" and self.blocks and self.blocks[-1].closer == ")":
                self._close()
            self.pattern = token.text in _NEXT_PATTERN and bool(self.blocks)

    def _end(self, after: str) -> Iterator[Command]:
        if self.words:
            yield Command(
                words=tuple(self.words),
                before=self.before,
                after=after,
                is_certain=not any(block.is_branch for block in self.blocks),
                is_in_function=any(block.is_function for block in self.blocks),
            )
        if self.words or after:
            self.before = after
        if not self.pattern and not (self.blocks and self.blocks[-1].closer == "esac"):
            self.header = False
        self.words, self.skips = [], False


def commands(text: str) -> Iterator[Command]:
    """The simple commands of a script, in order."""
    yield from _Splitter().read(text)
