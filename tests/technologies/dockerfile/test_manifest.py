"""Folders with Dockerfiles; the expected result lies beside each of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from plimsoll.model.reader import Build, Deployment, Word
from plimsoll.model.setting import Unread
from plimsoll.technologies.dockerfile.manifest import image
from support.described import EXPECTED, described

FIXTURES = sorted((Path(__file__).parent / "fixtures").iterdir())


@pytest.mark.parametrize("folder", FIXTURES, ids=lambda folder: folder.name)
def test_a_folder_is_described(folder: Path) -> None:
    assert described("dockerfile", folder) == (folder / EXPECTED).read_text("utf-8")


def built(text: str, target: str = "") -> Deployment:
    files = {"app/Dockerfile": text, "app/a.conf": "", "b.conf": ""}
    found = image(
        Build("app/Dockerfile", target), lambda p: files.get(p, Unread(p, "no such file"))
    )
    [deployment] = [each for each in found if isinstance(each, Deployment)]
    return deployment


def words(text: str, target: str = "") -> list[str]:
    return [word.text for word in built(text, target).command]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('ENTRYPOINT ["a"]\nCMD ["b"]', ["a", "b"], id="both lists"),
        pytest.param('CMD ["b"]\nENTRYPOINT ["a"]', ["a", "b"], id="own CMD stays"),
        pytest.param('ENTRYPOINT a\nCMD ["b"]', ["/bin/sh", "-c", "a"], id="shell ignores CMD"),
        pytest.param('ENTRYPOINT ["a"]\nCMD b', ["a", "/bin/sh", "-c", "b"], id="shell CMD"),
        pytest.param('CMD ["a"]\nCMD ["b"]', ["b"], id="the last CMD"),
        pytest.param("CMD ['a']", ["/bin/sh", "-c", "['a']"], id="no JSON is for the shell"),
        pytest.param("CMD []", [], id="empty"),
        pytest.param('SHELL ["x", "-y"]\nCMD a', ["x", "-y", "a"], id="other shell"),
    ],
)
def test_commands(text: str, expected: list[str]) -> None:
    assert words(f"FROM x\n{text}\n") == expected


def test_an_entry_point_ends_the_command_of_the_stage_below() -> None:
    assert words('FROM x AS a\nCMD ["b"]\nFROM a\nENTRYPOINT ["c"]\n') == ["c"]


@pytest.mark.parametrize(
    ("target", "expected"), [("", ["c"]), ("A", ["a"]), ("1", ["b"]), ("two", ["c"])]
)
def test_the_wanted_stage_counts(target: str, expected: list[str]) -> None:
    text = 'FROM x AS a\nCMD ["a"]\nFROM y\nCMD ["b"]\nFROM z as two\nCMD ["c"]\n'
    assert words(text, target=target) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ENV A=1 B=$A", {"A": "1", "B": "$A"}, id="of the instruction before"),
        pytest.param("ENV A=1\nENV B=$A", {"A": "1", "B": "1"}, id="earlier"),
        pytest.param("ENV A=1\nENV A=2", {"A": "2"}, id="later wins"),
        pytest.param("ENV A one two", {"A": "one two"}, id="old form"),
        pytest.param(
            "ENV A='$B' C=\"d e\" F=g\\ h", {"A": "$B", "C": "d e", "F": "g h"}, id="quotes"
        ),
        pytest.param("ARG X=5\nENV A=${X}", {"A": "5"}, id="argument"),
        pytest.param("ENV X=1\nARG X=5\nENV A=$X", {"X": "1", "A": "1"}, id="ENV over ARG"),
    ],
)
def test_environment(text: str, expected: dict[str, str]) -> None:
    found = built(f"FROM x\n{text}\n").environment
    assert {name: word.text for name, word in found.items()} == expected


def test_arguments_that_are_given_win() -> None:
    text = "ARG BASE=a\nFROM $BASE\nARG N=1\nENV X=$N\n"
    build = Build("Dockerfile", arguments={"N": Word("9"), "BASE": Word("b"), "NONE": Word("c")})
    [found] = image(build, lambda _: text)
    assert isinstance(found, Deployment)
    assert (found.image, found.environment["X"].text) == ("b", "9")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("COPY a.conf /etc/", ("app/a.conf", "/etc/a.conf"), id="into a folder"),
        pytest.param("COPY a.conf /etc/b.conf", ("app/a.conf", "/etc/b.conf"), id="new name"),
        pytest.param("COPY conf /etc", ("app/conf", "/etc"), id="a folder's files"),
        pytest.param("COPY . .", ("app", "/srv"), id="everything"),
        pytest.param("ADD b.conf x/", ("b.conf", "/srv/x/b.conf"), id="context above"),
        pytest.param("COPY conf/*.conf /etc/", ("app/conf", "/etc"), id="a pattern"),
    ],
)
def test_copied_files_are_mounts(text: str, expected: tuple[str, str]) -> None:
    assert expected in built(f"FROM x\nWORKDIR /srv\n{text}\n").mounts


@pytest.mark.parametrize(
    "text",
    ["COPY --from=a x /y", "COPY ../x /y", "COPY $X /y", "ADD https://x.test/y /z", "COPY a"],
)
def test_what_is_not_of_the_folder_is_no_mount(text: str) -> None:
    assert built(f"FROM x\n{text}\n").mounts == ()


def test_a_missing_stage_is_told() -> None:
    [found] = image(Build("Dockerfile", "prod"), lambda _: "FROM x\n")
    assert str(found) == "Dockerfile: has no stage 'prod': nothing can be built"
