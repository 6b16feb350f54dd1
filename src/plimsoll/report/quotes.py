"""Lines of the stack's files, quoted for the settings that stand on them."""

from __future__ import annotations

from collections.abc import Mapping

from plimsoll.model.place import Span
from plimsoll.model.setting import Setting
from plimsoll.report.quoting import Quote, quoted
from plimsoll.report.secret_texts import Range, merged
from plimsoll.report.secrets import Mask, is_secret


class Quotes:
    """Quotes of the files in *texts*; a file is cut into lines once, when it is needed."""

    __slots__ = ("_lines", "_mask", "_texts")

    def __init__(self, texts: Mapping[str, str], mask: Mask) -> None:
        self._texts = texts
        self._mask = mask
        self._lines: dict[str, list[str]] = {}

    def of(self, setting: Setting, width: int) -> Quote | None:
        """The line where the value of *setting* begins; None where there is no such line."""
        if setting.place is None or setting.place.path not in self._texts:
            return None
        span = setting.place.value or setting.place.span
        lines = self._of_file(setting.place.path)
        if not 1 <= span.line <= len(lines):
            return None
        line = lines[span.line - 1]
        start, end = on_line(span, len(line))
        secrets = self._mask.line(line)
        if is_secret(setting):
            secrets = merged([*secrets, (start, end)])
        return quoted(line, start, end, width, secrets)

    def _of_file(self, path: str) -> list[str]:
        if path not in self._lines:
            self._lines[path] = self._texts[path].split("\n")
        return self._lines[path]


def on_line(span: Span, length: int) -> Range:
    """The offsets of what *span* covers of its first line, which is *length* characters long."""
    start = min(span.column - 1, length)
    return start, span.end_column - 1 if span.end_line == span.line else length
