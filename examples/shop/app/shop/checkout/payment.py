"""The sessions with the payment service.

Every thread that may check out has a session of its own. A session is kept alive and asks whether the
service confirmed something meanwhile, each in a thread of its own: the service's library works so.
"""

import threading
import time

ASKS_EVERY_S = 0.01


class Session(threading.Thread):
    """Ends with its process."""

    def __init__(self):
        super().__init__(daemon=True, name="payment")
        self.confirmed = []

    def run(self):
        while True:
            time.sleep(ASKS_EVERY_S)
            self.confirmed.clear()


def open_sessions(number):
    """One for each of *number* threads."""
    for _ in range(number):
        Session().start()
