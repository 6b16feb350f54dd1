"""The service that a Dockerfile describes, and what the image that it builds brings along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Build, Deployment, Embedded, Manifest, Open
from plimsoll.model.setting import Unread
from plimsoll.syntax.text import Lines
from plimsoll.technologies.dockerfile.lexer import Heredoc
from plimsoll.technologies.dockerfile.stages import Copied, Stage, stages, without_command

_GLOBS = "*?["


def describe(paths: Sequence[str], opened: Open) -> Iterator[Deployment | Unread]:
    """The service of each Dockerfile, by its last stage."""
    for path in paths:
        yield from image(Build(path), opened)


def states(paths: Sequence[str]) -> list[tuple[str, ...]]:
    """Each Dockerfile by itself."""
    return [(path,) for path in paths]


def image(build: Build, opened: Open) -> Iterator[Deployment | Unread]:
    """What the wanted stage of a Dockerfile leaves behind."""
    path = build.dockerfile
    text = opened(path)
    if isinstance(text, Unread):
        yield text
        return
    found = stages(text, path, build.arguments)
    yield from found.unread
    stage = found.stage(build.target)
    if stage is None:
        reason = f"has no stage {build.target!r}" if build.target else "has no FROM"
        yield Unread(path, f"{reason}: nothing can be built")
        return
    files = list(_files(stage, path, found.lines))
    mounts = [m for each in reversed(stage.copied) for m in _mounts(each, build, opened)]
    command, settings = stage.command, stage.settings
    if stage.is_shell_form:
        command, settings = (), without_command(settings, "a shell runs the ENTRYPOINT alone")
    yield Deployment(
        name=_name(path),
        technology="dockerfile",
        place=stage.place,
        settings=tuple(replace(each, scope=stage.scope) for each in settings),
        command=(*stage.entrypoint, *command),
        environment=dict(stage.environment),
        image=stage.base,
        directory=stage.directory,
        mounts=(*((file.path, there) for file, there in files), *mounts),
        addresses=(_name(path),),
        files=(path,),
        embedded=tuple(file for file, _ in files),
        entrypoint=stage.entrypoint,
    )


def _name(path: str) -> str:
    """What the service is called: Dockerfile.api is api, api/Dockerfile too."""
    folder, _, name = path.rpartition("/")
    stem, _, ending = name.partition(".")
    if ending:
        return stem if ending.lower() in ("dockerfile", "containerfile") else ending
    return folder.rpartition("/")[2] or "app"


def _mounts(copied: Copied, build: Build, opened: Open) -> Iterator[tuple[str, str]]:
    """(path here, path in the image) of what is copied; of a file its own name there."""
    folders = [build.dockerfile.rpartition("/")[0]] if build.context is None else [build.context]
    if build.context is None and folders[0]:
        folders.append("")
    for source in copied.sources:
        for folder in folders:
            here = _inside(folder, source)
            if here:
                is_file = isinstance(opened(here), str)
                yield here, _target(here, copied, is_file=is_file)


def _inside(folder: str, source: str) -> str:
    parts = [p for p in f"{folder}/{source}".split("/") if p not in ("", ".")]
    while parts and any(sign in parts[-1] for sign in _GLOBS):
        parts.pop()  # a pattern: what lies in its folder
    return "" if ".." in parts else "/".join(parts)


def _target(here: str, copied: Copied, *, is_file: bool) -> str:
    target = copied.target
    if is_file and (target.endswith(("/", "/.")) or len(copied.sources) > 1 or target == "."):
        return f"{target.removesuffix('.').rstrip('/')}/{here.rpartition('/')[2]}"
    return target.removesuffix("/.").rstrip("/") or "/"


def _files(stage: Stage, path: str, lines: Lines) -> Iterator[tuple[Embedded, str]]:
    """The files that COPY writes out of here-documents, with their paths in the image."""
    for copied in stage.copied:
        for each in copied.heredocs:
            is_folder = copied.target.endswith("/")
            there = f"{copied.target}{each.name}" if is_folder else copied.target
            if each.is_raw or "$" not in each.text.text:
                name = there.rpartition("/")[2]
                yield _embedded(each, f"{path}/{stage.name}/{name}", lines), there


def _embedded(each: Heredoc, path: str, lines: Lines) -> Embedded:
    text = each.text

    def locate(start: int, end: int) -> Place:
        return lines.place(*text.range(start, end))

    return Embedded(path, text.text, locate)


MANIFEST = Manifest(describe=describe, states=states, image=image)
