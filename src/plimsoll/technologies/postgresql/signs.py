"""What PostgreSQL is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=(
        "postgresql.conf",
        "postgresql.auto.conf",
        "postgresql*.conf",
        "gitlab.rb",
        "containers/app.yml",
    ),
    programs=("postgres", "postmaster", "pg_ctl", "pg_ctlcluster"),
    images=("postgres", "postgresql", "postgis", "timescaledb", "pgvector"),
)
