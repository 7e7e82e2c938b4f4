"""Our own agent loop as a worker."""

from collections.abc import Sequence
from dataclasses import dataclass

from podium.agent.conversation import Escalated
from podium.domain.events.progress import Todo, TodosChanged
from podium.domain.roles import WORKER
from podium.domain.transcript import Message
from podium.jobs import places
from podium.jobs.casting import cast, play
from podium.jobs.conversations import conversation
from podium.jobs.services import Services, users_skills
from podium.jobs.workers.port import Brief
from podium.languages.diagnosis import Diagnosis
from podium.roles.guidance import guidance
from podium.roles.skills import load_skills
from podium.roles.worker import feedback_message, worker_messages
from podium.tools.context import ToolContext
from podium.tools.submit_result import Result
from podium.workspace.tree import Tree

MAX_DIAGNOSTICS = 30


@dataclass(frozen=True)
class LoopWorker:
    """An agent with our tools; the attempts of one generation are one conversation."""

    services: Services

    async def work(self, brief: Brief) -> Result | Escalated:
        """Work from wherever the conversation is."""
        spec = brief.spec
        if brief.evidence:
            told = feedback_message(
                f"Attempt {spec.attempt - 1} has come back.\n\n{brief.evidence}"
            )
            await brief.inbox.put(told.evolve(id=spec.job))
        talk = await conversation(places.work(spec.run, spec.task.id, spec.generation), brief.funds)
        settings = await self.services.engine.settings()
        agent = cast(WORKER, _opening(brief), settings, category=spec.task.category)
        return await play(
            agent, talk, self.services, _context(brief, self.services), expects=Result
        )


def _opening(brief: Brief) -> tuple[Message, ...]:
    """Return what begins a conversation; the evidence in it need not be told again."""
    spec, tree = brief.spec, Tree(brief.directory)
    system, user = worker_messages(
        spec.task,
        objective=spec.objective,
        must_not=spec.must_not,
        lessons=spec.lessons,
        skills=load_skills(spec.task.skills, tree, users_skills()),
        agents_md=guidance(tree, [it.path for it in spec.task.files]),
        feedback=brief.evidence,
    )
    return system, user.evolve(id=spec.job)


def _context(brief: Brief, services: Services) -> ToolContext:
    spec, directory = brief.spec, brief.directory

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
