"""The reader against Django itself: what it makes of a project's settings, and of none."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Word
from plimsoll.model.setting import Status, Unset, Value
from plimsoll.model.version import Version
from plimsoll.stack.expand import Expansion
from plimsoll.stack.files import Folder
from plimsoll.stack.settle import settled
from plimsoll.syntax.python import carried
from plimsoll.technologies import technology
from plimsoll.technologies.django.reader import READER
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
    read = Expansion(Folder(folder)).file(path, READER)
    environment = carried({name: Word(text) for name, text in variables.items()})
    found = settled(READER, SCHEMA, [*read, environment])
    roots = {"database": "DATABASES", "cache": "CACHES"}
    return {
        ".".join([*(f"{roots[b.kind]}.{b.name}" for b in s.scope), s.name]): s.text
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
