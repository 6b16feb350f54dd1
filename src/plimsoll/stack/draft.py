"""Who is there: services in the making, from what is stated and from what is found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from plimsoll.model.reader import Deployment, Word
from plimsoll.model.setting import Unread
from plimsoll.model.signs import Signs
from plimsoll.stack.files import Files, found_by, matches
from plimsoll.stack.statement import ServiceStatement, Statement
from plimsoll.syntax.env_file import EnvDialect, variables
from plimsoll.technologies import signs, technology

# How far into a command line a wrapper may hide the program: newrelic-admin run-program gunicorn
_WRAPPED = 5
_SCRIPT = re.compile(r"#![^\n]*\b(?:ba|da|k|z)?sh\b")
_ENVIRONMENT = ("*.env", ".env", "env", ".env.*", "*.env.*")
# Formats of their own: no reader whose files have other names understands them.
_FORMATS = frozenset(
    [
        "yaml",
        "yml",
        "json",
        "toml",
        "xml",
        "md",
        "txt",
        "ini",
        "py",
        "rb",
        "js",
        "ts",
        "php",
        "sh",
        "tf",
        "properties",
        "vcl",
    ]
)
# Manifests that are looked for only where a command names them.
SCRIPTS = "shell"


@dataclass(frozen=True, slots=True)
class Draft:
    """A service before its files are read.

    *files*: to be read for it, by path; those of other technologies accompany it.
    """

    name: str
    technology: str = ""
    version: str = ""
    files: tuple[str, ...] = ()
    command: tuple[Word, ...] = ()
    environment: Mapping[str, Word] = field(default_factory=dict)
    deployments: tuple[Deployment, ...] = ()
    statement: ServiceStatement | None = None

    @property
    def mounts(self) -> tuple[tuple[str, str], ...]:
        return tuple(mount for each in self.deployments for mount in each.mounts)


@dataclass(slots=True)
class Drafts:
    """The services found so far, what could not be read, and what was not used."""

    services: dict[str, Draft] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    unused: list[Unread] = field(default_factory=list)
    claimed: set[str] = field(default_factory=set)
    is_named_unread: bool = False


def drafts(files: Files, statement: Statement, only: Sequence[str] = ()) -> Drafts:
    """The services that are stated and those that the files show.

    *only*: paths that the user named; then manifests and known files beside them are not looked for.
    """
    found = Drafts()
    deployments = _deployments(files, statement, only, found)
    for stated in statement.services.values():
        _add_stated(files, stated, deployments, only, found)
    taken = {_identity(d) for draft in found.services.values() for d in draft.deployments}
    for deployment in deployments:
        if _identity(deployment) not in taken:
            _add_deployment(files, deployment, found)
    _add_known_files(files, only, found)
    _add_accompanying(files, only, found)
    return found


def _identity(deployment: Deployment) -> tuple[str, str, str]:
    """What stays the same when a start script is looked into."""
    return deployment.technology, deployment.name, str(deployment.place)


# -- manifests


def _deployments(
    files: Files, statement: Statement, only: Sequence[str], found: Drafts
) -> list[Deployment]:
    """What the manifests describe: those that somebody named, else the state that holds by default."""
    named = set(only) or _named(files, statement)
    kinds = {
        name: [p for p in files.paths() if any(matches(p, g) for g in each.manifests)]
        for name, each in signs().items()
        if each.manifests
    }
    is_chosen = bool(only) or any(named.intersection(paths) for paths in kinds.values())
    described: list[Deployment] = []
    for name, paths in kinds.items():
        states = _states(name, paths, named if is_chosen or name == SCRIPTS else None)
        used = {p for state in states for p in state}
        others = [p for p in paths if p not in used and name != SCRIPTS]
        if not only:
            found.unused += [
                Unread(p, "another state of the deployment; name it to check it") for p in others
            ]
        found.claimed.update(paths)
        for state in states:
            for each in _described(name, state, files):
                if isinstance(each, Unread):
                    found.unread.append(each)
                else:
                    described.append(each)
                    found.claimed.update(each.files)
    return described


def _named(files: Files, statement: Statement) -> set[str]:
    words = [w.text for s in statement.services.values() for w in s.files]
    return {hit for word in words for hit in found_by(files, word, "")}


def _states(name: str, paths: Sequence[str], named: set[str] | None) -> Sequence[Sequence[str]]:
    """The states of the deployment that a manifest's files are in; of *named* ones theirs only."""
    if not paths or (named is not None and named.isdisjoint(paths)):
        return ()  # nobody needs to read it
    known = technology(name)
    states = [s for s in known.manifest.states(paths) if s] if known and known.manifest else []
    return states if named is None else _chosen(states, named, paths)


def _described(name: str, state: Sequence[str], files: Files) -> Iterable[Deployment | Unread]:
    """What the manifest of a technology says of a state."""
    known = technology(name)
    return known.manifest.describe(state, files.text) if known and known.manifest else ()


def _chosen(
    states: Sequence[Sequence[str]], named: set[str], paths: Sequence[str]
) -> list[Sequence[str]]:
    """The states that a named file begins, with their drop-ins and overrides; else the file alone."""
    chosen = [s for s in states if named.intersection(s)]
    begun = {p for s in chosen for p in s}
    return [*chosen, *([p] for p in paths if p in named and p not in begun)]


# -- stated services


def _add_stated(
    files: Files,
    stated: ServiceStatement,
    deployments: Sequence[Deployment],
    only: Sequence[str],
    found: Drafts,
) -> None:
    paths: list[str] = []
    for word in stated.files:
        hits = found_by(files, word.text, "")
        if not hits:
            found.unread.append(Unread(word.text, "no such file", word.place))
            found.is_named_unread = True
        paths += [p for p in hits if not only or p in only]
    mine = [d for d in deployments if _is_meant(d, stated, paths, deployments)]
    if only and not paths and not mine:
        return
    rest = [p for p in paths if not any(p in d.files for d in deployments)]
    scripts = [d for p in rest if _is_script(files, p) for d in _started(files, p)]
    told = _environment(files, [p for p in rest if _is_environment(p)], found)
    read_so = {p for d in scripts for p in d.files} | {p for p in rest if _is_environment(p)}
    draft = Draft(
        name=stated.name,
        technology=stated.technology,
        version=stated.version,
        files=tuple(p for p in rest if p not in read_so),
        environment={**told, **stated.environment},
        statement=stated,
    )
    for deployment in (*mine, *scripts):
        draft = joined(files, draft, deployment)
    found.claimed.update(rest)
    found.services[stated.name] = draft


def _is_script(files: Files, path: str) -> bool:
    text = files.text(path)
    return isinstance(text, str) and bool(_SCRIPT.match(text))


def _started(files: Files, path: str) -> list[Deployment]:
    """What a start script becomes."""
    return [d for d in _described(SCRIPTS, [path], files) if isinstance(d, Deployment)]


def _is_environment(path: str) -> bool:
    return any(matches(path, glob) for glob in _ENVIRONMENT)


def _environment(files: Files, paths: Sequence[str], found: Drafts) -> dict[str, Word]:
    """The variables that files state; of one name the last wins."""
    told: dict[str, Word] = {}
    for path in paths:
        text = files.text(path)
        if isinstance(text, Unread):
            found.unread.append(text)
            continue
        for each in variables(text, path, EnvDialect.DOTENV):
            if isinstance(each, Unread):
                found.unread.append(each)
            elif each.value is not None:
                told[each.name] = Word(each.value.text, each.place)
    return told


def _is_meant(
    deployment: Deployment,
    stated: ServiceStatement,
    paths: Sequence[str],
    deployments: Sequence[Deployment],
) -> bool:
    """By its name, or as the only thing that a listed manifest describes."""
    if deployment.name == stated.name:
        return True
    path = deployment.place.path
    return path in paths and sum(d.place.path == path for d in deployments) == 1


# -- found services


def _add_deployment(files: Files, deployment: Deployment, found: Drafts) -> None:
    draft = joined(files, Draft(name=_free(deployment.name, found.services)), deployment)
    found.services[draft.name] = draft


def joined(files: Files, draft: Draft, deployment: Deployment) -> Draft:
    """*draft* with what a manifest says of it; what is stated stays."""
    deployment = _through_script(files, deployment)
    technology_ = program_of(deployment.command)
    image, tag = _image(deployment.image)
    return replace(
        draft,
        technology=draft.technology or technology_ or image,
        version=draft.version or tag,
        command=draft.command or deployment.command,
        environment={**deployment.environment, **draft.environment},
        deployments=(*draft.deployments, deployment),
        files=(
            *draft.files,
            *_mounted(files, deployment, draft.technology or technology_ or image),
        ),
    )


def program_of(command: Sequence[Word]) -> str:
    """The technology that a command line starts; empty where none is known."""
    for word in command[:_WRAPPED]:
        stem = word.text.rsplit("/", 1)[-1]
        for name, each in signs().items():
            if stem in each.programs:
                return name
    return ""


def _image(image: str) -> tuple[str, str]:
    """Technology and version of a container image: registry/library/postgres:15.4-alpine."""
    path = image.split("@", 1)[0]
    base = path.rsplit("/", 1)[-1]
    name, _, tag = base.partition(":")
    for technology_, each in signs().items():
        if name in each.images:
            version = tag.split("-", 1)[0]
            return technology_, version if version[:1].isdigit() else ""
    return "", ""


def _mounted(files: Files, deployment: Deployment, technology_: str) -> tuple[str, ...]:
    """The configuration files of its technology that a container sees through its mounts."""
    own = signs().get(technology_)
    if own is None:
        return ()
    hits = []
    for here, there in deployment.mounts:
        for path in files.paths():
            if path == here:
                seen = there
            elif path.startswith(here.rstrip("/") + "/"):
                seen = there.rstrip("/") + path[len(here.rstrip("/")) :]
            else:
                continue
            if is_known(seen, own) or is_known(path, own):
                hits.append(path)
    return tuple(hits)


def _through_script(files: Files, deployment: Deployment) -> Deployment:
    """*deployment* with the command of the start script that it calls, where that is at hand."""
    if program_of(deployment.command) or not deployment.command:
        return deployment
    for word in deployment.command[:2]:
        for path in found_by(files, word.text, deployment.directory.strip("/"), deployment.mounts):
            for script in _started(files, path):
                if program_of(script.command):
                    return replace(
                        deployment,
                        command=script.command,
                        environment={**deployment.environment, **script.environment},
                        files=(*deployment.files, *script.files),
                    )
    return deployment


# -- known file names


def _add_known_files(files: Files, only: Sequence[str], found: Drafts) -> None:
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
                draft = Draft(name=_free(name, found.services), technology=name, files=tuple(group))
                found.services[draft.name] = draft
            else:
                found.unused += [Unread(p, "no service that reads it is known") for p in group]
            found.claimed.update(group)


def _add_accompanying(files: Files, only: Sequence[str], found: Drafts) -> None:
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


def _only_accompanies(name: str) -> bool:
    known = technology(name)
    return known is None or known.reader is None or bool(known.reader.root)


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


def is_known(path: str, own: Signs) -> bool:
    return any(matches(path.strip("/"), glob) for glob in own.files)


def _rank(path: str, own: Signs) -> int:
    ranks = [n for n, glob in enumerate(own.files) if matches(path, glob)]
    return min(ranks, default=len(own.files))


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


def _free(name: str, taken: Mapping[str, object]) -> str:
    number, free = 2, name
    while free in taken:
        number, free = number + 1, f"{name}-{number}"
    return free


def folder_of(path: str) -> str:
    return PurePosixPath(path).parent.as_posix().strip(".")
