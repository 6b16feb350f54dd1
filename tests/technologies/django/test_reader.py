"""Django's settings: names in capitals, entries of dictionaries, parts, and who wins."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import BYTES, COUNT, SECONDS, UNLIMITED, Amount
from plimsoll.model.reader import Rejected, Word
from plimsoll.model.setting import (
    Include,
    Item,
    Origin,
    Setting,
    Status,
    Unknown,
    Unread,
    Unset,
    Value,
)
from plimsoll.stack.settle import parts, settled
from plimsoll.syntax.text import Lines, decoded
from plimsoll.technologies import technology
from plimsoll.technologies.django.reader import READER
from plimsoll.technologies.django.tree import WHOLE

DJANGO = technology("django")
assert DJANGO is not None
SCHEMA = DJANGO.schema


def read(text: str, path: str = "settings.py") -> list[Item]:
    return list(READER.read(text, path))


def settings(text: str, path: str = "settings.py") -> list[Setting]:
    return [item for item in read(text, path) if isinstance(item, Setting)]


def settle(*texts: str, **variables: str) -> list[Setting]:
    """The settings of files that are read one after the other, settled."""
    assert READER.arguments is not None
    place = Place("env", Span(1, 1, 1, 4), Span(1, 3, 1, 4))
    environment = {name: Word(value, place) for name, value in variables.items()}
    carried = [i for i in READER.arguments((), environment) if isinstance(i, Setting)]
    files = [s for n, text in enumerate(texts) for s in settings(text, f"settings/{n}.py")]
    return settled(READER, SCHEMA, [*files, *carried])


def named(setting: Setting) -> str:
    return "/".join(
        [*(f"{b.kind} {b.name}" for b in setting.scope if b.kind != WHOLE), setting.name]
    )


def held(*texts: str, **variables: str) -> dict[str, str]:
    found = settle(*texts, **variables)
    return {named(s): s.text for s in found if s.status is Status.EFFECTIVE and s.name != "environ"}


DATABASES = """
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "db",
        "OPTIONS": {"pool": {"max_size": 7}},
    },
    "replica": {"ENGINE": "x"},
}
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("DEBUG = True\n", {"DEBUG": "True"}, id="plain"),
        pytest.param("debug = True\nDebug = 1\nimport os\n", {}, id="no settings"),
        pytest.param(
            DATABASES,
            {
                "database default/ENGINE": "django.db.backends.postgresql",
                "database default/HOST": "db",
                "database default/OPTIONS.pool": "True",
                "database default/OPTIONS.pool.max_size": "7",
                "database replica/ENGINE": "x",
            },
            id="databases",
        ),
        pytest.param(
            "CACHES = {'default': dict(BACKEND='x', TIMEOUT=None)}\n",
            {"cache default/BACKEND": "x", "cache default/TIMEOUT": "None"},
            id="dict()",
        ),
        pytest.param("O = {'a': {'b': 1}, 'c': 2}\n", {"O.a.b": "1", "O.c": "2"}, id="dictionary"),
        pytest.param("A = []\nB = {}\n", {"A": "[]", "B": "{}"}, id="empty ones"),
        pytest.param("A = [1, 2]\n", {"A": "[1, 2]"}, id="list"),
        pytest.param("A = f()\n", {"A": "f()"}, id="computed"),
        pytest.param("CACHES = {'default': f()}\n", {"CACHES.default": "f()"}, id="computed part"),
        pytest.param("DATABASES = f()\n", {"DATABASES": "f()"}, id="computed databases"),
    ],
)
def test_what_holds(text: str, expected: dict[str, str]) -> None:
    assert held(text) == expected


def test_places_are_those_of_entries() -> None:
    lines = Lines(DATABASES, "")
    found = {named(s): s.place for s in settings(DATABASES)}
    place = found["database default/HOST"]
    assert place is not None
    assert place.value is not None
    start = lines.offset(place.span.line, place.span.column)
    assert (
        DATABASES[start : lines.offset(place.span.end_line, place.span.end_column)]
        == '"HOST": "db"'
    )
    start = lines.offset(place.value.line, place.value.column)
    assert DATABASES[start : lines.offset(place.value.end_line, place.value.end_column)] == '"db"'


# -- who wins

BASE = "CACHES = {'default': {'BACKEND': 'a', 'TIMEOUT': 1}, 'other': {'BACKEND': 'b'}}\n"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(["A = 1\nA = 2\n"], {"A": "2"}, id="the last"),
        pytest.param(["A = 1\n", "A = 2\n"], {"A": "2"}, id="the last file"),
        pytest.param(
            [BASE, "CACHES = {'default': {'BACKEND': 'c'}}\n"],
            {"cache default/BACKEND": "c"},
            id="a dictionary replaces all",
        ),
        pytest.param(
            [BASE, "CACHES['default'] = {'BACKEND': 'c'}\n"],
            {"cache default/BACKEND": "c", "cache other/BACKEND": "b"},
            id="an entry replaces a part",
        ),
        pytest.param(
            [BASE, "CACHES['default']['TIMEOUT'] = 5\n"],
            {
                "cache default/BACKEND": "a",
                "cache default/TIMEOUT": "5",
                "cache other/BACKEND": "b",
            },
            id="an inner entry replaces one value",
        ),
        pytest.param(
            [BASE, "CACHES = f()\n"], {"CACHES": "f()"}, id="something unknown replaces all"
        ),
        pytest.param(["O = {'a': 1, 'b': 2}\nO = {'a': 3}\n"], {"O.a": "3"}, id="dictionary"),
        pytest.param(["O = {'a': {'b': 1}}\nO['a'] = 2\n"], {"O.a": "2"}, id="inner dictionary"),
        pytest.param(
            ["O = {'a': {'b': 1}}\nO['a'] = {'c': 2}\n"], {"O.a.c": "2"}, id="another inner one"
        ),
        pytest.param(["O = {'a': 1}\nO.update(a=2)\n"], {"O.a": "2"}, id="update"),
    ],
)
def test_who_wins(texts: list[str], expected: dict[str, str]) -> None:
    assert held(*texts) == expected


def test_each_part_is_there_once() -> None:
    override = "CACHES = {'default': {'BACKEND': 'c'}}\nCACHES['default']['TIMEOUT'] = 9\n"
    found = settle(BASE, override)
    (part,) = parts(found, READER, SCHEMA, service="app", version=None)
    assert (part.type, part.name) == ("cache", "default")
    assert {n: s.text for n, s in part.settings.items()} == {"BACKEND": "c", "TIMEOUT": "9"}
    gone = [s for s in found if s.status is Status.SHADOWED]
    assert {s.name for s in gone} == {"BACKEND", "TIMEOUT", "CACHES.other.BACKEND"}
    assert all(s.winner is not None for s in gone)


# -- the environment and the functions that ask for it

FUNCTIONS = "import os, environ, environs, decouple, dj_database_url\nfrom decouple import config\n"
FUNCTIONS += "env = environ.Env()\nEnv = environs.Env()\n"


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        ("A = os.environ['X']\n", {"X": "v"}, "v"),
        ("A = env('X')\n", {"X": "v"}, "v"),
        ("A = env('X', default='d')\n", {}, "d"),
        ("A = env.int('X', default=3)\n", {"X": "5"}, "5"),
        ("A = env.int('X', default=3)\n", {}, "3"),
        ("A = env.bool('X', default=False)\n", {"X": "yes"}, "True"),
        ("A = env.float('X')\n", {"X": "1.5"}, "1.5"),
        ("A = env.list('X')[1]\n", {"X": "a,b"}, "b"),
        ("A = Env.str('X', 'd')\n", {}, "d"),
        ("A = config('X', default=3, cast=int)\n", {"X": "7"}, "7"),
        ("A = config('X', default=False, cast=bool)\n", {"X": "off"}, "False"),
        ("A = decouple.config('X', 'd')\n", {}, "d"),
    ],
)
def test_functions_that_ask_for_variables(
    text: str, variables: dict[str, str], expected: str
) -> None:
    assert held(FUNCTIONS + text, **variables) == {"A": expected}


URL = "postgres://u%40x:p%2Fw@db.example:5433/shop?sslmode=require&conn_max_age=60"


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("DATABASES = {'default': dj_database_url.config()}\n", {"DATABASE_URL": URL}),
        ("DATABASES = {'default': dj_database_url.config(default='" + URL + "')}\n", {}),
        ("DATABASES = {'default': dj_database_url.parse('" + URL + "')}\n", {}),
        ("DATABASES = {'default': dj_database_url.config(env='X')}\n", {"X": URL}),
        ("DATABASES = {'default': env.db()}\n", {"DATABASE_URL": URL}),
        ("DATABASES = {'default': env.db('X', default='" + URL + "')}\n", {}),
        ("DATABASES = {}\nDATABASES['default'] = env.db_url('X')\n", {"X": URL}),
    ],
)
def test_databases_out_of_urls(text: str, variables: dict[str, str]) -> None:
    found = held(FUNCTIONS + text, **variables)
    assert found == {
        "database default/ENGINE": "django.db.backends.postgresql",
        "database default/NAME": "shop",
        "database default/USER": "u@x",
        "database default/PASSWORD": "p/w",
        "database default/HOST": "db.example",
        "database default/PORT": "5433",
        "database default/CONN_MAX_AGE": "60",
        "database default/OPTIONS.sslmode": "require",
    }


def test_keywords_beat_the_url() -> None:
    text = "DATABASES = {'default': dj_database_url.parse('mysql://h/n', conn_max_age=600)}\n"
    found = held(FUNCTIONS + text)
    assert found["database default/CONN_MAX_AGE"] == "600"
    assert found["database default/ENGINE"] == "django.db.backends.mysql"


def test_a_cache_out_of_a_url() -> None:
    text = "CACHES = {'default': env.cache('X')}\n"
    assert held(FUNCTIONS + text, X="rediscache://c:6379/1") == {
        "cache default/BACKEND": "django.core.cache.backends.redis.RedisCache",
        "cache default/LOCATION": "redis://c:6379/1",
    }


def test_a_value_out_of_a_variable_stands_where_that_is_set() -> None:
    text = "import os\nDATABASES = {'default': {'HOST': os.environ['H'], 'PORT': '1'}}\n"
    host, port = (s for s in settle(text, H="db") if s.scope)
    assert (host.origin, str(host.place)) == (Origin.ENVIRONMENT, "env:1")
    assert host.reason == "settings/0.py:2 asks for H"
    assert (port.origin, str(port.place)) == (Origin.FILE, "settings/0.py:2")


def test_without_the_environment_it_is_unknown_or_the_default() -> None:
    text = "import os\nA = os.environ['A']\nB = os.environ.get('B', 'd')\n"
    a, b = settle(text)
    assert a.value == Unknown("the environment does not give A")
    assert (b.text, b.reason) == ("d", "unless the environment sets B")


# -- other files


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("shop/settings/prod.py", "from .base import *\n", "base.py"),
        ("shop/settings/prod.py", "from ..common import *\n", "../common.py"),
        ("shop/settings/prod.py", "from .env.base import *\n", "env/base.py"),
        ("shop/settings/prod.py", "from shop.settings.base import *\n", "base.py"),
        ("src/shop/settings/prod.py", "from shop.settings.base import *\n", "base.py"),
        ("src/shop/settings/prod.py", "from shop.common import *\n", "shop/common.py"),
        ("settings.py", "from shop.base import *\n", "shop/base.py"),
    ],
)
def test_star_imports_are_files(path: str, text: str, expected: str) -> None:
    (found,) = read(text, path)
    assert isinstance(found, Include)
    assert (found.pattern, found.is_optional) == (expected, False)


def test_local_settings_may_be_missing() -> None:
    (found,) = read("try:\n  from .local import *\nexcept ImportError:\n  pass\n")
    assert isinstance(found, Include)
    assert found.is_optional


def test_entries_that_are_not_written_are_said() -> None:
    found = [
        i for i in read("CACHES = {**shared, 'a': {'BACKEND': 'x'}}\n") if isinstance(i, Unread)
    ]
    assert len(found) == 1
    assert "CACHES has entries" in found[0].reason


# -- what values mean


@pytest.mark.parametrize(
    ("name", "part", "text", "expected"),
    [
        ("DEBUG", "", "True", True),
        ("DEBUG", "", "False", False),
        ("DEBUG", "", "", False),
        ("SESSION_COOKIE_AGE", "", "60", Amount.of(60, SECONDS)),
        ("DATA_UPLOAD_MAX_MEMORY_SIZE", "", "None", Amount.of(UNLIMITED, BYTES)),
        ("TIMEOUT", "cache", "0", Amount.of(0, SECONDS)),
        ("TIMEOUT", "cache", "None", Amount.of(UNLIMITED, SECONDS)),
        ("TIMEOUT", "cache", "'300'", Rejected(Status.IGNORED, "\"'300'\" is no number")),
        ("CONN_MAX_AGE", "database", "None", Amount.of(UNLIMITED, SECONDS)),
        ("CONN_MAX_AGE", "database", "0", Amount.of(0, SECONDS)),
        ("OPTIONS.pool.max_size", "database", "7", Amount.of(7, COUNT)),
        ("OPTIONS.pool.max_size", "database", "None", Unset()),
        ("OPTIONS.socket_timeout", "cache", "0.5", None),
        ("HOST", "database", "db", "db"),
    ],
)
def test_what_a_value_means(
    name: str, part: str, text: str, expected: Value | Rejected | None
) -> None:
    entry = SCHEMA.entry(name, part)
    assert entry is not None
    found = READER.value(text, entry)
    if expected is None:
        assert isinstance(found, Amount)
        assert found.low == found.high
        assert float(found.low) == 0.5
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("name", "part", "expected"),
    [
        ("BACKEND", "cache", "django.core.cache.backends.locmem.LocMemCache"),
        ("TIMEOUT", "cache", Amount.of(300, SECONDS)),
        ("CONN_MAX_AGE", "database", Amount.of(0, SECONDS)),
        ("CONN_HEALTH_CHECKS", "database", False),
        ("DEBUG", "", False),
        ("DATA_UPLOAD_MAX_MEMORY_SIZE", "", Amount.of(2621440, BYTES)),
    ],
)
def test_defaults(name: str, part: str, expected: Value) -> None:
    found = SCHEMA.default(name, None, part)
    assert found is not None
    assert found.value == expected


@pytest.mark.parametrize(("name", "part"), [("SECRET_KEY", ""), ("PASSWORD", "database")])
def test_secrets_are_marked(name: str, part: str) -> None:
    entry = SCHEMA.entry(name, part)
    assert entry is not None
    assert entry.is_secret


# -- any text

SOURCE = """DATABASES CACHES A { } 'default' , [ ] ( ) os.environ['A'] env('X') ['default'] .update(
    None 1 if **"""
PIECES = st.sampled_from([*SOURCE.split(), " = ", ": ", "\n", ":\n  "])


@given(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=60))
def test_any_text_is_read_and_settled(text: str) -> None:
    found = settle(decoded(text.encode("utf-8", "replace")), text.replace("1", "2"), A="x")
    assert all(s.technology == "django" for s in found)
    assert READER.endpoints is not None
    assert all(e.side == "connects" for e in READER.endpoints(found))


def test_public_files_are_read() -> None:
    folder = Path(__file__).parents[4] / "shared" / "cases"
    if not folder.is_dir():
        pytest.skip("the development cases are not here")
    text = decoded((folder / "MC-017" / "settings.py").read_bytes())
    found = {named(s): (s.text, s.place) for s in settings(text)}
    value, place = found["cache default/OPTIONS.CONNECTION_POOL_KWARGS.max_connections"]
    assert value == "15"
    assert place is not None
    assert place.span.line == 2
