"""Text that others wrote, for a person: it says what it says, and does nothing else.

Nothing may move a cursor, change colours, reverse the direction of what follows or be there
unseen.  Each character that could stands as U+FFFD, so that a reader notices that there was one.
"""

import os
import re

_HIDDEN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # What a terminal obeys; NEL is among it.
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # The direction of text.
    "\u00ad\u034f\u115f\u1160\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e0fff"  # As the line before: what nobody sees.
    "\u2028\u2029"  # Lines to some readers.
    "\ud800-\udfff"  # Half a character, which no file takes.
    "]"
    # Joiners belong between letters of scripts and parts of emoji, and nowhere else.
    "|(?<![^\x00-\x7f\u200c\u200d])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f\u200c\u200d])"
)
_LINK = re.compile(r"\]\((?=https?:|command:|file:)", re.IGNORECASE)


def block(text: str) -> str:
    """Return ``text`` for a terminal; its lines and tabs stay."""
    return _HIDDEN.sub("�", text.replace("\r\n", "\n").replace("\r", "\n"))


def hides_something(name: str) -> bool:
    """Return whether a name holds what no name should: it is shown as another than it is."""
    return bool(re.search(r"[\t\n\r]", name) or _HIDDEN.search(name))


def one_line(text: str, limit: int = 200) -> str:
    """Return ``text`` on one line of at most ``limit`` characters."""
    return cut(block(" ".join(text.split())), limit)


def paragraph(text: str, limit: int = 2_000) -> str:
    """Return ``text`` for a diagnostic or a message of an editor, at most ``limit`` characters.

    Source:
        VS Code makes links, of commands too, out of ``[text](target)`` in its notifications
        (`src/vs/base/common/linkedText.ts`).
    """
    return _LINK.sub("] (", cut(block(text).strip(), limit))


def last_lines(text: str, n_lines: int) -> str:
    """Return the end of a program's output, and how much stood above it."""
    lines = block(text).rstrip("\n").split("\n")
    above = len(lines) - n_lines
    return "\n".join([*([f"[… {above} lines above …]"] if above > 0 else []), *lines[-n_lines:]])


def shown_path(path: str) -> str:
    """Return a path that can be sent as JSON: bytes that are not UTF-8 are escaped."""
    return os.fsencode(path).decode(errors="backslashreplace")


def cut(text: str, limit: int) -> str:
    """Return the beginning of a text that has more than ``limit`` characters, marked as such."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
