"""Lines of save in several files, as a running server adds them up (test_real.py asks it)."""

from __future__ import annotations

import pytest

from plimsoll.model.place import Place, Span
from plimsoll.model.setting import Origin, Setting, Status
from plimsoll.technologies.redis.save_points import effective_saves

HERE = Span(1, 1, 1, 2)


def line(said: str) -> Setting:
    """`file: name text`; the command line is `-`."""
    path, _, rest = said.partition(": ")
    name, _, text = rest.partition(" ")
    origin = Origin.COMMAND_LINE if path == "-" else Origin.FILE
    return Setting(name, text, Place(path, HERE), origin=origin)


@pytest.mark.parametrize(
    ("lines", "held"),
    [
        (["a: save 1 1", "a: save 2 2"], ["1 1", "2 2"]),
        (["a: save 1 1", "a: save ", "a: save 2 2"], ["2 2"]),
        (["a: save 1 1", "b: save 2 2"], ["1 1", "2 2"]),
        (["a: hz 9", "b: save 1 1", "a: save 2 2", "a: save 3 3"], ["3 3"]),
        (["a: save 1 1", "b: hz 9", "a: save 2 2"], ["2 2"]),
        (["a: hz 9", "b: hz 9", "a: hz 9", "c: save 1 1", "c: save 2 2"], ["1 1", "2 2"]),
        (["a: hz 9", "b: hz 9", "c: hz 9", "b: hz 9", "b: save 1 1", "b: save 2 2"], ["2 2"]),
        (["a: save 1 1", "-: save 2 2"], ["1 1", "2 2"]),
        (["a: save 1 1", "b: save 2 2", "-: save 3 3"], ["3 3"]),
        (["a: save 1 1", "-: save "], [""]),
    ],
)
def test_save_points(lines: list[str], held: list[str]) -> None:
    judged = effective_saves([line(each) for each in lines])
    assert [s.text for s in judged.values() if s.status is Status.EFFECTIVE] == held
    assert [at for at, each in enumerate(lines) if " save" in each] == list(judged)
    assert all(s.winner for s in judged.values() if s.status is Status.SHADOWED)


class Counted(list[Setting]):
    """Settings that count how often one of them is looked at again."""

    looks = 0

    def __getitem__(self, at: int) -> Setting:  # type: ignore[override]
        self.looks += 1
        return super().__getitem__(at)


def test_many_lines_take_no_look_at_all_of_those_before() -> None:
    lines = Counted(line(f"a: save {n} 1") for n in range(1_000))
    judged = effective_saves(lines)
    assert all(each.status is Status.EFFECTIVE for each in judged.values())
    assert lines.looks <= 3 * len(lines)
