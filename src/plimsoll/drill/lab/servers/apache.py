"""Apache with its event MPM."""

from __future__ import annotations

from pathlib import Path

from plimsoll.drill.lab.answers import speaks_http
from plimsoll.drill.lab.server import Server

_MODULES = "/usr/lib/apache2/modules"
_CONFIG = """\
ServerRoot {folder}
DefaultRuntimeDir {folder}
PidFile apache.pid
ServerName shop.example
Listen 127.0.0.1:{port}
ErrorLog /dev/stderr
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule status_module {modules}/mod_status.so
<Location "/">
    SetHandler server-status
</Location>
"""


def server(folder: Path, port: int, *, name: str = "apache") -> Server:
    """It only shows its own state."""
    config = folder / "apache.conf"
    config.write_text(_CONFIG.format(folder=folder, port=port, modules=_MODULES))
    return Server(
        name=name,
        program="apache2",
        words=("-d", str(folder), "-f", str(config), "-DFOREGROUND"),
        folder=folder,
        port=port,
        ready=lambda _: speaks_http(port, code="200"),
    )
