"""``textDocument/codeAction``."""

from collections.abc import Sequence

from lsprotocol import types

from podium_server.analysis.actions import actions
from podium_server.server import PodiumServer


def handle(
    ls: PodiumServer, params: types.CodeActionParams
) -> list[types.CodeAction | types.Command]:
    """Return what can be done here."""
    snapshot = ls.session.snapshot(params.text_document.uri)
    if snapshot is None or not _is_wanted(params.context.only):
        return []
    wire = ls.session.wire(params.text_document.uri)
    found = actions(snapshot, wire.span(params.range))
    return [made for it in found if (made := wire.action(it)) is not None]


def _is_wanted(only: Sequence[types.CodeActionKind | str] | None) -> bool:
    """Whether quick fixes are asked for; a client that saves asks for other kinds alone."""
    return only is None or any(it in {types.CodeActionKind.QuickFix, ""} for it in only)
