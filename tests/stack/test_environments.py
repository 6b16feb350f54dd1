"""plimsoll.production.yaml over plimsoll.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from plimsoll.cli import main
from plimsoll.stack import StackError, read_stack

BASE = """
hosts:
  m: {memory: 4GiB, cores: 2}
services:
  app: {technology: gunicorn, host: m, files: [gunicorn.conf.py], environment: {A: "1", B: "2"}}
  db: {technology: postgresql, version: "15", host: m, settings: {work_mem: 4MB}}
links:
  - {from: app, to: db, connections: 20}
ignore:
  - {rule: workers-exceed-cores, reason: base}
"""
UPPER = """
hosts:
  m: {memory: 64GiB}
services:
  app: {environment: {B: "3"}, replicas: 4}
  db: {host: m, version: "16", settings: {work_mem: 64MB, jit: "off"}}
  cache: {technology: redis, host: m}
links:
  - {from: app, to: db, timeout: 5s}
  - {from: app, to: cache, connections: 3}
ignore:
  - {rule: workers-exceed-memory, reason: upper}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plimsoll.yaml").write_text(BASE)
    (tmp_path / "plimsoll.production.yaml").write_text(UPPER)
    (tmp_path / "gunicorn.conf.py").write_text("import os\nworkers = int(os.environ['B'])\n")
    return tmp_path


def test_what_it_says_takes_the_place_of_what_stood_there(folder: Path) -> None:
    stack = read_stack(folder, environment="production")
    assert str(stack.hosts["m"].limit("memory").amount) == "64 GiB"
    assert str(stack.hosts["m"].limit("cores").amount) == "2"
    app, db = stack.services["app"], stack.services["db"]
    assert app.held["workers"].text == "3"
    assert str(app.stated["replicas"].value) == "4"
    assert str(db.version) == "16"
    assert {n: s.text for n, s in db.held.items()} == {"work_mem": "64MB", "jit": "off"}
    assert db.held["work_mem"].place is not None
    assert db.held["work_mem"].place.path == "plimsoll.production.yaml"
    assert "cache" in stack.services
    links = {(each.source, each.target): each for each in stack.links}
    assert {n: str(s.value) for n, s in links["app", "db"].settings.items()} == {
        "connections": "20",
        "timeout": "5 s",
    }
    assert ("app", "cache") in links
    assert [s.reason for s in stack.suppressions] == ["base", "upper"]
    assert "plimsoll.production.yaml" in stack.texts


def test_without_it_nothing_is_different(folder: Path) -> None:
    stack = read_stack(folder)
    assert stack.services["app"].held["workers"].text == "2"
    assert "cache" not in stack.services


def test_what_is_wrong_in_it_is_said_with_its_place(folder: Path) -> None:
    (folder / "plimsoll.production.yaml").write_text("services:\n  db: {host: n}\n")
    with pytest.raises(StackError, match=r"plimsoll\.production\.yaml:2: no host 'n'"):
        read_stack(folder, environment="production")


def test_an_environment_that_nobody_wrote(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder), "--environment", "producton"]) == 2
    assert "did you mean 'production'?" in capsys.readouterr().err
    assert main(["stack", str(folder), "--environment", "production"]) == 0
    assert "cache" in capsys.readouterr().out
