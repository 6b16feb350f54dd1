"""MariaDB's own word on the open files that it gets: what it makes of its limits."""

from __future__ import annotations

import re
import subprocess

import pytest

from support.programs import need
from technologies.mysql.test_facts import fact

pytestmark = pytest.mark.real


def said(files: int, conf: dict[str, int]) -> tuple[dict[str, int], int]:
    """What it would run with under so many open files, and the number that it wants; 0 if it fits."""
    options = [f"--{name.replace('_', '-')}={number}" for name, number in conf.items()]
    words = ["prlimit", f"--nofile={files}:{files}", need("mariadbd", "mariadb-server-core")]
    done = subprocess.run(
        [*words, "--no-defaults", "--user=nobody", *options, "--verbose", "--help"],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    found = dict(re.findall(r"(?m)^(max-connections|table-open-cache) +(\d+)$", done.stdout))
    wanted = re.search(r"max_open_files to more than \d+ \(request: (\d+)\)", done.stderr)
    return {name: int(number) for name, number in found.items()}, int(wanted[1]) if wanted else 0


@pytest.mark.parametrize(
    ("files", "connections", "tables"),
    [
        (1024, 151, 2000), (1024, 500, 2000), (1024, 600, 2000), (1024, 900, 2000),
        (1024, 994, 2000), (1024, 995, 2000), (1024, 594, 2000), (1024, 2000, 2000),
        (4096, 151, 2000), (4096, 300, 100), (4096, 3900, 2000), (4096, 4066, 2000),
        (512, 151, 2000), (432, 100, 2000), (429, 100, 2000), (7000, 500, 400), (6932, 500, 400),
    ],
)  # fmt: skip
def test_what_it_makes_of_its_limits(files: int, connections: int, tables: int) -> None:
    conf = {"max_connections": connections, "table_open_cache": tables}
    lines = "".join(f"{name}={number}\n" for name, number in conf.items())
    found, wanted = said(files, conf)

    def ours(name: str) -> float:
        low, high = fact(name, lines, "10.11", f", limits: {{nofile: {files}}}")
        assert low == high
        return float(low)

    assert ours("ordinary_connections") == found["max-connections"]
    assert wanted in (0, ours("files_wanted"))
    assert bool(wanted) == (ours("files_wanted") > files)
    if wanted and files >= 430 and connections <= files - 30:
        assert min(tables, ours("tables_possible")) == found["table-open-cache"]
