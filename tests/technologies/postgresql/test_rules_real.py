"""Rules of the kind `exact` against PostgreSQL: what they flag it refuses, what they pass it takes."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache

import pytest

from plimsoll.check import load_rules
from plimsoll.model.rule import Example, Verdict
from support.programs import need, path_of
from support.servers import Postgres, folder_of_nobody

pytestmark = pytest.mark.real

ASKED = (
    "postgresql-parameter-gone", "postgresql-reserved-swallow-connections", "postgresql-unit-refused",
    "postgresql-value-out-of-range", "postgresql-wal-level-refused",
)  # fmt: skip
NOT_EXACT = {"severity": "high"}  # what a level says that is a judgement
NOT_HERE = ("io_workers",)  # later than the server that is asked
FILE = "postgresql.conf"


def examples() -> Iterator[object]:
    """Those of which the server that is here says something."""
    for rule in load_rules():
        for each in rule.examples if rule.id in ASKED else ():
            if is_asked(each):
                name = f"{rule.id}-{each.verdict}-{each.place.span.line}"
                yield pytest.param(each, id=name)


def is_asked(example: Example) -> bool:
    """Whether it has a file for this version, and is about what a server refuses or takes."""
    files = example.files
    version = re.search(r'version: "(\d+)', files.get("plimsoll.yaml", ""))
    is_of_another = FILE not in files or (version and version[1] != major())
    is_later = not is_of_another and any(name in files[FILE] for name in NOT_HERE)
    is_silent = example.verdict is Verdict.SKIPPED or example.expected == NOT_EXACT
    return not (is_of_another or is_later or is_silent)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Postgres]:
    need("initdb", "postgresql")
    with folder_of_nobody() as folder:
        yield Postgres(folder).create()


@cache
def major() -> str:
    """Of the server that is here; of none the one that Debian 12 has, whose tests are skipped."""
    program = path_of("postgres")
    if program is None:
        return "15"
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return str(re.findall(r"\d+", said)[0])


@pytest.mark.parametrize("example", list(examples()))
def test_the_server_says_what_the_rule_says(cluster: Postgres, example: Example) -> None:
    (cluster.folder / FILE).write_text(example.files[FILE])
    if example.verdict is Verdict.CLEAN:
        with cluster.running():
            pass
        return
    with pytest.raises(RuntimeError, match="does not start"), cluster.running():
        pass
