"""Marks of template languages in a file that nobody rendered."""

from __future__ import annotations

import re

# Why such a line is not read. It does not quote the line: a secret may stand there.
UNRENDERED = "a template that was not rendered"

_MARKS = re.compile(r"\{\{|\{%|<%")  # Jinja, Go, Helm; ERB
_VARIABLES = re.compile(r"\$\{|@\w+@")  # envsubst; autoconf


def is_unrendered(text: str, *, has_variables: bool = False) -> bool:
    """Whether *text* comes out of a template that was not rendered: its value is not known.

    *has_variables*: the format itself knows `${...}` or `@...@` here.
    """
    if _MARKS.search(text):
        return True
    return not has_variables and _VARIABLES.search(text) is not None
