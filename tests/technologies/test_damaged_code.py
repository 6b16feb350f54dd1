"""Readers of Ruby and Python: places are right, also in files that somebody has damaged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.setting import Setting
from plimsoll.technologies import reader_of
from support.counts import drawn
from support.places import wrong_places

SAMPLES = [
    ("puma", "config/puma.rb", "workers 2\nn = 5\nthreads n, n\nport 3000\nbind 'tcp://a:1?backlog=5' if x\n"
     "workers ENV.fetch('A') { 3 }\npreload_app!\nworker_timeout 1_000\npidfile \"#{a}/b\"\n"
     "on_worker_boot do\nend\npuma['a'] = 5\nssl_bind 'h', 80\n"),
    ("unicorn", "unicorn.rb", "worker_processes 4\nlisten 80, backlog: 5\nlisten '/run/a'\ntimeout 30\n"),
    ("unicorn", "containers/app.yml", "params:\n  a: 1\nenv:\n  UNICORN_WORKERS: 3\n"),
    ("sidekiq", "sidekiq.yml", ":concurrency: 5\nproduction:\n  :timeout: 9\n:queues:\n  - a\n  - [b, 2]\n"
     ":x: <%= ENV['A'] || 5 %>\n"),
    ("sidekiq", "sidekiq.rb", "Sidekiq.configure_server do |c|\n  c.redis = {url: 'redis://h', size: 5}\n"
     "  c.concurrency = 7\nend\n"),
    ("active-record", "database.yml", "default: &d\n  adapter: postgresql\n  pool: 5\nproduction:\n  <<: *d\n"
     "  url: postgres://h/d?pool=7&x=9\n  variables:\n    a: 12\n"),
    ("active-record", "gitlab.rb", "gitlab_rails['db_pool'] = 10\n"),
    ("postgresql", "gitlab.rb", "postgresql['max_connections'] = 10\npostgresql['shared_buffers'] = '5MB'\n"),
    ("postgresql", "containers/app.yml", "params:\n  db_shared_buffers: \"128MB\"\n  db_work_mem: 5MB\n"),
    ("rails", "config/environments/production.rb", "Rails.application.configure do\n"
     "  config.cache_store = :redis_cache_store, {url: 'redis://h', pool: {size: 5}}\n  config.x = 5\nend\n"),
    ("sqlalchemy", "a.py", "N = 5\ne = create_engine('postgresql://h/d?connect_timeout=3', pool_size=N,\n"
     "    max_overflow=7, connect_args={'a': 1}, poolclass=pool.NullPool, executor=f)\nclass C:\n"
     "    SQLALCHEMY_ENGINE_OPTIONS = {'pool_size': 5}\n"),
    ("celery", "celeryconfig.py", "worker_concurrency = 5\napp = Celery('x', broker='redis://h')\n"
     "app.conf.update(task_time_limit=7, broker_transport_options={'visibility_timeout': 9})\n"
     "app.conf.worker_prefetch_multiplier = 3\nCELERYD_CONCURRENCY = 2\n"),
    ("celery", "celery.yaml", "celery:\n  workers: 20\n"),
    ("rq", "rq_settings.py", "REDIS_URL = 'redis://h'\nREDIS_PORT = 5\n"),
    ("redis-py", "a.py", "import redis\nr = redis.Redis('h', 6380, socket_timeout=5)\n"
     "q = redis.from_url('redis://h?max_connections=5')\n"),
    ("psycopg2", "a.py", "import psycopg2\nc = psycopg2.connect('host=h connect_timeout=4')\n"),
    ("psycopg-pool", "a.py", "import psycopg_pool\nc = psycopg_pool.ConnectionPool('host=h', min_size=5)\n"),
    ("asyncpg", "a.py", "import asyncpg\nc = asyncpg.create_pool(min_size=5)\n"),
    ("aiomysql", "a.py", "import aiomysql\nc = aiomysql.create_pool(5)\n"),
    ("requests", "a.py", "import requests\nT = 5\nrequests.get('http://h', timeout=T)\n"),
]  # fmt: skip
IDS = [f"{name} {path}" for name, path, _ in SAMPLES]
WRECKS = [
    "",
    '"',
    "'",
    "(",
    ")",
    "\n",
    "#",
    "é",
    "{",
    "}",
    "[",
    "<%",
    "%>",
    " ",
    "\ufeff",
    "end",
    "\udc80",
    "\r\n",
]


@pytest.mark.parametrize(("name", "path", "text"), SAMPLES, ids=IDS)
def test_places_are_right_and_a_value_that_is_changed_is_read_changed(
    name: str, path: str, text: str
) -> None:
    reader = reader_of(name)
    assert reader is not None
    assert [i for i in reader.read(text, path) if isinstance(i, Setting)]
    assert wrong_places(reader, text, path) == []
    assert wrong_places(reader, "\ufeff" + text.replace("\n", "\r\n"), path) == []


@pytest.mark.parametrize(("name", "path", "text"), SAMPLES, ids=IDS)
@drawn(8, 300)
@given(data=st.data())
def test_a_damaged_file_is_read_with_places_inside_of_it(
    name: str, path: str, text: str, data: st.DataObject
) -> None:
    reader = reader_of(name)
    assert reader is not None
    start = data.draw(st.integers(0, len(text)))
    end = min(len(text), start + data.draw(st.integers(0, 6)))
    damaged = text[:start] + data.draw(st.sampled_from(WRECKS)) + text[end:]
    wrong = wrong_places(reader, damaged, path, most_edits=1)
    assert [w for w in wrong if "not in the text" in w or "not within" in w] == []


@pytest.mark.parametrize(("name", "path", "text"), SAMPLES, ids=IDS)
@pytest.mark.parametrize(
    "hostile",
    ["", "\ufeff", "\x00\x01", "5", "[" * 5000, "((" * 3000, "a: " * 3000, "x = '" + "a" * 100_000],
    ids=lambda text: repr(text[:8]),
)
def test_hostile_files_come_to_an_end(name: str, path: str, text: str, hostile: str) -> None:
    reader = reader_of(name)
    assert reader is not None
    for whole in (hostile, text + hostile, hostile + text):
        assert len(list(reader.read(whole, path))) < 100
