from __future__ import annotations

import pytest

from plimsoll.stack import read_texts

REDIS = "redis: {technology: redis, files: [redis.conf]}"
WORKER = "worker: {technology: celery, files: [celeryconfig.py]}"
LINK = "links: [{from: worker, to: redis}]"
APP = "app: {technology: gunicorn, files: [settings.py]}"
CACHES = """
CACHES = {"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": "redis://redis:6379/1"}}
"""
BROKER = 'CELERY_BROKER_URL = "redis://redis:6379/0"\n'


def roles(services: str, *, links: str = "", settings: str = "", name: str = "redis") -> str:
    texts = {
        "plimsoll.yaml": f"services: {{{services}}}\n{links}\n",
        "redis.conf": "maxmemory 1gb\n",
        "celeryconfig.py": "worker_concurrency = 2\n",
        "settings.py": settings,
    }
    return "+".join(read_texts(texts).services[name].roles)


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        pytest.param(CACHES, "cache", id="a cache"),
        pytest.param(BROKER, "queue", id="a broker"),
        pytest.param(BROKER + CACHES, "cache+queue", id="both"),
        pytest.param("DEBUG = False\n", "", id="neither"),
    ],
)
def test_what_an_application_uses_it_for(settings: str, shown: str) -> None:
    assert roles(f"{REDIS}, {APP}", settings=settings) == shown


def test_who_runs_jobs_has_them_in_the_only_store_that_it_is_stated_to_use() -> None:
    assert roles(f"{REDIS}, {WORKER}", links=LINK) == "queue"


def test_of_two_stores_nobody_knows_which() -> None:
    two = f"{REDIS}, other: {{technology: redis}}, {WORKER}"
    links = "links: [{from: worker, to: redis}, {from: worker, to: other}]"
    assert roles(two, links=links) == ""


def test_a_database_beside_it_does_not_make_it_doubtful() -> None:
    two = f"{REDIS}, db: {{technology: postgresql}}, {WORKER}"
    links = "links: [{from: worker, to: redis}, {from: worker, to: db}]"
    assert roles(two, links=links) == "queue"


def test_what_is_stated_holds() -> None:
    stated = REDIS.replace("redis,", "redis, role: cache,")
    assert roles(f"{stated}, {WORKER}", links=LINK) == "cache"
