"""A candidate tree beside its base, from what is in their files."""

import shutil
from collections.abc import Callable, Mapping
from hashlib import sha1
from pathlib import Path
from typing import Protocol

from podium.configuration import Configuration, GateSettings, SandboxSettings
from podium.domain.base import TaskId, TreeHash
from podium.domain.plan import FileReference, Task
from podium.gates.baseline import Baseline
from podium.gates.context import GateContext
from podium.gates.installed import Installation
from podium.languages import LanguageServers, sandboxed
from podium.sandbox.port import Completed, Sandbox, project_command
from podium.workspace.history import ChangedFile

Files = Mapping[str, str]


class Candidate(Protocol):
    """Makes the context of a candidate with the files ``after``, which were ``before``."""

    def __call__(
        self,
        before: Files,
        after: Files,
        *,
        accept: tuple[str, ...] = (),
        files: tuple[str, ...] = (),
        suite: tuple[str, ...] = (),
        timeout_s: float = 60,
        servers: tuple[tuple[str, ...], ...] | None = None,
        baseline: Baseline | None = None,
        workspace: Path | None = None,
    ) -> GateContext: ...


def candidate_maker(
    root: Path, sandbox: Sandbox, made: Callable[[LanguageServers], None]
) -> Candidate:
    def make(
        before: Files,
        after: Files,
        *,
        accept: tuple[str, ...] = (),
        files: tuple[str, ...] = (),
        suite: tuple[str, ...] = (),
        timeout_s: float = 60,
        servers: tuple[tuple[str, ...], ...] | None = None,
        baseline: Baseline | None = None,
        workspace: Path | None = None,
    ) -> GateContext:
        settings = SandboxSettings(timeout_s=timeout_s)
        gates = GateSettings(suite=suite, suite_timeout_s=timeout_s)
        configuration = Configuration(sandbox=settings, gates=gates)
        if servers is not None:
            python = configuration.languages["python"].evolve(servers=servers)
            configuration = configuration.evolve(languages={"python": python})
        workspace = workspace or root / "workspace"
        workspace.mkdir(exist_ok=True)
        launch = sandboxed(sandbox, workspace, settings)
        language_servers = LanguageServers(configuration.languages, launch)
        made(language_servers)
        base_tree, tree = root / "base", root / "candidate"

        async def restore() -> None:
            for directory, content in ((base_tree, before), (tree, after)):
                shutil.rmtree(directory, ignore_errors=True)
                write(directory, content)

        async def run(text: str, tree: Path, *, timeout_s: float | None = None) -> Completed:
            command = project_command(text, tree, workspace, settings)
            return await sandbox.run(command.evolve(timeout_s=timeout_s or settings.timeout_s))

        return GateContext(
            tasks=(
                Task(
                    id=TaskId("T1"),
                    title="a task",
                    accept=accept,
                    files=tuple(FileReference(path=it) for it in files),
                ),
            ),
            workspace=workspace,
            base_tree=base_tree,
            tree=tree,
            base_hash=tree_hash(before),
            tree_hash=tree_hash(after),
            changed=changes(before, after),
            restore=restore,
            run=run,
            installation=Installation(run, tree, workspace),
            servers=language_servers,
            configuration=configuration,
            baseline=baseline or Baseline(),
        )

    return make


def write(directory: Path, files: Files) -> None:
    directory.mkdir(parents=True)
    for path, text in files.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(text)


def changes(before: Files, after: Files) -> tuple[ChangedFile, ...]:
    added = [ChangedFile(path=it, status="added") for it in after.keys() - before.keys()]
    deleted = [ChangedFile(path=it, status="deleted") for it in before.keys() - after.keys()]
    modified = [
        ChangedFile(path=it, status="modified")
        for it in before.keys() & after.keys()
        if before[it] != after[it]
    ]
    return tuple(sorted((*added, *deleted, *modified), key=lambda it: it.path))


def tree_hash(files: Files) -> TreeHash:
    return TreeHash(sha1(repr(sorted(files.items())).encode(), usedforsecurity=False).hexdigest())
