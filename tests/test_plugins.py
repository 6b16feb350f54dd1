from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from plimsoll.model.reader import Reader
from plimsoll.plugins import PluginError, names, offered


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A package of plug-ins: one with a reader, one without, one with a wrong one."""
    root = tmp_path / "sample_plugins"
    for name, text in {
        "php_fpm": "from plimsoll.technologies.sysctl.reader import READER as READER\n",
        "no_reader": None,
        "wrong": "READER = 'text'\n",
        "empty": "",
    }.items():
        (root / name).mkdir(parents=True)
        (root / name / "__init__.py").write_text("")
        if text is not None:
            (root / name / "reader.py").write_text(text)
    (root / "__init__.py").write_text("")
    (root / "one_file.py").write_text("")
    (root / "_private.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    names.cache_clear()
    yield "sample_plugins"
    for module in [m for m in sys.modules if m.startswith("sample_plugins")]:
        del sys.modules[module]


def test_plugins_are_found_by_being_there(package: str) -> None:
    assert names(package) == ("empty", "no-reader", "one-file", "php-fpm", "wrong")


def test_a_folder_offers_its_object(package: str) -> None:
    assert isinstance(offered(package, "php-fpm", "reader", Reader), Reader)


def test_a_folder_without_the_module_offers_nothing(package: str) -> None:
    assert offered(package, "no-reader", "reader", Reader) is None
    assert offered(package, "not-there", "reader", Reader) is None


@pytest.mark.parametrize("name", ["wrong", "empty"])
def test_an_object_of_another_type_is_an_error(package: str, name: str) -> None:
    with pytest.raises(PluginError, match=r"has to offer READER, a Reader"):
        offered(package, name, "reader", Reader)
