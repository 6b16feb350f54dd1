"""What Dockerfiles are recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

_FILES = (
    "Dockerfile",
    "Containerfile",
    "Dockerfile.*",
    "Containerfile.*",
    "*.Dockerfile",
    "*.dockerfile",
    "*.Containerfile",
)

SIGNS = Signs(
    files=_FILES,
    manifests=_FILES,
    holds=r"^[ \t]*(?i:FROM)[ \t\\]",
)
