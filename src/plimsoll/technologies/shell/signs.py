"""What a start script is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    manifests=("*.sh", "run", "start", "serve", "entrypoint", "bin/web", "bin/start"),
)
