"""HAProxy's own word: what it takes, what it refuses, and what it runs with."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.setting import Setting, Status, Unread
from plimsoll.stack import read_texts
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.haproxy.reader import READER
from support.counts import drawn
from support.programs import need
from support.servers import folder_of_nobody, started

pytestmark = pytest.mark.real
Ask = Callable[..., tuple[int, str]]

HAPROXY = technology("haproxy")
assert HAPROXY is not None
SCHEMA = HAPROXY.schema

TIMES = st.sampled_from(["0", "5", "5000", "1s", "2m", "3h", "24d", "7ms", "9us", "1h30m"])
BAD_TIMES = st.sampled_from(
    ["1.5s", "30S", "25d", "-1", "s", "1 s", "+5s", "2147483648", "x", "5e3"]
)
NUMBERS = st.sampled_from(["1", "5", "100", "7x", "2000"])
TIMEOUTS = st.sampled_from(
    ["timeout client", "timeout server", "timeout connect", "timeout queue", "timeout check",
     "timeout http-request", "timeout http-keep-alive", "timeout tunnel", "timeout client-fin"]
)  # fmt: skip


def _line(names: st.SearchStrategy[str], values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(names, values).map(lambda pair: f" {pair[0]} {pair[1]}")


GLOBAL = st.one_of(
    _line(st.sampled_from(["maxconn", "ulimit-n", "tune.maxaccept", "maxpipes"]), NUMBERS),
    _line(st.sampled_from(["hard-stop-after", "max-spread-checks"]), TIMES),
    st.sampled_from([" daemon", " nbthread 2", " log 127.0.0.1 local0 # x", " description \"x # y\"",
                     " setenv A 7", " no busy-polling", " tune.h2.max-frame-size 20000"]),
)  # fmt: skip
PROXY = st.one_of(
    _line(TIMEOUTS, TIMES),
    _line(st.sampled_from(["maxconn", "backlog", "retries", "fullconn"]), NUMBERS),
    st.sampled_from([" mode http", " option httplog", " option redispatch 2", " no option redispatch",
                     " balance leastconn", " http-reuse always", " option http-server-close"]),
)  # fmt: skip
SERVER = st.tuples(
    st.lists(
        st.one_of(
            st.sampled_from(["check", "backup", "disabled", "send-proxy", "no-check", "weight 5"]),
            st.tuples(st.sampled_from(["inter", "slowstart", "fastinter"]), st.sampled_from(["5", "1s", "2m"])).map(" ".join),
            st.tuples(st.sampled_from(["maxconn", "rise", "fall", "maxqueue"]), NUMBERS).map(" ".join),
        ),
        max_size=4,
    )
).map(lambda words: " ".join(words[0]))  # fmt: skip
BROKEN = st.one_of(
    _line(TIMEOUTS, BAD_TIMES),
    st.sampled_from(
        [" log 'x", ' log "x', " nbthread 2x", " nbthread 0", " maxcon 5", " timeout clients 5s", " mode https",
         " hard-stop-after 1.5s", " stats timeout 0", " tune.h2.max-frame-size 1k", " option httplogg", ".endif", ".foo", ".else"]
    ),
)  # fmt: skip


@st.composite
def configurations(draw: st.DrawFn) -> str:
    lines = ["global", *draw(st.lists(GLOBAL, max_size=5)), "defaults"]
    lines += draw(st.lists(PROXY, max_size=6))
    for at in range(draw(st.integers(0, 3))):
        lines.append(draw(st.sampled_from(["", f"defaults d{at}"])))
        lines += [f"listen l{at}", f" bind 127.0.0.1:{18_800 + at}"]
        lines += draw(st.lists(PROXY, max_size=3))
        lines += [
            f" server s{n} 127.0.0.1:9 {draw(SERVER)}" for n in range(draw(st.integers(0, 2)))
        ]
        if draw(st.sampled_from([0, 1])):
            lines += [".if 0", " timeout client 1.5s", ".else", " timeout client 5s", ".endif"]
    return "\n".join(lines) + "\n"


def refusals(text: str) -> list[str]:
    """Why HAProxy would not start, as we read it."""
    items = list(READER.read(text, "x.cfg"))
    found = [str(item) for item in items if isinstance(item, Unread)]
    settings = settled(READER, SCHEMA, [i for i in items if isinstance(i, Setting)])
    bad = (Status.REFUSED, Status.UNKNOWN_NAME)
    return found + [f"{s.place} {s.name} {s.text}: {s.reason}" for s in settings if s.status in bad]


def is_taken(answer: tuple[int, str]) -> bool:
    """Exit code 2: nothing is wrong, but there is nothing to listen on."""
    return answer[0] in (0, 2)


@drawn(8, 60)
@given(configurations())
def test_what_haproxy_takes_we_take(haproxy: Ask, text: str) -> None:
    answer = haproxy(text)
    assert is_taken(answer), answer[1]
    assert refusals(text) == []


@drawn(8, 60)
@given(configurations(), BROKEN, st.data())
def test_what_haproxy_refuses_we_refuse(
    haproxy: Ask, text: str, line: str, data: st.DataObject
) -> None:
    lines = text.split("\n")
    is_global = line.split()[0] in (
        "nbthread",
        "hard-stop-after",
        "tune.h2.max-frame-size",
        "maxcon",
    )
    is_proxys = line.startswith((" timeout", " mode", " option"))
    starts = [
        n
        for n, each in enumerate(lines, 1)
        if each in (("global",) if is_global else ("defaults",))
    ]
    assume(starts or not (is_global or is_proxys))
    at = data.draw(st.sampled_from(starts))
    broken = "\n".join([*lines[:at], line, *lines[at:]])
    answer = haproxy(broken)
    assert not is_taken(answer)
    told = refusals(broken)
    assert told, answer[1]
    said = re.findall(r"parsing \[[^\]]*:(\d+)\]", answer[1])
    assert not said or any(f"x.cfg:{n}" in each for n in said for each in told), (answer[1], told)


# -- a running one


def asked(folder: Path, question: str) -> str:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(folder / "s"))
        connection.sendall(f"{question}\n".encode())
        return b"".join(iter(lambda: connection.recv(65_536), b"")).decode()


@contextmanager
def running(text: str) -> Iterator[Path]:
    with folder_of_nobody() as folder:
        path = folder / "x.cfg"
        own = text.replace("FOLDER", str(folder))
        path.write_text(f"global\n stats socket {folder}/s mode 666\n{own}")
        with started(
            [need("haproxy", "haproxy"), "-db", "-f", path], folder, lambda: is_up(folder)
        ):
            yield folder


def is_up(folder: Path) -> bool:
    try:
        return "Maxconn" in asked(folder, "show info")
    except OSError:
        return False


MAXCONN = st.integers(0, 900)


@st.composite
def inheriting(draw: st.DrawFn) -> str:
    """Defaults that proxies have, each with its own maxconn or none."""
    lines = [f"global\n maxconn {draw(st.integers(100, 400))}\n maxconn 7"]
    names: list[str] = []
    for at in range(draw(st.integers(1, 5))):
        is_named = draw(st.booleans())
        given = draw(st.sampled_from(names)) if names and is_named else ""
        origin = f" from {given}" if given else ""
        if draw(st.booleans()):
            name = f"d{at}" if draw(st.booleans()) else ""
            lines.append(f"defaults {name}{origin}".rstrip())
            names += [name] if name else []
        else:
            lines += [f"listen l{at}{origin}", f" bind unix@FOLDER/{at}.sock"]
        if draw(st.booleans()):
            lines += [f" maxconn {draw(MAXCONN)}" for _ in range(draw(st.integers(1, 2)))]
        if lines[-1].startswith(" ") and "listen" in lines[-2] and draw(st.booleans()):
            lines += [f" default-server maxconn {draw(MAXCONN)}"]
    lines += ["listen last", " bind unix@FOLDER/last.sock"]
    lines += [f" default-server maxconn {draw(MAXCONN)}"] if draw(st.booleans()) else []
    lines += [
        f" server a 127.0.0.1:9 {draw(st.sampled_from(['', 'maxconn 3', 'check', 'maxconn 0']))}"
    ]
    return "\n".join(lines) + "\n"


def own(part: object, name: str) -> object:
    """What a part has itself or from what is around it."""
    while part is not None:
        setting = part.own(name)  # type: ignore[attr-defined]
        if setting is not None:
            return setting.value.low if isinstance(setting.value, Amount) else setting.value
        part = part.parent  # type: ignore[attr-defined]
    return None


@drawn(3, 50)
@given(inheriting())
def test_it_runs_with_what_we_read(text: str) -> None:
    plimsoll = "services: {lb: {technology: haproxy, version: '2.6', files: [x.cfg]}}"
    service = read_texts({"plimsoll.yaml": plimsoll, "x.cfg": text}).services["lb"]
    maxconn = service.setting("maxconn")
    assert maxconn is not None
    assert isinstance(maxconn.value, Amount)
    whole = maxconn.value.low
    with running(text) as folder:
        info, stat = asked(folder, "show info"), asked(folder, "show stat")
    found = re.search(r"^Maxconn: (\d+)$", info, re.MULTILINE)
    assert found
    assert int(found[1]) == whole
    rows = [line.split(",") for line in stat.splitlines()]
    limits = {(r[0], r[1]): r[6] for r in rows if len(r) > 6}
    for part in service.parts:
        if part.type == "proxy":
            wanted = own(part, "maxconn")
            shown = whole if wanted in (None, UNLIMITED) else wanted
            assert limits[part.name, "FRONTEND"] == str(shown), part.name
        elif part.type == "proxy-server":
            wanted = own(part, "maxconn")
            assert limits["last", part.name] == ("" if wanted in (None, UNLIMITED) else str(wanted))


@pytest.mark.parametrize(
    ("threads", "extra"),
    [(1, ""), (2, ""), (1, " bind unix@FOLDER/b\n"), (2, " server c 127.0.0.1:9 check\n"),
     (1, " server-template t 3 127.0.0.1:9 check\n"), (1, " default-server check\n server c 127.0.0.1:9\n")],
)  # fmt: skip
def test_it_needs_the_descriptors_that_the_fact_says(
    threads: int, extra: str, tmp_path: Path
) -> None:
    from plimsoll.check.language import Num
    from plimsoll.check.library import knowledge
    from plimsoll.check.world.base import thing
    from plimsoll.check.world.stack import StackWorld

    text = (
        f"global\n maxconn 500\n nbthread {threads}\ndefaults\n timeout client 5s\n timeout server 5s\n"
        f" timeout connect 5s\nlisten l\n bind unix@FOLDER/a\n server s 127.0.0.1:9\n{extra}"
    )
    plimsoll = "services: {lb: {technology: haproxy, version: '2.6', files: [x.cfg]}}"
    stack = read_texts({"plimsoll.yaml": plimsoll, "x.cfg": text})
    needed = StackWorld(stack, knowledge()).attribute(thing(stack.services["lb"]), "descriptors")
    assert isinstance(needed, Num)
    path = tmp_path / "x.cfg"
    path.write_text(text.replace("FOLDER", str(tmp_path)))
    words = [
        "prlimit",
        "--nofile=300:300",
        "--",
        need("haproxy", "haproxy"),
        "-db",
        "-f",
        str(path),
    ]
    said = subprocess.run(words, capture_output=True, text=True, timeout=20, check=False).stderr
    found = re.search(r"Cannot raise FD limit to (\d+)", said)
    assert found, said
    assert int(found[1]) == needed.low
