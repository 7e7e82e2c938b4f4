"""Keep what goes to a model short, and say what was left out."""


def bounded(text: str, limit: int, remedy: str) -> str:
    """Return ``text`` in about ``limit`` characters: its head and tail around a mark.

    Args:
        text: What a tool or a command printed.
        limit: Characters of ``text`` to keep.
        remedy: How the model gets what is left out.
    """
    if len(text) <= limit:
        return text
    tail = limit // 3
    head = limit - tail
    left_out = len(text) - limit
    return f"{text[:head]}\n[… {left_out:,} characters left out; {remedy} …]\n{text[-tail:]}"


def one_line(text: str, limit: int = 200) -> str:
    """Return the words of ``text`` on one printable line of at most ``limit`` characters."""
    line = "".join(it if it.isprintable() else " " for it in text)
    line = " ".join(line.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
