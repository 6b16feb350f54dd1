"""What Celery is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=(
        "celeryconfig.py",
        "celery_config.py",
        "celery.py",
        "celery_app.py",
        "celeryapp.py",
        "celery.yaml",
        "celery.yml",
        "settings.py",
        "settings/*.py",
        "settings_*.py",
        "*_settings.py",
        "tasks.py",
    ),
    programs=("celery", "celeryd"),
    accompanies=("gunicorn", "uvicorn", "uwsgi", "python"),
    holds=r"^\s*(?:from|import)\s+celery\b|\bCELERYD?_[A-Z]|\bCelery\(|^\s*celery:"
    r"|^(?:worker|task|broker|result)_\w+\s*=",
    variables=("CELERY_BROKER_URL", "CELERY_RESULT_BACKEND"),
    makes="queue",
)
