"""``textDocument/diagnostic``."""

from lsprotocol import types

from podium_server.server import PodiumServer


def handle(
    ls: PodiumServer, params: types.DocumentDiagnosticParams
) -> types.RelatedFullDocumentDiagnosticReport:
    """Return what would have been pushed to a client that does not pull."""
    found = ls.session.diagnostics(params.text_document.uri)
    return types.RelatedFullDocumentDiagnosticReport(items=found)
