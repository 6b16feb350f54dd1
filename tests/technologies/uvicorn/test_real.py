"""The reader against uvicorn itself: what its command line and its Config make of words."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Word
from plimsoll.model.setting import Setting, Status, Unset
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.uvicorn.reader import READER
from support.counts import drawn
from support.programs import need

pytestmark = pytest.mark.real

UVICORN = technology("uvicorn")
assert UVICORN is not None
SCHEMA = UVICORN.schema

# Reads command lines, and says what Config each makes; None where it is refused.
_ASK = """
import json, os, sys
import click
import uvicorn

own = sys.modules["uvicorn.main"]
found = []

def run(app, **given):
    given["log_config"] = given.pop("app_dir", None) and None
    config = own.Config(app, **given)
    found[-1] = {n: v for n, v in vars(config).items() if isinstance(v, (int, float, str, bool, type(None)))}

own.run = run
for words, environment in json.load(sys.stdin):
    found.append(None)
    os.environ.update(environment)
    try:
        own.main.main(words, standalone_mode=False)
    except (click.ClickException, SystemExit):
        pass
    for name in environment:
        del os.environ[name]
print(json.dumps(found))
"""
Case = tuple[list[str], dict[str, str]]


def asked(cases: list[Case]) -> list[dict[str, Any] | None]:
    program = need("uvicorn", "uvicorn")
    python = Path(program).read_text().splitlines()[0].removeprefix("#!").strip()
    done = subprocess.run(
        [python, "-c", _ASK],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        timeout=60,
        check=True,
    )
    found: list[dict[str, Any] | None] = json.loads(done.stdout.splitlines()[-1])
    return found


def ours(words: list[str], environment: dict[str, str]) -> list[Setting]:
    assert READER.arguments is not None
    given_ = [Word("uvicorn"), *map(Word, words)]
    items = READER.arguments(given_, {n: Word(t) for n, t in environment.items()})
    return settled(READER, SCHEMA, [i for i in items if isinstance(i, Setting)])


_NUMBERS = [
    "workers",
    "limit-concurrency",
    "backlog",
    "limit-max-requests",
    "timeout-keep-alive",
    "port",
]
_TEXTS = ["host", "uds", "root-path", "forwarded-allow-ips"]
_CHOICES = {"loop": ["auto", "asyncio"], "lifespan": ["on", "off"], "interface": ["asgi3", "wsgi"]}
_SWITCHES = [
    "--no-access-log",
    "--access-log",
    "--proxy-headers",
    "--no-server-header",
    "--factory",
]
_NUMBER = st.integers(1, 60_000).map(str) | st.sampled_from(["0", "1_000", " 7 ", "+5", "007"])


def _option(name: str, value: str, *, is_inline: bool) -> list[str]:
    return [f"--{name}={value}"] if is_inline else [f"--{name}", value]


VALID = st.one_of(
    st.builds(_option, st.sampled_from(_NUMBERS), _NUMBER, is_inline=st.booleans()),
    st.builds(
        _option,
        st.sampled_from(_TEXTS),
        st.sampled_from(["a", "x y", "é"]),
        is_inline=st.booleans(),
    ),
    st.sampled_from([(n, v) for n, vs in _CHOICES.items() for v in vs]).map(
        lambda p: [f"--{p[0]}", p[1]]
    ),
    st.sampled_from(_SWITCHES).map(lambda s: [s]),
)
INVALID = st.one_of(
    st.builds(_option, st.sampled_from(_NUMBERS), st.sampled_from(["x", "", "1.5", "5s", "1k", "0x10", "None"]), is_inline=st.sampled_from([True])),
    st.sampled_from([["--loop", "fast"], ["--lifespan", "On "], ["--nope"], ["--worker", "4"], ["--reload=1"], ["-w", "4"]]),
)  # fmt: skip
ENVIRONMENT = st.fixed_dictionaries(
    {},
    optional={
        "WEB_CONCURRENCY": st.sampled_from(["3", "8"]),
        "UVICORN_WORKERS": st.sampled_from(["4", ""]),
        "UVICORN_BACKLOG": st.sampled_from(["77", ""]),
        "UVICORN_TIMEOUT_KEEP_ALIVE": st.just("9"),
        "UVICORN_ACCESS_LOG": st.sampled_from(["false", "1"]),
        "UVICORN_HOST": st.sampled_from(["h", ""]),
        "FORWARDED_ALLOW_IPS": st.just("*"),
    },
)


def differences(found: list[Setting], theirs: dict[str, Any]) -> list[str]:
    wrong = []
    for each in found:
        if each.status is not Status.EFFECTIVE or each.name not in theirs:
            continue
        value: object = each.value
        if isinstance(value, Amount):
            value = None if value.low == UNLIMITED else value.low
        value = None if isinstance(value, Unset) else value
        if theirs[each.name] != value:
            wrong.append(f"{each.name} is {theirs[each.name]!r}, not {value!r}")
    return wrong


@drawn(6, 60)
@given(st.lists(st.tuples(st.lists(VALID, max_size=6), ENVIRONMENT), min_size=5, max_size=20))
def test_what_is_said_holds(cases: list[tuple[list[list[str]], dict[str, str]]]) -> None:
    lines = [
        (["shop:app", *(w for option in given_ for w in option)], env) for given_, env in cases
    ]
    for (words, environment), theirs in zip(lines, asked(lines), strict=True):
        found = ours(words, environment)
        assert theirs is not None, words
        assert [s for s in found if s.status is Status.REFUSED] == []
        assert differences(found, theirs) == [], words


@drawn(6, 60)
@given(st.lists(st.tuples(st.lists(VALID, max_size=3), INVALID), min_size=5, max_size=20))
def test_what_it_refuses_we_refuse(cases: list[tuple[list[list[str]], list[str]]]) -> None:
    lines: list[Case] = [
        (["shop:app", *(w for option in before for w in option), *wrong], {})
        for before, wrong in cases
    ]
    for (words, environment), theirs in zip(lines, asked(lines), strict=True):
        assert theirs is None, words
        assert any(s.status is Status.REFUSED for s in ours(words, environment)), words


def test_defaults_are_those_of_a_bare_command_line() -> None:
    [theirs] = asked([(["shop:app"], {})])
    assert theirs is not None
    for name in (
        "workers",
        "backlog",
        "timeout_keep_alive",
        "limit_concurrency",
        "limit_max_requests",
        "port",
    ):
        default = SCHEMA.default(name, None)
        assert default is not None
        assert differences([default], theirs) == []
