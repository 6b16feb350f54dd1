"""What manifests describe: units, containers, and the scripts that they call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct, field
from msgspec.structs import replace

from plimsoll.model.reader import Deployment, Open, Word
from plimsoll.model.setting import Unread
from plimsoll.model.signs import Signs
from plimsoll.stack.bounds import bounded
from plimsoll.stack.draft import Draft, Drafts, folder_of
from plimsoll.stack.embedded import with_embedded, words_placed
from plimsoll.stack.files import Files, found_by, matches
from plimsoll.stack.images import IMAGES, lone_images, with_image
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
# Files that say how an overlay changes those beside them.
_OVERLAYS = re.compile(r"(?:^|/)kustomization\.ya?ml$")


def deployments(
    files: Files, statement: Statement, only: Sequence[str], found: Drafts
) -> list[Deployment]:
    """What the manifests describe: those that somebody named, else the state that holds by default."""
    named = list(only) or _named(files, statement)
    known = _Candidates(files)
    kinds = {name: known.paths(each) for name, each in signs().items() if each.manifests}
    is_chosen = bool(only) or any(set(named).intersection(paths) for paths in kinds.values())
    described: list[Deployment] = []
    images = kinds.pop(IMAGES, [])
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
            environment = _environment(files, statement, state) if name == SCRIPTS else {}
            for each in _described(name, state, known.text, environment):
                if isinstance(each, Unread):
                    found.unread.append(each)
                elif not is_chosen or _is_asked(name, each, named):
                    described.append(each)
                    found.claimed.update(each.files)
    described = [with_image(each, images, files.text, found) for each in described]
    wanted = [p for p in images if p in named]
    if not (wanted or only or statement.services or any(map(_runs, described))):
        wanted = [p for p in images if p not in found.claimed]
    described += lone_images(wanted, files.text, found)
    return described


def _runs(each: Deployment) -> bool:
    return bool(each.technology) and each.technology != SCRIPTS


class _Candidates(Struct):
    """Files that may be manifests by their name; those that hold what they must are kept."""

    files: Files
    _texts: dict[str, str | Unread] = field(default_factory=dict)

    def paths(self, own: Signs) -> list[str]:
        """The manifests of one technology."""
        named = [p for p in self.files.paths() if matches(p, *own.manifests)]
        return [p for p in named if self._holds(p, own.holds)] if own.holds else named

    def _holds(self, path: str, expression: str) -> bool:
        text = self.files.text(path)
        if isinstance(text, Unread) or not re.search(expression, text, re.MULTILINE):
            return False
        self._texts[path] = text
        return True

    def text(self, path: str) -> str | Unread:
        known = self._texts.get(path)
        return self.files.text(path) if known is None else known


def is_manifest(files: Files, path: str) -> bool:
    """Whether a file describes services, by its name and what it holds."""
    return any(
        matches(path, *own.manifests) and (not own.holds or fits_text(files, path, own.holds))
        for name, own in signs().items()
        if name != SCRIPTS and own.manifests
    )


def fits_text(files: Files, path: str, expression: str) -> bool:
    text = files.text(path)
    return isinstance(text, str) and re.search(expression, text, re.MULTILINE) is not None


def _is_asked(name: str, each: Deployment, named: Sequence[str]) -> bool:
    """Whether a service stands in a named file, where the files beside it tell of it too."""
    known = technology(name)
    gathers = known is not None and known.manifest is not None and known.manifest.gathers
    return not gathers or each.place.path in named


def _named(files: Files, statement: Statement) -> list[str]:
    words = [w.text for s in statement.services.values() for w in s.files]
    return list(dict.fromkeys(hit for word in words for hit in found_by(files, word, "")))


def _environment(files: Files, statement: Statement, state: Sequence[str]) -> dict[str, Word]:
    """What the stated services that name these files give them as their environment."""
    of = [
        each
        for each in statement.services.values()
        if any(hit in state for word in each.files for hit in found_by(files, word.text, ""))
    ]
    return {name: word for each in of for name, word in each.environment.items()}


def _states(
    name: str, paths: Sequence[str], named: Sequence[str] | None
) -> Sequence[Sequence[str]]:
    """The states of the deployment that a manifest's files are in; of *named* ones theirs only."""
    if not paths or (named is not None and set(named).isdisjoint(paths)):
        return ()  # nobody needs to read it
    known = technology(name)
    manifest = known.manifest if known else None
    if manifest is None:
        return ()
    if named is None:
        return [s for s in manifest.states(paths) if s]
    mine = [path for path in named if path in paths]
    if manifest.gathers:
        return _gathered(paths, mine)
    return _chosen([s for s in manifest.states(paths) if s], mine, merges=manifest.merges)


def _gathered(paths: Sequence[str], named: Sequence[str]) -> list[Sequence[str]]:
    """The named files with those beside them; what overlays them is not asked about."""
    folders = dict.fromkeys(folder_of(p) for p in named)
    return [
        [p for p in paths if folder_of(p) == folder and (p in named or not _OVERLAYS.search(p))]
        for folder in folders
    ]


def _described(
    name: str, state: Sequence[str], opened: Open, environment: Mapping[str, Word]
) -> Iterable[Deployment | Unread]:
    """What the manifest of a technology says of a state; of a script, as that is run."""
    known = technology(name)
    if known is None or known.manifest is None:
        return ()
    describe, run = known.manifest.describe, known.manifest.run
    found = bounded(
        state[0],
        lambda: run(state, opened, environment) if run else describe(state, opened),
        len(state),
    )
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
    seen = with_embedded(files, (*draft.deployments, deployment))
    deployment, *script = _through_script(seen, _through_shell(deployment))
    technology_ = program_of(deployment.command)
    image, tag = _image(deployment.image)
    technology_ = technology_ or image or _of_files(deployment)
    base = (deployment.base,) if deployment.base else ()
    mounted = _mounted(seen, deployment, draft.technology or technology_)
    return replace(
        draft,
        technology=draft.technology or technology_,
        version=draft.version or tag,
        command=draft.command or deployment.command,
        environment={**deployment.environment, **draft.environment},
        deployments=(*draft.deployments, *base, deployment, *script),
        files=(*draft.files, *(p for p in mounted if p not in draft.files)),
    )


def runs(deployment: Deployment) -> str:
    """The technology of what a manifest starts, by its command or image; empty where none is known."""
    shown = _through_shell(deployment)
    return program_of(shown.command) or _image(deployment.image)[0] or _of_files(deployment)


def _of_files(deployment: Deployment) -> str:
    """Of files that no workload mounts: the technology that knows one of them by its name."""
    if deployment.command or deployment.image or not deployment.embedded:
        return ""
    for name, own in signs().items():
        if (own.programs or own.images) and not own.holds:
            telling = own.files[:1]
            if any(
                matches(there.strip("/"), *telling) for _, there in deployment.mounts if telling
            ):
                return name
    return ""


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
    known = [(t, i) for t, each in signs().items() for i in each.images]
    # An image of several servers tells by its tag which one it is.
    found = next((t for t, i in known if ":" in i and fnmatchcase(base, i)), "")
    found = found or next((t for t, i in known if i == name), "")
    version = tag.split("-", 1)[0]
    return found, version if found and version[:1].isdigit() else ""


def _mounted(files: Files, deployment: Deployment, technology_: str) -> tuple[str, ...]:
    """The configuration files that a container sees through its mounts.

    Those of its technology, and of what runs with it or below it.
    """
    mine = [
        own
        for name, own in signs().items()
        if name == technology_ or technology_ in (*own.accompanies, *own.underlies)
    ]
    return tuple(
        path
        for path, there in _seen(files, deployment)
        if any(_is_one(files, path, there, own) for own in mine)
    )


def _seen(files: Files, deployment: Deployment) -> Iterator[tuple[str, str]]:
    """(path here, path that the container sees) of every mounted file."""
    for here, there in deployment.mounts:
        for path in files.paths():
            if path == here:
                yield path, there
            elif path.startswith(here.rstrip("/") + "/"):
                yield path, there.rstrip("/") + path[len(here.rstrip("/")) :]


def _is_one(files: Files, path: str, there: str, own: Signs) -> bool:
    if not (is_known(there, own) or is_known(path, own)):
        return False
    return not own.holds or fits_text(files, path, own.holds)


def _through_shell(deployment: Deployment) -> Deployment:
    """*deployment* with the command behind `sh -c "..."`."""
    if program_of(deployment.command) or not deployment.command:
        return deployment
    from plimsoll.syntax.shell import unwrapped  # 10 ms, and most commands are no shell's

    return replace(deployment, command=unwrapped(deployment.command, deployment.environment))


def _through_script(files: Files, deployment: Deployment) -> tuple[Deployment, ...]:
    """*deployment* with the command of the start script that it calls, where that is at hand.

    Behind it that script, where it says something itself.
    """
    if program_of(deployment.command) or not deployment.command:
        return (deployment,)
    for word in deployment.command[:2]:
        for path in found_by(files, word.text, deployment.directory.strip("/"), deployment.mounts):
            for script in started(files, path, deployment.environment):
                if program_of(script.command):
                    through = replace(
                        deployment,
                        command=script.command,
                        environment={**deployment.environment, **script.environment},
                        files=(*deployment.files, *script.files),
                    )
                    return (through, replace(script, files=())) if script.settings else (through,)
    return (deployment,)


def started(files: Files, path: str, environment: Mapping[str, Word]) -> list[Deployment]:
    """What a start script becomes that is run with an environment."""
    described = _described(SCRIPTS, [path], files.text, environment)
    found = [each for each in described if isinstance(each, Deployment)]
    return [words_placed(files, path, each) for each in found]
