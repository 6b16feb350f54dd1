"""What a Rails application configures: its cache, by environment."""

from __future__ import annotations

import pytest

from plimsoll.model.setting import Status
from plimsoll.technologies.rails.reader import READER
from support import readings

REDIS = """\
Rails.application.configure do
  config.cache_store = :redis_cache_store, {
    url: ENV.fetch("REDIS_URL") { "redis://cache:6379/2" },
    pool: { size: 10 },
    read_timeout: 0.2,
    expires_in: 90.minutes
  }
  config.force_ssl = true
end
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("config.cache_store = :memory_store, { size: 64.megabytes }",
         {"cache_store/cache_store": "memory_store", "cache_store/size": "67108864"}),
        ("config.cache_store = :mem_cache_store, 'mc:11211'",
         {"cache_store/cache_store": "mem_cache_store", "cache_store/address": "mc:11211"}),
        ("config.cache_store :null_store", {"cache_store/cache_store": "null_store"}),
        ("config.cache_store = :null_store", {"cache_store/cache_store": "null_store"}),
        ("Rails.application.config.session_store = 'x'", {"session_store": "x"}),
        ("config.active_job.queue_adapter = :sidekiq", {"active_job.queue_adapter": "sidekiq"}),
        ("other.cache_store = :null_store", {}),
    ],
)  # fmt: skip
def test_values(text: str, expected: dict[str, str]) -> None:
    assert readings.held(readings.of("rails", {"config/application.rb": text})) == expected


def test_the_options_of_a_cache_and_where_it_is() -> None:
    path = "config/environments/production.rb"
    found = readings.of("rails", {path: REDIS}, "", {"RAILS_ENV": "production"})
    assert readings.held(found) == {
        "cache_store/cache_store": "redis_cache_store",
        "cache_store/url": "redis://cache:6379/2",
        "cache_store/pool.size": "10",
        "cache_store/read_timeout": "0.2",
        "cache_store/expires_in": "5400",
        "force_ssl": "true",
    }
    assert READER.endpoints is not None
    (end,) = READER.endpoints(found)
    assert (end.host, end.port, end.technology, end.library) == ("cache", 6379, "redis", "rails")
    told = readings.of("rails", {path: REDIS}, "", {"REDIS_URL": "redis://other:1"})
    (end,) = READER.endpoints(told)
    assert (end.host, end.port) == ("other", 1)


def test_the_file_of_the_environment_wins() -> None:
    files = {
        "config/application.rb": "config.cache_store = :memory_store",
        "config/environments/production.rb": "config.cache_store = :null_store",
        "config/environments/test.rb": "config.cache_store = :file_store",
    }
    found = readings.of("rails", files)
    assert [(s.text, s.status) for s in found] == [
        ("memory_store", Status.SHADOWED),
        ("null_store", Status.EFFECTIVE),
        ("file_store", Status.IGNORED),
    ]
