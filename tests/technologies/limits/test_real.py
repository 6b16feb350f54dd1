"""The reader against pam_limits: a session of PAM is opened, and asked for its limits."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.setting import Setting, Status
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.limits.reader import READER
from support.counts import drawn
from support.servers import folder_of_nobody

pytestmark = pytest.mark.real

LIMITS = technology("limits")
assert LIMITS is not None
SCHEMA = LIMITS.schema
LOGIN = Path(__file__).parent / "login.py"
MODULES = ("/lib", "/usr/lib")

# How near a domain is to somebody of nobody's name and group.
NEAR = {"nobody": 0, "@nogroup": 1, "*": 2}
ITEMS = ("core", "nofile", "sigpending", "fsize")
# Every limit is set at first: what PAM itself takes for the others is that of the first process.
FIRST = "* - core 5000\n* - nofile 9000\n* - sigpending 5000\n* - fsize 8000\n"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    if not any(list(Path(root).glob("**/pam_limits.so")) for root in MODULES):
        pytest.skip("pam_limits is not installed (Debian package libpam-modules)")
    if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < 9000:
        pytest.skip("too few open files are allowed here")
    with folder_of_nobody() as found:
        conf = found / "limits.conf"
        (found / "shop").write_text(f"session required pam_limits.so conf={conf}\n")
        yield found


def granted(folder: Path, text: str) -> dict[str, tuple[int, int]]:
    (folder / "limits.conf").write_text(FIRST + text)
    words = [sys.executable, LOGIN, folder, "shop", "nobody", *ITEMS]
    done = subprocess.run(list(map(str, words)), capture_output=True, check=True, timeout=20)
    rows = [line.split() for line in done.stdout.decode().splitlines()]
    return {item: (int(soft), int(hard)) for item, soft, hard in rows}


def ours(text: str) -> dict[str, tuple[int, int]]:
    """The limits of nobody: its own lines before those of its group before everybody's."""
    found = [item for item in READER.read(FIRST + text, "f") if isinstance(item, Setting)]
    rows = settled(READER, SCHEMA, found)
    if any(s.name == "-" and s.scope[0].name in ("nobody", "@nogroup") for s in rows):
        return {}
    held: dict[str, tuple[int, Setting]] = {}
    skipped = None
    for each in rows:
        near = NEAR.get(each.scope[0].name)
        if near is None or each.status not in (Status.EFFECTIVE, Status.SHADOWED):
            continue
        if each.place is not skipped and near <= held.get(each.name, (9, each))[0]:
            held[each.name] = (near, each)
        else:
            skipped = each.place  # a soft limit of `-` that is not taken takes the hard one with it
    return {item: (number(held, item, "soft"), number(held, item, "hard")) for item in ITEMS}


def number(held: dict[str, tuple[int, Setting]], item: str, type_: str) -> int:
    value = held[f"{item}.{type_}"][1].value
    assert isinstance(value, Amount)
    return resource.RLIM_INFINITY if value.low == UNLIMITED else int(value.low)


def agree(folder: Path, text: str) -> None:
    told = ours(text)
    theirs = granted(folder, text)
    for item, (soft, hard) in told.items():
        if hard == resource.RLIM_INFINITY:
            expected = (soft, -1)
        else:
            expected = (hard if soft == resource.RLIM_INFINITY else min(soft, hard), hard)
        assert theirs[item] == expected, (item, text)


DOMAINS = st.sampled_from(["*", "nobody", "@nogroup", "root", "@root", "*", "daemon"])
TYPES = st.sampled_from(["soft", "hard", "-", "SOFT", "Hard"])
BLANK = st.sampled_from([" ", "\t", "  "])
NUMBER = st.integers(100, 4999).map(str)
ODD = st.sampled_from(["+200", "300k", "400.5", "500#c", "600,", "0700", "800\r"])
CALM = st.sampled_from(["core", "fsize", "CORE", "nofile", "sigpending"])
ENDLESS = st.sampled_from(["unlimited", "-1", "-", "infinity", "UNLIMITED"])
BEHIND = st.sampled_from(["", " # why", " more words", "\t"])
INVALID = st.sampled_from(
    [
        "* both nofile 90", "* soft nofiles 90", "* soft nofile", "* soft", "nonsense", '* - core "9"',
        "* - nofile few", "# * - nofile 91", "* = nofile 92", "%nogroup - nofile 93", "*soft nofile 94",
        "@ - nofile 95", "nobody:soft nofile 96", "* - nofile k96", "* - - 97", "", "  ",
    ]
)  # fmt: skip


@st.composite
def lines(draw: st.DrawFn) -> str:
    item = draw(CALM)
    values = NUMBER | ODD
    if item.lower() in ("core", "fsize"):
        values |= ENDLESS
    words = [draw(DOMAINS), draw(TYPES), item, draw(values)]
    return draw(st.sampled_from(["", " "])) + draw(BLANK).join(words) + draw(BEHIND)


@drawn(5, 60)
@given(text=st.lists(lines(), min_size=1, max_size=8).map("\n".join))
def test_limits_are_those_of_a_session(folder: Path, text: str) -> None:
    agree(folder, text)


@drawn(5, 60)
@given(text=st.lists(lines() | INVALID, min_size=1, max_size=8).map("\n".join))
def test_what_pam_skips_we_skip(folder: Path, text: str) -> None:
    agree(folder, text)


def test_somebody_may_have_no_limits(folder: Path) -> None:
    agree(folder, "nobody -\n* - nofile 200\n")
    assert granted(folder, "nobody -\n")["nofile"] != (9000, 9000)
