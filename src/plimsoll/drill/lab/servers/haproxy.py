"""HAProxy: a master and a worker before one HTTP server."""

from __future__ import annotations

import signal
from pathlib import Path

from plimsoll.drill.lab.answers import exchange_on_socket, speaks_http
from plimsoll.drill.lab.server import Server

_CONFIG = """\
global
    stats socket {folder}/admin.sock mode 600 level admin
defaults
    mode http
    timeout connect 2s
    timeout client 10s
    timeout server 10s
frontend shop
    bind 127.0.0.1:{port}
    monitor-uri /alive
    default_backend shop
backend shop
    server one 127.0.0.1:{behind}
"""


def server(folder: Path, port: int, *, behind: int = 9, name: str = "haproxy") -> Server:
    """It says /alive itself and hands the rest on to port *behind*."""
    config, master = folder / "haproxy.cfg", folder / "master.sock"
    config.write_text(_CONFIG.format(folder=folder, port=port, behind=behind))
    return Server(
        name=name,
        program="haproxy",
        words=("-W", "-S", str(master), "-f", str(config)),
        folder=folder,
        port=port,
        # The worker answers before the master hears signals.
        ready=lambda _: (
            speaks_http(port, "/alive", "200")
            and exchange_on_socket(master, b"show proc\n", 1) != b""
        ),
        stop=signal.SIGUSR1,
    )
