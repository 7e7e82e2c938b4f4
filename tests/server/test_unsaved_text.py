"""What an editor has not saved when a merge lands, whoever asked for the merge, and when."""

import asyncio
from pathlib import Path

import pytest
from lsp_editor import LspEditor, editor, until
from walking import PLAN, capabilities, held, let_go, planned, podium, until_offered

from engine.engine_home import git

pytestmark = pytest.mark.usefixtures("engine")
REFUSED = "unsaved text in slug.py; save or undo it, commit, then merge"


async def awaiting_merge(it: LspEditor) -> None:
    """Have a plan carried out whose merge adds ``slug.py``."""
    await planned(it)
    await it.do(await until_offered(it, "Approve"))
    await until(lambda: "awaiting-merge" in it.codes(PLAN))


async def test_a_merge_asked_for_in_a_shell_goes_over_no_editors_unsaved_text(
    root: Path, env: dict[str, str]
) -> None:
    async with editor(root, capabilities(), env) as it, editor(root, capabilities(), env) as other:
        await awaiting_merge(it)
        before = git(root, "rev-parse", "HEAD")
        other.open("slug.py", "mine\n")
        await other.lenses("slug.py")  # Its server has read what was opened.
        assert REFUSED in await podium(root, env, "merge")
        await it.do(await until_offered(it, "Merge"))
        assert any(REFUSED in message for message in it.messages)
        assert git(root, "rev-parse", "HEAD") == before
        assert not (root / "slug.py").exists()

        other.close("slug.py")
        await other.lenses(PLAN)
        assert "is merged as" in await podium(root, env, "merge")
        assert (root / "slug.py").exists()


async def test_text_typed_while_the_merge_is_judged_is_not_merged_over(
    root: Path, hold: Path, env: dict[str, str]
) -> None:
    async with editor(root, capabilities(), env) as it:
        await awaiting_merge(it)
        (root / "README.md").write_text("# Titles and slugs\n")
        git(root, "commit", "-q", "-a", "-m", "Newer")
        before = git(root, "rev-parse", "HEAD")
        held(hold)
        asked = asyncio.create_task(podium(root, env, "merge"))
        await until(lambda: "judging-merge" in it.codes(PLAN))
        it.open("slug.py", "mine\n")
        await it.lenses("slug.py")
        let_go(hold)
        assert REFUSED in await asked
        assert git(root, "rev-parse", "HEAD") == before
        assert not (root / "slug.py").exists()

        (root / "slug.py").write_text("mine\n")  # Saved, and committed elsewhere.
        git(root, "stash", "push", "-q", "-u", "--", "slug.py")
        it.close("slug.py")
        await it.lenses(PLAN)
        assert "is merged as" in await podium(root, env, "merge")
        assert git(root, "rev-parse", "HEAD^1") == before
