"""Drawn configurations: what nginx refuses we say that it refuses, and nothing else."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.setting import Status
from plimsoll.stack.expand import Expansion
from plimsoll.stack.files import Folder
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.nginx.reader import READER
from support.counts import drawn
from support.programs import need
from support.servers import folder_of_nobody

pytestmark = pytest.mark.real

NGINX = technology("nginx")
assert NGINX is not None
SCHEMA = NGINX.schema
BAD = (Status.REFUSED, Status.UNKNOWN_NAME, Status.MISPLACED)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    need("nginx", "nginx-light")
    with folder_of_nobody() as found:
        yield found


def refusal(folder: Path, files: dict[str, str]) -> str:
    """Why nginx does not start with the files, of which nginx.conf is the first; empty where it does."""
    for old in folder.rglob("*.conf"):
        old.unlink()
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(text.encode())
    command = [need("nginx", "nginx-light"), "-e", "stderr", "-p", str(folder), "-t"]
    words = [*command, "-c", str(folder / "nginx.conf"), "-g", f"pid {folder}/pid;"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=20, check=False)
    found = [line for line in done.stderr.splitlines() if "[emerg]" in line]
    assert bool(found) == bool(done.returncode), done.stderr
    return "\n".join(found)


def ours(folder: Path) -> list[str]:
    """Why we say that it does not start."""
    expansion = Expansion(Folder(folder))
    read = expansion.file("nginx.conf", READER)
    found = settled(READER, SCHEMA, read)
    said = [f"{s.place}: {s.name}: {s.status} {s.reason}" for s in found if s.status in BAD]
    return [*said, *map(str, expansion.unread)]


COUNT = st.integers(20, 900).map(str)
SIZE = st.builds("{}{}".format, st.integers(1, 64), st.sampled_from(["k", "K", "m", "M"]))
OFFSET = SIZE | st.sampled_from(["0", "1g", "2G", "1048576"])
TIME = st.sampled_from(["5", "60s", "1m", "1h 30m", "1m30s", "500ms", "1d", "2w", "0", "1s 5ms"])
SECONDS = st.sampled_from(["5", "60s", "1m", "1h30m", "1d"])
FLAG = st.sampled_from(["on", "off", "ON", "Off"])
WRONG = {
    "count": ["1k", "abc", "-1", "1.5", "", "0x1", "99999999999999999999"],
    "size": ["1gb", "1.5k", "8kb", "-1", "k", "1 k", "10%"],
    "offset": ["1gb", "1.5g", "1t", "x", "-5"],
    "ms": ["5min", "1.5s", "60S", "s", "1m1h", "60 s5", "never", "1s1s"],
    "seconds": ["500ms", "1.5", "5min", "x"],
    "flag": ["yes", "true", "1", "onn", "no"],
    "words": [],
}
RIGHT = {
    "count": COUNT, "size": SIZE, "offset": OFFSET, "ms": TIME, "seconds": SECONDS, "flag": FLAG,
}  # fmt: skip

# Name, notation, where it may stand; each once in a level.
DIRECTIVES = [
    ("client_max_body_size", "offset", "http server location"),
    ("client_body_buffer_size", "size", "http server location"),
    ("client_body_timeout", "ms", "http server location"),
    ("send_timeout", "ms", "http server location"),
    ("client_header_timeout", "ms", "http server"),
    ("proxy_read_timeout", "ms", "http server location"),
    ("proxy_buffering", "flag", "http server location"),
    ("proxy_next_upstream_tries", "count", "http server location"),
    ("proxy_cache_lock", "flag", "http server location"),
    ("proxy_cache_lock_timeout", "ms", "http server location"),
    ("fastcgi_keep_conn", "flag", "http server location"),
    ("fastcgi_read_timeout", "ms", "http server location"),
    ("keepalive_requests", "count", "http server location"),
    ("keepalive_time", "ms", "http server location"),
    ("keepalive_timeout", "ms", "http server location"),
    ("reset_timedout_connection", "flag", "http server location"),
    ("merge_slashes", "flag", "http server"),
    ("underscores_in_headers", "flag", "http server"),
    ("sendfile", "flag", "http server location"),
    ("tcp_nodelay", "flag", "http server location"),
    ("resolver_timeout", "ms", "http server location"),
    ("open_file_cache_valid", "seconds", "http server location"),
    ("etag", "flag", "http server location"),
    ("postpone_output", "size", "http server location"),
    ("worker_rlimit_nofile", "count", "main"),
    ("worker_shutdown_timeout", "ms", "main"),
    ("daemon", "flag", "main"),
    ("worker_aio_requests", "count", "events"),
    ("multi_accept", "flag", "events"),
    ("accept_mutex_delay", "ms", "events"),
]
PLAIN = st.sampled_from(
    [
        "# a comment", "", "add_header X-A 'b;c';", 'add_header X-B "d } e" always;', "index a b;",
        "proxy_set_header Host $http_host;", "error_page 500 502 /50x.html;", "root /srv/$host;",
        "log_not_found\toff ;", "types { text/html html; }",
    ]
)  # fmt: skip


@st.composite
def level(draw: st.DrawFn, where: str) -> list[str]:
    """Some directives of a level, each name once, with something around them."""
    fitting = [each for each in DIRECTIVES if where in each[2].split()]
    chosen = draw(st.lists(st.sampled_from(fitting), max_size=5, unique_by=lambda each: each[0]))
    lines = [line(name, draw(RIGHT[notation]), draw) for name, notation, _ in chosen]
    if where in ("http", "server", "location"):
        lines += draw(st.lists(PLAIN, max_size=2, unique_by=lambda text: text.split(" ")[0]))
    return draw(st.permutations(lines))


def line(name: str, value: str, draw: st.DrawFn) -> str:
    quote = draw(st.sampled_from(["", "'", '"'])) if " " not in value else "'"
    blank = draw(st.sampled_from([" ", "\t", "\n    "]))
    return f"{name}{blank}{quote}{value}{quote}{draw(st.sampled_from([';', ' ;', '; # x']))}"


@st.composite
def configuration(draw: st.DrawFn) -> dict[str, list[str]]:
    """The lines of each level, and of the files that are included."""
    return {
        "main": draw(level("main")),
        "events": [f"worker_connections {draw(COUNT)};", *draw(level("events"))],
        "http": draw(level("http")),
        "server": draw(level("server")),
        "location": draw(level("location")),
        "upstream": [f"keepalive {draw(COUNT)};"] if draw(st.booleans()) else [],
    }


def laid(levels: dict[str, list[str]], end: str = "\n") -> dict[str, str]:
    """Files: the levels as nginx.conf, the server and the location in files of their own."""
    location = ["location / {", *levels["location"], "proxy_pass http://up;", "}"]
    server = [
        "server {",
        "listen 127.0.0.1:8199;",
        *levels["server"],
        "include inner/loc*.conf;",
        "}",
    ]
    upstream = [
        "upstream up {",
        "server 127.0.0.1:81 max_fails=2 fail_timeout=5s;",
        *levels["upstream"],
        "}",
    ]
    main = [
        *levels["main"], "events {", *levels["events"], "}",
        "http {", *levels["http"], *upstream, "include inner/server.conf;", "include none/*.conf;", "}",
    ]  # fmt: skip
    return {
        "nginx.conf": end.join(main) + end,
        "inner/server.conf": end.join(server),
        "inner/location.conf": end.join(location),
    }


@drawn(8, 120)
@given(levels=configuration(), end=st.sampled_from(["\n", "\r\n"]))
def test_what_nginx_takes_we_take(folder: Path, levels: dict[str, list[str]], end: str) -> None:
    theirs = refusal(folder, laid(levels, end))
    assert theirs == ""
    assert ours(folder) == []


@st.composite
def fault(draw: st.DrawFn, levels: dict[str, list[str]]) -> tuple[str, str]:
    """A level, and a line that makes it wrong."""
    name, notation, places = draw(st.sampled_from(DIRECTIVES))
    kind = draw(
        st.sampled_from(
            ["value", "twice", "place", "words", "none", "slip", "end", "brace", "quote"]
        )
    )
    where = draw(st.sampled_from(places.split()))
    right = draw(RIGHT[notation]).replace(" ", "")
    if kind == "value":
        return where, f"{name} '{draw(st.sampled_from(WRONG[notation]))}';"
    if kind == "twice":
        return where, f"{name} {right};\n{name} {right};"
    if kind == "place":
        others = [at for at in levels if at not in places.split()]
        return draw(st.sampled_from(others)), f"{name} {right};"
    if kind == "words":
        return where, f"{name} {right} {right} {right};"
    lines = {
        "none": f"{name};",
        "slip": f"{name[:-2]}{name[-1]}{name[-2]} {right};",
        "end": f"{name} {right}",
        "brace": draw(st.sampled_from(["}", "{", "}}", ";"])),
        "quote": f"{name} '{right};",
    }
    return where, lines[kind]


@drawn(12, 200)
@given(data=st.data(), levels=configuration())
def test_what_nginx_refuses_we_say_so(
    folder: Path, data: st.DataObject, levels: dict[str, list[str]]
) -> None:
    where, wrong = data.draw(fault(levels))
    levels = {**levels, where: [*levels[where], wrong]}
    files = laid(levels)
    theirs, mine = refusal(folder, files), ours(folder)
    assert bool(mine) == bool(theirs), (wrong, theirs, mine, files)
