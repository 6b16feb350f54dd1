"""What takes long to find or make for a shop: a filled cluster, a Python for its application.

It lies in the user's cache, for each version of the application, PostgreSQL and Python. It is made in
a lab of its own and put there whole or not at all; what nobody used for some days goes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from plimsoll.drill.lab.lab import Lab, find, lab
from plimsoll.drill.lab.python import Python, compile_libraries, reachable_python
from plimsoll.drill.lab.servers import postgresql
from plimsoll.drill.lab.state import locked

PASSWORD = "example-only"  # noqa: S105 - of databases that end with their lab
SECRETS = {"SHOP_SECRET_KEY": "of-a-lab", "SHOP_DB_PASSWORD": PASSWORD}
_KEPT_SECONDS = 3 * 86_400.0
# What is prepared is small, however large the shop lets the log of changes grow.
_FILLING = (
    *("-c", "min_wal_size=8MB", "-c", "max_wal_size=32MB", "-c", "wal_level=minimal"),
    *("-c", "max_wal_senders=0", "-c", "shared_buffers=256MB"),
)
# A copy of a cluster takes as long as it has files: the databases that nobody asks go.
_ALONE = (
    "ALTER DATABASE shop IS_TEMPLATE false",
    "ALTER DATABASE template0 IS_TEMPLATE false",
    "DROP DATABASE template0",
    "DROP DATABASE postgres",
)


class Prepared(Struct, frozen=True):
    """*data*: a cluster's folder, to be copied. *python*: runs the application as the servers' user."""

    data: Path
    python: Python


def prepare(source: Path) -> Prepared:
    """That of the shop in *source*; made when it is not there yet, which takes some seconds.

    Raises:
        LabError: a program or a library is missing.
    """
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(cache) / "plimsoll" / "lab"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    wanted = folder / _digest(source)
    with locked(folder):
        compile_libraries()
        if not wanted.is_dir():
            _remove_unused(folder)
            _make(source, folder / "making")
            (folder / "making").rename(wanted)
        os.utime(wanted)
    python = msgspec.json.decode((wanted / "python").read_bytes(), type=Python)
    return Prepared(wanted / "data", python)


def _digest(source: Path) -> str:
    """What a page looks like does not change the data."""
    application = source / "app" / "shop"
    digest = hashlib.sha256(f"{find('postgres')} {sys.prefix} {sys.version}".encode())
    digest.update(Path(__file__).read_bytes())  # how it is made
    for path in sorted(application.rglob("*.py")):
        if path.name in ("models.py", "seed.py") or path.parent.name == "migrations":
            digest.update(path.relative_to(application).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:20]


def _remove_unused(folder: Path) -> None:
    """Also what one that was killed had begun to make."""
    for each in folder.iterdir():
        age = time.time() - each.stat().st_mtime  # noqa: TID251 - as the file system tells it
        if each.name == "making" or (each.is_dir() and age > _KEPT_SECONDS):
            shutil.rmtree(each)


def _make(source: Path, folder: Path) -> None:
    folder.mkdir(mode=0o711)
    with lab() as found:
        python = reachable_python(found)
        _fill(found, source, python)
        shutil.move(found.folder / "db" / "data", folder / "data")
    (folder / "python").write_bytes(msgspec.json.encode(python))


def _fill(found: Lab, source: Path, python: Python) -> None:
    """Leaves db/data in the lab's folder: a stopped cluster with all rows and nothing else."""
    made = postgresql.server(found.make_folder("db"), found.port())
    server = structs.replace(made, words=(*made.words, *_FILLING))
    home = found.folder / "app"
    shutil.copytree(source / "app", home)
    found.give(home)
    found.start(server)
    _say(found, server.port, "postgres", "ALTER DATABASE template1 RENAME TO shop")
    environment = {
        **SECRETS,
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "SHOP_DB_HOST": "127.0.0.1",
        "SHOP_DB_PORT": str(server.port),
        **python.environment,
    }
    for words in (("manage.py", "migrate"), ("manage.py", "seed")):
        found.run(python.program, *words, folder=home, **environment)
    for said in (*_ALONE, f"ALTER USER shop PASSWORD '{PASSWORD}'", "CHECKPOINT"):
        _say(found, server.port, "shop", said)
    found.stop()


def _say(found: Lab, port: int, database: str, said: str) -> None:
    address = ("-h", "127.0.0.1", "-p", str(port), "-U", "shop")
    found.run("psql", "-Xq", *address, "-d", database, "-c", said)
