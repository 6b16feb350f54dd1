"""Words of POSIX shell commands, each with the place where it stands. Nothing is ever run."""

from __future__ import annotations

from plimsoll.syntax.shell.expansion import Variables, expanded
from plimsoll.syntax.shell.lines import again, unwrapped, words, words_in
from plimsoll.syntax.shell.pieces import located
from plimsoll.syntax.shell.script import Start, assignments, left_in, starts

__all__ = [
    "Start",
    "Variables",
    "again",
    "assignments",
    "expanded",
    "left_in",
    "located",
    "starts",
    "unwrapped",
    "words",
    "words_in",
]
