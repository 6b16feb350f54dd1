"""`check FILE`: what a file on the command line asks about."""

from __future__ import annotations

from pathlib import Path

import pytest

from plimsoll.stack import StackError, read_stack

FILES = {
    "plimsoll.yaml": "services:\n"
    "  app: {technology: gunicorn, files: [app.service]}\n"
    "  db: {technology: postgresql, files: [db/postgresql.conf]}\n"
    "links: [{from: app, to: db}]\n",
    "app.service": "[Service]\nExecStart=/usr/bin/gunicorn -c /srv/app/conf.py a:b\nMemoryMax=1G\n",
    "app/conf.py": "workers = 6\n",
    "db/postgresql.conf": "max_connections = 20\n",
    "compose.yaml": "services: {db: {image: 'postgres:15', mem_limit: 2g}}\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_file_that_a_stated_service_reads_asks_about_the_whole_stack(folder: Path) -> None:
    stack = read_stack(folder, files=["app/conf.py"])
    assert set(stack.services) == {"app", "db"}
    assert stack.services["app"].held["workers"].text == "6"
    assert "memory" in stack.services["app"].limits
    assert len(stack.links) == 1
    assert not stack.named_unread


def test_a_manifest_is_the_state_that_is_meant(folder: Path) -> None:
    stack = read_stack(folder, files=["compose.yaml"])
    assert list(stack.services) == ["db"]
    assert [layer.text for layer in stack.services["db"].limit("memory").layers] == ["2g"]


def test_a_file_that_nobody_reads_is_said(folder: Path) -> None:
    (folder / "notes.txt").write_text("x")
    stack = read_stack(folder, files=["notes.txt"])
    assert ("notes.txt", "no service reads it") in [(u.path, u.reason) for u in stack.unread]
    assert stack.named_unread


def test_without_stated_services_only_the_named_files_are_read(folder: Path) -> None:
    (folder / "plimsoll.yaml").unlink()
    stack = read_stack(folder, files=["db/postgresql.conf"])
    assert list(stack.services) == ["postgresql"]


def test_what_plimsoll_yaml_says_of_others_is_no_error_there(folder: Path) -> None:
    (folder / "plimsoll.yaml").write_text(
        "links: [{from: app, to: db}]\nmeasured: {app.processes: 3}\n"
        "ignore: [{rule: postgresql-memory-exceeds, service: db, reason: small}]\n"
    )
    assert set(read_stack(folder).services) == {"app", "db"}
    part = read_stack(folder, files=["db/postgresql.conf"])
    assert (list(part.services), part.links) == (["postgresql"], ())


@pytest.mark.parametrize(
    ("said", "files", "why"),
    [
        pytest.param(
            "", ["app/conf.py"], "no known name among app/conf.py; list them", id="a file"
        ),
        pytest.param("exclude: ['*']", [], "plimsoll.yaml names no service or host", id="stated"),
    ],
)
def test_why_there_is_nothing_to_check(folder: Path, said: str, files: list[str], why: str) -> None:
    (folder / "plimsoll.yaml").write_text(said)
    with pytest.raises(StackError, match="nothing to check") as caught:
        read_stack(folder, files=files)
    assert why in str(caught.value)
