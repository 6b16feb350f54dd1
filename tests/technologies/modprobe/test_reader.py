from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import Amount
from plimsoll.model.setting import Setting, Status, Unread
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.modprobe.reader import READER, read, tokens
from support.counts import drawn
from support.covered import uncovered
from support.places import wrong_places
from support.programs import need


def told(text: str) -> list[tuple[str, str]]:
    return [(s.name, s.text) for s in read(text, "f") if isinstance(s, Setting)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("options nf_conntrack hashsize=32768", [("nf_conntrack.hashsize", "32768")]),
        ("options nf-conntrack hash-size=1 acct", [("nf_conntrack.hash_size", "1"), ("nf_conntrack.acct", "")]),
        ("# options a b=1\n  # c\n\noptions a b=2\r\n", [("a.b", "2")]),
        ("options a b=1 \\\n  c=2\n", [("a.b", "1"), ("a.c", "2")]),
        ("options a b=1\\\n2\n", [("a.b", "12")]),
        ("# a comment \\\noptions a b=1\noptions a c=1", [("a.c", "1")]),
        ('options a b="x y" c=1', [("a.b", "x y"), ("a.c", "1")]),
        ("options a b=x\\=y", [("a.b", "x=y")]),
        ("blacklist pcspkr", [("blacklist", "pcspkr")]),
        ("install a /bin/true; x", [("install", "a /bin/true; x")]),
        ("softdep a pre: b post: c", [("softdep", "a pre: b post: c")]),
    ],
)  # fmt: skip
def test_lines(text: str, expected: list[tuple[str, str]]) -> None:
    assert told(text) == expected


def test_what_modprobe_skips_is_unread() -> None:
    items = list(read("option a b=1\noptions a\nfoo\noptions a b={{ c }}\n", "f"))
    assert [str(item) for item in items if isinstance(item, Unread)] == [
        "f:1: modprobe knows no 'option'; did you mean options?",
        "f:2: 'options' needs more words: modprobe skips the line",
        "f:3: modprobe knows no 'foo'",
        "f:4: a template that was not rendered",
    ]


def test_the_last_of_an_option_holds_and_other_commands_add_up() -> None:
    known = technology("modprobe")
    assert known
    text = "options nf_conntrack hashsize=1\nblacklist a\nblacklist b\noptions nf_conntrack hashsize=0\n"
    found = settled(READER, known.schema, [s for s in read(text, "f") if isinstance(s, Setting)])
    assert [s.status for s in found] == [Status.SHADOWED, *[Status.EFFECTIVE] * 3]
    assert found[-1].value == Amount.of(0)


PIECES = st.sampled_from(
    ["options", " ", "\t", "\n", "\r\n", "\\\n", "\\", "a", "b=1", '"', "#", "=", "blacklist", "é", "\udcff", "-_"]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=3), max_size=25).map("".join)


@given(TEXTS)
def test_no_character_is_lost_or_moved(text: str) -> None:
    found = list(tokens(text))
    assert "".join(token.text for token in found) == text
    assert all(text[token.start : token.end] == token.text for token in found)


@given(TEXTS)
def test_every_word_is_in_something_and_places_are_right(text: str) -> None:
    rest = uncovered(text, read(text, "f"))
    words = [t for t in tokens(text) if t.kind == "word"]
    assert not any(rest[token.start : token.end].strip() for token in words)
    assert wrong_places(READER, text, "f") == []


NAMES = st.sampled_from(["nf_conntrack", "nf-conntrack", "a", "b_c"])
OPTION = st.sampled_from(
    ["x=1", "y", "z=a,b", 'w="a b"', "v=2 u=3", "x=4 # no", "t=1 \\\n  s=2", "r=\\=", "q=1\\\n2"]
)
VALID = st.builds("options {} {}".format, NAMES, OPTION)
INVALID = st.sampled_from(
    ["options", "options a", "optoins a b=1", "a b", "# options a b=1", "", "= 5", "# x \\", "[options]", "Options a b=1"]
)  # fmt: skip


@pytest.fixture(scope="module")
def modprobe() -> str:
    return need("modprobe", "kmod")


@pytest.mark.real
@drawn(8, 120)
@given(lines=st.lists(VALID | INVALID, max_size=6))
def test_options_are_those_that_modprobe_shows(
    modprobe: str, tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("modprobe")
    text = "\n".join(lines) + "\n"
    (folder / "shop.conf").write_text(text)
    nothing = shown(modprobe, folder / "none")
    theirs = [pair for line in shown(modprobe, folder) if line not in nothing for pair in cut(line)]
    assert sorted(told(text)) == sorted(theirs)


def shown(modprobe: str, folder: Path) -> list[str]:
    """The options that it would give to modules."""
    words = [modprobe, "--showconfig", "-C", str(folder)]
    done = subprocess.run(words, capture_output=True, check=True, timeout=20)
    return [s for s in done.stdout.decode().splitlines() if s.startswith("options ")]


def cut(line: str) -> list[tuple[str, str]]:
    """The options of a line as it is shown: without backslashes, on one line."""
    _, module, *options = re.findall(r'(?:[^\s"]|"[^"]*")+', line)
    pairs = [option.replace('"', "").partition("=") for option in options]
    return [(f"{module}.{name.replace('-', '_')}", text) for name, _, text in pairs]
