"""The shop of examples/, run from its own files: nginx, gunicorn, PgBouncer, PostgreSQL, Redis."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from plimsoll.drill.lab.lab import Lab
from plimsoll.drill.lab.prepared import PASSWORD, SECRETS, prepare
from plimsoll.drill.lab.python import gunicorn_of
from plimsoll.drill.lab.server import Server
from plimsoll.drill.lab.servers import gunicorn, nginx, pgbouncer, postgresql, redis
from plimsoll.drill.lab.state import LabError


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
        self._bin = found.make_folder("bin")
        gunicorn_of(self._prepared.python, self._bin)
        self._logs = found.make_folder("logs")
        self._memory: dict[str, int] = {}
        self._release = 1
        self._lay_out(source, self.folder)

    def start(self, memory: dict[str, int] | None = None) -> None:
        """All of it. *memory*: the bytes that a server of that name may have.

        Raises:
            LabError: a server does not start.
        """
        self._memory = limits = memory or {}
        application, web = self.application(), self.web()
        # Its processes import their libraries while the data is copied; the first request opens its pool.
        self.lab.begin(application, memory=limits.get(application.name))
        self.lab.start(self.database(), self.cache(), self.pooler(), web, memory=limits)
        self.lab.wait_until_ready(application)

    def stop(self) -> None:
        """All of it, each before what it asks.

        Raises:
            LabError: a server had to be killed.
        """
        wanted = ("web", "app", "pooler", "cache", "db")
        self.lab.stop(*(name for name in wanted if name in self.lab.running))

    def deploy(self, source: Path) -> list[Server]:
        """Puts the files of another folder in the place of the shop's, and starts anew what reads them.

        Those servers; whether they answer is not waited for.

        Raises:
            LabError: a server does not stop, or cannot be started.
        """
        coming = self.lab.folder / "coming"
        self._lay_out(source, coming)
        changed = _differing(self.folder, coming)
        for path in changed:
            (self.folder / path).unlink(missing_ok=True)
            if (coming / path).exists():
                (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
                (coming / path).rename(self.folder / path)
        shutil.rmtree(coming)
        self.lab.give(self.folder)
        folders = {path.parts[0] for path in changed}
        self._release += (
            "app" in folders
        )  # as a deployment has it: what was cached before is not seen
        servers = [make() for folder, make in self._made_of().items() if folder in folders]
        for server in servers:
            self.lab.stop(server.name)
            self.lab.begin(server, memory=self._memory.get(server.name))
        return servers

    def _made_of(self) -> dict[str, Callable[[], Server]]:
        """Which folder of the shop is whose."""
        return {
            "db": self.database,
            "cache": self.cache,
            "pooler": self.pooler,
            "app": self.application,
            "nginx": self.web,
        }

    def database(self) -> Server:
        folder = self._folder("db")
        if not (folder / "data").exists():
            self.lab.copy(self._prepared.data, "db/data")
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
        home = self.folder / "app"
        return gunicorn.server(
            home,
            self.ports["app"],
            script=home / "bin" / "start",
            environment={
                **SECRETS,
                **self._prepared.python.environment,
                "HOME": str(home),  # gunicorn has a socket there
                "PATH": f"{self._bin}{os.pathsep}{os.environ.get('PATH', '')}",
                "SHOP_HOME": str(home),
                "SHOP_RELEASE": f"lab-{self._release}",
                "SHOP_DB_HOST": "127.0.0.1",
                "SHOP_DB_PORT": str(self.ports["pooler"]),
                "SHOP_CACHE_URL": f"redis://127.0.0.1:{self.ports['cache']}/0",
                "APP_BIND": f"127.0.0.1:{self.ports['app']}",
            },
        )

    def web(self) -> Server:
        config = self.folder / "nginx" / "nginx.conf"
        own = "/static/shop.css"
        return nginx.server(self._folder("web"), self.ports["web"], config=config, own=own)

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

    def _lay_out(self, source: Path, folder: Path) -> None:
        """Neither nginx nor PgBouncer takes its address from outside: only there files change."""
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns("__pycache__"))
        web, pooler, logs = folder / "nginx", folder / "pooler", str(self._logs)
        put(web / "nginx.conf", {"/run/nginx.pid": f"{logs}/nginx.pid", "/var/log/nginx": logs})
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
        (pooler / "userlist.txt").write_text(f'"shop" "{PASSWORD}"\n')
        put(
            pooler / "pgbouncer.ini",
            {
                "host=db port=5432": f"host=127.0.0.1 port={self.ports['db']}",
                "listen_addr = 0.0.0.0": "listen_addr = 127.0.0.1",
                "listen_port = 6432": f"listen_port = {self.ports['pooler']}",
                "/etc/shop/pooler/userlist.txt": str(self.folder / "pooler" / "userlist.txt"),
            },
        )
        self.lab.give(folder)


def _differing(one: Path, other: Path) -> list[Path]:
    """The files that are not the same in both folders, by their paths in them."""
    texts = [
        {path.relative_to(folder): path.read_bytes() for path in _files(folder)}
        for folder in (one, other)
    ]
    return [
        path for path in sorted({*texts[0], *texts[1]}) if texts[0].get(path) != texts[1].get(path)
    ]


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]


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
