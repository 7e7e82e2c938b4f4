"""Read the private repository: commits, trees, differences."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from podium.domain.base import Commit, Frozen, TreeHash
from podium.text.plain import shown_path
from podium.workspace import guard
from podium.workspace.git_command import ISOLATED, MAX_OUTPUT_BYTES, Ran, run_git

GUARD: Final = "guard"
"""In the repository; every git that works there holds it."""
MAX_DIFF_BYTES = 2_000_000
MAX_BLOB_BYTES = 20_000_000
_STATUS = {"A": "added", "M": "modified", "D": "deleted", "T": "modified"}


class ChangedFile(Frozen):
    """One file of a difference; a renamed one is a deleted and an added one."""

    path: str
    status: Literal["added", "modified", "deleted"]


class History:
    """The commits of a bare repository at ``directory``."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    async def tree_of(self, commit: Commit) -> TreeHash:
        """Return the tree of a commit."""
        return TreeHash((await self.git("rev-parse", "--verify", f"{commit}^{{tree}}")).line)

    async def parents(self, commit: Commit) -> tuple[Commit, ...]:
        """Return a commit's parents."""
        line = (await self.git("rev-list", "--parents", "--max-count=1", commit)).line
        return tuple(Commit(it) for it in line.split()[1:])

    async def is_ancestor(self, old: Commit, new: Commit) -> bool:
        """Return whether ``new`` is ``old`` or comes after it."""
        return (await self.git("merge-base", "--is-ancestor", old, new, accept=(0, 1))).status == 0

    async def changed_files(self, base: Commit, head: Commit) -> tuple[ChangedFile, ...]:
        """Return the files that differ, in the order of their paths."""
        ran = await self.git("diff-tree", "-r", "-z", "--no-renames", "--name-status", base, head)
        pairs = zip(ran.fields[::2], ran.fields[1::2], strict=True)
        return tuple(
            ChangedFile.model_validate({"path": shown_path(path), "status": _STATUS[letter]})
            for letter, path in pairs
        )

    async def diff(self, base: Commit, head: Commit) -> str:
        """Return the difference as a patch for people and models, marked where it was cut."""
        ran = await self.git(
            *("diff", "--no-color", "--no-ext-diff", "--no-textconv", "--find-renames"),
            *(base, head, "--"),
            max_bytes=MAX_DIFF_BYTES + 1,
        )
        text = ran.output[:MAX_DIFF_BYTES].decode(errors="replace")
        cut = len(ran.output) > MAX_DIFF_BYTES
        return text + f"\n[… cut after {MAX_DIFF_BYTES:,} bytes …]\n" if cut else text

    async def show(self, commit: Commit, path: str) -> bytes | None:
        """Return a file's content, at most `MAX_BLOB_BYTES`, or `None` if no file is there."""
        listed = await self.git("ls-tree", "-z", "--full-tree", commit, "--", path)
        for entry in listed.fields:
            about, _, name = entry.partition("\t")
            _mode, kind, blob = about.split()
            if kind == "blob" and name == path:
                return (await self.git("cat-file", "blob", blob, max_bytes=MAX_BLOB_BYTES)).output
        return None

    async def resolve(self, ref: str) -> Commit | None:
        """Return the commit that a reference names, or `None` if there is no such reference."""
        ran = await self.git("rev-parse", "--verify", "-q", f"{ref}^{{commit}}", accept=(0, 1))
        return Commit(ran.line) if ran.status == 0 else None

    async def git(
        self,
        *arguments: str,
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
        text: bytes | None = None,
        accept: tuple[int, ...] = (0,),
        max_bytes: int = MAX_OUTPUT_BYTES,
    ) -> Ran:
        """Run git on this repository, which has none of the user's configuration."""
        with guard.shared(self.directory / GUARD) as held:
            return await run_git(
                *(f"--git-dir={self.directory}", "-c", f"core.attributesFile={os.devnull}"),
                *arguments,
                cwd=cwd or self.directory.parent,
                environment={**ISOLATED, **(environment or {})},
                text=text,
                accept=accept,
                max_bytes=max_bytes,
                inherited=(held,),
            )
