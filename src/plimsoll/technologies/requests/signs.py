"""What requests is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("*.py",),
    holds=r"""^\s*(?:import|from)\s[^\n#]*\brequests\b""",
    accompanies=("gunicorn", "uvicorn", "uwsgi", "celery", "python", "rq"),
)
