"""Hand in a review."""

import asyncio
from pathlib import PurePosixPath

from pydantic import Field

from podium.domain.base import Frozen
from podium.domain.finding import Severity
from podium.errors import ToolRetry
from podium.tools.context import Mode, ToolContext
from podium.tools.evidence import find_evidence
from podium.tools.tool import Reach, Tool

N_CHANCES = 2
"""How often a review with unfounded quotes goes back; after that the findings are dropped."""


class Claim(Frozen):
    """One finding as the reviewer states it; nobody has checked it yet."""

    severity: Severity
    path: str
    first_line: int = Field(ge=1)
    last_line: int = Field(ge=1)
    title: str = Field(min_length=1, max_length=200, description="One sentence: what is wrong.")
    detail: str = Field(default="", description="When it goes wrong, and how.")
    evidence: str = Field(min_length=1, description="The code, exactly as the file has it.")
    suggestion: str = Field(default="", description="What to do instead.")


class SubmitReview(Frozen):
    """Input of ``submit_review``, and what a reviewer submits."""

    summary: str = Field(min_length=1, description="What was checked, and the result.")
    findings: tuple[Claim, ...] = Field(default=(), max_length=50)


def plain_path(path: str) -> str:
    """Return a path as the tree names it: without ``./``."""
    return str(PurePosixPath(path))


async def submit_review(args: SubmitReview, ctx: ToolContext) -> str:
    """End the agent's work; quotes that are not in their files go back twice."""
    if (
        ctx.state.mode is not Mode.REMEMBERING
        and ctx.state.n_refused[SUBMIT_REVIEW.name] < N_CHANCES
    ):
        await asyncio.to_thread(_check, args, ctx)
    ctx.state.submission = args
    return "submitted"


def _check(args: SubmitReview, ctx: ToolContext) -> None:
    unfounded = [it for it in args.findings if not _is_founded(it, ctx)]
    if unfounded:
        titles = "; ".join(f"{it.title!r} ({it.path})" for it in unfounded)
        message = (
            f"the evidence of these findings is not in their files: {titles}. Copy it exactly "
            "from the file as it is now, or leave the finding out; then submit all of it again"
        )
        raise ToolRetry(message)


def _is_founded(claim: Claim, ctx: ToolContext) -> bool:
    try:
        text = ctx.tree.read_text(plain_path(claim.path))
    except ToolRetry:
        return False
    return find_evidence(text, claim.evidence) is not None


SUBMIT_REVIEW = Tool(
    name="submit_review", input=SubmitReview, reach=Reach.SUBMITS, run=submit_review
)
