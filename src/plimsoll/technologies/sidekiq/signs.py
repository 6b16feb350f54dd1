"""What Sidekiq is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=(
        "config/sidekiq.yml",
        "sidekiq.yml",
        "sidekiq*.yml",
        "sidekiq.yml.erb",
        "initializers/sidekiq.rb",
        "sidekiq*.rb",
        "gitlab.rb",
    ),
    programs=("sidekiq", "sidekiqswarm"),
    accompanies=("puma", "unicorn"),
    holds=r"concurrency|queues|timeout|Sidekiq|sidekiq\[",
    variables=("REDIS_URL", "REDIS_PROVIDER", "SIDEKIQ_REDIS_URL"),
    makes="queue",
)
