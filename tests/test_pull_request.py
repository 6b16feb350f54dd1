"""A pull request's life: the hook, the scripts of the pipelines, annotations, baseline, suppression."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
RULE = "connections-exceed-server"

FILES = {
    "deploy/plimsoll.yaml": """\
services:
  app: {technology: gunicorn, files: [gunicorn.conf.py]}
  db: {technology: postgresql, version: "15", files: [postgresql.conf]}
links: [{from: app, to: db, connections: 20}]
""",
    "deploy/gunicorn.conf.py": "workers = 4\n",
    "deploy/postgresql.conf": """\
max_connections = 100
statement_timeout = 20s
idle_in_transaction_session_timeout = 60s
log_min_duration_statement = 1s
log_lock_waits = on
jit = off
""",
    "README.md": "A shop.\n",
}


class Repository:
    """A git repository with the stack of a shop in `deploy`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.run("git", "init", "-q", "-b", "main")
        for path, text in FILES.items():
            self.write(path, text)
        self.run("git", "add", "-A")
        self.commit("The shop")

    def run(
        self, *words: str, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        own = {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(self.root), **(env or {})}
        own |= {
            f"GIT_{who}_{what}": "shop@example.org"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        own["XDG_CACHE_HOME"] = os.environ["XDG_CACHE_HOME"]
        return subprocess.run(
            words, cwd=self.root, env=own, capture_output=True, text=True, check=False, timeout=60
        )

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def commit(self, message: str) -> subprocess.CompletedProcess[str]:
        return self.run("git", "commit", "-q", "-m", message)


@pytest.fixture
def shop(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


# ------------------------------------------------------------------------------------- hooks


@pytest.fixture
def hooked(shop: Repository) -> Repository:
    (shop.root / ".git" / "hooks" / "pre-commit").symlink_to(ROOT / "ci" / "pre-commit")
    return shop


def test_the_hook_checks_what_is_staged(hooked: Repository) -> None:
    hooked.write("deploy/gunicorn.conf.py", "workers = 8\n")
    hooked.run("git", "add", "-A")
    hooked.write("deploy/gunicorn.conf.py", "workers = 4\n")  # not staged
    refused = hooked.commit("More workers")
    assert refused.returncode == 1
    assert (
        "deploy/gunicorn.conf.py:1:11: critical: the clients can open 160"
        in refused.stdout + refused.stderr
    )


def test_the_hook_refuses_only_what_the_commit_brings(hooked: Repository) -> None:
    hooked.write("deploy/gunicorn.conf.py", "workers = 8\n")
    hooked.run("git", "add", "-A")
    hooked.run("git", "commit", "-q", "--no-verify", "-m", "Too many")
    hooked.write("deploy/postgresql.conf", "max_connections = 110\n")  # better, not good
    done = hooked.run("git", "commit", "-q", "-a", "-m", "Better")  # with an index of its own
    assert done.returncode == 0, done.stderr
    hooked.write("deploy/postgresql.conf", "max_connections = 90\n")
    refused = hooked.run("git", "commit", "-q", "-m", "Worse", "deploy/postgresql.conf")
    assert refused.returncode == 1
    assert RULE in refused.stdout + refused.stderr


def test_the_hook_takes_no_notice_of_what_is_not_staged(hooked: Repository) -> None:
    hooked.write("deploy/gunicorn.conf.py", "workers = 8\n")
    hooked.write("README.md", "A shop!\n")
    hooked.run("git", "add", "README.md")
    done = hooked.commit("Words")
    assert done.returncode == 0, done.stderr
    assert hooked.run("git", "log", "--oneline").stdout.count("\n") == 2


def test_the_definition_for_pre_commit_runs_in_the_repository(shop: Repository) -> None:
    hook, staged, other = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [each["id"] for each in (hook, staged, other)] == [
        "plimsoll",
        "plimsoll-staged",
        "plimsoll-postmortem",
    ]
    for each in (hook, staged):
        assert (each["language"], each["pass_filenames"]) == ("python", False)
        assert shop.run(*shlex.split(each["entry"])).returncode == 0
    shop.write("deploy/gunicorn.conf.py", "workers = 8\n")
    shop.run("git", "add", "-A")
    for each in (hook, staged):
        assert shop.run(*shlex.split(each["entry"])).returncode == 1
    shop.run("git", "commit", "-q", "-m", "Too many")
    assert shop.run(*shlex.split(hook["entry"])).returncode == 1
    assert shop.run(*shlex.split(staged["entry"])).returncode == 0


# ------------------------------------------------------------------------------------- the action


def action(shop: Repository, **inputs: str) -> tuple[int, str, Path]:
    """Exit code and log of the action's step, as a runner makes it, and the runner's folder."""
    said = yaml.safe_load((ROOT / "action.yml").read_text())
    (step,) = said["runs"]["steps"]
    given = {name: each["default"] for name, each in said["inputs"].items()} | inputs
    runner = shop.root.parent / f"{shop.root.name}-runner"
    runner.mkdir(exist_ok=True)
    env = {
        name: given[expression.removeprefix("${{ inputs.").removesuffix(" }}")]
        for name, expression in step["env"].items()
    }
    env |= {
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_STEP_SUMMARY": str(runner / "summary"),
        "GITHUB_OUTPUT": str(runner / "output"),
    }
    done = shop.run("bash", "-c", step["run"], env=env)
    return done.returncode, done.stdout + done.stderr, runner


def test_a_pull_request_that_fits(shop: Repository) -> None:
    code, log, runner = action(shop)
    assert code == 0, log
    assert "::error" not in log
    assert "nothing found in 2 services" in log
    assert json.loads((shop.root / "plimsoll.sarif").read_text())["runs"][0]["results"] == []
    assert "exit-code=0" in (runner / "output").read_text()


def test_a_pull_request_from_its_fault_to_its_end(shop: Repository) -> None:
    shop.write("deploy/gunicorn.conf.py", "workers = 8\n")

    code, log, runner = action(shop)
    assert code == 1
    assert "::error file=deploy/gunicorn.conf.py,line=1,endLine=1,col=1,endColumn=12," in log
    assert "**critical** Clients can open more connections" in (runner / "summary").read_text()
    (result,) = json.loads((shop.root / "plimsoll.sarif").read_text())["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == (RULE, "error")

    # adopted as it is: from here on only what is new
    shop.run("plimsoll", "check", "--format", "json", "--output", "base.json")
    code, log, _ = action(shop, arguments="--baseline base.json")
    assert code == 0, log
    shop.write("deploy/gunicorn.conf.py", "workers = 9\n")
    code, _, _ = action(shop, arguments="--baseline base.json")
    assert code == 1

    # accepted for a while, where it stands
    shop.write(
        "deploy/gunicorn.conf.py",
        f"workers = 9  # plimsoll: ignore[{RULE}] until 9999-12-31 because x\n",
    )
    code, log, _ = action(shop)
    assert code == 0, log
    assert "1 accepted" in log

    # and when that is over both are told
    shop.write(
        "deploy/gunicorn.conf.py",
        f"workers = 9  # plimsoll: ignore[{RULE}] until 2020-01-01 because x\n",
    )
    code, log, _ = action(shop)
    assert code == 1
    assert "[connections-exceed-server]" in log
    assert "::notice file=deploy/gunicorn.conf.py,line=1," in log
    assert "[suppression-expired]" in log


def test_a_pull_request_hears_only_of_what_it_changes(shop: Repository) -> None:
    shop.write("deploy/gunicorn.conf.py", "workers = 8\n")
    shop.run("git", "add", "-A")
    shop.commit("Too many")
    shop.run("git", "checkout", "-q", "-b", "change")
    shop.write("README.md", "A shop!\n")
    shop.run("git", "add", "-A")
    shop.commit("Words")
    code, log, _ = action(shop, diff="main...HEAD")
    assert (code, "::error" in log) == (0, False), log
    shop.write("deploy/gunicorn.conf.py", "workers = 9\n")
    shop.run("git", "add", "-A")
    shop.commit("More")
    code, log, runner = action(shop, diff="main...HEAD")
    assert code == 1
    assert "::error file=deploy/gunicorn.conf.py,line=1," in log
    summary = (runner / "summary").read_text()
    assert f"| `{RULE}` | db | critical, 165 % | critical, 186 % |" in summary
    code, log, _ = action(shop, diff="main; true")  # one word, whatever it holds
    assert code == 2
    assert "no revision 'main; true'" in log


def test_inputs_of_the_action(shop: Repository) -> None:
    shop.write("deploy/gunicorn.conf.py", "workers = 8\n")
    code, _, _ = action(
        shop, path="deploy", sarif="out.sarif", arguments="--rule workers-exceed-cores"
    )
    assert code == 0
    assert (shop.root / "out.sarif").is_file()
    code, log, _ = action(shop, path="nowhere")
    assert code == 2
    assert "plimsoll: nowhere: no such file or folder" in log


# ------------------------------------------------------------------------------------- GitLab


def test_the_job_of_gitlab(shop: Repository) -> None:
    shop.write("deploy/gunicorn.conf.py", "workers = 8\n")
    job = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text())["plimsoll"]
    done = shop.run("bash", "-ec", "\n".join(job["script"]), env=job["variables"])
    assert done.returncode == 1, done.stderr
    reports = job["artifacts"]["reports"]
    (issue,) = json.loads((shop.root / reports["codequality"]).read_text())
    assert issue["location"] == {"path": "deploy/gunicorn.conf.py", "lines": {"begin": 1, "end": 1}}
    root = ET.parse(shop.root / reports["junit"]).getroot()  # noqa: S314 - our own
    assert root.get("failures") == "1"

    shop.run("git", "add", "-A")
    shop.commit("Too many")
    for revision, code in (("HEAD", 0), ("HEAD~1", 1)):
        env = job["variables"] | {"PLIMSOLL_DIFF": revision}
        done = shop.run("bash", "-ec", "\n".join(job["script"]), env=env)
        assert done.returncode == code, done.stderr
