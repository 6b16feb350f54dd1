"""What pm2 starts Node with: its command line, and the applications of its file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula, Include, Item, Origin, Setting, Unknown, Unread, Value
from plimsoll.syntax import shell
from plimsoll.syntax.javascript import Entry, Listed, Table, setting
from plimsoll.syntax.uncertain import Uncertain

# Options of pm2 and the setting that each is; those with None take a value that is none.
_OPTIONS: Mapping[str, str | None] = {
    "-i": "instances",
    "--instances": "instances",
    "--kill-timeout": "kill_timeout",
    "--listen-timeout": "listen_timeout",
    "--max-memory-restart": "max_memory_restart",
    "--max-restarts": "max_restarts",
    "--restart-delay": "restart_delay",
    "-n": None,
    "--name": None,
    "--env": None,
    "--interpreter": None,
    "--interpreter-args": "node_args",
    "--node-args": "node_args",
    "-o": None,
    "--output": None,
    "-e": None,
    "--error": None,
    "-l": None,
    "--log": None,
    "--cwd": None,
    "--namespace": None,
    "--only": None,
    "--exp-backoff-restart-delay": None,
    "--cron-restart": None,
    "--format": None,
    "--web": None,
}
_VERBS = frozenset({"start", "restart", "reload", "startOrReload", "startOrRestart"})
_ECOSYSTEM = (".config.js", ".config.cjs", ".config.mjs", ".json", ".yml", ".yaml")

Line = Callable[[Sequence[Word]], Iterable[Item]]


def manager(words: Sequence[Word], line: Line) -> Iterator[Item]:
    """What `pm2 start app.js -i max --node-args="..." -- arguments` sets. *line* reads Node's own."""
    at, has_script = 0, False
    while at < len(words) and words[at].text != "--":
        word = words[at]
        at += 1
        name, equals, text = word.text.partition("=")
        if name not in _OPTIONS:
            if not word.text.startswith("-") and word.text not in _VERBS and not has_script:
                has_script = True
                yield from _started(word)
            continue
        value = word if equals else words[at] if at < len(words) else None
        at += 0 if equals else 1
        setting = _OPTIONS[name]
        if setting is not None and value is not None:
            given = replace(value, text=text) if equals else value
            yield from _option(setting, word, given, line)


def _option(setting: str, flag: Word, value: Word, line: Line) -> Iterator[Item]:
    if setting == "node_args":
        yield from line(shell.words_in(value))
        return
    unknown = value.value if isinstance(value, Uncertain) else None
    yield Setting(
        name=setting,
        text=value.text,
        place=_around(flag.place, value.place),
        origin=Origin.COMMAND_LINE,
        value=unknown or (instances(value.text) if setting == "instances" else None),
    )


def applications(whole: Entry, text: str, line: Line) -> Iterator[tuple[Place | None, Item]]:
    """What the applications of pm2's file set; of several their instances are added up."""
    apps = whole.value.get("apps") if isinstance(whole.value, Table) else None
    listed = apps.value.entries if apps and isinstance(apps.value, Listed) else ()
    found = [each for each in listed if isinstance(each.value, Table)]
    for each in found:
        yield from _application(each, text, line)
    if len(found) > 1 and apps is not None:
        yield apps.place, _sum(found, apps)


def _application(app: Entry, text: str, line: Line) -> Iterator[tuple[Place | None, Item]]:
    table = app.value
    if not isinstance(table, Table):
        return
    for name in _SAID:
        entry = table.get(_LONG.get(name, name)) or table.get(name)
        if entry is None:
            continue
        if name != "node_args":
            made = setting(name, entry, text, place=app.place)
            special = instances(made.text) if name == "instances" and made.value is None else None
            yield entry.place, replace(made, value=special or made.value)
        elif isinstance(entry.value, str):
            for item in line(shell.words(entry.value, entry.place)):
                yield entry.place, item


def _sum(apps: Sequence[Entry], place: Entry) -> Setting:
    """How many processes the applications are together, where every number is written."""
    tables = [each.value for each in apps if isinstance(each.value, Table)]
    given = [table.get("instances") for table in tables]
    numbers = [1 if each is None else each.value for each in given]
    whole = [n for n in numbers if isinstance(n, int) and n > 0]
    is_told = len(whole) == len(numbers)
    value: Value = (
        Amount.of(sum(whole)) if is_told else Unknown("instances of several applications")
    )
    return Setting("instances", str(sum(whole)) if is_told else "", place.place, value=value)


_SAID = ("instances", "kill_timeout", "listen_timeout", "max_memory_restart", "node_args")
_LONG = {"node_args": "interpreter_args"}


def instances(text: str) -> Value | None:
    """What pm2 makes of a number of instances: 0 and max are the cores of the host, -1 one less.

    Source: code of pm2 HEAD, God.js and Common.js.
    """
    if text in ("max", "0"):
        return Formula("s.cores_seen")
    if text.startswith("-") and text[1:].isdecimal() and len(text) < 6:
        return Formula(f"max(1, s.cores_seen - {int(text[1:])})")
    return None


def _started(word: Word) -> Iterator[Item]:
    if word.place is None or isinstance(word, Uncertain):
        if isinstance(word, Uncertain):
            path = word.place.path if word.place else ""
            yield Unread(path, f"{word.text}: {word.value}", word.place)
        return
    if word.text.endswith((*_ECOSYSTEM, ".js", ".cjs", ".mjs", ".ts")):
        yield Include(word.text.removeprefix("./"), word.place, is_optional=True)


def _around(flag: Place | None, value: Place | None) -> Place | None:
    """From the option to the end of its value, where both stand in one text."""
    if flag is None or value is None or flag.path != value.path:
        return value or flag
    first, last = flag.span, value.value or value.span
    if (first.line, first.column) > (value.span.line, value.span.column) or value.value:
        return value
    return Place(flag.path, Span(first.line, first.column, last.end_line, last.end_column), last)
