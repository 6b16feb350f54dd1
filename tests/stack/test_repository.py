"""States of a git repository: read as git has them, whatever lies on the disk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from plimsoll.hosts import HostError, Result
from plimsoll.hosts.local import Local
from plimsoll.model.changes import Changes
from plimsoll.model.setting import Unread
from plimsoll.stack.files import Folder
from plimsoll.stack.repository import Repository, RepositoryError
from support import repositories
from support.hosts import FakeHost

FILES = {
    "a.conf": "a = 1\n",
    "d/b.conf": "b = 1\n",
    "d/umlaut \u00e4\tb.conf": "c = 1\n",
    "x/y/z.conf": "z = 1\n",
    ".gitignore": "*.log\n",
    "plimsoll.yaml": "services: {}\n",
}


@pytest.fixture
def there(tmp_path: Path) -> repositories.Repository:
    return repositories.Repository(tmp_path, FILES)


def seen(root: Path, state: Changes) -> dict[str, str | Unread]:
    folder = Folder(root, changes=state)
    return {path: folder.text(path) for path in folder.paths()}


def revision(there: repositories.Repository, name: str) -> dict[str, str | Unread]:
    return seen(there.root, Repository(there.root, Local()).revision(name))


def test_a_revision_is_what_was_committed(there: repositories.Repository) -> None:
    there.write(
        {
            "a.conf": "a = 2\n",
            "x/y/z.conf": None,
            "new.conf": "n\n",
            "more/new.conf": "n\n",
            "d/umlaut \u00e4\tb.conf": "c = 2\n",
            "some.log": "left out\n",
            ".gitignore": "*.log\n*.conf\n",
        }
    )
    assert revision(there, "HEAD") == FILES
    there.git("add", "-A")
    assert revision(there, "HEAD") == FILES
    there.commit("More")
    assert revision(there, "HEAD~1") == FILES
    assert set(revision(there, "HEAD")) == {".gitignore", "plimsoll.yaml"}  # its own .gitignore


def test_a_file_that_became_a_folder_and_back(there: repositories.Repository) -> None:
    there.write({"a.conf": None})
    there.write({"a.conf/inner.conf": "i\n"})
    assert revision(there, "HEAD") == FILES
    there.commit("A folder")
    assert revision(there, "HEAD~1") == FILES
    assert revision(there, "HEAD")["a.conf/inner.conf"] == "i\n"


def test_links_lead_where_they_led(there: repositories.Repository) -> None:
    links = {
        "d/one.conf": "../a.conf",
        "two.conf": "/etc/d/b.conf",
        "out.conf": "../../x",
        "r": "r",
    }
    for path, target in links.items():
        (there.root / path).symlink_to(target)
    there.commit("Links")
    there.write({"a.conf": "a = 2\n"})
    with_links = revision(there, "HEAD")
    assert with_links["d/one.conf"] == "a = 1\n"  # an unchanged link to a changed file
    assert with_links["two.conf"] == "b = 1\n"
    for path in links:
        (there.root / path).unlink()
    again = revision(there, "HEAD")
    assert {path: again[path] for path in ("d/one.conf", "two.conf")} == {
        "d/one.conf": "a = 1\n",
        "two.conf": "b = 1\n",
    }
    assert isinstance(again["out.conf"], Unread)
    assert isinstance(again["r"], Unread)


def test_what_git_does_not_look_at_is_read_from_git(there: repositories.Repository) -> None:
    there.git("update-index", "--assume-unchanged", "a.conf")
    there.git("update-index", "--skip-worktree", "d/b.conf")
    there.write({"a.conf": "a = 2\n", "d/b.conf": None})
    assert revision(there, "HEAD") == FILES
    repository = Repository(there.root, Local())
    assert seen(there.root, repository.staged()) == FILES
    now = seen(there.root, repository.working_tree())
    assert (now["a.conf"], now["d/b.conf"]) == ("a = 2\n", "b = 1\n")


def test_a_merge_that_is_not_done(there: repositories.Repository) -> None:
    there.git("checkout", "-q", "-b", "other")
    there.commit("Two", {"a.conf": "a = 2\n"})
    there.git("checkout", "-q", "main")
    there.commit("Three", {"a.conf": "a = 3\n"})
    with pytest.raises(AssertionError):
        there.git("merge", "-q", "other")
    assert revision(there, "HEAD")["a.conf"] == "a = 3\n"
    assert revision(there, "other")["a.conf"] == "a = 2\n"
    staged = seen(there.root, Repository(there.root, Local()).staged())
    assert staged["a.conf"] == Unread("a.conf", "is not merged")


def test_what_is_kept_elsewhere_is_told(there: repositories.Repository) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    there.commit("Large", {"large.conf": pointer})
    there.write({"large.conf": "x = 1\n"})
    assert revision(there, "HEAD")["large.conf"] == Unread(
        "large.conf", "is kept by Git LFS, not in git"
    )
    there.commit("Huge", {"huge.conf": "x" * (8 * 1024**2 + 1)})
    there.write({"huge.conf": None})
    assert revision(there, "HEAD")["huge.conf"] == Unread("huge.conf", "is larger than 8 MiB")


def test_a_submodule_is_as_it_lies_here(there: repositories.Repository, tmp_path: Path) -> None:
    inner = repositories.Repository(tmp_path / "inner-source", {"i.conf": "i = 1\n"})
    there.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.root), "sub")
    there.git("commit", "-q", "-m", "A submodule")
    (there.root / "sub" / "i.conf").write_text("i = 2\n")
    assert revision(there, "HEAD")["sub/i.conf"] == "i = 2\n"


def test_of_a_folder_only_what_concerns_it_is_read(there: repositories.Repository) -> None:
    there.write({"a.conf": "a = 2\n", "d/b.conf": "b = 2\n", ".gitignore": "*.conf\n"})
    state = Repository(there.root / "d", Local()).revision("HEAD")
    assert set(state.by_path) == {".gitignore", "d/b.conf"}
    assert seen(there.root / "d", state)["b.conf"] == "b = 1\n"


def test_nothing_that_a_repository_names_is_started(
    there: repositories.Repository, tmp_path: Path
) -> None:
    ran, trap = tmp_path / "ran", tmp_path / "trap"
    trap.write_text(f'#!/bin/sh\necho "$0 $*" >> {ran}\ncat\n')
    trap.chmod(0o755)
    programs = [
        *("core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.gitProxy"),
        *("diff.external", "diff.e.textconv", "diff.e.command", "alias.diff", "alias.ls-files"),
        *("filter.e.clean", "filter.e.smudge", "filter.E f.process", "credential.helper"),
        *("core.alternateRefsCommand", "remote.origin.uploadpack", "gpg.program"),
    ]
    for name in programs:
        there.git("config", name, str(trap))
    for name in ("filter.e.required", "remote.origin.promisor"):
        there.git("config", name, "true")
    there.git("config", "remote.origin.url", f"ext::{trap}")
    there.git("config", "protocol.ext.allow", "always")
    lost = there.git("rev-parse", "HEAD:x/y/z.conf").strip()
    (there.root / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    for hook in ("post-index-change", "pre-commit", "post-checkout", "reference-transaction"):
        (there.root / ".git" / "hooks").mkdir(exist_ok=True)
        (there.root / ".git" / "hooks" / hook).symlink_to(trap)
    there.write(
        {".gitattributes": "* filter=e diff=e\n", "a.conf": "a = 2\n", "x/y/z.conf": "z = 2\n"}
    )
    os.utime(there.root / "d" / "b.conf", (1, 1))  # git has to compare its content

    repository = Repository(there.root, Local())
    states = (repository.revision("HEAD"), repository.common_ancestor("HEAD", "main"))
    for state in (*states, repository.staged()):
        assert seen(there.root, state)["a.conf"] == "a = 1\n"
        assert seen(there.root, state)["x/y/z.conf"] == Unread("x/y/z.conf", "is not in this clone")
    assert seen(there.root, repository.working_tree())["a.conf"] == "a = 2\n"
    with pytest.raises(RepositoryError, match="no revision"):
        repository.revision("elsewhere")
    assert not ran.exists()
    there.git("-c", "core.fsmonitor=false", "diff", "--raw", "--", "d")  # the trap is one
    assert "post-index-change" in ran.read_text()
    assert "trap" in ran.read_text()


def test_a_filter_that_cannot_be_kept_out_is_an_error(there: repositories.Repository) -> None:
    there.git("config", "filter.a=b.clean", "cat")
    with pytest.raises(RepositoryError, match=r"filter\.a=b: its name has a ="):
        Repository(there.root, Local())


def test_a_shallow_clone_says_so(there: repositories.Repository, tmp_path: Path) -> None:
    there.commit("More", {"a.conf": "a = 2\n"})
    clone = tmp_path / "clone"
    there.git("clone", "-q", "--depth", "1", f"file://{there.root}", str(clone))
    with pytest.raises(RepositoryError, match="the clone is shallow"):
        Repository(clone, Local()).revision("HEAD~1")


def test_nothing_in_common(there: repositories.Repository) -> None:
    there.git("checkout", "-q", "--orphan", "alone")
    there.git("commit", "-q", "-m", "Alone")
    with pytest.raises(RepositoryError, match="have no common ancestor here"):
        Repository(there.root, Local()).common_ancestor("main", "alone")


def test_without_git(there: repositories.Repository) -> None:
    with pytest.raises(RepositoryError, match="git is not installed"):
        Repository(there.root, FakeHost())


@pytest.mark.parametrize("is_cut", [False, True])
def test_git_that_fails_or_says_too_much(there: repositories.Repository, *, is_cut: bool) -> None:
    answer = Result(0 if is_cut else 128, "", "fatal: no", 0.1, is_cut=is_cut)
    host = FakeHost({"git": lambda _words: answer})
    with pytest.raises(RepositoryError, match=r"git config: (no|more than is read)"):
        Repository(there.root, host)


def test_git_that_gives_no_answer(there: repositories.Repository) -> None:
    def silent(_words: object) -> Result:
        raise HostError("git gave no answer in 60 s")

    with pytest.raises(RepositoryError, match="git gave no answer in 60 s"):
        Repository(there.root, FakeHost({"git": silent}))
