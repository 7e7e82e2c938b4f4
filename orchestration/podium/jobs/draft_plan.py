"""Draft the plan: the planner reads the user's commit and submits a plan or questions."""

from podium.agent.conversation import Escalated
from podium.document import parse, replace_keeping_request, tick
from podium.document.editing import answer_question
from podium.domain.effect import DraftPlan, TickTasks, WriteAnswer, WriteDocument
from podium.domain.events.ends import DocumentWritten, JobFailed, PlanDrafted
from podium.domain.roles import PLANNER
from podium.jobs import places
from podium.jobs.casting import cast, play
from podium.jobs.conversations import conversation
from podium.jobs.documents import change_document
from podium.jobs.funds import LeasedFunds
from podium.jobs.services import Services
from podium.roles.guidance import guidance
from podium.roles.planner import planner_messages, tree_overview
from podium.tools.context import ToolContext
from podium.tools.submit_plan import SubmitPlan, plan_of
from podium.workspace.tree import Tree


async def draft_plan(spec: DraftPlan, services: Services) -> None:
    """Have the planner draft, and report the plan."""
    repository, settings = await services.repository(), await services.engine.settings()
    base = await repository.fetch_base()
    # The commit, not the user's files: a plan is about what agents will see, and what
    # git ignores may be secret.
    tree = Tree(await repository.clean_checkout(places.planning(spec.plan), base))
    text = await services.engine.read_plan(spec.plan)
    current = parse(spec.plan, text).plan
    opening = planner_messages(
        current.request or spec.text,
        document=text if current.tasks or current.objective else "",
        questions=current.questions,
        rejection=spec.reason,
        overview=tree_overview(tree),
        categories=tuple(settings.categories),
        agents_md=guidance(tree),
    )
    talk = await conversation(spec.job, LeasedFunds(spec, PLANNER, services.engine))
    try:
        outcome = await play(
            cast(PLANNER, opening, settings),
            talk,
            services,
            ToolContext(tree=tree, categories=tuple(settings.categories)),
            expects=SubmitPlan,
        )
    finally:
        await repository.remove(places.planning(spec.plan))
    if isinstance(outcome, Escalated):
        reason = (
            f"the planner could not go on: {outcome.reason}; say more in the request, if that is "
            "what is missing, and plan it again"
        )
        await services.engine.report(JobFailed(plan=spec.plan, job=spec.job, reason=reason))
        return
    content = plan_of(outcome, current.evolve(request=current.request or spec.text))
    await services.engine.report(
        PlanDrafted(plan=spec.plan, job=spec.job, content=content, read=text)
    )


async def write_document(spec: WriteDocument, services: Services) -> None:
    """Put the draft around what the document says by now."""
    await change_document(
        services.engine,
        spec.plan,
        lambda text: replace_keeping_request(text, spec.content, read=spec.read),
        label="Podium: the drafted plan",
    )
    await services.engine.report(DocumentWritten(plan=spec.plan, job=spec.job))


async def write_answer(spec: WriteAnswer, services: Services) -> None:
    """Put an answer where its question stands, unless somebody has typed one there."""

    def answered(text: str) -> str:
        questions = parse(spec.plan, text).plan.questions
        is_answered = any(it.answer.strip() for it in questions if it.id == spec.question)
        return text if is_answered else answer_question(text, spec.question, spec.answer)

    await change_document(
        services.engine,
        spec.plan,
        answered,
        label=f"Podium: the answer to {spec.question}",
    )
    await services.engine.report(DocumentWritten(plan=spec.plan, job=spec.job))


async def tick_tasks(spec: TickTasks, services: Services) -> None:
    """Tick the boxes of finished tasks."""
    await change_document(
        services.engine,
        spec.plan,
        lambda text: tick(text, set(spec.tasks)),
        label="Podium: finished tasks",
    )
    await services.engine.report(DocumentWritten(plan=spec.plan, job=spec.job))
