"""Money, numbers and time in words."""

from decimal import Decimal

_FRACTIONS_BELOW = Decimal(1)


def money(usd: Decimal) -> str:
    """Return an amount in cents; what is less than a dollar with hundredths of them, if any."""
    if usd >= _FRACTIONS_BELOW:
        return f"${usd:.2f}"
    cents, more = f"${usd:.4f}"[:-2], f"{usd:.4f}"[-2:]
    return cents + more.rstrip("0")


def count(number: int, noun: str) -> str:
    """Return ``3 findings``, ``1 finding``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def duration(seconds: float) -> str:
    """Return a span of time, as ``1 min 5 s``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (rest, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s"


def joined(*parts: str) -> str:
    """Return the parts that say something, with middle dots between them."""
    return " · ".join(part for part in parts if part)
