"""VCL files and varnishd's command line.

Source: vcl(7), varnishd(1).
"""

from __future__ import annotations

from collections.abc import Sequence

from plimsoll.model.reader import Reader, last_wins
from plimsoll.model.setting import Setting
from plimsoll.technologies.varnish.command_line import arguments
from plimsoll.technologies.varnish.endpoints import endpoints
from plimsoll.technologies.varnish.pools import fitted
from plimsoll.technologies.varnish.values import adjusted, value
from plimsoll.technologies.varnish.vcl import read

# Of these every one holds.
_ADD_UP = frozenset(
    {"listen", "management", "read_only", "vcl", "import", "sub", "acl", "backend", "probe"}
    | {"director"}
)


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """The same settings in order; of a parameter the last on the command line holds."""
    last = iter(last_wins([each for each in fitted(settings) if not _adds_up(each)]))
    return [each if _adds_up(each) else adjusted(next(last)) for each in settings]


def _adds_up(setting: Setting) -> bool:
    return not setting.scope and setting.name in _ADD_UP


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=arguments,
    endpoints=endpoints,
    parts={
        "backend": "backend",
        "probe": "probe",
        "storage": "storage",
        "sub": "sub",
        "if": "branch",
    },
)
