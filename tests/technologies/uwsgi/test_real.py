"""The reader against uWSGI itself: `--show-config`, and what it does not start with."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.reader import Word
from plimsoll.model.setting import Setting, Status, Unknown
from plimsoll.stack.expand import Expansion
from plimsoll.stack.files import Texts
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.uwsgi.names import ALIASES, LOADERS
from plimsoll.technologies.uwsgi.reader import READER
from support.counts import drawn
from support.programs import need

pytestmark = pytest.mark.real

UWSGI = technology("uwsgi")
assert UWSGI is not None
SCHEMA = UWSGI.schema
VARIABLES = {"SHOP_PORT": "8080", "SHOP_EMPTY": "x y", "UWSGI_HARAKIRI": "9"}
SHOWN = re.compile(
    r"^;uWSGI instance configuration\n\[uwsgi\]\n(.*?)^;end of configuration", re.M | re.S
)
# What the question itself adds.
OF_THE_QUESTION = ("show-config", "no-server")


def asked(files: dict[str, str], *words: str) -> list[tuple[str, str]] | None:
    """The options as uWSGI holds them, in order; None when it does not start."""
    program = need("uwsgi-core", "uwsgi-core")
    with tempfile.TemporaryDirectory(prefix="plimsoll-") as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text)
        done = subprocess.run(
            [program, *words, "--show-config", "--no-server"],
            capture_output=True,
            cwd=folder,
            env={"PATH": os.environ["PATH"], **VARIABLES},
            stdin=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )
    if done.returncode:
        return None
    found = SHOWN.search((done.stdout + done.stderr).decode())
    assert found is not None
    pairs = [line.partition(" = ")[::2] for line in found[1].splitlines() if line]
    return [(n, t) for n, t in pairs if n not in OF_THE_QUESTION]


def ours(files: dict[str, str], *words: str) -> list[Setting]:
    assert READER.arguments is not None
    expansion = Expansion(Texts(files))
    given_ = [Word("uwsgi"), *map(Word, words)]
    items = READER.arguments(given_, {n: Word(t) for n, t in VARIABLES.items()})
    found = settled(READER, SCHEMA, expansion.items(items, READER, ""))
    assert expansion.unread == []
    return [s for s in found if s.name != "environ"]


def reached(found: list[Setting]) -> list[tuple[str, str | None]]:
    """What counts of ours, in order: what is shadowed by a later line is reached all the same."""
    return [
        (s.name, None if isinstance(s.value, Unknown) else s.text)
        for s in found
        if s.status is not Status.IGNORED
        and not s.reason.startswith("not reached")
        and s.name not in LOADERS
    ]


def theirs(answer: list[tuple[str, str]], setters: set[str]) -> list[tuple[str, str]]:
    """Without the files, and without what the setters of placeholders add."""
    named = [(ALIASES.get(n, n), t) for n, t in answer]
    return [(n, t) for n, t in named if n not in LOADERS and n not in setters]


_NUMBERS = [
    "processes",
    "workers",
    "threads",
    "harakiri",
    "listen",
    "buffer-size",
    "max-requests",
    "socket-timeout",
]
_NUMBER = st.integers(1, 90).map(str) | st.sampled_from(
    ["", "5 ; c", "7x", "%(number)", "%(number * 2)", "x"]
)
_TEXTS = ["shop-f", "procname", "log-format", "shop-a", "shop-b"]
_TEXT = st.sampled_from(
    ["/srv", "a b", "a # b", '"q"', "%n-%e", "%(number)%(number)", "%(nobody)", "x%(number + 1)y", "%s", "%x", "$(SHOP_PORT)"]
)  # fmt: skip
_LINES = st.one_of(
    st.builds("{} = {}\n".format, st.sampled_from(_NUMBERS), _NUMBER),
    st.builds("{}={}\n".format, st.sampled_from(_TEXTS), _TEXT),
    st.sampled_from(["master\n", "vacuum = true\n", "  lazy-apps =\t\n", "; c\n", "# c\n", "\n", "memory-report = false\r\n"]),
    st.builds("env = {}\n".format, st.sampled_from(["A=1", "B=%(number)", "C=$(SHOP_PORT)"])),
)  # fmt: skip
_CONDITIONS = st.sampled_from(
    ["if-env = SHOP_PORT", "if-env = SHOP_PORT=8080", "if-env = SHOP_PORT=1", "if-env = SHOP_NOBODY",
     "if-not-env = SHOP_PORT", "if-not-env = SHOP_NOBODY", "if-opt = number", "if-opt = number=3",
     "if-not-opt = number", "if-not-reload =", "for = a b", "for-times = 2"]
)  # fmt: skip
_INSIDE = st.lists(
    _LINES | st.sampled_from(["shop-c = %(_)\n", "shop-d = x%(_)\n"]), min_size=1, max_size=3
)
_BLOCKS = st.builds(
    lambda c, i: f"{c}\n{''.join(i)}{'endfor' if c.startswith('for') else 'endif'} =\n",
    _CONDITIONS,
    _INSIDE,
)
BODY = st.lists(_LINES | _BLOCKS, max_size=8).map("".join)
HEAD = "[uwsgi]\nnumber = 3\n"
NEGATIVE = st.sampled_from(
    ["processes", "threads", "harakiri", "listen", "socket-timeout", "cheaper", "idle"]
)


@drawn(8, 60)
@given(BODY, st.booleans())
def test_what_is_written_holds(body: str, is_bare: bool) -> None:
    files = {"shop.ini": f"{HEAD}{body}[other]\nprocesses = 99\n"}
    words = ["shop.ini"] if is_bare else ["--ini", "shop.ini", "-p", "4", "--master"]
    answer = asked(files, *words)
    assert answer is not None
    expected = theirs(answer, set())
    found = reached(ours(files, *words))
    assert [name for name, _ in found] == [name for name, _ in expected]
    assert [(n, t) for n, t in found if t is not None] == [
        (n, t) for (n, t), (_, own) in zip(expected, found, strict=True) if own is not None
    ]


@drawn(4, 30)
@given(
    BODY,
    BODY,
    st.sampled_from(
        ["ini = b.ini", "ini = b.ini:c", "include = b.ini", "inherit = b.ini", "ini = :c"]
    ),
    BODY,
)
def test_files_that_files_name(first: str, second: str, loader: str, after: str) -> None:
    files = {
        "a.ini": f"{HEAD}{first}{loader}\n{after}[c]\nshop-e = 1\n",
        "b.ini": f"[uwsgi]\n{second}[c]\nshop-e = 2\n{second}",
    }
    answer = asked(files, "--ini", "a.ini")
    assert answer is not None
    expected = theirs(answer, {"c"})
    found = reached(ours(files, "--ini", "a.ini"))
    assert [name for name, _ in found] == [name for name, _ in expected]


@drawn(8, 60)
@given(BODY, NEGATIVE, st.integers(-90, -1), BODY)
def test_what_it_refuses_we_refuse(before: str, name: str, number: int, after: str) -> None:
    files = {"shop.ini": f"{HEAD}{before}{name} = {number}\n{after}"}
    assert asked(files, "--ini", "shop.ini") is None
    assert any(s.status is Status.REFUSED for s in ours(files, "--ini", "shop.ini"))
