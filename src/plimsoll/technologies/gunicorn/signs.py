"""What gunicorn is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=(
        "gunicorn.conf.py",
        "gunicorn*.conf.py",
        "gunicorn_conf*.py",
        "gunicorn_config*.py",
        "gunicorn-conf*.py",
        "gunicorn.config.py",
        "gunicorn.py",
    ),
    programs=("gunicorn", "gunicorn3"),
)
