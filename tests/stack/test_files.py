from __future__ import annotations

import os
from pathlib import Path

import pytest

from plimsoll.model.setting import Unread
from plimsoll.stack import files
from plimsoll.stack.files import LARGEST_FILE, Folder, Texts, found_by, matches


@pytest.mark.parametrize(
    ("path", "glob", "is_meant"),
    [
        ("etc/nginx/nginx.conf", "nginx.conf", True),
        ("nginx.conf", "nginx.conf", True),
        ("a/b.conf", "conf.d/*.conf", False),
        ("etc/nginx/conf.d/a.conf", "conf.d/*.conf", True),
        ("etc/nginx/conf.d/deep/a.conf", "conf.d/*.conf", False),
        ("vendor/a/b.py", "vendor/**", True),
        ("x/vendor/a.py", "**/vendor/*.py", True),
        ("a.example", "**/*.example", True),
        ("docker-compose.prod.yml", "docker-compose*.yml", True),
    ],
)
def test_a_glob_means(path: str, glob: str, is_meant: bool) -> None:
    assert matches(path, glob) is is_meant


TREE = Texts(
    dict.fromkeys(
        [
            "nginx/nginx.conf",
            "nginx/mime.types",
            "nginx/conf.d/b.conf",
            "nginx/conf.d/a.conf",
            "etc/redis/redis.conf",
            "cache/redis.conf",
        ],
        "",
    )
)


@pytest.mark.parametrize(
    ("pattern", "folder", "found"),
    [
        pytest.param(
            "conf.d/*.conf", "nginx", ["nginx/conf.d/a.conf", "nginx/conf.d/b.conf"], id="relative"
        ),
        pytest.param("/etc/nginx/mime.types", "nginx", ["nginx/mime.types"], id="tail of a path"),
        pytest.param(
            "/etc/nginx/conf.d/*.conf",
            "nginx",
            ["nginx/conf.d/a.conf", "nginx/conf.d/b.conf"],
            id="tail with a glob",
        ),
        pytest.param("/etc/redis/redis.conf", "", ["etc/redis/redis.conf"], id="the longest tail"),
        pytest.param("/etc/nginx/modules-enabled/*.conf", "nginx", [], id="no glob of a bare name"),
        pytest.param("../cache/redis.conf", "nginx", ["cache/redis.conf"], id="upwards"),
        pytest.param("missing.conf", "nginx", [], id="not there"),
    ],
)
def test_an_include_means(pattern: str, folder: str, found: list[str]) -> None:
    assert found_by(TREE, pattern, folder) == found


def test_a_mount_says_where_a_path_lies() -> None:
    mounts = [("cache", "/usr/local/etc/redis")]
    assert found_by(TREE, "/usr/local/etc/redis/redis.conf", "", mounts) == ["cache/redis.conf"]


def test_nothing_outside_of_the_folder_is_opened(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret").write_text("x")
    (root / "link").symlink_to(tmp_path / "secret")
    (root / "inside").write_text("y")
    (root / "alias").symlink_to(root / "inside")
    folder = Folder(root)
    assert folder.text("../secret") == Unread("../secret", "leads outside of the checked folder")
    assert folder.text("link") == Unread("link", "leads outside of the checked folder")
    assert folder.text("alias") == "y"


def test_what_is_no_text_is_unread_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"a\0b")
    with (tmp_path / "huge").open("wb") as huge:
        huge.truncate(LARGEST_FILE + 1)
    (tmp_path / "folder").mkdir()
    folder = Folder(tmp_path)
    reasons = {name: folder.text(name) for name in ("binary", "huge", "folder", "none")}
    assert {n: u.reason for n, u in reasons.items() if isinstance(u, Unread)} == {
        "binary": "holds NUL bytes: not a text",
        "huge": "is larger than 8 MiB",
        "folder": "is not a regular file",
        "none": "no such file or directory",
    }


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert isinstance(Folder(tmp_path).text("a"), Unread)


def test_bytes_that_are_no_text_are_kept(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"caf\xe9 = 1\n")
    text = Folder(tmp_path).text("latin")
    assert isinstance(text, str)
    assert text.encode("utf-8", "surrogateescape") == b"caf\xe9 = 1\n"


def test_folders_of_tools_and_what_is_excluded_are_not_listed(tmp_path: Path) -> None:
    for path in (".git/config", "node_modules/a/b.conf", "vendor/x.conf", "keep/y.conf"):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text("")
    assert list(Folder(tmp_path, ("vendor/**",)).paths()) == ["keep/y.conf"]


def test_a_folder_that_may_not_be_looked_into_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").mkdir()
    folder = Folder(tmp_path)
    real = os.scandir

    def closed(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", closed)
    assert [str(u) for u in folder.unlisted()] == ["closed: permission denied"]


def test_files_beyond_the_bound_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_FILES", 2)
    for number in range(4):
        (tmp_path / f"{number}").mkdir()
        (tmp_path / f"{number}" / "x.conf").write_text("")
    folder = Folder(tmp_path)
    assert len(folder.paths()) == 3
    assert [u.reason for u in folder.unlisted()] == [
        "more than 2 files: those behind it are not looked at; exclude some"
    ]


def test_an_absolute_link_of_a_copied_tree_means_the_file_in_the_copy(tmp_path: Path) -> None:
    (tmp_path / "etc/nginx/sites-available").mkdir(parents=True)
    (tmp_path / "etc/nginx/sites-enabled").mkdir()
    (tmp_path / "etc/nginx/sites-available/shop").write_text("server {}")
    link = tmp_path / "etc/nginx/sites-enabled/shop"
    link.symlink_to("/etc/nginx/sites-available/shop")
    (tmp_path / "etc/passwd.conf").symlink_to("/etc/passwd")
    folder = Folder(tmp_path)
    assert folder.text("etc/nginx/sites-enabled/shop") == "server {}"
    assert folder.text("etc/passwd.conf") == Unread(
        "etc/passwd.conf", "leads outside of the checked folder"
    )
