"""What modprobe's files are recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(files=("modprobe.d/*.conf", "modprobe.conf"))
