"""uWSGI: options of an INI file; what it says when it starts, and in strict mode of names that it ignores."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

from hypothesis import strategies as st

from oracles.oracle import Answer, Case, Fate, Held, Line, Oracle
from oracles.prediction import somaxconn
from plimsoll.model.setting import Status
from support.programs import need
from support.servers import folder_of_nobody, unprivileged

_NUMBERS = ["1", "2", "3", "+2", "2x", "1.9", "%(number)", "%(number - 1)", "2 ; c", "02"]
_RIGHT = {
    "processes": _NUMBERS, "workers": _NUMBERS, "threads": _NUMBERS,
    "listen": ["10", "64", "64x", "+7", "1_000"],
    "harakiri": ["30", "30s", "5 ; c"], "buffer-size": ["4096", "8k", "32768"], "max-requests": ["1000", "1000x"],
    "socket-timeout": ["4", "30s"],
}  # fmt: skip
_SAME = {"workers": "processes"}
_QUIET = [
    "vacuum = true", "  lazy-apps =\t", "; c", "# c", "", "if-not-env = SHOP_NOBODY\nvacuum = true\nendif =", "single-interpreter",
    "if-env = SHOP_NOBODY\nprocesses = 7\nendif =", "env = A=%(number)", "procname-prefix = %(_)x",
]  # fmt: skip
_NEGATIVE = ["processes", "threads", "harakiri", "listen", "socket-timeout", "cheaper", "idle"]
_SLIPS = ["proceses", "harakri", "buffer-sise", "max-request"]


def _written(name: str, text: str) -> Line:
    return Line(_SAME.get(name, name), text, f"{name} = {text}")


@st.composite
def _line(draw: st.DrawFn) -> Line:
    if draw(st.integers(0, 4)) == 0:
        return Line("", "", draw(st.sampled_from(_QUIET)))
    name = draw(st.sampled_from(sorted(_RIGHT)))
    return _written(name, draw(st.sampled_from(_RIGHT[name])))


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    lines = draw(st.lists(_line(), min_size=1, max_size=5))
    kind = draw(st.integers(0, 5))
    if kind == 0:
        lines.append(_written(draw(st.sampled_from(_NEGATIVE)), str(draw(st.integers(-90, -1)))))
    elif kind == 1:
        lines.append(_written("listen", str(somaxconn() + draw(st.integers(0, 2)))))
    elif kind == 2:
        lines.append(_written(draw(st.sampled_from(_SLIPS)), "2"))
    return Case(tuple(lines))


_SPELLED = [
    Case((_written("listen", str(somaxconn())),)), Case((_written("listen", str(somaxconn() + 1)),)),
    Case((Line("", "", "vacuum"),)), Case((Line("processes", "3", "if-not-env = SHOP_NOBODY\nprocesses = 3\nendif ="),)),
    Case((_written("threads", "%(number)"),)), Case((_written("procname", "%(_)"), _written("processes", "2"))),
]  # fmt: skip
_OWN = "[uwsgi]\nmaster = true\nset-placeholder = number=3\n"


def files(case: Case) -> dict[str, str]:
    return {"shop.ini": _OWN + "".join(f"{line.written}\n" for line in case.lines)}


def command(_: Case) -> list[str]:
    return ["uwsgi", "--ini", "shop.ini"]


def ask(cases: Sequence[Case]) -> Iterator[Answer]:
    with folder_of_nobody() as folder:
        for case in cases:
            (folder / "shop.ini").write_text(files(case)["shop.ini"])
            yield _answer(folder)


def _answer(folder: Path) -> Answer:
    words = [*unprivileged(need("uwsgi-core", "uwsgi-core"), "--ini", folder / "shop.ini")]
    environment = {"PATH": os.environ["PATH"]}
    strict = subprocess.run(
        [*words, "--strict", "--no-server"],
        capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL, timeout=20, check=False,
    )  # fmt: skip
    unknown = re.findall(r"unknown config directive: (\S+)", strict.stdout + strict.stderr)
    said = _started([*words, "--socket", str(folder / "s")], folder, environment)
    if not _TOLD.search(said):
        return Answer(said)
    return Answer(held=_held(said), said=dict.fromkeys(unknown, Fate.IGNORED))


def _started(words: Sequence[str], folder: Path, environment: dict[str, str]) -> str:
    """What it says until it has told of its workers, or ends."""
    log = folder / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            words, stdout=out, stderr=out, env=environment, cwd=folder, start_new_session=True
        )
    try:
        end = time.monotonic() + 20
        while (
            process.poll() is None and not _TOLD.search(log.read_text()) and time.monotonic() < end
        ):
            time.sleep(0.005)
        return log.read_text()
    finally:
        with suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(process.pid, signal.SIGKILL)  # its own way out takes a second
        process.wait()


_TOLD = re.compile(
    r"spawned uWSGI worker \d+ \(pid: \d+, cores: (\d+)\)|Operational MODE: no-workers"
)


def _held(said: str) -> dict[str, Held]:
    queue = re.search(r"listen backlog is limited to (\d+)", said)
    cores, threads = re.search(r"for (\d+) cores", said), _TOLD.search(said)
    assert queue
    each = int(threads[1] or 1) if threads else 1
    held: dict[str, Held] = {
        "listen": Fraction(queue[1]),
        "processes": Fraction(int(cores[1]) if cores else 0, each),
    }
    return held | ({"threads": Fraction(each)} if cores else {})


ORACLE = Oracle(
    "uwsgi", "uwsgi-core", "uwsgi-core", _cases(), _SPELLED, ask, files, command,
    refuses=frozenset({Status.REFUSED}), refusing=["uwsgi-listen-above-somaxconn"],
)  # fmt: skip
