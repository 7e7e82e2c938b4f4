"""Whether the user trusts what a workspace's own configuration says.

Kept in the state directory, where no repository can put it, and bound to the workspace's
path and to the content: what needs trust, key by key, as it was shown.  So what a later
pull brings is not trusted because something else was.
"""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeGuard, cast

from podium.configuration import ConfigurationError, needing_trust, workspace_file
from podium.workspace.state import StateError, state_base, state_directory, workspace_hash


def is_trusted(workspace: Path) -> bool:
    """Return whether the user agreed to exactly what the configuration says now."""
    agreed = agreed_to(workspace)
    try:
        return agreed is not None and agreed == needing_trust(workspace)
    except ConfigurationError:
        return False


def trust(workspace: Path, agreed: Mapping[str, str] | None = None) -> None:
    """Let the workspace's configuration name commands, servers, URLs, keys and gates.

    Args:
        workspace: Whose configuration.
        agreed: What the user has seen of `needing_trust`; what it says now, if left out.
    """
    wanted = needing_trust(workspace) if agreed is None else dict(agreed)
    state_directory(workspace)
    file = trust_file(workspace)
    file.touch(mode=0o600)
    file.write_text(json.dumps([_path(workspace), wanted]), encoding="ascii")


def distrust(workspace: Path) -> None:
    """Revoke the trust."""
    trust_file(workspace).unlink(missing_ok=True)


def changed(workspace: Path) -> str | None:
    """Return what differs from what the user agreed to; `None` if nothing does or they never did.

    Raises:
        ConfigurationError: The configuration cannot be read.
    """
    agreed = agreed_to(workspace)
    wanted = needing_trust(workspace)
    if agreed is None or not wanted or agreed == wanted:
        return None
    differences = "; ".join(_differences(agreed, wanted))
    return (
        f"what {str(workspace_file(workspace))!r} says is not what you trusted: {differences}; "
        "`podium trust` shows it"
    )


def agreed_to(workspace: Path) -> dict[str, str] | None:
    """Return what the user agreed to, or `None` if they did not, or it cannot be known."""
    try:
        state_directory(workspace)  # A directory of somebody else proves nothing.
        path, agreed = json.loads(trust_file(workspace).read_bytes())
    except (OSError, StateError, ValueError, TypeError):
        return None
    return agreed if path == _path(workspace) and _is_agreement(agreed) else None


def trust_file(workspace: Path) -> Path:
    """Return where the user's agreement is kept, whether there is one or not."""
    return state_base() / workspace_hash(workspace) / "trusted"


def _differences(agreed: Mapping[str, str], wanted: Mapping[str, str]) -> Iterator[str]:
    for key in sorted({*agreed, *wanted}):
        if key not in agreed:
            yield f"{key} is new"
        elif key not in wanted:
            yield f"{key} is gone"
        elif agreed[key] != wanted[key]:
            yield f"{key} changed"


def _is_agreement(value: object) -> TypeGuard[dict[str, str]]:
    if not isinstance(value, dict):
        return False
    return all(isinstance(it, str) for it in cast("dict[str, object]", value).values())


def _path(workspace: Path) -> str:
    return os.fsencode(workspace.resolve()).decode("latin-1")
