"""Programs that run until they are told to stop: what is told of them, and nothing left of them."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from plimsoll.hosts import HostError
from plimsoll.hosts.started import Started, start


def started(code: str, folder: Path, **environment: str) -> Started:
    words = [sys.executable, "-c", code]
    return start("it", words, folder=folder, log=folder / "log", environment=environment)


def wait_until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_it_runs_in_its_folder_with_its_environment_and_log(tmp_path: Path) -> None:
    code = "import os, sys; print(os.getcwd(), os.environ['A'], sys.stdin.read() == '')"
    found = started(code, tmp_path, A="b")
    wait_until(lambda: found.code() is not None)
    assert (found.code(), (tmp_path / "log").read_text()) == (0, f"{tmp_path} b True\n")


def test_it_runs_until_it_is_told_to_stop(tmp_path: Path) -> None:
    found = started("import time; time.sleep(600)", tmp_path)
    assert found.code() is None
    assert found.stop(signal.SIGTERM, seconds=20) < 20
    assert found.code() == -signal.SIGTERM


def test_what_it_started_ends_with_it(tmp_path: Path) -> None:
    code = (
        "import subprocess; p = subprocess.Popen(['sleep', '600']);"
        "open('pid', 'w').write(str(p.pid)); p.wait()"
    )
    found = started(code, tmp_path, PATH="/usr/bin:/bin")
    pid = tmp_path / "pid"
    wait_until(lambda: pid.is_file() and pid.read_text() != "")
    found.kill()
    wait_until(lambda: not is_running(int(pid.read_text())))


def test_who_does_not_stop_is_killed_and_that_is_said(tmp_path: Path) -> None:
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "open('deaf', 'w'); time.sleep(600)"
    )
    found = started(code, tmp_path)
    wait_until((tmp_path / "deaf").exists)
    with pytest.raises(HostError, match=r"did not stop in 0\.2 s and was killed"):
        found.stop(signal.SIGTERM, seconds=0.2)
    assert found.code() == -signal.SIGKILL


def test_to_stop_what_has_ended_is_no_fault(tmp_path: Path) -> None:
    found = started("pass", tmp_path)
    wait_until(lambda: found.code() is not None)
    found.stop(signal.SIGTERM, seconds=1)
    assert found.code() == 0


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(HostError, match="a server cannot be started: No such file"):
        start(
            "a server", ["no-such-program"], folder=tmp_path, log=tmp_path / "log", environment={}
        )


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
