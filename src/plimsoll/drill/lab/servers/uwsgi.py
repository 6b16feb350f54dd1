"""uWSGI: two processes that serve static files."""

from __future__ import annotations

import signal
from pathlib import Path

from plimsoll.drill.lab.answers import speaks_http
from plimsoll.drill.lab.server import Server


def server(folder: Path, port: int, *, name: str = "uwsgi") -> Server:
    """Without an interpreter: its core, and the plug-in that knows no page."""
    (folder / "alive").write_text("yes\n")
    return Server(
        name=name,
        program="uwsgi-core",
        words=(
            *("--plugin", "notfound", "--http-socket", f"127.0.0.1:{port}", "--master"),
            *("--processes", "2", "--die-on-term", "--check-static", str(folder)),
        ),
        folder=folder,
        port=port,
        ready=lambda _: speaks_http(port, "/alive", "200"),
        quick=signal.SIGQUIT,
    )
