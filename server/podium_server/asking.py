"""Asking the user for a text: by Podium's own request, by a choice, or not at all."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from podium.errors import UserError
from podium.text.plain import one_line, paragraph
from podium_server.session import EditorSession


async def ask(
    session: EditorSession, prompt: str, *, options: Sequence[str] = (), otherwise: str
) -> str | None:
    """Return what the user writes or chooses; ``None`` if they changed their mind.

    Raises:
        UserError: This client can ask for nothing; ``otherwise`` says how to go on without.
    """
    shown = {one_line(it): it for it in options}
    if "input" in session.client.extras:
        params: dict[str, Any] = {"prompt": prompt}
        if options:
            params["options"] = list(shown)
        answer = await _request(session, "podium/input", params)
        text = (
            cast("Mapping[str, object]", answer).get("text")
            if isinstance(answer, Mapping)
            else None
        )
        return shown.get(text, text.strip()) or None if isinstance(text, str) else None
    if options:
        chosen = await choose(session, prompt, list(shown), otherwise=otherwise)
        return shown.get(chosen or "")
    raise UserError(otherwise)


async def choose(
    session: EditorSession, prompt: str, options: Sequence[str], *, otherwise: str
) -> str | None:
    """Return which of ``options`` the user takes; ``None`` if they take none.

    Raises:
        UserError: This client shows no such message; ``otherwise`` says how to go on without.
    """
    params = types.ShowMessageRequestParams(
        types.MessageType.Info, paragraph(prompt), [types.MessageActionItem(it) for it in options]
    )
    try:
        chosen = await session.ls.window_show_message_request_async(params)
    except JsonRpcException:
        raise UserError(otherwise) from None
    return chosen.title if chosen else None


async def _request(session: EditorSession, method: str, params: Mapping[str, Any]) -> object:
    try:
        return await session.ls.protocol.send_request_async(method, params)
    except JsonRpcException as error:
        message = f"the editor did not answer {method!r}: {error.message}"
        raise UserError(message) from None
