"""One server, asked: every question and answer kept, all within one limit of time."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from time import monotonic

from plimsoll.hosts import Host, HostError
from plimsoll.model.live import Answer, Server

SECONDS = 3.0  # for all questions to one server; each of them answers in a tenth of it
MOST = 16 * 1024**2
# What a question may know of the one who asks: where programs are, and where credentials usually are.
_KEPT = frozenset({"PATH", "HOME", "USER", "LANG", "LC_ALL"})
_BECOME = "setpriv"
_CREDENTIALS = ("PG", "MYSQL_", "REDISCLI_")


class Asker:
    """Implements `Asking` over a host. *user*: who we are there."""

    def __init__(self, host: Host, server: Server, user: int, seconds: float = SECONDS) -> None:
        self.answers: dict[str, Answer] = {}
        self._host = host
        self._server = server
        self._user = user
        self._end = monotonic() + seconds

    def run(
        self, name: str, words: Sequence[str], *, environment: Mapping[str, str] | None = None
    ) -> Answer:
        known = {
            key: value
            for key, value in os.environ.items()
            if key in _KEPT or key.startswith(_CREDENTIALS)
        }
        try:
            done = self._host.run(
                (*self._as_owner(), *words),
                seconds=self._left(),
                environment={**known, **(environment or {})},
                most=MOST,
            )
        except HostError as problem:
            reason = str(problem).replace(_BECOME, words[0], 1)
            return self._keep(name, Answer(failure=reason))
        if done.is_cut:
            return self._keep(name, Answer(failure=f"{words[0]} wrote more than {MOST} bytes"))
        if done.code:
            said = (done.err or done.out).strip().splitlines() or [f"ended with {done.code}"]
            return self._keep(name, Answer(done.out, f"{words[0]}: {said[-1]}"))
        return self._keep(name, Answer(done.out or done.err))  # several say their version there

    def read(self, name: str, path: str) -> Answer:
        """In a process of its own: whoever may write there may have put a pipe in its place."""
        words = ("head", "-c", str(MOST), "--", path)
        try:
            done = self._host.run(words, seconds=self._left(), most=MOST)
        except HostError as problem:
            return self._keep(name, Answer(failure=str(problem)))
        failure = done.err.strip() if done.code else ""
        return self._keep(name, Answer(done.data.decode("utf-8", "surrogateescape"), failure))

    def talk(self, name: str, address: str, sent: bytes, end: bytes) -> Answer:
        try:
            data = self._host.talk(address, sent, end, seconds=self._left(), most=MOST)
        except HostError as problem:
            return self._keep(name, Answer(failure=str(problem)))
        if not data.endswith(end):
            reason = f"{address}: its answer of {len(data)} bytes is not whole"
            return self._keep(name, Answer(failure=reason))
        return self._keep(name, Answer(data.decode("utf-8", "surrogateescape")))

    def _left(self) -> float:
        return max(0.01, self._end - monotonic())

    def _as_owner(self) -> tuple[str, ...]:
        """Who may become anybody asks as the server's user: servers let that one in at their socket."""
        main = self._server.main
        if self._user != 0 or main.user == 0:
            return ()
        return (
            _BECOME,
            f"--reuid={main.user}",
            f"--regid={main.group}",
            "--clear-groups",
        )

    def _keep(self, name: str, answer: Answer) -> Answer:
        self.answers[name] = answer
        return answer
