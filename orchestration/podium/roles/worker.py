"""The worker: one task, in its own worktree."""

from collections.abc import Sequence

from podium.domain.plan import FileReference, Task
from podium.domain.roles import WORKER
from podium.domain.transcript import SystemMessage, UserMessage
from podium.roles.instructions import instructions
from podium.roles.skills import Skills
from podium.text.models import bullets, fenced

MAX_LESSONS = 20
MAX_FEEDBACK = 16_000


def worker_messages(
    task: Task,
    *,
    objective: str,
    must_not: Sequence[str] = (),
    lessons: Sequence[str] = (),
    skills: Skills | None = None,
    agents_md: str = "",
    feedback: str = "",
) -> tuple[SystemMessage, UserMessage]:
    """Return what a worker is told before its first turn, in seven sections.

    Args:
        task: What to do.
        objective: The plan's objective.
        must_not: The plan's must-nots.
        lessons: What earlier workers learned, the oldest first.
        skills: What `podium.roles.skills.load_skills` found of the task's.
        agents_md: What `podium.roles.guidance.guidance` found, fenced.
        feedback: Why the last attempt was not accepted, from `podium.roles.feedback`.
    """
    files = tuple(map(show_file, task.files))
    sections = (
        ("Task", f"{task.id}: {task.title}\n{task.body}".strip()),
        ("Expected outcome", _outcome(task, objective)),
        ("Required skills", (skills and skills.text) or "none"),
        ("Required tools", _TOOLS),
        ("Must do", _must_do(task, files)),
        ("Must not do", bullets((*must_not, *task.must_not, *_ALWAYS))),
        ("Context", _context(task, lessons, agents_md, feedback)),
    )
    return instructions(WORKER), UserMessage(
        text="\n\n".join(f"# {it}\n{text}" for it, text in sections)
    )


def feedback_message(feedback: str) -> UserMessage:
    """Return what a worker whose transcript goes on is told after its work was sent back."""
    return UserMessage(text=f"# Not accepted\n{_feedback(feedback)}\nMend this, and submit again.")


def show_file(it: FileReference) -> str:
    """Return a file reference as the plan document writes it."""
    lines = "" if it.first_line is None else f":{it.first_line}"
    if it.last_line is not None and it.last_line != it.first_line:
        lines += f"-{it.last_line}"
    return f"`{it.path}{lines}`" + (" (new)" if it.is_new else "")


_TOOLS = "`run_command` for the acceptance commands and tests; `diagnostics` after the last edit."
_ALWAYS = (
    "weaken, skip or delete a test, or silence a diagnostic",
    "use git to commit, switch or rewrite anything",
)


def _outcome(task: Task, objective: str) -> str:
    done = bullets(
        tuple(f"`{it}` exits 0" for it in task.accept),
        "- it does what the task says, and you have seen it",
    )
    goal = f"The plan's objective: {objective.strip()}\n" if objective.strip() else ""
    return f"{goal}This task is accepted when:\n{done}"


def _must_do(task: Task, files: tuple[str, ...]) -> str:
    where = ("change only these files: " + ", ".join(files),) if files else ()
    read = ("read first: " + ", ".join(task.references),) if task.references else ()
    run = ("run every acceptance command",) if task.accept else ()
    return bullets((*where, *read, "cover changed behaviour by tests", *run))


def _context(task: Task, lessons: Sequence[str], agents_md: str, feedback: str) -> str:
    parts = [f"Covers {', '.join(task.covers)}."] if task.covers else []
    if lessons:
        learned = bullets(tuple(lessons[-MAX_LESSONS:]))
        parts.append("Lessons of earlier tasks:\n" + fenced("lessons", learned, 6_000))
    if agents_md:
        parts.append(agents_md)
    if feedback:
        parts.append(
            "The last attempt was not accepted. Begin from the files as they are.\n"
            + _feedback(feedback)
        )
    return "\n\n".join(parts) or "none"


def _feedback(feedback: str) -> str:
    return fenced("feedback", feedback, MAX_FEEDBACK, "run the command to see it whole")
