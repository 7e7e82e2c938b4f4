"""How tasks are accepted, and what they are told to look at: the shares that a plan must reach."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from podium.document.entries import MAX_ITEMS, Entry, commands
from podium.document.problem import Problem, error, information, warning
from podium.document.rules.case import Case, listed
from podium.document.rules.shell import command_name, command_trouble
from podium.document.sections import SectionKey
from podium.document.spans import Span

ACCEPTANCE_PERCENT = 90
REFERENCES_PERCENT = 80


class _Acceptance(NamedTuple):
    """What one task's text alone says about its acceptance; lines count from its first one."""

    has_command: bool
    has_references: bool
    problems: tuple[Problem, ...]
    names: tuple[tuple[str, Span], ...]
    """The programs that its commands start."""


def acceptance_problems(case: Case) -> Iterator[Problem]:
    """Yield tasks without acceptance command or references, and commands that are not commands."""
    judged = [(node, _acceptance(node.entry)) for node in case.tasks]
    names = {name for _, it in judged for name, _ in it.names}
    missing = {it for it in names if not case.facts.has_command(it)}
    for node, found in judged:
        for problem in found.problems:
            yield problem.shifted(node.first_line)
        for name, span in found.names if missing else ():
            if name in missing:
                message = (
                    f"no command {name!r} was found on this machine; make sure that agents have it"
                )
                yield information("unknown-command", span.shifted(node.first_line), message)
    without_command = [node.task.id for node, it in judged if not it.has_command]
    yield from _share(
        case, "few-acceptance", "an acceptance command", ACCEPTANCE_PERCENT, without_command
    )
    without_references = [node.task.id for node, it in judged if not it.has_references]
    yield from _share(case, "few-references", "references", REFERENCES_PERCENT, without_references)


@lru_cache(maxsize=MAX_ITEMS)
def _acceptance(entry: Entry) -> _Acceptance:
    """Judge one task, once per text."""
    problems: list[Problem] = []
    names: list[tuple[str, Span]] = []
    span = (entry.item.id or entry.item.lead).span
    accept = commands(entry.item)
    if not accept:
        message = "the task has no acceptance command; add 'accept: `command`'"
        problems.append(information("no-acceptance", span, message))
    has_references = bool(entry.item.values("references"))
    if not has_references:
        message = "the task has no references; add 'references: `file:line-line`'"
        problems.append(information("no-references", span, message))
    n_commands = 0
    for text, at, *_ in accept:
        if trouble := command_trouble(text):
            message = f"this is not a command: {trouble}; write what must exit with status 0"
            problems.append(error("no-command", at, message))
            continue
        n_commands += 1
        if name := command_name(text):
            names.append((name, at))
    return _Acceptance(n_commands > 0, has_references, tuple(problems), tuple(names))


def _share(
    case: Case, code: str, what: str, needed_percent: int, missing: Sequence[str]
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
