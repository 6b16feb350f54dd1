"""What PgBouncer is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("pgbouncer.ini", "pgbouncer*.ini"),
    programs=("pgbouncer",),
    images=("pgbouncer", "docker-pgbouncer", "cloudnative-pgbouncer"),
)
