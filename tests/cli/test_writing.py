"""Files are written together or not at all, whichever call to the machine fails."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest

from plimsoll.cli.command import CommandError
from plimsoll.cli.writing import write
from plimsoll.hosts import HostError, Stat
from plimsoll.hosts.local import Local

BEFORE = {"a.conf": b"workers = 8\n", "below/b.conf": b"\xffmax = 1\r\n"}
AFTER = {"a.conf": b"workers = 4\n", "below/b.conf": b"\xffmax = 2\r\n"}
CALLS = 10  # two looks; two names and two copies; two files, whose digest is asked again each
NAMES = (3, 5)  # where whether a name is free cannot be told it is taken for free


@dataclass
class Faulty(Local):
    """The local machine, where some calls fail: those from *first* to *last*, from 1.

    *is_late*: what they write is written all the same.
    """

    first: int
    last: int
    is_late: bool = False
    calls: int = 0

    def _call(self) -> None:
        self.calls += 1
        if self.first <= self.calls <= self.last:
            raise HostError("the machine has gone")

    def stat(self, path: str) -> Stat:
        self._call()
        return super().stat(path)

    def replace(
        self, path: str, data: bytes, mode: int, owner: tuple[int, int], *, before: str
    ) -> None:
        if self.is_late and self.first == self.calls + 1:
            super().replace(path, data, mode, owner, before=before)
            self.calls = self.first - 1
        self._call()
        super().replace(path, data, mode, owner, before=before)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "below").mkdir()
    for name, data in BEFORE.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def held(root: Path) -> dict[str, bytes]:
    return {name: (root / name).read_bytes() for name in BEFORE}


def test_all_is_written_and_what_it_was_is_kept(root: Path) -> None:
    assert write(root, BEFORE, AFTER, Local()) == {
        "a.conf": "a.conf.orig",
        "below/b.conf": "b.conf.orig",
    }
    assert held(root) == AFTER
    assert (root / "below" / "b.conf.orig").read_bytes() == BEFORE["below/b.conf"]
    assert sorted(each.name for each in root.iterdir()) == ["a.conf", "a.conf.orig", "below"]


@pytest.mark.parametrize("is_late", [False, True])
@pytest.mark.parametrize("call", [n for n in range(1, CALLS + 1) if n not in NAMES])
def test_one_call_that_fails_leaves_every_file_as_it_was(
    root: Path, call: int, *, is_late: bool
) -> None:
    with pytest.raises(CommandError, match="the machine has gone"):
        write(root, BEFORE, AFTER, Faulty(call, call, is_late))
    assert held(root) == BEFORE


@pytest.mark.parametrize("call", NAMES)
def test_a_copy_is_made_where_nobody_can_tell_whether_its_name_is_free(
    root: Path, call: int
) -> None:
    write(root, BEFORE, AFTER, Faulty(call, call))
    assert held(root) == AFTER


@pytest.mark.parametrize("call", range(1, CALLS + 1))
def test_a_machine_that_is_gone_for_good_leaves_whole_files_and_names_them(
    root: Path, call: int
) -> None:
    with pytest.raises(CommandError) as problem:
        write(root, BEFORE, AFTER, Faulty(call, 1000))
    for name, data in held(root).items():
        assert data in (BEFORE[name], AFTER[name])
        if data == AFTER[name]:
            copy = f"{Path(name).name}.orig"
            assert f"{name} may be written, what it was is in {copy}" in str(problem.value)
            assert (root / name).with_name(copy).read_bytes() == BEFORE[name]


def test_who_changed_a_file_meanwhile_keeps_it_and_no_other_is_written(root: Path) -> None:
    (root / "below" / "b.conf").write_bytes(b"mine\n")
    with pytest.raises(CommandError, match="was changed while it was looked at; nothing is writ"):
        write(root, BEFORE, AFTER, Local())
    assert held(root) == {**BEFORE, "below/b.conf": b"mine\n"}


def test_mode_and_owner_stay(root: Path) -> None:
    path = root / "a.conf"
    path.chmod(0o604)
    if os.geteuid() == 0:
        os.chown(path, 1234, 2345)
    known = path.stat()
    write(root, BEFORE, AFTER, Local())
    for each in (path, root / "a.conf.orig"):
        found = each.stat()
        assert stat.S_IMODE(found.st_mode) == 0o604
        assert (found.st_uid, found.st_gid) == (known.st_uid, known.st_gid)


def test_a_link_stays_one_and_one_that_leads_outside_is_refused(root: Path) -> None:
    (root / "real.conf").write_bytes(BEFORE["a.conf"])
    (root / "a.conf").unlink()
    (root / "a.conf").symlink_to("real.conf")
    write(root, BEFORE, AFTER, Local())
    assert (root / "a.conf").is_symlink()
    assert (root / "real.conf").read_bytes() == AFTER["a.conf"]
    outside = root / "below" / "other"
    outside.mkdir()
    (outside / "a.conf").symlink_to(root / "real.conf")
    with pytest.raises(CommandError, match="leads outside"):
        write(outside, {"a.conf": AFTER["a.conf"]}, {"a.conf": b""}, Local())
    assert (root / "real.conf").read_bytes() == AFTER["a.conf"]
