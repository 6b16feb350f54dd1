"""What the files of pam_limits are recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("security/limits.conf", "limits.conf", "limits.d/*.conf"),
    # Drop-ins of systemd are often called limits.conf too.
    holds=r"^[ \t]*[^#\s]\S*[ \t]+(?:soft|hard|-)[ \t]+[A-Za-z]+[ \t]+\S",
)
