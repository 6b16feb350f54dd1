"""The cache: only from the user's own folder, whole, and of this version; else it is not there."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from plimsoll.plugins import cache

VALUE = {"a": (1, "x", None, True, ("name", 2, "s"))}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "plimsoll"


def test_what_is_stored_is_loaded(folder: Path) -> None:
    cache.store("rules", "key", VALUE)
    assert cache.load("rules", "key") == VALUE
    assert [path.name for path in folder.iterdir()] == ["rules"]


def test_only_the_user_can_read_it(folder: Path) -> None:
    cache.store("rules", "key", VALUE)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "rules").stat().st_mode) == 0o600


def test_of_another_key_there_is_nothing(folder: Path) -> None:
    cache.store("rules", "key", VALUE)
    assert cache.load("rules", "other") is None
    assert cache.load("none", "key") is None
    assert folder.is_dir()


def test_of_another_version_there_is_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.store("rules", "key", VALUE)
    cache._maker.cache_clear()
    monkeypatch.setattr("plimsoll.__version__", "99")
    try:
        assert cache.load("rules", "key") is None
        assert folder.is_dir()
    finally:
        cache._maker.cache_clear()


def test_a_broken_file_is_not_there(folder: Path) -> None:
    cache.store("rules", "key", VALUE)
    file = folder / "rules"
    whole = file.read_bytes()
    for broken in (b"", whole[:40], whole[:-1], whole + b"x", bytes([whole[0] ^ 1]) + whole[1:]):
        file.write_bytes(broken)
        assert cache.load("rules", "key") is None
    cache.store("rules", "key", VALUE)
    assert cache.load("rules", "key") == VALUE


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_folder_that_others_may_write_to_is_not_trusted(folder: Path, mode: int) -> None:
    cache.store("rules", "key", VALUE)
    folder.chmod(mode)
    assert cache.load("rules", "key") is None


def test_a_file_that_others_may_write_to_is_not_trusted(folder: Path) -> None:
    cache.store("rules", "key", VALUE)
    (folder / "rules").chmod(0o666)
    assert cache.load("rules", "key") is None


def test_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    cache.store("rules", "key", VALUE)
    (folder / "rules").rename(tmp_path / "elsewhere")
    (folder / "rules").symlink_to(tmp_path / "elsewhere")
    assert cache.load("rules", "key") is None


def test_a_folder_that_is_a_link_is_not_trusted(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "elsewhere")
    cache.store("rules", "key", VALUE)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_folder_of_ours_becomes_private(folder: Path) -> None:
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    cache.store("rules", "key", VALUE)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_where_nothing_can_be_written_nothing_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    cache.store("rules", "key", VALUE)
    assert cache.load("rules", "key") is None


def test_a_relative_folder_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    cache.store("rules", "key", VALUE)
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    assert (tmp_path / "home" / ".cache" / "plimsoll" / "rules").is_file()


def test_digests_tell_paths_and_texts_apart() -> None:
    pairs = [("a", "b"), ("ab", ""), ("", "ab"), ("a", "c")]
    assert len({cache.digest([pair]) for pair in pairs}) == len(pairs)
    assert cache.digest([("a", "b"), ("c", "d")]) != cache.digest([("c", "d"), ("a", "b")])
