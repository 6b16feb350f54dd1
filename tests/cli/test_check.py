from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from plimsoll.cli import main
from plimsoll.cli.check import exit_code
from plimsoll.cli.command import CommandError
from plimsoll.cli.looks import look_of
from plimsoll.cli.sources import folder_and_files
from plimsoll.model.finding import Finding, Kind, Outcome, Severity, Skipped
from plimsoll.model.setting import Unread
from plimsoll.model.stack import Stack

HIGH = Finding("r", "t", Severity.HIGH, Kind.EXACT, "db", "db", "m", "w", ())
CLEAN = Outcome(Stack())
FOUND = Outcome(Stack(), findings=(HIGH,))
SKIPPED = Outcome(Stack(), skipped=(Skipped("r", "db", "needs x of db"),))
UNREAD = Outcome(Stack(), unread=(Unread("x", "a template"),))
NAMED = Outcome(Stack(named_unread=True))


@pytest.mark.parametrize(
    ("outcome", "fail_on", "is_strict", "code"),
    [
        pytest.param(CLEAN, Severity.LOW, True, 0, id="clean"),
        pytest.param(FOUND, Severity.HIGH, False, 1, id="at the threshold"),
        pytest.param(FOUND, Severity.LOW, False, 1, id="above it"),
        pytest.param(FOUND, Severity.CRITICAL, False, 0, id="below it"),
        pytest.param(SKIPPED, Severity.HIGH, False, 0, id="skipped"),
        pytest.param(SKIPPED, Severity.HIGH, True, 2, id="skipped, strict"),
        pytest.param(UNREAD, Severity.HIGH, False, 0, id="unread"),
        pytest.param(UNREAD, Severity.HIGH, True, 2, id="unread, strict"),
        pytest.param(NAMED, Severity.HIGH, False, 2, id="a named file is unread"),
        pytest.param(
            replace(FOUND, stack=NAMED.stack, skipped=SKIPPED.skipped),
            Severity.HIGH,
            True,
            1,
            id="both: 1 wins",
        ),
    ],
)
def test_exit_codes(outcome: Outcome, fail_on: Severity, is_strict: bool, code: int) -> None:
    assert exit_code(outcome, fail_on, is_strict=is_strict) == code


def test_the_report_goes_to_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "redis.conf").write_text("maxclients 100\n")
    assert main(["check", "--format", "json", "--output", "r.json", "--fail-on", "critical"]) == 0
    assert capsys.readouterr() == ("", "")
    assert json.loads((tmp_path / "r.json").read_text())["contract"] == 1


# ------------------------------------------------------------------------------------------ paths


def at(folder: Path, *names: str) -> list[Path]:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return [folder / name for name in names]


def test_files_alone_belong_to_the_folder_that_we_are_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(tmp_path, "a/x.conf", "b/y.conf")
    monkeypatch.chdir(tmp_path)
    found = folder_and_files([Path("a/x.conf"), Path("b/y.conf")])
    assert found == (Path(), ["a/x.conf", "b/y.conf"])


def test_files_elsewhere_belong_to_the_folder_that_holds_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = at(tmp_path, "s/a/x.conf", "s/b/y.conf", "here/z.conf")
    monkeypatch.chdir(tmp_path / "here")
    assert folder_and_files(files[:2]) == (tmp_path / "s", ["a/x.conf", "b/y.conf"])


def test_files_of_a_folder_are_relative_to_it(tmp_path: Path) -> None:
    (file,) = at(tmp_path, "s/a/x.conf")
    assert folder_and_files([tmp_path / "s", file]) == (tmp_path / "s", ["a/x.conf"])


def test_nothing_is_the_folder_that_we_are_in() -> None:
    assert folder_and_files([]) == (Path(), [])


def test_a_file_of_another_folder_is_an_error(tmp_path: Path) -> None:
    (file,) = at(tmp_path, "other/x.conf")
    (tmp_path / "s").mkdir()
    with pytest.raises(CommandError, match="is not in"):
        folder_and_files([tmp_path / "s", file])


# ------------------------------------------------------------------------------------------ colors


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("out", "name", "value", "expected"),
    [
        pytest.param(Terminal(), "TERM", "xterm", True, id="terminal"),
        pytest.param(Terminal(), "NO_COLOR", "1", False, id="NO_COLOR"),
        pytest.param(Terminal(), "TERM", "dumb", False, id="dumb terminal"),
        pytest.param(io.StringIO(), "TERM", "xterm", False, id="file"),
    ],
)
def test_color_on_a_terminal_only(
    out: io.StringIO, name: str, value: str, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(name, value)
    assert look_of(out).is_colored is expected


@pytest.mark.parametrize(("columns", "width"), [("60", 60), ("400", 120)])
def test_as_wide_as_the_terminal(columns: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert look_of(io.StringIO()).width == width


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder below the root of a repository, with a fault."""
    folder = tmp_path / "deploy"
    folder.mkdir()
    (tmp_path / ".git").mkdir()
    (folder / "plimsoll.yaml").write_text(
        "services:\n"
        "  app: {technology: gunicorn, files: [gunicorn.conf.py]}\n"
        '  db: {technology: postgresql, version: "15", files: [postgresql.conf]}\n'
        "links: [{from: app, to: db, connections: 20}]\n"
    )
    (folder / "gunicorn.conf.py").write_text("workers = 8\n")
    (folder / "postgresql.conf").write_text("max_connections = 100\n")
    return folder


def test_several_reports_of_one_run(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sarif, page = tmp_path / "a=b.sarif", tmp_path / "page.html"
    code = main(["check", str(shop), "-q", f"--output=sarif={sarif}", f"--output=html={page}"])
    assert code == 1
    assert "[connections-exceed-server]" in capsys.readouterr().out
    results = json.loads(sarif.read_text())["runs"][0]["results"]
    (result,) = (each for each in results if each["ruleId"] == "connections-exceed-server")
    at = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert at == "deploy/gunicorn.conf.py"
    assert page.read_text().startswith("<!DOCTYPE html>")


def test_a_file_without_a_format_takes_the_place_of_the_output(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(shop), "--format=json", f"--output={tmp_path / 'a'}"]) == 1
    assert capsys.readouterr().out == ""
    assert json.loads((tmp_path / "a").read_text())["findings"]


def test_an_output_in_a_format_that_is_none(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(shop), "--output=sariff=x"]) == 2
    assert "no format 'sariff'; did you mean 'sarif'?" in capsys.readouterr().err


def test_with_a_baseline_only_what_is_new_fails(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = tmp_path / "base.json"
    assert main(["check", str(shop), "--format=json", f"--output={base}"]) == 1
    (shop / "gunicorn.conf.py").write_text("# moved\n\nworkers = 8\n")
    assert main(["check", str(shop), f"--baseline={base}"]) == 0
    assert "accepted" in capsys.readouterr().out
    (shop / "gunicorn.conf.py").write_text("workers = 9\n")
    assert main(["check", str(shop), f"--baseline={base}"]) == 1
    assert main(["check", str(shop), f"--baseline={tmp_path / 'none'}"]) == 2
    assert "none: cannot be read: No such file or directory" in capsys.readouterr().err
    base.write_text("{}")
    assert main(["check", str(shop), f"--baseline={base}"]) == 2
    assert "base.json: no report of `plimsoll check --format json`" in capsys.readouterr().err


def test_each_folder_with_a_statement_is_a_stack_of_its_own(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other" / "deep"
    other.mkdir(parents=True)
    for path in shop.iterdir():
        (other / path.name).write_text(path.read_text())
    (other / "gunicorn.conf.py").write_text("workers = 2\n")
    assert main(["check", str(tmp_path), "--format=json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["stack"]["services"] == 4
    found = [f for f in said["findings"] if f["rule"] == "connections-exceed-server"]
    assert [f["service"] for f in found] == ["deploy/db"]
    assert found[0]["settings"][0]["path"] == "deploy/gunicorn.conf.py"
    assert main(["check", str(other)]) == 0
    assert main(["check", str(other / "postgresql.conf"), str(other / "gunicorn.conf.py")]) == 0


@pytest.mark.usefixtures("shop")
def test_a_named_file_asks_about_the_stack_that_it_lies_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check", "deploy/postgresql.conf", "-q"]) == 1
    assert capsys.readouterr().out.startswith("deploy/gunicorn.conf.py:1:11: critical: ")


@pytest.mark.usefixtures("shop")
def test_where_only_folders_below_are_stacks_other_commands_name_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stack", str(tmp_path)]) == 2
    assert "the stacks of deploy lie below; name one of these folders" in capsys.readouterr().err


def test_rules_of_the_folder_are_in_the_repository(
    shop: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / ".plimsoll").mkdir()
    (shop / ".plimsoll" / "rules").symlink_to(tmp_path_factory.mktemp("elsewhere"))
    assert main(["check", str(shop)]) == 2
    assert "rules: leads out of the repository; name such a folder" in capsys.readouterr().err
