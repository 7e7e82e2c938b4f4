"""Writes durations."""


def format_duration(seconds: int) -> str:
    """Return ``seconds`` as people write them, as ``"1h 30m"``."""
    parts = []
    for name, size in (("h", 3600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{name}")
    return " ".join(parts) or "0s"
