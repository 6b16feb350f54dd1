"""The shop of examples/, run from its own files: nginx, gunicorn, PgBouncer, PostgreSQL, Redis."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

from msgspec import Struct, structs

from plimsoll.drill.lab.lab import Lab, find, lab
from plimsoll.drill.lab.python import gunicorn_of, reachable_python
from plimsoll.drill.lab.server import Server
from plimsoll.drill.lab.servers import gunicorn, nginx, pgbouncer, postgresql, redis
from plimsoll.drill.lab.state import LabError
from plimsoll.hosts.local import Local

_PASSWORD = "example-only"  # noqa: S105 - of databases that end with their lab
_SECRETS = {"SHOP_SECRET_KEY": "of-a-lab", "SHOP_DB_PASSWORD": _PASSWORD}
# What the application's workers import, so that each lab finds it compiled.
_IMPORTS = "import gunicorn.app.wsgiapp, gunicorn.workers.gthread, redis, shop.wsgi, shop.urls"
# What is prepared is small, however large the shop lets the log of changes grow.
_FILLING = (
    *("-c", "min_wal_size=8MB", "-c", "max_wal_size=32MB", "-c", "wal_level=minimal"),
    *("-c", "max_wal_senders=0", "-c", "shared_buffers=256MB"),
)


class Cached(Struct, frozen=True):
    """Look-ups in the cache."""

    hits: int
    misses: int


class Shop:
    """A shop in a lab. Its files lie in *folder*; a variant is a folder with other files."""

    def __init__(self, found: Lab, source: Path) -> None:
        self.lab = found
        self.folder = found.folder / "shop"
        self.ports = {name: found.port() for name in ("web", "app", "pooler", "db", "cache")}
        self._prepared = prepare(source)
        self._python = reachable_python(found)
        self._bin = found.make_folder("bin")
        gunicorn_of(self._python, self._bin)
        shutil.copytree(source, self.folder)
        self._address()
        found.give(self.folder)

    def start(self, memory: dict[str, int] | None = None) -> None:
        """All of it. *memory*: the bytes that a server of that name may have.

        Raises:
            LabError: a server does not start.
        """
        servers = (self.database(), self.cache(), self.pooler(), self.application(), self.web())
        self.lab.start(*servers, memory=memory)

    def database(self) -> Server:
        folder = self._folder("db")
        if not (folder / "data").exists():
            copy(self._prepared / "data", folder / "data")
        config = self.folder / "db" / "postgresql.conf"
        return postgresql.server(folder, self.ports["db"], config=config)

    def cache(self) -> Server:
        folder = self._folder("cache")
        config = self.folder / "cache" / "redis.conf"
        return redis.server(folder, self.ports["cache"], config=config)

    def pooler(self) -> Server:
        folder = self._folder("pooler")
        config = self.folder / "pooler" / "pgbouncer.ini"
        return pgbouncer.server(folder, self.ports["pooler"], config=config)

    def application(self) -> Server:
        home, compiled = self.folder / "app", self.lab.folder / "compiled"
        if not compiled.exists():
            copy(self._prepared / "compiled", compiled)
        return gunicorn.server(
            home,
            self.ports["app"],
            script=home / "bin" / "start",
            environment={
                **_SECRETS,
                **self._python.environment,
                "PYTHONPYCACHEPREFIX": str(compiled),
                "PATH": f"{self._bin}{os.pathsep}{os.environ.get('PATH', '')}",
                "SHOP_HOME": str(home),
                "SHOP_RELEASE": "lab",
                "SHOP_DB_HOST": "127.0.0.1",
                "SHOP_DB_PORT": str(self.ports["pooler"]),
                "SHOP_CACHE_URL": f"redis://127.0.0.1:{self.ports['cache']}/0",
                "APP_BIND": f"127.0.0.1:{self.ports['app']}",
            },
        )

    def web(self) -> Server:
        config = self.folder / "nginx" / "nginx.conf"
        return nginx.server(self._folder("web"), self.ports["web"], config=config)

    def query(self, question: str) -> list[list[str]]:
        """The rows that the database answers, past the pooler."""
        said = self.lab.ask(
            *("psql", "-XAtq", "-F", "\t", "-h", "127.0.0.1", "-p", str(self.ports["db"])),
            *("-U", "shop", "-d", "shop", "-c", question),
        )
        return [line.split("\t") for line in said.splitlines()]

    def cached(self) -> Cached:
        """What Redis counted since it was started."""
        said = self.lab.ask("redis-cli", "-p", str(self.ports["cache"]), "INFO", "stats")
        found = dict(line.split(":", 1) for line in said.split() if ":" in line)
        return Cached(int(found["keyspace_hits"]), int(found["keyspace_misses"]))

    def _folder(self, name: str) -> Path:
        folder = self.lab.folder / name
        return folder if folder.exists() else self.lab.make_folder(name)

    def _address(self) -> None:
        """Neither nginx nor PgBouncer takes its address from outside: only here files change."""
        web, pooler = self.folder / "nginx", self.folder / "pooler"
        logs = self.lab.make_folder("logs")
        put(
            web / "nginx.conf", {"/run/nginx.pid": f"{logs}/nginx.pid", "/var/log/nginx": str(logs)}
        )
        put(
            web / "conf.d" / "shop.conf",
            {
                "listen 80 ": f"listen 127.0.0.1:{self.ports['web']} ",
                "server app:8000 ": f"server 127.0.0.1:{self.ports['app']} ",
                "root /srv/app;": f"root {self.folder / 'app'};",
            },
        )
        # Debian's nginx has these below /var/lib, where only root may write.
        (web / "conf.d" / "lab.conf").write_text(nginx.TEMPORARY)
        users = pooler / "userlist.txt"
        users.write_text(f'"shop" "{_PASSWORD}"\n')
        put(
            pooler / "pgbouncer.ini",
            {
                "host=db port=5432": f"host=127.0.0.1 port={self.ports['db']}",
                "listen_addr = 0.0.0.0": "listen_addr = 127.0.0.1",
                "listen_port = 6432": f"listen_port = {self.ports['pooler']}",
                "/etc/shop/pooler/userlist.txt": str(users),
            },
        )


def put(path: Path, instead: dict[str, str]) -> None:
    """Puts texts of a file in the place of others.

    Raises:
        LabError: one of them is not there.
    """
    text = path.read_text("utf-8")
    for old, new in instead.items():
        if old not in text:
            raise LabError(f"{path.name} no longer says {old.strip()!r}: the lab gave it another")
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


def prepare(source: Path) -> Path:
    """A folder with what takes long to make: a shop's filled cluster, its compiled libraries.

    It lies in the user's cache, for each version of the application, PostgreSQL and Python. Made in a
    lab of its own, and put there whole or not at all.
    """
    application = source / "app" / "shop"
    digest = hashlib.sha256(f"{find('postgres')} {sys.prefix} {sys.version}".encode())
    for path in sorted(application.rglob("*.py")):
        # What a page looks like does not change the data.
        if path.name in ("models.py", "seed.py") or path.parent.name == "migrations":
            digest.update(path.relative_to(application).as_posix().encode() + path.read_bytes())
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(cache) / "plimsoll" / "lab"
    wanted = folder / digest.hexdigest()[:20]
    if not wanted.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with lab() as found, tempfile.TemporaryDirectory(dir=folder) as name:
            made = Path(name) / "made"
            made.mkdir(mode=0o711)
            _fill(found, source)
            copy(found.folder / "db" / "data", made / "data")
            copy(found.folder / "compiled", made / "compiled")
            _put_there(made, wanted)
    return wanted


def _put_there(made: Path, wanted: Path) -> None:
    try:
        made.rename(wanted)
    except OSError:
        if not wanted.is_dir():  # else another process was quicker
            raise


def _fill(found: Lab, source: Path) -> None:
    """Leaves db/data, a stopped cluster with all rows, and compiled/ in the lab's folder."""
    made = postgresql.server(found.make_folder("db"), found.port())
    server = structs.replace(made, words=(*made.words, *_FILLING))
    home = found.folder / "app"
    shutil.copytree(source / "app", home)
    found.give(home)
    found.start(server)
    address = ("-h", "127.0.0.1", "-p", str(server.port), "-U", "shop")
    found.run("psql", "-Xq", *address, "-d", "postgres", "-c", "CREATE DATABASE shop")
    python = reachable_python(found)
    environment = {
        **_SECRETS,
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "SHOP_DB_HOST": "127.0.0.1",
        "SHOP_DB_PORT": str(server.port),
        "PYTHONPYCACHEPREFIX": str(found.make_folder("compiled")),
        **python.environment,
    }
    for words in (("manage.py", "migrate"), ("manage.py", "seed"), ("-c", _IMPORTS)):
        found.run(python.program, *words, folder=home, **environment)
    # As in the shop, whose pooler asks for a password.
    found.run(
        "psql", "-Xq", *address, "-d", "shop", "-c", f"ALTER USER shop PASSWORD '{_PASSWORD}'"
    )
    found.run("psql", "-Xq", *address, "-d", "shop", "-c", "CHECKPOINT")
    found.stop()


def copy(source: Path, target: Path) -> None:
    """With owners and modes; shared blocks where the file system can."""
    done = Local().run([find("cp"), "-a", "--reflink=auto", str(source), str(target)], seconds=60.0)
    if done.code:
        raise LabError(f"{source} cannot be copied: {done.err.strip()}")
