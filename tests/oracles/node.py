"""Node: options of its command line and of NODE_OPTIONS; the process itself says what runs."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path

from hypothesis import strategies as st

from oracles.oracle import Answer, Case, Held, Line, Oracle
from plimsoll.model.quantity import MIB
from support.programs import need

_SCRIPT = "console.log(http.maxHeaderSize, v8.getHeapStatistics().heap_size_limit)"
_RIGHT = {
    "max-old-space-size": ["64", "100", "512", "1024", "2048", "0", "-5", "+256"],
    "max-http-header-size": ["8192", "16384", "32768", "100000", "16kb", "1.5", "8k", "+9000"],
}  # fmt: skip
_WRONG = [
    "--max-old-space-size=abc", "--max-old-space-size", "--max-old-space-size 512", "--max-old-space-size=512MB", "--max-old-space-size=100.5",
    "--max-old-space-size=1e2", "--max-old-space-size=0x100", "--max-old-space-size=5 --stack-size=x", "--max-semi-space-size=16M",
]  # fmt: skip


@st.composite
def _line(draw: st.DrawFn) -> Line:
    name = draw(st.sampled_from(sorted(_RIGHT)))
    spelled = name.replace("-", draw(st.sampled_from("-_"))) if name.startswith("max-old") else name
    text = draw(st.sampled_from(_RIGHT[name]))
    where = draw(st.sampled_from(["", "NODE_OPTIONS "]))
    equals = draw(st.sampled_from(["=", "=", " "])) if name == "max-http-header-size" else "="
    return Line(name, text, f"{where}--{spelled}{equals}{text}")


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    lines = draw(st.lists(_line(), min_size=1, max_size=4))
    if draw(st.integers(0, 2)) == 0:
        lines.append(Line("", "", draw(st.sampled_from(_WRONG))))
    return Case(tuple(lines))


_SPELLED = [Case((Line("", "", text),)) for text in _WRONG] + [
    Case((Line("max-old-space-size", "512", "NODE_OPTIONS --max-old-space-size=512"),)),
    Case((Line("max-old-space-size", "512", "--max_old_space_size=512"), Line("max-old-space-size", "100", "NODE_OPTIONS --max-old-space-size=100"))),
]  # fmt: skip


def command(case: Case) -> list[str]:
    return ["node", *_options(case, ""), "app.js"]


def environment(case: Case) -> dict[str, str]:
    return {"NODE_OPTIONS": " ".join(_options(case, "NODE_OPTIONS "))}


def _options(case: Case, where: str) -> list[str]:
    """Those of the command line, or of NODE_OPTIONS."""
    said = [line.written.rpartition("NODE_OPTIONS ") for line in case.lines]
    return [
        word
        for before, mark, text in said
        if mark == where and not before
        for word in shlex.split(text)
    ]


def ask(cases: Sequence[Case], program: Path | None = None) -> Iterator[Answer]:
    node = str(program or need("node", "nodejs"))
    plain, with_old = _asked(node, []), _asked(node, [f"--max-old-space-size={_KNOWN}"])
    assert not isinstance(plain, str), plain
    assert not isinstance(with_old, str), with_old
    young = with_old[1] - _KNOWN * MIB
    for case in cases:
        said = _asked(node, _options(case, ""), **environment(case))
        yield Answer(said) if isinstance(said, str) else Answer(held=_held(said, plain[1], young))


def _asked(node: str, options: Sequence[str], **variables: str) -> tuple[int, int] | str:
    """The most of a request's head, and the most of the heap; or why it does not start."""
    done = subprocess.run(
        [node, *options, "-e", _SCRIPT], env={"PATH": os.environ["PATH"], **variables},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    if done.returncode:
        return done.stderr or "it ended"
    head, heap = done.stdout.split()
    return int(head), int(heap)


def _held(said: tuple[int, int], usual: int, young: int) -> dict[str, Held]:
    """The heap without its young generation, which comes on top: 48 MiB up to 22, more since."""
    head, heap = said
    old: Held = "V8's own" if heap == usual else Fraction(heap - young)
    return {"max-http-header-size": Fraction(head), "max-old-space-size": old}


_KNOWN = 1000  # MiB, to see what comes on top

ORACLE = Oracle(
    "node", "node", "nodejs", _cases(), _SPELLED, ask, command=command, environment=environment
)


def of(program: Path) -> Oracle:
    """The same questions to another version's program."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    version = said.strip().lstrip("v")
    return replace(ORACLE, ask=partial(ask, program=program), version=lambda: version)
