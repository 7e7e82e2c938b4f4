"""Answers as they go wrong, and the stream as it goes right."""

import asyncio
from collections.abc import Sequence

from aiohttp import web

from podium.demo.scenario import Fault, FaultKind
from podium.demo.scripted_wire import ScriptedRefusal

_DRIP_S = 1.0
_PAGE = "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"


async def instead_of_answer(fault: Fault) -> web.Response | None:
    """Play a fault that needs no stream; None for the others.

    Raises:
        Refused: The fault is an error status.
    """
    match fault.kind:
        case FaultKind.RATE_LIMITED:
            wait = 1 if fault.retry_after_s is None else fault.retry_after_s
            raise ScriptedRefusal(429, "Rate limit reached (scripted)", retry_after_s=wait)
        case FaultKind.SERVER_ERROR:
            raise ScriptedRefusal(500, "The server had an error (scripted)")
        case FaultKind.REFUSED:
            raise ScriptedRefusal(fault.status, fault.message, retry_after_s=fault.retry_after_s)
        case FaultKind.HTML:
            return web.Response(text=_PAGE, content_type="text/html")
        case FaultKind.HANG:
            await asyncio.Event().wait()  # Until the client leaves or the server stops.
            return None
        case _:
            return None


async def stream(
    request: web.Request, events: Sequence[bytes], fault: Fault | None
) -> web.StreamResponse:
    """Write server-sent events, or as much of them as the fault lets through."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    kind = None if fault is None else fault.kind
    cut = kind in (FaultKind.TRUNCATED, FaultKind.DISCONNECT)
    for event in events[: len(events) // 2] if cut else events:
        if kind is FaultKind.DRIP:
            await _drip(response, event)
        else:
            await response.write(event)
    if kind is FaultKind.DISCONNECT and request.transport is not None:
        request.transport.abort()
    return response


async def _drip(response: web.StreamResponse, event: bytes) -> None:
    for byte in event:
        await response.write(bytes([byte]))
        await asyncio.sleep(_DRIP_S)
