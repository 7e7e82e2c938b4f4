"""What `podium doctor` looks at.

Nothing here changes anything, starts an engine or asks a provider; keys are named, never shown.
"""

import argparse
import platform
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

from podium.cli.workspace import find_workspace
from podium.configuration import Configuration, ConfigurationError, load, user_file
from podium.domain.base import Frozen
from podium.errors import PodiumError, UserError
from podium.models.failures import MissingKey
from podium.models.families import family_of
from podium.models.keys import find_key
from podium.models.providers import provider_of
from podium.protocol.client import EngineClient, NoEngine
from podium.protocol.wire import WireError
from podium.sandbox.environment import unused_environment
from podium.sandbox.finder import find_sandbox
from podium.sandbox.port import project_command, server_command
from podium.sandbox.toolchain import NotReadable
from podium.settings.trust import changed, is_trusted
from podium.text.amounts import count
from podium.workspace.git_command import check_version, run_git
from podium.workspace.state import state_directory
from podium.workspace.users_repository import describe

OLDEST_PYTHON = (3, 11)
FAMILIES = 2
"""An author and a reviewer of another family."""


class Check(Frozen):
    """What was looked at, how it is, and what to do if that is not good."""

    name: str
    status: Literal["ok", "warning", "error"]
    message: str
    advice: str | None = None


async def examine(args: argparse.Namespace) -> tuple[Check, ...]:
    """Return every check, the most basic first."""
    return tuple([it async for it in _checks(args)])


async def _checks(args: argparse.Namespace) -> AsyncIterator[Check]:
    yield _python()
    yield await _git()
    try:
        workspace = find_workspace(args)
    except UserError as error:
        yield Check(name="workspace", status="error", message=str(error))
        workspace = None
    configuration = Configuration()
    if workspace is not None:
        yield await _repository(workspace)
        yield _state(workspace)
        try:
            loaded = load(workspace, trusted=is_trusted(workspace))
            differs = changed(workspace)
        except ConfigurationError as error:
            yield Check(name="configuration", status="error", message=str(error))
        else:
            configuration = loaded.configuration
            yield _configuration((*([differs] if differs else []), *loaded.ignored))
        unused = unused_environment(workspace, configuration.sandbox.readable)
        if unused is not None:
            yield Check(name="environment", status="warning", message=unused)
    yield await _sandbox(configuration, workspace)
    for it in _servers(configuration, workspace or Path.cwd()):
        yield it
    for it in await _keys(configuration):
        yield it
    if workspace is not None:
        yield await _engine(workspace)


def _python() -> Check:
    found = platform.python_version()
    if sys.version_info < OLDEST_PYTHON:
        return Check(name="python", status="error", message=found, advice="install 3.11 or newer")
    return Check(name="python", status="ok", message=f"{found} at {sys.executable}")


async def _git() -> Check:
    try:
        await check_version(Path.home())
        said = (await run_git("version", cwd=Path.home())).line
    except UserError as error:
        return Check(name="git", status="error", message=str(error))
    return Check(name="git", status="ok", message=said)


async def _repository(workspace: Path) -> Check:
    try:
        found = await describe(workspace)
    except UserError as error:
        return Check(name="repository", status="error", message=str(error))
    return Check(name="repository", status="ok", message=f"{workspace} at {found.head[:12]}")


def _state(workspace: Path) -> Check:
    try:
        return Check(name="state", status="ok", message=str(state_directory(workspace)))
    except UserError as error:
        return Check(name="state", status="error", message=str(error))


def _configuration(ignored: tuple[str, ...]) -> Check:
    if ignored:
        return Check(
            name="configuration",
            status="warning",
            message="; ".join(ignored),
            advice="read that file; if you agree with it, run: podium trust",
        )
    there = "" if user_file().exists() else " (not there: every value has a default)"
    return Check(name="configuration", status="ok", message=f"{user_file()}{there}")


async def _sandbox(configuration: Configuration, workspace: Path | None) -> Check:
    """Run ``true`` in it, as a command of the workspace."""
    try:
        sandbox = find_sandbox(configuration.sandbox)
        with tempfile.TemporaryDirectory(prefix="podium-doctor-") as directory:
            tree = Path(directory)
            command = project_command("true", tree, workspace or tree, configuration.sandbox)
            done = await sandbox.run(command)
    except PodiumError as error:
        return Check(name="sandbox", status="error", message=str(error))
    if done.exit_status != 0:
        message = f"`true` exits with {done.exit_status} in it: {done.output.strip()}"
        return Check(name="sandbox", status="error", message=message)
    return Check(name="sandbox", status="ok", message="runs commands, without a network")


def _servers(configuration: Configuration, workspace: Path) -> list[Check]:
    """Return whether each language server is where the sandbox finds it."""
    try:
        command = server_command(("true",), workspace, workspace, configuration.sandbox)
    except NotReadable:
        return []  # No command runs: the check of the sandbox says why.
    path = command.env["PATH"]
    checks: list[Check] = []
    for language, settings in configuration.languages.items():
        for program in dict.fromkeys(it[0] for it in settings.servers):
            found = shutil.which(program, path=path)
            name = f"language server for {language}"
            if found:
                checks.append(Check(name=name, status="ok", message=found))
                continue
            advice = (
                f"install {program}, or set `languages.{language}.servers`; "
                "without it no task that touches such files can pass"
            )
            message = f"{program} was not found"
            checks.append(Check(name=name, status="warning", message=message, advice=advice))
    return checks


async def _keys(configuration: Configuration) -> list[Check]:
    """Return which providers can be asked, and whether that makes two families."""
    checks: dict[str, Check] = {}
    families: set[str] = set()
    for model in dict.fromkeys(it for names in configuration.categories.values() for it in names):
        name = f"key of {provider_of(model)}"
        try:
            key = await find_key(model, configuration)
        except MissingKey as error:
            checks[name] = Check(name=name, status="warning", message=error.reason)
        else:
            families.add(family_of(model, configuration))
            checks[name] = Check(name=name, status="ok", message=key.source)
    if len(families) < FAMILIES:
        names = ", ".join(sorted(families)) or "none"
        checks["families"] = Check(
            name="families",
            status="error",
            message=f"models of two families are needed, keys are there for: {names}",
            advice="a reviewer is of another family than the author: "
            f"set {'one more key' if families else 'the keys of two providers'}",
        )
    return [*checks.values()]


async def _engine(workspace: Path) -> Check:
    try:
        client = await EngineClient.connect(workspace, start=False, name="podium doctor")
    except NoEngine as error:
        message = f"{error}; it is started when it is needed"
        return Check(name="engine", status="ok", message=message)
    except WireError as error:
        return Check(name="engine", status="error", message=str(error))
    try:
        answer = await client.call("engine/status")
    finally:
        await client.aclose()
    notices: list[str] = answer["notices"]
    message = f"{answer['version']}, process {answer['pid']}, {count(len(answer['jobs']), 'job')}"
    if notices:
        return Check(name="engine", status="warning", message=f"{message}; {'; '.join(notices)}")
    return Check(name="engine", status="ok", message=message)
