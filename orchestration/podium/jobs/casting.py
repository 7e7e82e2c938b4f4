"""Which models play a role, how much they can be told, and the play itself."""

from collections.abc import Collection
from typing import TypeVar

from podium.agent.conversation import Agent, Escalated
from podium.agent.loop import run_agent
from podium.configuration import Configuration, ModelSettings
from podium.configuration.defaults import MAX_OUTPUT_TOKENS
from podium.domain.base import Frozen
from podium.domain.roles import Role
from podium.domain.transcript import Message
from podium.jobs.conversations import RecordedConversation
from podium.jobs.services import Services
from podium.models.categories import models_for
from podium.tools.context import ToolContext
from podium.tools.table import tools_named

T = TypeVar("T", bound=Frozen)

CONTEXT_TOKENS = 128_000
"""What every current model of the default categories can read at once, and more."""
OUTPUT_SHARE = 4
"""An answer may take one part in so many of a model's context: what it was told must fit, too."""


def cast(
    role: Role,
    opening: tuple[Message, ...],
    settings: Configuration,
    *,
    category: str = "",
    not_families: Collection[str] = (),
) -> Agent:
    """Return the agent that plays ``role``.

    Args:
        role: Which.
        opening: What it is told first.
        settings: Where categories, models and limits are set.
        category: What kind of thinking; the role's own by default.
        not_families: Families that must not play it: the authors', for a reviewer.

    Raises:
        UserError: No model can play it; the message says which setting would mend that.
    """
    thinking = category or settings.roles[role.name]
    models = models_for(thinking, settings, not_families=not_families)
    known = [settings.models.get(it, ModelSettings()) for it in models]
    contexts = [it.context_tokens or CONTEXT_TOKENS for it in known]
    asked = settings.max_output_tokens.get(thinking, MAX_OUTPUT_TOKENS)
    output = min(asked, min(contexts) // OUTPUT_SHARE)
    inputs = (at - (it.max_output_tokens or output) for at, it in zip(contexts, known, strict=True))
    return Agent(
        models=models,
        opening=opening,
        tools=tools_named(role.tools),
        max_turns=settings.limits.turns_per_task,
        input_tokens=min(inputs),
        max_output_tokens=output,
    )


async def play(
    agent: Agent,
    talk: RecordedConversation,
    services: Services,
    context: ToolContext,
    *,
    expects: type[T],
) -> T | Escalated:
    """Let the agent work from wherever ``talk`` is; return what it submitted, or why it cannot."""
    gateway, funds = await services.gateway(), talk.funds
    outcome = await run_agent(agent, talk, gateway, funds, context, on_switch=funds.switched)
    if isinstance(outcome, Escalated):
        return outcome
    if not isinstance(outcome.value, expects):
        message = f"what was submitted is a {type(outcome.value).__name__}"
        raise AssertionError(message)  # noqa: TRY004  # Its tools submit nothing else.
    return outcome.value
