"""What nginx of a version makes of a file that it reads without an error."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from plimsoll.model.setting import Block, Setting, Status
from plimsoll.model.version import Version

_METHODS = frozenset({"hash", "ip_hash", "least_conn", "least_time", "random"})
# From here on the order of the two does not matter.
_KEEPS_BOTH = Version("1.29.7")
_LOST = "a balancing method behind it replaces it: before {0} keepalive has to stand below {1}"


def in_version(settings: Sequence[Setting], version: Version | None) -> list[Setting]:
    """The same settings; a keepalive that the balancing method behind it undoes is ignored.

    Of an unknown version it is: the ones that keep it came in 2026.

    Source: ngx_http_upstream_module, keepalive; measured 1.22.1: "load balancing method redefined".
    """
    if version is not None and version.reaches(_KEEPS_BOTH) is not False:
        return list(settings)
    methods: dict[tuple[Block, ...], str] = {}
    judged = []
    for each in reversed(settings):
        is_of_upstream = bool(each.scope) and each.scope[-1].kind == "upstream"
        if is_of_upstream and each.name == "keepalive" and each.scope in methods:
            reason = _LOST.format(_KEEPS_BOTH, methods[each.scope])
            each = replace(each, status=Status.IGNORED, reason=reason)
        elif is_of_upstream and each.name in _METHODS:
            methods[each.scope] = each.name
        judged.append(each)
    return judged[::-1]
