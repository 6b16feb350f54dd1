"""The reader against Django itself: what it makes of a project's settings, and of none."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Word
from plimsoll.model.setting import Setting, Status, Unknown, Unread, Unset, Value
from plimsoll.model.version import Version
from plimsoll.stack.expand import Expansion
from plimsoll.stack.files import Folder
from plimsoll.stack.settle import settled
from plimsoll.syntax.python import carried
from plimsoll.technologies import technology
from plimsoll.technologies.django.reader import READER
from support.counts import drawn
from support.programs import need

pytestmark = pytest.mark.real

DJANGO = technology("django")
assert DJANGO is not None
SCHEMA = DJANGO.schema

ASK = """
import json, django
from copy import deepcopy
from django.conf import settings
from django.db import connections
# Connections fill the dictionaries of the settings in.
found = deepcopy({n: getattr(settings, n) for n in dir(settings) if n.isupper()})
print(json.dumps({
    "version": django.__version__,
    "settings": found,
    "databases": {alias: connections[alias].settings_dict for alias in connections},
}, default=str))
"""
BASE = """
import os
SECRET_KEY = "base"
DEBUG = True
DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "a", "CONN_MAX_AGE": 5},
    "other": {"ENGINE": "django.db.backends.sqlite3", "NAME": "b"},
}
CACHES = {"default": {"BACKEND": "x", "TIMEOUT": 9}, "gone": {"BACKEND": "y"}}
OPTIONS = {"a": {"b": 1}, "c": 2}
"""
PROD = """
import os
from .base import *
DEBUG = os.environ.get("DEBUG") == "yes"
DATABASES["default"]["CONN_MAX_AGE"] = int(os.environ.get("MAX_AGE", 60)) * 2
DATABASES["default"].update(HOST=os.environ["DB_HOST"], PORT="1")
CACHES = {"default": dict(BACKEND="z", TIMEOUT=None, OPTIONS={"A": {"B": 0.5}})}
if DEBUG:
    SESSION_COOKIE_AGE = 1
else:
    SESSION_COOKIE_AGE = 60 * 60
try:
    EMAIL_PORT = int(os.environ["MAIL_PORT"])
except KeyError:
    EMAIL_PORT = 2525
OPTIONS["a"] = {"d": 3}
SECRET_KEY = "-".join(["a", "b"]) if False else "%s-%d" % ("k", 1)
"""


def ask(folder: Path, module: str, **variables: str) -> dict[str, Any]:
    need("django-admin", "python3-django")
    environment = {"DJANGO_SETTINGS_MODULE": module, "PYTHONPATH": str(folder), **variables}
    command = ["/usr/bin/python3", "-B", "-c", ASK]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def ours(folder: Path, path: str, **variables: str) -> dict[str, str]:
    """The effective settings by their whole path."""
    return {name: setting.text for name, setting in effective(folder, path, **variables).items()}


def effective(folder: Path, path: str, **variables: str) -> dict[str, Setting]:
    read = Expansion(Folder(folder)).file(path, READER)
    environment = carried({name: Word(text) for name, text in variables.items()})
    found = settled(READER, SCHEMA, [*read, environment])
    roots = {"database": "DATABASES", "cache": "CACHES"}
    return {
        ".".join([*(f"{roots[b.kind]}.{b.name}" for b in s.scope), s.name]): s
        for s in found
        if s.status is Status.EFFECTIVE and s.name != "environ"
    }


def looked_up(settings: dict[str, Any], path: str) -> object:
    value: Any = settings
    for key in path.split("."):
        value = value[key]
    return value


@pytest.mark.parametrize(
    "variables",
    [{"DB_HOST": "h"}, {"DB_HOST": "h", "DEBUG": "yes", "MAX_AGE": "7", "MAIL_PORT": "26"}],
)
def test_settings_are_what_django_makes_of_them(variables: dict[str, str], tmp_path: Path) -> None:
    package = tmp_path / "shop"
    package.mkdir()
    (package / "base.py").write_text(BASE)
    (package / "prod.py").write_text(PROD)
    theirs = ask(tmp_path, "shop.prod", **variables)["settings"]
    found = ours(tmp_path, "shop/prod.py", **variables)
    assert {path: str(looked_up(theirs, path)) for path in found} == found
    assert set(theirs["CACHES"]) == {"default"}
    for name in ("DATABASES", "CACHES", "OPTIONS"):
        assert leaves(theirs[name], name) <= set(found)


def leaves(value: object, path: str) -> set[str]:
    if not isinstance(value, dict) or not value:
        return {path}
    return {leaf for key, inner in value.items() for leaf in leaves(inner, f"{path}.{key}")}


def shown(value: Value) -> object:
    if isinstance(value, Amount):
        return None if value.low == UNLIMITED else float(value.low)
    return None if isinstance(value, Unset) else value


# Written here, or put below the script's prefix when it is asked for.
ALTERED = frozenset({"SECRET_KEY", "MEDIA_URL", "STATIC_URL"})


def test_defaults_are_django_s_own(tmp_path: Path) -> None:
    (tmp_path / "empty.py").write_text(
        "SECRET_KEY = 'x'\nDATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'}}\n"
    )
    theirs = ask(tmp_path, "empty")
    version = Version(theirs["version"])
    checked = 0
    for name, value in theirs["settings"].items():
        entry = SCHEMA.entries.get(name)
        if entry is None or name in ALTERED or isinstance(value, list | dict | tuple):
            continue
        default = shown(entry.default(version))
        if default is not None or value is None:
            checked += 1
            assert default == (float(value) if isinstance(default, float) else value), name
    assert checked > 60
    own = theirs["databases"]["default"]
    for name in ("CONN_MAX_AGE", "AUTOCOMMIT", "ATOMIC_REQUESTS", "HOST", "PORT", "PASSWORD"):
        default = SCHEMA.default(name, version, "database")
        assert default is not None
        assert default.value is not None
        assert shown(default.value) == own[name], name


# -- drawn: modules over many settings, in many ways of writing them

_NUMBER = st.sampled_from(
    [
        "0",
        "5",
        "60 * 2",
        "int('7')",
        "int(os.environ.get('N', 9))",
        "1_000",
        "-1 + 2",
        "10 // 3",
        "max(1, 2)",
        "None",
    ]
)
_SWITCH = st.sampled_from(
    ["True", "False", "not True", "os.environ.get('D') == 'yes'", "bool(0)", "1 == 1"]
)
_WORD = st.sampled_from(
    [
        "'a'",
        '"b c"',
        "'%s-%s' % ('x', 1)",
        "f'{1 + 1}z'",
        "'-'.join(['p', 'q'])",
        "os.getenv('W', 'w')",
        "'A'.lower()",
    ]
)
_NUMBERS = [
    "SESSION_COOKIE_AGE",
    "DATA_UPLOAD_MAX_MEMORY_SIZE",
    "EMAIL_TIMEOUT",
    "PASSWORD_RESET_TIMEOUT",
    "CACHE_MIDDLEWARE_SECONDS",
]
_SWITCHES = ["DEBUG", "USE_TZ", "SECURE_SSL_REDIRECT", "SESSION_SAVE_EVERY_REQUEST", "APPEND_SLASH"]
_WORDS = ["ROOT_URLCONF", "SESSION_ENGINE", "SESSION_COOKIE_NAME", "LANGUAGE_CODE", "OWN_SETTING"]


def _dictionary(pairs: st.SearchStrategy[tuple[str, str]]) -> st.SearchStrategy[str]:
    """The ways of writing one."""
    several = st.lists(pairs, min_size=1, max_size=4, unique_by=lambda pair: pair[0])
    return st.one_of(
        several.map(lambda p: "{" + ", ".join(f"'{n}': {v}" for n, v in p) + "}"),
        several.map(lambda p: "dict(" + ", ".join(f"{n}={v}" for n, v in p) + ")"),
        several.map(
            lambda p: "{**{'NAME': 'old'}, " + ", ".join(f'"{n}": {v}' for n, v in p) + "}"
        ),
    )


_CONNECTION = st.one_of(
    st.tuples(st.sampled_from(["CONN_MAX_AGE", "PORT"]), _NUMBER),
    st.tuples(st.sampled_from(["ATOMIC_REQUESTS", "CONN_HEALTH_CHECKS"]), _SWITCH),
    st.tuples(st.sampled_from(["HOST", "USER", "NAME"]), _WORD),
    st.tuples(st.just("OPTIONS"), st.sampled_from(["{'timeout': 5}", "{}", "{'a': {'b': 1}}"])),
)


@st.composite
def _module(draw: st.DrawFn) -> str:
    lines = draw(
        st.lists(
            st.one_of(
                st.builds("{} = {}".format, st.sampled_from(_NUMBERS), _NUMBER),
                st.builds("{} = {}".format, st.sampled_from(_SWITCHES), _SWITCH),
                st.builds("{} = {}".format, st.sampled_from(_WORDS), _WORD),
                st.builds("if {}:\n    {} = {}\nelse:\n    {} = {}".format, _SWITCH, st.just("EMAIL_PORT"), st.just("1"), st.just("EMAIL_PORT"), st.just("2")),
                st.builds("DATABASES['default'][{!r}] = {}".format, st.just("CONN_MAX_AGE"), _NUMBER),
                st.builds("DATABASES['default'].update(HOST={})".format, _WORD),
                st.builds("CACHES = {{'default': {{'BACKEND': 'x', 'TIMEOUT': {}}}}}".format, _NUMBER),
                st.sampled_from(["# DEBUG = 1", "", "own = 5", "def helper():\n    DEBUG = 7", "DEBUG, USE_TZ = True, False", "OWN_LIST = ['a', 'b']"]),
            ),
            max_size=8,
        )
    )  # fmt: skip
    engine = "'ENGINE': 'django.db.backends.sqlite3'"
    first = draw(_dictionary(_CONNECTION))
    start = [f"import os\nSECRET_KEY = 'x'\nDATABASES = {{'default': {{{engine}, **{first}}}}}"]
    return "\n".join([*start, *lines]) + "\n"


@drawn(3, 60)
@given(
    text=_module(),
    variables=st.fixed_dictionaries(
        {}, optional={"N": st.just("3"), "D": st.just("yes"), "W": st.just("v")}
    ),
)
def test_a_drawn_module_is_what_django_makes_of_it(
    tmp_path_factory: pytest.TempPathFactory, text: str, variables: dict[str, str]
) -> None:
    folder = tmp_path_factory.mktemp("django")
    (folder / "shop_settings.py").write_text(text)
    theirs = ask(folder, "shop_settings", **variables)["settings"]
    found = effective(folder, "shop_settings.py", **variables)
    known = {path: s.text for path, s in found.items() if not isinstance(s.value, Unknown)}
    assert {path: str(looked_up(theirs, path)) for path in known} == known, text
    assert len(known) >= len(found) // 2
    for name in ("DATABASES", "CACHES"):
        if any(path.startswith(name) for path in found):
            assert leaves(theirs[name], name) <= set(found), text


@drawn(5, 60)
@given(
    text=_module(),
    at=st.integers(0, 400),
    wrong=st.sampled_from(["= =", "\n  x = (", "'", "\ndef", "]", "\n\tif:\n", "\n1 = x\n"]),
)
def test_a_module_that_python_does_not_take_is_unread(text: str, at: int, wrong: str) -> None:
    broken = text[:at] + wrong + text[at:]
    try:
        compile(broken, "s.py", "exec")
    except SyntaxError:
        assert any(isinstance(item, Unread) for item in READER.read(broken, "s.py")), broken
    else:
        assert not any(isinstance(item, Unread) for item in READER.read(broken, "s.py")), broken
