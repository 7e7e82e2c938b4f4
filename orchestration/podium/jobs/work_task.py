"""Work on a task: a worker in its own worktree, until it says that it is done."""

from podium.agent.conversation import Escalated
from podium.domain.effect import WorkTask
from podium.domain.events import Event
from podium.domain.events.ends import TaskEscalated, TaskSubmitted
from podium.domain.roles import WORKER
from podium.jobs import places
from podium.jobs.conversations import RecordedInbox
from podium.jobs.funds import LeasedFunds
from podium.jobs.services import Services
from podium.jobs.workers.loop import LoopWorker
from podium.jobs.workers.port import Brief, Worker
from podium.roles.feedback import feedback
from podium.roles.worker import feedback_message
from podium.tools.submit_result import Result
from podium.workspace.git import Repository
from podium.workspace.hostile import UncommittableError


async def work_task(spec: WorkTask, services: Services) -> None:
    """Have our own agent do the task."""
    await have_done(spec, LoopWorker(services), services)


async def have_done(spec: WorkTask, worker: Worker, services: Services) -> None:
    """Let a worker work, commit what it leaves, and report that it says it is done."""
    repository = await services.repository()
    place = places.work(spec.run, spec.task.id, spec.generation)
    directory = await repository.worktree(place, spec.base)
    brief = Brief(
        spec=spec,
        directory=directory,
        evidence=feedback(
            spec.failed, spec.findings, conflicts=spec.conflicts, is_retry=spec.is_retry
        ),
        inbox=RecordedInbox(place, services.engine),
        funds=LeasedFunds(spec, WORKER, services.engine, task=spec.task.id),
    )
    outcome = await worker.work(brief)
    if isinstance(outcome, Escalated):
        event: Event = _escalated(spec, outcome.reason)
    else:
        event = await _committed(brief, repository, outcome)
    await services.engine.report(event)


async def _committed(brief: Brief, repository: Repository, result: Result) -> Event:
    spec = brief.spec
    message = f"{spec.task.id}: {spec.task.title}\n\n{result.summary}"
    try:
        commit = await repository.commit_all(
            brief.directory, parent=spec.base, message=message, job=spec.job
        )
    except UncommittableError as error:
        reason = f"what it left cannot be committed: {error}"
        told = feedback_message(f"Attempt {spec.attempt} has ended: {reason}")
        await brief.inbox.put(told.evolve(id=f"{spec.job} uncommitted"))
        return _escalated(spec, reason)
    if commit == spec.base:
        return _escalated(spec, "it says that it is done, but it has changed nothing")
    return TaskSubmitted(
        plan=spec.plan,
        job=spec.job,
        task=spec.task.id,
        commit=commit,
        summary=result.summary,
        lessons=result.lessons,
    )


def _escalated(spec: WorkTask, reason: str) -> TaskEscalated:
    return TaskEscalated(plan=spec.plan, job=spec.job, task=spec.task.id, reason=reason)
