"""Apache: directives for each MPM; `-t` refuses, DUMP_CONFIG is its tree, and AH005.. what it makes of its workers."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from hypothesis import strategies as st

from oracles.oracle import Answer, Case, Held, Line, Oracle, plain
from plimsoll.model.setting import Status
from plimsoll.technologies import technology
from support.programs import need

APACHE = technology("apache")
assert APACHE is not None
SCHEMA = APACHE.schema
MODULES = Path("/usr/lib/apache2/modules")

_TIMES = ["5", "60", "100ms", "30s", "1h", "2min"]
_NUMBERS = ["1", "5", "100", "2000"]
_RIGHT = {
    "Timeout": _TIMES, "KeepAliveTimeout": _TIMES, "ProxyTimeout": _NUMBERS, "MaxKeepAliveRequests": _NUMBERS,
    "LimitRequestFields": _NUMBERS, "KeepAlive": ["On", "off", '"on"', "'Off'", "ON"],
    "ProxyPreserveHost": ["On", "off"], "LimitRequestBody": ["0", "5", "1048576"], "ListenBackLog": ["10", "511"],
    "GracefulShutdownTimeout": _NUMBERS, "MaxConnectionsPerChild": ["0", "10"],
}  # fmt: skip
_WORKERS = {
    "MaxRequestWorkers": ["10", "20", "110", "150", "256", "300", "401", "410", "1000"], "ServerLimit": ["4", "16", "20", "100", "300"],
    "ThreadsPerChild": ["10", "25", "64", "100"], "ThreadLimit": ["50", "100"],
}  # fmt: skip
_WRONG = [
    "KeepAlive yes", "KeepAliveTimeout 1.5", "KeepAliveTimeout 5S", "LimitRequestBody 10M", "ListenBackLog 0",
    "ProxyTimeout 0", "MaxRequestWorkerss 5", "KeepAliveTimeouts 5", "<VirtualHost *:80>", "</Directory>",
    "<VirtualHost *>\nMaxRequestWorkers 5\n</VirtualHost>", "AsyncRequestWorkerFactor x", "HostnameLookups maybe",
    "<Directory /a>\nKeepAlive On\n</Directory>", "<IfModule core.c>\nKeepAlive maybe\n</IfModule>",
]  # fmt: skip
_QUIET = [
    "SetEnv A 'b # c'", "# Timeout x", "<IfModule ssl_module>\nKeepAlive Off\n</IfModule>", "Define N 7",
    "<IfDefine NOBODY>\nTimeout 7\n</IfDefine>", "ProxyPass /a http://127.0.0.1:9/ retry=5",
    "<VirtualHost *:80>\nTimeout 9\n</VirtualHost>",
]  # fmt: skip
_MPMS = ("event", "worker", "prefork")


@st.composite
def _line(draw: st.DrawFn) -> Line:
    if draw(st.integers(0, 5)) == 0:
        return Line("", "", draw(st.sampled_from(_QUIET)))
    name = draw(st.sampled_from(sorted(_RIGHT)))
    text = draw(st.sampled_from(_RIGHT[name]))
    blank = draw(st.sampled_from([" ", "  ", "\t", " \\\n  "]))
    return Line(
        name, text, f"{draw(st.sampled_from([name, name.lower(), name.upper()]))}{blank}{text}"
    )


def _written(name: str, text: str) -> Line:
    return Line(name, text, f"{name} {text}")


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    mpm = draw(st.sampled_from(_MPMS))
    names = draw(st.lists(st.sampled_from(sorted(_WORKERS)), max_size=3, unique=True))
    if mpm == "prefork":
        names = [name for name in names if not name.startswith("Thread")]
    lines = [_mpm(mpm), *(_written(name, draw(st.sampled_from(_WORKERS[name]))) for name in names)]
    lines += draw(st.lists(_line(), max_size=4))
    if draw(st.integers(0, 3)) == 0:
        lines.append(Line("", "", draw(st.sampled_from(_WRONG))))
    return Case(tuple(lines))


def _mpm(name: str) -> Line:
    return Line("", "", f"LoadModule mpm_{name}_module {MODULES}/mod_mpm_{name}.so")


def _workers(mpm: str, said: str) -> Case:
    return Case((_mpm(mpm), *(_written(*each.split()) for each in said.split("; ") if each)))


_BLOCKS = "".join(
    f"<IfModule mpm_{m}_module>\nMaxRequestWorkers {n}\n</IfModule>\n"
    for m, n in (("event", 25), ("worker", 50), ("prefork", 7))
)
_SPELLED = [
    *(_workers("event", said) for said in (
        "MaxRequestWorkers 1000", "MaxRequestWorkers 110", "MaxRequestWorkers 20", "ThreadsPerChild 100",
        "ServerLimit 4", "ThreadLimit 100; ThreadsPerChild 100; MaxRequestWorkers 1600",
    )),
    _workers("worker", "MaxRequestWorkers 401"), _workers("worker", "ServerLimit 20; MaxRequestWorkers 500"),
    _workers("prefork", "MaxRequestWorkers 300"), _workers("prefork", "ServerLimit 300; MaxRequestWorkers 300"),
    *(Case((_mpm(mpm), Line("MaxRequestWorkers", text, _BLOCKS))) for mpm, text in (("event", "25"), ("worker", "50"), ("prefork", "7"))),
    Case((_mpm("event"), Line("MaxRequestWorkers", "75", "MaxClients 50\nMaxClients 100\nMaxClients 75"))),
]  # fmt: skip
_LOADED = ("authz_core", "info", "proxy", "proxy_http", "env", "mime", "reqtimeout")


def files(case: Case) -> dict[str, str]:
    lines = case.lines or (_mpm("event"),)
    modules = [f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in _LOADED]
    return {
        "apache2.conf": "".join(
            f"{text}\n" for text in [*modules, *(line.written for line in lines)]
        )
    }


def ask(cases: Sequence[Case]) -> Iterator[Answer]:
    with tempfile.TemporaryDirectory(prefix="plimsoll-") as folder:
        path = Path(folder) / "x.conf"
        for case in cases:
            path.write_text(files(case)["apache2.conf"])
            yield _answer(path)


def _answer(path: Path) -> Answer:
    before = [
        f"ServerRoot {path.parent}",
        f"PidFile {path.parent}/pid",
        "ServerName x",
        f"ErrorLog {path.parent}/log",
    ]
    words = [
        need("apache2", "apache2"),
        "-f",
        str(path),
        *(word for each in before for word in ("-C", each)),
    ]
    words += ["-c", "Listen 127.0.0.1:18090", "-t", "-D", "DUMP_CONFIG"]
    done = subprocess.run(words, capture_output=True, timeout=20, check=False)
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    if done.returncode:
        return Answer(said)
    return Answer(held=_tree(said) | _made(said))


def _tree(said: str) -> dict[str, Held]:
    """The last text of each directive that stands in no block, and what it means to a person."""
    names = {name.lower(): name for name in (*_RIGHT, *_WORKERS)} | {
        "maxclients": "MaxRequestWorkers"
    }
    found: dict[str, Held] = {}
    depth = 0
    for line in said.splitlines():
        if line.startswith("<"):
            depth += -1 if line.startswith("</") else 1
        word, _, text = line.strip().partition(" ")
        name = names.get(word.lower(), "")
        if depth == 0 and (entry := SCHEMA.entry(name)):
            found[name] = plain(text, entry)
    return found


_CUT = re.compile(
    r"MaxRequestWorkers of \d+ .*(?:decreasing to|nearest multiple|increasing to) (\d+)"
    r"|decreasing MaxRequestWorkers to (\d+)"
)


def _made(said: str) -> dict[str, Held]:
    """What its warnings say that it makes of its workers."""
    found: dict[str, Held] = {}
    if numbers := [a or b for a, b in _CUT.findall(said)]:
        found["MaxRequestWorkers"] = Fraction(numbers[-1])
    if threads := re.search(r"ThreadsPerChild of \d+ .* decreasing to (\d+)", said):
        found["ThreadsPerChild"] = Fraction(threads[1])
    return found


ORACLE = Oracle(
    "apache", "apache2", "apache2", _cases(), _SPELLED, ask, files, version=["-v"],
    refuses=frozenset({Status.REFUSED, Status.UNKNOWN_NAME, Status.MISPLACED}),
    altering=["apache-workers-cut", "apache-workers-not-multiple", "apache-threads-cut"],
)  # fmt: skip
