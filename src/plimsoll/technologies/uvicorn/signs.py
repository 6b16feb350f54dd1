"""What uvicorn is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("main.py", "app.py", "run.py", "server.py", "serve.py", "asgi.py", "__main__.py"),
    holds=r"\buvicorn\.(?:run|Config)\s*\(|^\s*from uvicorn import .*\b(?:run|Config)\b",
    programs=("uvicorn", "fastapi"),
)
