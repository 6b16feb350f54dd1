from __future__ import annotations

import pytest

from plimsoll.model.quantity import BYTES, KIB, MIB, SECONDS, UNLIMITED, Amount
from plimsoll.model.schema import Apply, Schema
from plimsoll.model.setting import Formula, Origin, Unknown, Unset
from plimsoll.model.version import Version
from plimsoll.technologies import names, technology
from plimsoll.technologies.schema import SchemaError, read_schema

TEXT = """
buffers: {type: size, bare: 8KiB, default: {"": 8MiB, "15": 128MiB}}
reserved: {type: count, default: 0, since: "16", absent: 0}
newer: {type: count, default: 5, since: "16"}
gone: {type: count, default: 5, until: "14"}
patience: {type: time, default: never, infinite: [0], apply: session}
workers: {type: count, default: "= s.cores_seen * 2"}
level: {type: enum, values: [minimal, replica], default: {"": minimal, "10": replica}}
plain-name.x: {type: text}
tasks: {type: count, default: [10, 20]}
patience_of: {type: time, default: 75s}
upstream/patience_of: {type: time, default: 60s}
switch: {type: boolean, default: on}
"""


@pytest.fixture(scope="module")
def schema() -> Schema:
    return read_schema("x", TEXT)


@pytest.mark.parametrize(
    ("name", "version", "value"),
    [
        pytest.param("buffers", "14", Amount.of(8 * MIB, BYTES), id="of an old version"),
        pytest.param("buffers", "15.2", Amount.of(128 * MIB, BYTES), id="of a new version"),
        pytest.param("buffers", None, Amount(8 * MIB, 128 * MIB, BYTES), id="of any: the span"),
        pytest.param("reserved", "15", Amount.of(0), id="absent: the neutral value"),
        pytest.param("newer", "15", Unset(), id="absent: unset"),
        pytest.param("gone", "14", Unset(), id="no longer there"),
        pytest.param("patience", None, Amount.of(UNLIMITED, SECONDS), id="never"),
        pytest.param("workers", None, Formula("s.cores_seen * 2"), id="a formula"),
        pytest.param("level", "9", "minimal", id="a word"),
        pytest.param("plain-name.x", None, Unset(), id="no default"),
        pytest.param("tasks", None, Amount(10, 20), id="a span that the machine decides"),
        pytest.param("switch", None, True, id="a boolean"),
    ],
)
def test_a_default_of_a_version(
    schema: Schema, name: str, version: str | None, value: object
) -> None:
    found = schema.default(name, Version(version) if version else None)
    assert found is not None
    assert (found.value, found.origin) == (value, Origin.DEFAULT)


def test_a_word_that_depends_on_an_unknown_version_is_unknown(schema: Schema) -> None:
    found = schema.default("level", None)
    assert found is not None
    assert isinstance(found.value, Unknown)


def test_a_name_may_mean_another_thing_inside_a_part(schema: Schema) -> None:
    values = [schema.default("patience_of", None, part) for part in ("", "upstream", "server")]
    assert [v.value for v in values if v] == [
        Amount.of(75, SECONDS),
        Amount.of(60, SECONDS),
        Amount.of(75, SECONDS),
    ]


def test_dashes_and_dots_are_one_name(schema: Schema) -> None:
    assert schema.entry("plain_name_x") is schema.entry("plain-name.x") is not None
    assert schema.entry("nothing") is None


def test_an_entry_says_how_a_change_applies_and_what_a_bare_number_is(schema: Schema) -> None:
    buffers, patience = schema.entry("buffers"), schema.entry("patience")
    assert buffers is not None
    assert patience is not None
    assert (buffers.scale, buffers.apply) == (8 * KIB, Apply.RESTART)
    assert patience.apply is Apply.SESSION


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: {type: count, defualt: 1}", "x/settings.yaml: a: unknown key 'defualt'"),
        ("a: {type: size, default: 1 GiX}", "unknown unit 'GiX'"),
        ("a: {type: nothing}", "'nothing' is not a valid Type"),
        ("a: {default: 1}", "a: 'type'"),
        ("a: {type: count, bare: many}", "a: 'many' is no number"),
    ],
)
def test_what_a_settings_yaml_cannot_say_is_an_error(text: str, said: str) -> None:
    with pytest.raises(SchemaError, match=r"x/settings\.yaml") as caught:
        read_schema("x", text)
    assert said in str(caught.value)


@pytest.mark.parametrize("name", names())
def test_every_shipped_settings_yaml_can_be_read(name: str) -> None:
    known = technology(name)
    assert known is not None
    assert known.schema.technology == name
