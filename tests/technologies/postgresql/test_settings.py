"""Defaults that changed between versions, and what holds of every entry."""

from __future__ import annotations

import pytest

from plimsoll.model.quantity import GIB, KIB, MIB, UNLIMITED, Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Apply, Type
from plimsoll.model.setting import Unknown, Unset
from plimsoll.model.version import Version
from plimsoll.technologies import technology
from plimsoll.technologies.postgresql.names import READ_ONLY, canonical
from plimsoll.technologies.postgresql.values import AUTOMATIC, value

POSTGRESQL = technology("postgresql")
assert POSTGRESQL is not None
SCHEMA = POSTGRESQL.schema


@pytest.mark.parametrize(
    ("name", "version", "expected"),
    [
        ("max_connections", "15", 100),
        ("superuser_reserved_connections", "18", 3),
        ("reserved_connections", "15", 0),
        ("reserved_connections", "16", 0),
        ("shared_buffers", "14.9", 8 * MIB),
        ("shared_buffers", "15", 128 * MIB),
        ("work_mem", "12", 4 * MIB),
        ("hash_mem_multiplier", "12", 1),
        ("hash_mem_multiplier", "14", 1),
        ("hash_mem_multiplier", "15", 2),
        ("maintenance_work_mem", "15", 64 * MIB),
        ("temp_buffers", "15", 8 * MIB),
        ("logical_decoding_work_mem", "13", 64 * MIB),
        ("logical_decoding_work_mem", "12", None),
        ("autovacuum_worker_slots", "17", UNLIMITED),
        ("autovacuum_worker_slots", "18", 16),
        ("vacuum_buffer_usage_limit", "16", 256 * KIB),
        ("vacuum_buffer_usage_limit", "17", 2 * MIB),
        ("effective_cache_size", "15", 4 * GIB),
        ("max_wal_size", "15", GIB),
        ("min_wal_size", "15", 80 * MIB),
        ("checkpoint_timeout", "15", 300),
        ("checkpoint_completion_target", "13", 0.5),
        ("checkpoint_completion_target", "14", 0.9),
        ("max_slot_wal_keep_size", "12", UNLIMITED),
        ("max_slot_wal_keep_size", "15", UNLIMITED),
        ("idle_replication_slot_timeout", "18", UNLIMITED),
        ("statement_timeout", "15", UNLIMITED),
        ("transaction_timeout", "16", UNLIMITED),
        ("idle_session_timeout", "13", UNLIMITED),
        ("authentication_timeout", "15", 60),
        ("tcp_keepalives_idle", "15", 7200),
        ("max_stack_depth", "15", 2 * MIB),
        ("effective_io_concurrency", "17", 1),
        ("effective_io_concurrency", "18", 16),
        ("io_workers", "18", 3),
        ("log_autovacuum_min_duration", "14", UNLIMITED),
        ("log_autovacuum_min_duration", "15", 600),
        ("log_checkpoints", "14", False),
        ("log_checkpoints", "15", True),
        ("jit", "12", True),
        ("wal_level", "15", "replica"),
        ("password_encryption", "13", "md5"),
        ("password_encryption", "14", "scram-sha-256"),
        ("io_method", "18", "worker"),
    ],
)
def test_defaults(name: str, version: str, expected: object) -> None:
    default = SCHEMA.default(name, Version(version))
    assert default
    if isinstance(default.value, Amount):
        assert default.value.is_known
        assert float(default.value.low) == expected
    else:
        assert default.value == (Unset() if expected is None else expected)


REMOVED = {
    "wal_keep_segments": "13",
    "operator_precedence_warning": "14",
    "vacuum_cleanup_index_scale_factor": "14",
    "stats_temp_directory": "15",
    "force_parallel_mode": "16",
    "promote_trigger_file": "16",
    "vacuum_defer_cleanup_age": "16",
    "db_user_namespace": "17",
    "old_snapshot_threshold": "17",
    "trace_recovery_messages": "17",
}


@pytest.mark.parametrize("name", REMOVED)
def test_removed_names(name: str) -> None:
    entry = SCHEMA.entry(name)
    assert entry
    gone = int(REMOVED[name])
    assert entry.exists_in(Version(str(gone - 1)))
    assert not entry.exists_in(Version(REMOVED[name]))


def test_the_curve_of_ssl_is_still_taken_by_18() -> None:
    entry = SCHEMA.entry("ssl_ecdh_curve")
    assert entry
    assert entry.exists_in(Version("18"))


@pytest.mark.parametrize(
    ("name", "apply"),
    [
        ("shared_buffers", Apply.RESTART),
        ("autovacuum_max_workers", Apply.RESTART),
        ("checkpoint_timeout", Apply.RELOAD),
        ("work_mem", Apply.SESSION),
        ("log_min_duration_statement", Apply.SESSION),
    ],
)
def test_what_a_change_takes(name: str, apply: Apply) -> None:
    entry = SCHEMA.entry(name)
    assert entry
    assert entry.apply is apply


def test_every_default_is_one_that_the_server_would_take() -> None:
    wrong = []
    for entry in SCHEMA.entries.values():
        texts = [d.value for d in entry.defaults if isinstance(d.value, str)]
        if entry.name not in READ_ONLY:
            wrong += [text for text in texts if isinstance(value(text, entry), Rejected)]
    assert wrong == []


def test_every_default_is_inside_of_its_range() -> None:
    for entry in SCHEMA.entries.values():
        for amount in [d.value for d in entry.defaults if isinstance(d.value, Amount)]:
            assert not isinstance(entry.minimum, Amount) or amount.low >= entry.minimum.low, entry
            is_free = amount.low == UNLIMITED or not isinstance(entry.maximum, Amount)
            assert is_free or amount.high <= entry.maximum.high, entry  # type: ignore[union-attr]


def test_names_agree() -> None:
    assert {entry.name for entry in SCHEMA.entries.values()} >= READ_ONLY | set(AUTOMATIC)
    assert all(canonical(e.name.upper()) == e.name for e in SCHEMA.entries.values())
    assert all(
        e.belongs == "postgresql.conf" for e in SCHEMA.entries.values() if e.name not in READ_ONLY
    )


def test_only_what_holds_a_password_is_a_secret() -> None:
    assert [e.name for e in SCHEMA.entries.values() if e.is_secret] == ["primary_conninfo"]


def test_few_defaults_hang_on_a_version_that_nobody_said() -> None:
    unknown = [e.name for e in SCHEMA.entries.values() if isinstance(e.default(None), Unknown)]
    enums = {
        e.name for e in SCHEMA.entries.values() if e.type in (Type.ENUM, Type.BOOLEAN, Type.TEXT)
    }
    assert set(unknown) <= enums
    assert len(unknown) < 8
