"""nginx, from a configuration whose addresses and paths are those of the lab."""

from __future__ import annotations

import signal
from pathlib import Path

from plimsoll.drill.lab.answers import speaks_http
from plimsoll.drill.lab.server import Server

# Relative paths of these are looked up from the server's folder (-p).
TEMPORARY = "".join(
    f"{kind}_temp_path {kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
)
_BARE = "pid nginx.pid; events {{ worker_connections 256; }}\nhttp {{ {temporary} access_log off;\nserver {{ listen 127.0.0.1:{port}; location / {{ stub_status; }} }} }}\n"


def server(
    folder: Path, port: int, *, config: Path | None = None, own: str = "/", name: str = "web"
) -> Server:
    """Without *config* it only shows its own state. *own*: a path that it answers by itself."""
    if config is None:
        config = folder / "nginx.conf"
        config.write_text(_BARE.format(temporary=TEMPORARY, port=port))
    return Server(
        name=name,
        program="nginx",
        words=("-e", "stderr", "-p", str(folder), "-c", str(config), "-g", "daemon off;"),
        folder=folder,
        port=port,
        ready=lambda _: speaks_http(port, own, "200"),
        stop=signal.SIGQUIT,
    )
