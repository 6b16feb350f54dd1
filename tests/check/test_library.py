"""Where rules are found: in the package and in folders of the user; once read, from the cache."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from plimsoll.check import RulesError, knowledge, load_rules
from plimsoll.check.library import check_together
from plimsoll.check.plain import plain
from plimsoll.plugins import cache
from support.stacks import rule

MINE = """\
id: too-many-replicas
title: Too many
severity: low
kind: judgement
for: {service: s}
params: {most: 9}
load: s.replicas
limit: most
why: Because.
source: [us]
examples: [{flagged: {plimsoll.yaml: "services: {a: {replicas: 10}}"}}]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "too-many-replicas.yaml").write_text(MINE)
    return folder


def ids(*folders: Path) -> list[str]:
    return [rule.id for rule in load_rules(folders)]


def test_the_package_has_rules_in_the_order_of_their_ids() -> None:
    found = ids()
    assert found == sorted(set(found))
    assert "host-memory-overcommitted" in found


def test_rules_of_a_user_are_read_too(folder: Path) -> None:
    assert set(ids(folder)) - set(ids()) == {"too-many-replicas"}


def test_from_the_cache_they_are_the_same(folder: Path) -> None:
    def found() -> object:
        return next(plain(r) for r in load_rules([folder]) if r.id == "too-many-replicas")

    first = found()
    (kept,) = (folder.parent / "cache" / "plimsoll").glob("user-*")
    written = kept.stat().st_mtime_ns
    assert found() == first
    assert kept.stat().st_mtime_ns == written


def test_a_changed_rule_is_read_again(folder: Path) -> None:
    ids(folder)
    (folder / "too-many-replicas.yaml").write_text(MINE.replace("Too many", "Far too many"))
    found = next(r for r in load_rules([folder]) if r.id == "too-many-replicas")
    assert found.title == "Far too many"
    assert len(list((folder.parent / "cache" / "plimsoll").glob("user-*"))) == 1


def test_what_is_none_of_ours_in_the_cache_is_read_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "load", lambda _name, _key: ("@Rule", "strange"))
    assert "too-many-replicas" in ids(folder)


def test_every_file_that_is_wrong_is_told(folder: Path) -> None:
    (folder / "a.yaml").write_text(MINE)
    (folder / "b.yaml").write_text("id: b\nlimits: 3\n")
    (folder / "notes.txt").write_text("not a rule")
    with pytest.raises(RulesError) as error:
        load_rules([folder])
    first, second = str(error.value).splitlines()
    assert first.startswith(
        f"{folder}/a.yaml:1:5: the id 'too-many-replicas' is not the file's name"
    )
    assert second.startswith(f"{folder}/b.yaml:2:1: unknown key of a rule: 'limits'")


def test_what_cannot_be_read_is_told(folder: Path) -> None:
    with pytest.raises(RulesError, match=r"nowhere:1:1: cannot be read: No such file or directory"):
        load_rules([folder / "nowhere"])
    (folder / "linked.yaml").symlink_to("nowhere")
    with pytest.raises(RulesError, match=r"linked.yaml:1:1: cannot be read: No such file"):
        load_rules([folder])


def test_a_strangers_folder_opens_nothing_else(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("token: 1")
    (folder / "linked.yaml").symlink_to("../secret")
    os.mkfifo(folder / "pipe.yaml")
    (folder / "huge.yaml").write_bytes(b"#" * (1024**2 + 1))
    with pytest.raises(RulesError) as told:
        load_rules([folder])
    assert str(told.value).splitlines() == [
        f"{folder}/huge.yaml:1:1: is larger than 1 MiB",
        f"{folder}/linked.yaml:1:1: leads out of the folder",
        f"{folder}/pipe.yaml:1:1: is not a regular file",
    ]


def test_an_id_is_there_once(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "too-many-replicas.yaml").write_text(MINE)
    with pytest.raises(RulesError, match=r"there is a rule 'too-many-replicas' in .* already"):
        load_rules([folder, other])


def test_unless_names_rules_that_there_are() -> None:
    one = rule("for: {service: s}\nrequire: true\nunless: [wto]", id="one")
    two = rule("for: {service: s}\nrequire: true", id="two")
    with pytest.raises(RulesError, match=r"`unless:` names no rule 'wto'; did you mean two"):
        check_together([one, two])
    assert check_together([two]) is None  # type: ignore[func-returns-value]


def test_unless_does_not_go_round_in_circles() -> None:
    one = rule("for: {service: s}\nrequire: true\nunless: [two]", id="one")
    two = rule("for: {service: s}\nrequire: true\nunless: [one]", id="two")
    with pytest.raises(RulesError, match="`unless:` leads back to the rule itself"):
        check_together([one, two])


def test_every_technology_has_its_knowledge() -> None:
    known = knowledge()
    assert {"nginx", "postgresql"} <= set(known.facts)
    assert known.schema("postgresql").entry("max_connections") is not None
    assert "location" in known.part_types["nginx"]
    assert known.fact("service", "nginx", "replicas_peak") is not None


WARM = """
import sys
from plimsoll.check import keep_parsed, knowledge, load_rules
rules = load_rules()
assert rules and knowledge().facts
assert all(each.node for rule in rules for level in rule.levels for each in level.when)
keep_parsed()
slow = [name for name in ("lark", "difflib") if name in sys.modules]
print(",".join(slow))
"""


def test_with_a_warm_cache_no_parser_is_needed(tmp_path: Path) -> None:
    def run() -> str:
        environment = {"XDG_CACHE_HOME": str(tmp_path), "PATH": ""}
        command = [sys.executable, "-c", WARM]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    assert "lark" in run()
    assert run() == ""
