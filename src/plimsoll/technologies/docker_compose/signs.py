"""What Docker Compose is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

_FILES = (
    "compose.yaml",
    "compose.yml",
    "docker-compose.yaml",
    "docker-compose.yml",
    "compose.*.yaml",
    "compose.*.yml",
    "docker-compose.*.yaml",
    "docker-compose.*.yml",
    "docker-compose-*.yaml",
    "docker-compose-*.yml",
    "docker-compose_*.yaml",
    "docker-compose_*.yml",
    "compose-*.yaml",
    "compose-*.yml",
    "*.compose.yaml",
    "*.compose.yml",
    "*-compose.yaml",
    "*-compose.yml",
)

SIGNS = Signs(
    files=_FILES,
    manifests=_FILES,
)
