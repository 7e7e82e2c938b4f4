"""``codeAction/resolve``."""

from typing import cast

from lsprotocol import types

from podium.document import Span
from podium_server.analysis.actions import actions
from podium_server.server import PodiumServer


def handle(ls: PodiumServer, params: types.CodeAction) -> types.CodeAction:
    """Fill in the edit of a quick fix, for the text as it is now."""
    data = cast("dict[str, str | int]", params.data)
    snapshot = ls.session.snapshot(str(data["uri"]))
    if snapshot is not None:
        span = Span.at(int(data["line"]), 0)
        same = (it for it in actions(snapshot, span) if it.edits and it.title == params.title)
        if found := next(same, None):
            params.edit = ls.session.wire(str(data["uri"])).workspace_edit(found.edits)
    return params
