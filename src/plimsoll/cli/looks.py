"""How the terminal wants to see it."""

from __future__ import annotations

import os
import shutil
from typing import TextIO

from plimsoll.report.format import Look

_USUAL, _WIDEST = (100, 24), 120


def look_of(out: TextIO, *, is_brief: bool = False) -> Look:
    """Colours on a terminal only, unless NO_COLOR is set; as wide as it, up to 120 columns."""
    is_plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    width = min(shutil.get_terminal_size(_USUAL).columns, _WIDEST)
    return Look(width=width, is_colored=out.isatty() and not is_plain, is_brief=is_brief)
