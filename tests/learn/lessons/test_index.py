"""Past incidents are found by their cause before their words."""

from __future__ import annotations

from pathlib import Path

import pytest

from plimsoll.learn.lessons.index import (
    IndexFileError,
    by_setting,
    by_text,
    forget,
    like,
    opened,
    put,
    told,
)
from plimsoll.learn.postmortem import Postmortem
from plimsoll.learn.reading.read import read
from plimsoll.learn.reading.texts import text_of

WORKERS = "# Slow shop\n\n## Root cause\nThe number of worker processes of the web server was set too high.\n"
OTHERS = {
    "workers.md": "# Slow blog\n\n## Root cause\nToo many worker processes were configured: the worker count was too high.\n",
    "words.md": "# Web server of the shop moved\n\n## Root cause\nA certificate of the web server shop expired.\n",
    "pool.md": "# Orders lost\n\n## Root cause\nThe connection pool size was set too low.\n",
}


def postmortem(text: str, path: str) -> Postmortem:
    return read(text_of(text.encode()), path)


def test_the_setting_comes_before_the_words(tmp_path: Path) -> None:
    with opened(tmp_path / "incidents.db") as index:
        put(index, [told(postmortem(text, path), path, text) for path, text in OTHERS.items()])
        found = like(index, postmortem(WORKERS, "new.md"))
        assert [each.path for each in found][:2] == ["workers.md", "words.md"]
        assert found[0].because[0] == "worker count"
        assert [each.path for each in by_setting(index, "connection pool size")] == ["pool.md"]
        assert [each.path for each in by_text(index, "orders")] == ["pool.md"]


def test_a_file_read_again_replaces_what_it_said(tmp_path: Path) -> None:
    with opened(tmp_path / "incidents.db") as index:
        for text in OTHERS.values():
            put(index, [told(postmortem(text, "one.md"), text, text)])
        assert [each.title for each in by_text(index, "root cause")] == ["Orders lost"]


def test_a_text_of_signs_finds_nothing(tmp_path: Path) -> None:
    with opened(tmp_path / "incidents.db") as index:
        assert by_text(index, '"*() NEAR -') == []


def test_another_file_is_no_index(tmp_path: Path) -> None:
    path = tmp_path / "incidents.db"
    path.write_text("no database at all, but long enough to be looked at by SQLite" * 20)
    with pytest.raises(IndexFileError, match="not a database"), opened(path):
        pass


def test_what_is_gone_is_found_no_more(tmp_path: Path) -> None:
    with opened(tmp_path / "incidents.db") as index:
        put(index, [told(postmortem(text, path), path, text) for path, text in OTHERS.items()])
        forget(index, ["pool.md"])
        assert by_text(index, "orders") == []
        assert len(by_text(index, "root cause")) == 2
