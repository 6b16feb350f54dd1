"""One stack that is checked again and again while its files are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct, field

from plimsoll.check import FileError, RulesError, check, load_rules
from plimsoll.check.evaluate import Tell
from plimsoll.check.seen import Seen, SeenError, parse_seen, with_seen
from plimsoll.model.changes import Changes
from plimsoll.model.finding import Finding, Fix, Outcome
from plimsoll.model.place import Place, Span
from plimsoll.model.rule import Rule
from plimsoll.model.setting import Unread
from plimsoll.model.stack import Stack
from plimsoll.stack import NAME, Kept, NothingError, StackError, read_stack
from plimsoll.syntax.text import encoded

_FIRST = Span(1, 1, 1, 1)


class Options(Struct, frozen=True):
    """What holds for every stack, in the words of the command line.

    *rules*: folders of rules beside the stack's own, which lie in *own_rules*. *seen*: where a
    stack says in which incidents a rule was seen. *today*: asked at each check.
    """

    today: Callable[[], date]
    own_rules: Path
    seen: Path
    hosts: tuple[str, ...] = ()
    this_host: bool = False
    environment: str = ""
    rules: tuple[Path, ...] = ()


class Open(Struct, frozen=True):
    """The text of an open file, as it would be saved, and the editor's count of its versions."""

    version: int
    data: bytes


class Checked(Struct, frozen=True):
    """What was found in a stack. *open*: the open files as they were then, by their path.

    *outcome*: None where nothing could be checked; *faults*: why. *alone*: what was found in open
    files that the stack does not read.
    """

    root: Path
    open: Mapping[str, Open] = field(default_factory=dict)
    outcome: Outcome | None = None
    faults: tuple[Unread, ...] = ()
    alone: Mapping[str, Outcome] = field(default_factory=dict)
    rules: Sequence[Rule] = ()

    @property
    def versions(self) -> dict[str, int]:
        return {path: each.version for path, each in self.open.items()}

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """That of the stack, then those of the files beside it."""
        return (*((self.outcome,) if self.outcome else ()), *self.alone.values())


class WatchedStack:
    """A folder with what earlier checks left. *is_lone*: no stack, only the files that are open."""

    def __init__(self, root: Path, options: Options, *, is_lone: bool = False) -> None:
        self.root = root
        self.is_lone = is_lone
        self._options = options
        self._kept = Kept()
        self._alone: dict[str, Kept] = {}
        self._rules: Sequence[Rule] | None = None
        self._seen: Seen = {}

    def look_again(self) -> None:
        """The disk may have changed: rules and files are read anew."""
        self._rules = None
        for each in (self._kept, *self._alone.values()):
            each.forget()

    def check(self, texts: Mapping[str, Open], tell: Tell) -> Checked:
        """What is found with *texts* laid over the files. Whatever *tell* raises ends it."""
        self._alone = {path: kept for path, kept in self._alone.items() if path in texts}
        changes = self._unsaved(texts)
        try:
            rules = self._own_rules()
        except RulesError as problem:
            return Checked(self.root, texts, faults=_of_files(problem.problems))
        try:
            outcome = None if self.is_lone else self._outcome(changes, (), rules, tell, self._kept)
        except RulesError as problem:
            return Checked(self.root, texts, None, _of_files(problem.problems), {}, rules)
        except StackError as problem:
            faults = problem.problems or (Unread(NAME, str(problem)),)
            return Checked(self.root, texts, None, faults, {}, rules)
        except OSError as problem:
            fault = Unread(NAME, f"{problem.filename}: {problem.strerror}")
            return Checked(self.root, texts, None, (fault,), {}, rules)
        alone = {}
        read = outcome.stack.texts if outcome else {}
        for path in texts:
            if path not in read and path != NAME:
                found = self._of_one(path, changes, rules, tell)
                if found is not None:
                    alone[path] = found
        return Checked(self.root, texts, outcome, (), alone, rules)

    def fixes(self, checked: Checked, finding: Finding) -> tuple[Fix, ...]:
        """What repairs *finding* of *checked*: alternatives, the cheapest first.

        Raises:
            NoSolverError: OR-tools is not installed.
        """
        from plimsoll.check.fix import Repairer  # an extra: most sessions never ask

        alone = next((p for p, each in checked.alone.items() if finding in each.findings), None)
        outcome = checked.alone[alone] if alone else checked.outcome
        if outcome is None:
            return ()

        def read(texts: Mapping[str, str]) -> Stack:
            open_ = {path: each.data for path, each in checked.open.items()}
            edited = {path: encoded(text) for path, text in texts.items()}
            changes = Changes("edited", {**open_, **edited}, self.root.resolve())
            return self._read(changes, (alone,) if alone else ())

        return Repairer.of(outcome, checked.rules, read).plan([finding]).fixes

    def _unsaved(self, texts: Mapping[str, Open]) -> Changes:
        """The open texts, as what differs from the disk."""
        data = {path: each.data for path, each in texts.items()}
        return Changes("what is open", data, self.root.resolve())

    def _of_one(
        self, path: str, changes: Changes, rules: Sequence[Rule], tell: Tell
    ) -> Outcome | None:
        """What is found in a file that the stack does not read; None where nobody knows such a file."""
        kept = self._alone.setdefault(path, Kept())
        try:
            found = self._outcome(changes, (path,), rules, tell, kept)
        except (RulesError, StackError, OSError):
            return None  # the stack's own check has said so
        return found if found is not None and path in found.stack.texts else None

    def _outcome(
        self,
        changes: Changes,
        files: Sequence[str],
        rules: Sequence[Rule],
        tell: Tell,
        kept: Kept,
    ) -> Outcome | None:
        try:
            stack = self._read(changes, files, kept)
        except NothingError:
            return None
        tell("", 0, len(rules))
        return with_seen(check(stack, rules, self._options.today(), tell=tell), self._seen)

    def _read(self, changes: Changes, files: Sequence[str], kept: Kept | None = None) -> Stack:
        return read_stack(
            self.root,
            files=files,
            hosts=self._options.hosts,
            this_host=self._options.this_host,
            environment=self._options.environment,
            changes=changes,
            kept=kept,
        )

    def _own_rules(self) -> Sequence[Rule]:
        if self._rules is None:
            own = self.root / self._options.own_rules
            folders = [*([own] if own.is_dir() else []), *self._options.rules]
            self._rules = load_rules({each.resolve(): each for each in folders}.values())
            self._seen = self._read_seen()
        return self._rules

    def _read_seen(self) -> Seen:
        """The incidents that are known; a file that is broken hides no finding."""
        try:
            return parse_seen((self.root / self._options.seen).read_text("utf-8"))
        except (OSError, SeenError, UnicodeDecodeError):
            return {}


def _of_files(problems: Sequence[FileError]) -> tuple[Unread, ...]:
    return tuple(Unread(each.place.path, each.reason, each.place) for each in problems)


def place_of(unread: Unread) -> Place:
    """Where it stands that something could not be read; of a whole file its beginning."""
    return unread.place or Place(unread.path, _FIRST)
