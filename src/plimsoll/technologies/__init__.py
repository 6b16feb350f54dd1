"""One folder per technology: its syntax, its facts, its rules. They do not know each other."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct

from plimsoll import plugins
from plimsoll.model.live import Live
from plimsoll.model.pooler import Pooler
from plimsoll.model.reader import Manifest, Reader
from plimsoll.model.schema import Schema
from plimsoll.model.signs import Signs
from plimsoll.model.trial import Trial
from plimsoll.plugins import cache as disk
from plimsoll.technologies.schema import late, said_in

PACKAGE = "plimsoll.technologies"
_NOT_FOLDERS = {"schema"}


class Technology(Struct, frozen=True):
    """What a folder offers. A client library has a schema and facts, but no reader."""

    name: str
    reader: Reader | None = None
    manifest: Manifest | None = None

    @property
    def schema(self) -> Schema:
        """Its settings; read when they are asked for, since most runs need a few of them."""
        return _schema(self.name)


@cache
def names() -> tuple[str, ...]:
    """Every technology that we know, as plimsoll.yaml writes it (`docker-compose`)."""
    return tuple(n for n in plugins.names(PACKAGE) if n not in _NOT_FOLDERS)


@cache
def signs() -> Mapping[str, Signs]:
    """What every technology that can be recognized is recognized by; this imports no reader."""
    found = {name: plugins.offered(PACKAGE, name, "signs", Signs) for name in names()}
    return {name: own for name, own in found.items() if own}


@cache
def canonical(name: str) -> str:
    """The name of the technology that somebody calls *name* (`mysql` for `mariadb`).

    Its programs and images are such names too (`postgres`, `httpd`, `valkey`).
    """
    if name in names():
        return name
    called = (
        own
        for own, each in signs().items()
        if name in (*each.aliases, *each.programs, *each.images)
    )
    return next(called, name)


@cache
def technology(name: str) -> Technology | None:
    """The technology of that name; None where we do not know it."""
    if name not in names():
        return None
    return Technology(
        name=name,
        reader=plugins.offered(PACKAGE, name, "reader", Reader),
        manifest=plugins.offered(PACKAGE, name, "manifest", Manifest),
    )


def reader_of(name: str) -> Reader | None:
    """The reader of a technology; None where we do not know it, or it has none."""
    known = technology(name)
    return known.reader if known else None


@cache
def trial_of(name: str) -> Trial | None:
    """How its server is asked whether it takes its files; None where it has no test of its own."""
    return plugins.offered(PACKAGE, name, "trial", Trial) if name in names() else None


@cache
def live_of(name: str) -> Live | None:
    """How a running server of it is asked; None where we cannot ask one."""
    return plugins.offered(PACKAGE, name, "live", Live) if name in names() else None


@cache
def poolers() -> Mapping[str, Pooler]:
    """The technologies that stand before a server and share its connections."""
    found = {name: plugins.offered(PACKAGE, name, "pooler", Pooler) for name in names()}
    return {name: own for name, own in found.items() if own}


@cache
def _schema(name: str) -> Schema:
    text = text_of(name, "settings.yaml")
    if text is None:
        return Schema(name)
    kept, key = disk.name(f"settings-{name}", str(_folder(name))), disk.digest([(name, text)])
    said = disk.load(kept, key)
    if isinstance(said, dict):
        return late(name, said)
    said = said_in(text)
    disk.store(kept, key, said)
    return late(name, said)


def text_of(name: str, file: str) -> str | None:
    """The text of a file in a technology's folder; None where it has none."""
    path = _folder(name) / file
    return path.read_text("utf-8") if path.is_file() else None


def _folder(name: str) -> Path:
    return plugins.folder(PACKAGE) / name.replace("-", "_")
