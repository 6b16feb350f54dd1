"""What supervisord is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

_FILES = (
    "supervisord.conf",
    "supervisor.conf",
    "supervisord.ini",
    "supervisord*.conf",
    "supervisor*.conf",
    "**/supervisor/conf.d/*.conf",
    "**/supervisor/*.conf",
    "**/supervisor.d/*.conf",
    "**/supervisor.d/*.ini",
    "**/supervisord.d/*.conf",
    "**/supervisord.d/*.ini",
)

SIGNS = Signs(
    files=_FILES,
    manifests=_FILES,
    holds=r"^\[(?:program:|supervisord\]|fcgi-program:)",
)
