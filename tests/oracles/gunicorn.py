"""gunicorn: lines of its file and options; `--print-config` says what runs, a start which class of workers."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from hypothesis import strategies as st

from oracles.oracle import Answer, Case, Held, Line, Oracle, told
from plimsoll.technologies import technology
from support.programs import need

GUNICORN = technology("gunicorn")
assert GUNICORN is not None
SCHEMA = GUNICORN.schema

_OPTIONS = {
    "workers": "--workers", "threads": "--threads", "backlog": "--backlog", "timeout": "--timeout",
    "graceful_timeout": "--graceful-timeout", "keepalive": "--keep-alive", "max_requests": "--max-requests",
    "worker_connections": "--worker-connections", "limit_request_line": "--limit-request-line",
}  # fmt: skip
_NUMBERS = {
    "0": "0", "1": "1", "7": "7", "'8'": "8", "0x10": "16", "2 * 3": "6", "10 // 3": "3", "' 5 '": "5", "1_000": "1000",
    "True": "1", "int('4')": "4", "max(2, 9)": "9", "7.0 // 2": "3",
}  # fmt: skip
_SWITCHES = ["preload_app", "reload", "daemon", "capture_output", "spew"]
_TRUTHS = {
    "True": "true",
    "False": "false",
    "'true'": "true",
    "'False'": "false",
    "not False": "true",
    "1 > 2": "false",
}
_WRONG = [
    "workers = -1", "timeout = '30s'", "preload_app = 1", "workers = 1.5", "threads = [2]", "backlog = 'x'", "reload = 'yes'",
    "loglevel = 5", "workers = ", "timeout = 2 +", "  workers = 3", "keepalive = ''", "daemon = ''", "workers = '010'",
    "--workers x", "--timeout 5s", "--nosuch", "--preload=1", "--backlog -1", "--work 3",
]  # fmt: skip
_QUIET = [
    "# workers = 3",
    "import os",
    "bind = ['a:1', 'b:2']",
    "unknown_name = 5",
    "",
    "def hook(server):\n    workers = 9",
]


@st.composite
def _line(draw: st.DrawFn) -> Line:
    kind = draw(st.integers(0, 5))
    if kind < 2:
        name = draw(st.sampled_from(sorted(_OPTIONS)))
        code = draw(st.sampled_from(sorted(_NUMBERS)))
        return Line(name, _NUMBERS[code], f"{name} = {code}")
    if kind == 2:
        code = draw(st.sampled_from(sorted(_TRUTHS)))
        name = draw(st.sampled_from(_SWITCHES))
        return Line(name, _TRUTHS[code], f"{name} = {code}")
    if kind < 5:
        name, text = draw(st.sampled_from(sorted(_OPTIONS))), str(draw(st.integers(0, 99)))
        return Line(name, text, f"{_OPTIONS[name]}{draw(st.sampled_from([' ', '=']))}{text}")
    return Line("", "", draw(st.sampled_from(_QUIET)))


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    lines = draw(st.lists(_line(), min_size=1, max_size=6))
    kind = draw(st.integers(0, 3))
    if kind == 0:
        lines.append(Line("", "", draw(st.sampled_from(_WRONG))))
    if kind == 1:
        lines.append(Line("worker_class", "sync", "worker_class = 'sync'"))
        lines.append(Line("threads", "4", "threads = 4"))
    return Case(tuple(lines))


_SPELLED = [
    Case((Line("workers", "3", "--workers 3"), Line("workers", "2", "workers = 2"))),
    Case((Line("workers", "5", "import os\nworkers = int(os.getenv('SHOP_NOBODY', 5))"),)),
    Case((Line("", "", "def post_fork(server, worker):\n    workers = 9"),)),
    Case((Line("worker_class", "sync", "--worker-class sync"), Line("threads", "4", "--threads 4"))),
    Case((Line("timeout", "0", "timeout = 0"),)),
]  # fmt: skip


def files(case: Case) -> dict[str, str]:
    code = [line.written for line in case.lines if not line.written.startswith("-")]
    return {"gunicorn.conf.py": "".join(f"{each}\n" for each in code)}


def command(case: Case) -> list[str]:
    options = [line.written for line in case.lines if line.written.startswith("-")]
    return ["gunicorn", *shlex.split(" ".join(options)), "shop:app"]


def ask(cases: Sequence[Case]) -> Iterator[Answer]:
    with tempfile.TemporaryDirectory(prefix="plimsoll-") as name:
        folder = Path(name)
        (folder / "shop.py").write_text("def app(environ, start): pass\n")
        for case in cases:
            (folder / "gunicorn.conf.py").write_text(files(case)["gunicorn.conf.py"])
            yield _answer(folder, command(case)[1:])


def _answer(folder: Path, words: Sequence[str]) -> Answer:
    done = subprocess.run(
        [need("gunicorn", "gunicorn"), "--print-config", *words], cwd=folder, capture_output=True, text=True,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}, timeout=60, check=False,
    )  # fmt: skip
    if done.returncode:
        return Answer(done.stderr or "it does not start")
    return Answer(
        held=dict(_held(dict(re.findall(r"^(\w+)\s+= (.*)$", done.stdout, re.MULTILINE))))
    )


def _held(said: dict[str, str]) -> Iterator[tuple[str, Held]]:
    for name in (*_OPTIONS, *_SWITCHES):
        if name in said and (entry := SCHEMA.entry(name)):
            yield name, told(said[name], entry)


ORACLE = Oracle("gunicorn", "gunicorn", "gunicorn", _cases(), _SPELLED, ask, files, command)
