"""How uWSGI's configuration is read: its files, its command line, its environment."""

from __future__ import annotations

from plimsoll.model.reader import Reader
from plimsoll.technologies.uwsgi.command_line import arguments
from plimsoll.technologies.uwsgi.endpoints import endpoints
from plimsoll.technologies.uwsgi.files import read
from plimsoll.technologies.uwsgi.values import value
from plimsoll.technologies.uwsgi.winners import effective

READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=arguments,
    endpoints=endpoints,
    slip=0.9,
)
