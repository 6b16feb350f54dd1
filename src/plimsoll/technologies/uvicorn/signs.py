"""What uvicorn is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    # A main.py that starts it may be for a developer only: that one has to be listed.
    files=("*uvicorn*.py",),
    holds=r"\buvicorn\.(?:run|Config)\s*\(|^\s*from uvicorn import .*\b(?:run|Config)\b",
    programs=("uvicorn", "fastapi"),
)
