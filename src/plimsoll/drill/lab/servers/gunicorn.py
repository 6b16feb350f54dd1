"""The application, by its own start script."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from pathlib import Path

from plimsoll.drill.lab.answers import speaks_http
from plimsoll.drill.lab.server import Server


def server(
    folder: Path, port: int, *, script: Path, environment: Mapping[str, str], name: str = "app"
) -> Server:
    """*script* ends in gunicorn; its addresses come by *environment*."""
    return Server(
        name=name,
        program=str(script),
        words=(),
        folder=folder,
        port=port,
        ready=lambda _: speaks_http(port, "/health/", "200"),
        quick=signal.SIGQUIT,
        environment=environment,
    )
