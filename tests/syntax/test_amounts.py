from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import BYTES, COUNT, GIB, KIB, MIB, SECONDS, UNLIMITED, Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Status
from plimsoll.syntax.amounts import OWN, Dialect, unit_of

STRICT = Dialect(sizes={"k": KIB, "m": MIB}, times={"s": 1, "m": 60, "h": 3600}, combines=True)
LOOSE = Dialect(
    sizes={"kb": KIB, "gb": GIB},
    folds_case=True,
    takes_fractions=True,
    takes_spaces=True,
    rejection=Status.IGNORED,
)


def entry(type_: Type, **more: object) -> Entry:
    return Entry("x", type_, unit_of(type_), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("dialect", "text", "type_", "amount"),
    [
        pytest.param(STRICT, "4", Type.COUNT, Amount.of(4, COUNT), id="a count"),
        pytest.param(STRICT, " 4 ", Type.COUNT, Amount.of(4, COUNT), id="blanks around"),
        pytest.param(STRICT, "-4", Type.COUNT, Amount.of(-4, COUNT), id="below zero"),
        pytest.param(STRICT, "64k", Type.SIZE, Amount.of(64 * KIB, BYTES), id="a size"),
        pytest.param(STRICT, "64", Type.SIZE, Amount.of(64, BYTES), id="bare bytes"),
        pytest.param(STRICT, "1h30m", Type.TIME, Amount.of(5400, SECONDS), id="combined"),
        pytest.param(LOOSE, "1.5 GB", Type.SIZE, Amount.of(GIB * 3 // 2, BYTES), id="loose"),
        pytest.param(LOOSE, ".5gb", Type.SIZE, Amount.of(GIB // 2, BYTES), id="a bare fraction"),
        pytest.param(OWN, "250ms", Type.TIME, Amount.of(Fraction(1, 4), SECONDS), id="exact"),
        pytest.param(OWN, "0.1", Type.NUMBER, Amount.of(Fraction(1, 10)), id="no float"),
    ],
)
def test_an_amount_means(dialect: Dialect, text: str, type_: Type, amount: Amount) -> None:
    assert dialect.value(text, entry(type_)) == amount


@pytest.mark.parametrize(
    ("dialect", "text", "type_", "reason"),
    [
        pytest.param(
            STRICT, "64K", Type.SIZE, "unknown unit 'K' in '64K'; there are k, m", id="case"
        ),
        pytest.param(STRICT, "1.5m", Type.SIZE, "'1.5m' is no number with a unit", id="a fraction"),
        pytest.param(STRICT, "1 m", Type.SIZE, "'1 m' is no number with a unit", id="a blank"),
        pytest.param(STRICT, "1.5", Type.COUNT, "'1.5' is no number", id="half a count"),
        pytest.param(STRICT, "many", Type.COUNT, "'many' is no number", id="a word"),
        pytest.param(STRICT, "", Type.SIZE, "'' is no number with a unit", id="nothing"),
        pytest.param(STRICT, "1m!", Type.SIZE, "unknown unit 'm!'", id="junk behind"),
        pytest.param(LOOSE, "1kb2kb", Type.SIZE, "is no number with a unit", id="two"),
        pytest.param(STRICT, "9" * 5000, Type.COUNT, "is too long for a number", id="too long"),
    ],
)
def test_what_the_server_does_not_take_is_rejected(
    dialect: Dialect, text: str, type_: Type, reason: str
) -> None:
    found = dialect.value(text, entry(type_))
    assert isinstance(found, Rejected)
    assert found.status is dialect.rejection
    assert reason in found.reason


def test_a_bare_number_counts_in_the_settings_own_unit() -> None:
    assert STRICT.value("16", entry(Type.SIZE, scale=8 * KIB)) == Amount.of(128 * KIB, BYTES)
    assert STRICT.value("30", entry(Type.TIME, scale=Fraction(1, 1000))) == Amount.of(
        Fraction(3, 100), SECONDS
    )
    refused = STRICT.value("30", entry(Type.TIME, scale=None))
    assert isinstance(refused, Rejected)
    assert refused.reason == "'30' has no unit"


@pytest.mark.parametrize("text", ["0", "0s", "off", "OFF"])
def test_a_sentinel_is_infinite(text: str) -> None:
    assert STRICT.value(text, entry(Type.TIME, infinite=("0", "off"))) == Amount.of(
        UNLIMITED, SECONDS
    )


@pytest.mark.parametrize(
    ("text", "value"), [("on", True), ("YES", True), ("0", False), ("false", False)]
)
def test_a_boolean_means(text: str, value: bool) -> None:
    assert STRICT.value(text, entry(Type.BOOLEAN)) is value


def test_a_word_that_is_no_boolean_or_none_of_its_values_is_rejected() -> None:
    for type_, values in ((Type.BOOLEAN, ()), (Type.ENUM, ("a", "b"))):
        assert isinstance(STRICT.value("maybe", entry(type_, values=values)), Rejected)
    assert STRICT.value("a", entry(Type.ENUM, values=("a", "b"))) == "a"
    assert LOOSE.value("A", entry(Type.ENUM, values=("a", "b"))) == "a"


@given(st.text(max_size=40), st.sampled_from(list(Type)))
def test_any_text_has_a_value_or_a_reason(text: str, type_: Type) -> None:
    for dialect in (STRICT, LOOSE, OWN):
        found = dialect.value(text, entry(type_))
        assert not isinstance(found, Rejected) or found.reason


@given(st.integers(0, 10**15), st.sampled_from(["B", "KiB", "MiB", "GiB", "TiB"]))
def test_our_own_sizes_are_exact(number: int, unit: str) -> None:
    found = OWN.value(f"{number}{unit}", entry(Type.SIZE))
    assert found == Amount.of(number * OWN.sizes[unit], BYTES)
