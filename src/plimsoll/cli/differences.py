"""What a change brings: a stack in two states, each checked, and what came between them."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace

from plimsoll.cli.command import CommandError
from plimsoll.cli.progress import Progress
from plimsoll.cli.sources import (
    MOST_PIPED,
    STDIN,
    checked_folder,
    outcome_of,
    rules_of,
    stacks_of,
)
from plimsoll.model.changes import AS_IT_LIES, Change, Changes, Link, Untold, changed
from plimsoll.model.finding import Outcome
from plimsoll.model.stack import Stack

_PATCH = "-"
_Stacks = Mapping[str, tuple[Path, Stack]]


def add_difference(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--diff",
        metavar="REV|A..B|A...B|-",
        help="only what a change brings: from a revision to the working tree, from A to B, from where "
        "they parted to B; -: by a patch on standard input",
    )
    parser.add_argument(
        "--staged", action="store_true", help="only what is staged brings, from HEAD or --diff REV"
    )


def is_asked(args: Namespace) -> bool:
    return args.diff is not None or args.staged


def outcomes_of(args: Namespace, told: Progress) -> dict[str, Outcome]:
    """What the change brings to each stack, by its folder below the checked one.

    Raises:
        CommandError: a state cannot be told, or there is nothing to check in either.
    """
    from plimsoll.check.difference import difference

    if args.ask_servers:
        raise CommandError("--ask-servers asks about the files as they lie; leave out --diff")
    states = _states(args)
    before, after = (_stacks(args, state) for state in states)
    if not before and not after:
        stacks_of(args, states[1])  # which says why there is nothing to check
    named = (states[0].name, states[1].name)
    found: dict[str, Outcome] = {}
    for folder, old, new in _paired(before, after):
        root = checked_folder(args) / folder
        rules = rules_of(args, root)
        was = outcome_of(old, rules, args, told, root)
        now = outcome_of(replace(new, before=old), rules, args, told, root)
        found[folder] = difference(was, now, named, changed(*states, root.resolve()))
    return found


def _paired(before: _Stacks, after: _Stacks) -> Iterator[tuple[str, Stack, Stack]]:
    """The stacks by folder with both states; a folder that was renamed is the same stack."""
    was = {folder: stack for folder, (_, stack) in before.items()}
    now = {folder: stack for folder, (_, stack) in after.items()}
    gone = [folder for folder in was if folder not in now]
    for folder, stack in now.items():
        if folder not in was:
            moved = next((each for each in gone if _who(was[each]) == _who(stack)), None)
            if moved is not None:
                gone.remove(moved)
                yield folder, was[moved], stack
                continue
        yield folder, was.get(folder, Stack()), stack
    yield from ((folder, was[folder], Stack()) for folder in gone)


def _who(stack: Stack) -> dict[str, str]:
    return {name: each.technology for name, each in stack.services.items()}


def _stacks(args: Namespace, state: Changes) -> _Stacks:
    from plimsoll.stack import NothingError

    try:
        return stacks_of(args, state)
    except CommandError as problem:
        if isinstance(problem.__cause__, NothingError):
            return {}
        raise CommandError(f"in {state.name}: {problem}") from problem


# --------------------------------------------------------------------------------------- the states


def _states(args: Namespace) -> tuple[Changes, Changes]:
    if args.diff == _PATCH:
        return _by_patch(args)
    from plimsoll.hosts.local import Local
    from plimsoll.stack.repository import HEAD, Repository, RepositoryError

    try:
        repository = Repository(checked_folder(args), Local())
        asked = args.diff or HEAD
        if "..." in asked:
            one, _, other = asked.partition("...")
            before = repository.common_ancestor(one or HEAD, other or HEAD)
            after = other or HEAD
        else:
            one, _, after = asked.partition("..")
            before = repository.revision(one or HEAD)
            after = after or (HEAD if ".." in asked else "")
        if args.staged and after:
            raise CommandError(f"--diff {asked}: --staged takes one revision, not two")
        if args.staged:
            return before, repository.staged()
        return before, repository.revision(after) if after else repository.working_tree()
    except RepositoryError as problem:
        raise CommandError(f"--diff: {problem}") from problem


def _by_patch(args: Namespace) -> tuple[Changes, Changes]:
    """The files without a patch and with it, whichever of the two is there."""
    from plimsoll.stack.files import repository_of
    from plimsoll.stack.patch import PatchError, applied, read_patch, reversed_
    from plimsoll.syntax.text import decoded

    if STDIN in args.paths or args.staged:
        raise CommandError("--diff -: standard input is the patch; leave out - and --staged")
    data = sys.stdin.buffer.read(MOST_PIPED + 1)
    if len(data) > MOST_PIPED:
        raise CommandError(f"--diff -: the patch is larger than {MOST_PIPED // 1024**2} MiB")
    top = repository_of(checked_folder(args))

    def lying(path: str) -> Change:
        return _on_disk(top, path)

    without, with_it = "the files without the patch", "the files with the patch"
    try:
        patches = read_patch(decoded(data))
        try:
            undone = applied(reversed_(patches), lying)
        except PatchError:
            return replace(AS_IT_LIES, name=without), Changes(with_it, applied(patches, lying), top)
        return Changes(without, undone, top), replace(AS_IT_LIES, name=with_it)
    except PatchError as problem:
        raise CommandError(f"--diff -: {problem}") from problem


def _on_disk(top: Path, path: str) -> Change:
    from plimsoll.stack.files import LARGEST_FILE, TOO_LARGE

    at = top / path
    try:
        if at.is_symlink():
            return Link(str(at.readlink()))
        if not at.resolve().is_relative_to(top):
            return Untold("leads outside of the repository")
        if not at.is_file():
            return None
        return Untold(TOO_LARGE) if at.stat().st_size > LARGEST_FILE else at.read_bytes()
    except OSError as problem:
        raise CommandError(f"{at}: cannot be read: {problem.strerror}") from problem
