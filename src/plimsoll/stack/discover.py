"""Who is there: services that are stated, and those that the files show."""

from __future__ import annotations

import re
from collections.abc import Sequence

from plimsoll.model.reader import Deployment, Word
from plimsoll.model.setting import Unread
from plimsoll.stack.draft import Draft, Drafts, free
from plimsoll.stack.files import Files, found_by, matches
from plimsoll.stack.host_files import host_paths
from plimsoll.stack.manifests import deployments, joined, runs, started
from plimsoll.stack.recognize import add_known_files, fits
from plimsoll.stack.statement import ServiceStatement, Statement
from plimsoll.syntax.text import Lines
from plimsoll.technologies import signs

_SCRIPT = re.compile(r"#![^\n]*\b(?:ba|da|k|z)?sh\b")
_ENVIRONMENT = ("*.env", ".env", "env", ".env.*", "*.env.*")
# What a start script sources; a unit that loads such a file has read it itself.
_SOURCED = ("default/*", "sysconfig/*", "*.default")
_HAS_A_FORMAT = re.compile(
    r".*\.(?:conf|cfg|cnf|ini|ya?ml|json|xml|toml|properties|py|rb|js|vcl|service)"
)


def drafts(files: Files, statement: Statement, only: Sequence[str] = ()) -> Drafts:
    """The services that are stated and those that the files show.

    *only*: paths that the user named; then manifests and known files beside them are not looked for.
    """
    found = Drafts()
    described = deployments(files, statement, only, found)
    for stated in statement.services.values():
        others = statement.services.keys() - {stated.name}
        free_ = [d for d in described if d.name not in others]
        _add_stated(files, stated, described, free_, only, found)
    taken = {_identity(d) for draft in found.services.values() for d in draft.deployments}
    for deployment in described:
        if _identity(deployment) not in taken:
            _add_deployment(files, deployment, found)
    _add_host_files(files, statement, only, found)
    add_known_files(files, only, found)
    return found


def _add_host_files(files: Files, statement: Statement, only: Sequence[str], found: Drafts) -> None:
    """Files of machines are no service's, whatever else their names may mean."""
    for host in statement.hosts.values():
        found.claimed.update(hit for w in host.files for hit in found_by(files, w.text, ""))
    paths = [p for p in host_paths(files) if p not in found.claimed and (not only or p in only)]
    found.of_host += paths
    found.claimed.update(paths)


def _identity(deployment: Deployment) -> tuple[str, str, str]:
    """What stays the same when a start script is looked into."""
    return deployment.technology, deployment.name, str(deployment.place)


def _add_stated(
    files: Files,
    stated: ServiceStatement,
    described: Sequence[Deployment],
    unnamed: Sequence[Deployment],
    only: Sequence[str],
    found: Drafts,
) -> None:
    """*described*: what the manifests tell of. *unnamed*: of it, what no other stated service is."""
    paths: list[str] = []
    gap = ""
    for word in stated.files:
        hits = found_by(files, word.text, "")
        if not hits:
            found.unread.append(Unread(word.text, "no such file", word.place))
            found.is_named_unread = True
            gap = f"{word.text} was not read: no such file"
        paths += [p for p in hits if not only or p in only]
    mine = [d for d in unnamed if _is_meant(d, stated, paths, unnamed)]
    if only and not paths and not mine:
        return
    own = signs().get(stated.technology)
    rest = [
        p
        for p in paths
        if not any(p in d.files for d in described) or (own and fits(files, p, own))
    ]
    told = _environment(files, [p for p in rest if _is_environment(p)], found)
    environment = {**told, **stated.environment}
    scripts = [d for p in rest if _is_script(files, p) for d in started(files, p, environment)]
    read_so = {p for d in scripts for p in d.files} | {p for p in rest if _is_environment(p)}
    draft = Draft(
        name=stated.name,
        technology=stated.technology,
        version=stated.version,
        files=tuple(p for p in rest if p not in read_so),
        environment=environment,
        statement=stated,
        gap=gap,
    )
    for deployment in (*mine, *scripts):
        draft = joined(files, draft, deployment)
    found.claimed.update(rest)
    found.services[stated.name] = draft


def _is_script(files: Files, path: str) -> bool:
    text = files.text(path)
    return isinstance(text, str) and bool(_SCRIPT.match(text))


def _is_environment(path: str) -> bool:
    return matches(path, *_ENVIRONMENT) or _is_sourced(path)


def _is_sourced(path: str) -> bool:
    return matches(path, *_SOURCED) and not _HAS_A_FORMAT.fullmatch(path)


def _environment(files: Files, paths: Sequence[str], found: Drafts) -> dict[str, Word]:
    """The variables that files state; of one name the last wins."""
    if not paths:
        return {}
    from plimsoll.syntax.env_file import EnvDialect, variables  # many stacks have no such file
    from plimsoll.syntax.shell import assignments

    told: dict[str, Word] = {}
    for path in paths:
        text = files.text(path)
        if isinstance(text, Unread):
            found.unread.append(text)
            continue
        if _is_sourced(path):
            told |= assignments(text, Lines(text, path).place)
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
    """By its name, or as the only thing (of its technology) that a listed manifest describes."""
    if deployment.name == stated.name:
        return True
    path = deployment.place.path
    beside = [d for d in deployments if d.place.path == path]
    if path not in paths or any(d.name == stated.name for d in beside):
        return False
    same = [d for d in beside if stated.technology and runs(d) == stated.technology]
    return len(beside) == 1 or (len(same) == 1 and same[0] is deployment)


def _add_deployment(files: Files, deployment: Deployment, found: Drafts) -> None:
    """A service that a manifest describes; not again where one of another kind has described it."""
    known = found.services.get(deployment.name)
    kinds = {each.technology for each in known.deployments} if known else set()
    if kinds and deployment.technology not in kinds:
        what = (
            f"describes {deployment.name}, as {', '.join(sorted(kinds))} does; name it to check it"
        )
        found.unused.append(Unread(deployment.place.path, what))
        return
    draft = joined(files, Draft(name=free(deployment.name, found.services)), deployment)
    if not (draft.technology or deployment.technology):
        found.unused += [
            Unread(each.path, "no service that mounts it is known") for each in deployment.embedded
        ]
        return
    found.services[draft.name] = draft
