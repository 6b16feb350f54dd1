"""What Django is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=(
        "settings.py",
        "settings/production.py",
        "settings/prod.py",
        "settings/*.py",
        "settings_*.py",
        "*_settings.py",
    ),
    accompanies=("gunicorn", "uvicorn", "uwsgi", "celery", "rq"),
)
