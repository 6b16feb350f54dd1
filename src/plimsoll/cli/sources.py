"""From arguments to what commands work on: the folder, its stack, the rules."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from plimsoll.cli.command import CommandError
from plimsoll.model.changes import AS_IT_LIES, Changes
from plimsoll.model.finding import Outcome
from plimsoll.model.rule import Rule
from plimsoll.model.stack import Stack
from plimsoll.syntax.suggest import did_you_mean
from plimsoll.syntax.text import encoded

if TYPE_CHECKING:
    from plimsoll.check.seen import Seen
    from plimsoll.check.servers import Answered
    from plimsoll.cli.progress import Progress
    from plimsoll.stack.files import Folder

OWN_RULES = Path(".plimsoll", "rules")
SEEN = Path(".plimsoll", "seen.json")
STDIN = Path("-")
MOST_PIPED = 64 * 1024**2  # more than is read of any file: what is larger is told of, not cut


def folder_and_files(paths: Sequence[Path]) -> tuple[Path, list[str]]:
    """The folder that *paths* mean and the files of it that are named, relative to it.

    Files alone belong to the folder that we are in, or to the one that holds all of them.
    """
    for path in paths:
        if not path.exists():
            raise CommandError(f"{path}: no such file or folder")
    folders = [path for path in paths if path.is_dir()]
    files = [path for path in paths if not path.is_dir()]
    if len(folders) > 1:
        raise CommandError(
            f"{folders[1]}: one folder is checked at a time; run `plimsoll check` once for each"
        )
    root = folders[0] if folders else _holding(files)
    return root, [_inside(root, path) for path in files]


def _holding(files: Sequence[Path]) -> Path:
    here = Path()
    absolute = [Path(os.path.abspath(path)) for path in files]  # noqa: PTH100 (a link stays a link)
    if all(path.is_relative_to(Path.cwd()) for path in absolute):
        return here
    return Path(os.path.commonpath([path.parent for path in absolute]))


def _inside(root: Path, path: Path) -> str:
    relative = os.path.relpath(path, root)
    if relative.startswith(os.pardir):
        raise CommandError(f"{path}: is not in {root}; name files of the folder that is checked")
    return Path(relative).as_posix()


def stack_of(args: Namespace) -> tuple[Path, Stack]:
    """The folder that was asked for, and the stack that it describes."""
    from plimsoll.stack import StackError

    root, files = folder_and_files([path for path in args.paths if path != STDIN])
    _check_environment(args.environment, root, [""])
    try:
        return root, _stack(args, root, files)
    except StackError as problem:
        raise CommandError(str(problem)) from problem


def reading(args: Namespace, folder: str = "") -> Callable[[Mapping[str, str]], Stack]:
    """What reads the stack of a folder once more, where files have other texts."""
    if STDIN in args.paths:
        raise CommandError("standard input cannot be edited; name the files or their folder")
    asked, named = folder_and_files(args.paths)
    root = asked / folder
    files = _by_stack(args, asked, named, AS_IT_LIES).get(folder, ())

    def read(texts: Mapping[str, str]) -> Stack:
        edited = {path: encoded(text) for path, text in texts.items()}
        return _stack(args, root, files, Changes("edited", edited, root.resolve()))

    return read


def _stack(
    args: Namespace, root: Path, files: Sequence[str], changes: Changes = AS_IT_LIES
) -> Stack:
    from plimsoll.stack import read_stack

    piped = sys.stdin.buffer.read(MOST_PIPED) if STDIN in args.paths else None
    try:
        return read_stack(
            root,
            files=files,
            hosts=args.host,
            this_host=args.this_host,
            piped=piped,
            environment=args.environment,
            changes=changes,
        )
    except PermissionError as problem:
        raise CommandError(f"{problem.filename}: may not be read") from problem


def stacks_of(args: Namespace, changes: Changes = AS_IT_LIES) -> dict[str, tuple[Path, Stack]]:
    """The stacks that were asked for, by their folder below the checked one ("": its own).

    A folder with a plimsoll.yaml of its own is a stack of its own. *changes*: what is otherwise than
    on the disk.
    """
    from plimsoll.stack import NothingError, StackError

    root, files = folder_and_files([path for path in args.paths if path != STDIN])
    found: dict[str, tuple[Path, Stack]] = {}
    try:
        asked = _by_stack(args, root, files, changes)
        _check_environment(args.environment, root, list(asked), changes)
        for folder, paths in asked.items():
            try:
                found[folder] = root / folder, _stack(args, root / folder, paths, changes)
            except NothingError:
                if folder or len(asked) == 1:  # there may be stacks below it alone
                    raise
    except StackError as problem:
        raise CommandError(str(problem)) from problem
    return found


def _check_environment(
    name: str, root: Path, folders: Sequence[str], changes: Changes = AS_IT_LIES
) -> None:
    """Raises CommandError where no stack has a file for that environment."""
    from plimsoll.stack.environments import environments, file_of

    known = {
        each
        for folder in (folders if name else ())
        for each in environments(root / folder, changes)
    }
    if name and name not in known:
        raise CommandError(f"no {file_of(name)} in {root}; {did_you_mean(name, sorted(known))}")


def _by_stack(
    args: Namespace, root: Path, files: Sequence[str], changes: Changes
) -> dict[str, list[str]]:
    """The folders of stacks, each with the files of it that are named."""
    from plimsoll.stack import NAME, other_stacks
    from plimsoll.stack.files import Folder

    if STDIN in args.paths:
        return {"": list(files)}
    if not files:
        return {"": [], **{each: [] for each in other_stacks(root, changes)}}
    asked: dict[str, list[str]] = {}
    for path in files:
        folder = _stack_folder(Folder(root, changes=changes), path, NAME)
        asked.setdefault(folder, []).append(path.removeprefix(f"{folder}/"))
    return asked


def _stack_folder(root: Folder, path: str, name: str) -> str:
    """The nearest folder above a file that is a stack of its own."""
    above = PurePosixPath(path).parents
    return next((p.as_posix() for p in above[:-1] if root.has(f"{p}/{name}")), "")


def checked_folder(args: Namespace) -> Path:
    """The folder that was asked for."""
    return folder_and_files([path for path in args.paths if path != STDIN])[0]


def in_repository(root: Path) -> str:
    """Where a folder lies in its git repository; "" at its root, and outside of any."""
    from plimsoll.stack.files import repository_of

    here = root.resolve().relative_to(repository_of(root)).as_posix()
    return "" if here == "." else here


def rules_of(args: Namespace, root: Path) -> Sequence[Rule]:
    """Our rules, those of the folder's `.plimsoll/rules`, and those of `--rules`."""
    from plimsoll.check import RulesError, load_rules
    from plimsoll.stack.files import repository_of

    own = root / OWN_RULES
    if own.is_dir() and not own.resolve().is_relative_to(repository_of(root)):
        raise CommandError(f"{own}: leads out of the repository; name such a folder with --rules")
    folders = [*([own] if own.is_dir() else []), *args.rules]
    for folder in folders:
        if not folder.is_dir():
            raise CommandError(f"{folder}: no such folder; --rules takes a folder of rule files")
    once = {folder.resolve(): folder for folder in reversed(folders)}
    try:
        return load_rules(once.values())
    except RulesError as problem:
        raise CommandError(str(problem)) from problem


def outcome_of(
    stack: Stack, rules: Sequence[Rule], args: Namespace, told: Progress, root: Path
) -> Outcome:
    """What the rules find today; only those of `--rule`, where there are any."""
    from plimsoll.check import RulesError, check, keep_parsed
    from plimsoll.check.seen import with_seen

    def tell(rule: str, done: int, of: int) -> None:
        told.doing = f"rule {done + 1} of {of} ({rule})"

    for name in args.rule:
        rule_named(name, rules)
    today = datetime.now(UTC).astimezone().date()
    try:
        outcome = check(
            stack,
            rules,
            today,
            only=args.rule,
            tell=tell,
            answered=_answered(stack, args, told, root),
        )
    except RulesError as problem:
        raise CommandError(str(problem)) from problem
    finally:
        keep_parsed()
    return with_seen(outcome, seen_of(root))


def seen_of(root: Path) -> Seen:
    """What .plimsoll/seen.json of the folder says; nothing without that file."""
    from plimsoll.check.seen import SeenError, parse_seen

    path = root / SEEN
    if not path.is_file():
        return {}
    try:
        return parse_seen(path.read_text("utf-8"))
    except (SeenError, UnicodeDecodeError) as problem:
        raise CommandError(f"{path}: {problem}") from problem


def _answered(stack: Stack, args: Namespace, told: Progress, root: Path) -> Answered | None:
    if not args.ask_servers:
        return None
    from plimsoll.check.servers import ask_servers
    from plimsoll.hosts.local import Local

    told.doing = "asking servers"
    return ask_servers(stack, root, Local())


def rule_named(name: str, rules: Sequence[Rule]) -> Rule:
    """The rule with that id."""
    for rule in rules:
        if rule.id == name:
            return rule
    raise CommandError(f"no rule {name!r}; {did_you_mean(name, [rule.id for rule in rules])}")
