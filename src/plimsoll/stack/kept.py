"""What one reading of a folder leaves for the next: a keystroke changes one file of many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import asdict

from plimsoll.model.changes import Changes
from plimsoll.model.setting import Setting, Unread
from plimsoll.model.stack import Host, Running
from plimsoll.stack.assemble import NOT_ASKED, Assembled, assembled
from plimsoll.stack.draft import Draft
from plimsoll.stack.files import Files, Folder


class Asked(Struct):
    """Files that note what they were asked, and what they answered."""

    files: Files
    texts: dict[str, str | Unread] = field(default_factory=dict)
    there: dict[str, bool] = field(default_factory=dict)
    listed: Sequence[str] | None = None

    def paths(self) -> Sequence[str]:
        self.listed = self.files.paths()
        return self.listed

    def has(self, path: str) -> bool:
        found = self.there[path] = self.files.has(path)
        return found

    def text(self, path: str) -> str | Unread:
        found = self.texts[path] = self.files.text(path)
        return found

    def unlisted(self) -> Sequence[Unread]:
        return self.files.unlisted()

    def answers_as(self, files: Files) -> bool:
        """Whether *files* give the same answers."""
        return (
            (self.listed is None or self.listed == files.paths())
            and all(files.has(path) is said for path, said in self.there.items())
            and all(files.text(path) == said for path, said in self.texts.items())
        )


class _Made(Struct, frozen=True):
    draft: Draft
    host: Host | None
    measured: Mapping[str, Setting]
    running: Running
    asked: Asked
    service: Assembled


_At = tuple[str, tuple[str, ...]]  # a service's name and its files


class Kept:
    """The listing of a folder, its short texts, and its services with what they were made of.

    The disk is looked at anew after `forget`; what is the same as before is kept all the same.
    """

    def __init__(self) -> None:
        self._folder: Folder | None = None
        self._hosts: dict[str, Host] = {}
        self._made: dict[_At, _Made] = {}
        self._used: set[_At | str] = set()

    def forget(self) -> None:
        self._folder = None

    def folder(
        self, root: Path, excluded: tuple[str, ...], ends_at: str, changes: Changes
    ) -> Folder:
        """The folder in a state, as it was when it was first looked at."""
        known = self._folder
        if known is None or (known.root, known.excluded) != (root, excluded):
            self._folder = Folder(root, excluded, ends_at, changes)
        else:
            self._folder = known.with_changes(changes)
        return self._folder

    def host(self, host: Host) -> Host:
        """The machine that was made before, where it is the same."""
        self._used.add(host.name)
        known = self._hosts.get(host.name)
        if known is None or asdict(known) != asdict(host):
            known = self._hosts[host.name] = host
        return known

    def assembled(
        self,
        draft: Draft,
        files: Files,
        host: Host | None,
        measured: Mapping[str, Setting],
        running: Running = NOT_ASKED,
    ) -> Assembled:
        """The service that a draft becomes; the one made before where nothing of it changed."""
        at = draft.name, draft.files
        self._used.add(at)
        known = self._made.get(at)
        if (
            known is not None
            and known.host is host
            and known.draft == draft
            and known.measured == measured
            and known.running == running
            and known.asked.answers_as(files)
        ):
            return known.service
        asked = Asked(files)
        made = assembled(draft, asked, host, measured, running)
        self._made[at] = _Made(draft, host, measured, running, asked, made)
        return made

    def drop_unused(self) -> None:
        """Forgets services and machines that were not asked for since it was called before."""
        self._made = {at: each for at, each in self._made.items() if at in self._used}
        self._hosts = {name: each for name, each in self._hosts.items() if name in self._used}
        self._used.clear()
