"""The whole way, from a request in an editor to a merged change.

Each step is one that a person takes; what the steps lead to is looked at, not assumed.
"""

from pathlib import Path
from typing import NamedTuple, Protocol

from podium.demo.editor import DemoFailed, Editor
from podium.demo.stage import Stage, git

PLAN = ".podium/plans/days.md"
CODE = "durations/parsing.py"
OWN = "NOTES.md"
REQUEST = "Let people write and read durations of several days, such as `2d 4h`."
OWN_LINE = "- days: Podium is at it, see .podium/plans/days.md\n"


class Audience(Protocol):
    """Who is told what the user does and sees."""

    def does(self, what: str) -> None:
        """Take what the user does."""
        ...

    def sees(self, what: str) -> None:
        """Take what the editor shows."""
        ...


class Walked(NamedTuple):
    """What came of it."""

    report: Path
    merge: str
    """The merge commit and its title."""


async def walk(stage: Stage, editor: Editor, audience: Audience) -> Walked:
    """Go the whole way.

    Raises:
        DemoFailed: Something did not come as it must.
    """
    await open_plan(editor, audience)
    await _approve(stage, editor, audience)
    await _fix(editor, audience)
    return await _merge(stage, editor, audience)


async def open_plan(editor: Editor, audience: Audience) -> None:
    """Have the request planned; the draft is in the document and on disk when this returns."""
    editor.open(PLAN, f"## Request\n\n{REQUEST}\n")
    audience.does(f"writes a request in {PLAN}: {REQUEST}")
    audience.does("takes the code action Plan this request")
    await editor.take_action(PLAN, "Plan this request")
    await editor.until(lambda: "\n## Tasks\n" in editor.text(PLAN), "the draft of the plan")
    await editor.until(lambda: _can_be_approved(editor), "a plan that can be approved")
    editor.save(PLAN)
    _show(editor, audience, PLAN, "approval-pending")


async def _approve(stage: Stage, editor: Editor, audience: Audience) -> None:
    notes = stage.project / OWN
    notes.write_text(notes.read_text() + OWN_LINE)
    audience.does(f"goes on with their own work: an edit of {OWN}, not committed")
    audience.does("reads the plan and clicks the lens Approve")
    await editor.take_lens(PLAN, "Approve")
    await editor.until(lambda: editor.said(PLAN, "running"), "the start of the run")
    await editor.until(lambda: editor.said(PLAN, "awaiting-merge"), "the end of the tasks")
    _show(editor, audience, PLAN, "awaiting-merge")


async def _fix(editor: Editor, audience: Audience) -> None:
    await editor.until(lambda: editor.said(CODE, "minor"), "the reviewer's finding")
    finding = editor.said(CODE, "minor")
    line = finding.range.start.line if finding else 0
    _show(editor, audience, CODE, "minor")
    audience.does("takes the code action Fix this finding there")
    editor.open(CODE, (editor.root / CODE).read_text(), "python")
    await editor.take_action(CODE, "Fix this finding", line)
    await editor.until(lambda: not editor.said(CODE, "minor"), "the finding to be taken up")
    await editor.until(
        lambda: not editor.said(PLAN, "awaiting-merge"), "the start of the finding's task"
    )
    await editor.until(lambda: editor.said(PLAN, "awaiting-merge"), "the end of the finding's task")
    _show(editor, audience, PLAN, "awaiting-merge")


async def _merge(stage: Stage, editor: Editor, audience: Audience) -> Walked:
    before = git(stage.project, "rev-parse", "HEAD").strip()
    notes = (stage.project / OWN).read_text()
    audience.does("takes Show diff")
    await _shown(editor, "Show diff")
    audience.does("takes Merge")
    await editor.take_action(PLAN, "Merge")
    await editor.until(lambda: not editor.said(PLAN, "awaiting-merge"), "the merge")
    editor.save(PLAN)
    if (stage.project / OWN).read_text() != notes:
        message = f"the user's own edit of {OWN} was touched"
        raise DemoFailed(message)
    parents = git(stage.project, "rev-list", "--parents", "-1", "HEAD").split()[1:]
    if len(parents) < 2 or before not in parents:  # noqa: PLR2004  # What a merge is.
        message = "the user's branch does not end with the merge commit"
        raise DemoFailed(message)
    merge = git(stage.project, "log", "-1", "--format=%h %s").strip()
    changed = git(stage.project, "status", "--porcelain").split("\n")
    audience.sees(f"merge commit {merge}")
    audience.sees(f"git status: {', '.join(it.strip() for it in changed if it)}")
    report = await _shown(editor, "Show report")
    return Walked(report, merge)


def _can_be_approved(editor: Editor) -> bool:
    pending = editor.said(PLAN, "approval-pending")
    if pending is None:
        return False
    # The board may be a moment behind the document that was just written.
    return not any(it in pending.message for it in ("in the way", ": 0 tasks"))


async def _shown(editor: Editor, title: str) -> Path:
    """Return the file that an action of the plan opens."""
    n_shown = len(editor.shown)
    await editor.take_action(PLAN, title)
    await editor.until(lambda: len(editor.shown) > n_shown, f"what {title!r} shows")
    return editor.shown[-1]


def _show(editor: Editor, audience: Audience, path: str, code: str) -> None:
    it = editor.said(path, code)
    if it is not None:
        place = f"{path}:{it.range.start.line + 1}"
        message = it.message.partition("\n")[0]
        audience.sees(f"{place}: [{it.code}] {message}")
