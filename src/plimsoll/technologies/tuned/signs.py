"""What tuned's profiles are recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(files=("tuned.conf",))
