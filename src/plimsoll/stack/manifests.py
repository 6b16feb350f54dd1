"""What manifests describe: units, containers, and the scripts that they call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from plimsoll.model.reader import Deployment, Word
from plimsoll.model.setting import Unread
from plimsoll.stack.bounds import bounded
from plimsoll.stack.draft import Draft, Drafts
from plimsoll.stack.files import Files, found_by, matches
from plimsoll.stack.recognize import is_known
from plimsoll.stack.statement import Statement
from plimsoll.technologies import signs, technology

# Words in front of the program that a command line is about.
_STARTS_ANOTHER = re.compile(
    r"-.*|[A-Za-z_]\w*=.*|\d+|.*entrypoint.*|tini|dumb-init|env|exec|nice|ionice|time|nohup|setsid|sudo"
    r"|python[0-9.]*|poetry|pipenv|uv|pdm|rye|hatch|conda|run|run-program|newrelic-admin|ddtrace-run"
    r"|opentelemetry-instrument|sentry|bundle|gosu|su-exec|setpriv|chpst|s6-setuidgid"
)
# Of these the first word behind is a user.
_AS_USER = frozenset({"gosu", "su-exec", "s6-setuidgid"})
# Manifests that are looked for only where a command names them.
SCRIPTS = "shell"


def deployments(
    files: Files, statement: Statement, only: Sequence[str], found: Drafts
) -> list[Deployment]:
    """What the manifests describe: those that somebody named, else the state that holds by default."""
    named = list(only) or _named(files, statement)
    kinds = {
        name: [p for p in files.paths() if any(matches(p, g) for g in each.manifests)]
        for name, each in signs().items()
        if each.manifests
    }
    is_chosen = bool(only) or any(set(named).intersection(paths) for paths in kinds.values())
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


def is_manifest(path: str) -> bool:
    """Whether a file describes services, by its name."""
    globs = [g for name, each in signs().items() if name != SCRIPTS for g in each.manifests]
    return any(matches(path, glob) for glob in globs)


def _named(files: Files, statement: Statement) -> list[str]:
    words = [w.text for s in statement.services.values() for w in s.files]
    return list(dict.fromkeys(hit for word in words for hit in found_by(files, word, "")))


def _states(
    name: str, paths: Sequence[str], named: Sequence[str] | None
) -> Sequence[Sequence[str]]:
    """The states of the deployment that a manifest's files are in; of *named* ones theirs only."""
    if not paths or (named is not None and set(named).isdisjoint(paths)):
        return ()  # nobody needs to read it
    known = technology(name)
    states = [s for s in known.manifest.states(paths) if s] if known and known.manifest else []
    if named is None or known is None or known.manifest is None:
        return states
    mine = [path for path in named if path in paths]
    return _chosen(states, mine, merges=known.manifest.merges)


def _described(name: str, state: Sequence[str], files: Files) -> Iterable[Deployment | Unread]:
    """What the manifest of a technology says of a state."""
    known = technology(name)
    if known is None or known.manifest is None:
        return ()
    describe = known.manifest.describe
    found = bounded(state[0], lambda: describe(state, files.text), len(state))
    return [found] if isinstance(found, Unread) else found


def _chosen(
    states: Sequence[Sequence[str]], named: Sequence[str], *, merges: bool
) -> list[Sequence[str]]:
    """The states that a named file begins, with their drop-ins; else the file alone.

    *merges*: the named files are one state, in the order in which they are named.
    """
    if merges:
        return [named]
    chosen = [s for s in states if set(named).intersection(s)]
    begun = {p for s in chosen for p in s}
    return [*chosen, *([p] for p in named if p not in begun)]


def joined(files: Files, draft: Draft, deployment: Deployment) -> Draft:
    """*draft* with what a manifest says of it; what is stated stays."""
    deployment = _through_script(files, _through_shell(deployment))
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
    """The technology that a command line starts; empty where none is known.

    Only words that start another program are passed over (`tini --`, `poetry run`, `python -m`,
    options, variables): `psql postgres` is a client.
    """
    texts = [word.text for word in command]
    for at, text in enumerate(texts):
        stem = text.rpartition("/")[2]
        for name, each in signs().items():
            if stem in each.programs:
                return name
        is_user = at > 0 and texts[at - 1].rpartition("/")[2] in _AS_USER
        if not is_user and not _STARTS_ANOTHER.fullmatch(stem):
            behind = at + 1 + texts[at:].index("--") if "--" in texts[at:] else 0
            return program_of(command[behind:]) if behind else ""
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


def _through_shell(deployment: Deployment) -> Deployment:
    """*deployment* with the command behind `sh -c "..."`."""
    if program_of(deployment.command) or not deployment.command:
        return deployment
    from plimsoll.syntax.shell import unwrapped  # 10 ms, and most commands are no shell's

    return replace(deployment, command=unwrapped(deployment.command, deployment.environment))


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
