"""The loop of one agent: ask its model, carry out what the reply calls for, until it submits.

What comes next is decided by the saved messages alone: calls without a result are carried out,
what is in the inbox is told, an ended agent returns, a silent one is told to go on, and
only then is the model asked.  So there is no state to lose, and resuming is the same as going on.
"""

from collections.abc import Sequence
from typing import Protocol

from podium.agent import guard
from podium.agent.context import fitted, n_tokens
from podium.agent.conversation import Agent, Conversation, Escalated, Outcome, Submitted
from podium.agent.doing import doing
from podium.domain.transcript import (
    AssistantMessage,
    Message,
    Reply,
    ToolCall,
    ToolMessage,
    UserMessage,
)
from podium.errors import ToolRetry
from podium.models.budget import Funds
from podium.models.gateway import ModelRequest, OnSwitch
from podium.text.plain import one_line
from podium.tools.context import AgentState, Mode, ToolContext
from podium.tools.tool import Reach

_MEMORY = {Reach.REPORTS, Reach.SUBMITS}


class Models(Protocol):
    """Whoever answers: `podium.models.gateway.Gateway`."""

    async def ask(
        self, ask: ModelRequest, *, budget: Funds, on_switch: OnSwitch | None = None
    ) -> Reply:
        """Return one paid reply."""
        ...


async def run_agent(
    agent: Agent,
    conversation: Conversation,
    models: Models,
    budget: Funds,
    ctx: ToolContext,
    *,
    on_switch: OnSwitch | None = None,
) -> Outcome:
    """Work until the agent submits or cannot go on, from wherever ``conversation`` is.

    Args:
        agent: Who works.
        conversation: What was said before, and where the rest is saved.
        models: Who answers.
        budget: What may be spent.
        ctx: What the tools may use; its state is rebuilt from the conversation.
        on_switch: Told of each fallback when it is taken.

    Raises:
        ModelError: No model answered, or the budget does not allow the next turn.
        UserError: A tool needs something that only the user can provide.
    """
    if missing := agent.opening[len(conversation.messages) :]:
        await conversation.save(*missing)
    await _remember(agent, conversation.messages, ctx)
    if guard.pending(conversation.messages):
        ctx.state.mode = Mode.RESUMING
    while True:
        messages = conversation.messages
        if calls := guard.pending(messages):
            await conversation.save(await _carry_out(agent, calls[0], messages, ctx))
            ctx.state.mode = Mode.LIVE
        elif news := await conversation.inbox.untold(guard.told(messages)):
            await conversation.save(*news)
            if not all(it.is_reminder for it in news):
                ctx.state.begin_anew()
        elif outcome := _ended(agent, messages, ctx.state):
            return outcome
        elif isinstance(messages[-1], AssistantMessage):
            await conversation.inbox.put(_reminder(agent, messages, ctx.state))
        elif isinstance(ask := _next_ask(agent, messages), Escalated):
            return ask
        else:
            reply = await models.ask(ask, budget=budget, on_switch=on_switch)
            await conversation.save_turn(reply, doing(reply.message))


async def _remember(agent: Agent, messages: Sequence[Message], ctx: ToolContext) -> None:
    """Rebuild what the agent has said of itself; feedback after its end lets it go on."""
    state = ctx.state
    state.mode = Mode.REMEMBERING
    n_before = len(messages) - len(guard.since_told(messages))
    for part in (messages[:n_before], messages[n_before:]):
        state.begin_anew()
        for call, result in guard.answered(part):
            tool = agent.tool(call.name)
            if result.is_error:
                state.n_refused[call.name] += 1
            elif tool and tool.reach in _MEMORY:
                await tool.call(call.arguments, ctx)
    state.mode = Mode.LIVE


async def _carry_out(
    agent: Agent, call: ToolCall, messages: Sequence[Message], ctx: ToolContext
) -> ToolMessage:
    """Return the result of one call; a call after the agent's end is not run."""
    if _has_ended(messages, ctx.state):
        return _result(call, guard.NOT_RUN, is_error=True)
    try:
        if cut_at := guard.cut_at(messages):
            raise ToolRetry(_cut(cut_at))  # noqa: TRY301  # Answered like what a tool raises.
        tool = agent.tool(call.name)
        if tool is None:
            names = ", ".join(it.name for it in agent.tools)
            message = f"there is no tool {one_line(call.name, 80)!r}; you have {names}"
            raise ToolRetry(message)  # noqa: TRY301  # Answered like what a tool raises.
        result = _result(call, await tool.call(call.arguments, ctx), is_error=False)
    except ToolRetry as refusal:
        ctx.state.n_refused[call.name] += 1
        result = _result(call, str(refusal), is_error=True)
    if guard.n_repeats(_steps([*messages, result])) == guard.N_REPEATS - 1:
        return result.evolve(text=result.text + guard.WARNING)
    return result


def _result(call: ToolCall, text: str, *, is_error: bool) -> ToolMessage:
    return ToolMessage(call_id=call.id, name=call.name, text=text, is_error=is_error)


def _steps(messages: Sequence[Message]) -> list[guard.Step]:
    return guard.steps(guard.since_told(messages))


def _has_ended(messages: Sequence[Message], state: AgentState) -> bool:
    return bool(
        state.submission is not None or state.escalation or guard.repeated(_steps(messages))
    )


def _ended(agent: Agent, messages: Sequence[Message], state: AgentState) -> Outcome | None:
    """Return how the agent's work has ended, if it has."""
    if state.submission is not None:
        return Submitted(state.submission)
    if state.escalation:
        return Escalated(state.escalation)
    said = guard.since_told(messages)
    n_cuts = guard.n_cuts(said, agent.changing)
    if n_cuts >= guard.N_REPEATS:
        return Escalated(
            f"its answers were cut off {n_cuts} times without changing anything; raise "
            "`max_output_tokens` in the configuration, or the budget if little of it is left"
        )
    if names := guard.repeated(_steps(messages)):
        return Escalated(f"repeated the same calls with the same results: {names}")
    n_standstills = guard.n_standstills(said, agent.changing, agent.names(Reach.SUBMITS))
    if n_standstills >= guard.N_REPEATS:
        left = "; ".join(state.open_todos)
        reason = f"tried to stop {n_standstills} times without changing anything"
        return Escalated(f"{reason}; still open: {left}" if left else reason)
    return None


def _reminder(agent: Agent, messages: Sequence[Message], state: AgentState) -> UserMessage:
    cut_at = guard.cut_at(messages)
    text = _cut(cut_at) if cut_at else _nudge(agent, state)
    return UserMessage(id=f"reminder {len(messages)}", text=f"[Podium] {text}", is_reminder=True)


def _cut(cut_at: int) -> str:
    return (
        f"Your answer was cut off at {cut_at:,} tokens, thinking included; what it broke off in "
        "was not carried out. The same again would end there again: take a shorter step. Make one "
        "call, write a long file in parts, and change a file by small edits."
    )


def _nudge(agent: Agent, state: AgentState) -> str:
    submit = " or ".join(f"`{it}`" for it in sorted(agent.names(Reach.SUBMITS)))
    left = "".join(f"\n- {it}" for it in state.open_todos)
    todos = f" Your open todos:{left}\n" if left else " "
    return (
        f"Nobody reads a reply without a tool call.{todos}"
        f"Go on with the work; only {submit} ends it."
    )


def _next_ask(agent: Agent, messages: Sequence[Message]) -> ModelRequest | Escalated:
    """Return what to ask next, or why nothing can be asked any more."""
    n_turns = sum(isinstance(it, AssistantMessage) for it in guard.since_told(messages))
    if n_turns >= agent.max_turns:
        return Escalated(f"took {n_turns} turns, as many as allowed, without an end")
    sent = fitted(messages, agent.input_tokens)
    if sum(map(n_tokens, sent)) > agent.input_tokens:
        return Escalated(
            f"its transcript does not fit into {max(0, agent.input_tokens):,} tokens any more, "
            "which is what a model's `context_tokens` leave beside its `max_output_tokens`; "
            "change those in the configuration, or make the task smaller"
        )
    return ModelRequest(
        models=agent.models,
        messages=sent,
        tools=tuple(it.schema for it in agent.tools),
        max_output_tokens=agent.max_output_tokens,
    )
