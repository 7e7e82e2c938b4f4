"""What every plan needs: a request, tasks, answers, categories that mean something."""

from collections.abc import Iterator

from podium.document.problem import Fix, Problem, error, information, warning
from podium.document.rules.case import Case, change_to
from podium.document.sections import SectionKey
from podium.document.spans import Edit, Span


def form_problems(case: Case) -> Iterator[Problem]:
    """Yield a missing request, missing tasks, open questions and unknown categories."""
    yield from _request(case)
    yield from _tasks(case)
    yield from _questions(case)
    yield from _categories(case)


def _request(case: Case) -> Iterator[Problem]:
    if case.document.plan.request.strip():
        return
    section = case.document.spans.section(SectionKey.REQUEST)
    if section is not None:
        message = "the request is empty; say in your own words what you want"
        yield warning("no-request", section.heading, message)
        return
    line = _first_free_line(case)
    heading = f"## {SectionKey.REQUEST}\n\n"
    fix = Fix("Add a Request section", (Edit(Span.at(line, 0), heading),))
    message = "there is no section '## Request'; add it and say what you want"
    yield warning("no-request", case.document.spans.title or Span.at(line, 0), message, fix)


def _first_free_line(case: Case) -> int:
    """Return the line where a first section can begin: the first text below the title."""
    spans, lines = case.document.spans, case.document.lines
    above = spans.title or spans.front_matter
    line = above.last_line + 1 if above else 0
    while line < len(lines) - 1 and not lines[line].strip():
        line += 1
    return min(line, len(lines) - 1)


def _tasks(case: Case) -> Iterator[Problem]:
    if case.tasks:
        return
    section = case.document.spans.section(SectionKey.TASKS)
    span = section.heading if section else case.document.spans.title or Span.at(0, 0)
    message = "the plan has no tasks yet; ask Podium to plan the request, or write '- [ ] T1: …'"
    yield information("no-tasks", span, message)


def _questions(case: Case) -> Iterator[Problem]:
    for node in case.document.spans.questions:
        question = node.question
        if question.answer:
            continue
        field = node.field("answer")
        fixes: list[Fix] = []
        if field is not None:
            edits = [(option, Edit(field.value, f" {option}")) for option in question.options]
            fixes = [Fix(f"Answer {option!r}", (edit,)) for option, edit in edits]
        message = f"{question.id} is open; write the answer after 'answer:'"
        yield warning("open-question", node.title_span, message, *fixes)


def _categories(case: Case) -> Iterator[Problem]:
    known = case.facts.categories
    for node in case.tasks if known else ():
        category = node.task.category
        if category in known:
            continue
        field = node.field("category")
        span = field.value if field else node.id_span
        fixes = change_to(span, case.suggest(category, known)) if field else ()
        message = f"there is no category {category!r}; categories: {', '.join(sorted(known))}"
        yield error("unknown-category", span, message, *fixes)
