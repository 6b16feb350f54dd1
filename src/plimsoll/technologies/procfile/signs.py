"""What a Procfile is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    manifests=("Procfile", "Procfile.*"),
)
