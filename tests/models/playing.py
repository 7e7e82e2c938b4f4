"""A gateway in front of a scripted server, for tests that go over the wire."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from models.budget import Budget
from podium.configuration import Configuration, Limits, ModelSettings, Provider
from podium.demo.scenario import parse_scenario
from podium.demo.scripted_server import ScriptedServer, serve
from podium.domain.transcript import (
    Message,
    ModelSwitch,
    Reply,
    SystemMessage,
    ToolSchema,
    UserMessage,
)
from podium.models.gateway import Gateway, ModelRequest
from podium.models.patience import Backoff

LITELLM_WARNS = pytest.mark.filterwarnings(
    "ignore:Accessing the 'model_:DeprecationWarning",
    "ignore:Item .* is using the `ReadOnly` qualifier:UserWarning",
)
"""litellm declares and reads fields in ways that pydantic warns of, at its first calls too."""
KEY = "sk-scripted-0123456789"
QUICK = Backoff(attempts=3, first_delay_s=0.01, longest_delay_s=0.02, longest_retry_after_s=5)
LIMITS = Limits(turn_timeout_s=20, idle_timeout_s=10)
READ_FILE = ToolSchema(
    name="read_file",
    description="Reads a file.",
    parameters={"type": "object", "properties": {"path": {"type": "string"}}},
)
OPENING: tuple[Message, ...] = (
    SystemMessage(text="role: worker"),
    UserMessage(text="Task T1: slugify titles."),
)
MODELS = ("openai/m", "openai/responses/m", "anthropic/m", "deepseek/m")
"""Three that Podium sends to with litellm's translations, one that litellm makes the call to."""
WIRES = pytest.mark.parametrize("model", MODELS)
PRICE = ModelSettings(input_usd_per_mtok=Decimal(3), output_usd_per_mtok=Decimal(15))


@dataclass
class Playing:
    """A scenario being played to a gateway."""

    server: ScriptedServer
    gateway: Gateway
    budget: Budget
    switches: list[ModelSwitch] = field(default_factory=list[ModelSwitch])

    async def ask(self, *models: str, messages: Sequence[Message] = OPENING) -> Reply:
        ask = ModelRequest(
            models=models, messages=tuple(messages), tools=(READ_FILE,), max_output_tokens=1_000
        )
        return await self.gateway.ask(ask, budget=self.budget, on_switch=self.switches.append)

    async def until_asked(self) -> None:
        """Wait until the first request has come to the server."""
        for _ in range(1_000):
            if self.server.requests:
                return
            await asyncio.sleep(0.01)

    async def settle(self) -> None:
        """Give the server a moment to notice that its client left."""
        for _ in range(500):
            if not any(it.outcome == "open" for it in self.server.requests):
                return
            await asyncio.sleep(0.01)

    def outcomes(self) -> list[str]:
        """Say of each request how it ended, oldest first: ``429`` or ``html answered``."""
        return [f"{it.fault or ''} {it.outcome}".strip() for it in self.server.requests]


def configure(
    url: str,
    *,
    limits: Limits = LIMITS,
    models: dict[str, ModelSettings] | None = None,
    max_concurrent: int | None = None,
) -> Configuration:
    return Configuration(
        providers={
            "openai": Provider(api_base=f"{url}/v1", max_concurrent=max_concurrent),
            "anthropic": Provider(api_base=url),
            "deepseek": Provider(api_base=f"{url}/v1"),
        },
        models=dict.fromkeys(MODELS, PRICE) if models is None else models,
        limits=limits,
    )


@asynccontextmanager
async def counted(url: str) -> AsyncGenerator[tuple[str, list[None]]]:
    """Yield another URL of a server, and a list with an item per connection made to it."""
    address = urlsplit(url)
    made: list[None] = []

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        made.append(None)
        back, forth = await asyncio.open_connection(address.hostname, address.port)
        await asyncio.gather(pipe(reader, forth), pipe(back, writer), return_exceptions=True)

    async with await asyncio.start_server(connect, "127.0.0.1") as server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}", made


@asynccontextmanager
async def playing(
    scenario: str,
    *,
    limits: Limits = LIMITS,
    models: dict[str, ModelSettings] | None = None,
    max_concurrent: int | None = None,
    budget_usd: str = "1",
    patience: Backoff = QUICK,
) -> AsyncGenerator[Playing]:
    async with serve(parse_scenario(scenario)) as server:
        configuration = configure(
            server.url, limits=limits, models=models, max_concurrent=max_concurrent
        )
        gateway = Gateway(configuration, patience=patience)
        try:
            yield Playing(server, gateway, Budget(Decimal(budget_usd)))
        finally:
            await gateway.aclose()
