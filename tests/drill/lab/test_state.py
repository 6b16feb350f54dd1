"""Whose lab it is: what dead ones left goes, what lives stays, and only in a folder of ours."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import pytest

from plimsoll.drill.lab import processes, state
from plimsoll.drill.lab.lab import lab
from plimsoll.drill.lab.state import Claim, LabError


def own() -> Claim:
    found = processes.look(os.getpid())
    assert found is not None
    return Claim(found.pid, found.born)


def lay_down(labs: Path, name: str, claim: bytes) -> Path:
    folder = labs / name
    (folder / "db").mkdir(parents=True)
    (labs / f"{name}.claim").write_bytes(claim)
    return folder


@pytest.mark.parametrize(
    ("claim", "stays"),
    [
        pytest.param(msgspec.json.encode(own()), True, id="of a living one"),
        pytest.param(
            msgspec.json.encode(Claim(own().pid, own().born - 1)), False, id="its number came again"
        ),
        pytest.param(msgspec.json.encode(Claim(2**22 + 1, 1)), False, id="of a dead one"),
        pytest.param(b"", False, id="of one that died writing it"),
        pytest.param(b'{"pid": 1', False, id="of one that died in the middle of it"),
    ],
)
def test_what_is_cleared_away(claim: bytes, stays: bool, tmp_path: Path) -> None:
    folder = lay_down(tmp_path, "lab-1", claim)
    state.sweep(tmp_path)
    assert (folder.exists(), (tmp_path / "lab-1.claim").exists()) == (stays, stays)


def test_who_still_works_in_a_dead_ones_folder_is_ended(tmp_path: Path) -> None:
    folder = lay_down(tmp_path, "lab-1", b"")
    inside = subprocess.Popen(["sleep", "600"], cwd=folder / "db")
    outside = subprocess.Popen(["sleep", "600"], cwd=tmp_path)
    try:
        state.sweep(tmp_path)
        assert (inside.poll(), outside.poll()) == (-9, None)
        assert not folder.exists()
    finally:
        for each in (inside, outside):
            each.kill()
            each.wait()


def test_a_new_lab_is_empty_claimed_and_passable(tmp_path: Path) -> None:
    labs = tmp_path / "labs"
    folder = state.claim(labs)
    assert list(folder.iterdir()) == []
    assert folder.stat().st_mode & 0o777 == 0o711
    assert msgspec.json.decode(folder.with_suffix(".claim").read_bytes(), type=Claim) == own()
    state.release(folder)
    assert [each.name for each in labs.iterdir()] == ["lock"]


def test_a_folder_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "labs").symlink_to(tmp_path / "theirs")
    with pytest.raises(LabError, match="is not a folder of this user: name another"):
        state.claim(tmp_path / "labs")
    assert list((tmp_path / "theirs").iterdir()) == []


def test_another_thread_may_not_open_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its servers would end with it."""
    monkeypatch.setenv("PLIMSOLL_LAB", str(tmp_path / "labs"))
    told: list[str] = []

    def open_one() -> None:
        try:
            with lab():
                told.append("opened")
        except LabError as problem:
            told.append(str(problem))

    thread = threading.Thread(target=open_one)
    thread.start()
    thread.join()
    assert told == ["a lab is opened by the main thread: its servers end with the thread"]
    assert not (tmp_path / "labs").exists()


def test_who_died_before_its_servers_did_takes_them_along(short_folder: Path) -> None:
    """Told by the kernel once they run: also when nobody opens another lab."""
    code = (
        "import os, pathlib, signal, sys\n"
        "from plimsoll.drill.lab.lab import lab\n"
        "from plimsoll.drill.lab.server import Server\n"
        "with lab() as found:\n"
        "    folder = found.make_folder('it')\n"
        "    found.start(Server(name='it', program='sleep', words=('600',), folder=folder, port=0,\n"
        "                       ready=lambda _: True))\n"
        "    found.run('sleep', '0.3')\n"
        "    print(found.running['it'].pid, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PLIMSOLL_LAB": str(short_folder / "dead")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr
    pid = int(done.stdout)
    for _ in range(1000):
        if processes.look(pid) is None:
            break
        threading.Event().wait(0.01)
    assert processes.look(pid) is None
