"""What a server is told of its client when it starts."""

from pathlib import Path

from lsprotocol import types


def initialize_params(tree: Path) -> types.InitializeParams:
    """Return the parameters of `initialize` for a server of ``tree``.

    No process id: in the sandbox ours means nothing.  Any position encoding will do,
    because diagnostics are placed by whole lines.
    """
    return types.InitializeParams(
        process_id=None,
        root_uri=tree.as_uri(),
        client_info=types.ClientInfo(name="podium"),
        workspace_folders=[workspace_folder(tree)],
        capabilities=types.ClientCapabilities(
            general=types.GeneralClientCapabilities(
                position_encodings=[
                    types.PositionEncodingKind.Utf8,
                    types.PositionEncodingKind.Utf16,
                ]
            ),
            window=types.WindowClientCapabilities(work_done_progress=True),
            workspace=types.WorkspaceClientCapabilities(
                configuration=True,
                workspace_folders=True,
                did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(
                    dynamic_registration=True
                ),
                diagnostics=types.DiagnosticWorkspaceClientCapabilities(refresh_support=True),
            ),
            text_document=types.TextDocumentClientCapabilities(
                synchronization=types.TextDocumentSyncClientCapabilities(),
                diagnostic=types.DiagnosticClientCapabilities(dynamic_registration=True),
                publish_diagnostics=types.PublishDiagnosticsClientCapabilities(
                    version_support=True
                ),
            ),
        ),
    )


def workspace_folder(tree: Path) -> types.WorkspaceFolder:
    """Return the one folder that a server works in; by name it is the same for every tree."""
    return types.WorkspaceFolder(uri=tree.as_uri(), name="workspace")
