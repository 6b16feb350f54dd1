"""Services of Ruby and Python as stacks have them: their facts, their links, and the cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from plimsoll.check.language import Num
from plimsoll.check.library import knowledge
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.quantity import UNLIMITED
from plimsoll.model.setting import Setting
from plimsoll.stack import read_stack, read_texts

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
HOSTS = "hosts: {h: {memory: 4GiB, cores: 8}}\n"


@pytest.mark.parametrize(
    ("technology", "path", "text", "fact", "expected"),
    [
        ("puma", "puma.rb", "workers 3\nthreads 1, 4", "concurrency", 12),
        ("puma", "puma.rb", "threads 1, 4", "processes", 1),
        ("puma", "puma.rb", "workers :auto", "processes", 8),
        ("puma", "puma.rb", "workers Etc.nprocessors", "processes", 8),
        ("puma", "puma.rb", "bind 'tcp://a:1?backlog=64'", "backlog", 64),
        ("puma", "puma.rb", "workers 1", "backlog", 1024),
        ("puma", "puma.rb", "worker_shutdown_timeout 20", "drain", 20),
        ("unicorn", "unicorn.rb", "worker_processes 5", "concurrency", 5),
        ("unicorn", "unicorn.rb", "timeout 15", "request_timeout", 15),
        ("unicorn", "unicorn.rb", "listen 80, backlog: 99", "backlog", 99),
        ("sidekiq", "sidekiq.yml", ":concurrency: 12", "concurrency", 12),
        ("sidekiq", "sidekiq.yml", ":timeout: 12", "drain", 12),
        ("celery", "celeryconfig.py", "worker_concurrency = 4", "processes", 5),
        ("celery", "celeryconfig.py", "worker_pool = 'gevent'\nworker_concurrency = 40", "concurrency", 40),
        ("celery", "celeryconfig.py", "worker_pool = 'solo'", "concurrency", 1),
        ("celery", "celeryconfig.py", "task_acks_late = True", "concurrency", 8),
        ("celery", "celeryconfig.py", "task_acks_late = True", "drain", UNLIMITED),
        ("rq", "rq_settings.py", "REDIS_URL = 'redis://h'", "concurrency", 1),
    ],
)  # fmt: skip
def test_facts(technology: str, path: str, text: str, fact: str, expected: float) -> None:
    service = f"services: {{s: {{technology: {technology}, host: h, files: [{path}]}}}}\n"
    stack = read_texts({"plimsoll.yaml": HOSTS + service, path: text})
    found = StackWorld(stack, knowledge()).attribute(thing(stack.services["s"]), fact)
    assert isinstance(found, Num)
    assert (found.low, found.high) == (expected, expected)


SHOP = """
services:
  web: {technology: puma, files: [config/puma.rb, config/database.yml, config/environments/production.rb]}
  jobs: {technology: sidekiq, files: [config/sidekiq.yml, config/initializers/sidekiq.rb, config/database.yml]}
  db: {technology: postgresql}
  cache: {technology: redis}
  queue: {technology: redis}
"""
FILES = {
    "plimsoll.yaml": SHOP,
    "config/puma.rb": "threads 5, 5\n",
    "config/database.yml": "production:\n  adapter: postgresql\n  host: db\n  pool: 7\n",
    "config/sidekiq.yml": ":concurrency: 9\n",
    "config/initializers/sidekiq.rb": "Sidekiq.configure_server do |c|\n  c.redis = {url: 'redis://queue/0'}\nend\n",
    "config/environments/production.rb": "config.cache_store = :redis_cache_store, {url: 'redis://cache/1', pool: {size: 3}}\n",
}


@pytest.mark.parametrize(
    ("source", "target", "library", "connections"),
    [
        ("web", "db", "active-record", 7),
        ("jobs", "db", "active-record", 7),
        ("jobs", "queue", "sidekiq", 14),
        ("web", "cache", "rails", 3),
    ],
)
def test_links_of_a_rails_application(
    source: str, target: str, library: str, connections: int
) -> None:
    stack = read_texts(FILES)
    (link,) = [x for x in stack.links if (x.source, x.target) == (source, target)]
    assert link.library == library
    found = StackWorld(stack, knowledge()).attribute(thing(link), "connections")
    assert isinstance(found, Num)
    assert (found.low, found.high) == (connections, connections)


@pytest.mark.parametrize(
    ("case", "service", "name", "text", "path", "line"),
    [
        ("MC-074", "worker", "worker_concurrency", "20", "celery.yaml", 2),
        ("MC-110", "app", "pool_pre_ping", "False", "database.py", 1),
        ("MC-113", "worker", "worker_prefetch_multiplier", "1", "settings.py", 3),
        ("MC-113/fixed", "worker", "broker_transport_options.visibility_timeout", "43200", "settings.py", 4),
        ("MC-147", "app", "redis.url", "redis://redis:6379/0", "config/env", 1),
        ("SD-013", "app", "worker_processes", "2", "containers/app.yml", 5),
        ("SD-013", "db", "shared_buffers", "128MB", "containers/app.yml", 2),
        ("SD-016", "db", "work_mem", "10MB", "containers/app.yml", 3),
        ("SD-017", "web", "max_threads", "5", ".env.production", 4),
        ("SD-017", "web", "workers", "2", ".env.production", 3),
        ("SD-017", "web", "pool", "25", ".env.production", 5),
        ("SD-017", "sidekiq", "concurrency", "25", "mastodon-sidekiq.service", 4),
        ("SD-018", "puma", "workers", "8", "gitlab.rb", 1),
        ("SD-018", "sidekiq", "concurrency", "20", "gitlab.rb", 4),
        ("SD-018", "db", "max_connections", "400", "gitlab.rb", 5),
        ("SD-077", "worker", "concurrency", "10", "sidekiq.yml", 1),
        ("SD-077", "worker", "pool", "10", "config/database.yml", 3),
    ],
)  # fmt: skip
def test_cases(case: str, service: str, name: str, text: str, path: str, line: int) -> None:
    folder = CASES / case
    if not folder.is_dir():
        pytest.skip("the cases do not lie beside the project")
    stack = read_stack(folder)
    found = [s for s in stack.services[service].settings if s.name == name]
    assert [(s.text, place(s)) for s in found] == [(text, (path, line))]
    assert [u for u in stack.unread if u.path == path] == []


def place(setting: Setting) -> tuple[str, int] | None:
    return (setting.place.path, setting.place.span.line) if setting.place else None


def test_an_engine_without_a_recycle_time_keeps_its_connections_for_ever() -> None:
    folder = CASES / "MC-110"
    if not folder.is_dir():
        pytest.skip("the cases do not lie beside the project")
    stack = read_stack(folder)
    (link,) = stack.links
    found = StackWorld(stack, knowledge()).attribute(thing(link), "lifetime")
    assert isinstance(found, Num)
    assert found.low == UNLIMITED
    fixed = read_stack(folder / "fixed")
    after = StackWorld(fixed, knowledge()).attribute(thing(fixed.links[0]), "lifetime")
    assert isinstance(after, Num)
    assert after.low == 3600
