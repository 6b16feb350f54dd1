"""A server that takes more memory than it may have loses a process, and that is counted."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from plimsoll.drill.lab.cgroups import Layout, delegated
from plimsoll.drill.lab.lab import lab
from plimsoll.drill.lab.server import Server
from plimsoll.drill.lab.watchdog import Watchdog

MIB = 1024 * 1024
# The parent takes little; its child as much as it is told, and waits.
GREEDY = """
import os, sys, time
if os.fork() == 0:
    kept = bytearray(os.urandom(1 << 20) * int(sys.argv[1]))
    time.sleep(600)
os.wait()
open(sys.argv[2], "w").close()
time.sleep(600)
"""


def wait_until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)


def greedy(folder: Path, mebibytes: int) -> Server:
    """Its `tail` keeps so much for a second: there is no end of a line in it."""
    kept = f"(head -c {mebibytes}M /dev/zero; sleep 1) | tail >/dev/null"
    return Server(
        name="greedy",
        program="sh",
        words=("-c", f"if {kept}; then : >kept; else : >lost; fi; sleep 600"),
        folder=folder,
        port=0,
        ready=lambda _: True,
    )


@pytest.mark.real
@pytest.mark.parametrize(("mebibytes", "name", "kills"), [(200, "lost", 1), (5, "kept", 0)])
def test_a_lab_limits_a_server_whichever_way_there_is(
    mebibytes: int, name: str, kills: int, short_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLIMSOLL_LAB", str(short_folder / "memory"))
    with lab() as found:
        folder = found.make_folder("greedy")
        for turn in (1, 2):  # one that is started again has its limit again
            found.start(greedy(folder, mebibytes), memory={"greedy": 100 * MIB})
            wait_until(lambda: any(path.name in ("lost", "kept") for path in folder.iterdir()))
            assert [path.name for path in folder.iterdir()] == [name]
            assert found.killed_for_memory("greedy") == turn * kills
            assert found.limited_by("greedy") in ("control group", "watchdog")
            (folder / name).unlink()
            found.stop()


@pytest.mark.parametrize(("mebibytes", "kills"), [(200, 1), (5, 0)])
def test_the_watchdog_kills_the_largest_of_those_above_the_limit(
    mebibytes: int, kills: int, tmp_path: Path
) -> None:
    watchdog = Watchdog()
    lost = tmp_path / "lost"
    started = subprocess.Popen([sys.executable, "-c", GREEDY, str(mebibytes), str(lost)])
    try:
        watchdog.watch("greedy", started.pid, 100 * MIB)
        if kills:
            wait_until(lost.exists)
        assert watchdog.kills("greedy") == kills
        assert started.poll() is None  # the parent, which is small
    finally:
        watchdog.end()
        subprocess.run(["pkill", "-KILL", "-P", str(started.pid)], check=False)
        started.send_signal(signal.SIGKILL)
        started.wait()


@pytest.mark.parametrize(
    ("own", "files", "layout"),
    [
        pytest.param(
            "0::/user/me\n",
            {"user/me/cgroup.subtree_control": "cpu memory\n"},
            ("user/me", "memory.max", "memory.events"),
            id="version 2, handed on",
        ),
        pytest.param(
            "0::/user/me\n", {"user/me/cgroup.subtree_control": "cpu\n"}, None, id="version 2, not"
        ),
        pytest.param(
            "5:cpu,memory:/a\n0::/\n",
            {"memory/a/tasks": ""},
            ("memory/a", "memory.limit_in_bytes", "memory.oom_control"),
            id="version 1",
        ),
        pytest.param("5:memory:/a\n", {}, None, id="version 1, not mounted"),
        pytest.param("", {}, None, id="none"),
    ],
)
def test_where_groups_may_be_made(
    own: str, files: dict[str, str], layout: tuple[str, str, str] | None, tmp_path: Path
) -> None:
    root = tmp_path / "cgroup"
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text(text)
    (tmp_path / "own").write_text(own)
    wanted = layout and Layout(root / layout[0], layout[1], layout[2])
    assert delegated(root, tmp_path / "own") == wanted


def test_a_machine_that_does_not_tell_has_none(tmp_path: Path) -> None:
    assert delegated(tmp_path, tmp_path / "no such file") is None
