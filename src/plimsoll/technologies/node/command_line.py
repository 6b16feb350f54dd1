"""Node's command line and the variables that it reads, also behind pm2 and npm."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Setting, Status, Unread
from plimsoll.syntax import shell
from plimsoll.syntax.arguments import place_of
from plimsoll.syntax.environ import carried
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies.node.managed import manager
from plimsoll.technologies.node.signs import SIGNS

NODE = frozenset({"node", "nodejs", "ts-node", "tsx", "nodemon"})
_MANAGERS = frozenset({"pm2", "pm2-runtime", "pm2-docker"})
_PACKAGERS = frozenset({"npm", "yarn", "pnpm"})
_RUNS = frozenset({"run", "run-script", "exec"})
_OPTIONS = "NODE_OPTIONS"
# Variables that Node itself, or nearly all that runs on it, reads.
_VARIABLES = ("UV_THREADPOOL_SIZE", "NODE_ENV")
# Options whose value may be the next word. Those of V8 want a "=".
_TAKES_WORD = frozenset(
    {
        "require",
        "r",
        "import",
        "loader",
        "experimental-loader",
        "env-file",
        "conditions",
        "C",
        "max-http-header-size",
        "title",
        "icu-data-dir",
        "openssl-config",
        "unhandled-rejections",
        "dns-result-order",
        "input-type",
        "inspect-port",
        "stack-trace-limit",
        "eval",
        "e",
        "print",
        "p",
        "secure-heap",
        "secure-heap-min",
        "v8-pool-size",
        "trace-event-categories",
    }
)
# Options of V8 with a number: without "=" Node does not start.
_NUMBERS = frozenset(
    {
        "max-old-space-size",
        "max-semi-space-size",
        "min-semi-space-size",
        "max-heap-size",
        "initial-old-space-size",
        "initial-heap-size",
        "stack-size",
    }
)
_FLAG = re.compile(r"--?([A-Za-z0-9][\w-]*)(?:=(.*))?", re.DOTALL)


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """What the environment and the command line set, in the order in which they win."""
    if environment:
        yield carried(environment)
    yield from started(shell.again(shell.unwrapped(words, environment), environment), environment)


def started(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """What a command and the variables that Node itself reads set."""
    for name in _VARIABLES:
        word = environment.get(name)
        if word is not None:
            yield _setting(name, word, word.place, Origin.ENVIRONMENT)
    yield from _of_variable(environment)
    yield from _command(words)


def _command(words: Sequence[Word]) -> Iterator[Item]:
    """What a command line sets: that of node, of pm2 or of npm."""
    program, rest = _program(words)
    if program in NODE:
        yield from Line(rest, Origin.COMMAND_LINE).read()
    elif program in _MANAGERS:
        yield from manager(rest, lambda inner: Line(inner, Origin.COMMAND_LINE).read())
    elif program in _PACKAGERS:
        yield from _script(rest)


def _program(words: Sequence[Word]) -> tuple[str, Sequence[Word]]:
    """The program without its folder, whatever wraps it, and the words behind it."""
    for at, word in enumerate(words):
        stem = word.text.rpartition("/")[2]
        if stem == "npx" and at + 1 < len(words):
            continue
        if stem in SIGNS.programs:
            return stem, words[at + 1 :]
        if stem in _MODULES:  # node ./node_modules/.bin/pm2-runtime
            return _MODULES[stem], words[at + 1 :]
    if words and words[0].text.startswith("-"):
        return "node", words  # a container's command without a program: its image knows it
    return "", ()


_MODULES = {"pm2.js": "pm2"}


def _script(words: Sequence[Word]) -> Iterator[Item]:
    """`npm start`: what package.json says of it."""
    given = [w for w in words if not w.text.startswith("-")]
    names = [w for w in given if w.text not in _RUNS]
    if names and names[0].place is not None:
        yield Include("package.json", names[0].place, is_optional=True)


def _of_variable(environment: Mapping[str, Word]) -> Iterator[Item]:
    word = environment.get(_OPTIONS)
    if isinstance(word, Uncertain):
        yield Unread(word.place.path if word.place else "", f"{_OPTIONS}: {word.value}", word.place)
    elif word is not None:
        yield from Line(shell.words_in(word), Origin.ENVIRONMENT, has_script=False).read()


class Line(Struct):
    """Reads words as Node does: its options, up to the script."""

    words: Sequence[Word]
    origin: Origin
    has_script: bool = True
    at: int = 0

    def read(self) -> Iterator[Item]:
        while self.at < len(self.words):
            word = self.words[self.at]
            self.at += 1
            flag = _FLAG.fullmatch(word.text)
            if isinstance(word, Uncertain):
                yield _unread(word, f"{word.text}: {word.value}")
            elif flag is None:
                if self.has_script and word.text not in ("-", "--"):
                    yield from _main(word)
                return
            else:
                yield from self._option(word, flag)

    def _option(self, word: Word, flag: re.Match[str]) -> Iterator[Item]:
        name, text = flag[1].replace("_", "-"), flag[2]
        if text is None and name in _NUMBERS:
            reason = f"--{name} needs its value behind =: Node does not start"
            yield Setting(
                name, "", word.place, origin=self.origin, status=Status.REFUSED, reason=reason
            )
            if self.at < len(self.words) and self.words[self.at].text.isdecimal():
                self.at += 1
        elif text is None and name in _TAKES_WORD and self.at < len(self.words):
            value = self.words[self.at]
            self.at += 1
            yield _setting(name, value, _joined(word.place, value.place), self.origin)
        elif text is None:
            yield Setting(name, "true", word.place, origin=self.origin)
        else:
            at = place_of(word, len(word.text) - len(text))
            yield Setting(name, text, at, origin=self.origin)


def _main(word: Word) -> Iterator[Item]:
    """The file that is started: what it sets is read too, where it is at hand."""
    if word.place is not None and not word.text.startswith("/"):
        pattern = word.text.removeprefix("./")
        is_file = pattern.rpartition(".")[2] in ("js", "cjs", "mjs", "ts", "cts", "mts")
        yield Include(pattern if is_file else f"{pattern}.js", word.place, is_optional=True)


def _setting(name: str, word: Word, place: Place | None, origin: Origin) -> Setting:
    value = word.value if isinstance(word, Uncertain) else None
    return Setting(name, word.text, place, origin=origin, value=value)


def _unread(word: Word, reason: str) -> Unread:
    return Unread(word.place.path if word.place else "", reason, word.place)


def _joined(flag: Place | None, value: Place | None) -> Place | None:
    """From an option to the end of its value; the value's own where that stands elsewhere."""
    if flag is None or value is None or flag.path != value.path:
        return value or flag
    first, last = flag.span, value.span
    if value.value is not None or (first.line, first.column) > (last.line, last.column):
        return value
    return Place(flag.path, Span(first.line, first.column, last.end_line, last.end_column), last)
