"""Patches, held against git and difflib: what they make of files, and what they refuse."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.changes import Change, Link, Untold
from plimsoll.stack.patch import PatchError, applied, read_patch, reversed_
from support.repositories import Repository

BEFORE = {
    "a.conf": "one\ntwo\nthree\n" + "x\n" * 20 + "last",
    "gone.conf": "gone\n",
    "d/old name.conf": "same\nas\nbefore\nit\nwas\n",
    "d/mode.sh": "#!/bin/sh\n",
    "umlaut-\u00e4.conf": "1\n",
    "crlf.ini": "a=1\r\nb=2\r\n",
    "latin.conf": "caf\udce9\n",
}
AFTER: dict[str, str | None] = {
    "a.conf": "one\n2\nthree\n" + "x\n" * 20 + "last\n",
    "gone.conf": None,
    "new.conf": "new\nfile\n",
    "empty.conf": "",
    "d/old name.conf": None,
    "d/new name.conf": "same\nas\nbefore\nit\nis\n",
    "umlaut-\u00e4.conf": "2\n",
    "crlf.ini": "a=1\r\nb=3\r\n",
    "latin.conf": "caf\udce9s\n",
}


def bytes_of(files: Mapping[str, str | None]) -> dict[str, Change]:
    return {
        p: None if t is None else t.encode("utf-8", "surrogateescape") for p, t in files.items()
    }


@pytest.mark.parametrize(
    "words",
    [
        pytest.param([], id="as it is"),
        pytest.param(["-M", "-C"], id="with renames"),
        pytest.param(["-U0"], id="without context"),
        pytest.param(["--no-prefix"], id="without prefix"),
        pytest.param(["--src-prefix=i/", "--dst-prefix=w/"], id="other prefixes"),
        pytest.param(["-U100"], id="with much context"),
    ],
)
def test_a_patch_of_git_gives_what_git_has(words: list[str], tmp_path: Path) -> None:
    there = Repository(tmp_path, BEFORE)
    there.commit("After", AFTER)
    text = there.git("diff", *words, "HEAD~1", "HEAD")
    before, after = bytes_of(BEFORE), bytes_of({**BEFORE, **AFTER})
    patches = read_patch(text)
    found = {**before, **applied(patches, before.get)}
    assert {p: c for p, c in found.items() if c is not None} == {
        p: c for p, c in after.items() if c is not None
    }
    back = {**found, **applied(reversed_(patches), found.get)}
    assert {p: c for p, c in back.items() if c is not None} == before


LINES = st.lists(
    st.sampled_from(["a\n", "b\n", "c\n", "\n", "-x\n", "+y\n", "\\ z\n"]), max_size=12
)


@given(LINES, LINES, st.integers(0, 4))
def test_whatever_difflib_writes_fits_in_both_directions(
    old: list[str], new: list[str], context: int
) -> None:
    text = "".join(difflib.unified_diff(old, new, "a/f", "b/f", n=context))
    before, after = "".join(old).encode(), "".join(new).encode()
    patches = read_patch(text)
    assert applied(patches, {"f": before}.get).get("f", before) == after
    assert applied(reversed_(patches), {"f": after}.get).get("f", after) == before


def test_several_commits_in_one_text(tmp_path: Path) -> None:
    there = Repository(tmp_path, {"f": "1\n"})
    there.commit("Two\n\n--- not a file\n", {"f": "2\n"})
    there.commit("Three", {"f": "3\n", "g": "g\n"})
    patches = read_patch(there.git("format-patch", "--stdout", "HEAD~2"))
    assert applied(patches, {"f": b"1\n"}.get) == {"f": b"3\n", "g": b"g\n"}
    now = {"f": b"3\n", "g": b"g\n"}
    assert applied(reversed_(patches), now.get) == {"f": b"1\n", "g": None}


def test_links_and_binary_files(tmp_path: Path) -> None:
    there = Repository(tmp_path, {"a": "a\n", "b": "b\n", "data": "\0\n"})
    (there.root / "link").symlink_to("a")
    there.commit("A link", {"data": "\0\0\n"})
    patches = read_patch(there.git("diff", "HEAD~1", "HEAD"))
    found = applied(patches, {"data": b"\0\n"}.get)
    assert found["link"] == Link("a")
    assert found["data"] == Untold("the patch does not show its content")
    (there.root / "link").unlink()
    (there.root / "link").symlink_to("b")
    there.commit("Another")
    patches = read_patch(there.git("diff", "HEAD~1", "HEAD"))
    there_now: dict[str, Change] = {"link": Link("a")}
    assert applied(patches, there_now.get) == {"link": Link("b")}


def test_a_plain_diff() -> None:
    text = "--- x.conf.orig\t2026-01-01 00:00:00\n+++ x.conf\t2026-01-02\n@@ -1 +1 @@\n-a\n+b\n"
    assert applied(read_patch(text), {"x.conf": b"a\n"}.get) == {"x.conf": b"b\n"}
    text = "--- /dev/null\n+++ b/x.conf\n@@ -0,0 +1 @@\n+b\n\\ No newline at end of file\n"
    assert applied(read_patch(text), lambda _path: None) == {"x.conf": b"b"}


HEAD = "--- a/f\n+++ b/f\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nothing\n", "line 1 of the patch: is no patch"),
        (f"{HEAD}@@ -1 +1\n-a\n", "line 3 of the patch: is no beginning of a hunk"),
        (f"{HEAD}@@ -1,3 +1,3 @@\n a\n-b\n", "line 6 of the patch: is no line of a hunk"),
        (f"{HEAD}@@ -1 +1 @@\n-a\n*b\n", "line 5 of the patch: is no line of a hunk: '*b'"),
        (f"{HEAD}@@ -1,2 +1,1 @@\n a\n-c\n", "f:2 has 'b', the patch wants 'c'"),
        (f"{HEAD}@@ -9 +9 @@\n-a\n+b\n", "line 3 of the patch: f has no line 9"),
        (f"{HEAD}@@ -1,3 +1,2 @@\n a\n b\n-c\n", "f:3 ends before it, the patch wants 'c'"),
        (HEAD.replace("/f", "/g") + "@@ -1 +1 @@\n-a\n+b\n", "there is no g"),
        ("--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+b\n", "f is there already"),
        ("--- a/f\n+++ b//etc/passwd\n@@ -1 +1 @@\n-a\n+b\n", "leads outside"),
        ("--- a/../../x\n+++ b/../../x\n@@ -1 +1 @@\n-a\n+b\n", "leads outside"),
        ("diff --cc f\nindex 1,2..3\n", "is a patch of a merge"),
        (f"{HEAD}@@ -{'9' * 5_000} +1 @@\n-a\n+b\n", "is no beginning of a hunk"),
        ('--- "a/f\\000"\n+++ "b/f\\000"\n@@ -1 +1 @@\n-a\n+b\n', r"'f\x00' is no name of a file"),
        (f"diff --git {'a ' * 200_000}\n", "does not tell which file it is about"),
        ("diff --git f\nindex 1..2\n", "does not tell which file it is about"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_with_its_line(text: str, reason: str) -> None:
    with pytest.raises(PatchError) as told:
        applied(read_patch(text), {"f": b"a\nb\n"}.get)
    assert reason in str(told.value)


PIECES = ["@@ -1 +1 @@\n", "\n", "--- a/f\n", "+++ b/f\n", "-a", "+b", " ", "\\", '"', "0"]


@given(st.lists(st.sampled_from([*PIECES, "diff --git a/f b/f\n", "rename to g\n"])).map("".join))
def test_no_text_does_more_than_refuse(text: str) -> None:
    with suppress(PatchError):
        applied(read_patch(text), {"f": b"a\nb\n"}.get)
