"""Files that others wrote: those that Debian's packages install, and the cases beside the project.

Every one that has a reader is read: bytes come back, places are right, a value that is changed in
its place is read as changed, and nothing else moves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import servers
from plimsoll.stack import read_stack
from plimsoll.stack.discover import drafts
from plimsoll.stack.files import Folder
from plimsoll.stack.recognize import fits, readers
from plimsoll.stack.statement import NAME, read_statement
from plimsoll.syntax.text import decoded, encoded
from plimsoll.technologies import reader_of, signs
from support.places import wrong_places, wrong_values

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
ETC = ("/etc/", "/usr/share/", "/usr/lib/", "/lib/")
LARGEST = 300_000


# Of the servers that tests start, and of what comes with them: postgresql, postgresql-common, ...
STEMS = tuple(sorted({re.match(r"[a-z]+", package)[0] for package in servers.PACKAGES.values()}))  # type: ignore[index]


@cache
def installed() -> tuple[str, ...]:
    """Every file of those packages on this machine, where Debian's lists of them are."""
    lists = sorted(Path("/var/lib/dpkg/info").glob("*.list"))
    ours = (each for each in lists if each.name.startswith(STEMS))
    found = (line for each in ours for line in each.read_text("utf-8", "replace").splitlines())
    return tuple(dict.fromkeys(p for p in found if p.startswith(ETC)))


def of_debian(name: str) -> Iterator[tuple[str, str]]:
    own = signs()[name]
    root = Folder(Path("/"))
    for path in installed():
        at = path.lstrip("/")
        file = Path(path)
        if fits(root, at, own) and file.is_file() and file.stat().st_size < LARGEST:
            yield path, decoded(file.read_bytes())


def with_readers() -> list[str]:
    return [n for n in signs() if reader_of(n) is not None and signs()[n].files]


@pytest.mark.parametrize("name", with_readers())
def test_places_in_the_files_of_debians_packages(name: str) -> None:
    if not installed():
        pytest.skip("no Debian: no list of installed files")
    reader = reader_of(name)
    assert reader is not None
    wrong: list[str] = []
    for path, text in of_debian(name):
        assert decoded(encoded(text)) == text
        wrong += wrong_places(reader, text, path, most_edits=4)
    assert wrong == []


def folders() -> list[Path]:
    found = [p for p in sorted(CASES.glob("*/")) if (p / NAME).is_file()] if CASES.is_dir() else []
    return [*found, *(p / "fixed" for p in found if (p / "fixed" / NAME).is_file())]


def test_places_in_the_files_of_the_cases() -> None:
    if not folders():
        pytest.skip("the cases are not beside the project")
    wrong: list[str] = []
    for folder in folders():
        files = Folder(folder, ("fixed/**", "expected.yaml"))
        text = files.text(NAME)
        assert isinstance(text, str)
        for draft in drafts(files, read_statement(text)).services.values():
            for path in draft.files:
                opened = files.text(path)
                for name in readers(files, path, draft):
                    reader = reader_of(name)
                    if reader is not None and isinstance(opened, str):
                        wrong += wrong_places(reader, opened, f"{folder.name}/{path}")
    assert wrong == []


def test_places_of_the_stacks_of_the_cases() -> None:
    """Also of settings that stand in manifests, and of files that these embed."""
    if not folders():
        pytest.skip("the cases are not beside the project")
    wrong: list[str] = []
    for folder in folders():
        stack = read_stack(folder)
        for service in stack.services.values():
            wrong += [f"{folder}: {w}" for w in wrong_values(service.settings, stack.texts)]
    assert wrong == []


# Rightly unread, each with what its reason says.
UNREAD = {
    "MC-012/values/pgpool.yaml": "no reader for such a file of pgpool yet",  # values of a chart
    "MC-018/varnish/frontend.yaml": "no reader for such a file",  # restated, in no vendor's form
    "MC-057/docker-compose.yml": "/usr/local/etc/redis/redis.conf is not in the checked folder",
    "MC-090/jobrunner.yaml": "no reader for such a file",  # a technology that nobody else has
    "MC-109/gitconfig": "no reader for such a file of git yet",
    "MC-117/values.yaml": "Helm values: only replicas, resources, probes",
    "MC-142/include/assets.conf": "conf.d/include/proxy.conf is not in the checked folder",
    "MC-176/docker-compose.yml": "/etc/postgresql/postgresql.conf is not in the checked folder",
}


def test_files_of_the_cases_that_are_not_read() -> None:
    if not folders():
        pytest.skip("the cases are not beside the project")
    found: dict[str, str] = {}
    for folder in folders():
        if folder.name == "fixed":
            continue
        for each in read_stack(folder).unread:
            found[f"{folder.name}/{each.path}"] = each.reason
    assert found.keys() == UNREAD.keys()
    assert {key: reason for key, reason in found.items() if UNREAD[key] not in reason} == {}
