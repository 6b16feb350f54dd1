"""Services as pm2's file describes them: each application is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from plimsoll.model.reader import Deployment, Manifest, Open, Word
from plimsoll.model.setting import Setting, Unread
from plimsoll.technologies.pm2.applications import Application, applications

# Options of pm2's command line for what a file says.
_FLAGS = {
    "instances": "-i",
    "kill_timeout": "--kill-timeout",
    "listen_timeout": "--listen-timeout",
    "max_memory_restart": "--max-memory-restart",
    "max_restarts": "--max-restarts",
    "restart_delay": "--restart-delay",
}
_BASES = ("ecosystem.config.js", "ecosystem.config.cjs", "ecosystem.config.mjs")
_OTHERS = ("python", "ruby", "php", "perl", "bash", "sh", "none")


def describe(paths: Sequence[str], open_: Open) -> Iterator[Deployment | Unread]:
    """A service for every application."""
    for path in paths:
        text = open_(path)
        if isinstance(text, Unread):
            yield text
            continue
        for each in applications(text, path, {}):
            if isinstance(each, Application):
                yield _deployment(each, path)
            elif isinstance(each, Unread):
                yield each


def _deployment(app: Application, path: str) -> Deployment:
    return Deployment(
        name=app.name or "app",
        technology="pm2",
        place=app.place,
        settings=tuple(replace(each, scope=()) for each in app.settings),
        command=tuple(_command(app)),
        environment=app.environment,
        directory=app.text("cwd"),
        files=(path,),
    )


def _command(app: Application) -> Iterator[Word]:
    """The command line of pm2 that says the same; of another language that of its interpreter."""
    interpreter = app.text("interpreter")
    if interpreter.rpartition("/")[2].rstrip("0123456789.") in _OTHERS:
        yield from app.words("interpreter") if interpreter != "none" else ()
        yield from app.words("script")
        yield from _arguments(app)
        return
    yield Word("pm2-runtime", app.place)
    yield Word("start", app.place)
    yield from app.words("script")
    for name, flag in _FLAGS.items():
        yield from _option(app.setting(name), flag, app)
    for word in app.words("node_args"):
        yield Word("--node-args", app.place)
        yield word
    if app.setting("args") is not None:
        yield Word("--", app.place)
        yield from _arguments(app)


def _option(setting: Setting | None, flag: str, app: Application) -> Iterator[Word]:
    if setting is not None:
        yield Word(flag, app.place)
        yield from app.words(setting.name)


def _arguments(app: Application) -> Iterator[Word]:
    from plimsoll.syntax.shell import words_in  # most applications have none

    for word in app.words("args"):
        yield from words_in(word)


def states(paths: Sequence[str]) -> Sequence[Sequence[str]]:
    """The file of each folder that pm2 takes by itself, else the first."""
    folders: dict[str, list[str]] = {}
    for path in paths:
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    return [[_first(here)] for here in folders.values()]


def _first(paths: Sequence[str]) -> str:
    names = {path.rpartition("/")[2]: path for path in paths}
    return next((names[base] for base in _BASES if base in names), paths[0])


MANIFEST = Manifest(describe=describe, states=states)
