"""``codeAction/resolve``."""

from lsprotocol import types

from podium.document import Span
from podium_server.analysis.actions import actions
from podium_server.server import PodiumServer


def handle(ls: PodiumServer, params: types.CodeAction) -> types.CodeAction:
    """Fill in the edit of a quick fix, for the text as it is now."""
    match params.data:
        case {"uri": str(uri), "line": int(line)}:
            pass
        case _:  # Some clients resolve every action, also those that have all they need.
            return params
    snapshot = ls.session.snapshot(uri)
    if snapshot is not None:
        same = (it for it in actions(snapshot, Span.at(line, 0)) if it.edits)
        if found := next((it for it in same if it.title == params.title), None):
            params.edit = ls.session.wire(uri).workspace_edit(found.edits)
    return params
