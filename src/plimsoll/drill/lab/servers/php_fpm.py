"""PHP-FPM with one pool."""

from __future__ import annotations

import signal
from pathlib import Path

from plimsoll.drill.lab.answers import answers
from plimsoll.drill.lab.server import Server

_CONFIG = """\
[global]
pid = {folder}/php-fpm.pid
error_log = /dev/stderr
daemonize = no
[www]
listen = 127.0.0.1:{port}
pm = static
pm.max_children = 2
pm.status_path = /status
"""

# FastCGI: version 1, FCGI_GET_VALUES, request 0, no names; answered by FCGI_GET_VALUES_RESULT.
_GET_VALUES = bytes((1, 9, 0, 0, 0, 0, 0, 0))
_RESULT = bytes((1, 10))


def server(folder: Path, port: int, *, name: str = "php-fpm") -> Server:
    config = folder / "php-fpm.conf"
    config.write_text(_CONFIG.format(folder=folder, port=port))
    return Server(
        name=name,
        program="php-fpm8.2",
        words=("-n", "-F", "-p", str(folder), "-y", str(config)),
        folder=folder,
        port=port,
        ready=lambda _: answers(port, _GET_VALUES, _RESULT),
        stop=signal.SIGQUIT,
    )
