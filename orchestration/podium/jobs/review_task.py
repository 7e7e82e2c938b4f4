"""Review a task's change: a model of another family than the author's reads it afresh."""

import time
from typing import NamedTuple

from podium.agent.conversation import Agent, Escalated
from podium.configuration import Configuration
from podium.domain.effect import ReviewTask
from podium.domain.events.ends import TaskReviewed
from podium.domain.finding import Finding
from podium.domain.roles import REVIEWER
from podium.domain.transcript import Message
from podium.domain.verdict import Gate, Outcome, Verdict
from podium.errors import ToolRetry
from podium.gates.wording import counted
from podium.jobs import places
from podium.jobs.casting import cast, play
from podium.jobs.conversations import RecordedConversation, conversation
from podium.jobs.funds import LeasedFunds
from podium.jobs.services import Services
from podium.models.categories import NoOtherFamily
from podium.roles.guidance import guidance
from podium.roles.reviewer import reviewer_messages, verified
from podium.tools.context import ToolContext
from podium.tools.submit_review import SubmitReview
from podium.workspace.tree import Tree


async def review_task(spec: ReviewTask, services: Services) -> None:
    """Have the change reviewed; report the findings whose evidence is there."""
    repository, settings = await services.repository(), await services.engine.settings()
    place = places.reviewed(spec.run, spec.task.id)
    directory = await repository.clean_checkout(place, spec.candidate)
    tree = Tree(directory)
    opening = reviewer_messages(
        spec.task,
        diff=await repository.diff(spec.onto, spec.candidate),
        requirements=spec.requirements,
        must_not=spec.must_not,
        dismissed=[
            f"{it.place.path}: {it.title} (dismissed: {it.dismissal})" for it in spec.dismissed
        ],
        agents_md=guidance(tree, [it.path for it in spec.task.files]),
    )
    funds = LeasedFunds(spec, REVIEWER, services.engine, task=spec.task.id)
    talk = await conversation(spec.job, funds)
    agent, shared = _reviewer(spec, opening, settings)
    context = ToolContext(tree=tree, run_command=services.agents_commands(directory))
    is_whole = not talk.messages  # Of a review that goes on, nobody measured the beginning.
    started = time.monotonic()
    outcome = await play(agent, talk, services, context, expects=SubmitReview)
    took = time.monotonic() - started if is_whole else None
    if isinstance(outcome, Escalated):
        said = _Said((), Outcome.UNKNOWN, f"the reviewer could not go on: {outcome.reason}")
    else:
        said = _judged(spec, outcome, tree, talk)
    said = said._replace(summary=said.summary + shared)
    await services.engine.report(_reviewed(spec, said, took))


def _reviewer(
    spec: ReviewTask, opening: tuple[Message, ...], settings: Configuration
) -> tuple[Agent, str]:
    """Return a reviewer of a family that wrote nothing, and what must be said of it.

    Authors may have been of several families, when a fallback was taken on the way. If they were
    of all that there are, who submitted is not the one who reviews, and the verdict says so.
    """
    try:
        return cast(REVIEWER, opening, settings, not_families=spec.author_families), ""
    except NoOtherFamily:
        *others, latest = spec.author_families
        if not others:
            raise
        shared = f" ({' and '.join(others)} wrote a part of it, too; no other family is left)"
        return cast(REVIEWER, opening, settings, not_families=(latest,)), shared


class _Said(NamedTuple):
    """What a review comes to."""

    findings: tuple[Finding, ...]
    outcome: Outcome
    summary: str


def _judged(
    spec: ReviewTask, review: SubmitReview, tree: Tree, talk: RecordedConversation
) -> _Said:
    def read(path: str) -> str | None:
        try:
            return tree.read_text(path)
        except ToolRetry:
            return None

    checked = verified(review.findings, task=spec.task.id, reviewer=talk.model, read=read)
    dismissed = {it.id for it in spec.dismissed}
    kept = tuple(it for it in checked.kept if it.id not in dismissed)
    blocks = any(it.severity.blocks for it in kept)
    dropped = f"; {len(checked.dropped)} without evidence dropped" if checked.dropped else ""
    found = counted(len(kept), "finding")
    summary = f"{talk.model or 'reviewer'}: {found}{dropped}. {review.summary}"
    outcome = Outcome.FAILED if blocks else Outcome.PASSED
    return _Said(kept, outcome, summary[:500])


def _reviewed(spec: ReviewTask, said: _Said, took: float | None) -> TaskReviewed:
    verdict = Verdict(
        gate=Gate.REVIEW,
        outcome=said.outcome,
        tree=spec.tree,
        summary=said.summary,
        duration_s=took,
    )
    return TaskReviewed(
        plan=spec.plan,
        job=spec.job,
        task=spec.task.id,
        commit=spec.commit,
        findings=said.findings,
        verdict=verdict,
    )
