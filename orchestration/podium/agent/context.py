"""Fit a transcript into a model's context.

Only what is sent is shortened; what is saved stays whole.  Old tool results go first, because
the agent can get them again; what it was told and what it said stay.  The cut moves rarely and
far, and depends on nothing but the messages up to it, so most turns send the same beginning and
the provider's prompt cache holds.
"""

from collections.abc import Sequence

from podium.agent.guard import answered
from podium.domain.transcript import AssistantMessage, Message, ToolMessage
from podium.text.plain import one_line

CHARACTERS_PER_TOKEN = 3.5
"""Of code and English with common tokenizers; low, so that the estimate is high."""
FULL = 0.7
"""The share of the context from which on old results are left out."""
SHORTENED = 0.4
"""The share that is aimed at then."""
MAX_CUT_CALL = 2_000
"""Characters of a call that was cut off: it was not carried out, and is sent with each turn."""
N_KEPT = 8
"""The latest messages, which are never shortened."""


def n_tokens(message: Message) -> int:
    """Return about how many tokens a message takes."""
    n_characters = len(message.text)
    if isinstance(message, AssistantMessage):
        n_characters += sum(len(it.name) + len(it.arguments) for it in message.tool_calls)
    return int(n_characters / CHARACTERS_PER_TOKEN) + 8


def fitted(messages: Sequence[Message], context_tokens: int) -> tuple[Message, ...]:
    """Return what to send: ``messages``, with old tool results as one-line stubs if need be."""
    stubs = (_stub(call.name, call.arguments, it) for call, it in answered(messages))
    sent: list[Message] = []
    size, cut = 0, 0
    for message in map(_without_cut_call, messages):
        sent.append(message)
        size += n_tokens(message)
        if size <= FULL * context_tokens:
            continue
        while size > SHORTENED * context_tokens and cut < len(sent) - N_KEPT:
            old = sent[cut]
            if isinstance(old, ToolMessage):
                sent[cut] = next(stubs)
                size += n_tokens(sent[cut]) - n_tokens(old)
            cut += 1
    return tuple(sent)


def _without_cut_call(message: Message) -> Message:
    """Return an answer that was cut off in a call with no more than the call's beginning."""
    if not isinstance(message, AssistantMessage) or not message.cut_at or not message.tool_calls:
        return message
    *whole, cut = message.tool_calls
    cut = cut.evolve(arguments=cut.arguments[:MAX_CUT_CALL])
    return message.evolve(tool_calls=(*whole, cut))


def _stub(name: str, arguments: str, result: ToolMessage) -> ToolMessage:
    what = one_line(f"{name} {arguments}", 120)
    text = f"[output of {what}, {len(result.text):,} characters, left out; call again if needed]"
    return result if len(text) >= len(result.text) else result.evolve(text=text)
