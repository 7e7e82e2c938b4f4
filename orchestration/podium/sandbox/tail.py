"""Output of any length in bounded memory: its beginning and its end."""

HEAD_BYTES = 16_000
TAIL_BYTES = 48_000


class Tail:
    """Collects bytes, keeping the first `HEAD_BYTES` and the last `TAIL_BYTES`."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._tail = bytearray()
        self._n_dropped = 0

    def add(self, chunk: bytes) -> None:
        """Take the next piece of output."""
        room = HEAD_BYTES - len(self._head)
        self._head += chunk[:room]
        self._tail += chunk[room:]
        excess = len(self._tail) - TAIL_BYTES
        if excess > 0:
            del self._tail[:excess]
            self._n_dropped += excess

    def text(self) -> str:
        """Return what is kept, with a mark where something was left out."""
        if self._n_dropped == 0:
            return bytes(self._head + self._tail).decode(errors="replace")
        mark = f"\n[… {self._n_dropped:,} bytes left out …]\n"
        return self._head.decode(errors="replace") + mark + self._tail.decode(errors="replace")
