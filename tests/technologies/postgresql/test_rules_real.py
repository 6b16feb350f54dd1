"""Rules of the kind `exact` against PostgreSQL: what they flag it refuses, what they pass it takes."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache

import pytest

from plimsoll.check import load_rules
from plimsoll.model.rule import Example, Verdict
from support.programs import need
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
    for rule in load_rules():
        for each in rule.examples if rule.id in ASKED else ():
            name = f"{rule.id}-{each.verdict}-{each.place.span.line}"
            yield pytest.param(each, id=name)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Postgres]:
    need("initdb", "postgresql")
    with folder_of_nobody() as folder:
        yield Postgres(folder).create()


@cache
def major() -> str:
    words = [need("postgres", "postgresql"), "--version"]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return str(re.findall(r"\d+", said)[0])


@pytest.mark.parametrize("example", list(examples()))
def test_the_server_says_what_the_rule_says(cluster: Postgres, example: Example) -> None:
    files = example.files
    version = re.search(r'version: "(\d+)', files.get("plimsoll.yaml", ""))
    if FILE not in files or (version and version[1] != major()):
        pytest.skip("for another version")
    if example.verdict is Verdict.SKIPPED or example.expected == NOT_EXACT:
        pytest.skip("nothing that the server would say")
    if any(name in files[FILE] for name in NOT_HERE):
        pytest.skip("for another version")
    (cluster.folder / FILE).write_text(files[FILE])
    if example.verdict is Verdict.CLEAN:
        with cluster.running():
            pass
        return
    with pytest.raises(RuntimeError, match="does not start"), cluster.running():
        pass
