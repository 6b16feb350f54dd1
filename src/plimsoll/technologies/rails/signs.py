"""What a Rails application's configuration is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("config/environments/*.rb", "config/application.rb", "config/initializers/*.rb"),
    accompanies=("puma", "unicorn", "sidekiq"),
    holds=r"^\s*(?:Rails\.)?(?:application\.)?config\.\w+",
)
