"""Words of verdicts."""

from podium.sandbox.port import Completed

MAX_CHARACTERS = 12_000
"""Of a verdict's output: its end is what people and models look at first."""


def counted(number: int, noun: str) -> str:
    """Return ``3 files`` for 3 and ``file``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def end_of(output: str) -> str:
    """Return the end of a long output, marked as such, from the beginning of a line."""
    if len(output) <= MAX_CHARACTERS:
        return output
    end = output[-MAX_CHARACTERS:]
    return f"[… the beginning is left out …]\n{end[end.find(chr(10)) + 1 :]}"


def how_it_ended(completed: Completed) -> str:
    """Return the end of a sentence about a command."""
    if completed.timed_out:
        return f"was not done within {completed.duration_s:.0f} s and was ended"
    status = f"exited with {completed.exit_status}"
    match completed.exit_status:
        case 127:
            return f"{status}: a program was not found where the sandbox finds programs"
        case 137:
            return f"{status}: it was killed, perhaps for its memory (`sandbox.memory_mb`)"
        case _:
            return status
