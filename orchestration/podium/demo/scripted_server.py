"""A model provider whose answers are written in a scenario file.

It speaks OpenAI's chat completions and responses, and Anthropic's messages, on loopback,
streaming or whole, so that the demo, the tests and the benchmarks go over the same wire as
a real model.  Run it with ``python -m podium.demo.scripted_server SCENARIO [--port N]
[--log FILE]``: the first line that it prints is its URL, as `api_base` wants it for
Anthropic; OpenAI's clients add ``/v1``.  ``GET /podium/requests`` returns what was asked.
"""

import argparse
import asyncio
import re
import signal
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

from aiohttp import web
from pydantic import ValidationError

from podium.demo.scenario import FaultKind, Scenario, ScenarioError, load_scenario
from podium.demo.scripted_anthropic import AnthropicWire
from podium.demo.scripted_faults import instead_of_answer, stream
from podium.demo.scripted_openai import OpenAiWire
from podium.demo.scripted_player import LogEntry, Player, check_expectation
from podium.demo.scripted_responses import ResponsesWire
from podium.demo.scripted_wire import (
    OBJECT,
    Answer,
    Json,
    ScriptedRefusal,
    ScriptedRequest,
    ScriptedWire,
    usage_of,
)

_WIRES: dict[str, ScriptedWire] = {
    "/v1/chat/completions": OpenAiWire(),
    "/v1/responses": ResponsesWire(),
    "/v1/messages": AnthropicWire(),
}
_MAX_BODY = 64 * 1024 * 1024
_STOP_WITHIN_S = 0.2


class ScriptedServer:
    """A running server; ``url`` has no path."""

    def __init__(self, player: Player, url: str) -> None:
        self.url = url
        self._player = player

    @property
    def requests(self) -> Sequence[LogEntry]:
        """What was asked until now, oldest first."""
        return self._player.requests

    def count(self, conversation: str, turn: int) -> int:
        """Return how often a turn was asked, faults included; turns count from 1."""
        return self._player.count(conversation, turn)


class _Endpoint:
    """Answers the requests of one wire."""

    def __init__(self, player: Player, wire: ScriptedWire) -> None:
        self._player, self._wire = player, wire

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer, with an error in the provider's shape when that is not possible."""
        try:
            headers = {name.lower(): value for name, value in request.headers.items()}
            self._player.check_key(self._wire.key(headers))
            return await self._record(request, self._wire.read(await _body(request)))
        except ScriptedRefusal as refused:
            body = self._wire.error(refused)
            return web.json_response(body, status=refused.status, headers=_retry_after(refused))

    async def _record(self, request: web.Request, asked: ScriptedRequest) -> web.StreamResponse:
        conversation = self._player.find(asked)
        entry, before = self._player.record(asked, conversation, self._wire.name)
        try:
            check_expectation(asked, conversation)
            turn = conversation.turn[asked.turn]
            fault = turn.fault(before)
            entry.fault = fault and fault.kind
            answer = Answer(
                id=f"{re.sub(r'[^A-Za-z0-9]+', '_', conversation.name)}_{asked.turn + 1}",
                model=asked.model,
                turn=turn,
                usage=usage_of(turn, asked),
                malformed=fault is not None and fault.kind is FaultKind.MALFORMED_JSON,
            )
            await asyncio.sleep(turn.delay_s)
            response = fault and await instead_of_answer(fault)
            if response is None and asked.stream:
                events = tuple(self._wire.events(answer, wants_usage=asked.wants_usage))
                response = await stream(request, events, fault)
            entry.outcome = "answered"
            return response or web.json_response(self._wire.whole(answer))
        except ScriptedRefusal as refused:
            entry.outcome = str(refused.status)
            raise
        except (asyncio.CancelledError, ConnectionError):
            entry.outcome = "left"
            raise


def _retry_after(refused: ScriptedRefusal) -> dict[str, str]:
    return {} if refused.retry_after_s is None else {"Retry-After": str(refused.retry_after_s)}


async def _body(request: web.Request) -> Json:
    try:
        return OBJECT.validate_json(await request.read())
    except ValidationError:
        raise ScriptedRefusal(400, "the body must be a JSON object") from None


def _application(player: Player) -> web.Application:
    async def list_models(_: web.Request) -> web.Response:
        names = sorted(player.scenario.known_models())
        models = [{"id": it, "object": "model", "created": 0, "owned_by": "podium"} for it in names]
        return web.json_response({"object": "list", "data": models})

    async def list_requests(_: web.Request) -> web.Response:
        return web.json_response([asdict(it) for it in player.requests])

    application = web.Application(client_max_size=_MAX_BODY)
    application.router.add_get("/v1/models", list_models)
    application.router.add_get("/podium/requests", list_requests)
    for path, wire in _WIRES.items():
        application.router.add_post(path, _Endpoint(player, wire).handle)
    return application


@asynccontextmanager
async def serve(
    scenario: Scenario | Path, *, port: int = 0, log: Path | None = None
) -> AsyncGenerator[ScriptedServer]:
    """Serve a scenario on loopback while the context is open.

    Args:
        scenario: The scenario or its file.
        port: The TCP port; 0 takes a free one.
        log: A file to which each request is appended as a line of JSON.

    Raises:
        ScenarioError: The file is not a scenario.
    """
    played = load_scenario(scenario) if isinstance(scenario, Path) else scenario
    player = Player(played, log=log)
    runner = web.AppRunner(
        _application(player),
        handler_cancellation=True,
        access_log=None,
        shutdown_timeout=_STOP_WITHIN_S,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        host, bound = runner.addresses[0][:2]
        yield ScriptedServer(player, f"http://{host}:{bound}")
    finally:
        await runner.cleanup()


async def _serve_until_signalled(arguments: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with serve(arguments.scenario, port=arguments.port, log=arguments.log) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> int:
    """Serve until SIGINT or SIGTERM; exit status 2 when the scenario or the port is no good."""
    parser = argparse.ArgumentParser(prog="python -m podium.demo.scripted_server")
    parser.add_argument("scenario", type=Path)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--log", type=Path, help="append each request as a line of JSON")
    try:
        asyncio.run(_serve_until_signalled(parser.parse_args()))
    except (ScenarioError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
