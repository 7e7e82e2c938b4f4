"""Notices: what the user should know that belongs to no single plan."""

from collections.abc import Callable


class Notices:
    """Standing messages by subject, so that each can be withdrawn when it no longer holds."""

    def __init__(self) -> None:
        self.on_change: Callable[[], None] = lambda: None
        """Called after the messages changed."""
        self._messages: dict[str, tuple[str, ...]] = {}

    def put(self, subject: str, *messages: str) -> None:
        """Show ``messages`` about ``subject`` from now on, in place of earlier ones."""
        if self._messages.get(subject, ()) == messages:
            return
        if messages:
            self._messages[subject] = messages
        else:
            del self._messages[subject]
        self.on_change()

    @property
    def all(self) -> tuple[str, ...]:
        """Every message."""
        return tuple(it for messages in self._messages.values() for it in messages)
