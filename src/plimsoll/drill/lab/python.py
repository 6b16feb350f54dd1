"""A Python that runs the shop's application as the servers' user."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from plimsoll.drill.lab.lab import Lab, find
from plimsoll.drill.lab.state import LabError

_WANTED = "import django, gunicorn, psycopg, psycopg_pool, redis"
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
        f"no Python {version} with django, gunicorn, psycopg and redis that the servers' user may "
        f"run: install plimsoll[lab], where that user can read it"
    )


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
