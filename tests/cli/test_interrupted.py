"""Ctrl-C, and what a long run says meanwhile."""

from __future__ import annotations

import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from plimsoll.check import check, load_rules
from plimsoll.cli.progress import AFTER, Progress
from plimsoll.stack import read_texts

PLIMSOLL = Path(sys.executable).parent / "plimsoll"


def test_who_interrupts_gets_what_was_found_so_far() -> None:
    from datetime import date

    texts = {
        "plimsoll.yaml": "services: {c: {technology: redis, files: [redis.conf]}}\n",
        "redis.conf": "maxmemory 1gb\n",
    }
    rules = load_rules()

    def interrupt(_rule: str, done: int, _of: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    outcome = check(read_texts(texts), rules, date(2027, 1, 1), tell=interrupt)
    assert not outcome.is_whole
    cut = {each.rule for each in outcome.skipped if each.reason == "interrupted"}
    assert cut == {rule.id for rule in rules[3:]}


def test_nothing_is_shown_of_a_short_run() -> None:
    out = io.StringIO()
    told = Progress(out)
    told.stop()
    told.show()
    told.clear()
    assert out.getvalue() == ""


def test_a_long_run_says_what_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Thread

    monkeypatch.setattr("plimsoll.cli.progress.AFTER", 0.0)
    monkeypatch.setattr("plimsoll.cli.progress.EVERY", 0.01)
    out = io.StringIO()
    told = Progress(out)
    thread = Thread(target=told.show)
    thread.start()
    told.doing = "rule 3 of 9 (x)"
    while "rule 3 of 9 (x)" not in out.getvalue():
        time.sleep(0.01)
    told.stop()
    thread.join()
    told.clear()
    assert out.getvalue().endswith(" \r")
    assert AFTER == 1.0


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    """A stack that takes seconds to ask about."""
    servers = "".join(
        f"server {{ listen {n}; location / {{ proxy_pass http://b{n}; }} }}\n"
        for n in range(1, 2000)
    )
    for n in range(40):
        (tmp_path / f"nginx-{n}.conf").write_text(f"events {{}}\nhttp {{\n{servers}}}\n")
    services = "".join(
        f"  s{n}: {{technology: nginx, files: [nginx-{n}.conf]}}\n" for n in range(40)
    )
    (tmp_path / "plimsoll.yaml").write_text(f"services:\n{services}")
    return tmp_path


def test_ctrl_c_ends_at_once(slow: Path) -> None:
    process = subprocess.Popen(
        [PLIMSOLL, "check", slow, "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert err == b""
    if out:  # else it was still reading
        said = json.loads(out)
        assert any(each["reason"] == "interrupted" for each in said["skipped"])


def test_on_a_terminal_a_long_run_says_what_it_does(slow: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [PLIMSOLL, "check", slow, "-q"], stdout=subprocess.DEVNULL, stderr=theirs
    )
    os.close(theirs)
    said = b""
    while b"Ctrl-C" not in said and process.poll() is None:
        said += os.read(ours, 1000)
    process.send_signal(signal.SIGINT)
    process.wait(30)
    os.close(ours)
    assert b"plimsoll: " in said
    assert b"(Ctrl-C ends it)" in said
