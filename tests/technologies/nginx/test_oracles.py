"""What others read in the same files: crossplane, and nginx itself."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import crossplane  # type: ignore[import-untyped]
import pytest

from plimsoll.model.setting import Include, Item, Setting, Unread
from plimsoll.syntax.text import decoded
from plimsoll.technologies.nginx.reader import read

FILES = Path(__file__).parent / "files"
READABLE = [
    *sorted(p for p in FILES.rglob("*") if p.is_file() and p.name != "lua.conf"),
    *sorted(p for p in Path("/etc/nginx").rglob("*") if p.is_file()),
    *sorted(
        p for p in Path("../shared/cases").rglob("nginx.conf") if "by_lua" not in p.read_text()
    ),
]

Line = tuple[int, str, str]


def directives(items: list[Item]) -> list[Line]:
    """Line, name and arguments of each directive; what is a part of one is left out."""
    found = []
    for item in items:
        if isinstance(item, Include):
            found.append((item.place.span.line, "include", item.pattern))
        elif isinstance(item, Setting) and item.place and item.name != "server_number":
            is_whole = not item.scope or item.scope[-1].place in (None, item.place)
            is_own = item.scope and item.scope[-1].kind not in PARAMETERS
            if (is_whole or is_own) and item.place.value != item.place.span:
                found.append((item.place.span.line, item.name, item.text))
    return found


PARAMETERS = {"listen", "backend", "proxy_cache_path", "limit_req_zone", "limit_conn_zone"}


def of_crossplane(block: list[dict[str, Any]]) -> Iterator[Line]:
    for each in block:
        if each["directive"] == "#":  # a comment between arguments
            continue
        arguments = [re.sub(r"\\([\"'\\])", r"\1", a) for a in each["args"]]
        yield each["line"], each["directive"], " ".join(arguments)
        yield from of_crossplane(each.get("block") or [])


def without_brackets(line: Line) -> Line:
    """Of `if`, crossplane drops the brackets around the condition."""
    number, name, text = line
    if name != "if":
        return line
    return number, name, " ".join(text.replace("(", " ", 1).rstrip(") ").split())


@pytest.mark.parametrize("path", READABLE, ids=str)
def test_crossplane_reads_the_same(path: Path) -> None:
    parsed = crossplane.parse(
        str(path), single=True, strict=False, check_ctx=False, check_args=False
    )
    assert not parsed["errors"]
    expected = [without_brackets(line) for line in of_crossplane(parsed["config"][0]["parsed"])]
    found = directives(list(read(decoded(path.read_bytes()), str(path))))
    assert [without_brackets(line) for line in found] == expected


def opened(path: Path, root: Path) -> Iterator[Path]:
    """The files that a configuration is made of, in the order in which they are opened."""
    yield path
    for item in read(decoded(path.read_bytes()), str(path)):
        assert not isinstance(item, Unread)
        if isinstance(item, Include):
            for each in sorted(root.glob(item.pattern)):
                yield from opened(each, root)


@pytest.mark.real
def test_nginx_opens_the_same_files_and_reads_the_same(
    tmp_path: Path, nginx: Callable[..., str]
) -> None:
    shop = shutil.copytree(FILES / "shop", tmp_path / "shop")
    dump = nginx(shop / "nginx.conf", "-T")
    assert "test is successful" in dump
    pieces = re.split(r"(?m)^# configuration file (.+):\n", dump)[1:]
    dumped = list(zip(pieces[::2], pieces[1::2], strict=True))
    paths = list(dict.fromkeys(opened(shop / "nginx.conf", shop)))
    assert [name for name, _ in dumped] == [str(p) for p in paths]
    for path, (_, text) in zip(paths, dumped, strict=True):
        ours = directives(list(read(decoded(path.read_bytes()), str(path))))
        assert ours == directives(list(read(text, str(path))))
        assert ours


@pytest.mark.real
@pytest.mark.parametrize("name", ["awkward.conf", "crlf.conf"])
def test_nginx_takes_the_awkward_files(
    name: str, tmp_path: Path, nginx: Callable[..., str]
) -> None:
    copy = shutil.copy(FILES / name, tmp_path / name)
    assert "syntax is ok" in nginx(Path(copy))


BROKEN = [
    pytest.param("events {}\nhttp { server { listen 80 } }", id="no semicolon before a brace"),
    pytest.param("events {}\nworker_processes 4\nerror_log /dev/null;", id="too many arguments"),
    pytest.param("worker_processes 4\nevents {}", id="no semicolon before a block"),
    pytest.param("events {\n", id="an open block"),
    pytest.param("events {} }", id="a brace too many"),
    pytest.param("events {};", id="a semicolon too many"),
    pytest.param("events {} pid 'x;", id="an open quote"),
    pytest.param("events {} pid 'x'y;", id="a word behind a quote"),
    pytest.param("events {} include a b;", id="include"),
    pytest.param("\ufeffevents {}", id="a byte order mark"),
    pytest.param("events {} http { gzip yes; }", id="a value"),
    pytest.param("events {} worker_processes {{ n }};", id="a template"),
    pytest.param("events {}", id="sound"),
    pytest.param("events {} http { server { server_name a\n b; } }", id="sound, two lines"),
    pytest.param('events {} http { map $uri $x { "" 1; \'a b\' "2"; } }', id="sound, a table"),
]


@pytest.mark.real
@pytest.mark.parametrize("text", BROKEN)
def test_nginx_refuses_what_we_cannot_read(text: str, nginx: Callable[..., str]) -> None:
    items = list(read(text, "nginx.conf"))
    is_bad = any(isinstance(i, Unread) or (isinstance(i, Setting) and i.reason) for i in items)
    assert is_bad == ("[emerg]" in nginx(text))
