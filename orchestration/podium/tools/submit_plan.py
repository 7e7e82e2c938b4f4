"""Hand in a plan."""

import asyncio
import re
from collections.abc import Iterator

from pydantic import Field

from podium.document import Document, ProblemSeverity, WorkspaceFacts, checks, parse, render
from podium.domain.base import Frozen, PlanId, QuestionId, TaskId
from podium.domain.plan import FileReference, Plan, Question, Requirement, Task
from podium.errors import ToolRetry
from podium.tools.context import Mode, ToolContext
from podium.tools.tool import Reach, Tool
from podium.workspace.protected import is_protected

MAX_COMPLAINTS = 12
_REFERENCE = re.compile(r"(?P<path>.+?)(?::(?P<first>\d{1,7})(?:-(?P<last>\d{1,7}))?)?")
_NEW = "(new)"


class DraftTask(Frozen):
    """One task of a draft."""

    id: str = Field(pattern=r"^T[1-9]\d*$", description="`T1`, `T2`, …")
    title: str = Field(min_length=1)
    body: str = Field(default="", description="What to do, so that nobody has to guess.")
    category: str = "unspecified-low"
    skills: tuple[str, ...] = ()
    files: tuple[str, ...] = Field(
        min_length=1,
        description="All it may change: `a.py:1-9`, `b.py (new)`.",
    )
    after: tuple[str, ...] = Field(default=(), description="Tasks it needs done first.")
    covers: tuple[str, ...] = Field(default=(), description="Requirements, as `R1`.")
    references: tuple[str, ...] = Field(default=(), description="What to read, as `src/b.py:5`.")
    accept: tuple[str, ...] = Field(description="Shell commands that exit 0 when it is done.")
    must_not: tuple[str, ...] = ()
    parallel: str = Field(default="", description="Why it may share a file with a task beside it.")


class DraftQuestion(Frozen):
    """One question of a draft."""

    text: str = Field(min_length=1)
    options: tuple[str, ...] = Field(default=(), description="Likely answers, the best first.")


class SubmitPlan(Frozen):
    """Input of ``submit_plan``, and what a planner submits."""

    title: str = Field(min_length=1, max_length=120)
    objective: str = Field(min_length=1)
    requirements: tuple[str, ...] = Field(default=(), description="R1, R2, … in this order.")
    must: tuple[str, ...] = Field(default=(), description="What is in scope.")
    must_not: tuple[str, ...] = Field(default=(), description="What is out of scope.")
    questions: tuple[DraftQuestion, ...] = ()
    impact: str = Field(default="", description="What else this touches.")
    tasks: tuple[DraftTask, ...] = ()
    test_strategy: str = ""
    decisions: str = Field(default="", description="What you decided, and why.")


async def submit_plan(args: SubmitPlan, ctx: ToolContext) -> str:
    """End the agent's work, unless the draft contradicts itself or the tree."""
    if ctx.state.mode is not Mode.REMEMBERING:  # The user may have changed the tree since.
        await asyncio.to_thread(_check, args, ctx)
    ctx.state.submission = args
    return "submitted"


SUBMIT_PLAN = Tool(name="submit_plan", input=SubmitPlan, reach=Reach.SUBMITS, run=submit_plan)


def plan_of(draft: SubmitPlan, current: Plan) -> Plan:
    """Return the plan that ``draft`` makes of ``current``: its request, route and answers stay."""
    answered = tuple(it for it in current.questions if it.answer.strip())
    taken = {it.id for it in answered}
    free = (name for n in range(1, 10_000) if (name := QuestionId(f"Q{n}")) not in taken)
    asked = tuple(
        Question(id=name, text=it.text, options=it.options)
        for it, name in zip(draft.questions, free, strict=False)
    )
    return current.evolve(
        title=draft.title,
        objective=draft.objective,
        requirements=tuple(
            Requirement(id=f"R{n}", text=it) for n, it in enumerate(draft.requirements, 1)
        ),
        must=draft.must,
        must_not=draft.must_not,
        questions=answered + asked,
        impact=draft.impact,
        tasks=tuple(_task(it) for it in draft.tasks),
        test_strategy=draft.test_strategy,
        decisions=draft.decisions,
    )


def _task(draft: DraftTask) -> Task:
    return Task(
        id=TaskId(draft.id),
        title=draft.title,
        body=draft.body,
        category=draft.category,
        skills=draft.skills,
        files=tuple(_file(it) for it in draft.files),
        after=tuple(TaskId(it) for it in draft.after),
        covers=draft.covers,
        references=draft.references,
        accept=draft.accept,
        must_not=draft.must_not,
        parallel=draft.parallel,
    )


def _file(text: str) -> FileReference:
    plain = text.replace("`", "").strip()
    is_new = plain.endswith(_NEW)
    found = _REFERENCE.fullmatch(plain.removesuffix(_NEW).strip())
    if found is None:
        return FileReference(path=plain, is_new=is_new)
    first, last = found["first"], found["last"]
    return FileReference(
        path=found["path"],
        first_line=max(1, int(first)) if first else None,
        last_line=max(1, int(last)) if last else None,
        is_new=is_new,
    )


def _check(draft: SubmitPlan, ctx: ToolContext) -> None:
    """Raise what a reader of the plan's document would see as errors."""
    complaints = list(_complaints(draft, ctx))
    if complaints:
        more = len(complaints) - MAX_COMPLAINTS
        shown = [f"- {it}" for it in complaints[:MAX_COMPLAINTS]]
        rest = [f"- and {more} more"] if more > 0 else []
        head = "the plan is not sound; mend this and submit all of it again:"
        raise ToolRetry("\n".join([head, *shown, *rest]))


def _complaints(draft: SubmitPlan, ctx: ToolContext) -> Iterator[str]:
    if not draft.tasks:
        if not draft.questions:
            yield "it has neither tasks nor questions"
        return
    for task in draft.tasks:
        for it in task.files:
            if reason := is_protected(_file(it).path):
                yield f"{task.id}: no task may change {it!r}: {reason}"
    plan = plan_of(draft, Plan(id=PlanId("draft")))
    document = parse(plan.id, render(plan))
    for problem in checks(document, WorkspaceFacts(ctx.tree.root, ctx.categories)):
        if problem.severity is ProblemSeverity.ERROR:
            yield f"{_whose(document, problem.span.first_line)}: {problem.message}"


def _whose(document: Document, line: int) -> str:
    """Return the task that a line of the document belongs to, or else the line."""
    for node in document.spans.tasks:
        if node.whole.first_line <= line <= node.whole.last_line:
            return node.task.id
    return repr(document.lines[line].strip()[:80])
