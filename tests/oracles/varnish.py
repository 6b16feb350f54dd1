"""Varnish: parameters of its command line; `param.show` says what runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from hypothesis import strategies as st

from oracles.oracle import Answer, Case, Held, Line, Oracle
from plimsoll.model.schema import Type
from plimsoll.technologies import technology
from support.programs import need
from support.servers import folder_of_nobody
from support.varnish import shown

VARNISH = technology("varnish")
assert VARNISH is not None
SCHEMA = VARNISH.schema

_COUNTS = [
    "thread_pools",
    "listen_depth",
    "max_retries",
    "gzip_level",
    "thread_pool_max",
    "thread_pool_min",
    "thread_pool_reserve",
]
_TIMES = [
    "default_ttl",
    "timeout_idle",
    "first_byte_timeout",
    "backend_idle_timeout",
    "send_timeout",
    "default_grace",
]
_SIZES = ["workspace_client", "vsl_space", "http_req_size", "fetch_chunksize"]
_SWITCHES = ["auto_restart", "ban_dups", "prefer_ipv6"]
_RIGHT = {
    **{name: [str(number) for number in (5, 7, 9)] for name in _COUNTS},
    "thread_pool_max": ["100", "5000", "50", "9000"], "thread_pool_min": ["5", "100", "200", "6000"],
    "thread_pool_reserve": ["5", "95", "96"],
    **dict.fromkeys(_TIMES, ("5", "60", "1.5", "600s", "7.", "12 s", "5m", "2h")),
    **dict.fromkeys(_SIZES, ("2M", "1.5m", "1mb", "2097152", "1048577b", "4m")),
    **dict.fromkeys(_SWITCHES, ("on", "off", "yes", "NO", "true", "Disable")),
}  # fmt: skip
_WRONG = {
    **dict.fromkeys(_COUNTS, ("", "x", "1k", "1.0", "1e2", "+1x", "-1", "99999999999")),
    **dict.fromkeys(_TIMES, ("", "x", "never", "s5")),
    **dict.fromkeys(_SIZES, ("", "x", "1MiB", "1q", "10%", "1 000", "1")),
    **dict.fromkeys(_SWITCHES, ("", "1", "0", "x", "enabled")),
}  # fmt: skip
_UNKNOWN = ["thread_pool", "thread_pools", "thread_pol_max=3", "gzip_level=11", "http_max_hdr=5"]


def _written(name: str, text: str) -> Line:
    return Line(name, text, f"{name}={text}")


@st.composite
def _line(draw: st.DrawFn, *, is_right: bool = True) -> Line:
    name = draw(st.sampled_from(sorted(_RIGHT)))
    return _written(name, draw(st.sampled_from((_RIGHT if is_right else _WRONG)[name])))


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    lines = draw(st.lists(_line(), min_size=1, max_size=5))
    if draw(st.integers(0, 2)) == 0:
        unknown = st.sampled_from(_UNKNOWN).map(lambda text: Line(text.partition("=")[0], "", text))
        lines.append(draw(st.one_of(unknown, _line(is_right=False), _line(is_right=False))))
    return Case(tuple(lines))


_SPELLED = [Case((_written("default_ttl", text),)) for text in ("2m", "120", "120s", "x")]


def command(case: Case) -> list[str]:
    return ["varnishd", *(word for line in case.lines for word in ("-p", line.written))]


def ask(cases: Sequence[Case]) -> Iterator[Answer]:
    server = need("varnishd", "varnish")
    with folder_of_nobody() as folder:
        for case in cases:
            said = shown(server, folder, *command(case)[1:])
            yield Answer("it does not start") if said is None else Answer(held=_held(said))


def _held(said: dict[str, str]) -> dict[str, Held]:
    return {name: _value(name, said[name]) for name in _RIGHT}


def _value(name: str, text: str) -> Held:
    """What it shows: 0.25G, 128b, 60.000, 100, on."""
    entry = SCHEMA.entry(name)
    assert entry
    if entry.type is Type.BOOLEAN:
        return text == "on"
    found = re.fullmatch(r"([0-9.]+)([bkMGT]?)", text)
    assert found, (name, text)
    return Fraction(found[1]) * Fraction(1024 ** "bkMGT".index(found[2] or "b"))


ORACLE = Oracle(
    "varnish", "varnishd", "varnish", _cases(), _SPELLED, ask, command=command, version=["-V"]
)
