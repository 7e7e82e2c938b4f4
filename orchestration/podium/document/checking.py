"""All that is wrong with a plan document, found without a model and without an index."""

from itertools import islice

from podium.document.document import Document
from podium.document.facts import TreeFacts
from podium.document.problem import Problem, ProblemSeverity, error
from podium.document.rules.acceptance import acceptance_problems
from podium.document.rules.case import Case
from podium.document.rules.coverage import coverage_problems
from podium.document.rules.files import file_problems
from podium.document.rules.form import form_problems
from podium.document.rules.order import order_problems
from podium.document.spans import Span

MAX_PROBLEMS = 1_000
"""As many as an editor is shown."""
MAX_FOUND = 10_000
"""After as many, one subject's problems are looked for no further."""
_RULES = (form_problems, order_problems, coverage_problems, acceptance_problems, file_problems)
_WEIGHT = {severity: number for number, severity in enumerate(ProblemSeverity)}


def checks(document: Document, facts: TreeFacts) -> tuple[Problem, ...]:
    """Return every problem of the document, those of its grammar included, in its order.

    Of more than `MAX_PROBLEMS` the gravest are returned, and an error that says so: what is not
    shown may be an error too.
    """
    if not document.is_read:
        return document.problems
    case = Case(document, facts)
    found = list(document.problems)
    for rule in _RULES:
        found += islice(rule(case), MAX_FOUND)
    if len(found) > MAX_PROBLEMS:
        found.sort(key=lambda it: _WEIGHT[it.severity])
        message = f"this plan has more than {MAX_PROBLEMS:,} problems; correct those shown first"
        found = [error("more-problems", Span.at(0, 0), message), *found[: MAX_PROBLEMS - 1]]
    found.sort(key=lambda it: it.span)
    return tuple(found)
