"""What Active Record is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("config/database.yml", "database.yml", "database*.yml", "database.yml.erb", "gitlab.rb"),
    accompanies=("puma", "unicorn", "sidekiq"),
    holds=r"^\s*(?:adapter|url|pool|database)\s*:|^\s*gitlab_rails\[.db_",
    variables=("DATABASE_URL", "DB_POOL", "DB_HOST", "DB_PORT"),
)
