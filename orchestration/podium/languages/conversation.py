"""What a server says by itself: registrations, questions and published diagnostics."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types

from podium.languages.capabilities import workspace_folder
from podium.languages.incoming import (
    Capabilities,
    ConfigurationWanted,
    Publication,
    Registrations,
    ReportedDiagnostic,
    Unregistrations,
)
from podium.languages.protocol import Handler

MAX_REGISTRATIONS = 16


class Published(NamedTuple):
    """The latest diagnostics that a server published for a file."""

    version: int | None
    diagnostics: Sequence[ReportedDiagnostic]


class ServerConversation:
    """The server's side of the session: what it has registered and published so far."""

    def __init__(self, tree: Path, is_ours: Callable[[str], str | None]) -> None:
        self._tree = tree
        self._is_ours = is_ours
        self._pulls: dict[str, str | None] = {}
        self.published: dict[str, Published] = {}
        self.news = asyncio.Event()
        """Set when anything below may have changed."""

    def offer(self, capabilities: Capabilities) -> None:
        """Take note of the pull diagnostics that the server offers from the start."""
        if capabilities.diagnostic_provider is not None:
            self._pulls[""] = capabilities.diagnostic_provider.identifier

    @property
    def pulls(self) -> tuple[str | None, ...]:
        """The identifiers to pull diagnostics with; empty where they are pushed."""
        return tuple(dict.fromkeys(self._pulls.values()))

    @property
    def is_versionless(self) -> bool:
        """Whether the server publishes without saying which content it means."""
        return any(it.version is None for it in self.published.values())

    def handlers(self) -> dict[str, Handler]:
        """Return what is answered to each method that a server may send."""
        table: dict[str, Handler] = dict.fromkeys(_NOTED, _nothing)
        table[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = self._publish
        table[types.CLIENT_REGISTER_CAPABILITY] = self._register
        table[types.CLIENT_UNREGISTER_CAPABILITY] = self._unregister
        table[types.WORKSPACE_CONFIGURATION] = _no_configuration
        table[types.WORKSPACE_WORKSPACE_FOLDERS] = self._folders
        table[types.WORKSPACE_APPLY_EDIT] = _no_edit
        return table

    def _folders(self, _params: object) -> list[types.WorkspaceFolder]:
        return [workspace_folder(self._tree)]

    def _publish(self, params: object) -> None:
        it = Publication.model_validate(params)
        path = self._is_ours(it.uri)
        if path is not None:
            self.published[path] = Published(it.version, it.diagnostics)
            self.news.set()

    def _register(self, params: object) -> None:
        for it in Registrations.model_validate(params).registrations:
            if it.method == types.TEXT_DOCUMENT_DIAGNOSTIC and len(self._pulls) < MAX_REGISTRATIONS:
                self._pulls[it.id] = it.register_options and it.register_options.identifier
                self.news.set()

    def _unregister(self, params: object) -> None:
        for it in Unregistrations.model_validate(params).unregisterations:
            self._pulls.pop(it.id, None)


_NOTED = (
    types.WINDOW_WORK_DONE_PROGRESS_CREATE,
    types.WINDOW_SHOW_MESSAGE_REQUEST,
    types.WINDOW_SHOW_MESSAGE,
    types.WINDOW_LOG_MESSAGE,
    types.TELEMETRY_EVENT,
    types.PROGRESS,
    types.LOG_TRACE,
    types.WORKSPACE_DIAGNOSTIC_REFRESH,
    types.WORKSPACE_CODE_LENS_REFRESH,
    types.WORKSPACE_INLAY_HINT_REFRESH,
    types.WORKSPACE_INLINE_VALUE_REFRESH,
    types.WORKSPACE_SEMANTIC_TOKENS_REFRESH,
    types.WORKSPACE_FOLDING_RANGE_REFRESH,
)
"""What a server may send and we answer with null."""


def _nothing(_params: object) -> None:
    return None


def _no_configuration(params: object) -> list[None]:
    return [None] * len(ConfigurationWanted.model_validate(params).items)


def _no_edit(_params: object) -> types.ApplyWorkspaceEditResult:
    return types.ApplyWorkspaceEditResult(applied=False)
