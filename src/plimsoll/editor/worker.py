"""Who checks: one stack after the other, in the main thread, while another one talks to the editor.

A check begins at once. One that a newer text makes out of date is given up, unless nothing was told
for a while: who types without a pause sees findings all the same.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic

from msgspec import Struct

from plimsoll.editor.stacks import Checked, Open, WatchedStack

# So long a stack may stay without an answer because of newer texts.
LONGEST_SILENCE_S = 0.3
# After so little rest what checks left behind is looked for, or after so many checks without one.
PAUSE_S = 0.05
MOST_LEFT = 20
# After so much rest what lies on the disk is looked at once more.
REST_S = 0.5


class Request(Struct, frozen=True):
    """A stack to be checked. *looks_again*: its files on the disk may have changed."""

    stack: WatchedStack
    texts: Mapping[str, Open]
    looks_again: bool = False


class _SupersededError(Exception):
    """A newer text of the stack is waiting, or nobody waits for an answer any more."""


class Worker:
    """Checks what it is asked to, the newest of each stack, and tells what was found."""

    def __init__(self, tell: Callable[[Checked], None]) -> None:
        self._tell = tell
        self._waiting: dict[Path, Request] = {}
        self._done: dict[Path, Request] = {}  # that are to be looked at again
        self._told: dict[Path, float] = {}  # when
        self._changed = threading.Condition()
        self._is_stopped = False
        self._left = 0  # checks whose leavings nobody has looked for

    def ask(self, request: Request) -> None:
        """Has a stack checked; what waits of it already is out of date."""
        with self._changed:
            before = self._waiting.get(request.stack.root)
            looks_again = request.looks_again or (before is not None and before.looks_again)
            root = request.stack.root
            self._waiting[root] = Request(request.stack, request.texts, looks_again)
            self._told.setdefault(root, monotonic())
            self._changed.notify()

    def drop(self, root: Path) -> None:
        """Nobody has a file of that stack open any more."""
        with self._changed:
            for each in (self._waiting, self._done, self._told):
                each.pop(root, None)

    def stop(self) -> None:
        """Has `run` return."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify()

    def run(self) -> None:
        """Checks until it is stopped."""
        gc.collect()
        gc.freeze()  # rules and schemas live until the end
        gc.disable()  # and what a check leaves is looked for when nobody waits
        while (request := self._next()) is not None:
            try:
                self._check(request)
            except _SupersededError:
                continue

    def _next(self) -> Request | None:
        """What is to be checked next; None: stop."""
        with self._changed:
            while not self._is_stopped and not self._waiting:
                if self._changed.wait(PAUSE_S if self._left else REST_S if self._done else None):
                    continue
                if self._left:
                    self._collect()
                    continue
                for root, request in self._done.items():
                    self._waiting[root] = Request(request.stack, request.texts, looks_again=True)
                self._done.clear()
            if self._is_stopped:
                return None
            return self._waiting.pop(next(iter(self._waiting)))

    def _check(self, request: Request) -> None:
        root = request.stack.root
        if request.looks_again:
            request.stack.look_again()

        def go_on(_rule: str, _done: int, _of: int) -> None:
            if self._is_stopped:
                raise _SupersededError
            if root in self._waiting and monotonic() - self._told[root] < LONGEST_SILENCE_S:
                raise _SupersededError

        checked = request.stack.check(request.texts, go_on)
        with self._changed:
            if root not in self._told:
                return  # it was dropped meanwhile
            self._told[root] = monotonic()
            if not request.looks_again:
                self._done[root] = request
        self._tell(checked)
        self._left += 1
        if self._left >= MOST_LEFT:
            self._collect()

    def _collect(self) -> None:
        gc.collect()
        self._left = 0
