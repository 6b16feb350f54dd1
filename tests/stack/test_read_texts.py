"""Whole stacks from texts: who is found, what it reads, who talks to whom."""

from __future__ import annotations

import pytest

from plimsoll.model.quantity import BYTES, MIB, Amount
from plimsoll.model.setting import Origin, Status, Unknown
from plimsoll.stack import StackError, read_texts

NGINX = "events {}\nhttp {\n  server { location / { proxy_pass http://127.0.0.1:8000; } }\n}\n"


def test_a_known_file_name_is_a_service() -> None:
    stack = read_texts({"etc/nginx/nginx.conf": NGINX})
    assert {n: s.technology for n, s in stack.services.items()} == {"nginx": "nginx"}


def test_two_databases_in_two_folders_are_two_services() -> None:
    stack = read_texts({"a/postgresql.conf": "port = 1\n", "b/postgresql.conf": "port = 2\n"})
    ports = {n: s.held["port"].text for n, s in stack.services.items()}
    assert ports == {"postgresql": "1", "postgresql-2": "2"}


def test_an_include_stands_at_its_place_and_is_not_read_twice() -> None:
    stack = read_texts(
        {
            "postgresql.conf": "work_mem = 1MB\ninclude 'more.conf'\nmax_connections = 7\n",
            "more.conf": "work_mem = 2MB\nmax_connections = 5\n",
        }
    )
    db = stack.services["postgresql"]
    assert [(s.name, s.text, s.status) for s in db.settings] == [
        ("work_mem", "1MB", Status.SHADOWED),
        ("work_mem", "2MB", Status.EFFECTIVE),
        ("max_connections", "5", Status.SHADOWED),
        ("max_connections", "7", Status.EFFECTIVE),
    ]
    assert db.settings[0].winner is not None
    assert str(db.settings[0].winner.place) == "more.conf:1"


def test_an_include_that_loops_or_is_missing_is_unread_at_its_line() -> None:
    stack = read_texts(
        {"postgresql.conf": "include 'postgresql.conf'\ninclude 'none.conf'\nport = 1\n"}
    )
    assert [str(u) for u in stack.unread] == [
        "postgresql.conf:1: postgresql.conf includes itself",
        "postgresql.conf:2: none.conf is not in the checked folder",
    ]
    assert stack.services["postgresql"].held["port"].text == "1"


def test_a_command_line_beats_the_file_that_it_names() -> None:
    stack = read_texts(
        {
            "db.service": "[Service]\nExecStart=/usr/bin/postgres "
            "-c config_file=/etc/db/postgresql.conf -c work_mem=9MB\n",
            "db/postgresql.conf": "work_mem = 1MB\n",
        }
    )
    db = stack.services["db"]
    held = db.held["work_mem"]
    assert (held.text, held.origin, held.value) == (
        "9MB",
        Origin.COMMAND_LINE,
        Amount.of(9 * MIB, BYTES),
    )
    assert str(held.place) == "db.service:2"


def test_a_setting_that_nobody_wrote_has_the_default_of_the_version() -> None:
    said = 'services: {{db: {{technology: postgresql, version: "{}", files: [p.conf]}}}}'
    old = read_texts({"plimsoll.yaml": said.format("14"), "p.conf": ""}).services["db"]
    new = read_texts({"plimsoll.yaml": said.format("15"), "p.conf": ""}).services["db"]
    found = [s.setting("shared_buffers") for s in (old, new)]
    assert [s.value for s in found if s] == [Amount.of(8 * MIB, BYTES), Amount.of(128 * MIB, BYTES)]
    assert all(s.origin is Origin.DEFAULT for s in found if s)


def test_of_an_unknown_version_the_default_is_a_span() -> None:
    stack = read_texts({"postgresql.conf": ""})
    found = stack.services["postgresql"].setting("shared_buffers")
    assert found is not None
    assert found.value == Amount(8 * MIB, 128 * MIB, BYTES)


def test_addresses_show_links() -> None:
    stack = read_texts(
        {
            "plimsoll.yaml": "hosts: {h: {}}\nservices:\n"
            "  web: {technology: nginx, host: h, files: [nginx.conf]}\n"
            "  db: {technology: postgresql, host: h, files: [p.conf]}\n"
            "  other: {technology: postgresql, host: h, files: [q.conf]}\n",
            "nginx.conf": NGINX.replace("8000", "5433"),
            "p.conf": "",
            "q.conf": "port = 5433\n",
        }
    )
    assert [(k.source, k.target) for k in stack.links] == [("web", "other")]
    (link,) = stack.links
    assert link.part is not None
    assert (link.library, link.part.name) == ("nginx", "/")


def test_a_stated_link_takes_what_was_found_of_it() -> None:
    stack = read_texts(
        {
            "plimsoll.yaml": "services:\n"
            "  web: {technology: nginx, files: [nginx.conf]}\n"
            "  app: {technology: jobrunner}\n"
            "links: [{from: web, to: app, retries: 2}]\n",
            "nginx.conf": NGINX,
        }
    )
    (link,) = stack.links
    assert link.settings["retries"].value == Amount.of(2)
    assert link.part is not None


@pytest.mark.parametrize("links", ["", "links: [{from: app, to: pooler}]\n"])
def test_a_pooler_is_reached_by_clients_of_what_it_stands_for(links: str) -> None:
    stack = read_texts(
        {
            "plimsoll.yaml": "services:\n"
            "  app: {technology: gunicorn, files: [app.py]}\n"
            "  cache: {technology: redis}\n"
            "  pooler: {technology: pgbouncer, files: [pgbouncer.ini]}\n" + links,
            "app.py": "import asyncpg\np = asyncpg.create_pool('postgresql://pooler:6432/x')\n",
            "pgbouncer.ini": "[pgbouncer]\nlisten_addr = *\n",
        }
    )
    assert [(k.source, k.target, k.library) for k in stack.links] == [("app", "pooler", "asyncpg")]


def test_a_program_that_the_command_names_tells_of_its_clients_too() -> None:
    stack = read_texts(
        {
            "compose.yaml": "services:\n"
            "  api: {image: 'node:20', command: node server.js, working_dir: /app,\n"
            "    volumes: ['./server.js:/app/server.js']}\n"
            "  db: {image: 'postgres:16'}\n",
            "server.js": "const { Pool } = require('pg');\n"
            "const pool = new Pool({ connectionString: 'postgres://db/x', max: 20 });\n",
        }
    )
    (link,) = stack.links
    assert (link.source, link.target, link.library) == ("api", "db", "node-pg")
    assert [each.name for each in stack.services["api"].settings].count("max") == 1


def test_a_line_that_two_readers_understand_is_one_link() -> None:
    stack = read_texts(
        {
            "compose.yaml": "services:\n"
            "  web: {image: 'shop:1', command: gunicorn shop.wsgi}\n"
            "  jobs: {image: 'shop:1', command: celery -A shop worker}\n"
            "  cache: {image: 'redis:7'}\n",
            "shop/settings.py": "CELERY_BROKER_URL = 'redis://cache:6379/0'\n",
        }
    )
    assert [(k.source, k.target) for k in stack.links] == [("web", "cache"), ("jobs", "cache")]


DATABASE = "production:\n  adapter: postgresql\n  host: db\n"


@pytest.mark.parametrize(
    ("texts", "owners"),
    [
        pytest.param(
            {"Procfile": "web: puma -C puma.rb\njobs: sidekiq\n", "config/database.yml": DATABASE},
            ["web", "jobs"],
            id="processes of one Procfile",
        ),
        pytest.param(
            {
                "compose.yaml": "services:\n  web: {image: 'shop:1', command: puma}\n"
                "  jobs: {image: 'shop:1', command: sidekiq}\n",
                "config/database.yml": DATABASE,
            },
            ["web", "jobs"],
            id="containers of one image",
        ),
        pytest.param(
            {
                "compose.yaml": "services:\n  web: {image: 'shop:1', command: puma}\n"
                "  jobs: {image: 'tools:1', command: sidekiq}\n",
                "config/database.yml": DATABASE,
            },
            [],
            id="two applications",
        ),
    ],
)
def test_files_of_an_application_are_those_of_all_its_services(
    texts: dict[str, str], owners: list[str]
) -> None:
    stack = read_texts(texts)
    having = [s.name for s in stack.services.values() if "config/database.yml" in s.files]
    assert having == owners


def test_a_link_to_nobody_is_an_error_with_the_names() -> None:
    with pytest.raises(StackError, match=r"plimsoll.yaml:2: no service 'b'; there are a"):
        read_texts({"plimsoll.yaml": "services: {a: {}}\nlinks: [{from: a, to: b}]\n"})


def test_a_file_that_is_named_and_missing_is_said() -> None:
    stack = read_texts({"plimsoll.yaml": "services: {a: {technology: nginx, files: [x.conf]}}"})
    assert [(u.path, u.reason) for u in stack.unread] == [("x.conf", "no such file")]
    assert stack.named_unread


def test_values_by_vendor_name_stand_in_for_a_file() -> None:
    stack = read_texts(
        {"plimsoll.yaml": "services: {db: {technology: postgresql, settings: {work_mem: 5MB}}}"}
    )
    held = stack.services["db"].held["work_mem"]
    assert (held.value, held.origin) == (Amount.of(5 * MIB, BYTES), Origin.STATED)


def test_a_service_that_we_do_not_know_is_a_service() -> None:
    stack = read_texts({"plimsoll.yaml": "services: {jobs: {technology: jobrunner, memory: 1GiB}}"})
    assert stack.services["jobs"].limit("memory").amount == Amount.of(1024 * MIB, BYTES)


def test_units_run_on_the_one_host_that_is_stated() -> None:
    stack = read_texts(
        {
            "plimsoll.yaml": "hosts: {h: {memory: 2GiB}}\n",
            "db.service": "[Service]\nExecStart=/usr/bin/postgres\nMemoryMax=1G\n",
        }
    )
    db = stack.services["db"]
    assert db.host == "h"
    assert [layer.name for layer in db.limit("memory").layers] == ["memory", "MemoryMax"]


def test_a_start_script_is_looked_into_and_its_service_is_one() -> None:
    stack = read_texts(
        {
            "plimsoll.yaml": "services: {app: {technology: gunicorn, files: [app.service]}}",
            "app.service": "[Service]\nExecStart=/srv/app/bin/start\n",
            "app/bin/start": "#!/bin/sh\nexport WEB_CONCURRENCY=9\nexec gunicorn --threads 7 a:b\n",
        }
    )
    assert list(stack.services) == ["app"]
    held = stack.services["app"].held
    assert (held["threads"].text, str(held["threads"].place)) == ("7", "app/bin/start:3")
    assert held["workers"].text == "9"


def test_a_manifest_of_one_service_need_not_have_its_name() -> None:
    said = "services: {model: {technology: gunicorn, files: [Procfile]}}"
    one = read_texts({"plimsoll.yaml": said, "Procfile": "web: gunicorn -t 70 a:b\n"})
    assert list(one.services) == ["model"]
    assert one.services["model"].held["timeout"].text == "70"
    two = read_texts({"plimsoll.yaml": said, "Procfile": "web: gunicorn a:b\njobs: gunicorn c:d\n"})
    assert "timeout" not in two.services["model"].held


def test_application_settings_belong_to_the_service_that_works_in_their_folder() -> None:
    stack = read_texts(
        {
            "a.service": "[Service]\nWorkingDirectory=/srv/a\nExecStart=/usr/bin/gunicorn a.wsgi\n",
            "b.service": "[Service]\nWorkingDirectory=/srv/b\nExecStart=/usr/bin/gunicorn b.wsgi\n",
            "b/settings.py": "CACHES = {'default': {'TIMEOUT': 5}}\n",
        }
    )
    parts = {n: [p.type for p in s.parts] for n, s in stack.services.items()}
    assert parts == {"a": ["unit"], "b": ["unit", "application", "cache"]}


def test_a_file_of_another_format_is_not_read_as_its_services_own() -> None:
    stack = read_texts(
        {
            "plimsoll.yaml": "services: {db: {technology: postgresql, files: [cluster.yaml]}}",
            "cluster.yaml": "spec: {instances: 3}\n",
        }
    )
    assert [(u.path, u.reason) for u in stack.unread] == [
        ("cluster.yaml", "no reader for such a file of postgresql yet")
    ]


def test_an_environment_file_is_the_services_environment() -> None:
    stack = read_texts(
        {
            "plimsoll.yaml": "services: {app: {technology: gunicorn, files: [app.env]}}",
            "app.env": "WEB_CONCURRENCY=7\n",
        }
    )
    held = stack.services["app"].held["workers"]
    assert (held.text, str(held.place), held.origin) == ("7", "app.env:1", Origin.ENVIRONMENT)


def test_where_a_file_was_not_read_nobody_knows_a_default() -> None:
    said = "services: {db: {technology: postgresql, version: '15', files: [p.conf]}}"
    texts = {"plimsoll.yaml": said, "p.conf": "work_mem = 8MB\n"}
    db = read_texts(texts).services["db"]
    assert db.gap == ""
    absent = read_texts({"plimsoll.yaml": said}).services["db"]
    assert absent.gap == "p.conf was not read: no such file"
    missing = read_texts({**texts, "p.conf": "work_mem = 8MB\ninclude 'more.conf'\n"}).services[
        "db"
    ]
    assert missing.gap == "more.conf is not in the checked folder"
    found = missing.setting("max_connections")
    assert found is not None
    assert found.value == Unknown("more.conf is not in the checked folder")
    assert missing.held["work_mem"].value == Amount.of(8 * MIB, BYTES)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        pytest.param(
            "services: {app: {}}\nmeasured: {ap.memory_likely: 1MiB}",
            "plimsoll.yaml:2: no service 'ap'; did you mean 'app'?",
            id="a measurement of nobody",
        ),
        pytest.param(
            "measured: {nobody.memory_likely: 1MiB}",
            "plimsoll.yaml:1: no service or host 'nobody'; there are ",
            id="a measurement without services",
        ),
        pytest.param(
            "services: {app: {}}\nignore: [{rule: x, reason: y, service: ap}]",
            "plimsoll.yaml:2: no service or host 'ap'; did you mean 'app'?",
            id="accepted for nobody",
        ),
        pytest.param(
            "services: {a: {}, b: {}}\nlinks: [{from: a, to: b, pool: hikari}]",
            "plimsoll.yaml:2: no client library 'hikari'; did you mean 'hikaricp'?",
            id="a library",
        ),
        pytest.param("hosts: {h: {memory: -5MiB}}", "'-5MiB' is below zero", id="below zero"),
        pytest.param(
            "services: {a: {version: new}}", "'new' is no version; write it like", id="a version"
        ),
    ],
)
def test_what_plimsoll_yaml_names_has_to_be_there(said: str, error: str) -> None:
    with pytest.raises(StackError) as caught:
        read_texts({"plimsoll.yaml": said})
    assert error in str(caught.value)


def test_a_baseline_is_the_service_before() -> None:
    said = (
        "services: {db: {technology: postgresql, version: '15', files: [p.conf],"
        " baseline: [old/p.conf, none.conf]}}"
    )
    stack = read_texts({"plimsoll.yaml": said, "p.conf": "port = 2\n", "old/p.conf": "port = 1\n"})
    db = stack.services["db"]
    assert db.before is not None
    assert (db.held["port"].text, db.before.held["port"].text) == ("2", "1")
    assert [(u.path, u.reason) for u in stack.unread] == [("none.conf", "no such file")]
    assert stack.named_unread


def test_a_relative_include_starts_where_its_server_starts_it() -> None:
    stack = read_texts(
        {
            "nginx/nginx.conf": "events {}\nhttp { include sites/*; }\n",
            "nginx/sites/shop": "server { include snippets/a.conf; }\n",
            "nginx/snippets/a.conf": "listen 81;\n",
            "nginx/sites/snippets/a.conf": "listen 82;\n",
            "db/postgresql.conf": "include 'more/a.conf'\n",
            "db/more/a.conf": "include 'b.conf'\n",
            "db/more/b.conf": "port = 1\n",
            "db/b.conf": "port = 2\n",
        }
    )
    listens = [s.text for s in stack.services["nginx"].settings if s.name == "listen"]
    assert listens == ["81"]
    assert stack.services["postgresql"].held["port"].text == "1"


@pytest.mark.parametrize(
    ("texts", "version"),
    [
        pytest.param({"etc/postgresql/15/main/postgresql.conf": ""}, "15", id="of a file"),
        pytest.param(
            {"db.service": "[Service]\nExecStart=/usr/lib/postgresql/13/bin/postgres -D x\n"},
            "13",
            id="of the program",
        ),
        pytest.param({"etc/postgresql/main/postgresql.conf": ""}, "None", id="no number"),
    ],
)
def test_a_version_may_stand_in_a_path(texts: dict[str, str], version: str) -> None:
    (service,) = read_texts(texts).services.values()
    assert str(service.version) == version
