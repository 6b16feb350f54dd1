"""HAProxy: lines of its sections, under a limit of descriptors; `-c`, a start, and `show info` and `show stat`."""

from __future__ import annotations

import re
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from hypothesis import strategies as st

from oracles.oracle import Answer, Case, Fate, Held, Line, Oracle
from support.programs import need
from support.servers import folder_of_nobody, unprivileged

_TIMES = ["5", "5000", "1s", "2m", "3h", "24d", "7ms", "9us", "1h30m", "030"]
_WRONG_TIMES = ["1.5s", "30S", "25d", "-1", "s", "1 s", "+5s", "2147483648", "x", "5e3", "1min"]
_VITAL = ["timeout client", "timeout server", "timeout connect"]
_TIMEOUTS = [*_VITAL, "timeout queue", "timeout check", "timeout http-request", "timeout http-keep-alive",
             "timeout tunnel", "timeout client-fin"]  # fmt: skip
_GLOBAL = {
    "maxconn": ["1", "20", "100", "400", "480", "2000", "7x"], "nbthread": ["1", "2"], "tune.maxaccept": ["5", "100"],
    "hard-stop-after": ["5", "1s", "2m", "1h30m"], "tune.h2.max-frame-size": ["20000"],
}  # fmt: skip
_PROXY = {
    "backlog": ["5", "100"],
    "retries": ["1", "5"],
    "fullconn": ["5", "100"],
    "maxconn": ["5", "100", "2000"],
}
_QUIET = [
    "global: daemon", "global: log 127.0.0.1 local0 # x", 'global: description "x # y"', "global: no busy-polling",
    "defaults: mode http", "defaults: option redispatch 2", "defaults: no option redispatch", "defaults: balance leastconn",
    "listen: http-reuse always", "listen: option http-server-close", "listen: bind unix@/run/b", "listen: # timeout client x",
    "listen: server s2 127.0.0.1:9 check inter 2m", "listen: server s3 127.0.0.1:9 backup weight 5 maxconn 3",
    "listen: server-template t 3 127.0.0.1:9 check", "listen: default-server check", "listen: server s4 127.0.0.1:9",
]  # fmt: skip
_BROKEN = [
    "global: nbthread 2x", "global: nbthread 0", "global: maxcon 5", "defaults: timeout clients 5s", "defaults: mode https",
    "global: hard-stop-after 1.5s", "global: tune.h2.max-frame-size 1k", "defaults: option httplogg", "global: .endif",
    "global: .foo", "global: log 'x", "listen: server s5 127.0.0.1:9 chek", "defaults: bind unix@/run/c",
    "defaults: server s6 127.0.0.1:9", "defaults: use_backend x", "defaults: redirect prefix /x",
]  # fmt: skip


def _at(section: str, name: str, text: str) -> Line:
    part = "" if section == "global" else "proxy/"
    return Line(f"{part}{name}", text, f"{section}: {name} {text}")


@st.composite
def _line(draw: st.DrawFn) -> Line:
    kind = draw(st.integers(0, 9))
    section = draw(st.sampled_from(["defaults", "listen"]))
    if kind < 3:
        name = draw(st.sampled_from(sorted(_GLOBAL)))
        return _at("global", name, draw(st.sampled_from(_GLOBAL[name])))
    if kind < 6:
        name = draw(st.sampled_from(_TIMEOUTS))
        return _at(
            section, name, draw(st.sampled_from([*_TIMES, "0"] if name in _VITAL else _TIMES))
        )
    if kind < 8:
        name = draw(st.sampled_from(sorted(_PROXY)))
        return _at("listen", name, draw(st.sampled_from(_PROXY[name])))
    return Line("", "", draw(st.sampled_from(_QUIET)))


@st.composite
def _fault(draw: st.DrawFn) -> Line:
    if draw(st.booleans()):
        return Line("", "", draw(st.sampled_from(_BROKEN)))
    return _at("defaults", draw(st.sampled_from(_TIMEOUTS)), draw(st.sampled_from(_WRONG_TIMES)))


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    lines = draw(
        st.lists(
            _line(),
            min_size=1,
            max_size=7,
            unique_by=lambda line: line.written.split(": ")[-1].rsplit(" ", 1)[0],
        )
    )
    if any(line.name == "maxconn" for line in lines) and draw(st.booleans()):
        lines.append(_at("global", "maxpipes", draw(st.sampled_from(["5", "20"]))))
    if draw(st.integers(0, 3)) == 0:
        lines.append(draw(_fault()))
    return Case(tuple(lines), draw(st.sampled_from([None, None, 1000, 1024, 4096])))


_SPELLED = [
    *(Case((_at("defaults", "timeout client", text),)) for text in ("30", "0", "1.5s", "30S", "25d", "1h30m", "5s")),
    Case((_at("global", "maxconn", "4096"),), 1024), Case((_at("global", "maxconn", "500"),), 1000),
    Case((_at("global", "maxconn", "490"),), 1000), Case((_at("global", "maxconn", "100"), _at("listen", "maxconn", "5000"))),
]  # fmt: skip


def files(case: Case) -> dict[str, str]:
    written: dict[str, list[str]] = {section: [] for section in ("global", "defaults", "listen")}
    for line in case.lines:
        section, _, text = line.written.partition(": ")
        written[section].append(text)
    vital = [
        each
        for each in _VITAL
        if not any(text.startswith(each + " ") for text in written["defaults"])
    ]
    texts = [
        "global", "stats socket unix@/run/s mode 666", *written["global"],
        "defaults", *(f"{each} 50s" for each in vital), *written["defaults"],
        "listen l", "bind unix@/run/a", "server s1 127.0.0.1:9", *written["listen"],
    ]  # fmt: skip
    return {"haproxy.cfg": "".join(f"{text}\n" for text in texts)}


def ask(cases: Sequence[Case]) -> Iterator[Answer]:
    for case in cases:
        with folder_of_nobody() as folder:
            path = folder / "haproxy.cfg"
            path.write_text(files(case)["haproxy.cfg"].replace("@/run/", f"@{folder}/"))
            yield _answer(path, case)


def _answer(path: Path, case: Case) -> Answer:
    limit = ["prlimit", f"--nofile={case.nofile}:{case.nofile}"] if case.nofile else []
    words = [*limit, *unprivileged(need("haproxy", "haproxy"), "-db", "-f", path)]
    tested = subprocess.run([*words, "-c"], capture_output=True, text=True, timeout=20, check=False)
    if tested.returncode:
        return Answer(tested.stderr)
    log = path.parent / "log"
    with log.open("w") as out:
        process = subprocess.Popen(words, stderr=out, stdout=out)
    try:
        if not _is_up(process, path.parent):
            return Answer(log.read_text())
        info, stat = _asked(path.parent, "show info"), _asked(path.parent, "show stat")
    finally:
        process.kill()
        process.wait(20)
    return Answer(held=_held(info, stat), said=_said(tested.stdout + tested.stderr, case))


def _is_up(process: subprocess.Popen[bytes], folder: Path) -> bool:
    end = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < end:
        try:
            return "Maxconn" in _asked(folder, "show info")
        except OSError:
            time.sleep(0.005)
    return False


def _asked(folder: Path, question: str) -> str:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(folder / "s"))
        connection.sendall(f"{question}\n".encode())
        return b"".join(iter(lambda: connection.recv(65_536), b"")).decode()


def _held(info: str, stat: str) -> dict[str, Held]:
    shown = dict(re.findall(r"^(\w+): (\d+)$", info, re.MULTILINE))
    rows = [line.split(",") for line in stat.splitlines()]
    [most] = [row[6] for row in rows if row[:2] == ["l", "FRONTEND"]]
    return {
        "maxconn": Fraction(shown["Maxconn"]),
        "nbthread": Fraction(shown["Nbthread"]),
        "proxy/maxconn": Fraction(most),
    }


def _said(warnings: str, case: Case) -> dict[str, Fate]:
    """What `-c` says of times that it takes in part or not at all."""
    told: dict[str, Fate] = {}
    for line in case.lines:
        own = line.name.rpartition("/")[2]
        if "missing timeouts" in warnings and own in _VITAL and line.text == "0":
            told[line.name] = Fate.IGNORED
        if f"after the timer value '{line.text}'" in warnings:
            told[line.name] = Fate.ALTERED
    return told


ORACLE = Oracle(
    "haproxy", "haproxy", "haproxy", _cases(), _SPELLED, ask, files, version=["-v"],
    refusing=["haproxy-connections-exceed-descriptors"],
    saying={"haproxy-timeout-zero": ("", Fate.IGNORED), "haproxy-unit-refused": ("", Fate.ALTERED)},
)  # fmt: skip
