"""Images that are built here: what a Dockerfile brings along for the services that run it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from plimsoll.model.reader import Build, Deployment, Open
from plimsoll.model.setting import Unread
from plimsoll.stack.draft import Drafts
from plimsoll.technologies import signs, technology

# The technology whose manifests say how images are built.
IMAGES = "dockerfile"


def with_image(
    each: Deployment, dockerfiles: Sequence[str], opened: Open, found: Drafts
) -> Deployment:
    """A service with what its image brings: beneath it stays what its manifest says itself.

    Words for the command go to the entry point of the image unless the manifest replaces that.
    """
    build = each.build or _build_of(each, dockerfiles)
    image = next(_built(build, opened, found), None) if build else None
    if image is None:
        return each
    command = each.command if each.entrypoint else (*image.entrypoint, *each.command)
    return replace(
        each,
        command=command if each.command else image.command,
        environment={**image.environment, **each.environment},
        image=image.image or each.image,
        directory=each.directory or image.directory,
        mounts=(*each.mounts, *image.mounts),
        embedded=(*each.embedded, *image.embedded),
        files=(*each.files, *image.files),
        base=replace(image, base=None),
    )


def lone_images(dockerfiles: Sequence[str], opened: Open, found: Drafts) -> Iterator[Deployment]:
    """The services that Dockerfiles describe by themselves."""
    for path in dockerfiles:
        yield from _built(Build(path), opened, found)


def _built(build: Build, opened: Open, found: Drafts) -> Iterator[Deployment]:
    known = technology(IMAGES)
    if known is None or known.manifest is None or known.manifest.image is None:
        return
    for each in known.manifest.image(build, opened):
        if isinstance(each, Unread):
            found.unread.append(each)
        else:
            found.claimed.update(each.files)
            yield each


def _build_of(each: Deployment, dockerfiles: Sequence[str]) -> Build | None:
    """How an image is built that no registry is known for: by the one Dockerfile of its name."""
    base = each.image.partition("@")[0].rpartition("/")[2].partition(":")[0]
    if not base or any(base in own.images for own in signs().values()):
        return None
    mine = [path for path in dockerfiles if base in _names(path)]
    return Build(mine[0]) if len(mine) == 1 else None


def _names(path: str) -> set[str]:
    """What an image of a Dockerfile may be called: api/Dockerfile, Dockerfile.api, api.Dockerfile."""
    folder, _, name = path.rpartition("/")
    lowered = name.lower()
    own = lowered.removeprefix("dockerfile.").removesuffix(".dockerfile")
    return {folder.rpartition("/")[2], own} - {"", "dockerfile"}
