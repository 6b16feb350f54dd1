"""A Python that runs the shop's application as the servers' user."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterator
from importlib.util import cache_from_source
from pathlib import Path

from msgspec import Struct

from plimsoll.drill.lab.lab import Lab, find
from plimsoll.drill.lab.state import LabError
from plimsoll.hosts.local import Local

# The first has its pool of connections to PostgreSQL since 5.1.
_WANTED = "import django, gunicorn, psycopg, psycopg_pool, redis; 1 / (django.VERSION >= (5, 1))"
_LIBRARIES = ("asgiref", "django", "gunicorn", "psycopg", "psycopg_pool", "redis", "sqlparse")
_LEFT_OUT = r"/locale/|/contrib/(?!sessions)|/db/migrations|/tests?/"
_SEEN = "django/db/models/query.py"
_COMPILE_SECONDS = 120.0
_GUNICORN = """\
#!{program}
from gunicorn.app.wsgiapp import run

run()
"""


class Python(Struct, frozen=True):
    """*environment*: what it needs to find the application's libraries."""

    program: str
    environment: dict[str, str]


def reachable_python(found: Lab) -> Python:
    """Ours, else one of the machine of the same version with our libraries.

    Ours may lie in a home folder that no other user enters.

    Raises:
        LabError: there is none.
    """
    for each in _candidates():
        try:
            found.run(each.program, "-c", _WANTED, folder=found.folder, **each.environment)
        except LabError:
            continue
        return each
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    raise LabError(
        f"no Python {version} with django 5.1, gunicorn, psycopg and redis that the servers' user may "
        f"run: install plimsoll[lab], where that user can read it"
    )


def compile_libraries() -> None:
    """Has the application's libraries compiled where they lie, as their first import would.

    The servers' user may not write there, so without it each worker would compile them again.
    """
    folder = Path(sysconfig.get_path("platlib"))
    if Path(cache_from_source(str(folder / _SEEN))).exists() or not os.access(folder, os.W_OK):
        return
    names = [str(folder / name) for name in _LIBRARIES if (folder / name).is_dir()]
    words = [sys.executable, "-m", "compileall", "-q", "-x", _LEFT_OUT, *names]
    Local().run(words, seconds=_COMPILE_SECONDS)


def gunicorn_of(python: Python, folder: Path) -> None:
    """Puts the program into *folder*, as pip does, for that Python."""
    program = folder / "gunicorn"
    program.write_text(_GUNICORN.format(program=python.program))
    program.chmod(0o755)


def _candidates() -> Iterator[Python]:
    yield Python(sys.executable, {})
    for folder in ("/usr/local/bin", "/usr/bin"):
        program = Path(folder) / f"python{sys.version_info.major}.{sys.version_info.minor}"
        if program.exists():
            yield Python(find(str(program)), {"PYTHONPATH": sysconfig.get_path("platlib")})
