"""PHP: lines of php.ini; `ini_get_all` says what runs, and its warnings what it does not understand."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from hypothesis import strategies as st

from oracles.oracle import Answer, Case, Held, Line, Oracle
from plimsoll.model.quantity import UNLIMITED
from plimsoll.model.schema import Type
from plimsoll.technologies import technology
from support import php

PHP = technology("php")
assert PHP is not None
SCHEMA = PHP.schema

_SIZES = ["memory_limit", "post_max_size", "upload_max_filesize", "realpath_cache_size"]
# Not max_execution_time: the command line has none.
_TIMES = ["default_socket_timeout", "session.gc_maxlifetime", "user_ini.cache_ttl"]
_COUNTS = ["max_input_vars", "pcre.backtrack_limit", "precision", "max_file_uploads"]
_TRUTHS = ["file_uploads", "ignore_user_abort", "expose_php", "session.use_cookies"]
_TEXTS = ["error_prepend_string", "arg_separator.output", "user_agent"]
_SIZE = st.builds("{}{}".format, st.integers(3, 4000), st.sampled_from(["M", "m", "G", " M"])) | (
    st.sampled_from(["-1", "0x400000", '"64M"', "'64M'", "4194304 | 1"])
)
_NUMBER = st.integers(0, 10_000).map(str) | st.sampled_from(
    ["1K", "0x1f", "-1", "010", "1|6", "On"]
)
_TRUTH = st.sampled_from(["On", "off", "1", "0", "yes", '"no"', "True", "none", "2", '"true"'])
_TEXT = st.sampled_from(['"UTC"', "'a b'", "http://a/b", '"a;b"', "a'b'c"])
_RIGHT = {**dict.fromkeys(_SIZES, _SIZE), **dict.fromkeys(_TIMES + _COUNTS, _NUMBER)}
_RIGHT |= {**dict.fromkeys(_TRUTHS, _TRUTH), **dict.fromkeys(_TEXTS, _TEXT)}
# Quantities that PHP does not understand as a whole, and lines behind which it reads nothing.
_ODD = ["512MB", "1GB", "0.5G", "512Mi", "1T", "x", "M", "1.5", "1e3", "30s", "5 x"]
_DAMAGE = ["a = b = c", "a = On x", "a = (1", "a{ = 1", "[a", "= 1"]


@st.composite
def _line(draw: st.DrawFn) -> Line:
    if draw(st.integers(0, 2)) == 0:
        return _written(
            draw(st.sampled_from(_SIZES + _TIMES + _COUNTS[:2])), draw(st.sampled_from(_ODD))
        )
    name = draw(st.sampled_from(sorted(_RIGHT)))
    return _written(
        name,
        draw(_RIGHT[name]),
        draw(st.sampled_from(["", " ; c", ";c", "\n; a line", "\n[Section]"])),
    )


def _written(name: str, text: str, behind: str = "") -> Line:
    return Line(name, text, f"{name} = {text}{behind}")


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    lines = draw(st.lists(_line(), min_size=1, max_size=5, unique_by=lambda line: line.name))
    if draw(st.integers(0, 4)) == 0:
        lines.insert(draw(st.integers(0, len(lines))), Line("", "", draw(st.sampled_from(_DAMAGE))))
    return Case(tuple(lines))


_SPELLED = [
    Case((_written("memory_limit", text),)) for text in ("512MB", "1GB", "0.5G", "512Mi", "256M")
]


def files(case: Case) -> dict[str, str]:
    return {"php.ini": "".join(f"{line.written}\n" for line in case.lines)}


def ask(cases: Sequence[Case]) -> Iterator[Answer]:
    with tempfile.TemporaryDirectory(prefix="plimsoll-") as folder:
        path = Path(folder) / "php.ini"
        for case in cases:
            path.write_text(files(case)["php.ini"])
            said = php.settings(path, {"PATH": os.environ["PATH"]})
            yield Answer(held={name: _held(name, *said.held[name]) for name in _RIGHT})


def _held(name: str, text: str, number: int) -> Held:
    entry = SCHEMA.entry(name)
    assert entry
    if entry.type is Type.TEXT:
        return text
    if entry.type is Type.BOOLEAN:
        return text.lower() in ("1", "on", "yes", "true") or number != 0
    return (
        UNLIMITED
        if str(number) in entry.infinite
        else Fraction(number) * Fraction(entry.scale or 1)
    )


ORACLE = Oracle(
    "php",
    "php",
    "php-cli",
    _cases(),
    _SPELLED,
    ask,
    files,
    refuses=frozenset(),
    spared="stops reading",
)
