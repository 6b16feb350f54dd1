"""Writes Celery's settings.yaml and the names of its settings as the installed Celery has them.

python tools/dump_celery_settings.py
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "src/plimsoll/technologies/celery"
ASK = """
import json
from celery.app.defaults import NAMESPACES, flatten, DEFAULTS, _TO_OLD_KEY
print(json.dumps([[name, option.type.__name__ if callable(option.type) else str(option.type),
    DEFAULTS[name], sorted(o for o in [_TO_OLD_KEY[name]])] for name, option in flatten(NAMESPACES)],
    default=str))
"""
# What the dump cannot tell: units, sentinels, defaults that changed, secrets.
BY_HAND = {
    "broker_connection_max_retries": "{type: count, default: 100, infinite: [None, 0]}",
    "broker_connection_timeout": "{type: time, default: 4s}",
    "broker_heartbeat": "{type: time, default: 120s, infinite: [0, None]}",
    "broker_pool_limit": "{type: count, default: 10, infinite: [None]}",
    "broker_password": "{type: text, default: unset, secret: true}",
    "redis_max_connections": "{type: count, default: unlimited, infinite: [None]}",
    "redis_password": "{type: text, default: unset, secret: true}",
    "redis_socket_connect_timeout": "{type: time, default: never, infinite: [None]}",
    "redis_socket_timeout": "{type: time, default: 120s, infinite: [None]}",
    "result_expires": "{type: time, default: 1d, infinite: [None, 0]}",
    "task_soft_time_limit": "{type: time, default: never, infinite: [None, 0]}",
    "task_time_limit": "{type: time, default: never, infinite: [None, 0]}",
    "visibility_timeout": "",
    "worker_concurrency": "{type: count, default: '= s.cores_seen'}",
    "worker_max_memory_per_child": "{type: size, bare: 1KiB, default: unlimited, infinite: [None]}",
    "worker_max_tasks_per_child": "{type: count, default: unlimited, infinite: [None]}",
    "worker_prefetch_multiplier": "{type: count, default: 4, infinite: [0]}",
    "result_backend_max_retries": "{type: count, default: unlimited, infinite: [inf]}",
    "s3_secret_access_key": "{type: text, default: unset, secret: true}",
}
# Options of the command line, of the transport, and of versions after the one that is dumped.
MORE = """
broker_transport_options.visibility_timeout: {type: time, default: 3600s, belongs: the application, source: 'Celery manual, with Redis as the broker'}
result_backend_transport_options.visibility_timeout: {type: time, default: unset, belongs: the application}
broker_connection_retry_on_startup: {type: boolean, default: true, since: '5.3', belongs: the application, source: Celery manual}
broker_channel_error_retry: {type: boolean, default: false, since: '5.3', belongs: the application, source: Celery manual}
worker_cancel_long_running_tasks_on_connection_loss: {type: boolean, default: false, since: '5.1', belongs: the application, source: Celery manual}
worker_soft_shutdown_timeout: {type: time, default: 0s, since: '5.5', belongs: the application, source: Celery manual}
worker_enable_prefetch_count_reduction: {type: boolean, default: true, since: '5.4', belongs: the application, source: Celery manual}
worker_eta_task_limit: {type: count, default: unlimited, infinite: [None], since: '5.6', belongs: the application, source: Celery manual}
worker_disable_prefetch: {type: boolean, default: false, since: '5.6', belongs: the application, source: Celery manual}
task_default_queue_type: {type: text, default: classic, since: '5.5', belongs: the application, source: Celery manual}
task_acks_on_failure: {type: boolean, default: true, since: '5.6', belongs: the application, source: 'Celery manual (unverified)'}
autoscale_max: {type: count, default: unset, belongs: the command line, source: 'celery worker --autoscale'}
autoscale_min: {type: count, default: unset, belongs: the command line, source: 'celery worker --autoscale'}
optimization: {type: text, default: fair, belongs: the command line, source: 'celery worker -O: fair since 4.0'}
queues: {type: text, default: celery, belongs: the command line}
app: {type: text, default: unset, belongs: the command line}
"""


def main() -> None:
    done = subprocess.run(
        ["/usr/bin/python3", "-c", ASK], capture_output=True, text=True, check=True, timeout=60
    )
    rows = json.loads(done.stdout)
    FOLDER.joinpath("settings.yaml").write_text(settings(rows))
    FOLDER.joinpath("names.py").write_text(names(rows))


def settings(rows: list[list[object]]) -> str:
    lines = [
        "# Every setting of Celery as its own table has it, of 5.2; defaults measured again with 5.7.",
        "# Times are in seconds. Written by tools/dump_celery_settings.py.",
    ]
    for name, kind, default, _ in rows:
        said = BY_HAND.get(str(name)) or entry(str(kind), default)
        lines.append(f"{name}: {said[:-1]}, belongs: the application}}")
    extra = [
        each for each in MORE.strip().splitlines() if each.split(":")[0] not in {r[0] for r in rows}
    ]
    return "\n".join([*lines, *extra]) + "\n"


def entry(kind: str, default: object) -> str:
    if kind in ("bool", "strtobool"):
        return f"{{type: boolean, default: {str(bool(default)).lower()}}}"
    if kind == "int" or isinstance(default, int):
        return f"{{type: count, default: {'unset' if default is None else default}}}"
    if kind == "float":
        return f"{{type: number, default: {'unset' if default is None else default}}}"
    is_text = isinstance(default, str) and default
    return f"{{type: text, default: {json.dumps(default) if is_text else 'unset'}}}"


def names(rows: list[list[Any]]) -> str:
    known = sorted(str(row[0]) for row in rows)
    more = [line.split(":")[0] for line in MORE.strip().splitlines() if "the application" in line]
    known = sorted({*known, *(n for n in more if "." not in n)})
    old = {str(o): str(row[0]) for row in rows for o in row[3]}
    return (
        '"""The names of Celery\'s settings. Written by tools/dump_celery_settings.py."""\n\n'
        "from __future__ import annotations\n\n"
        f"KNOWN = frozenset({known!r})\n\n"
        "# Names of before 4.0, in capitals.\n"
        f"OLD = {dict(sorted(old.items()))!r}\n"
    )


if __name__ == "__main__":
    main()
