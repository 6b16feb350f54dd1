"""What pm2 is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

_FILES = (
    "ecosystem.config.js",
    "ecosystem.config.cjs",
    "ecosystem.config.mjs",
    "ecosystem.*.js",
    "ecosystem.*.cjs",
    "ecosystem.json",
    "ecosystem.*.json",
    "ecosystem.yml",
    "ecosystem.yaml",
    "ecosystem.*.yml",
    "ecosystem.*.yaml",
    "pm2.config.js",
    "pm2.config.cjs",
    "pm2.json",
    "process.json",
    "process.yml",
    "process.yaml",
)

SIGNS = Signs(
    files=_FILES,
    manifests=_FILES,
)
