"""What holds in one environment only: plimsoll.production.yaml, laid over plimsoll.yaml."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec.structs import replace

from plimsoll.model.changes import AS_IT_LIES, Changes
from plimsoll.model.setting import Setting
from plimsoll.stack.files import Folder
from plimsoll.stack.statement import (
    HostStatement,
    LinkStatement,
    ServiceStatement,
    Statement,
)

_FILE = re.compile(r"plimsoll\..*\.yaml", re.DOTALL)


def file_of(environment: str) -> str:
    """The file that says what holds in an environment."""
    return f"plimsoll.{environment}.yaml"


def environments(root: Path, changes: Changes = AS_IT_LIES) -> list[str]:
    """The environments that a folder has files for."""
    folder = Folder(root, changes=changes)
    names = {path.name for path in root.glob("plimsoll.*.yaml")} | set(folder.new_names())
    found = sorted(name for name in names if _FILE.fullmatch(name) and folder.is_there(name))
    return [name.removeprefix("plimsoll.").removesuffix(".yaml") for name in found]


def laid_over(base: Statement, upper: Statement) -> Statement:
    """*base* with what *upper* says in its place; entries of lists without names are added."""
    ends = {(link.source, link.target) for link in upper.links}
    kept = tuple(link for link in base.links if (link.source, link.target) not in ends)
    known = {(link.source, link.target): link for link in base.links}
    return Statement(
        hosts={**base.hosts, **{n: _host(base.hosts.get(n), h) for n, h in upper.hosts.items()}},
        services={
            **base.services,
            **{n: _service(base.services.get(n), s) for n, s in upper.services.items()},
        },
        links=(*kept, *(_link(known.get((e.source, e.target)), e) for e in upper.links)),
        measured={
            **base.measured,
            **{n: {**base.measured.get(n, {}), **facts} for n, facts in upper.measured.items()},
        },
        suppressions=(*base.suppressions, *upper.suppressions),
        adjustments={**base.adjustments, **upper.adjustments},
        exclude=(*base.exclude, *upper.exclude),
    )


def _host(base: HostStatement | None, upper: HostStatement) -> HostStatement:
    if base is None:
        return upper
    return replace(
        base,
        amounts={**base.amounts, **upper.amounts},
        settings=_settings(base.settings, upper.settings),
        files=upper.files or base.files,
    )


def _service(base: ServiceStatement | None, upper: ServiceStatement) -> ServiceStatement:
    if base is None:
        return upper
    return replace(
        base,
        technology=upper.technology or base.technology,
        version=upper.version or base.version,
        host=base.host if upper.host is None else upper.host,
        role=upper.role or base.role,
        files=upper.files or base.files,
        baseline=upper.baseline or base.baseline,
        command=upper.command or base.command,
        environment={**base.environment, **upper.environment},
        amounts={**base.amounts, **upper.amounts},
        limits={**base.limits, **upper.limits},
        settings=_settings(base.settings, upper.settings),
    )


def _link(base: LinkStatement | None, upper: LinkStatement) -> LinkStatement:
    if base is None:
        return upper
    return replace(base, pool=upper.pool or base.pool, settings={**base.settings, **upper.settings})


def _settings(base: tuple[Setting, ...], upper: tuple[Setting, ...]) -> tuple[Setting, ...]:
    names = {each.name for each in upper}
    return (*(each for each in base if each.name not in names), *upper)
