from podium.agent.context import FULL, N_KEPT, fitted, n_tokens
from podium.domain.transcript import (
    AssistantMessage,
    Message,
    SystemMessage,
    ToolCall,
    ToolMessage,
    UserMessage,
)

CONTEXT_TOKENS = 20_000


def conversation(n_turns: int, n_characters: int = 2_000) -> list[Message]:
    messages: list[Message] = [SystemMessage(text="s" * 500), UserMessage(text="u" * 5_000)]
    for n in range(n_turns):
        call = ToolCall(id="0", name="read_file", arguments=f'{{"path": "f{n}"}}')
        messages.append(AssistantMessage(text="I look.", tool_calls=(call,)))
        messages.append(ToolMessage(call_id="0", name="read_file", text=f"{n % 10}" * n_characters))
    return messages


def test_what_fits_is_sent_whole() -> None:
    messages = conversation(5)
    assert fitted(messages, CONTEXT_TOKENS) == tuple(messages)


def test_only_old_tool_results_are_shortened() -> None:
    messages = conversation(60)
    sent = fitted(messages, CONTEXT_TOKENS)
    changed = [n for n, (old, new) in enumerate(zip(messages, sent, strict=True)) if old != new]
    assert changed
    assert all(isinstance(messages[n], ToolMessage) for n in changed)
    assert max(changed) < len(messages) - N_KEPT
    assert changed == list(range(3, max(changed) + 1, 2))
    assert sum(map(n_tokens, sent)) <= FULL * CONTEXT_TOKENS


def test_what_is_sent_changes_rarely_so_that_the_providers_cache_holds() -> None:
    messages = conversation(60)
    n_changes = 0
    before: tuple[Message, ...] = ()
    for n in range(2, len(messages) + 1, 2):
        sent = fitted(messages[:n], CONTEXT_TOKENS)
        n_changes += sent[: len(before)] != before
        before = sent
    assert 1 <= n_changes <= 8


def test_short_results_stay_because_a_stub_would_be_longer() -> None:
    messages = conversation(1_000, n_characters=10)
    assert fitted(messages, 1_000) == tuple(messages)
