"""``workspace/executeCommand``."""

from importlib import import_module

from lsprotocol import types

from podium.errors import PodiumError
from podium_server.server import PodiumServer
from podium_server.to_lsp import arguments_of


async def handle(ls: PodiumServer, params: types.ExecuteCommandParams) -> None:
    """Run one of our commands; what stands in its way is shown once, as a message."""
    module = ls.commands.get(params.command)
    if module is None:
        ls.session.say(types.MessageType.Error, f"there is no command {params.command!r}")
        return
    noticed = ls.session.news.notices
    command = import_module(f"podium_server.commands.{module}")
    try:
        await ls.session.ready()
        await command.run(ls.session, params.command, arguments_of(params.arguments))
    except PodiumError as error:
        ls.session.news.refuse(str(error), noticed)
