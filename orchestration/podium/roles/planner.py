"""The planner: from a request to a plan that can be approved."""

from collections.abc import Sequence

from podium.domain.plan import Question
from podium.domain.roles import PLANNER
from podium.domain.transcript import SystemMessage, UserMessage
from podium.roles.instructions import instructions
from podium.text.models import bullets, fenced
from podium.workspace.tree import Tree

MAX_DOCUMENT = 40_000
MAX_OVERVIEW = 4_000
MAX_PER_DIRECTORY = 12


def planner_messages(
    request: str,
    *,
    document: str = "",
    questions: Sequence[Question] = (),
    rejection: str = "",
    overview: str = "",
    categories: Sequence[str] = (),
    agents_md: str = "",
) -> tuple[SystemMessage, UserMessage]:
    """Return what a planner is told before its first turn.

    Args:
        request: In the user's words; these alone are instructions.
        document: The plan document as it is now, if there is more in it than the request.
        questions: Those that were asked so far; what has an answer is settled.
        rejection: Why a human rejected the last draft.
        overview: What `tree_overview` says.
        categories: What a task may be of.
        agents_md: What `podium.roles.guidance.guidance` found, fenced.
    """
    settled = tuple(f"{it.text} → {it.answer}" for it in questions if it.answer.strip())
    sections = [("Request", request.strip())]
    if settled:
        sections.append(("Answered by a human", bullets(settled)))
    if rejection.strip():
        sections.append(("A human rejected the last draft", rejection.strip()))
    if document.strip():
        sections.append(("The plan document now", fenced("plan", document, MAX_DOCUMENT)))
    sections.append(("Categories of tasks", ", ".join(categories) or "unspecified-low"))
    context = "\n\n".join(it for it in (overview, agents_md) if it)
    sections.append(("Context", context or "The repository is empty."))
    text = "\n\n".join(f"# {title}\n{body}" for title, body in sections)
    return instructions(PLANNER), UserMessage(text=text)


def tree_overview(tree: Tree) -> str:
    """Return the tree's files by directory, fenced and bounded."""
    by_directory: dict[str, list[str]] = {}
    for path in tree.walk().paths:
        directory, _, name = path.rpartition("/")
        by_directory.setdefault(directory, []).append(name)
    lines: list[str] = []
    for directory, names in sorted(by_directory.items()):
        more = len(names) - MAX_PER_DIRECTORY
        rest = f" … {more} more" if more > 0 else ""
        lines.append(f"{directory or '.'}/: {' '.join(names[:MAX_PER_DIRECTORY])}{rest}")
    remedy = "use `list_files` and `glob`"
    return fenced("files", "\n".join(lines), MAX_OVERVIEW, remedy) if lines else ""
