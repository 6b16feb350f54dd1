"""Which program a command starts, and which state of a deployment is meant."""

from __future__ import annotations

import pytest

from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Word
from plimsoll.stack import read_texts
from plimsoll.stack.manifests import program_of


@pytest.mark.parametrize(
    ("command", "technology"),
    [
        ("gunicorn shop.wsgi", "gunicorn"),
        ("/usr/lib/postgresql/15/bin/postgres -D x", "postgresql"),
        ("tini -- gunicorn a:b", "gunicorn"),
        ("env A=1 B=2 redis-server", "redis"),
        ("poetry run gunicorn a:b", "gunicorn"),
        ("python3.11 -m gunicorn a:b", "gunicorn"),
        ("docker-entrypoint.sh postgres -c x=1", "postgresql"),
        ("nice -n 10 gunicorn a:b", "gunicorn"),
        ("gosu app gunicorn a:b", "gunicorn"),
        ("newrelic-admin run-program gunicorn a:b", "gunicorn"),
        ("./wait-for-it.sh db:5432 -t 30 -- gunicorn a:b", "gunicorn"),
        ("pg_dump -h db postgres", ""),
        ("psql postgres", ""),
        ("./wait-for nginx", ""),
        ("python manage.py migrate", ""),
        ("", ""),
    ],
)
def test_the_program_that_a_command_starts(command: str, technology: str) -> None:
    assert program_of([Word(word) for word in command.split()]) == technology


@pytest.mark.parametrize(
    "command",
    [
        'sh -c "gunicorn a:b -w 99"',
        '["sh", "-c", "exec gunicorn a:b -w 99"]',
        "\"bash -lc 'python manage.py migrate && gunicorn a:b -w 99'\"",
    ],
)
def test_a_shell_is_looked_into(command: str) -> None:
    stack = read_texts(
        {"compose.yaml": f"services:\n  app:\n    image: x\n    command: {command}\n"}
    )
    app = stack.services["app"]
    assert (app.technology, app.held["workers"].text) == ("gunicorn", "99")
    assert str(app.held["workers"].place) == "compose.yaml:4"


COMPOSE = {
    "docker-compose.yml": "services:\n  web: {image: 'redis:7', mem_limit: 1g}\n",
    "docker-compose.override.yml": "services:\n  web: {mem_limit: 2g}\n",
    "docker-compose.prod.yml": "services:\n  web: {mem_limit: 3g}\n",
}


@pytest.mark.parametrize(
    ("files", "limit"),
    [
        pytest.param([], "2g", id="none named: with the override"),
        pytest.param(["docker-compose.yml"], "1g", id="one named: alone"),
        pytest.param(["docker-compose.yml", "docker-compose.prod.yml"], "3g", id="two: merged"),
        pytest.param(["docker-compose.prod.yml", "docker-compose.yml"], "1g", id="in their order"),
    ],
)
def test_compose_files_are_one_state_in_the_order_named(files: list[str], limit: str) -> None:
    said = f"services: {{web: {{files: {files}}}}}" if files else ""
    stack = read_texts({**COMPOSE, "plimsoll.yaml": said})
    assert list(stack.services) == ["web"]
    (layer,) = stack.services["web"].limit("memory").layers
    assert layer.text == limit


def test_a_service_that_two_kinds_of_manifests_describe_is_one() -> None:
    stack = read_texts(
        {
            "compose.yaml": "services: {db: {image: 'postgres:15', mem_limit: 2g}}\n",
            "systemd/db.service": "[Service]\nExecStart=/usr/bin/postgres\nMemoryMax=1G\n",
        }
    )
    assert list(stack.services) == ["db"]
    assert [(u.path, u.reason) for u in stack.unused] == [
        ("systemd/db.service", "describes db, as docker-compose does; name it to check it")
    ]


SCRIPT = "#!/bin/sh\nN=${WORKERS:-$(( 2 * $(nproc) ))}\nexec gunicorn -w $N shop:app\n"
_STATED = "services: {app: {files: [%s], environment: {WORKERS: '3'}}}\n"


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param({"plimsoll.yaml": _STATED % "start.sh", "start.sh": SCRIPT}, id="named"),
        pytest.param({"plimsoll.yaml": _STATED % "start", "start": SCRIPT}, id="without a suffix"),
        pytest.param(
            {
                "plimsoll.yaml": "services: {app: {files: [start, .env]}}\n",
                "start": SCRIPT,
                ".env": "WORKERS=3\n",
            },
            id="from a file of variables",
        ),
        pytest.param(
            {
                "compose.yaml": "services: {app: {image: x, command: ./start.sh, "
                "environment: {WORKERS: '3'}}}\n",
                "start.sh": SCRIPT,
            },
            id="called by a container",
        ),
    ],
)
def test_a_start_script_is_run_with_the_environment_of_its_service(texts: dict[str, str]) -> None:
    assert read_texts(texts).services["app"].held["workers"].value == Amount.of(3)


@pytest.mark.parametrize(
    ("image", "technology", "version"),
    [
        ("php:8.2-fpm-alpine", "php-fpm", "8.2"),
        ("php:fpm", "php-fpm", None),
        ("docker.io/library/php:8.3-cli@sha256:0", "php", "8.3"),
        ("registry:5000/library/postgres:15.4-alpine", "postgresql", "15.4"),
        ("acme/php-fpm-exporter:2", "", None),
    ],
)
def test_what_an_image_holds(image: str, technology: str, version: str | None) -> None:
    text = f"services:\n  a:\n    image: {image}\n"
    found = read_texts({"compose.yaml": text}).services["a"]
    assert found.technology == technology
    assert (str(found.version) if found.version else None) == version


def test_a_file_that_is_mounted_and_stated_is_read_once() -> None:
    image = "{image: nginx, volumes: ['./nginx.conf:/etc/nginx/nginx.conf:ro']}"
    texts = {
        "compose.yaml": f"services: {{web: {image}}}\n",
        "plimsoll.yaml": "services: {web: {files: [nginx.conf]}}\n",
        "nginx.conf": "worker_processes 2;\nevents {}\n",
    }
    web = read_texts(texts).services["web"]
    workers = [s for s in web.settings if s.name == "worker_processes"]
    assert [(s.text, s.status) for s in workers] == [("2", "effective")]
