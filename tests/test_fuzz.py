"""The fuzzer, with readers of our own that fail as readers must not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

import fuzz_one
from damage import damaged
from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Reader
from plimsoll.model.setting import Item, Setting
from plimsoll.technologies import Technology

Read = Callable[[str, str], Iterable[Item]]


def first_line(text: str, path: str) -> Iterable[Item]:
    end = len(text.partition("\n")[0]) + 1
    return [Setting("first", text[: end - 1], Place(path, Span(1, 1, 1, end)))]


def raises(text: str, path: str) -> Iterable[Item]:
    raise IndexError(f"{path}: {len(text)}")


def hangs(text: str, path: str) -> Iterable[Item]:
    while text or path:
        pass
    return []


def ends_outside(text: str, path: str) -> Iterable[Item]:
    return [Setting("x", text, Place(path, Span(1, 1, 9, 1)))]


def ends_before_it_begins(text: str, path: str) -> Iterable[Item]:
    return [Setting("x", text, Place(path, Span(1, 3, 1, 1)))]


def technology(read: Read) -> Technology:
    reader = Reader(read=read, value=lambda text, _: text)
    return Technology("sample", reader)


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(fuzz_one, "ROOT", tmp_path)
    monkeypatch.setattr(fuzz_one, "KEPT", tmp_path / ".fuzz")
    monkeypatch.setattr(fuzz_one, "SECONDS_FOR_ONE", 0.2)
    return tmp_path / ".fuzz"


@pytest.mark.parametrize(
    ("read", "problem"),
    [
        pytest.param(raises, "IndexError", id="raises"),
        pytest.param(hangs, "TooSlowError", id="hangs"),
        pytest.param(ends_outside, "MisplacedError", id="outside"),
        pytest.param(ends_before_it_begins, "MisplacedError", id="backwards"),
    ],
)
def test_a_text_that_a_reader_fails_on_is_kept_once(kept: Path, read: Read, problem: str) -> None:
    failures = fuzz_one.Failures()
    for text in ("one\n\udcff", "two\n\udcff"):
        fuzz_one.attempt(technology(read), text, failures)
    [(name, place)] = failures.kept
    assert name == "sample"
    assert place.startswith(f"{problem} at ")
    assert [path.read_bytes() for path in kept.iterdir()] == [b"one\n\xff"]


def test_a_reader_that_survives_leaves_nothing(kept: Path) -> None:
    failures = fuzz_one.Failures()
    fuzz_one.attempt(technology(first_line), "one\ntwo", failures)
    assert not failures.kept
    assert not kept.exists()


def test_a_seed_gives_the_same_damage_again() -> None:
    texts = [damaged(random.Random(7), "one\ntwo\n", "other") for _ in range(2)]
    assert texts[0] == texts[1]
    many = {damaged(random.Random(seed), "one\ntwo\n", "other") for seed in range(50)}
    assert len(many) > 40
