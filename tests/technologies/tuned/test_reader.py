from __future__ import annotations

import configparser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import BYTES, UNLIMITED, Amount
from plimsoll.model.setting import Formula, Include, Setting, Unknown, Unread
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.tuned.reader import READER, read
from support.counts import drawn
from support.covered import uncovered
from support.places import wrong_places

TUNED = technology("tuned")
assert TUNED is not None
SCHEMA = TUNED.schema


def told(text: str) -> list[tuple[str, str, str]]:
    found = [item for item in read(text, "tuned.conf") if isinstance(item, Setting)]
    return [(str(s.scope[0]), s.name, s.text) for s in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[sysctl]\nvm.swappiness=10 # ten\n", ("sysctl", "vm.swappiness", "10")),
        ("[sysctl]\nnet.core.somaxconn=>2048\n", ("sysctl", "net.core.somaxconn", ">2048")),
        (
            '[sysctl]\nkernel.sem = "250 32000 32 128"\n',
            ("sysctl", "kernel.sem", "250 32000 32 128"),
        ),
        ("[vm]\n; no\n# no\ndirty_bytes = 40%\n", ("vm", "dirty_bytes", "40%")),
        ("[mine]\nvm.swappiness=1\n", ("section mine", "vm.swappiness", "1")),
        ("[script]\nscript=a.sh\n  b.sh\n", ("script", "script", "a.sh b.sh")),
    ],
)
def test_settings(text: str, expected: tuple[str, str, str]) -> None:
    assert told(text) == [expected]


def test_a_section_is_what_its_type_says() -> None:
    text = "[mine]\nvm.swappiness=1\ntype=sysctl\n"
    assert told(text)[0] == ("sysctl", "vm.swappiness", "1")


def test_variables_of_the_file_are_replaced_and_others_unknown() -> None:
    text = "[sysctl]\na=${x}1\nb=${y}\nc=${f:exec:ls}\nd=\\${x}\n[variables]\nx=7\n"
    found = {s.name: s for s in read(text, "t") if isinstance(s, Setting)}
    assert (found["a"].text, found["d"].text) == ("71", "\\${x}")
    assert found["b"].value == Unknown("calculated by tuned: ${y}")
    assert isinstance(found["c"].value, Unknown)


def test_variables_that_name_each_other_end() -> None:
    text = "[variables]\nx=${y}${y}\ny=${x}${x}\n[sysctl]\na=${x}\n"
    (found,) = [s for s in read(text, "t") if isinstance(s, Setting) and s.name == "a"]
    assert isinstance(found.value, Unknown)


def test_profiles_that_are_included_come_first() -> None:
    items = list(read("[sysctl]\nvm.a=1\n[main]\ninclude = base, other\n", "db/tuned.conf"))
    assert [i.pattern for i in items[:2] if isinstance(i, Include)] == [
        "../base/tuned.conf",
        "../other/tuned.conf",
    ]
    assert [i.name for i in items if isinstance(i, Setting)] == ["vm.a", "include"]


def test_values() -> None:
    text = "[vm]\ndirty_bytes=40%\ndirty_background_bytes=7\ndirty_ratio=>30\n[sysctl]\nx=<8\n"
    found = [item for item in read(text, "t") if isinstance(item, Setting)]
    assert [s.value for s in settled(READER, SCHEMA, found)] == [
        Formula("s.memory * 40 / 100"),
        Amount.of(7, BYTES),
        Amount(30, UNLIMITED),
        Amount(0, 8),
    ]


def test_what_is_neither_section_nor_setting_is_unread() -> None:
    found = list(read("[main]\nnonsense\n{{ x }}\n", "t"))
    assert [str(item) for item in found if isinstance(item, Unread)] == [
        "t:2: neither `[section]` nor `key = value`",
        "t:3: a template that was not rendered",
    ]


PIECES = st.sampled_from(
    ["[", "]", "main", "sysctl", "=", "\n", "\r\n", " ", "\t", "#", ";", "a", "1", ">", "%", '"', "${a}", "include=b", "é", "\udcff"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=3), max_size=25).map("".join))
def test_nothing_is_lost_and_places_are_right(text: str) -> None:
    items = list(read(text, "f"))
    rest = [line.strip() for line in uncovered(text, items).removeprefix("\ufeff").split("\n")]
    left = [line for line in rest if line and line[0] not in "#;["]
    assert not left
    assert wrong_places(READER, text, "f") == []


KEYS = st.sampled_from(["vm.swappiness", "a", "b.c", "Key", "net.core.somaxconn"])
VALUES = st.sampled_from(["1", ">5", "a b", "", "40%", "x # y", "x#y", "; z", "a=b", "a:b", "  c"])
LINES = st.one_of(
    st.builds("{}={}".format, KEYS, VALUES),
    st.builds("{} = {}".format, KEYS, VALUES),
    st.builds("  {}".format, VALUES.filter(lambda v: v.strip() and v[0] not in "#;")),
    st.sampled_from(["[sysctl]", "[vm]", "# c", "; c", "", "[net] # c"]),
)


@drawn(60, 400)
@given(st.lists(LINES, max_size=10).map(lambda lines: "\n".join(["[main]", *lines])))
def test_what_python_reads_which_reads_it_for_tuned(text: str) -> None:
    parser = configparser.ConfigParser(
        delimiters=("=",), inline_comment_prefixes=("#",), strict=False, interpolation=None
    )
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    items = list(read(text, "t"))
    try:
        parser.read_string(text)
    except configparser.Error:
        assert any(isinstance(item, Unread) for item in items)
        return
    theirs = {(n, k): " ".join(v.split()) for n in parser.sections() for k, v in parser[n].items()}
    held = {
        (s.scope[0].name or s.scope[0].kind, s.name): " ".join(s.text.split())
        for s in items
        if isinstance(s, Setting)
    }
    assert held == theirs
    assert not [item for item in items if isinstance(item, Unread)]
