"""What Active Record is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("config/database.yml", "database.yml", "database*.yml", "database.yml.erb"),
    accompanies=("puma", "unicorn", "sidekiq"),
    holds=r"^\s*(?:adapter|url|pool|database)\s*:",
    variables=("DATABASE_URL", "DB_POOL", "DB_HOST", "DB_PORT"),
)
