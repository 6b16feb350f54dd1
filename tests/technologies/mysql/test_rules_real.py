"""Rules of the kind `exact` against MariaDB: what it refuses, alters, or takes with a note."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from plimsoll.check import load_rules
from plimsoll.model.rule import Example, Verdict
from support.programs import need, path_of

pytestmark = pytest.mark.real

# What the server says of those that a rule flags; a refusal is an error whatever the rule.
SAID = {
    "mysql-number-surprise": r"\[Warning\].*( adjusted to | due to invalid value | wasn't recognized)",
    "mysql-option-abbreviated": r"is error-prone and can break in the future",
    "mysql-option-gone": r"was removed\. It does nothing now",
    "unknown-setting-name": r"\[ERROR\]",
}
REFUSED = r"\[ERROR\]"
EXABYTE = "1e3"  # it takes that, silently


def examples() -> Iterator[object]:
    for rule in load_rules():
        for each in rule.examples if rule.id in SAID else ():
            if is_asked(each):
                name = f"{rule.id}-{each.verdict}-{each.place.span.line}"
                yield pytest.param(each, SAID[rule.id], id=name)


def is_asked(example: Example) -> bool:
    """Whether it has a file for the server that is here, and a verdict."""
    declared = re.search(r'version: "(\d+\.\d+)', example.files.get("plimsoll.yaml", ""))
    is_of_another = declared is not None and declared[1] != version()
    is_decided = example.verdict is not Verdict.SKIPPED
    return "my.cnf" in example.files and is_decided and not is_of_another


@cache
def version() -> str:
    """Of the server that is here; of none the one that Debian 12 has, whose tests are skipped."""
    program = path_of("mariadbd")
    if program is None:
        return "10.11"
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return str(re.findall(r"Ver (\d+\.\d+)", said)[0])


@pytest.mark.parametrize(("example", "expected"), list(examples()))
def test_the_server_says_what_the_rule_says(
    example: Example, expected: str, tmp_path: Path
) -> None:
    file = tmp_path / "my.cnf"
    file.write_text(example.files["my.cnf"])
    words = [
        need("mariadbd", "mariadb-server-core"),
        f"--defaults-file={file}",
        "--help",
        "--verbose",
    ]
    done = subprocess.run(words, capture_output=True, timeout=30, check=False, cwd="/")
    said = done.stderr.decode("utf-8", "replace")
    if example.verdict is Verdict.CLEAN:
        assert not re.search(f"{REFUSED}|{expected}", said)
    elif EXABYTE in example.files["my.cnf"]:
        assert re.search(
            rb"^innodb-buffer-pool-size +1152921504606846976$", done.stdout, re.MULTILINE
        )
    elif example.expected.get("severity") == "critical":
        assert re.search(REFUSED, said)
    else:
        assert re.search(expected, said)
