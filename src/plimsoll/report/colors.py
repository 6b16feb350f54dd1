"""Colors of a terminal, when there is one."""

from __future__ import annotations

from msgspec import Struct

from plimsoll.model.finding import Severity

_OFF = "\x1b[0m"
_SEVERITIES = {
    Severity.CRITICAL: "\x1b[1;31m",
    Severity.HIGH: "\x1b[31m",
    Severity.MEDIUM: "\x1b[33m",
    Severity.LOW: "\x1b[36m",
}


class Paint(Struct, frozen=True):
    """Puts colors around text that is already fit to be sent."""

    is_colored: bool

    def severity(self, severity: Severity, text: str) -> str:
        return self._around(text, _SEVERITIES[severity])

    def strong(self, text: str) -> str:
        return self._around(text, "\x1b[1m")

    def faint(self, text: str) -> str:
        return self._around(text, "\x1b[2m")

    def _around(self, text: str, code: str) -> str:
        return f"{code}{text}{_OFF}" if self.is_colored and text else text
