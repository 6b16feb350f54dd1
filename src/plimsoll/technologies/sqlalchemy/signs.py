"""What SQLAlchemy is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("*.py",),
    holds=r"""create_(?:async_)?engine|engine_from_config|SQLALCHEMY_(?:ENGINE_OPTIONS|POOL|MAX_OVERFLOW|DATABASE_URI)""",
    accompanies=("gunicorn", "uvicorn", "uwsgi", "celery", "python", "rq"),
)
