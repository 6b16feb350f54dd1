"""What Kamal is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    manifests=("deploy.yml", "deploy.*.yml"),
    holds=r"^(?:accessories|servers)[ \t]*:",
)
