"""Values as `postgres -C` of 15.18 shows them (the server itself is asked in test_real.py)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import GIB, KIB, MIB, UNLIMITED, Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Formula, Status, Unset, Value
from plimsoll.technologies import technology
from plimsoll.technologies.postgresql.values import AUTOMATIC, value

POSTGRESQL = technology("postgresql")
assert POSTGRESQL is not None
ENTRIES = POSTGRESQL.schema.entries


def meant(name: str, text: str) -> Value | Rejected:
    return value(text, ENTRIES[name])


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("work_mem", "64", 64 * KIB),
        ("work_mem", "64kB", 64 * KIB),
        ("work_mem", " 12  GB ", 12 * GIB),
        ("work_mem", "4.5GB", 4 * GIB + 512 * MIB),
        ("work_mem", "0.3GB", 307 * MIB),
        ("work_mem", "70001B", 68 * KIB),
        ("work_mem", "0x40", 64 * KIB),
        ("work_mem", "0100", 64 * KIB),
        ("work_mem", " 0100", 64 * KIB),
        ("work_mem", "0100.0", 100 * KIB),
        ("work_mem", "0x1.8MB", 1536 * KIB),
        ("work_mem", "10e3", 10_000 * KIB),
        ("work_mem", "100.7", 101 * KIB),
        ("work_mem", "100.5", 100 * KIB),
        ("work_mem", "101.5", 102 * KIB),
        ("shared_buffers", "16384", 128 * MIB),
        ("max_wal_size", "1024", GIB),
        ("statement_timeout", "30", Fraction(30, 1000)),
        ("statement_timeout", "30 s", 30),
        ("statement_timeout", "1500us", Fraction(2, 1000)),
        ("statement_timeout", "1d", 86_400),
        ("statement_timeout", "0", UNLIMITED),
        ("statement_timeout", "0s", UNLIMITED),
        ("statement_timeout", "0.4", UNLIMITED),
        ("checkpoint_timeout", "900", 900),
        ("log_rotation_age", "1", 60),
        ("log_min_duration_statement", "-1", UNLIMITED),
        ("log_min_duration_statement", "0", 0),
        ("max_slot_wal_keep_size", "-1", UNLIMITED),
        ("jit_above_cost", "-1", UNLIMITED),
        ("vacuum_cost_delay", "0.25", Fraction(1, 4000)),
        ("autovacuum_vacuum_cost_delay", "2500us", Fraction(1, 400)),
        ("random_page_cost", "1.1e0", Fraction(11, 10)),
        ("max_connections", "100.7", 101),
        ("unix_socket_permissions", "0770", 0o770),
    ],
)
def test_numbers(name: str, text: str, expected: object) -> None:
    found = meant(name, text)
    assert isinstance(found, Amount)
    assert found.is_known
    assert (found.low, found.unit) == (expected, ENTRIES[name].unit)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("fsync", "on", True),
        ("fsync", "TRUE", True),
        ("fsync", "tru", True),
        ("fsync", "y", True),
        ("fsync", "1", True),
        ("fsync", "of", False),
        ("fsync", "n", False),
        ("fsync", "0", False),
        ("wal_level", "REPLICA", "replica"),
        ("wal_level", "hot_standby", "replica"),
        ("synchronous_commit", "yes", "on"),
        ("synchronous_commit", "0", "off"),
        ("synchronous_commit", "Local", "local"),
        ("password_encryption", "on", "md5"),
        ("client_min_messages", "debug", "debug2"),
        ("ssl_max_protocol_version", "", ""),
        ("search_path", "'x', Y", "'x', Y"),
    ],
)
def test_words(name: str, text: str, expected: object) -> None:
    assert meant(name, text) == expected


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("work_mem", "1gb", "unknown unit 'gb', did you mean GB? There are TB, GB, MB, kB, B"),
        ("work_mem", "64M", "unknown unit 'M', did you mean MB?"),
        ("work_mem", "64q", "unknown unit 'q'? There are"),
        ("statement_timeout", "5m", "unknown unit 'm', did you mean min?"),
        ("work_mem", "63", "63 KiB is outside of 64 KiB to any"),
        ("work_mem", "2147483648", "beyond 32 bits"),
        ("work_mem", "1e400", "is no number"),
        ("work_mem", "9" * 5000, "is no number"),
        ("work_mem", "1e9999999", "unknown unit"),
        ("work_mem", "", "is no number"),
        ("work_mem", "09", "unknown unit '9'"),
        ("max_connections", "100kB", "max_connections has no unit"),
        ("max_connections", "0", "0 is outside of 1 to 262143"),
        ("random_page_cost", "-1", "outside of"),
        ("random_page_cost", "inf", "is no number"),
        ("fsync", "o", "neither on"),
        ("fsync", " on", "neither on"),
        ("fsync", "", "neither on"),
        ("wal_level", "repl", "'repl' is none of minimal, replica, logical"),
        ("synchronous_commit", "tru", "is none of local, remote_write, remote_apply, on, off"),
    ],
)
def test_refused(name: str, text: str, reason: str) -> None:
    found = meant(name, text)
    assert isinstance(found, Rejected)
    assert found.status is Status.REFUSED
    assert reason in found.reason


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("wal_buffers", "-1", "min(16 * MiB, max(64 * KiB, s.shared_buffers / 32))"),
        ("autovacuum_work_mem", "-1", "s.maintenance_work_mem"),
        ("autovacuum_vacuum_cost_limit", "-1", "s.vacuum_cost_limit"),
        ("autovacuum_vacuum_cost_delay", "-1", "s.vacuum_cost_delay"),
    ],
)
def test_by_itself(name: str, text: str, expected: str) -> None:
    assert meant(name, text) == Formula(expected)


def test_what_the_kernel_decides_is_what_it_mostly_is() -> None:
    assert meant("tcp_keepalives_idle", "0") == meant("tcp_keepalives_idle", "7200")
    assert meant("tcp_user_timeout", "0") == Unset()


def test_every_number_that_means_by_itself_is_of_a_setting_with_numbers() -> None:
    numbers = {Type.COUNT, Type.NUMBER, Type.SIZE, Type.TIME}
    assert {ENTRIES[name].type for name in AUTOMATIC} <= numbers


@given(st.sampled_from(sorted(ENTRIES)), st.text(max_size=30))
def test_no_text_is_too_much(name: str, text: str) -> None:
    found = meant(name, text)
    assert found is not None


NUMBERS = [e for e in ENTRIES.values() if e.type in (Type.COUNT, Type.SIZE, Type.TIME)]
FREE = [e for e in NUMBERS if not e.infinite and e.name not in AUTOMATIC]


@given(st.sampled_from(FREE), st.integers(-(2**31), 2**31 - 1))
def test_a_bare_number_counts_in_the_setting_s_own_unit(entry: Entry, number: int) -> None:
    found = value(str(number), entry)
    if isinstance(found, Amount):
        assert found.low == number * Fraction(entry.scale or 1)
