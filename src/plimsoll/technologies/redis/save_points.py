"""Which lines of `save` hold.

They add up, and `save ""` takes back those before it. But once the server has read an included file
to its end, each further line takes back all before it (measured on 7.0.15). That a file has ended
is seen only where the one that includes it says something above and below.
"""

from __future__ import annotations

from collections.abc import Sequence

from plimsoll.model.reader import shadowed
from plimsoll.model.setting import Origin, Setting, Status


def effective_saves(settings: Sequence[Setting]) -> dict[int, Setting]:
    """Each line of `save` by its index in *settings*, shadowed by the one that takes it back."""
    judged: dict[int, Setting] = {}
    held: list[int] = []
    for index, (each, is_behind_include) in enumerate(
        zip(settings, _behind_includes(settings), strict=True)
    ):
        if each.name != "save":
            continue
        judged[index] = each
        if each.status is Status.EFFECTIVE:
            is_after_reset = bool(held) and not settings[held[0]].text  # then it stands alone
            if is_behind_include or not each.text or is_after_reset:
                judged |= {at: shadowed(settings[at], each) for at in held}
                held.clear()
            held.append(index)
    return judged


def _behind_includes(settings: Sequence[Setting]) -> list[bool]:
    """Of each setting, whether an included file has ended before it and no other has begun."""
    files: dict[str, None] = {}  # the files that are being read, the outermost first
    innermost = ""
    has_ended = False
    found = []
    for each in settings:
        path = each.place.path if each.place else ""
        if each.origin is not Origin.FILE:
            has_ended = has_ended or len(files) > 1
        elif path in files:
            has_ended = has_ended or path != innermost
            while innermost != path:
                files.popitem()
                innermost = next(reversed(files))
        else:
            files[path] = None
            innermost = path
            has_ended = False
        found.append(has_ended)
    return found
