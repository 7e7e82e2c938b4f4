"""A scripted model in this process, a transcript in memory, and crashes at will."""

import json
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from models.budget import Budget
from podium.agent.conversation import Agent, Outcome
from podium.agent.loop import run_agent
from podium.domain.base import CallId
from podium.domain.roles import PLANNER, WORKER
from podium.domain.transcript import (
    AssistantMessage,
    Message,
    Reply,
    SystemMessage,
    ToolCall,
    ToolMessage,
    Usage,
    UserMessage,
)
from podium.models.budget import Funds
from podium.models.gateway import ModelRequest, OnSwitch
from podium.tools.context import ToolContext
from podium.tools.table import tools_named
from podium.tools.tool import AnyTool
from podium.workspace.tree import Tree

OPENING = (SystemMessage(text="You are Podium's worker."), UserMessage(text="Do it."))


class Crash(Exception):
    """The process ends here."""


def call(tool: str, **arguments: object) -> ToolCall:
    return ToolCall(id="call_0", name=tool, arguments=json.dumps(arguments))


def say(text: str = "", *calls: ToolCall) -> AssistantMessage:
    return AssistantMessage(text=text, tool_calls=calls)


def do(tool: str, **arguments: object) -> AssistantMessage:
    return say("", call(tool, **arguments))


@dataclass
class Script:
    """Says the n-th line when asked with n replies in the transcript; the last one for ever.

    ``meanwhile`` is called while it is asked, with how often it was before.
    """

    lines: Sequence[AssistantMessage]
    meanwhile: Callable[[int], Awaitable[None]] | None = None
    asked: list[ModelRequest] = field(default_factory=list[ModelRequest])

    async def ask(
        self, ask: ModelRequest, *, budget: Funds, on_switch: OnSwitch | None = None
    ) -> Reply:
        assert budget
        assert on_switch is None
        if self.meanwhile:
            await self.meanwhile(len(self.asked))
        self.asked.append(ask)
        n_said = sum(isinstance(it, AssistantMessage) for it in ask.messages)
        message = self.lines[min(n_said, len(self.lines) - 1)]
        cost = Decimal("0.01")
        return Reply(
            call=CallId("call-1"),
            message=message,
            model="m",
            family="f",
            usage=Usage(),
            cost_usd=cost,
        )


@dataclass
class Letters:
    """An inbox in memory."""

    messages: dict[str, UserMessage] = field(default_factory=dict[str, UserMessage])

    async def put(self, message: UserMessage) -> None:
        self.messages.setdefault(message.id, message)

    async def untold(self, told: Collection[str]) -> Sequence[UserMessage]:
        return [it for name, it in self.messages.items() if name not in told]


@dataclass
class Transcript:
    """Messages in memory; ``crash`` is asked before and after each save whether to end there."""

    messages: list[Message] = field(default_factory=list[Message])
    doings: list[str] = field(default_factory=list[str])
    crash: Callable[[], bool] = lambda: False
    inbox: Letters = field(default_factory=Letters)

    async def save(self, *messages: Message) -> None:
        if messages:
            self._crash_maybe()
            self.messages += messages
            self._crash_maybe()

    async def save_turn(self, reply: Reply, doing: str) -> None:
        self._crash_maybe()
        self.messages.append(reply.message)
        self.doings.append(doing)
        self._crash_maybe()

    def _crash_maybe(self) -> None:
        if self.crash():
            raise Crash


@dataclass
class Workplace:
    """An agent's surroundings that survive its crashes."""

    root: Path
    transcript: Transcript = field(default_factory=Transcript)
    tools: tuple[AnyTool, ...] = tools_named(WORKER.tools)
    max_turns: int = 40
    input_tokens: int = 99_000

    async def run(self, script: Script) -> Outcome:
        """Run the loop with a fresh context, as after a restart."""
        agent = Agent(
            models=("m",),
            opening=OPENING,
            tools=self.tools,
            max_turns=self.max_turns,
            input_tokens=self.input_tokens,
            max_output_tokens=1_000,
        )
        ctx = ToolContext(tree=Tree(self.root))
        return await run_agent(agent, self.transcript, script, Budget(Decimal(1)), ctx)

    async def play(self, *lines: AssistantMessage) -> Outcome:
        return await self.run(Script(lines))

    async def tell(self, *messages: UserMessage) -> None:
        """Put messages into the agent's inbox."""
        for it in messages:
            await self.transcript.inbox.put(it)

    @property
    def text(self) -> str:
        """What was said, for people."""
        return "\n".join(map(show, self.transcript.messages))


def show(it: Message) -> str:
    if isinstance(it, AssistantMessage):
        calls = "".join(f" {one.name}{one.arguments}" for one in it.tool_calls)
        return f"model: {it.text}{calls}"
    mark = "error" if isinstance(it, ToolMessage) and it.is_error else it.role
    return f"{mark}: {it.text}"


READ_ONLY = tools_named(PLANNER.tools)
