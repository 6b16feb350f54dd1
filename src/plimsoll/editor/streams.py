"""The two streams to the editor: what is read has bounds, and one message is written at a time."""

from __future__ import annotations

import io
import threading
from typing import BinaryIO

# Of what is no header; and of a message: the longest text that we read, with what JSON makes of it.
_LONGEST_LINE = 4_096
LONGEST_MESSAGE = 64 * 1024**2


class BoundedReader(io.RawIOBase):
    """Standard input. A message that is too long ends it, as its end would."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readline(self, _size: int | None = -1, /) -> bytes:
        return self._stream.readline(_LONGEST_LINE)

    def read(self, size: int = -1, /) -> bytes:
        return self._stream.read(size) if 0 <= size <= LONGEST_MESSAGE else b""


class LockedWriter(io.RawIOBase):
    """Standard output, for the thread that checks and the one that answers."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        with self._lock:
            if self.closed:
                return 0
            self._stream.write(data)
            self._stream.flush()
            return len(data)

    def close(self) -> None:
        with self._lock:
            super().close()
