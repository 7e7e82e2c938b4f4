"""Requirements and tasks: every one is covered, and covers something."""

from collections.abc import Iterator

from podium.document.problem import Problem, error, warning
from podium.document.rules.case import Case, change_to


def coverage_problems(case: Case) -> Iterator[Problem]:
    """Yield requirements without a task and tasks without a requirement."""
    if not case.tasks:
        return
    known = {node.requirement.id for node in case.requirements}
    covered = set[str]().union(*[node.task.covers for node in case.tasks])
    for node in () if covered >= known else case.requirements:
        if node.requirement.id not in covered:
            message = f"no task covers {node.requirement.id}; add it to a task's 'covers'"
            yield error("uncovered", node.id_span, message)
    for node in case.tasks:
        if known and not node.task.covers:
            message = f"{node.task.id} covers no requirement; add 'covers', or a requirement"
            yield warning("covers-nothing", node.id_span, message)
        if known.issuperset(node.task.covers):
            continue
        for text, span in node.covers:
            if text not in known:
                message = f"there is no requirement {text!r}; name one that exists, or remove it"
                fixes = change_to(span, case.suggest(text, known))
                yield error("unknown-requirement", span, message, *fixes)
