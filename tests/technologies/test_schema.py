"""settings.yaml as kept data: what is made of it later is what was checked at first."""

from __future__ import annotations

import marshal

import pytest

from plimsoll.technologies import names, text_of
from plimsoll.technologies.schema import SchemaError, checked, late, read_schema, said_in


@pytest.mark.parametrize("name", [each for each in names() if text_of(each, "settings.yaml")])
def test_kept_entries_are_the_ones_that_were_read(name: str) -> None:
    said = said_in(text_of(name, "settings.yaml") or "")
    kept = marshal.loads(marshal.dumps(said))  # noqa: S302 - as the cache does
    assert dict(late(name, kept).entries) == dict(checked(name, said).entries)


def test_a_wrong_entry_is_told_before_it_is_asked_for() -> None:
    with pytest.raises(SchemaError, match=r"store/settings\.yaml: size: unknown key 'units'"):
        read_schema("store", "width: {type: count}\nsize: {type: size, units: kB}")


def test_names_are_found_by_key() -> None:
    entries = read_schema("store", "a/max-size: {type: size}\nmax.age: {type: time}").entries
    assert list(entries) == ["a/max_size", "max_age"]
    assert "max_age" in entries
    assert entries["a/max_size"].name == "max-size"
    assert entries.get("max-age") is None
