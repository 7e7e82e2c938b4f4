"""``initialized``: the client is answered; now everything heavy may begin."""

from lsprotocol import types

from podium_server.server import PodiumServer


async def handle(ls: PodiumServer, params: types.InitializedParams) -> None:  # noqa: ARG001  # LSP's.
    """Connect to the engine, and leave when the editor's process is gone."""
    ls.session.begin()
    await ls.watch_parent()
