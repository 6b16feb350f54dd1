"""gunicorn's configuration file: its settings, their places, and who wins."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.place import Span
from plimsoll.model.quantity import COUNT, SECONDS, UNLIMITED, Amount
from plimsoll.model.reader import Rejected, Word
from plimsoll.model.setting import (
    Formula,
    Include,
    Item,
    Setting,
    Status,
    Unknown,
    Unread,
    Unset,
    Value,
)
from plimsoll.stack.settle import settled
from plimsoll.syntax.text import Lines, decoded
from plimsoll.technologies import technology
from plimsoll.technologies.gunicorn.command_line import OF_IMAGE
from plimsoll.technologies.gunicorn.options import HOOKS, OPTIONS, Kind
from plimsoll.technologies.gunicorn.reader import READER

PATH = "gunicorn.conf.py"
GUNICORN = technology("gunicorn")
assert GUNICORN is not None
SCHEMA = GUNICORN.schema


def read(text: str) -> list[Item]:
    return list(READER.read(text, PATH))


def settings(text: str) -> list[Setting]:
    return [item for item in read(text) if isinstance(item, Setting)]


def settle(text: str, line: str = "", **variables: str) -> list[Setting]:
    """The settings of a file, of an environment and of a command line, settled."""
    assert READER.arguments is not None
    environment = {name: Word(value) for name, value in variables.items()}
    words = [Word("gunicorn"), *(Word(word) for word in line.split())]
    given_ = [i for i in READER.arguments(words, environment) if isinstance(i, Setting)]
    return settled(READER, SCHEMA, [*settings(text), *given_])


def held(found: list[Setting]) -> dict[str, str]:
    return {s.name: s.text for s in found if s.status is Status.EFFECTIVE and s.name != "environ"}


def at(text: str, span: Span) -> str:
    lines = Lines(text, "")
    return text[lines.offset(span.line, span.column) : lines.offset(span.end_line, span.end_column)]


# -- what a file sets


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("workers = 4\n", [("workers", "4", None)], id="number"),
        pytest.param("workers = '4'\n", [("workers", "4", None)], id="number as a text"),
        pytest.param("preload_app = True\n", [("preload_app", "True", None)], id="boolean"),
        pytest.param("accesslog = None\n", [("accesslog", "None", None)], id="none"),
        pytest.param(
            "import multiprocessing\nworkers = multiprocessing.cpu_count() * 2 + 1\n",
            [("workers", "multiprocessing.cpu_count() * 2 + 1", Formula("s.cores_seen * 2 + 1"))],
            id="cores",
        ),
        pytest.param(
            "cores = 2\nworkers = cores * 2\n", [("workers", "4", None)], id="a helper is none"
        ),
        pytest.param(
            "workers = f()\n", [("workers", "f()", Unknown("computed: f()"))], id="computed"
        ),
        pytest.param("wrokers = 4\n", [("wrokers", "4", None)], id="misspelt"),
        pytest.param("_x = 4\nimport os\nclass C: pass\ndef f(): pass\n", [], id="no settings"),
        pytest.param(
            "def post_fork(s, w):\n  pass\n", [("post_fork", "function", None)], id="hook"
        ),
        pytest.param(
            "post_fork = lambda s, w: 1\n", [("post_fork", "function", None)], id="lambda"
        ),
        pytest.param("bind = 'a:1'\n", [("bind", "a:1", None)], id="one address"),
        pytest.param(
            "bind = ['a:1', 'b:2']\n",
            [("bind", "a:1", None), ("bind", "b:2", None)],
            id="addresses",
        ),
        pytest.param("bind = []\n", [("bind", "[]", None)], id="no address"),
        pytest.param(
            "from uvicorn.workers import UvicornWorker\nworker_class = UvicornWorker\n",
            [("worker_class", "uvicorn.workers.UvicornWorker", None)],
            id="a class",
        ),
    ],
)
def test_what_a_file_sets(text: str, expected: list[tuple[str, str, Value | None]]) -> None:
    assert [(s.name, s.text, s.value) for s in settings(text)] == expected


def test_places_are_those_of_statement_and_value() -> None:
    text = "bind = ['ü:1',  'b:2']  # x\n"
    first, second = settings(text)
    for each, value in ((first, "'ü:1'"), (second, "'b:2'")):
        assert each.place is not None
        assert each.place.value is not None
        assert at(text, each.place.span) == "bind = ['ü:1',  'b:2']"
        assert at(text, each.place.value) == value


def test_a_float_is_refused_where_only_running_would_tell_its_value() -> None:
    (found,) = settings("import os\nworkers = os.cpu_count() * 1.5\n")
    assert found.status is Status.REFUSED
    assert "whole numbers" in found.reason


def test_imported_settings_are_included() -> None:
    first, second = read("from common import *\nfrom .x import *\n")
    assert isinstance(first, Include)
    assert first.pattern == "common.py"
    assert isinstance(second, Unread)


@given(st.sampled_from(sorted(OPTIONS)), st.integers(0, 10**6), st.sampled_from(["\n", "  # é\n"]))
def test_the_text_at_a_value_s_place_parses_back(name: str, number: int, end: str) -> None:
    text = f"é = 1\n{name} = {number}{end}"
    found = settings(text)[-1]
    assert (found.name, found.text) == (name, str(number))
    assert found.place is not None
    assert found.place.value is not None
    assert at(text, found.place.value) == str(number)


@given(st.text(max_size=80))
def test_any_text_is_read_and_settled(text: str) -> None:
    found = settled(READER, SCHEMA, settings(decoded(text.encode("utf-8", "replace"))))
    assert all(s.technology == "gunicorn" for s in found)


# -- who wins


@pytest.mark.parametrize(
    ("text", "line", "variables", "expected"),
    [
        pytest.param("workers = 1\nworkers = 2\n", "", {}, {"workers": "2"}, id="the last"),
        pytest.param("workers = 2\n", "-w 3", {}, {"workers": "3"}, id="command line over file"),
        pytest.param(
            "workers = 2\n", "", {"WEB_CONCURRENCY": "4"}, {"workers": "2"}, id="only a default"
        ),
        pytest.param("", "", {"WEB_CONCURRENCY": "4"}, {"workers": "4"}, id="the default"),
        pytest.param(
            "workers = 2\n",
            "",
            {"GUNICORN_CMD_ARGS": "-w 5", "WEB_CONCURRENCY": "4"},
            {"workers": "5"},
            id="arguments in a variable over file",
        ),
        pytest.param(
            "", "-w 6", {"GUNICORN_CMD_ARGS": "-w 5 -t 9"}, {"workers": "6", "timeout": "9"},
            id="command line over variable",
        ),
        pytest.param("", "", {"PORT": "80"}, {"bind": "0.0.0.0:80"}, id="port"),
        pytest.param("bind = 'a:1'\n", "", {"PORT": "80"}, {"bind": "a:1"}, id="bind over port"),
        pytest.param(
            "import os\nworkers = int(os.environ.get('W', 3))\n", "", {"W": "7"}, {"workers": "7"},
            id="a variable of the file",
        ),
        pytest.param(
            "import os\nworkers = int(os.environ.get('W', 3))\n", "", {}, {"workers": "3"},
            id="without it",
        ),
        pytest.param(
            "import os\nif os.getenv('D'):\n  workers = 1\nelse:\n  workers = 8\n", "", {"D": "1"},
            {"workers": "1"}, id="a branch",
        ),
    ],
)  # fmt: skip
def test_who_wins(
    text: str, line: str, variables: dict[str, str], expected: dict[str, str]
) -> None:
    assert held(settle(text, line, **variables)) == expected


def test_losers_are_kept_with_their_winner() -> None:
    first, second = settle("workers = 1\nworkers = 2\n")
    assert (first.status, first.winner) == (Status.SHADOWED, second)


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("bind = ['a:1', 'b:2']\n", "", ["a:1", "b:2"]),
        ("bind = ['a:1']\nbind = ['b:2', 'c:3']\n", "", ["b:2", "c:3"]),
        ("bind = ['a:1', 'b:2']\n", "-b c:3 -b d:4", ["c:3", "d:4"]),
    ],
)
def test_addresses_of_one_level_hold_together(text: str, line: str, expected: list[str]) -> None:
    found = [s.text for s in settle(text, line) if s.status is Status.EFFECTIVE]
    assert [t for t in found if ":" in t] == expected


def test_a_value_out_of_a_variable_stands_where_the_variable_is_set() -> None:
    assert READER.arguments is not None
    (place,) = [i.place for i in READER.read("T = 44\n", "env") if isinstance(i, Setting)]
    environment = {"T": Word("44", place)}
    given_ = [i for i in READER.arguments([], environment) if isinstance(i, Setting)]
    text = "import os\ntimeout = int(os.environ['T'])\n"
    found = settled(READER, SCHEMA, [*settings(text), *given_])[0]
    assert (found.name, found.text, found.place) == ("timeout", "44", place)
    assert found.reason == "gunicorn.conf.py:2 asks for T"
    assert found.value == Amount.of(44, SECONDS)


def test_a_default_of_a_variable_says_so() -> None:
    (found,) = settle("import os\ntimeout = int(os.getenv('T', '31'))\n")
    assert found.reason == "unless the environment sets T"


def test_what_the_environment_does_not_give_is_unknown() -> None:
    (found,) = settle("import os\ntimeout = int(os.environ['T'])\n")
    assert isinstance(found.value, Unknown)


# -- what values mean


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("workers", "4", Amount.of(4, COUNT)),
        ("workers", " 0x10 ", Amount.of(16, COUNT)),
        ("workers", "1_000", Amount.of(1000, COUNT)),
        ("timeout", "30", Amount.of(30, SECONDS)),
        ("timeout", "0", Amount.of(UNLIMITED, SECONDS)),
        ("graceful_timeout", "0", Amount.of(0, SECONDS)),
        ("max_requests", "0", Amount.of(UNLIMITED, COUNT)),
        ("preload_app", "True", True),
        ("preload_app", "false", False),
        ("accesslog", "None", Unset()),
        ("worker_class", " gthread ", "gthread"),
    ],
)
def test_what_a_value_means(name: str, text: str, expected: Value) -> None:
    entry = SCHEMA.entry(name)
    assert entry is not None
    assert READER.value(text, entry) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("workers", "-1"), ("workers", "1.5"), ("workers", "4 workers"), ("timeout", "30s"),
        ("workers", "None"), ("workers", "010"), ("preload_app", "1"), ("preload_app", "yes"),
        ("reload_engine", "magic"), ("workers", "9" * 5000),
    ],
)  # fmt: skip
def test_what_gunicorn_refuses(name: str, text: str) -> None:
    entry = SCHEMA.entry(name)
    assert entry is not None
    found = READER.value(text, entry)
    assert isinstance(found, Rejected)
    assert found.status is Status.REFUSED


# -- settings.yaml


def test_every_option_is_described_and_nothing_else() -> None:
    assert set(SCHEMA.entries) == {*OPTIONS, *HOOKS, *OF_IMAGE, "environ"}


def test_the_command_line_knows_what_is_a_number() -> None:
    counts = {n for n, e in SCHEMA.entries.items() if e.type in ("count", "time", "size")} - {
        *OF_IMAGE
    }
    assert {n for n, o in OPTIONS.items() if o.kind is Kind.COUNT} == counts


# -- real files


def test_public_files_are_read() -> None:
    folder = Path(__file__).parents[4] / "shared" / "cases"
    files = sorted(folder.glob("*/gunicorn.conf.py"))
    if not files:
        pytest.skip("the development cases are not here")
    for path in files:
        found = read(decoded(path.read_bytes()))
        assert found
        assert all(isinstance(item, Setting) and item.name in OPTIONS for item in found)
