"""What the client at the other end can do, read once from its ``initialize`` request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from lsprotocol import types

from podium_server.paths import path_of
from podium_server.positions import Encoding


@dataclass(frozen=True, slots=True)
class Client:
    """One editor."""

    folders: tuple[Path, ...] = ()
    """What it has open, the one that it thinks of as the root first."""
    encoding: Encoding = "utf-16"
    pulls_diagnostics: bool = False
    refreshes_lenses: bool = False
    refreshes_hints: bool = False
    shows_related: bool = False
    shows_documents: bool = False
    shows_progress: bool = False
    shows_markdown: bool = False
    nests_symbols: bool = False
    knows_action_literals: bool = False
    resolves_edits: bool = False
    versions_edits: bool = False
    annotates_edits: bool = False
    extras: frozenset[str] = field(default=frozenset())
    """Which of Podium's own requests it answers: ``input``, ``diff``."""


def client_of(params: types.InitializeParams, encoding: Encoding) -> Client:
    """Return what ``params`` says; whatever it leaves out the client cannot do."""
    here = params.capabilities
    document = here.text_document or types.TextDocumentClientCapabilities()
    workspace = here.workspace or types.WorkspaceClientCapabilities()
    window = here.window or types.WindowClientCapabilities()
    action = document.code_action or types.CodeActionClientCapabilities()
    resolved = action.resolve_support.properties if action.resolve_support else ()
    edits = workspace.workspace_edit or types.WorkspaceEditClientCapabilities()
    pushed = document.publish_diagnostics or types.PublishDiagnosticsClientCapabilities()
    hover = document.hover or types.HoverClientCapabilities()
    symbols = document.document_symbol or types.DocumentSymbolClientCapabilities()
    return Client(
        folders=_folders(params),
        encoding=encoding,
        # Without a refresh request a pulled diagnostic would show an old board for ever.
        pulls_diagnostics=bool(
            document.diagnostic and workspace.diagnostics and workspace.diagnostics.refresh_support
        ),
        refreshes_lenses=bool(workspace.code_lens and workspace.code_lens.refresh_support),
        refreshes_hints=bool(workspace.inlay_hint and workspace.inlay_hint.refresh_support),
        shows_related=bool(pushed.related_information),
        shows_documents=bool(window.show_document and window.show_document.support),
        shows_progress=bool(window.work_done_progress),
        shows_markdown=types.MarkupKind.Markdown in (hover.content_format or ()),
        nests_symbols=bool(symbols.hierarchical_document_symbol_support),
        knows_action_literals=action.code_action_literal_support is not None,
        resolves_edits="edit" in resolved,
        versions_edits=bool(edits.document_changes),
        annotates_edits=edits.change_annotation_support is not None,
        extras=_extras(here.experimental) | _extras(params.initialization_options),
    )


def _folders(params: types.InitializeParams) -> tuple[Path, ...]:
    uris = [it.uri for it in params.workspace_folders or ()]
    if params.root_uri and (params.root_uri in uris or not uris):
        uris.insert(0, params.root_uri)
    found = [path for it in uris if (path := path_of(it)) is not None]
    if not found and params.root_path:
        found.append(Path(params.root_path))
    return tuple(dict.fromkeys(found))


def _extras(options: object) -> frozenset[str]:
    """Return what ``{podium: {input: true, diff: true}}`` switches on."""
    if not isinstance(options, Mapping):
        return frozenset()
    podium = cast("Mapping[str, object]", options).get("podium")
    if not isinstance(podium, Mapping):
        return frozenset()
    switches = cast("Mapping[str, object]", podium)
    return frozenset(it for it in ("input", "diff") if switches.get(it) is True)
