"""Who the agents are: one row a role, plain data that configuration reads, too.

A job plays a role: it names the row, tells the agent what it must know (`podium.roles`) and
takes what it submits.  Without a row here there is no role.
"""

from dataclasses import dataclass

_READING = ("read_file", "list_files", "search", "glob")


@dataclass(frozen=True)
class Role:
    """A role.

    Args:
        name: As configuration, events, reports and `<name>.md` in `podium.roles` have it.
        tools: Names of `podium.tools.table`; what submits is among them.
        category: The kind of thinking, unless configuration says otherwise; empty: its task's.
        is_author: What it does is the task's change: a reviewer must be of another family.
    """

    name: str
    tools: tuple[str, ...]
    category: str = ""
    is_author: bool = False


PLANNER = Role("planner", (*_READING, "submit_plan"), category="unspecified-high")
WORKER = Role(
    "worker",
    (
        *_READING,
        *("edit_file", "write_file", "run_command", "diagnostics"),
        *("todos", "note", "ask", "replan", "submit_result"),
    ),
    is_author=True,
)
REVIEWER = Role(
    "reviewer", (*_READING, "run_command", "submit_review"), category="unspecified-high"
)

ROLES = (PLANNER, WORKER, REVIEWER)
