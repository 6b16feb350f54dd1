"""What redis-py is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("*.py",),
    holds=r"""^\s*(?:import|from)\s[^\n#]*\b(?:redis|aioredis|valkey)\b""",
    accompanies=("gunicorn", "uvicorn", "uwsgi", "celery", "python", "rq"),
)
