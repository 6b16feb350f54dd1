"""A patch as `git diff` and `diff -u` write it, laid over files in memory. No file is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.model.changes import Change, Link, Untold
from plimsoll.syntax.text import decoded, encoded

_HUNK = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_ESCAPES = {
    b"n": b"\n",
    b"t": b"\t",
    b"r": b"\r",
    b"a": b"\a",
    b"b": b"\b",
    b"f": b"\f",
    b"v": b"\v",
}
_PREFIX = re.compile(r"(?:[abciow12]|old|new)/")
_QUOTED = re.compile(r'("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|.+)')
_NOWHERE = "/dev/null"
_NO_NEWLINE = "\\"
_LINK = "120000"
_LONGEST_SHOWN = 60

# A file's content, None where there is no such file.
Read = Callable[[str], Change]


class PatchError(Exception):
    """It is no patch, or does not fit. *line*: of the patch."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line} of the patch: {reason}")


class Hunk(Struct, frozen=True):
    """*old* and *new*: its lines on both sides, from line *start* and *new_start* on.

    *line*: where it stands in the patch, the lines of either side behind it.
    """

    line: int
    start: int
    new_start: int
    old: tuple[str, ...]
    new: tuple[str, ...]

    def reversed(self) -> Hunk:
        return Hunk(self.line, self.new_start, self.start, self.new, self.old)


class FilePatch(Struct, frozen=True):
    """What a patch says of one file. *old*, *new*: its paths; None: there is none on that side.

    *is_told*: false of a binary file, whose content it may not show. *is_copy*: the old one stays.
    """

    line: int
    old: str | None
    new: str | None
    hunks: tuple[Hunk, ...] = ()
    is_link: bool = False
    is_told: bool = True
    is_copy: bool = False

    def reversed(self) -> FilePatch:
        if self.is_copy:  # the copy goes, what it was made of stayed
            return replace(self, old=self.new, new=None, hunks=(), is_copy=False)
        hunks = tuple(each.reversed() for each in self.hunks)
        return replace(self, old=self.new, new=self.old, hunks=hunks)


def applied(patches: Sequence[FilePatch], read: Read) -> dict[str, Change]:
    """The files that differ once the patch is there, by path. *read*: what there is without it.

    Raises:
        PatchError: it does not fit.
    """
    found: dict[str, Change] = {}

    def now(path: str) -> Change:
        return found[path] if path in found else read(path)

    for each in patches:
        before = now(each.old) if each.old is not None else b""
        if each.old is not None and before is None:
            raise PatchError(each.line, f"there is no {each.old}")
        if each.old is None and each.new is not None and now(each.new) is not None:
            raise PatchError(each.line, f"{each.new} is there already")
        after = _after(each, before)
        if each.old is not None and each.old != each.new and not each.is_copy:
            found[each.old] = None
        if each.new is not None:
            found[each.new] = after
    return found


def reversed_(patches: Sequence[FilePatch]) -> list[FilePatch]:
    """The patch that undoes it."""
    return [each.reversed() for each in reversed(patches)]


def _after(each: FilePatch, before: Change) -> Change:
    if not each.is_told:
        return Untold("the patch does not show its content")
    if isinstance(before, Untold) or before is None:
        return before
    if not each.hunks:
        return before
    is_link = isinstance(before, Link)
    text = before.target if isinstance(before, Link) else decoded(before)
    changed = _changed(text, each)
    is_link = each.is_link if each.old is None else is_link
    return Link(changed) if is_link else encoded(changed)


def _changed(text: str, patch: FilePatch) -> str:
    lines = text.split("\n")
    lines = [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    done: list[str] = []
    at = 0
    for hunk in patch.hunks:
        begin = hunk.start - 1 if hunk.old else hunk.start
        if begin < at or begin > len(lines):
            raise PatchError(hunk.line, f"{patch.old} has no line {hunk.start}")
        for number, wanted in enumerate(hunk.old):
            there = lines[begin + number] if begin + number < len(lines) else None
            if there != wanted:
                told = "ends before it" if there is None else f"has {_shown(there)}"
                where = f"{patch.old}:{begin + number + 1}"
                raise PatchError(hunk.line, f"{where} {told}, the patch wants {_shown(wanted)}")
        done += [*lines[at:begin], *hunk.new]
        at = begin + len(hunk.old)
    return "".join([*done, *lines[at:]])


def _shown(line: str) -> str:
    text = line.removesuffix("\n")
    return repr(text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}...")


# ----------------------------------------------------------------------------------------- reading


def read_patch(text: str) -> list[FilePatch]:
    """What a patch says of each file, in its order; an empty text is an empty patch.

    Raises:
        PatchError: it is none, or one that cannot be read.
    """
    found = list(_Reader(text).files())
    if not found and text.strip():
        raise PatchError(1, "is no patch; it is what `git diff` or `diff -u` writes")
    return found


class _Head(Struct):
    """What is said of a file before its first hunk."""

    line: int
    old: str | None = None
    new: str | None = None
    is_new: bool = False
    is_gone: bool = False
    is_link: bool = False
    is_told: bool = True
    is_copy: bool = False


class _Reader:
    def __init__(self, text: str) -> None:
        self._lines = text.removesuffix("\n").split("\n")
        self._at = 0

    def files(self) -> Iterator[FilePatch]:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if line.startswith(("diff --cc ", "diff --combined ")):
                raise self._error(
                    "is a patch of a merge; `git diff ONE OTHER` writes one that fits"
                )
            if line.startswith("diff --git "):
                yield self._git(_names(line.removeprefix("diff --git ")))
            elif self._is_head(self._at):
                yield self._file(_Head(self._at + 1))
            else:
                self._at += 1

    def _error(self, reason: str) -> PatchError:
        return PatchError(self._at + 1, reason)

    def _is_head(self, at: int) -> bool:
        lines = self._lines[at : at + 3]
        starts = zip(lines, ("--- ", "+++ ", "@@ "), strict=False)
        return len(lines) == 3 and all(line.startswith(sign) for line, sign in starts)

    def _git(self, names: tuple[str, str] | None) -> FilePatch:
        head = _Head(self._at + 1)
        if names is not None:
            head.old, head.new = _without_prefix(*names)
        self._at += 1
        while self._at < len(self._lines):
            line = self._lines[self._at].removesuffix("\r")
            if line.startswith("diff ") or self._is_head(self._at):
                break
            self._extended(line, head)
            self._at += 1
        if self._at < len(self._lines) and self._is_head(self._at):
            return self._file(head)
        return self._done(head, ())

    def _extended(self, line: str, head: _Head) -> None:
        if line.startswith(("rename from ", "copy from ")):
            head.old = _unquoted(line.partition(" from ")[2])
            head.is_copy = line.startswith("copy")
        if line.startswith(("rename to ", "copy to ")):
            head.new = _unquoted(line.partition(" to ")[2])
        head.is_new = head.is_new or line.startswith("new file mode ")
        head.is_gone = head.is_gone or line.startswith("deleted file mode ")
        head.is_link = head.is_link or (line.endswith(f" {_LINK}") and " mode " in f" {line}")
        if line.startswith(("Binary files ", "GIT binary patch")):
            head.is_told = False

    def _file(self, head: _Head) -> FilePatch:
        """A file whose "---" is the next line."""
        old, new = (_path(self._lines[at].rstrip("\r")[4:]) for at in (self._at, self._at + 1))
        head.is_new = head.is_new or old == _NOWHERE
        head.is_gone = head.is_gone or new == _NOWHERE
        if head.old is None or head.new is None:  # the lines above it did not tell
            head.old, head.new = self._told(old, new)
        self._at += 2
        hunks = []
        while self._at < len(self._lines) and self._lines[self._at].startswith("@@ "):
            hunks.append(self._hunk())
        return self._done(head, tuple(hunks))

    def _told(self, old: str, new: str) -> tuple[str, str]:
        """The file that "---" and "+++" are about; `diff -u x.orig x` is about x."""
        if _NOWHERE in (old, new):
            path = _PREFIX.sub("", new if old == _NOWHERE else old, count=1)
        else:
            path = _without_prefix(old, new)[1]
        return path, path

    def _done(self, head: _Head, hunks: tuple[Hunk, ...]) -> FilePatch:
        if head.old is None or head.new is None:
            raise PatchError(head.line, "does not tell which file it is about")
        for path in (head.old, head.new):
            if "\0" in path:
                raise PatchError(head.line, f"{path!r} is no name of a file")
            if path.startswith("/") or ".." in path.split("/"):
                raise PatchError(head.line, f"{path} leads outside of the repository")
        return FilePatch(
            line=head.line,
            old=None if head.is_new else head.old,
            new=None if head.is_gone else head.new,
            hunks=hunks,
            is_link=head.is_link,
            is_told=head.is_told,
            is_copy=head.is_copy,
        )

    def _hunk(self) -> Hunk:
        said = _HUNK.match(self._lines[self._at])
        if said is None:
            raise self._error("is no beginning of a hunk; it is @@ -LINE,COUNT +LINE,COUNT @@")
        line = self._at + 1
        wanted = int(said[2] or 1), int(said[4] or 1)
        old: list[str] = []
        new: list[str] = []
        sides = {" ": (old, new), "": (old, new), "-": (old,), "+": (new,)}
        last: tuple[list[str], ...] = ()
        self._at += 1
        while (len(old), len(new)) != wanted or self._is_remark():
            text = self._lines[self._at] if self._at < len(self._lines) else "end of the patch"
            if self._is_remark():
                for side in last:
                    side[-1] = side[-1].removesuffix("\n")
            elif text[:1] not in sides or len(old) > wanted[0] or len(new) > wanted[1]:
                raise self._error(f"is no line of a hunk: {_shown(text)}")
            else:
                last = sides[text[:1]]
                for side in last:
                    side.append(f"{text[1:]}\n")
            self._at += 1
        return Hunk(line, int(said[1]), int(said[3]), tuple(old), tuple(new))

    def _is_remark(self) -> bool:
        """Whether the next line says that the one before it has no line feed."""
        return self._at < len(self._lines) and self._lines[self._at].startswith(_NO_NEWLINE)


def _names(said: str) -> tuple[str, str] | None:
    """Both names behind "diff --git"; None where only the lines below tell them apart."""
    if '"' in said:
        found = _QUOTED.fullmatch(said)
        return (_unquoted(found[1]), _unquoted(found[2])) if found else None
    middle = len(said) // 2  # the folders that tell the sides apart are as long as each other
    one, space, other = said[:middle], said[middle : middle + 1], said[middle + 1 :]
    if space == " " and one.partition("/")[2] == other.partition("/")[2]:
        return one, other
    one, space, other = said.partition(" ")
    return (one, other) if space and " " not in other else None


def _path(said: str) -> str:
    return _unquoted(said) if said.startswith('"') else said.partition("\t")[0]


def _without_prefix(old: str, new: str) -> tuple[str, str]:
    """Both paths without the folder that only tells the sides apart."""
    inner = old.partition("/")[2], new.partition("/")[2]
    if old == new:
        return old, new
    are_sides = all(_PREFIX.match(each) for each in (old, new))
    return inner if are_sides or (inner[0] and inner[0] == inner[1]) else (old, new)


def _unquoted(said: str) -> str:
    """A name as git writes one that holds more than plain letters, in quotes and octal numbers."""
    if not said.startswith('"'):
        return said

    def meant(found: re.Match[bytes]) -> bytes:
        code = found[1]
        return bytes([int(code, 8) & 0xFF]) if code.isdigit() else _ESCAPES.get(code, code)

    return decoded(_ESCAPE.sub(meant, encoded(said.strip('"'))))
