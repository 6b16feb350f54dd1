"""The reader against PHP itself: what it holds after it read a php.ini, and what it says of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Word
from plimsoll.model.schema import Type
from plimsoll.model.setting import Setting, Status
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.php.reader import READER
from support import php
from support.counts import drawn

pytestmark = pytest.mark.real

PHP = technology("php")
assert PHP is not None
SCHEMA = PHP.schema
VARIABLES = {"PATH": os.environ["PATH"], "SHOP_SIZE": "24", "SHOP_UNIT": "M"}

SIZES = ["memory_limit", "post_max_size", "upload_max_filesize", "realpath_cache_size"]
TIMES = [
    "max_execution_time",
    "default_socket_timeout",
    "session.gc_maxlifetime",
    "user_ini.cache_ttl",
]
COUNTS = ["max_input_vars", "pcre.backtrack_limit", "precision", "max_file_uploads"]
TRUTHS = ["file_uploads", "ignore_user_abort", "expose_php", "session.use_cookies"]
TEXTS = ["error_prepend_string", "session.save_path", "arg_separator.output", "user_agent"]

_SIZE = st.builds("{}{}".format, st.integers(3, 4000), st.sampled_from(["M", "m", "G", " M"])) | (
    st.sampled_from(["-1", "0x400000", "${SHOP_SIZE}${SHOP_UNIT}", '"64M"', "'64M'", "4194304 | 1"])
)
_NUMBER = st.integers(0, 10_000).map(str) | st.sampled_from(
    ["1K", "0x1f", "-1", "010", "1|6", "On"]
)
_TRUTH = st.sampled_from(["On", "off", "1", "0", "yes", '"no"', "True", "none", "2", '"true"'])
_TEXT = st.sampled_from(['"UTC"', "'a b'", "x${SHOP_SIZE}y", "http://a/b", '"a;b"', "a'b'c"])
_VALUES = {**dict.fromkeys(SIZES, _SIZE), **dict.fromkeys(TIMES + COUNTS, _NUMBER)}
_VALUES |= {**dict.fromkeys(TRUTHS, _TRUTH), **dict.fromkeys(TEXTS, _TEXT)}
_COMMENT = st.sampled_from(["", " ; c", ";c", "\n; whole line\n", "\n[Section]"])


def line(name: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda v, c: f"{name} = {v}{c}\n", values, _COMMENT)


VALID = st.sampled_from(sorted(_VALUES)).flatmap(lambda name: line(name, _VALUES[name]))
# Quantities that PHP does not understand as a whole.
ODD = st.sampled_from(["512MB", "1GB", "0.5G", "512Mi", "1T", "x", "M", "1.5", "1e3", "30s", "5 x"])
INVALID = st.sampled_from(SIZES + TIMES[1:] + COUNTS[:2]).flatmap(lambda name: line(name, ODD))
DAMAGE = st.sampled_from(["a = b = c\n", "a = On x\n", "a = (1\n", "a{ = 1\n", "[a\n", "= 1\n"])


def ours(text: str, *options: str) -> list[Setting]:
    assert READER.arguments is not None
    words = [Word("php"), *map(Word, options)]
    told = READER.arguments(words, {n: Word(t) for n, t in VARIABLES.items()})
    items = [*READER.read(text, "php.ini"), *told]
    return settled(READER, SCHEMA, [i for i in items if isinstance(i, Setting)])


def asked(text: str, *options: str) -> php.Settings:
    """What PHP holds with *text* as its php.ini."""
    with tempfile.TemporaryDirectory(prefix="plimsoll-") as folder:
        file = Path(folder) / "php.ini"
        file.write_text(text)
        return php.settings(file, VARIABLES, *options)


def agree(found: list[Setting], theirs: php.Settings) -> Iterator[str]:
    """What PHP holds otherwise than we say."""
    for each in found:
        entry = SCHEMA.entry(each.name)
        if each.status is not Status.EFFECTIVE or entry is None or each.name not in theirs.held:
            continue
        text, number = theirs.held[each.name]
        if entry.type is Type.TEXT:
            if text != each.text:
                yield f"{each.name} is {text!r}, not {each.text!r}"
        elif isinstance(each.value, bool):
            if each.value != (text.lower() in ("1", "on", "yes", "true") or number != 0):
                yield f"{each.name} is {text!r}, not {each.value}"
        elif isinstance(each.value, Amount):
            amount = number * (entry.scale or 1)
            is_infinite = str(number) in entry.infinite
            if each.value.low != (UNLIMITED if is_infinite else amount):
                yield f"{each.name} is {text!r}, not {each.value}"


@drawn(6, 60)
@given(st.lists(VALID, max_size=12))
def test_what_is_written_holds(lines: list[str]) -> None:
    theirs = asked("".join(lines))
    assert list(agree(ours("".join(lines)), theirs)) == []
    assert "Invalid" not in theirs.said


@drawn(6, 60)
@given(st.lists(VALID, max_size=4), INVALID, st.lists(VALID, max_size=2))
def test_what_is_not_understood_is_altered_or_dropped(
    before: list[str], odd: str, after: list[str]
) -> None:
    text = "".join([*before, odd, *after])
    theirs = asked(text)
    found = ours(text)
    assert list(agree(found, theirs)) == []
    name = odd.partition(" ")[0]
    last = [s for s in found if s.name == name and s.place][-1]
    if "which PHP takes for" in last.reason:
        assert f'Invalid "{name}" setting' in theirs.said
    if name == "memory_limit" and last.status is Status.IGNORED:
        assert "Failed to set memory limit" in theirs.said


@drawn(6, 60)
@given(st.lists(VALID, max_size=4), DAMAGE, st.lists(VALID, min_size=1, max_size=4))
def test_behind_a_fault_nothing_is_read(before: list[str], damage: str, after: list[str]) -> None:
    text = "".join([*before, damage, *after])
    theirs = asked(text)
    assert "syntax error" in theirs.said
    assert list(agree(ours(text), theirs)) == []


@pytest.mark.parametrize(
    "option",
    [
        "memory_limit=2G",
        "memory_limit=-1",
        "max_input_vars=E_ALL & ~1",
        "user_agent=a b",
        "user_agent=;x",
    ],
)
def test_options_are_read_as_lines(option: str) -> None:
    theirs = asked("memory_limit = 1G\n", "-d", option)
    assert list(agree(ours("memory_limit = 1G\n", "-d", option), theirs)) == []


def test_the_folder_is_read_in_order_of_name_behind_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "conf.d"
    folder.mkdir()
    texts = {
        "conf.d/20-b.ini": "precision = 7",
        "conf.d/10-a.ini": "precision = 9",
        "php.ini": "precision = 5",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(f"{text}\n")
    theirs = php.settings(tmp_path / "php.ini", {**VARIABLES, "PHP_INI_SCAN_DIR": str(folder)})
    items = [i for name, text in texts.items() for i in READER.read(text, name)]
    found = settled(READER, SCHEMA, [i for i in items if isinstance(i, Setting)])
    assert list(agree(found, theirs)) == []
    assert theirs.held["precision"][0] == "7"


def test_defaults_are_those_of_an_empty_file() -> None:
    theirs = asked("")
    fixed = {s.name for s in ours("") if s.text}
    for name in [*SIZES, *TIMES, *COUNTS, *TRUTHS]:
        default = SCHEMA.default(name, None)
        assert default is not None
        if name not in fixed:
            assert list(agree([default], theirs)) == []
