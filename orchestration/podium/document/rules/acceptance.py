"""How tasks are accepted, and what they are told to look at: the shares that a plan must reach."""

from collections.abc import Iterator

from podium.document.document import TaskNode
from podium.document.problem import Problem, error, information, warning
from podium.document.rules.case import Case, listed
from podium.document.rules.shell import command_name, command_trouble
from podium.document.sections import SectionKey
from podium.document.spans import Span

ACCEPTANCE_PERCENT = 90
REFERENCES_PERCENT = 80


def acceptance_problems(case: Case) -> Iterator[Problem]:
    """Yield tasks without acceptance command or references, and commands that are none."""
    without_command: list[str] = []
    without_references: list[str] = []
    for node in case.tasks:
        if not any(not command_trouble(it) for it in node.task.accept):
            without_command.append(node.task.id)
        if not node.task.accept:
            message = f"{node.task.id} has no acceptance command; add 'accept: `command`'"
            yield information("no-acceptance", node.id_span, message)
        if not node.task.references:
            without_references.append(node.task.id)
            message = f"{node.task.id} has no references; add 'references: `file:line-line`'"
            yield information("no-references", node.id_span, message)
        yield from _commands(case, node)
    yield from _share(
        case, "few-acceptance", "an acceptance command", ACCEPTANCE_PERCENT, without_command
    )
    yield from _share(case, "few-references", "references", REFERENCES_PERCENT, without_references)


def _commands(case: Case, node: TaskNode) -> Iterator[Problem]:
    for number, command in enumerate(node.task.accept):
        if trouble := command_trouble(command):
            message = f"this is no command: {trouble}; write what must exit with status 0"
            yield error("no-command", node.accept[number][1], message)
            continue
        name = command_name(command)
        if name and not case.facts.has_command(name):
            message = f"no command {name!r} was found on this machine; make sure agents have it"
            yield information("unknown-command", node.accept[number][1], message)


def _share(
    case: Case, code: str, what: str, needed_percent: int, missing: list[str]
) -> Iterator[Problem]:
    """Yield a warning on the section's heading if too many tasks lack something."""
    n_tasks = len(case.tasks)
    n_having = n_tasks - len(missing)
    if n_having * 100 >= needed_percent * n_tasks:
        return
    section = case.document.spans.section(SectionKey.TASKS)
    message = (
        f"{n_having} of {n_tasks} tasks have {what}, but {needed_percent} % should; "
        f"add it to {listed(missing)}"
    )
    yield warning(code, section.heading if section else Span.at(0, 0), message)
