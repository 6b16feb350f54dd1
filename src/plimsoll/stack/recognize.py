"""Files that are known by their names: which reader they are for, which service they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from plimsoll.model.setting import Unread
from plimsoll.model.signs import Signs
from plimsoll.stack.draft import Draft, Drafts, free
from plimsoll.stack.files import Files, matches
from plimsoll.technologies import signs, technology

# Formats of their own: no reader whose files have other names understands them.
_FORMATS = (
    *("yaml", "yml", "json", "toml", "xml", "ini", "properties"),
    *("py", "rb", "js", "ts", "php", "sh", "tf", "vcl", "md", "txt"),
)


def add_known_files(files: Files, only: Sequence[str], found: Drafts) -> None:
    """Files with telling names that nobody claimed: to the one service they fit, else new ones."""
    unclaimed = [p for p in files.paths() if p not in found.claimed and (not only or p in only)]
    for name, own in signs().items():
        paths = [p for p in unclaimed if is_known(p, own)]
        if not paths or _only_accompanies(name):
            continue
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
    return any(matches(path.strip("/"), glob) for glob in own.files)


def add_accompanying(files: Files, only: Sequence[str], found: Drafts) -> None:
    """Settings of applications: to the service that runs out of the folder they lie in."""
    for own in signs().values():
        if not own.accompanies:
            continue
        mine = [d for d in found.services.values() if d.technology in own.accompanies]
        for path in files.paths():
            if path in found.claimed or not is_known(path, own):
                continue
            owners = [d for d in mine if _runs_out_of(files, d, path)]
            if not owners and not only and len(mine) == 1:
                owners = mine
            for draft in owners:
                service = found.services[draft.name]
                found.services[draft.name] = replace(service, files=(*service.files, path))
                found.claimed.add(path)


def _only_accompanies(name: str) -> bool:
    known = technology(name)
    return known is None or known.reader is None or bool(known.reader.root)


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


def accompanying(path: str, draft: Draft) -> str:
    """The technology whose reader a listed file is for: its service's own, if that may read it."""
    known = [name for name, each in signs().items() if is_known(path, each)]
    if draft.technology in known:
        return draft.technology
    if known:
        return known[0]
    own = signs().get(draft.technology)
    if own is None or _is_foreign(path, own):
        return ""
    return draft.technology


def _is_foreign(path: str, own: Signs) -> bool:
    ending = path.rpartition(".")[2]
    return ending in _FORMATS and not any(glob.endswith(f".{ending}") for glob in own.files)
