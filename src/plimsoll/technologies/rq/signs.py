"""What RQ is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(files=("rq_settings.py", "rqsettings.py"), programs=("rq", "rqworker"), makes="queue")
