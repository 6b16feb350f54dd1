"""Files that are known by their names: which reader they are for, which service they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from msgspec.structs import replace

from plimsoll.model.setting import Unread
from plimsoll.model.signs import Signs
from plimsoll.stack.draft import Draft, Drafts, free
from plimsoll.stack.files import Files, matches
from plimsoll.technologies import signs

# Formats of their own: no reader whose files have other names understands them.
_FORMATS = (
    *("yaml", "yml", "json", "toml", "xml", "ini", "properties"),
    *("py", "rb", "js", "ts", "php", "sh", "tf", "vcl", "md", "txt"),
)

_AVAILABLE, _ENABLED = "-available", "-enabled"
# The technology whose manifests start several processes out of one folder.
PROCESSES = "procfile"


def add_known_files(files: Files, only: Sequence[str], found: Drafts) -> None:
    """Files with telling names that nobody claimed.

    To the one service they fit; those of applications and runtimes to the service that has them;
    else they are a service of their own.
    """
    _leave_out_what_is_not_enabled(files, only, found)
    _add_services(files, only, found, [n for n, own in signs().items() if not _belongs(own)])
    _add_accompanying(files, only, found)
    _add_services(files, only, found, [n for n, own in signs().items() if _belongs(own)])


def _leave_out_what_is_not_enabled(files: Files, only: Sequence[str], found: Drafts) -> None:
    """Debian's sites-available and mods-available hold what may be enabled; a link beside does it."""
    folders = {path.rpartition("/")[0] for path in files.paths()}
    for folder in sorted(folders):
        enabled = folder.removesuffix(_AVAILABLE) + _ENABLED
        if folder.endswith(_AVAILABLE) and enabled in folders:
            waiting = {path for path in files.paths() if path.startswith(f"{folder}/")}
            found.claimed.update(waiting.difference(only))
            found.unused.append(Unread(folder, f"what is in it counts where {enabled} has it"))


def _belongs(own: Signs) -> bool:
    return bool(own.accompanies or own.underlies)


def _add_services(
    files: Files, only: Sequence[str], found: Drafts, technologies: Iterable[str]
) -> None:
    unclaimed = [p for p in files.paths() if p not in found.claimed and (not only or p in only)]
    for name in technologies:
        own = signs()[name]
        if not (own.programs or own.images):
            continue  # nothing starts it: it is only what belongs to a service
        paths = [p for p in unclaimed if p not in found.claimed and fits(files, p, own)]
        mine = [d for d in found.services.values() if d.technology == name]
        for group in _groups(paths, own):
            if len(mine) == 1 and not _has_own_file(mine[0], own):
                found.services[mine[0].name] = replace(mine[0], files=(*mine[0].files, *group))
            elif not mine:
                draft = Draft(name=free(name, found.services), technology=name, files=tuple(group))
                found.services[draft.name] = draft
            else:
                found.unused += [Unread(p, "no service that reads it is known") for p in group]
            found.claimed.update(group)


def _has_own_file(draft: Draft, own: Signs) -> bool:
    return any(is_known(p, own) for p in draft.files)


def _groups(paths: Iterable[str], own: Signs) -> Iterator[list[str]]:
    """Files of one service: those below the folder of the first file with the most telling name."""
    rest = sorted(paths, key=lambda p: (_rank(p, own), p.count("/"), p))
    while rest:
        folder = rest[0].rpartition("/")[0]
        group = [p for p in rest if not folder or p.startswith(folder + "/")]
        yield group
        rest = [p for p in rest if p not in group]


def _rank(path: str, own: Signs) -> int:
    ranks = [n for n, glob in enumerate(own.files) if matches(path, glob)]
    return min(ranks, default=len(own.files))


def is_known(path: str, own: Signs) -> bool:
    """Whether a file has one of the names of a technology's files."""
    return matches(path.strip("/"), *own.files)


def fits(files: Files, path: str, own: Signs) -> bool:
    """Whether a file is one of a technology's, by its name and by what it holds."""
    return is_known(path, own) and (not own.holds or _holds(files, path, own.holds))


def _holds(files: Files, path: str, expression: str) -> bool:
    text = files.text(path)
    return isinstance(text, str) and _compiled(expression).search(text) is not None


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.MULTILINE)


def _add_accompanying(files: Files, only: Sequence[str], found: Drafts) -> None:
    """Settings of applications and runtimes: to the service that runs out of the folder they lie in."""
    taken = set(found.claimed)
    for own in signs().values():
        if not _belongs(own):
            continue
        mine = [d for d in found.services.values() if _runs_with(d, own)]
        if not mine:
            continue
        for path in files.paths():
            if path in taken or not fits(files, path, own):
                continue
            owners = [d for d in mine if _runs_out_of(files, d, path)]
            if not owners and not only and _are_one_application(mine):
                owners = mine
            for draft in owners:
                service = found.services[draft.name]
                if path not in service.files:
                    found.services[draft.name] = replace(service, files=(*service.files, path))
                found.claimed.add(path)


def _are_one_application(drafts: Sequence[Draft]) -> bool:
    """Whether they run out of the same files: one image, or the processes of one Procfile."""
    return len(drafts) == 1 or len({_application(each) for each in drafts}) == 1


def _application(draft: Draft) -> tuple[str, ...]:
    """What tells whose code a service runs; its name where nothing does."""
    for each in draft.deployments:
        if each.technology == PROCESSES:
            return each.files
        if each.build:
            return each.build.dockerfile, each.build.context or ""
        if each.image and not _is_of_vendor(each.image):
            return (each.image,)
    return (draft.name,)


def _is_of_vendor(image: str) -> bool:
    """Whether an image brings a server and nobody's code: node:20."""
    name = image.partition("@")[0].rpartition("/")[2].partition(":")[0]
    return any(name in own.images for own in signs().values())


def _runs_with(draft: Draft, own: Signs) -> bool:
    return draft.technology in own.accompanies or draft.technology in own.underlies


def _runs_out_of(files: Files, draft: Draft, path: str) -> bool:
    """Whether a file lies in a folder that the service mounts or works in."""
    folders = [here for here, _ in draft.mounts]
    folders += [folder_here(files, d.directory) for d in draft.deployments if d.directory]
    return any(folder and path.startswith(folder.rstrip("/") + "/") for folder in folders)


def folder_here(files: Files, folder: str) -> str:
    """Where a folder of the machine lies in the checked one: its longest tail that is there."""
    known = {p.rpartition("/")[0] for p in files.paths()}
    tail = folder.strip("/").split("/")
    tails = ("/".join(tail[start:]) for start in range(len(tail)))
    return next((each for each in tails if each in known), "")


def readers(files: Files, path: str, draft: Draft) -> list[str]:
    """The technologies that read a listed file of a service.

    Its own, those of its application and of the runtime below it that know such a file; else any
    that does; else its own, where the file has no format that only others have.
    """
    fitting = [name for name, each in signs().items() if fits(files, path, each)]
    mine = [n for n in fitting if n == draft.technology or _runs_with(draft, signs()[n])]
    if mine or fitting:
        return sorted(mine, key=lambda n: n != draft.technology) or fitting[:1]
    own = signs().get(draft.technology)
    return [] if own is None or _is_foreign(path, own) else [draft.technology]


def runtimes(draft: Draft) -> list[str]:
    """What a service runs in or with that reads its command line or environment."""
    return [
        name
        for name, own in signs().items()
        if draft.technology in own.underlies
        or (
            draft.technology in own.accompanies
            and not draft.environment.keys().isdisjoint(own.variables)
        )
    ]


def _is_foreign(path: str, own: Signs) -> bool:
    ending = path.rpartition(".")[2]
    return ending in _FORMATS and not any(glob.endswith(f".{ending}") for glob in own.files)
