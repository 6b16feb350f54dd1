"""Files and manifests to one Stack: who is there, on what, connected to whom."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from pathlib import Path

from msgspec.structs import replace

from plimsoll.model.changes import AS_IT_LIES, Changes
from plimsoll.model.place import Place
from plimsoll.model.setting import Unread
from plimsoll.model.signs import Signs
from plimsoll.model.stack import Host, Link, Running, Service, Stack
from plimsoll.stack.assemble import NOT_ASKED, Assembled
from plimsoll.stack.discover import drafts
from plimsoll.stack.draft import Draft, Drafts
from plimsoll.stack.environments import file_of, laid_over
from plimsoll.stack.files import Files, Folder, Texts, found_by
from plimsoll.stack.kept import Kept
from plimsoll.stack.links import Ends, links
from plimsoll.stack.machines import (
    UNNAMED,
    machine,
    merged,
    placed,
    stated_on_command_line,
    this_machine,
    unnamed,
    with_found_files,
)
from plimsoll.stack.manifests import is_manifest
from plimsoll.stack.piped import PIPED, Piped
from plimsoll.stack.statement import (
    NAME,
    ROLES,
    HostStatement,
    StackError,
    Statement,
    read_statement,
)
from plimsoll.syntax.suggest import closest, did_you_mean
from plimsoll.technologies import names as technologies
from plimsoll.technologies import signs

_NOTHING: Mapping[str, Running] = {}
_ALIKE = 0.8  # minio is no misspelt technology, rediss is one

__all__ = ["NAME", "Kept", "NothingError", "StackError", "other_stacks", "read_stack", "read_texts"]


class NothingError(StackError):
    """There is nothing to check."""


def read_stack(
    root: Path,
    *,
    files: Sequence[str] = (),
    hosts: Sequence[str] = (),
    this_host: bool = False,
    piped: bytes | None = None,
    environment: str = "",
    changes: Changes = AS_IT_LIES,
    running: Mapping[str, Running] = _NOTHING,
    kept: Kept | None = None,
) -> Stack:
    """The stack that a folder describes.

    *files*: what is asked about, by path relative to *root*. A manifest among them is the state that
    is meant. Where plimsoll.yaml states services, a file that one of them reads asks about them all,
    since it fits only together with the others; else these files and what they include are read.
    *hosts*: machines as `--host` writes them. *this_host*: the machine that we run on. *piped*: what
    standard input gave, where that is asked about. *environment*: whose plimsoll.NAME.yaml is laid
    over plimsoll.yaml, where it has one. *changes*: what is otherwise than on the disk.
    *running*: what services say of themselves as they run, by name. *kept*: what an earlier reading
    of the folder left.

    Raises:
        StackError: plimsoll.yaml is wrong.
        NothingError: there is nothing to check.
    """
    kept = kept or Kept()
    bare = Folder(root, changes=changes)
    text = _text(bare, NAME)
    statement = read_statement(text)
    said = {NAME: text}
    if environment and bare.is_there(file_of(environment)):
        name = file_of(environment)
        said[name] = _text(bare, name)
        statement = laid_over(statement, read_statement(said[name], name, statement.hosts))
    folder = kept.folder(root, statement.exclude, NAME, changes)
    seen: Files = folder
    if piped is not None:
        seen, files = Piped(folder, piped), (*files, PIPED)
    given = [stated_on_command_line(option) for option in hosts]
    if this_host:
        given.append(this_machine())
    given = [placed(each, statement.hosts) for each in given]
    only = [f for f in files if is_manifest(seen, f)] if statement.services else files
    stack = _read(seen, statement, said, only=only, machines=given, running=running, kept=kept)
    if not stack.services and not stack.hosts:
        why = _why_nothing(files, folder.others, is_stated=any(said.values()))
        raise NothingError("\n".join((f"{root}: nothing to check: {why}", *map(str, stack.unread))))
    for path in set(files) - {NAME, *stack.texts, *(u.path for u in stack.unread)}:
        stack = replace(stack, unread=(*stack.unread, Unread(path, "no service reads it")))
    missed = {each.path for each in stack.unread if each.place is None}
    return replace(stack, named_unread=stack.named_unread or bool(missed.intersection(files)))


def other_stacks(root: Path, changes: Changes = AS_IT_LIES) -> list[str]:
    """The folders below *root* that have a plimsoll.yaml of their own, those below these too.

    Raises:
        StackError: the plimsoll.yaml of *root* is wrong.
    """
    statement = read_statement(_text(Folder(root, changes=changes), NAME))
    folder = Folder(root, statement.exclude, NAME, changes)
    folder.paths()
    below = {each: other_stacks(root / each, changes) for each in sorted(folder.others)}
    return [path for each, more in below.items() for path in (each, *(f"{each}/{m}" for m in more))]


def _why_nothing(files: Sequence[str], others: Sequence[str], *, is_stated: bool) -> str:
    """Why nobody was found to ask about, and what helps."""
    if others and not files:
        return f"the stacks of {', '.join(others)} lie below; name one of these folders"
    if PIPED in files:
        return "standard input holds no Kubernetes object that runs something"
    if files:
        return f"no known name among {', '.join(files)}; list them with their service in {NAME}"
    if is_stated:
        return (
            f"{NAME} names no service or host, and no manifest or file with a known name is there"
        )
    return f"no {NAME}, no manifest and no file with a known name"


def _text(folder: Folder, name: str) -> str:
    if not folder.is_there(name):
        return ""
    text = folder.text(name)
    if isinstance(text, Unread):
        raise StackError(text)
    return text


def read_texts(texts: Mapping[str, str]) -> Stack:
    """The stack that texts describe, by their path: as `read_stack`, without a disk.

    Raises:
        StackError: the plimsoll.yaml among them is wrong.
    """
    text = texts.get(NAME, "")
    return _read(Texts(texts), read_statement(text), {NAME: text})


def read_host(
    texts: Mapping[str, str], statement: Statement, running: Mapping[str, Running]
) -> Stack:
    """The stack that runs on a machine: *statement* tells what there is, *texts* its files by path."""
    return _read(Texts(texts), statement, {}, running=running)


def _read(
    files: Files,
    statement: Statement,
    said: Mapping[str, str],
    only: Sequence[str] = (),
    machines: Sequence[HostStatement] = (),
    running: Mapping[str, Running] = _NOTHING,
    kept: Kept | None = None,
) -> Stack:
    kept = kept or Kept()
    found = drafts(files, statement, only)
    given = [*statement.hosts.values(), *machines]
    stated = merged(given)
    runs_on = {d.name: _host_of(d, list(stated)) for d in found.services.values()}
    for name in runs_on.values():
        if name is not None and name not in stated:
            stated[name] = unnamed(name)
    stated = with_found_files(files, stated, found)
    hosts: dict[str, Host] = {}
    unread: list[Unread] = [*files.unlisted(), *found.unread, *_misspelt(statement)]
    texts = {name: text for name, text in said.items() if text}
    for name, each in stated.items():
        made, missing, opened = machine(each, statement.measured.get(name, {}), files)
        hosts[name] = kept.host(made)
        unread += missing
        texts |= opened
    done = [
        _with_baseline(
            kept.assembled(
                draft,
                files,
                hosts.get(runs_on[draft.name] or ""),
                statement.measured.get(draft.name, {}),
                running.get(draft.name, NOT_ASKED),
            ),
            draft,
            files,
            kept,
        )
        for draft in found.services.values()
    ]
    kept.drop_unused()
    for link in statement.links:
        if link.pool:
            _require(link.pool, technologies(), "client library", link.place)
    if not only:  # else what plimsoll.yaml speaks of may well be there, outside of the named files
        _check_names(statement, {*found.services, *statement.services}, set(hosts))
    return _joined(done, found, hosts, statement, unread, texts, files)


def _with_baseline(each: Assembled, draft: Draft, files: Files, kept: Kept) -> Assembled:
    """The service with the accepted state that `baseline:` names, to compare with."""
    if draft.statement is None or not draft.statement.baseline:
        return each
    paths: list[str] = []
    missing = []
    for word in draft.statement.baseline:
        hits = found_by(files, word.text, "")
        paths += hits
        if not hits:
            missing.append(Unread(word.text, "no such file", word.place))
    bare = Draft(draft.name, draft.technology, draft.version, files=tuple(paths))
    before = kept.assembled(bare, files, None, {})
    return replace(
        each,
        service=replace(each.service, before=before.service),
        unread=(*each.unread, *before.unread, *missing),
        texts={**each.texts, **before.texts},
        is_named_unread=each.is_named_unread or bool(missing) or before.is_named_unread,
    )


def _host_of(draft: Draft, hosts: Sequence[str]) -> str | None:
    """The machine it is stated to run on; else the only one there is; else one without a name.

    A service that plimsoll.yaml lists without a host may run anywhere, unless a machine was
    given on the command line.
    """
    stated = draft.statement
    if stated is not None and stated.host:
        return stated.host
    if UNNAMED in hosts:
        return UNNAMED
    if stated is not None and not draft.deployments:
        return None
    return hosts[0] if len(hosts) == 1 else UNNAMED


def _joined(
    done: Sequence[Assembled],
    found: Drafts,
    hosts: Mapping[str, Host],
    statement: Statement,
    unread: list[Unread],
    texts: dict[str, str],
    files: Files,
) -> Stack:
    ends = [_ends(each, found.services[each.service.name]) for each in done]
    known = {each.service.name for each in done}
    asked = [link for link in statement.links if {link.source, link.target} <= known]
    made = links(ends, asked)
    technology = {each.service.name: each.service.technology for each in done}
    for each in done:
        unread += each.unread
        texts |= each.texts
    deployments = (each for draft in found.services.values() for each in draft.deployments)
    deployed = {path for each in deployments for path in each.files}
    for path in sorted((deployed | _places(done)) - texts.keys()):
        opened = files.text(path)
        if isinstance(opened, str):
            texts[path] = opened
    return Stack(
        hosts=hosts,
        services={e.service.name: _with_roles(e.service, made, technology) for e in done},
        links=tuple(made),
        unread=tuple(dict.fromkeys(unread)),
        unused=tuple(u for u in found.unused if u.path not in texts),
        suppressions=statement.suppressions,
        adjustments=statement.adjustments,
        texts=texts,
        named_unread=found.is_named_unread or any(e.is_named_unread for e in done),
    )


def _places(done: Sequence[Assembled]) -> set[str]:
    """The files that settings stand in, those of environment files and scripts among them."""
    every = (each for one in done for each in one.service.settings)
    return {each.place.path for each in every if each.place is not None}


def _check_names(statement: Statement, services: Set[str], hosts: Set[str]) -> None:
    """Raises StackError where plimsoll.yaml speaks of a service or host that is not there."""
    there = services | hosts
    for link in statement.links:
        for end in (link.source, link.target):
            _require(end, services, "service", link.place)
    for owner, facts in statement.measured.items():
        for setting in facts.values():
            _require(owner, there, "service or host", setting.place)
    for each in statement.suppressions:
        if each.service:
            _require(each.service, there, "service or host", each.place)


def _misspelt(statement: Statement) -> Iterator[Unread]:
    """Technologies that we do not know, where one that we know is written nearly alike."""
    for each in statement.services.values():
        if not each.technology or each.technology in technologies():
            continue
        near = closest(each.technology, technologies(), _ALIKE)
        if near:
            reason = (
                f"technology {each.technology!r} of {each.name} is not known, so that no rule of "
                f"{near} is asked; did you mean {near!r}?"
            )
            yield Unread(each.place.path, reason, each.place)


def _require(name: str, known: Collection[str], what: str, place: Place | None) -> None:
    if name not in known:
        reason = f"no {what} {name!r}; {did_you_mean(name, known)}"
        raise StackError(Unread(place.path if place else NAME, reason, place))


def _ends(each: Assembled, draft: Draft) -> Ends:
    service = each.service
    addresses = {service.name, *(a for d in draft.deployments for a in d.addresses)}
    if service.host:
        addresses.add(service.host)
    return Ends(
        service=service,
        endpoints=each.endpoints,
        addresses=frozenset(addresses),
        published={outside: inside for d in draft.deployments for outside, inside in d.published},
        forwarded={port: inside for d in draft.deployments for port, inside in d.forwarded},
        networks=frozenset(d.network for d in draft.deployments if d.network),
        is_isolated=any(d.addresses for d in draft.deployments),
    )


def _with_roles(service: Service, made: Sequence[Link], technology: Mapping[str, str]) -> Service:
    """*service* with the roles that its clients show, unless plimsoll.yaml states one."""
    if service.roles:
        return service
    shown = {_shows(link, made, technology) for link in made if link.target == service.name}
    return replace(service, roles=tuple(role for role in ROLES if role in shown))


def _shows(link: Link, made: Sequence[Link], technology: Mapping[str, str]) -> str:
    """What a link shows its target to be used for; empty where it does not tell.

    Of several stores that a service only states to use, nobody knows which of them has the jobs.
    """
    if link.part is not None and link.part.type == "cache":
        return "cache"
    of = technology[link.target]
    alike = {e.target for e in made if e.source == link.source and technology[e.target] == of}
    if not link.evidence and len(alike) > 1:
        return ""
    return signs().get(link.library or technology[link.source], Signs()).makes
