"""What manifests describe: units, containers, and the scripts that they call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from plimsoll.model.reader import Deployment, Word
from plimsoll.model.setting import Unread
from plimsoll.stack.draft import Draft, Drafts
from plimsoll.stack.files import Files, found_by, matches
from plimsoll.stack.recognize import is_known
from plimsoll.stack.statement import Statement
from plimsoll.technologies import signs, technology

# How far into a command line a wrapper may hide the program: newrelic-admin run-program gunicorn
_WRAPPED = 5
# Manifests that are looked for only where a command names them.
SCRIPTS = "shell"


def deployments(
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
            for script in started(files, path):
                if program_of(script.command):
                    return replace(
                        deployment,
                        command=script.command,
                        environment={**deployment.environment, **script.environment},
                        files=(*deployment.files, *script.files),
                    )
    return deployment


def started(files: Files, path: str) -> list[Deployment]:
    """What a start script becomes."""
    return [d for d in _described(SCRIPTS, [path], files) if isinstance(d, Deployment)]
