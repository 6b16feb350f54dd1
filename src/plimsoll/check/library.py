"""Where rules and facts are: the package's own, and folders of the user."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from plimsoll import plugins, technologies
from plimsoll.check.documents import FileError, wrong_name
from plimsoll.check.facts import Facts, Knowledge
from plimsoll.check.plain import NotPlainError, plain, restored
from plimsoll.model.place import Place, Span
from plimsoll.model.rule import Rule
from plimsoll.model.schema import Schema
from plimsoll.plugins import cache as disk

_PACKAGE = "plimsoll.check"
_YAML = (".yaml", ".yml")
_LONGEST = 1024**2


class RulesError(Exception):
    """Rule or facts files that cannot be used: a line for each, with its place."""

    def __init__(self, problems: Sequence[FileError]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


_Text = tuple[str, str]  # path and text of a file


class _Texts(Struct, frozen=True):
    general: _Text
    facts: dict[str, _Text]
    rules: tuple[_Text, ...]
    settings: tuple[_Text, ...]

    def all(self) -> list[_Text]:
        return [self.general, *self.facts.values(), *self.rules, *self.settings]


_PartTypes = dict[str, tuple[str, ...]]


class _Builtin(Struct, frozen=True):
    """What the package brings. *key* tells it from that of another version."""

    knowledge: Knowledge
    rules: tuple[Rule, ...]
    key: str


def load_rules(extra: Iterable[Path] = ()) -> tuple[Rule, ...]:
    """The rules of the package and those in the folders *extra*, in the order of their ids.

    Raises:
        RulesError: files that are no rules, ids that are there twice, `unless:` of no rule.
    """
    found = list(_builtin().rules)
    for folder in extra:
        found += _user_rules(folder)
    check_together(found)
    return tuple(sorted(found, key=lambda rule: rule.id))


def knowledge() -> Knowledge:
    """What the package knows of technologies."""
    return _builtin().knowledge


def check_together(rules: Sequence[Rule]) -> None:
    """Does nothing for rules that get along.

    Raises:
        RulesError: two have one id, or `unless:` names no rule or goes round in circles.
    """
    known: dict[str, Rule] = {}
    problems = []
    for rule in rules:
        if rule.id in known:
            first = known[rule.id].place.path
            problems.append(
                FileError(rule.place, f"there is a rule {rule.id!r} in {first} already")
            )
        known[rule.id] = rule
    for rule in rules:
        problems += [
            wrong_name(rule.place, "`unless:` names no rule", each, known)
            for each in rule.unless
            if each not in known
        ]
        if rule.id in _reached(rule, known):
            problems.append(FileError(rule.place, "`unless:` leads back to the rule itself"))
    if problems:
        raise RulesError(problems)


def _reached(rule: Rule, known: dict[str, Rule]) -> set[str]:
    """The rules that `unless:` leads to, by however many steps."""
    reached: set[str] = set()
    waiting = list(rule.unless)
    while waiting:
        each = waiting.pop()
        if each in known and each not in reached:
            reached.add(each)
            waiting += known[each].unless
    return reached


# ------------------------------------------------------------------------------- technologies


def _schema(name: str) -> Schema:
    known = technologies.technology(name)
    return known.schema if known else Schema(name)


def _part_types(name: str) -> tuple[str, ...]:
    known = technologies.technology(name)
    if known is None or known.reader is None:
        return ()
    types = {*known.reader.parts.values(), known.reader.root}
    return tuple(sorted(types - {""}))


# -------------------------------------------------------------------------- what the package has


@cache
def _builtin() -> _Builtin:
    texts = _package_texts()
    key = disk.digest(texts.all())
    name = disk.name("package", texts.general[0])
    kept = _kept(name, key)
    if kept is None:
        kept = _read_builtin(texts, is_proven=True)
        disk.store(name, key, plain(kept))
    general, facts, part_types, rules = kept
    return _Builtin(Knowledge(general, facts, _schema, part_types), rules, key)


def _read_builtin(
    texts: _Texts, *, is_proven: bool
) -> tuple[Facts, dict[str, Facts], _PartTypes, tuple[Rule, ...]]:
    from plimsoll.check.facts import read_facts  # with a warm cache nobody needs PyYAML and lark
    from plimsoll.check.rules import read_rule

    general = read_facts(texts.general[1], texts.general[0], is_proven=is_proven)
    problems: list[FileError] = []
    facts: dict[str, Facts] = {name: {} for name in technologies.names()}
    rules: list[Rule] = []
    for name, (path, text) in texts.facts.items():
        with _collected(problems):
            facts[name] = read_facts(text, path, general, is_proven=is_proven)
    for path, text in texts.rules:
        with _collected(problems):
            rules.append(read_rule(text, path, is_proven=is_proven))
    if problems:
        raise RulesError(problems)
    return general, facts, {name: _part_types(name) for name in facts}, tuple(rules)


def prove_builtin() -> None:
    """Does nothing where every expression, name and unit in the package's facts and rules is right.

    A run does not ask: it would have to parse all of them, and need the settings of every
    technology. The tests do, and `plimsoll rules test`.

    Raises:
        RulesError: with the place of every mistake.
    """
    from plimsoll.check.sound import check_facts, check_rule

    general, facts, part_types, rules = _read_builtin(_package_texts(), is_proven=False)
    known, problems = Knowledge(general, facts, _schema, part_types), list[FileError]()
    for name, of_one in {"": general, **facts}.items():
        with _collected(problems):
            check_facts(name, of_one, known)
    for rule in rules:
        with _collected(problems):
            check_rule(rule, known)
    if problems:
        raise RulesError(problems)


def _read_rules(
    texts: Iterable[_Text], known: Knowledge, problems: list[FileError]
) -> tuple[Rule, ...]:
    """Rules of a user: every name and unit in them is looked at."""
    from plimsoll.check.rules import read_rule
    from plimsoll.check.sound import check_rule

    found = []
    for path, text in texts:
        with _collected(problems):
            rule = read_rule(text, path)
            check_rule(rule, known)
            found.append(rule)
    return tuple(found)


@contextmanager
def _collected(problems: list[FileError]) -> Iterator[None]:
    """One file that is wrong does not hide what is wrong in another."""
    try:
        yield
    except FileError as problem:
        problems.append(problem)


def _package_texts() -> _Texts:
    here = plugins.folder(_PACKAGE)
    facts, settings = {}, []
    rules = list(_yaml_in(here.joinpath("across")))
    for name in technologies.names():
        folder = plugins.folder(technologies.PACKAGE).joinpath(name.replace("-", "_"))
        rules += _yaml_in(folder.joinpath("rules"))
        own = folder.joinpath("facts.yaml")
        if own.is_file():
            facts[name] = _read(own)
        described = folder.joinpath("settings.yaml")
        if described.is_file():
            settings.append(_read(described))
    return _Texts(_read(here.joinpath("facts.yaml")), facts, tuple(rules), tuple(settings))


def _yaml_in(folder: Path) -> Iterator[_Text]:
    found = folder.iterdir() if folder.is_dir() else ()
    for each in sorted(found, key=lambda entry: entry.name):
        if each.name.endswith(_YAML):
            yield _read(each)


def _read(file: Path) -> _Text:
    return str(file), file.read_bytes().decode("utf-8", "surrogateescape")


# ------------------------------------------------------------------------------ what a user has


def _user_rules(folder: Path) -> tuple[Rule, ...]:
    texts = _texts_of(folder)
    key = disk.digest([("package", _builtin().key), *texts])
    name = disk.name("user", str(folder.absolute()))
    kept = _kept(name, key)
    if kept is None:
        problems: list[FileError] = []
        kept = _read_rules(texts, knowledge(), problems)
        if problems:
            raise RulesError(problems)
        disk.store(name, key, plain(kept))
    found: tuple[Rule, ...] = kept
    return found


def _texts_of(folder: Path) -> tuple[_Text, ...]:
    """The rule files of a folder, which may be a stranger's: no pipes, nothing that links elsewhere."""
    try:
        home = folder.resolve()
        found = sorted(each for each in folder.iterdir() if each.name.endswith(_YAML))
        problems = [at for each in found if (at := _unfit(each, home)) is not None]
        if problems:
            raise RulesError(problems)
        return tuple(_read(each) for each in found)
    except (OSError, RuntimeError) as problem:
        place = Path(getattr(problem, "filename", None) or folder)
        reason = getattr(problem, "strerror", None) or problem
        raise RulesError([_fault(place, f"cannot be read: {reason}")]) from problem


def _unfit(file: Path, home: Path) -> FileError | None:
    """Why *file* is not opened. *home*: the folder that it has to stay in."""
    try:
        real = file.resolve(strict=True)
    except OSError as problem:
        return _fault(file, f"cannot be read: {problem.strerror}")
    if not real.is_relative_to(home):
        return _fault(file, "leads out of the folder")
    if not real.is_file():
        return _fault(file, "is not a regular file")
    if real.stat().st_size > _LONGEST:
        return _fault(file, f"is larger than {_LONGEST // 1024**2} MiB")
    return None


def _fault(file: Path, reason: str) -> FileError:
    return FileError(Place(str(file), Span(1, 1, 1, 1)), reason)


def _kept(name: str, key: str) -> Any:
    data = disk.load(name, key)
    with suppress(NotPlainError):
        return restored(data)
    return None
