"""`plimsoll rules new`: asks until an answer will do, and writes a rule that holds its examples."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from plimsoll.cli import main

ANSWERS = (
    "redis-too-few",
    "Redis takes fewer clients than we need",
    "redis",
    "r.maxclients >= 500",
    "high",
    "",
    "The shop needs more.",
    "",
    "",
    "maxclients 499",
    "maxclients 500",
)
OWN = Path(".plimsoll", "rules", "redis-too-few.yaml")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def answered(monkeypatch: pytest.MonkeyPatch, *lines: str, words: tuple[str, ...] = ()) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    return main(["rules", "new", *words])


def test_the_rule_holds_its_examples_and_is_asked_from_then_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answered(monkeypatch, *ANSWERS) == 0
    assert "2 examples of 1 rule: all as they say" in capsys.readouterr().out
    Path("redis.conf").write_text("maxclients 10\n")
    assert main(["check", "--rule", "redis-too-few", "-q"]) == 1
    assert "redis.conf:1:12: high: " in capsys.readouterr().out


def test_a_comparison_becomes_a_load_line(monkeypatch: pytest.MonkeyPatch) -> None:
    answered(monkeypatch, *ANSWERS)
    text = OWN.read_text()
    assert 'load: "500"\nlimit: "r.maxclients"\n' in text
    assert "require" not in text


@pytest.mark.parametrize(
    ("at", "wrong", "said"),
    [
        pytest.param(0, "Too Few", "write words in lower case", id="an id that is none"),
        pytest.param(0, "connections-exceed-server", "is a rule", id="an id that is taken"),
        pytest.param(1, "", "this needs an answer", id="nothing"),
        pytest.param(2, "rediss", "did you mean 'redis'?", id="a technology that is not known"),
        pytest.param(4, "awful", "no 'awful'", id="a severity that is none"),
    ],
)
def test_a_wrong_answer_is_asked_again(
    at: int,
    wrong: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = list(ANSWERS)
    lines.insert(at, wrong)
    assert answered(monkeypatch, *lines) == 0
    assert said in capsys.readouterr().out


def test_the_name_may_be_given_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answered(monkeypatch, *ANSWERS[1:], words=("redis-too-few",)) == 0
    assert OWN.is_file()


def test_it_stands_in_the_folder_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answered(monkeypatch, *ANSWERS, words=("--rules", "ours")) == 0
    assert Path("ours", OWN.name).is_file()


@pytest.mark.parametrize("number", range(len(ANSWERS)))
def test_who_stops_answering_gets_no_file(
    number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answered(monkeypatch, *ANSWERS[:number]) == 2
    assert "nothing was written" in capsys.readouterr().err
    assert not OWN.exists()


def test_a_rule_that_is_there_is_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    OWN.parent.mkdir(parents=True)
    OWN.with_suffix(".yml").write_text("id: redis-too-few\n")
    answered(monkeypatch, *ANSWERS)
    assert OWN.with_suffix(".yml").read_text() == "id: redis-too-few\n"
    assert capsys.readouterr().err


def test_examples_that_do_not_hold_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answered(monkeypatch, *ANSWERS[:-1], "maxclients 400") == 1
    assert "1 not as they say" in capsys.readouterr().out
