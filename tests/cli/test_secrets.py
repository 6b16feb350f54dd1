"""Every kind of secret in every kind of file, every command and format: none comes out."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from plimsoll.cli import main

# {} is replaced by a secret of its own.
FILES = {
    "nginx/nginx.conf": """\
events { worker_connections 100000; }
http {
    upstream app { server app:8000; }
    server {
        listen 80;
        set $api_key "{}";
        secure_link_secret {};
        location / {
            proxy_set_header Authorization "Basic {}";
            proxy_set_header X-Api-Key {};
            proxy_set_header Cookie "session_token={}";
            proxy_pass http://user:{}@app;
        }
        proxy_pasword {};
    }
}
""",
    "redis.conf": """\
maxclients 100000
requirepass {}
masterauth "{} with a space"
user worker on >{} ~* +@all
requirepas {}
this is no setting password={}
tls-key-file-pass {}
sentinel auth-pass main {}
""",
    "postgresql.conf": """\
max_connections = 100000
primary_conninfo = 'host=db user=repl password={} port=5432'
archive_command = 'PGPASSWORD={} pg_push postgres://u:{}@backup/x %p'
ssl_passphrase_command = 'echo {}'
shop.api_token = '{}'
this is no setting password '{}'
""",
    "app/gunicorn.conf.py": """\
import os
workers = 99
raw_env = ["DB_PASSWORD={}", "DATABASE_URL=postgres://shop:{}@db/shop", "SECRET_KEY={}"]
proc_name = "redis://:{}@cache/0"
password = "{}"
timeout = int(os.environ.get("API_TOKEN", "{}"))
""",
    "app/settings.py": """\
SECRET_KEY = "{}"
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "PASSWORD": "{}", "HOST": "db"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache",
                      "LOCATION": "redis://:{}@cache:6379/0", "OPTIONS": {"PASSWORD": "{}"}}}
""",
    "systemd/app.service": """\
[Service]
Environment="DB_PASSWORD={} and more" WEB_CONCURRENCY=99
Environment=API_TOKEN={}
EnvironmentFile=app.env
ExecStart=/usr/bin/gunicorn --bind 0.0.0.0:8000 --env SECRET_KEY={} --workers 99 shop:app
ExecStartPre=/usr/bin/curl -u admin:{} https://example.org/
SetCredential=token:{}
LimitNOFILE=nonsense password={}
""",
    "systemd/cache.service": """\
[Service]
ExecStart=/usr/bin/redis-server --requirepass {} --masterauth "{}" --maxclients 100000
ExecStop=/usr/bin/redis-cli -a {} shutdown
LimitNOFILE=1024
""",
    "app.env": "DB_PASSWORD={}\nDATABASE_URL=postgres://shop:{}@db/shop\nexport STRIPE_KEY='{}'\n",
    "compose.yaml": """\
services:
  cache:
    image: redis:7
    command: ["redis-server", "--requirepass", "{}", "--maxclients", "100000"]
    healthcheck: {test: ["CMD", "redis-cli", "-a", "{}", "ping"]}
    environment:
      REDIS_PASSWORD: {}
      HTTP_PROXY: http://proxy:{}@proxy.example:3128
  db:
    image: postgres:15
    command: postgres -c max_connections=100000 -c shop.secret={}
    environment:
      - POSTGRES_PASSWORD={}
      - PGOPTIONS=-c password={}
    env_file: app.env
  app:
    image: shop
    command: gunicorn --workers 99 --env API_TOKEN={} shop:app
    environment: {DB_PASSWORD: "{}", SENTRY_DSN: "https://{}@sentry.example/1"}
  broken:
    environment: ["ADMIN_PASSWORD={}", {ROOT_PASSWORD: "{}"}]
""",
    "plimsoll.yaml": """\
hosts: {shop-1: {memory: 1GiB, cores: 1, nofile: 1024}}
services:
  web: {technology: nginx, version: "1.22", host: shop-1, files: [nginx/nginx.conf]}
  app:
    technology: gunicorn
    host: shop-1
    files: [systemd/app.service, app/gunicorn.conf.py, app/settings.py]
    environment: {DB_PASSWORD: "{}", GUNICORN_CMD_ARGS: "--workers 98 --env API_TOKEN={}"}
  db: {technology: postgresql, version: "15", host: shop-1, files: [postgresql.conf]}
  cache:
    technology: redis
    version: "7.0"
    host: shop-1
    files: [redis.conf, systemd/cache.service]
    settings: {requirepass: "{}", masterauth: "{}"}
  other: {technology: redis, command: "redis-server --requirepass {}"}
""",
}

# A rule that reports every setting there is, with all that it knows of it.
EVERYTHING = """\
id: every-setting
title: Reports everything
severity: critical
kind: judgement
for: {setting: x, status: any}
require: 'false'
message: "{x.name} has {x.value}, written {x.text}, because {x.reason}"
why: To see what comes out.
source: [a test]
examples:
  - flagged: {redis.conf: "maxclients 5  # <- here\\n"}
  - clean: {plimsoll.yaml: "hosts: {a: {memory: 1GiB}}"}
"""

COMMANDS = {
    "check": ["check"],
    "check, everything": ["check", "--rules", "rules"],
    "check, everything, brief": ["check", "--rules", "rules", "-q"],
    "check, everything, json": ["check", "--rules", "rules", "--format", "json"],
    "check compose": ["check", "compose.yaml", "--rules", "rules"],
    "check compose, json": ["check", "compose.yaml", "--rules", "rules", "--format", "json"],
    "stack": ["stack"],
    "stack, json": ["stack", "--format", "json"],
    "stack compose": ["stack", "compose.yaml"],
    "stack compose, json": ["stack", "compose.yaml", "--format", "json"],
    "explain": ["explain", "requirepass"],
    "explain environment": ["explain", "Environment"],
    "explain raw_env": ["explain", "raw_env"],
    "explain a typo": ["explain", "requirepas"],
    "explain conninfo": ["explain", "primary_conninfo"],
}


def plant(folder: Path) -> list[str]:
    """Writes the files, each `{}` a secret that is nowhere else."""
    secrets: list[str] = []
    count = itertools.count(100)

    def planted(_: object) -> str:
        secrets.append(f"hUnter{next(count)}Zq")
        return secrets[-1]

    for name, text in FILES.items():
        pieces = text.split("{}")
        whole = "".join(piece + planted(None) for piece in pieces[:-1]) + pieces[-1]
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(whole)
    (folder / "rules").mkdir()
    (folder / "rules" / "every-setting.yaml").write_text(EVERYTHING)
    return secrets


@pytest.mark.parametrize("case", COMMANDS)
def test_no_secret_comes_out(
    case: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    secrets = plant(tmp_path)
    monkeypatch.chdir(tmp_path)
    code = main(COMMANDS[case])
    out, err = capsys.readouterr()
    errors = [line for line in err.splitlines() if "without -q it says which" not in line]
    assert (code in (0, 1, 2), errors) == (True, [])
    assert [secret for secret in secrets if secret in out + err] == [], out
    assert len(out) > 100, "it said something"


def test_init_says_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secrets = plant(tmp_path)
    (tmp_path / "plimsoll.yaml").unlink()
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--write"]) == 0
    out, err = capsys.readouterr()
    text = (tmp_path / "plimsoll.yaml").read_text()
    assert [secret for secret in secrets if secret in out + err + text] == []


def test_everything_is_reported_but_the_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # The rule of this test sees the settings that hold secrets; or it would prove nothing.
    plant(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--rules", "rules", "-q"]) == 1
    out, _ = capsys.readouterr()
    for shown in ("redis.conf:2:13: ", "postgresql.conf:2:20: ", "--requirepass ***"):
        assert shown in out
