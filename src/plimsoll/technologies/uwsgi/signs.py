"""What uWSGI is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=(
        "uwsgi.ini",
        "*uwsgi*.ini",
        "uwsgi.yaml",
        "uwsgi.yml",
        "uwsgi.json",
        "*uwsgi*.yaml",
        "*uwsgi*.yml",
        "*uwsgi*.json",
        "uwsgi/apps-enabled/*.ini",
        "uwsgi/apps-available/*.ini",
        "vassals/*.ini",
        "uwsgi/*.ini",
        "uwsgi.d/*.ini",
        "uwsgi*.xml",
    ),
    programs=("uwsgi", "uwsgi-core", "uwsgi_python3", "uwsgi-python3", "pyuwsgi"),
    images=("uwsgi", "uwsgi-nginx-flask", "uwsgi-nginx"),
)
