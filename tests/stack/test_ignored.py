"""What .gitignore files leave out, held against git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.stack.files import Folder, found_by
from plimsoll.stack.ignored import Ignored
from support.counts import drawn
from support.programs import need


@pytest.mark.parametrize(
    ("pattern", "path", "is_folder", "is_out"),
    [
        ("*.env", "a/b.env", False, True),
        ("/a.env", "a.env", False, True),
        ("/a.env", "b/a.env", False, False),
        ("build/", "build", True, True),
        ("build/", "build", False, False),
        ("a/b", "a/b", False, True),
        ("a/b", "x/a/b", False, False),
        ("a/**/b", "a/b", False, True),
        ("a/**/b", "a/x/y/b", False, True),
        ("a/**", "a/x", False, True),
        ("a/**", "a", True, False),
        ("**/a", "x/y/a", False, True),
        ("*.env\n!keep.env", "keep.env", False, False),
        ("# x", "# x", False, False),
        (r"\#x", "#x", False, True),
        (r"\!x", "!x", False, True),
        ("a ", "a", False, True),
        (r"a\ ", "a ", False, True),
        ("[ab].c", "b.c", False, True),
        ("[!ab].c", "b.c", False, False),
        ("", "a", False, False),
        ("/", "a", True, False),
    ],
)
def test_a_pattern(pattern: str, path: str, is_folder: bool, is_out: bool) -> None:
    assert Ignored().below("", pattern).leaves_out(path, is_folder=is_folder) is is_out


def test_a_file_further_down_speaks_last() -> None:
    both = Ignored().below("", "*.conf").below("a", "!x.conf\n/y.txt")
    assert both.leaves_out("x.conf", is_folder=False)
    assert not both.leaves_out("a/x.conf", is_folder=False)
    assert both.leaves_out("a/y.txt", is_folder=False)
    assert not both.leaves_out("a/b/y.txt", is_folder=False)


PATTERN = st.lists(
    st.sampled_from(["a", "b", "*", "**", "/", "?", "!", "[ab]", "[!a]", ".c", "\\a", " ", "#"]),
    max_size=6,
).map("".join)


@pytest.mark.real
@drawn(15, 300)
@given(lines=st.lists(PATTERN, max_size=5), inner=st.lists(PATTERN, max_size=3))
def test_it_is_what_git_says(
    lines: list[str], inner: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    git = need("git", "git")
    root = tmp_path_factory.mktemp("repository")
    subprocess.run([git, "init", "-q", root], check=True)
    for path in ("a", "b", "ab.c", ".c", "d/a", "d/b.c", "d/e/a", "d/e/ab", "e/a.c"):
        file = root / path
        file.parent.mkdir(exist_ok=True, parents=True)
        if not file.is_dir():
            file.write_text("x")
    (root / ".gitignore").write_text("\n".join(lines))
    (root / "d" / ".gitignore").write_text("\n".join(inner))
    listed = subprocess.run(
        [git, "-C", root, "-c", "core.quotePath=off", "ls-files", "-o", "--exclude-standard"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert list(Folder(root).paths()) == sorted(listed.stdout.splitlines())


def test_what_is_left_out_may_be_named(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text(".env\nsecret/\n*.local\n")
    (tmp_path / "secret").mkdir()
    for name in (".env", "secret/a.conf", "b.local", "c.conf"):
        (tmp_path / name).write_text("x")
    files = Folder(tmp_path)
    assert files.paths() == (".gitignore", "c.conf")
    assert found_by(files, ".env", "") == [".env"]
    assert found_by(files, "secret/a.conf", "") == ["secret/a.conf"]
    assert found_by(files, "*.local", "") == []
    assert found_by(files, "none.conf", "") == []


def test_files_above_the_checked_folder_hold_too(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("deploy/x.conf\n*.tmp\n")
    inside = tmp_path / "deploy"
    inside.mkdir()
    for name in ("x.conf", "y.conf", "z.tmp"):
        (inside / name).write_text("x")
    assert Folder(inside).paths() == ("y.conf",)
