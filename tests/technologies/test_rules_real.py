"""Exact rules against the servers that they speak of: what a rule calls refused is refused."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.check import check, knowledge, load_rules
from plimsoll.check.language.values import Num
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.stack import Stack
from plimsoll.stack import read_texts
from support.counts import drawn
from support.php_fpm import asked
from support.programs import need

pytestmark = pytest.mark.real

TODAY = date(2026, 12, 1)


def found(rule: str, files: dict[str, str]) -> bool:
    """Whether *rule* finds something in a stack of these files."""
    return bool(check(read_texts(files), load_rules(), TODAY, only=[rule]).findings)


# ------------------------------------------------------------------------------------------- php-fpm


_CHILDREN = st.integers(1, 6)


@drawn(20, 200)
@given(
    st.sampled_from(["dynamic", "static", "ondemand"]),
    st.none() | _CHILDREN,
    st.none() | _CHILDREN,
    st.none() | _CHILDREN,
    st.none() | _CHILDREN,
)
def test_numbers_of_children_that_php_fpm_refuses(
    pm: str, most: int | None, start: int | None, least: int | None, spare: int | None
) -> None:
    named = {
        "pm.max_children": most,
        "pm.start_servers": start,
        "pm.min_spare_servers": least,
        "pm.max_spare_servers": spare,
    }
    lines = [f"{name} = {value}" for name, value in named.items() if value is not None]
    pool = "\n".join(["[www]", f"pm = {pm}", *lines, ""])
    files = {
        "plimsoll.yaml": "services: {app: {technology: php-fpm, files: [www.conf]}}\n",
        "www.conf": pool,
    }
    head = "[global]\nerror_log = /dev/null\n"
    theirs = asked(f"{head}{pool}user = nobody\nlisten = 9000\n", {"PATH": "/usr/bin"})
    assert found("php-spare-servers-refused", files) is bool(theirs.refusal)


# --------------------------------------------------------------------------------------------- uwsgi


def _somaxconn() -> int:
    return int(Path("/proc/sys/net/core/somaxconn").read_text())


@pytest.mark.parametrize("above", [0, 1])
@pytest.mark.parametrize("socket", ["tcp", "unix"])
def test_a_queue_that_uwsgi_refuses(above: int, socket: str, tmp_path: Path) -> None:
    limit = _somaxconn()
    at = "127.0.0.1:0" if socket == "tcp" else str(tmp_path / "socket")
    words = [need("uwsgi-core", "uwsgi-core"), "--listen", str(limit + above), "--socket", at]
    files = {
        "plimsoll.yaml": f"""
hosts: {{one: {{settings: {{net.core.somaxconn: {limit}}}}}}}
services: {{app: {{technology: uwsgi, host: one, command: "{" ".join(["uwsgi", *words[1:]])}"}}}}
"""
    }
    log = tmp_path / "log"
    with log.open("w") as out:
        process = subprocess.Popen(words, stdout=out, stderr=subprocess.STDOUT)
        try:
            said = _wait(log, r"Listen queue size is greater|spawned uWSGI worker")
        finally:
            process.kill()
            process.wait()
    is_refused = said.startswith("Listen queue")
    assert is_refused is found("uwsgi-listen-above-somaxconn", files) is bool(above)


@pytest.mark.parametrize(
    ("options", "is_found"),
    [(["--master"], True), (["--master", "--die-on-term"], False), ([], False)],
)
def test_the_signal_that_makes_uwsgi_start_anew(
    options: list[str], is_found: bool, tmp_path: Path
) -> None:
    words = [need("uwsgi-core", "uwsgi-core"), "--socket", str(tmp_path / "socket"), *options]
    command = " ".join(["uwsgi", *words[1:]])
    unit = f"[Service]\nExecStart=/usr/bin/{command}\n"
    log = tmp_path / "log"
    with log.open("w") as out:
        process = subprocess.Popen(words, stdout=out, stderr=subprocess.STDOUT)
        try:
            _wait(log, r"spawned uWSGI worker")
            process.send_signal(signal.SIGTERM)
            if is_found:
                _wait(log, r"binary reloading uWSGI")
            else:
                process.wait(10)
        finally:
            process.kill()
            process.wait()
    assert found("uwsgi-term-reloads", {"app.service": unit}) is is_found


def _wait(log: Path, pattern: str) -> str:
    until = time.monotonic() + 20
    while not (said := re.search(pattern, log.read_text())):
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.05)
    return said[0]


# ---------------------------------------------------------------------------------- gunicorn and Java


_CLASSES = {"sync": "sync", "gthread": "g?threads?"}  # 20.1 writes "threads"


@pytest.mark.parametrize(("threads", "runs"), [(1, "sync"), (2, "gthread")])
def test_the_class_of_workers_that_gunicorn_runs(threads: int, runs: str, tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text("def app(environ, start): pass\n")
    words = ["-k", "sync", "--threads", str(threads), "-b", f"unix:{tmp_path}/socket", "shop:app"]
    log = tmp_path / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [need("gunicorn", "gunicorn"), *words], cwd=tmp_path, stdout=out, stderr=out
        )
        try:
            _wait(log, f"Using worker: {_CLASSES[runs]}\n")
        finally:
            process.terminate()
            process.wait(20)
    command = " ".join(["gunicorn", *words])
    files = {
        "plimsoll.yaml": f"services: {{app: {{technology: gunicorn, command: '{command}'}}}}\n"
    }
    assert found("gunicorn-threads-change-class", files) is (runs == "gthread")


@pytest.mark.parametrize(
    "flags", ["-Xmx1638", "-Xms2049m -Xmx2g", "-Xmx0.5g", "-Xms2g -Xmx2g", "-Xmx1073741824"]
)
def test_a_heap_that_java_refuses(flags: str) -> None:
    words = [need("java", "openjdk-17-jdk-headless"), *flags.split(), "-version"]
    done = subprocess.run(words, capture_output=True, timeout=60, check=False)
    files = {
        "plimsoll.yaml": "services: {app: {technology: jvm, files: [jvm.config]}}\n",
        "jvm.config": "\n".join([*flags.split(), ""]),
    }
    assert found("jvm-heap-without-unit", files) is (done.returncode != 0)


@pytest.mark.parametrize("mebibytes", [64, 256, 300, 512, 1024, 2048, 4096, 8192])
def test_the_heap_that_java_takes_of_a_memory(mebibytes: int) -> None:
    words = [need("java", "openjdk-17-jdk-headless"), f"-XX:MaxRAM={mebibytes}m"]
    done = subprocess.run(
        [*words, "-XX:+PrintFlagsFinal", "-version"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    [theirs] = re.findall(r"size_t MaxHeapSize\s+= (\d+)", done.stdout)
    text = f"services: {{app: {{technology: jvm, memory: {mebibytes}MiB}}}}\n"
    stack = read_texts({"plimsoll.yaml": text})
    assert _heap(stack) == pytest.approx(int(theirs), rel=0.03)


def _heap(stack: Stack) -> float:
    heap = StackWorld(stack, knowledge()).attribute(thing(stack.services["app"]), "heap")
    assert isinstance(heap, Num)
    return float(heap.low)
