"""The options of uvicorn's command line and of FastAPI's, by the names that code gives them.

Source: uvicorn --help, 0.54.0 and 0.17.6; fastapi run --help, fastapi-cli 0.0.34.
"""

from __future__ import annotations

from plimsoll.syntax.options import Option

_VALUED = """host port uds fd reload-delay workers loop http ws ws-max-size ws-max-queue
    ws-ping-interval ws-ping-timeout ws-per-message-deflate lifespan interface env-file log-config
    log-level forwarded-allow-ips root-path limit-concurrency backlog limit-max-requests
    limit-max-requests-jitter timeout-keep-alive timeout-graceful-shutdown
    timeout-worker-healthcheck ssl-keyfile ssl-certfile ssl-keyfile-password ssl-version
    ssl-cert-reqs ssl-ca-certs ssl-ciphers app-dir h11-max-incomplete-event-size"""
_SWITCHES = "reload http2 factory debug reset-contextvars"
_BOTH_WAYS = "access-log use-colors proxy-headers server-header date-header"
# Several hold together, under another name than the option's.
LISTS = {
    "reload-dir": "reload_dirs",
    "reload-include": "reload_includes",
    "reload-exclude": "reload_excludes",
    "header": "headers",
}
ADD_UP = frozenset(LISTS.values())
NUMBERS = frozenset(
    [
        "port",
        "fd",
        "reload_delay",
        "workers",
        "ws_max_size",
        "ws_max_queue",
        "ws_ping_interval",
        "ws_ping_timeout",
        "limit_concurrency",
        "backlog",
        "limit_max_requests",
        "limit_max_requests_jitter",
        "timeout_keep_alive",
        "timeout_graceful_shutdown",
        "timeout_worker_healthcheck",
        "ssl_version",
        "ssl_cert_reqs",
        "h11_max_incomplete_event_size",
    ]
)


def _name(option: str) -> str:
    return LISTS.get(option, option.replace("-", "_"))


UVICORN = {f"--{o}": Option(_name(o)) for o in (*_VALUED.split(), *LISTS)}
UVICORN |= {f"--{o}": Option(_name(o), takes=False, alone="True") for o in _SWITCHES.split()}
UVICORN |= {f"--{o}": Option(_name(o), takes=False, alone="True") for o in _BOTH_WAYS.split()}
UVICORN |= {f"--no-{o}": Option(_name(o), takes=False, alone="False") for o in _BOTH_WAYS.split()}

_FASTAPI = "host port workers root-path app reload-dir forwarded-allow-ips"
FASTAPI = {f"--{o}": Option(_name(o)) for o in _FASTAPI.split()}
FASTAPI |= {"-e": Option("app"), "--entrypoint": Option("app")}
for _switch in ("reload", "proxy-headers"):
    FASTAPI[f"--{_switch}"] = Option(_name(_switch), takes=False, alone="True")
    FASTAPI[f"--no-{_switch}"] = Option(_name(_switch), takes=False, alone="False")
FASTAPI |= dict.fromkeys(("--verbose", "-v"), Option("verbose", takes=False, alone="True"))

# Variables that uvicorn's own command line reads: UVICORN_TIMEOUT_KEEP_ALIVE, ...
VARIABLES = {
    f"UVICORN_{flag[2:].upper().replace('-', '_')}": option.name
    for flag, option in UVICORN.items()
    if option.alone != "False"
} | {"UVICORN_APP": "app"}
# Variables that give a setting its default, however uvicorn is started.
DEFAULTS = {"WEB_CONCURRENCY": "workers", "FORWARDED_ALLOW_IPS": "forwarded_allow_ips"}

# What `fastapi run` and `fastapi dev` hand to uvicorn where nobody says otherwise.
OF_FASTAPI = {
    "run": {"host": "0.0.0.0", "reload": "False"},  # noqa: S104 - said, not bound to
    "dev": {"host": "127.0.0.1", "reload": "True"},
}
