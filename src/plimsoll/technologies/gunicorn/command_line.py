"""gunicorn's command line and the variables that it reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Setting, Status, Unread, Value
from plimsoll.syntax import shell
from plimsoll.syntax.python import carried
from plimsoll.syntax.suggest import suggestion
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies.gunicorn.options import Kind, Option, by_flag, option_of
from plimsoll.technologies.gunicorn.signs import SIGNS

_MODULES = ("gunicorn", "gunicorn.app.wsgiapp")
_ARGUMENTS = "GUNICORN_CMD_ARGS"
# Variables that give a setting its default, and how.
DEFAULTS = {
    "WEB_CONCURRENCY": ("workers", "{}"),
    "PORT": ("bind", "0.0.0.0:{}"),
    "FORWARDED_ALLOW_IPS": ("forwarded_allow_ips", "{}"),
}
# Variables of images that calculate the number of workers (tiangolo/uvicorn-gunicorn).
OF_IMAGE = ("WORKERS_PER_CORE", "MAX_WORKERS")


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """What a command line and its environment set, in the order in which gunicorn reads them.

    First what variables only give as a default, then the configuration file, then
    GUNICORN_CMD_ARGS, then the command line.
    """
    if environment:
        yield carried(environment)
    yield from _defaults(environment)
    given = list(_Line(_inner(environment), Origin.ENVIRONMENT).read())
    own = list(_Line(_own(words, environment), Origin.COMMAND_LINE).read())
    files = [item for item in (*given, *own) if _names_file(item)]
    yield from files[-1:]  # the command line's, else the variable's
    yield from (_belonging(item, _ARGUMENTS) for item in given if not _names_file(item))
    yield from (item for item in own if not _names_file(item))
    variable = environment.get(_ARGUMENTS)
    if isinstance(variable, Uncertain):
        path = variable.place.path if variable.place else ""
        yield Unread(path, f"{_ARGUMENTS}: {variable.value}", variable.place)


def _defaults(environment: Mapping[str, Word]) -> Iterator[Item]:
    for variable, (name, pattern) in DEFAULTS.items():
        word = environment.get(variable)
        if word is not None:
            yield Setting(
                name=name,
                text=word.text if isinstance(word, Uncertain) else pattern.format(word.text),
                place=word.place,
                origin=Origin.ENVIRONMENT,
                value=word.value if isinstance(word, Uncertain) else None,
                belongs=variable,
            )
    for variable in OF_IMAGE:
        word = environment.get(variable)
        if word is not None:
            value = word.value if isinstance(word, Uncertain) else None
            yield Setting(variable, word.text, word.place, origin=Origin.ENVIRONMENT, value=value)


def _belonging(item: Item, variable: str) -> Item:
    return replace(item, belongs=variable) if isinstance(item, Setting) else item


def _inner(environment: Mapping[str, Word]) -> list[Word]:
    word = environment.get(_ARGUMENTS)
    return [] if word is None or isinstance(word, Uncertain) else shell.words_in(word)


def _own(words: Sequence[Word], environment: Mapping[str, Word]) -> list[Word]:
    """The words behind the program, whatever wraps it: newrelic-admin run-program gunicorn ..."""
    given = shell.again(shell.unwrapped(words, environment), environment)
    for at, word in enumerate(given):
        stem = word.text.rpartition("/")[2]
        before = given[at - 1].text if at else ""
        if stem in SIGNS.programs or (before == "-m" and word.text in _MODULES):
            return given[at + 1 :]
    return list(given[1:])


def _names_file(item: Item) -> bool:
    return isinstance(item, Include) or (isinstance(item, Unread) and item.reason.startswith("-c "))


class _Line(Struct):
    """Reads words as gunicorn's own parser of options does."""

    words: list[Word]
    origin: Origin
    at: int = 0
    application: str = ""
    ended: bool = False  # behind `--`

    def read(self) -> Iterator[Item]:
        while self.at < len(self.words):
            word = self.words[self.at]
            self.at += 1
            if word.text == "--" and not self.ended:
                self.ended = True
            elif self.ended or not _is_flag(word.text) or isinstance(word, Uncertain):
                yield from self._positional(word)
            else:
                yield from self._flag(word)

    def _positional(self, word: Word) -> Iterator[Item]:
        if isinstance(word, Uncertain):
            yield _unread(word, f"{word.text}: {word.value}")
        elif self.application:
            yield _unread(word, f"{word.text}: gunicorn takes one application and ignores the rest")
        else:
            self.application = word.text
            yield Setting("wsgi_app", word.text, word.place, origin=self.origin)

    def _flag(self, word: Word) -> Iterator[Item]:
        flag, equals, inline = word.text.partition("=")
        option = option_of(flag)
        if option is None and not word.text.startswith("--"):
            yield from self._short(word)
        elif option is None:
            yield self._unknown(word, flag)
        elif option.takes_value or (option.kind is Kind.OPTIONAL and equals):
            yield self._valued(option, word, (len(flag) + 1, inline) if equals else None)
        elif option.kind is Kind.OPTIONAL:
            yield self._setting(option, word, word, "auto")
        elif equals:
            yield self._refused(option.name, word, f"{flag} takes no value")
        else:
            text = "False" if option.kind is Kind.UNFLAG else "True"
            yield self._setting(option, word, word, text)

    def _short(self, word: Word) -> Iterator[Item]:
        """`-w4`, `-RD`: short options without a space."""
        at = 1
        while at < len(word.text):
            option = by_flag().get(f"-{word.text[at]}")
            at += 1
            if option is None:
                yield self._unknown(word, f"-{word.text[at - 1]}")
                return
            if option.takes_value:
                rest = word.text[at:]
                yield self._valued(option, word, (at, rest) if rest else None)
                return
            yield self._setting(option, word, word, "True")

    def _valued(self, option: Option, word: Word, inline: tuple[int, str] | None) -> Item:
        if inline is not None:
            offset, text = inline
            locate = shell.located(word.text, word.place)
            part = locate(offset, offset + len(text))
            return self._setting(option, word, replace(word, text=text, place=part), text)
        if self.at >= len(self.words) or _is_flag(self.words[self.at].text):
            return self._refused(option.name, word, f"{word.text} needs a value")
        value = self.words[self.at]
        self.at += 1
        return self._setting(option, word, value, value.text)

    def _setting(self, option: Option, flag: Word, value: Word, text: str) -> Item:
        place = _joined(flag.place, value.place)
        if option.name == "config":
            return _file(value, place)
        known: Value | None = value.value if isinstance(value, Uncertain) else None
        if known is None and option.kind is Kind.COUNT and not _is_whole(text):
            return self._refused(option.name, flag, f"{text!r} is no whole number", text, place)
        return Setting(option.name, text, place, origin=self.origin, value=known)

    def _unknown(self, word: Word, flag: str) -> Item:
        hint = suggestion(flag, by_flag())
        if self.at < len(self.words) and _is_whole(self.words[self.at].text):
            self.at += 1  # meant as its value
        return self._refused(flag.lstrip("-"), word, f"gunicorn has no option {flag}{hint}")

    def _refused(
        self, name: str, word: Word, reason: str, text: str = "", place: Place | None = None
    ) -> Item:
        return Setting(
            name=name,
            text=text,
            place=place or word.place,
            origin=self.origin,
            status=Status.REFUSED,
            reason=reason,
        )


def _file(word: Word, place: Place | None) -> Item:
    at = place or Place("", Span(1, 1, 1, 1))
    if isinstance(word, Uncertain):
        return Unread(at.path, f"-c {word.text}: {word.value}", place)
    if word.text.startswith("python:"):
        return Unread(at.path, f"-c {word.text}: a module is found only by running Python", place)
    return Include(word.text.removeprefix("file:"), at)


def _unread(word: Word, reason: str) -> Unread:
    return Unread(word.place.path if word.place else "", reason, word.place)


def _is_flag(text: str) -> bool:
    """Whether the parser takes a word for an option: neither "-" nor a negative number."""
    return len(text) > 1 and text[0] == "-" and " " not in text and not _is_whole(text)


def _is_whole(text: str) -> bool:
    try:
        int(text)
    except ValueError:
        return False
    return True


def _joined(flag: Place | None, value: Place | None) -> Place | None:
    """From an option to the end of its value; the value's own where that stands elsewhere."""
    if flag is None or value is None:
        return value or flag
    first, last = flag.span, value.span
    is_behind = (first.line, first.column) <= (last.line, last.column)
    is_elsewhere = value.value is not None and value.value != value.span
    if flag.path != value.path or is_elsewhere or not is_behind:
        return value
    span = Span(first.line, first.column, last.end_line, last.end_column)
    return Place(flag.path, span, last)
