"""nginx: directives of every level, under a limit of descriptors; `-t`, and what a start says."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from hypothesis import strategies as st

from oracles.oracle import Answer, Case, Fate, Held, Line, Oracle
from plimsoll.model.setting import Status
from support.programs import need
from support.servers import folder_of_nobody, unprivileged

_COUNT = st.integers(20, 900).map(str)
_SIZE = st.builds("{}{}".format, st.integers(1, 64), st.sampled_from(["k", "K", "m", "M"]))
_OFFSET = _SIZE | st.sampled_from(["0", "1g", "2G", "1048576"])
_TIME = st.sampled_from(["5", "60s", "1m", "1h30m", "1m30s", "500ms", "1d", "2w", "0", "1h 30m"])
_SECONDS = st.sampled_from(["5", "60s", "1m", "1h30m", "1d"])
_FLAG = st.sampled_from(["on", "off", "ON", "Off"])
_RIGHT = {
    "count": _COUNT,
    "size": _SIZE,
    "offset": _OFFSET,
    "ms": _TIME,
    "seconds": _SECONDS,
    "flag": _FLAG,
}
_WRONG = {
    "count": ["1k", "abc", "-1", "1.5", "", "0x1", "99999999999999999999"],
    "size": ["1gb", "1.5k", "8kb", "-1", "k", "1 k", "10%"],
    "offset": ["1gb", "1.5g", "1t", "x", "-5"],
    "ms": ["5min", "1.5s", "60S", "s", "1m1h", "60 s", "never", "1s1s"],
    "seconds": ["500ms", "1.5", "5min", "x"],
    "flag": ["yes", "true", "1", "onn", "no"],
}
# Name, notation, and where it may stand.
_DIRECTIVES = [
    *((name, "ms", "http server location") for name in (
        "client_body_timeout", "send_timeout", "proxy_read_timeout", "proxy_cache_lock_timeout", "resolver_timeout",
        "fastcgi_read_timeout", "keepalive_time", "keepalive_timeout",
    )),
    *((name, "flag", "http server location") for name in (
        "proxy_buffering", "proxy_cache_lock", "fastcgi_keep_conn", "reset_timedout_connection", "sendfile",
        "tcp_nodelay", "etag",
    )),
    *((name, "size", "http server location") for name in (
        "client_body_buffer_size", "postpone_output", "proxy_buffer_size", "proxy_busy_buffers_size",
    )),
    *((name, "flag", "http server") for name in ("merge_slashes", "underscores_in_headers")),
    *((name, "count", "http server location") for name in ("proxy_next_upstream_tries", "keepalive_requests")),
    ("client_max_body_size", "offset", "http server location"), ("client_header_timeout", "ms", "http server"),
    ("open_file_cache_valid", "seconds", "http server location"), ("worker_shutdown_timeout", "ms", "main"),
    ("worker_aio_requests", "count", "events"), ("multi_accept", "flag", "events"), ("accept_mutex_delay", "ms", "events"),
    ("worker_processes", "count", "main"), ("worker_rlimit_nofile", "count", "main"),
]  # fmt: skip
_QUIET = [
    "# a comment", "# carriage return\r", 'add_header X-A "b;c";', 'add_header X-B "d } e" always;', "root /srv/$host;",
    "proxy_set_header Host $http_host;", "error_page 500 502 /50x.html;", "log_not_found\toff ;",
]  # fmt: skip
_LEVELS = ("main", "events", "http", "upstream", "server", "location")
_BALANCING = ["least_conn", "ip_hash", "random"]


@st.composite
def _line(draw: st.DrawFn, levels: Sequence[str] = _LEVELS) -> Line:
    fitting = [each for each in _DIRECTIVES if set(each[2].split()) & set(levels)]
    name, notation, places = draw(st.sampled_from(fitting))
    where = draw(st.sampled_from([each for each in places.split() if each in levels]))
    text = "2" if name == "worker_processes" else draw(_RIGHT[notation])
    quote = draw(st.sampled_from(["", "'", '"'])) if " " not in text else "'"
    blank = draw(st.sampled_from([" ", "\t", "\n    "]))
    return _at(
        where,
        name,
        text,
        f"{name}{blank}{quote}{text}{quote}{draw(st.sampled_from([';', ' ;', '; # x']))}",
    )


def _at(level: str, name: str, text: str, written: str = "") -> Line:
    return Line(name, text, f"{level}: {written or f'{name} {text};'}")


@st.composite
def _fault(draw: st.DrawFn) -> Line:
    name, notation, places = draw(st.sampled_from(_DIRECTIVES))
    kind = draw(
        st.sampled_from(
            ["value", "value", "place", "words", "none", "slip", "end", "brace", "quote"]
        )
    )
    where = draw(st.sampled_from(places.split()))
    right = "2" if name == "worker_processes" else draw(_RIGHT[notation]).replace(" ", "")
    if kind == "value":
        return _at(
            where, name, wrong := draw(st.sampled_from(_WRONG[notation])), f"{name} '{wrong}';"
        )
    if kind == "place":
        others = [level for level in _LEVELS if level not in places.split()]
        return _at(draw(st.sampled_from(others)), name, right)
    written = {
        "words": f"{name} {right} {right} {right};", "none": f"{name};", "slip": f"{name[:-2]}{name[-1]}{name[-2]} {right};",
        "end": f"{name} {right}", "brace": draw(st.sampled_from(["}", "{", "}}", ";"])), "quote": f"{name} '{right};",
    }  # fmt: skip
    return _at(where, name, right, written[kind])


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    lines = draw(
        st.lists(
            _line(), max_size=6, unique_by=lambda line: (line.written.split(":")[0], line.name)
        )
    )
    limit = draw(st.sampled_from([None, None, 256, 1024, 4096]))
    lines.append(
        _at(
            "events", "worker_connections", str(draw(st.integers(20, 900) | st.integers(100, 6000)))
        )
    )
    if draw(st.booleans()):
        lines.append(
            _at(
                "server",
                "listener/backlog",
                text := str(draw(st.sampled_from([10, 511, 4096, 65535]))),
                f"backlog={text}",
            )
        )
    if draw(st.booleans()):
        pair = [
            _at("upstream", "keepalive", draw(st.sampled_from(["8", "32"]))),
            _balancing(draw(st.sampled_from(_BALANCING))),
        ]
        lines += draw(st.permutations(pair))
    if draw(st.booleans()):
        lines.append(
            _at(
                draw(st.sampled_from(["http", "server", "location"])),
                "",
                "",
                draw(st.sampled_from(_QUIET)),
            )
        )
    if draw(st.integers(0, 2)) == 0:
        lines.append(draw(_fault()))
    return Case(tuple(lines), limit)


def _balancing(method: str) -> Line:
    return _at("upstream", method, "", f"{method};")


_SPELLED = [
    *(Case((_at("http", "client_max_body_size", text),)) for text in ("1gb", "1.5g", "0", "1g")),
    *(Case((_at("http", "client_body_timeout", text),)) for text in ("5min", '"60 s"', "60", "1h30m")),
    Case((_at("events", "worker_connections", "4096"),), 1024),
    Case((_at("events", "worker_connections", "4096"), _at("main", "worker_rlimit_nofile", "4096")), 8192),
    Case((_at("http", "proxy_buffer_size", "64k"),)), Case((_at("http", "proxy_busy_buffers_size", "2k"),)),
    Case((_at("server", "listener/backlog", "65535", "backlog=65535"),)),
    Case((_at("upstream", "keepalive", "8"), _balancing("least_conn"))),
    Case((_balancing("least_conn"), _at("upstream", "keepalive", "8"))),
    Case((_at("server", "worker_processes", "2"),)),
]  # fmt: skip


def files(case: Case) -> dict[str, str]:
    """The levels as nginx.conf, the server and the location in files of their own."""
    written: dict[str, list[str]] = {level: [] for level in _LEVELS}
    backlog = ""
    for line in case.lines:
        level, _, text = line.written.partition(": ")
        if line.name == "listener/backlog":
            backlog = f" {text}"
        else:
            written[level].append(text)
    location = ["location / {", *written["location"], "proxy_pass http://up;", "}"]
    server = [
        "server {",
        f"listen unix:/run/s{backlog};",
        *written["server"],
        "include inner/loc*.conf;",
        "}",
    ]
    upstream = ["upstream up {", "server 127.0.0.1:81 max_fails=2;", *written["upstream"], "}"]
    main = [
        *written["main"], "events {", *written["events"], "}", "http {", "access_log off;", *written["http"],
        *upstream, "include inner/server.conf;", "include none/*.conf;", "}",
    ]  # fmt: skip
    texts = {"nginx.conf": main, "inner/server.conf": server, "inner/location.conf": location}
    return {name: "\n".join([*lines, ""]) for name, lines in texts.items()}


def ask(cases: Sequence[Case]) -> Iterator[Answer]:
    for case in cases:
        with folder_of_nobody() as folder:
            (folder / "inner").mkdir()
            for name, text in files(case).items():
                (folder / name).write_text(text.replace("unix:/run/s", f"unix:{folder}/s"))
            yield _answer(folder, case)


def _answer(folder: Path, case: Case) -> Answer:
    temporary = "".join(
        f"{each}_temp_path {folder}/{each};"
        for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "own.conf").write_text(temporary)
    path = folder / "nginx.conf"
    path.write_text(
        path.read_text().replace("access_log off;", "access_log off; include own.conf;", 1)
    )
    limit = ["prlimit", f"--nofile={case.nofile}:"] if case.nofile else []
    words = [
        *limit,
        *unprivileged(need("nginx", "nginx-light"), "-e", "stderr", "-p", folder, "-c", path),
    ]
    own = ["-g", f"pid {folder}/pid;"]
    tested = subprocess.run(
        [*words, *own, "-t"], capture_output=True, text=True, timeout=20, check=False
    )
    if tested.returncode:
        return Answer("\n".join(line for line in tested.stderr.splitlines() if "[emerg]" in line))
    log = folder / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [*words, "-g", f"pid {folder}/pid; daemon off; error_log stderr warn;"], stderr=out
        )
    try:
        held = _running(process, folder, case)
        return Answer(held=held, said=_said(log.read_text(), held, case))
    finally:
        process.terminate()
        process.wait(20)


def _running(process: subprocess.Popen[bytes], folder: Path, case: Case) -> dict[str, Held]:
    """What its workers run with, once they have said that they are some."""
    end = time.monotonic() + 20
    wanted = next((int(line.text) for line in case.lines if line.name == "worker_processes"), 1)
    while len(workers := list(_workers(process.pid))) < wanted:
        assert process.poll() is None, (folder / "log").read_text()
        assert time.monotonic() < end
        time.sleep(0.005)
    files_ = re.search(r"Max open files +(\d+)", Path(f"/proc/{workers[0]}/limits").read_text())
    queues = subprocess.run(["ss", "-lxHn"], capture_output=True, text=True, check=True).stdout
    queue = re.search(rf"LISTEN +\d+ +(\d+) +{folder}/s ", queues)
    assert files_
    assert queue
    found = {
        "worker_processes": len(workers),
        "worker_rlimit_nofile": files_[1],
        "listener/backlog": queue[1],
    }
    return {name: Fraction(number) for name, number in found.items()}


def _workers(master: int) -> Iterator[str]:
    for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split():
        if Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"nginx: worker process"):
            yield pid


def _said(log: str, held: dict[str, Held], case: Case) -> dict[str, Fate]:
    """Its warnings, and what its workers have too few files for; of that it warns of most, not of all."""
    said: dict[str, Fate] = {}
    connections = max(
        (int(line.text) for line in case.lines if line.name == "worker_connections"), default=0
    )
    files_ = held["worker_rlimit_nofile"]
    assert isinstance(files_, Fraction)
    if "worker_connections exceed open file resource limit" in log or connections > files_:
        said["worker_connections"] = Fate.ALTERED
    if "load balancing method redefined" in log:
        said["keepalive"] = Fate.IGNORED
    return said


ORACLE = Oracle(
    "nginx", "nginx", "nginx-light", _cases(), _SPELLED, ask, files, version=["-v"],
    refuses=frozenset({Status.REFUSED, Status.UNKNOWN_NAME, Status.MISPLACED}),
    refusing=["nginx-buffer-sizes-refused"], altering=["backlog-above-somaxconn"],
    saying={"nginx-connections-exceed-descriptors": ("worker_connections", Fate.ALTERED)},
)  # fmt: skip
