"""What sysctl is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("sysctl.conf", "sysctl.d/*.conf"),
)
