"""What a script starts, and with which environment: literal commands and exports, never run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Unknown
from plimsoll.syntax.shell.arithmetic import arithmetic, number
from plimsoll.syntax.shell.commands import Command, commands
from plimsoll.syntax.shell.expansion import Variables, expanded, value_of
from plimsoll.syntax.shell.lexer import tokens
from plimsoll.syntax.shell.pieces import Locate
from plimsoll.syntax.text import Token
from plimsoll.syntax.uncertain import Uncertain

_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\+?)=", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WHOLE_ARRAY = re.compile(r"\"?\$\{([A-Za-z_][A-Za-z0-9_]*)\[[@*]\]\}\"?")
_DECLARES = frozenset({"export", "readonly", "local", "declare", "typeset"})
_TESTS = frozenset({"[", "[[", "test"})
_COMPARISONS = {"-gt": ">", "-ge": ">=", "-lt": "<", "-le": "<=", "-eq": "==", "-ne": "!="}
_SETS_ANYTHING = frozenset({"eval", ".", "source", "read", "getopts", "mapfile"})


class Start(Struct, frozen=True):
    """A command that a script runs.

    *environment*: the variables that it is given. *is_last*: the script becomes it (`exec`).
    *is_background*: the script goes on meanwhile. *is_certain*: it is in no branch or loop.
    """

    words: tuple[Word, ...]
    environment: Mapping[str, Word]
    is_last: bool = False
    is_background: bool = False
    is_piped: bool = False
    is_certain: bool = True


class _Test(Struct, frozen=True):
    """`[ left -gt right ]`; without sides any other test."""

    left: Word = field(default_factory=lambda: Word(""))
    operator: str = ""
    right: Word = field(default_factory=lambda: Word(""))


class _Script(Struct):
    locate: Locate
    variables: dict[str, Word]
    arrays: dict[str, tuple[Word, ...]] = field(default_factory=dict)
    exported: set[str] = field(default_factory=set)
    exports_all: bool = False
    is_open: bool = False
    test: _Test | None = None  # the command before was one

    def run(self, command: Command) -> Iterator[Start]:
        """What a command does to the variables; the program that it starts, if it is one."""
        doubt = self._doubt(command)
        prefix: dict[str, Word] = {}
        rest = list(command.words)
        while rest and (found := _ASSIGNMENT.match(rest[0].text)):
            token = rest.pop(0)
            if token.text.startswith("(", found.end()):
                self._fill(token, found, doubt)
                continue
            word = self._assigned(token, found, doubt)
            if doubt and self.test is not None:
                new = self._assigned(token, found, "")
                word = self._tested(self.test, found[1], new, command) or word
            prefix[found[1]] = word
        if not rest:
            self._set(prefix)
            self.test = None
            return
        name = rest[0].text
        self.test = self._read_test(rest) if name in _TESTS else None
        if name in _DECLARES:
            self._declare(rest[1:], name, doubt)
        elif name == "unset":
            for token in rest[1:]:
                self.variables.pop(token.text, None)
        elif name == "set":
            self._options([token.text for token in rest[1:]])
        elif name in _SETS_ANYTHING:
            self._forget(name, rest[1:])
        elif self.test is None:
            yield from self._start(command, rest, prefix)

    def _doubt(self, command: Command) -> str:
        """Why what a command sets may not be set; empty where it is."""
        if command.is_in_function:
            return "set in a function"
        if not command.is_certain:
            return "set in a branch or loop"
        is_chained = command.before in ("&&", "||")
        return "set only if a test says so" if is_chained and self.test else ""

    def _assigned(self, token: Token, found: re.Match[str], doubt: str) -> Word:
        """The value of NAME=value; its place is the assignment, with that of the value."""
        whole = self.locate(token.start, token.end)
        if doubt or found[2]:
            reason = f"computed: {token.text} is {doubt or 'added to what it was'}"
            return Uncertain(token.text, whole, value=Unknown(reason))
        raw, start = token.text[found.end() :], token.start + found.end()
        word = value_of(raw, start, self.locate, Variables(self.variables, self.is_open))
        inner = self.locate(start, token.end)
        if whole is None or word.place is None or inner is None:
            return word
        if word.place.value is not None or not _is_inside(word.place.span, inner.span):
            return word  # it came from another variable
        return replace(word, place=Place(whole.path, whole.span, word.place.span))

    def _fill(self, token: Token, found: re.Match[str], doubt: str) -> None:
        """What NAME=(...) makes of an array; in doubt it may hold more than before."""
        name, start = found[1], found.end() + 1
        inner = token.text[start:].removesuffix(")")
        items = [
            word
            for each in tokens(inner)
            if each.kind == "word"
            for word in self._expanded(
                Token(each.kind, each.text, token.start + start + each.start)
            )
        ]
        if doubt:
            reason = Unknown(f"computed: {token.text} is {doubt}")
            items = [Uncertain(token.text, self.locate(token.start, token.end), value=reason)]
        before = self.arrays.get(name, ()) if found[2] or doubt else ()
        self.variables.pop(name, None)
        self.arrays[name] = (*before, *items)

    def _read_test(self, rest: list[Token]) -> _Test:
        words = [word for token in rest[1:] for word in self._expanded(token)]
        known = len(words) >= 3 and words[1].text in _COMPARISONS
        return _Test(words[0], _COMPARISONS[words[1].text], words[2]) if known else _Test()

    def _tested(self, test: _Test, name: str, new: Word, command: Command) -> Word | None:
        """What `[ A -gt B ] && NAME=new` gives, where all of them are numbers."""
        old = self.variables.get(name)
        if old is None or not command.is_certain or command.is_in_function:
            return None
        words = {"_a": test.left, "_b": test.right, "_old": old, "_new": new}
        known = {n: v for n, word in words.items() if (v := number(word)) is not None}
        if len(known) != len(words):
            return None
        yes, no = ("_new", "_old") if command.before == "&&" else ("_old", "_new")
        found = arithmetic(f"{yes} if _a {test.operator} _b else {no}", known)
        if isinstance(found, int):
            return old if str(found) == old.text else new
        return Uncertain(f"${name}", new.place, value=found) if found else None

    def _expanded(self, token: Token) -> list[Word]:
        whole = _WHOLE_ARRAY.fullmatch(token.text)
        if whole and whole[1] in self.arrays:
            return list(self.arrays[whole[1]])
        variables = Variables(self.variables, self.is_open)
        return expanded(token.text, token.start, self.locate, variables)

    def _set(self, values: Mapping[str, Word]) -> None:
        self.variables.update(values)
        if self.exports_all:
            self.exported.update(values)

    def _declare(self, rest: list[Token], name: str, doubt: str) -> None:
        is_export = name == "export" or any(t.text == "-x" for t in rest)
        for token in rest:
            found = _ASSIGNMENT.match(token.text)
            if found and token.text.startswith("(", found.end()):
                self._fill(token, found, doubt)
            elif found:
                self._set({found[1]: self._assigned(token, found, doubt)})
            if is_export and not token.text.startswith("-"):
                self.exported.add(found[1] if found else token.text)

    def _options(self, words: list[str]) -> None:
        for word in words:
            if word.startswith(("-", "+")) and "a" in word[1:] and "o" not in word:
                self.exports_all = word.startswith("-")

    def _forget(self, name: str, rest: list[Token]) -> None:
        if name == "read":
            for token in rest:
                if _NAME.fullmatch(token.text):
                    value = Unknown(f"computed: {token.text} is read")
                    self.variables[token.text] = Uncertain(f"${token.text}", value=value)
        else:
            self.is_open = True

    def _start(
        self, command: Command, rest: list[Token], prefix: Mapping[str, Word]
    ) -> Iterator[Start]:
        is_exec = rest[0].text == "exec"
        if is_exec:
            rest = rest[1:]
            if rest and rest[0].text == "-a":
                rest = rest[2:]
        words = tuple(word for token in rest for word in self._expanded(token))
        if not words or command.is_in_function:
            return
        given = {n: self.variables[n] for n in sorted(self.exported) if n in self.variables}
        yield Start(
            words=words,
            environment={**given, **prefix},
            is_last=is_exec,
            is_background=command.after == "&",
            is_piped=command.before in ("|", "|&"),
            is_certain=command.is_certain,
        )


def _is_inside(inner: Span, outer: Span) -> bool:
    start = (outer.line, outer.column) <= (inner.line, inner.column)
    return start and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)


def starts(text: str, locate: Locate, variables: Mapping[str, Word] | None = None) -> list[Start]:
    """The programs that a script starts, in order; builtins that only set something left out.

    *variables*: the environment that it is started with, as far as it is known.
    """
    script = _Script(locate, dict(variables or {}))
    return [start for command in commands(text) for start in script.run(command)]


def assignments(text: str, locate: Locate) -> dict[str, Word]:
    """The variables that a script has set once it has run, in the order of their first setting."""
    script = _Script(locate, {})
    for command in commands(text):
        for _ in script.run(command):
            pass
    return script.variables


def left_in(
    text: str, locate: Locate, names: Sequence[str], *, quoted: bool = False
) -> dict[str, tuple[Word, ...]]:
    """The words of each of the variables *names* that a script leaves set when it is sourced.

    *quoted*: one word each, whatever white space is in it.
    """
    mark = '"' if quoted else ""
    asked = "".join(f"\n{_ASK} {name} {mark}${{{name}}}{mark}" for name in names)
    end = len(text)

    def inside(start: int, stop: int) -> Place | None:
        return locate(min(start, end), min(stop, end))

    unset = {name: Word("") for name in names}
    found = [s.words for s in starts(text.rstrip("\\\n") + asked, inside, unset)]
    asked_for = [words for words in found if words[0].text == _ASK and len(words) > 2]
    return {words[1].text: words[2:] for words in asked_for if any(w.text for w in words[2:])}


_ASK = "_ask"  # no command of anybody
