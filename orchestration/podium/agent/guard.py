"""See from a transcript that an agent goes round in circles or stands still.

A model that repeats itself never stops by itself, and each repetition is paid for with the
whole transcript.  All checks are pure functions of the messages, so a resumed agent is judged
as if nothing had happened.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from podium.domain.transcript import (
    AssistantMessage,
    Message,
    ToolCall,
    ToolMessage,
    UserMessage,
)

MAX_CYCLE = 3
"""Calls in the longest cycle that is noticed."""
N_REPEATS = 3
"""How often a cycle, or an attempt to stop, is seen before the agent is stopped."""
WARNING = (
    "\n\n[Podium: you have made the same calls with the same results before. "
    "Do something else, or end your work; the next repetition ends it.]"
)
NOT_RUN = "not run: your work had ended before this call"

_VOLATILE = re.compile(r"(?<!\d)\d{1,9}\.\d+|0x[0-9a-fA-F]+|\b\d\d:\d\d:\d\d\b")
"""Durations, addresses and times: they differ between results that say the same.

The bound and the look behind keep this linear in a long run of digits.
"""

Step = tuple[str, str, str]
"""A call's tool, its arguments, and its result without what is volatile."""


def since_told(messages: Sequence[Message]) -> Sequence[Message]:
    """Return what followed the last thing that the agent was told, reminders apart."""
    for at in range(len(messages) - 1, -1, -1):
        it = messages[at]
        if isinstance(it, UserMessage) and not it.is_reminder:
            return messages[at + 1 :]
    return messages


def told(messages: Sequence[Message]) -> frozenset[str]:
    """Return the ids of what the agent was told."""
    return frozenset(it.id for it in messages if isinstance(it, UserMessage))


def answered(messages: Sequence[Message]) -> Iterator[tuple[ToolCall, ToolMessage]]:
    """Yield each call with its result; by position, because models use an id twice."""
    waiting: Iterator[ToolCall] = iter(())
    for it in messages:
        if isinstance(it, AssistantMessage):
            waiting = iter(it.tool_calls)
        elif isinstance(it, ToolMessage):
            yield next(waiting), it


def pending(messages: Sequence[Message]) -> tuple[ToolCall, ...]:
    """Return the calls of the last reply that have no result yet."""
    for n_results, it in enumerate(reversed(messages)):
        if isinstance(it, AssistantMessage):
            return it.tool_calls[n_results:]
        if not isinstance(it, ToolMessage):
            break
    return ()


def steps(messages: Sequence[Message]) -> list[Step]:
    """Return the latest calls that were carried out, as many as repetition is looked for in."""
    run = [it for it in answered(messages) if it[1].text != NOT_RUN]
    return [
        (call.name, call.arguments, _lasting(result.text))
        for call, result in run[-MAX_CYCLE * N_REPEATS :]
    ]


@lru_cache(maxsize=256)
def _lasting(result: str) -> str:
    """Return a result without what differs each time; it is looked at again in nine turns."""
    return _VOLATILE.sub("#", result.removesuffix(WARNING))


def n_repeats(done: Sequence[Step]) -> int:
    """Return how often the latest cycle of calls was made in a row, counted up to `N_REPEATS`."""
    return max(_n_repeats(done, length) for length in range(1, MAX_CYCLE + 1))


def repeated(done: Sequence[Step]) -> str:
    """Return the tools of a cycle that was made `N_REPEATS` times in a row, or nothing."""
    for length in range(1, MAX_CYCLE + 1):
        if _n_repeats(done, length) == N_REPEATS:
            return ", ".join(name for name, _, _ in done[-length:])
    return ""


def _n_repeats(done: Sequence[Step], length: int) -> int:
    cycle = done[-length:]
    count = 1
    while cycle and count < N_REPEATS and done[-length * (count + 1) : -length * count] == cycle:
        count += 1
    return count


def cut_at(messages: Sequence[Message]) -> int:
    """Return after how many tokens what comes next in the last reply was cut off; 0 if it is whole.

    Only the end of a reply can be missing: its last call, or what it would have said or called.
    """
    reply = next((it for it in reversed(messages) if isinstance(it, AssistantMessage)), None)
    is_last = len(pending(messages)) == min(1, len(reply.tool_calls)) if reply else False
    return reply.cut_at if reply and is_last else 0


def n_cuts(messages: Sequence[Message], changing: Collection[str]) -> int:
    """Return how many replies were cut off since the agent changed anything.

    Args:
        messages: What followed the last thing that the agent was told.
        changing: The tools that change something when they succeed.
    """
    count = 0
    for it in messages:
        if isinstance(it, AssistantMessage):
            count += it.cut_at > 0
        elif isinstance(it, ToolMessage) and not it.is_error and it.name in changing:
            count = 0
    return count


def n_standstills(
    messages: Sequence[Message], changing: Collection[str], submitting: Collection[str]
) -> int:
    """Return how often the agent has tried to stop, for the same reason, since it changed anything.

    Args:
        messages: What followed the last thing that the agent was told.
        changing: The tools that change something when they succeed.
        submitting: The tools that end the agent's work when they succeed.
    """
    count, refusal = 0, ""
    for it in messages:
        if isinstance(it, AssistantMessage):
            count += not it.tool_calls
        elif isinstance(it, ToolMessage) and not it.is_error and it.name in changing:
            count = 0
        elif isinstance(it, ToolMessage) and it.is_error and it.name in submitting:
            text = it.text.removesuffix(WARNING)
            count = count + 1 if text == refusal else 1
            refusal = text
    return count
