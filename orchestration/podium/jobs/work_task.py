"""Work on a task: a worker in its own worktree, in the sandbox, until it says that it is done."""

from collections.abc import Sequence
from pathlib import Path

from podium.agent.conversation import Escalated
from podium.domain.base import Commit
from podium.domain.effect import WorkTask
from podium.domain.event import Event, TaskEscalated, TaskSubmitted, Todo, TodosChanged
from podium.domain.roles import WORKER
from podium.domain.transcript import Message
from podium.jobs import places
from podium.jobs.casting import cast, play
from podium.jobs.conversations import RecordedConversation, conversation
from podium.jobs.services import Services, users_skills
from podium.languages.diagnosis import Diagnosis
from podium.roles.feedback import feedback
from podium.roles.guidance import guidance
from podium.roles.skills import load_skills
from podium.roles.worker import feedback_message, worker_messages
from podium.tools.context import ToolContext
from podium.tools.submit_result import Result
from podium.workspace.git import Repository
from podium.workspace.hostile import UncommittableError
from podium.workspace.tree import Tree

MAX_DIAGNOSTICS = 30


async def work_task(spec: WorkTask, services: Services) -> None:
    """Let the worker work, commit what it leaves, and report that it says it is done."""
    repository = await services.repository()
    place = places.work(spec.run, spec.task.id, spec.generation)
    directory = await repository.worktree(place, spec.base)
    talk = await conversation(place, spec, WORKER, services.engine, task=spec.task.id)
    await _tell(spec, talk)
    settings = await services.engine.settings()
    agent = cast(WORKER, _opening(spec, Tree(directory)), settings, category=spec.task.category)
    outcome = await play(agent, talk, services, _context(spec, services, directory), expects=Result)
    if isinstance(outcome, Escalated):
        event: Event = _escalated(spec, outcome.reason)
    else:
        event = await _committed(spec, repository, directory, outcome, talk)
    await services.engine.report(event)


def _opening(spec: WorkTask, tree: Tree) -> tuple[Message, ...]:
    return worker_messages(
        spec.task,
        objective=spec.objective,
        must_not=spec.must_not,
        lessons=spec.lessons,
        skills=load_skills(spec.task.skills, tree, users_skills()),
        agents_md=guidance(tree, [it.path for it in spec.task.files]),
        feedback=_evidence(spec),
    )


async def _tell(spec: WorkTask, talk: RecordedConversation) -> None:
    """Tell a worker whose conversation goes on why its work came back, once."""
    evidence = _evidence(spec)
    if not talk.messages or not evidence:
        return
    told = feedback_message(f"Attempt {spec.attempt - 1} has come back.\n\n{evidence}")
    if told not in talk.messages:
        await talk.save(told)


def _evidence(spec: WorkTask) -> str:
    return feedback(spec.failed, spec.findings, conflicts=spec.conflicts, is_retry=spec.is_retry)


async def _committed(
    spec: WorkTask,
    repository: Repository,
    directory: Path,
    result: Result,
    talk: RecordedConversation,
) -> Event:
    message = f"{spec.task.id}: {spec.task.title}\n\n{result.summary}"
    try:
        commit = await repository.commit_all(
            directory, parent=spec.base, message=message, job=spec.job
        )
    except UncommittableError as error:
        reason = f"what it left cannot be committed: {error}"
        await talk.save(feedback_message(f"Attempt {spec.attempt} has ended: {reason}"))
        return _escalated(spec, reason)
    if commit == spec.base:
        return _escalated(spec, "it says that it is done, but it has changed nothing")
    return _submitted(spec, commit, result)


def _submitted(spec: WorkTask, commit: Commit, result: Result) -> TaskSubmitted:
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


def _context(spec: WorkTask, services: Services, directory: Path) -> ToolContext:
    async def diagnose(paths: Sequence[str]) -> str:
        return _said(await (await services.servers()).diagnose(directory, paths))

    async def after_edit(path: str) -> str:
        found = await (await services.servers()).diagnose(directory, [path])
        errors = tuple(it for it in found.diagnostics if it.is_error)
        return _said(Diagnosis(diagnostics=errors))

    async def report_todos(todos: tuple[Todo, ...]) -> None:
        await services.engine.report(
            TodosChanged(plan=spec.plan, job=spec.job, task=spec.task.id, todos=todos)
        )

    return ToolContext(
        tree=Tree(directory),
        allowed_files=tuple(it.path for it in spec.task.files),
        run_command=services.agents_commands(directory),
        after_edit=after_edit,
        diagnose=diagnose,
        report_todos=report_todos,
    )


def _said(diagnosis: Diagnosis) -> str:
    lines = [
        f"{it.path}:{it.line}: {it.severity} {it.code} {it.message} ({it.source})"
        for it in diagnosis.diagnostics[:MAX_DIAGNOSTICS]
    ]
    more = len(diagnosis.diagnostics) - MAX_DIAGNOSTICS
    rest = [f"and {more} more"] if more > 0 else []
    return "\n".join([*lines, *rest, *(f"unknown: {it}" for it in diagnosis.unknown)])
