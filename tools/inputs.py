"""Inputs for measuring, from a seed: no two servers, names or files are equal, and no two values.

Only of workers, replicas and connections, of which a machine bears few, the same number comes again.

Each has planted faults, so that a tool that is fast because it looks at nothing is found out.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SHOP = Path(__file__).resolve().parent.parent / "examples" / "shop"
_WORDS = (
    "ash",
    "birch",
    "cedar",
    "elm",
    "fir",
    "hazel",
    "larch",
    "maple",
    "oak",
    "pine",
    "rowan",
    "yew",
)
GIXY_FAULT = "alias_traversal"  # `location /x { alias /y/; }` leads out of the folder
CHECKOV_FAULT = "CKV_K8S_11"  # a container without a limit of its processor time
WORKERS_FAULT = "workers-exceed-cores"
MEMORY_FAULT = "workers-exceed-memory"
CONNECTIONS_FAULT = "connections-exceed-server"


@dataclass(frozen=True, slots=True)
class Input:
    """A folder to check. *faults*: rules of ours that have to find something in it."""

    folder: Path
    faults: tuple[str, ...]

    @property
    def lines(self) -> int:
        texts = (path.read_text() for path in self.folder.rglob("*") if path.is_file())
        return sum(text.count("\n") for text in texts)


def nginx(folder: Path, lines: int, seed: int, *, is_careless: bool = False) -> Input:
    """One nginx.conf of about that many lines, one location in it that gixy has to find.

    *is_careless*: each of its upstreams and locations breaks a rule of ours.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    folder.mkdir(parents=True)
    said = ["worker_processes 512;", "events { worker_connections 1024; }", "http {"]
    number = 0
    while len(said) < lines - 12:
        number += 1
        said += _server(number, chance, is_careless=is_careless)
    said += ["    server {", "        listen 79;", "        server_name planted.example.org;"]
    said += ["        location /planted { alias /srv/planted/; }", "    }", "}"]
    (folder / "nginx.conf").write_text("\n".join(said) + "\n")
    (folder / "plimsoll.yaml").write_text(
        "hosts: {m: {cores: 2, memory: 4GiB, nofile: 65536}}\n"
        'services: {web: {technology: nginx, version: "1.24", host: m, files: [nginx.conf]}}\n'
    )
    return Input(folder, (WORKERS_FAULT,))


def _server(number: int, chance: random.Random, *, is_careless: bool = False) -> Iterator[str]:
    name = f"{chance.choice(_WORDS)}-{number}"
    yield f"    upstream {name} {{"
    for back in range(chance.randint(1, 3)):
        fails = "" if is_careless else f" max_fails={_own(3 * number + back, chance)}"
        port = 8000 + 3 * number + back
        yield f"        server 10.{number // 250}.{number % 250}.{back + 1}:{port}{fails};"
    yield f"        keepalive {4 + number};"
    yield "    }"
    yield "    server {"
    yield f"        listen {1000 + number};"
    yield f"        server_name {name}.example.org www.{name}.example.org;"
    yield f"        client_max_body_size {_own(number, chance)}k;"
    for place in range(chance.randint(1, 4)):
        yield f"        location /{chance.choice(_WORDS)}/{number}/{place} {{"
        yield f"            proxy_pass http://{name};"
        yield f"            proxy_read_timeout {_own(4 * number + place, chance)}ms;"
        yield f'            proxy_set_header X-Shop "{name}-{place}";'
        if not is_careless:  # connections to the upstream are kept, and a dead zone is left soon
            yield "            proxy_http_version 1.1;"
            yield '            proxy_set_header Connection "";'
            yield f"            proxy_next_upstream_timeout {_own(4 * number + place, chance, 3)}ms;"
        yield "        }"
    yield "    }"


def _own(number: int, chance: random.Random, spread: int = 7) -> int:
    """A random value, another one for each *number*."""
    return 1000 + spread * number + chance.randrange(spread)


def manifest(folder: Path, deployments: int, seed: int) -> Input:
    """One file of Kubernetes Deployments, one of them with far too many workers."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    folder.mkdir(parents=True)
    documents = [_deployment(n, chance) for n in range(deployments)]
    (folder / "app.yaml").write_text("---\n".join(documents))
    return Input(folder, (MEMORY_FAULT,))


def _deployment(number: int, chance: random.Random) -> str:
    name = f"{chance.choice(_WORDS)}-{number}"
    workers = 400 if number == 0 else chance.randint(1, 4)
    limit = "" if number == 0 else f", cpu: {_own(number, chance)}m"
    seen = f"            requests: {{memory: {200 + number}Mi, cpu: {250 + number}m}}\n"
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, labels: {{app: {name}}}}}
spec:
  replicas: {chance.randint(1, 9)}
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      terminationGracePeriodSeconds: {130 + number}
      containers:
        - name: {name}
          image: registry.example.org/{name}:1.{number}
          command: [gunicorn, --workers, "{workers}", --timeout, "{20 + number}", "{name.replace("-", "_")}:app"]
          resources:
{seen}            limits: {{memory: {300 + number}Mi{limit}}}
          readinessProbe: {{httpGet: {{path: /{name}, port: {8000 + number}}}, periodSeconds: {2 + number}}}
"""


def shop(folder: Path) -> Input:
    """The shop of examples/, with a fault for us and one for gixy planted in its nginx."""
    shutil.copytree(SHOP, folder)
    (folder / "nginx" / "conf.d" / "planted.conf").write_text(
        "server {\n    listen 79;\n    location /planted { alias /srv/planted/; }\n}\n"
    )
    main = folder / "nginx" / "nginx.conf"
    main.write_text(main.read_text().replace("worker_processes auto;", "worker_processes 512;"))
    return Input(folder, (WORKERS_FAULT,))


def stack(folder: Path, services: int, seed: int) -> Input:
    """Shops of four services each: an application, a database, a proxy and a cache on one machine."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    folder.mkdir(parents=True)
    hosts, told, links = [], [], []
    for number in range((services + 3) // 4):
        name = f"{chance.choice(_WORDS)}-{number}"
        wanted = _SERVICES[: services - 4 * number]
        hosts.append(f"  {name}: {{memory: {4096 + number}MiB, cores: 2, nofile: 65536}}")
        for what, technology, file in wanted:
            path = folder / name / file
            path.parent.mkdir(exist_ok=True)
            path.write_text(_configuration(technology, number, chance))
            told.append(
                f"  {what}-{number}: {{technology: {technology}, host: {name}, files: [{name}/{file}]}}"
            )
        there = [what for what, _, _ in wanted]
        if "db" in there:
            links.append(
                f"  - {{from: app-{number}, to: db-{number}, connections: {chance.randint(2, 9)}}}"
            )
        if "cache" in there:
            links.append(
                f"  - {{from: app-{number}, to: cache-{number}, connections: 5, timeout: {_own(number, chance)}ms}}"
            )
    text = ["hosts:", *hosts, "services:", *told, *(["links:", *links] if links else [])]
    (folder / "plimsoll.yaml").write_text("\n".join(text) + "\n")
    return Input(folder, (WORKERS_FAULT, CONNECTIONS_FAULT) if links else (WORKERS_FAULT,))


_SERVICES = (
    ("app", "gunicorn", "gunicorn.conf.py"),
    ("db", "postgresql", "postgresql.conf"),
    ("web", "nginx", "nginx.conf"),
    ("cache", "redis", "redis.conf"),
)


def _configuration(technology: str, number: int, chance: random.Random) -> str:
    """Of the first application: far too many workers."""
    if technology == "gunicorn":
        workers = 64 if number == 0 else chance.randint(1, 3)
        return f"workers = {workers}\ntimeout = {20 + number}\nbind = '127.0.0.1:{8000 + number}'\n"
    if technology == "postgresql":
        return (
            f"max_connections = {80 + number}\nwork_mem = {_own(number, chance)}kB\n"
            f"shared_buffers = {128 + number}MB\n"
        )
    if technology == "nginx":
        return "events {}\nhttp {\n" + "\n".join(_server(number, chance)) + "\n}\n"
    return f"maxmemory {50 + number}mb\nmaxmemory-policy allkeys-lru\n"


def crowd(folder: Path, seed: int) -> Input:
    """50 services: ten applications that ask one database for too much, 13 trios that fit.

    Whoever repairs it may move 20 settings: of each application its workers and their connections.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    folder.mkdir(parents=True)
    hosts = ["  large: {memory: 64GiB, cores: 32, nofile: 65536}"]
    told = ["  big: {technology: postgresql, host: large, files: [big.conf]}"]
    links = []
    (folder / "big.conf").write_text("max_connections = 100\nshared_buffers = 256MB\n")
    for number in range(10):
        (folder / f"client-{number}.conf.py").write_text(f"workers = {chance.randint(3, 8)}\n")
        told.append(
            f"  client-{number}: {{technology: gunicorn, host: large, files: [client-{number}.conf.py]}}"
        )
        links.append(
            f"  - {{from: client-{number}, to: big, connections: {chance.randint(3, 12)}}}"
        )
    for number in range(13):
        (folder / f"app-{number}.conf.py").write_text(f"workers = {chance.randint(2, 4)}\n")
        (folder / f"db-{number}.conf").write_text(f"max_connections = {80 + number}\n")
        (folder / f"redis-{number}.conf").write_text(
            f"maxmemory {50 + number}mb\nmaxmemory-policy allkeys-lru\n"
        )
        hosts.append(f"  small-{number}: {{memory: {4096 + number}MiB, cores: 2, nofile: 65536}}")
        for what, technology, file in (
            ("app", "gunicorn", f"app-{number}.conf.py"),
            ("db", "postgresql", f"db-{number}.conf"),
            ("cache", "redis", f"redis-{number}.conf"),
        ):
            told.append(
                f"  {what}-{number}: {{technology: {technology}, host: small-{number}, files: [{file}]}}"
            )
        links.append(f"  - {{from: app-{number}, to: db-{number}, connections: 5}}")
        links.append(f"  - {{from: app-{number}, to: cache-{number}, connections: 5, timeout: 1s}}")
    text = ["hosts:", *hosts, "services:", *told, "links:", *links]
    (folder / "plimsoll.yaml").write_text("\n".join(text) + "\n")
    return Input(folder, (CONNECTIONS_FAULT,))
