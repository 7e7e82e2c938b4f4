"""Writes plans as documents: the other direction of `podium.document.parsing`.

What a model wrote is hostile here as everywhere: no title, body or request of it can become a
section, a task or a field of its own (see `podium.document.escaping`).
"""

import re
from collections.abc import Callable, Iterator

from podium.document.entries import (
    NO_FIELDS,
    QUESTION_FIELDS,
    TASK_FIELDS,
    Entry,
    read_question,
    read_requirement,
    read_scope_item,
    read_task,
)
from podium.document.escaping import escape_body, escape_section, one_line
from podium.document.front_matter import FORMAT
from podium.document.lines import split_lines
from podium.document.markdown import code_span
from podium.document.sections import ORDER, SectionKey
from podium.domain.plan import FileReference, Plan, Question, Requirement, Route, Task

_PLAIN_WORD = re.compile(r"[\w.+#-]+")


def render(plan: Plan) -> str:
    """Return a new document that says ``plan``; sections without text are left out.

    Parsing it gives ``plan`` again, but for white space at the ends of lines, line ends inside
    texts of one line, and ids that are none (``T1``, ``R1``, ``Q1``), which the checks then report.
    """
    lines = front_matter(plan.route)
    if title := one_line(plan.title):
        lines += ("", f"# {title}")
    for key in ORDER:
        body = section_body(plan, key)
        if body or key in {SectionKey.REQUEST, SectionKey.TASKS}:
            lines += ("", f"## {key}", *([""] if body else []), *body)
    return "\n".join((*lines, ""))


def skeleton(request_text: str) -> str:
    """Return a new document that holds only a request."""
    heading = ("", f"## {SectionKey.REQUEST}", "")
    return "\n".join((*front_matter(Route.STANDARD), *heading, *escape_section(request_text), ""))


def front_matter(route: Route) -> list[str]:
    """Return the lines of the front matter."""
    return ["---", f"podium: {FORMAT}", f"route: {route}", "---"]


def section_body(plan: Plan, key: SectionKey) -> list[str]:
    """Return the lines below a section's heading; none for what a plan does not hold."""
    match key:
        case SectionKey.REQUIREMENTS:
            return [line for it in plan.requirements for line in requirement_lines(it)]
        case SectionKey.SCOPE:
            return _scope(plan)
        case SectionKey.QUESTIONS:
            return [line for it in plan.questions for line in question_lines(it)]
        case SectionKey.TASKS:
            return [line for it in plan.tasks for line in task_lines(it)]
        case _:
            text = _prose(plan, key)
            return escape_section(text) if text.strip(" \t\r\n") else []


def _prose(plan: Plan, key: SectionKey) -> str:
    texts = {
        SectionKey.REQUEST: plan.request,
        SectionKey.OBJECTIVE: plan.objective,
        SectionKey.IMPACT: plan.impact,
        SectionKey.TEST_STRATEGY: plan.test_strategy,
        SectionKey.DECISIONS: plan.decisions,
    }
    return texts.get(key, "")


def _scope(plan: Plan) -> list[str]:
    lines: list[str] = []
    for key, texts in ((SectionKey.MUST, plan.must), (SectionKey.MUST_NOT, plan.must_not)):
        items = [line for text in texts for line in _scope_lines(text)]
        if items:
            lines += (*([""] if lines else []), f"### {key}", "", *items)
    return lines


def requirement_lines(requirement: Requirement) -> list[str]:
    """Return the list item that says ``requirement``."""
    first, rest = _split(requirement.text)
    return _item(f"- {one_line(requirement.id)}: {first}", rest, [], NO_FIELDS, read_requirement)


def question_lines(question: Question) -> list[str]:
    """Return the list item that asks ``question``, with a field for the answer."""
    first, rest = _split(question.text)
    options = [one_line(it).replace("|", "\\|") for it in question.options]
    fields = [
        *([f"- options: {' | '.join(options)}"] if any(options) else []),
        *answer_lines(question.answer),
    ]
    head = f"- {one_line(question.id)}: {first}"
    return _item(head, rest, fields, QUESTION_FIELDS, read_question)


def task_lines(task: Task) -> list[str]:
    """Return the list item that says ``task``."""
    box = "x" if task.done else " "
    head = f"- [{box}] {one_line(task.id)}: {one_line(task.title)}"
    body = _tidy(task.body)
    return _item(head, body, list(_task_fields(task)), TASK_FIELDS, read_task)


def answer_lines(answer: str) -> list[str]:
    """Return an ``answer`` field, its first line not indented."""
    first, rest = _split(answer)
    return [f"- answer: {first}".rstrip(" "), *(f"  {line}" if line else "" for line in rest)]


def _scope_lines(text: str) -> list[str]:
    first, rest = _split(text)
    if not first:
        return []
    marker = "-" if first.strip("- \t") else "+"  # ``- - -`` would be a rule across the page.
    return _item(f"{marker} {first}", rest, [], NO_FIELDS, read_scope_item)


def _item(
    head: str,
    rest: list[str],
    fields: list[str],
    names: frozenset[str],
    read: Callable[[str], Entry],
) -> list[str]:
    """Return an item's lines; a text that would swallow or forge fields is escaped strictly."""
    indented = [f"  {line}" if line else "" for line in fields]
    n_fields = sum(line.startswith("- ") for line in fields)
    lines: list[str] = []
    for strictly in (False, True):
        escaped = escape_body(rest, names, strictly=strictly)
        below = [f"  {line}" if line else "" for line in escaped]
        lines = [head.rstrip(" \t"), *below, *indented]
        item = read("\n".join(lines)).item
        if list(item.below) == rest and len(item.fields) == n_fields:
            break
    return lines


def _task_fields(task: Task) -> Iterator[str]:
    if category := one_line(task.category):
        yield f"- category: {category}"
    listed = {
        "skills": [_word(it) for it in task.skills if one_line(it)],
        "files": [_file(it) for it in task.files if one_line(it.path)],
        "after": [one_line(it) for it in task.after if one_line(it)],
        "covers": [one_line(it) for it in task.covers if one_line(it)],
        "references": [code_span(one_line(it)) for it in task.references if one_line(it)],
    }
    for name, values in listed.items():
        if values:
            yield f"- {name}: {', '.join(values)}"
    for command in (line for it in task.accept for line in split_lines(it) if one_line(line)):
        yield f"- accept: {code_span(one_line(command))}"
    for text in task.must_not:
        if one_line(text):
            yield f"- must not: {one_line(text)}"
    if parallel := one_line(task.parallel):
        yield f"- parallel: {parallel}"


def _file(reference: FileReference) -> str:
    lines = ""
    if reference.first_line is not None:
        lines = f":{reference.first_line}"
        if reference.last_line is not None:
            lines += f"-{reference.last_line}"
    written = code_span(f"{one_line(reference.path)}{lines}")
    return f"{written} (new)" if reference.is_new else written


def _word(text: str) -> str:
    word = one_line(text)
    return word if _PLAIN_WORD.fullmatch(word) else code_span(word)


def _tidy(text: str) -> list[str]:
    """Return the lines of ``text`` without white space at its ends and theirs; none for none."""
    stripped = text.strip(" \t\r\n")
    return [line.rstrip(" \t") for line in split_lines(stripped)] if stripped else []


def _split(text: str) -> tuple[str, list[str]]:
    lines = _tidy(text)
    return (lines[0], lines[1:]) if lines else ("", [])
