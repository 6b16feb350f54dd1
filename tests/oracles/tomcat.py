"""Tomcat: attributes of a connector in server.xml; its own parser says what they come to."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from hypothesis import strategies as st

from oracles.oracle import Answer, Case, Held, Line, Oracle
from plimsoll.model.quantity import UNLIMITED
from plimsoll.model.schema import Type
from plimsoll.technologies import technology
from support.tomcat import asked

TOMCAT = technology("tomcat")
assert TOMCAT is not None
SCHEMA = TOMCAT.schema

_NAMES = [
    "maxThreads", "maxConnections", "acceptCount", "connectionTimeout", "keepAliveTimeout", "maxPostSize", "maxSwallowSize",
    "maxHttpHeaderSize", "maxParameterCount", "asyncTimeout",
]  # fmt: skip
_NUMBER = st.integers(1, 100_000).map(str) | st.sampled_from(["-1", "+5", "007"])
_ODD = st.sampled_from(["", "x", "1.5", "10s", "8k", " 5", "0x10", "99999999999", "1 000"])
_BREAKS = [
    "/>|>",
    "'C'|C",
    "<Service|<Servic",
    "</Service>|",
    "port|port='1' port",
    "<Service|&x;<Service",
    "'C'|'&'",
    "</Server>|</Server><a/>",
]


@st.composite
def _line(draw: st.DrawFn) -> Line:
    if draw(st.integers(0, 5)) == 0:
        return _written(
            "enableLookups", draw(st.sampled_from(["true", "TRUE", "false", "yes", "1", ""]))
        )
    name = draw(st.sampled_from(_NAMES))
    return _written(name, draw(_ODD if draw(st.integers(0, 2)) == 0 else _NUMBER))


def _written(name: str, text: str) -> Line:
    return Line(f"connector/{name}", text, f'{name}="{text}"')


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    lines = draw(st.lists(_line(), min_size=1, max_size=4, unique_by=lambda line: line.name))
    if draw(st.integers(0, 4)) == 0:
        lines.append(Line("", "", draw(st.sampled_from(_BREAKS))))
    return Case(tuple(lines))


_SPELLED = [
    Case((_written(name, text),))
    for name in ("maxThreads", "connectionTimeout", "maxPostSize")
    for text in ("-1", "10s", "8k", "")
]


def files(case: Case) -> dict[str, str]:
    attributes = " ".join(line.written for line in case.lines if line.name)
    text = f"<Server port='-1'>\n<Service name='C'>\n<Connector port='8080' {attributes}/>\n</Service></Server>"
    for line in case.lines:
        if not line.name:
            before, _, after = line.written.partition("|")
            text = text.replace(before, after, 1)
    return {"server.xml": text}


def ask(cases: Sequence[Case]) -> Iterator[Answer]:
    """All of them in one Java."""
    with tempfile.TemporaryDirectory(prefix="plimsoll-") as folder:
        for said in asked(Path(folder), [files(case)["server.xml"] for case in cases]):
            yield (
                Answer("its parser refuses it")
                if said is None
                else Answer(held=dict(_held(said[0])))
            )


def _held(said: dict[str, str]) -> Iterator[tuple[str, Held]]:
    for name in (*_NAMES, "enableLookups"):
        entry = SCHEMA.entry(name, "connector")
        if entry is None or name not in said or said[name] == "null":
            continue
        if entry.type is Type.BOOLEAN:
            yield f"connector/{name}", said[name] == "true"
        else:
            is_none = said[name] in entry.infinite
            yield (
                f"connector/{name}",
                UNLIMITED if is_none else Fraction(said[name]) * Fraction(entry.scale or 1),
            )


ORACLE = Oracle(
    "tomcat", "catalina.sh", "tomcat10", _cases(), _SPELLED, ask, files, version=["version"]
)
