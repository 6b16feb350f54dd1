"""`plimsoll fix` as it is run: the shop's variants, what is written, what is refused."""

from __future__ import annotations

import json
import re
import shutil
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from plimsoll.check import check, load_rules
from plimsoll.cli import fix, main
from plimsoll.hosts import Stat
from plimsoll.hosts.local import Local
from plimsoll.stack import read_stack

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
VARIANTS = sorted(EXAMPLES.glob("shop-seed-*.patch"))

SMALL = {
    "plimsoll.yaml": """\
        services:
          app: {technology: gunicorn, files: [gunicorn.conf.py]}
          db: {technology: postgresql, version: "15", files: [postgresql.conf]}
        links: [{from: app, to: db, connections: 20}]
        """,
    "gunicorn.conf.py": "workers = 8  # as many as before\n",
    "postgresql.conf": "# ours\nmax_connections = 100\t# do not touch\nport = 5432\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in SMALL.items():
        (tmp_path / name).write_text(text.replace("        ", ""), "utf-8")
    return tmp_path


def found(root: Path) -> set[tuple[str, str]]:
    outcome = check(read_stack(root), load_rules(), date(2026, 11, 1))
    return {(each.rule, each.target) for each in outcome.findings}


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda each: each.stem)
def test_the_fix_makes_a_variant_of_the_shop_silent(variant: Path, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "shop", tmp_path / "examples" / "shop")
    shop = tmp_path / "examples" / "shop"
    at_first = found(shop)
    subprocess.run(["patch", "-sp1", "-i", str(variant)], cwd=tmp_path, check=True)
    assert found(shop) - at_first
    assert main(["fix", str(shop), "--write", "--from", "low"]) == 0
    assert found(shop) <= at_first


def test_it_shows_what_it_would_change(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "-workers = 8  # as many as before" in said
    assert "+workers = 4  # as many as before" in said
    assert "Instead: raise the limit" in said
    assert "needs a restart of db" in said
    assert (folder / "gunicorn.conf.py").read_text() == SMALL["gunicorn.conf.py"]


def test_json_has_every_alternative(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix", str(folder), "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    first = told["fixes"][0]["changes"][0]
    assert (first["service"], first["name"], first["from"], first["to"]) == ("app", "workers", 8, 4)
    assert (first["path"], first["line"], first["needs"]) == ("gunicorn.conf.py", 1, "reload")
    assert told["fixes"][0]["cost"] == 500
    assert len(told["fixes"]) > 1


def test_it_writes_the_value_alone_and_keeps_the_rest(folder: Path) -> None:
    path = folder / "gunicorn.conf.py"
    path.chmod(0o640)
    assert main(["fix", str(folder), "--write"]) == 0
    assert path.read_text() == "workers = 4  # as many as before\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    backup = folder / "gunicorn.conf.py.orig"
    assert backup.read_text() == SMALL["gunicorn.conf.py"]
    assert not list(folder.glob(".*.conf.py*"))
    assert main(["fix", str(folder)]) == 0


def test_an_older_backup_is_kept(folder: Path) -> None:
    older = folder / "gunicorn.conf.py.orig"
    older.write_text("mine\n")
    assert main(["fix", str(folder), "--write"]) == 0
    assert older.read_text() == "mine\n"
    assert (folder / "gunicorn.conf.py.orig.2").read_text() == SMALL["gunicorn.conf.py"]


def test_a_file_that_changed_meanwhile_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Late(Local):
        """Somebody saves the file just before it is asked for."""

        def stat(self, path: str) -> Stat:
            Path(path).write_text("workers = 7\n")
            return super().stat(path)

    monkeypatch.setattr(fix, "Local", Late)
    assert main(["fix", str(folder), "--write"]) == 2
    assert (folder / "gunicorn.conf.py").read_text() == "workers = 7\n"
    assert not (folder / "gunicorn.conf.py.orig").exists()


def test_a_default_is_written_with_the_rule_that_wants_it(folder: Path) -> None:
    (folder / "postgresql.conf").write_text("port = 5432\n")
    (folder / "gunicorn.conf.py").write_text("workers = int(open('n').read())\n")
    (folder / "plimsoll.yaml").write_text(
        'services:\n  db: {technology: postgresql, version: "15", files: [postgresql.conf]}\n'
        "  job: {}\nlinks: [{from: job, to: db, connections: 200}]\nmeasured: {job.processes: 1}\n"
    )
    assert main(["fix", str(folder), "--write"]) in (0, 1)
    written = "\n".join(
        p.read_text() for p in (folder / "postgresql.conf", folder / "plimsoll.yaml")
    )
    assert re.search(
        r"# plimsoll: connections-exceed-server\nmax_connections = \d+\n", written
    ) or ("connections: 200" not in written)


def test_standard_input_cannot_be_edited(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix", "-"]) == 2
    assert "cannot be edited" in capsys.readouterr().err


def test_nothing_to_repair(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "gunicorn.conf.py").write_text("workers = 2\ntimeout = 30\n")
    assert main(["fix", str(tmp_path), "--from", "critical"]) == 0
    assert "nothing to repair" in capsys.readouterr().out


def test_check_carries_the_fixes_in_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder), "--format", "json", "--fix"]) == 1
    told = json.loads(capsys.readouterr().out)
    (finding,) = (f for f in told["findings"] if f["rule"] == "connections-exceed-server")
    (change,) = finding["fix"][0]
    assert (change["service"], change["name"], change["from"], change["to"]) == (
        *("app", "workers"),
        *(8, 4),
    )
    edit = change["edit"]
    lines = (folder / edit["path"]).read_text().split("\n")
    assert edit["line"] == edit["end_line"]
    line = lines[edit["line"] - 1]
    after = line[: edit["column"] - 1] + edit["text"] + line[edit["end_column"] - 1 :]
    assert after == "workers = 4  # as many as before"


def test_check_without_it_has_none(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder), "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert {len(each["fix"]) for each in told["findings"]} == {0}


def test_a_person_reads_them_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder), "--fix"]) == 1
    assert "workers of app: 8 -> 4" in capsys.readouterr().out


def test_fixes_of_a_stack_below_are_told_from_above(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    below = tmp_path / "deploy" / "one"
    below.mkdir(parents=True)
    for name in SMALL:
        shutil.move(folder / name, below / name)
    assert main(["check", str(tmp_path), "--format", "json", "--fix"]) == 1
    told = json.loads(capsys.readouterr().out)
    edits = [
        c["edit"]["path"] for f in told["findings"] for fix in f["fix"] for c in fix if "edit" in c
    ]
    assert edits
    assert all((tmp_path / each).is_file() for each in edits)


def test_a_comparison_has_no_fixes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder), "--fix", "--staged"]) == 2
    assert "leave out --diff" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["fix"], ["check", "--fix"]])
def test_without_the_solver_it_says_how_to_get_it(
    words: list[str],
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    assert main([*words, str(folder)]) == 2
    assert "pip install 'plimsoll[fix]'" in capsys.readouterr().err


def test_what_is_only_partly_written_must_not_break_anything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The proxy would give up before an application whose timeout has to be changed by hand."""
    for name, text in {
        "plimsoll.yaml": "services:\n  web: {technology: nginx, files: [nginx.conf]}\n"
        "  mid: {technology: nginx, files: [mid.conf]}\n  app: {technology: unicorn}\n"
        "links: [{from: web, to: mid}, {from: mid, to: app}]\n",
        "nginx.conf": "http { server { location / { proxy_pass http://mid; proxy_read_timeout 15s; } } }\n",
        "mid.conf": "http { server { location / { proxy_pass http://app; } } }\n",
    }.items():
        (tmp_path / name).write_text(text)
    before = (tmp_path / "mid.conf").read_text()
    assert main(["fix", str(tmp_path), "--write", "--rule", "proxy-gives-up-before-app"]) == 2
    assert "not written: without what has to be done by hand" in capsys.readouterr().err
    assert (tmp_path / "mid.conf").read_text() == before


def test_a_named_file_that_was_not_read_is_no_all_clear(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "gunicorn.conf.py").write_text("workers = 2\n")
    (folder / "postgresql.conf").unlink()
    assert main(["fix", str(folder), "--from", "critical"]) == 2
    told = capsys.readouterr()
    assert "nothing to repair" in told.out
    assert "not read: postgresql.conf" in told.err


def test_switches_go_with_every_alternative(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["fix", str(folder), "--from", "low", "--format", "json"])
    told = capsys.readouterr()
    assert "left out" not in told.err
    fixes = {each["title"]: each["changes"] for each in json.loads(told.out)["fixes"]}
    assert "add a pooler" in fixes
    switched = [{c["name"] for c in each if isinstance(c["to"], bool)} for each in fixes.values()]
    assert switched[0]
    assert all(each == switched[0] for each in switched)
