"""check --diff, --staged and --diff -: only what a change brings."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

import variants
from plimsoll.cli import main
from support.repositories import Repository
from test_shop import FAULTS, line_of

PLIMSOLL = Path(sys.executable).parent / "plimsoll"
RULE = "connections-exceed-server"
SHOP = {
    "plimsoll.yaml": """\
services:
  app: {technology: gunicorn, files: [gunicorn.conf.py]}
  db: {technology: postgresql, version: "15", files: [postgresql.conf]}
links: [{from: app, to: db, connections: 20}]
""",
    "gunicorn.conf.py": "workers = 4\n",
    "postgresql.conf": "max_connections = 100\njit = off\n",
    "README.md": "A shop.\n",
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.chdir(tmp_path)
    return Repository(tmp_path, SHOP)


def asked(
    *words: str, capsys: pytest.CaptureFixture[str], given: str | None = None
) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON report of a check; *given*: standard input."""
    code, said = told("check", "--format", "json", *words, capsys=capsys, given=given)
    return code, json.loads(said)


def told(
    *words: str, capsys: pytest.CaptureFixture[str], given: str | None = None
) -> tuple[int, str]:
    with pytest.MonkeyPatch.context() as patch:
        if given is not None:
            data = io.BytesIO(given.encode("utf-8", "surrogateescape"))
            patch.setattr("sys.stdin", io.TextIOWrapper(data))
        code = main(list(words))
    caught = capsys.readouterr()
    return code, caught.out + caught.err


def rules(found: Sequence[Mapping[str, Any]]) -> list[str]:
    return [each["rule"] for each in found]


def is_silent(report: Mapping[str, Any]) -> bool:
    return not any(report[key] for key in ("findings", "repaired", "skipped", "unread"))


# ----------------------------------------------------------------------------------- what is told


def test_a_finding_that_was_not_there_before(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.write({"gunicorn.conf.py": "workers = 8\n"})
    code, report = asked("--diff", "HEAD", "--rule", RULE, capsys=capsys)
    assert code == 1
    (found,) = report["findings"]
    assert found["before"] == {"utilization": 0.8247}
    assert found["utilization"] == 1.6495
    assert found["settings"][0]["path"] == "gunicorn.conf.py"
    assert report["repaired"] == []
    assert report["difference"]["before"] == "HEAD"
    assert report["difference"]["after"] == "the working tree"


def test_one_that_is_worse_has_what_it_was(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.commit("More", {"gunicorn.conf.py": "workers = 8\n"})
    shop.write({"gunicorn.conf.py": "workers = 10\n"})
    code, report = asked("--diff", "HEAD", "--rule", RULE, capsys=capsys)
    assert code == 1
    (found,) = report["findings"]
    assert found["before"] == {"severity": "critical", "utilization": 1.6495}


def test_one_that_is_less_bad_or_as_bad_is_counted_only(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.commit("More", {"gunicorn.conf.py": "workers = 10\n"})
    shop.write({"gunicorn.conf.py": "# busy\nworkers = 8\n"})
    code, report = asked("--diff", "HEAD", "--rule", RULE, capsys=capsys)
    assert (code, report["findings"], report["repaired"]) == (0, [], [])
    assert report["difference"]["unchanged"] == 1


def test_what_is_repaired_is_listed_and_does_not_count(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.commit("More", {"gunicorn.conf.py": "workers = 8\n"})
    shop.write({"gunicorn.conf.py": "workers = 4\n"})
    code, report = asked("--diff", "HEAD", "--rule", RULE, capsys=capsys)
    assert (code, report["findings"]) == (0, [])
    (gone,) = report["repaired"]
    assert (gone["rule"], gone["severity"], gone["utilization"]) == (RULE, "critical", 1.6495)
    assert gone["after"] == {"utilization": 0.8247}
    _, text = told("check", "--diff", "HEAD", "--rule", RULE, capsys=capsys)
    assert "connections-exceed-server of db: critical, 165 %; 82 % now" in text
    assert "nothing new from HEAD to the working tree" in text
    assert "1 repaired" in text


def test_what_cannot_be_decided_any_more_is_not_repaired(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.commit("More", {"gunicorn.conf.py": "workers = 8\n"})
    shop.write({"gunicorn.conf.py": "import os\nworkers = int(os.environ['W'])\n"})
    code, report = asked("--diff", "HEAD", "--rule", RULE, capsys=capsys)
    assert (code, report["findings"], report["repaired"]) == (0, [], [])
    (skipped,) = report["skipped"]
    assert (skipped["rule"], skipped["service"]) == (RULE, "db")
    assert "workers of app" in skipped["reason"]


def test_what_is_not_asked_since_a_file_cannot_be_read_is_not_repaired(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    proxied = "location / { proxy_pass http://app:8000; proxy_read_timeout 10s; }"
    files = {
        "plimsoll.yaml": """\
services:
  web: {technology: nginx, version: "1.22", files: [nginx.conf]}
  app: {technology: gunicorn, files: [gunicorn.conf.py]}
""",
        "gunicorn.conf.py": "bind = ':8000'\ntimeout = 60\n",
        "nginx.conf": f"events {{}}\nhttp {{ server {{ {proxied} }} }}\n",
    }
    shop = Repository(tmp_path, files)
    rule = ("--rule", "proxy-gives-up-before-app")
    assert asked(*rule, capsys=capsys)[0] == 1
    shop.write({"nginx.conf": "\0\1"})  # and with it the link is gone
    _, report = asked("--diff", "HEAD", *rule, capsys=capsys)
    assert report["repaired"] == []
    reasons = [each["reason"] for each in report["skipped"]]
    assert "was found before; nginx.conf was not read: holds NUL bytes: not a text" in reasons
    shop.write({"nginx.conf": files["nginx.conf"].replace("10s", "90s")})
    _, report = asked("--diff", "HEAD", *rule, capsys=capsys)
    assert rules(report["repaired"]) == [rule[1]]


def test_what_could_not_be_decided_before_says_so(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.commit("Asks", {"gunicorn.conf.py": "import os\nworkers = int(os.environ['W'])\n"})
    shop.write({"gunicorn.conf.py": "workers = 8\n"})
    _, report = asked("--diff", "HEAD", "--rule", RULE, capsys=capsys)
    (found,) = report["findings"]
    assert "workers of app" in found["before"]["skipped"]


def test_a_rule_that_is_switched_off_repairs_nothing(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.commit("More", {"gunicorn.conf.py": "workers = 8\n"})
    shop.write({"plimsoll.yaml": f"{SHOP['plimsoll.yaml']}rules: {{{RULE}: off}}\n"})
    code, report = asked("--diff", "HEAD", "--rule", RULE, capsys=capsys)
    assert (code, report["repaired"]) == (0, [])
    assert "asks it otherwise now" in report["skipped"][0]["reason"]


def test_what_is_accepted_is_neither_new_nor_repaired(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.commit("More", {"gunicorn.conf.py": "workers = 8\n"})
    text = f"workers = 8  # plimsoll: ignore[{RULE}] because a pooler comes\n"
    shop.write({"gunicorn.conf.py": text})
    code, report = asked("--diff", "HEAD", "--rule", RULE, capsys=capsys)
    assert (code, report["findings"], report["repaired"]) == (0, [], [])
    shop.commit("Accepted")
    shop.write({"gunicorn.conf.py": "workers = 8\n"})
    code, report = asked("--diff", "HEAD", "--rule", RULE, capsys=capsys)
    assert (code, rules(report["findings"])) == (1, [RULE])


def test_services_that_come_and_go_are_said(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.write({"redis.conf": "maxmemory 1gb\n"})
    said = SHOP["plimsoll.yaml"].replace("gunicorn, files", "puma, files")
    shop.write({"plimsoll.yaml": said, "cache/redis.conf": "maxmemory 1gb\n"})
    _, report = asked("--diff", "HEAD", capsys=capsys)
    assert "app" in report["difference"]["added"]  # of another technology: another service
    assert report["difference"]["removed"] == ["app"]
    _, text = told("check", "--diff", "HEAD", capsys=capsys)
    assert "gone (app)" in text


def test_rules_about_a_change_are_asked_in_a_comparison_only(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    services = "services: {cache: {technology: redis, files: [redis.conf]}}\n"
    shop.commit("A store", {"plimsoll.yaml": services, "redis.conf": "maxmemory 1gb\n"})
    shop.write({"redis.conf": "maxmemory 1gb\nappendonly yes\n"})
    rule = "redis-aof-enabled-by-file"
    code, report = asked("--rule", rule, capsys=capsys)
    assert (code, report["findings"]) == (0, [])
    assert report["skipped"][0]["reason"] == "needs an earlier state to compare with"
    code, report = asked("--diff", "HEAD", "--rule", rule, capsys=capsys)
    assert (code, rules(report["findings"]), report["skipped"]) == (1, [rule], [])
    now, before = report["findings"][0]["settings"][:2]
    assert (now["text"], now["line"], "earlier" in now) == ("yes", 2, False)
    assert before["earlier"] is True
    shop.commit("Done")
    code, report = asked("--diff", "HEAD~1..HEAD", "--rule", rule, capsys=capsys)
    assert (code, rules(report["findings"])) == (1, [rule])
    code, report = asked("--diff", "HEAD", "--rule", rule, capsys=capsys)
    assert (code, is_silent(report)) == (0, True)  # a change of before is no finding that is gone


def test_a_rule_about_changes_is_not_missed_where_nothing_changed(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    cache = """\
CACHES = {{"default": {{
    "BACKEND": "django_redis.cache.RedisCache", "LOCATION": "redis://c", "TIMEOUT": {}}}}}
"""
    said = "services: {app: {technology: gunicorn, files: [settings.py]}, c: {technology: redis}}\n"
    shop.commit("Django", {"plimsoll.yaml": said, "settings.py": cache.format("lifetime()")})
    shop.write({"README.md": "Words.\n"})
    rule = "cache-survives-rollback"
    _, report = asked("--diff", "HEAD", "--rule", rule, capsys=capsys)
    assert is_silent(report)
    shop.write({"settings.py": cache.format("other_lifetime()")})
    _, report = asked("--diff", "HEAD", "--rule", rule, capsys=capsys)
    assert rules(report["skipped"]) == [rule]


# ------------------------------------------------------------------------------------- the states


def test_from_one_revision_to_another(shop: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    shop.git("tag", "one")
    shop.commit("More", {"gunicorn.conf.py": "workers = 8\n"})
    shop.git("tag", "two")
    shop.commit("Less", {"gunicorn.conf.py": "workers = 2\n", "postgresql.conf": None})
    code, report = asked("--diff", "one..two", "--rule", RULE, capsys=capsys)
    assert (code, rules(report["findings"])) == (1, [RULE])
    code, report = asked("--diff", "two..one", "--rule", RULE, capsys=capsys)
    assert (code, rules(report["repaired"])) == (0, [RULE])


def test_from_where_two_branches_parted(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.git("checkout", "-q", "-b", "feature")
    shop.commit("Words", {"README.md": "A fine shop.\n"})
    shop.git("checkout", "-q", "main")
    shop.commit("More", {"gunicorn.conf.py": "workers = 8\n"})
    code, report = asked("--diff", "main...feature", capsys=capsys)
    assert (code, is_silent(report)) == (0, True)
    code, report = asked("--diff", "main..feature", "--rule", RULE, capsys=capsys)
    assert rules(report["repaired"]) == [RULE]


def test_what_is_staged(shop: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    shop.write({"gunicorn.conf.py": "workers = 8\n", "new/redis.conf": "maxmemory 1gb\n"})
    shop.git("add", "-A")
    shop.write({"gunicorn.conf.py": "workers = 4\n", "new/redis.conf": None})  # not staged
    code, report = asked("--staged", "--rule", RULE, capsys=capsys)
    assert (code, rules(report["findings"])) == (1, [RULE])
    _, report = asked("--staged", capsys=capsys)
    assert len(report["difference"]["added"]) == 1
    shop.git("reset", "-q")
    code, report = asked("--staged", capsys=capsys)
    assert (code, is_silent(report)) == (0, True)


def test_before_the_first_commit_everything_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shop = Repository(tmp_path, {})
    shop.write({**SHOP, "gunicorn.conf.py": "workers = 8\n"})
    shop.git("add", "-A")
    code, report = asked("--staged", "--rule", RULE, capsys=capsys)
    assert (code, rules(report["findings"])) == (1, [RULE])
    assert report["difference"]["added"] == ["app", "db"]


def test_a_patch_that_is_in_the_files_and_one_that_is_not(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.write({"gunicorn.conf.py": "workers = 8\n"})
    patch = shop.git("diff")
    code, report = asked("--diff", "-", "--rule", RULE, capsys=capsys, given=patch)
    assert (code, rules(report["findings"])) == (1, [RULE])
    assert report["difference"]["after"] == "the files with the patch"
    shop.git("checkout", "-q", ".")
    assert asked("--diff", "-", "--rule", RULE, capsys=capsys, given=patch) == (code, report)
    assert (shop.root / "gunicorn.conf.py").read_text() == "workers = 4\n"


def test_a_folder_of_the_repository(shop: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    files = {f"shops/one/{path}": text for path, text in SHOP.items()}
    files |= {f"shops/two/{path}": text for path, text in SHOP.items()}
    shop.commit("Two shops", files)
    shop.write({"shops/two/gunicorn.conf.py": "workers = 8\n"})
    for words in (["shops/two"], ["shops"], [], ["shops/two/gunicorn.conf.py"]):
        code, report = asked(*words, "--diff", "HEAD", "--rule", RULE, capsys=capsys)
        assert (code, rules(report["findings"])) == (1, [RULE]), words
    _, report = asked("--diff", "HEAD", "--rule", RULE, capsys=capsys)
    assert report["findings"][0]["service"] == "shops/two/db"
    code, report = asked("shops/one", "--diff", "HEAD", capsys=capsys)
    assert (code, is_silent(report)) == (0, True)


def test_an_environment_in_both_states(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.commit("Large", {"plimsoll.large.yaml": "services: {app: {replicas: 1}}\n"})
    shop.write({"plimsoll.large.yaml": "services: {app: {replicas: 3}}\n"})
    code, _ = asked("--diff", "HEAD", "--rule", RULE, capsys=capsys)
    assert code == 0
    code, report = asked("--diff", "HEAD", "--environment", "large", "--rule", RULE, capsys=capsys)
    assert (code, rules(report["findings"])) == (1, [RULE])


def test_what_git_does_not_keep_is_the_same_in_both_states(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    said = SHOP["plimsoll.yaml"].replace(
        "files: [gunicorn.conf.py]", "files: [gunicorn.conf.py, app.env]"
    )
    shop.commit("Secrets", {"plimsoll.yaml": said, ".gitignore": "app.env\n"})
    shop.write({"app.env": "WEB_CONCURRENCY=8\n", "gunicorn.conf.py": "# four\nworkers = 4\n"})
    code, report = asked("--diff", "HEAD", capsys=capsys)
    assert (code, is_silent(report)) == (0, True)


def test_the_index_and_the_working_tree_are_not_touched(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.write({"gunicorn.conf.py": "workers = 8\n", "new.conf": "x\n"})
    git = shop.root / ".git"

    def state() -> dict[str, bytes]:
        every = [path for path in shop.root.rglob("*") if path.is_file()]
        return {str(path): path.read_bytes() for path in every}

    before = state()
    for words in (["--diff", "HEAD"], ["--staged"], ["--diff", "HEAD..HEAD"]):
        asked(*words, capsys=capsys)
    assert state() == before
    assert not (git / "index.lock").exists()


def test_a_patch_of_what_is_larger_than_is_read(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    with (shop.root / "postgresql.conf").open("wb") as file:
        file.truncate(9 * 1024**2)
    patch = "--- a/postgresql.conf\n+++ b/postgresql.conf\n@@ -1 +1 @@\n-a\n+b\n"
    code, report = asked("--diff", "-", capsys=capsys, given=patch)
    assert code == 2  # it is named in plimsoll.yaml
    assert "is larger than 8 MiB" in [each["reason"] for each in report["unread"]]


def test_a_file_that_cannot_be_read_is_told_of_where_it_changes(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.commit("Binary", {"postgresql.conf": "\0"})
    shop.commit("Elsewhere", {"gunicorn.conf.py": "# busy\nworkers = 4\n"})
    shop.commit("Another", {"postgresql.conf": "\0\0"})
    told_of = [{"path": "postgresql.conf", "reason": "holds NUL bytes: not a text"}]
    for words, unread in (("HEAD~1", told_of), ("HEAD~2..HEAD~1", []), ("HEAD~2", told_of)):
        _, report = asked("--diff", words, capsys=capsys)
        assert report["unread"] == unread


def test_a_repository_inside_of_it_is_not_what_changed(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    Repository(shop.root / "inner", {**SHOP, "gunicorn.conf.py": "workers = 8\n"})
    shop.write({"gunicorn.conf.py": "# busy\nworkers = 4\n"})
    code, report = asked("--diff", "HEAD", "--rule", RULE, capsys=capsys)
    assert (code, is_silent(report)) == (0, True)
    assert report["difference"]["unchanged"] == 1  # the inner one's


# ---------------------------------------------------------------------------- what says nothing


def test_a_state_differs_from_itself_in_nothing(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.commit("More", {"gunicorn.conf.py": "workers = 8\n"})
    for words in (["HEAD"], ["HEAD..HEAD"], ["main...HEAD"]):
        code, report = asked("--diff", *words, capsys=capsys)
        assert (code, is_silent(report)) == (0, True)
        assert report["difference"]["unchanged"] > 0
    code, report = asked("--diff", "-", capsys=capsys, given="")
    assert (code, is_silent(report)) == (0, True)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"gunicorn.conf.py": "# why not\n\nworkers = 8\n"}, id="a comment"),
        pytest.param({"postgresql.conf": "jit = off\nmax_connections = 100\n"}, id="order"),
        pytest.param({"postgresql.conf": "max_connections=100\njit =  off # ok\n"}, id="spaces"),
        pytest.param(
            {
                "postgresql.conf": None,
                "db/postgresql.conf": SHOP["postgresql.conf"],
                "plimsoll.yaml": SHOP["plimsoll.yaml"].replace(
                    "[postgresql.conf]", "[db/postgresql.conf]"
                ),
            },
            id="a rename",
        ),
        pytest.param(
            dict.fromkeys(SHOP) | {f"deploy/{path}": text for path, text in SHOP.items()}
            | {"gunicorn.conf.py": None, "deploy/gunicorn.conf.py": "workers = 8\n"},
            id="a folder that is renamed",
        ),
    ],
)  # fmt: skip
def test_a_change_that_changes_nothing_is_silent(
    change: Mapping[str, str | None], shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.commit("More", {"gunicorn.conf.py": "workers = 8\n"})
    shop.commit("Nothing", change)
    code, report = asked("--diff", "HEAD~1", capsys=capsys)
    assert (code, is_silent(report)) == (0, True), report
    assert report["difference"]["unchanged"] > 0
    assert report["difference"]["added"] == report["difference"]["removed"] == []


# ----------------------------------------------------------------------- the shop and its variants


@pytest.fixture
def real_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    shutil.copytree(variants.ROOT / variants.SHOP, tmp_path / variants.SHOP)
    monkeypatch.chdir(tmp_path)
    shop = Repository(tmp_path, {})
    shop.commit("The shop")
    return shop


@pytest.mark.parametrize("name", FAULTS)
def test_a_commit_of_the_shop_is_named_and_its_parent_fix_and_reverse_are_silent(
    name: str, real_shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    fault, shop = FAULTS[name], real_shop
    (variant,) = (v for v in variants.variants() if v.name == name)
    shop.commit("Before", {"README.md": "A shop.\n"})
    shop.git("apply", str(variant.patch))
    shop.commit(variant.message)

    code, report = asked("--diff", "HEAD~2..HEAD~1", capsys=capsys)
    assert (code, is_silent(report)) == (0, True)

    code, report = asked("--diff", "HEAD~1", capsys=capsys)
    assert code == 1
    first = report["findings"][0]
    line = line_of(shop.root / variants.SHOP, fault, fault.value)
    place = first["settings"][0]
    wanted = (f"{variants.SHOP}/{fault.path}", fault.name, line)
    assert (place["path"], place["name"], place["line"]) == wanted

    told("fix", str(variants.SHOP), "--write", "--from", "low", capsys=capsys)
    code, fixed = asked("--diff", "HEAD~1", capsys=capsys)
    assert (code, fixed["findings"]) == (0, [])
    shop.git("checkout", "-q", ".")

    shop.git("revert", "--no-edit", "HEAD")
    code, undone = asked("--diff", "HEAD~1", capsys=capsys)
    assert code == 0
    worst = [each for each in report["findings"] if each["severity"] in ("high", "critical")]
    assert set(rules(worst)) <= set(rules(undone["repaired"]))


# --------------------------------------------------------------------------------------- bad input


def test_outside_of_any_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "postgresql.conf").write_text("jit = off\n")
    code, said = told("check", "--diff", "main", capsys=capsys)
    assert (code, said) == (2, "plimsoll: --diff: .: is in no git repository\n")


def test_a_patch_needs_no_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shop = tmp_path / "deploy" / "shop"  # a stack of its own, below the folder of the patch
    shop.mkdir(parents=True)
    for path, text in SHOP.items():
        (shop / path).write_text(text)
    at = "deploy/shop/gunicorn.conf.py"
    patch = f"--- a/{at}\n+++ b/{at}\n@@ -1 +1 @@\n-workers = 4\n+workers = 8\n"
    for _ in ("to come", "there"):
        code, report = asked("--diff", "-", "--rule", RULE, capsys=capsys, given=patch)
        assert (code, rules(report["findings"])) == (1, [RULE])
        (tmp_path / at).write_text("workers = 8\n")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--diff", "mian"], "no revision 'mian'; did you mean 'main'?"),
        (["--diff", "HEAD..nowhere"], "no revision 'nowhere'"),
        (["--diff", "nowhere...HEAD"], "no revision 'nowhere'"),
        (["--diff=--output=x"], "no revision '--output=x'"),
        (["--diff", "HEAD..HEAD", "--staged"], "--staged takes one revision, not two"),
        (["--diff", "HEAD", "--ask-servers"], "leave out --diff"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_no_state(
    words: list[str], reason: str, shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = told("check", *words, capsys=capsys)
    assert code == 2
    assert reason in said
    assert sorted(path.name for path in shop.root.iterdir()) == sorted([".git", *SHOP])


@pytest.mark.parametrize(
    ("patch", "reason"),
    [
        ("hello\n", "line 1 of the patch: is no patch"),
        (
            "--- a/gunicorn.conf.py\n+++ b/gunicorn.conf.py\n@@ -1 +1 @@\n-workers = 5\n+workers = 6\n",
            "line 3 of the patch: gunicorn.conf.py:1 has 'workers = 4', the patch wants 'workers = 5'",
        ),
        (
            "--- a/gone.conf\n+++ b/gone.conf\n@@ -1 +1 @@\n-a\n+b\n",
            "line 1 of the patch: there is no gone.conf",
        ),
        (
            "--- a/../x\n+++ b/../x\n@@ -1 +1 @@\n-a\n+b\n",
            "leads outside of the repository",
        ),
    ],
)
@pytest.mark.usefixtures("shop")
def test_a_patch_that_does_not_fit(
    patch: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = told("check", "--diff", "-", capsys=capsys, given=patch)
    assert (code, reason in said) == (2, True), said


def test_an_earlier_state_that_cannot_be_read(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.commit("Broken", {"plimsoll.yaml": "servces: {}\n"})
    shop.commit("Mended", {"plimsoll.yaml": SHOP["plimsoll.yaml"]})
    code, said = told("check", "--diff", "HEAD~1", capsys=capsys)
    assert code == 2
    assert "in HEAD~1: plimsoll.yaml:1: " in said


def test_ctrl_c_ends_a_comparison(tmp_path: Path) -> None:
    servers = "".join(
        f"server {{ listen {n}; location / {{ proxy_pass http://b{n}; }} }}\n"
        for n in range(1, 2000)
    )
    files = {f"nginx-{n}.conf": f"events {{}}\nhttp {{\n{servers}}}\n" for n in range(40)}
    said = "".join(f"  s{n}: {{technology: nginx, files: [nginx-{n}.conf]}}\n" for n in range(40))
    Repository(tmp_path, {**files, "plimsoll.yaml": f"services:\n{said}"})
    process = subprocess.Popen(
        [PLIMSOLL, "check", "--diff", "HEAD"], cwd=tmp_path, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=dict(os.environ),
    )  # fmt: skip
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"Traceback" not in err
