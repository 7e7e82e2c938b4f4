"""What hovering tells: everything known about a task, a question, a reference or a finding."""

from collections.abc import Callable, Iterator

from podium.document.document import TaskNode
from podium.document.lines import split_lines
from podium.domain.request import Request
from podium.domain.run import TaskRun
from podium.domain.standing import SIGNS, evidence, stopped, task_state
from podium.domain.verdict import Gate, Verdict
from podium.text.markdown import code_block, prose, prose_line
from podium.text.plain import last_lines
from podium_server.analysis.code_diagnostics import placed_findings
from podium_server.analysis.navigation import holds
from podium_server.analysis.runs import task_of
from podium_server.shown import Hover
from podium_server.snapshot import CodeSnapshot, PlanSnapshot, Snapshot

_MAX_LINES = 12

Read = Callable[[str], str | None]
"""Reads a file of the workspace; ``None`` if there is none to be read."""


def hover(snapshot: Snapshot, line: int, column: int, read: Read) -> Hover | None:
    """Return what there is to say about a position."""
    if isinstance(snapshot, CodeSnapshot):
        return _finding_hover(snapshot, line)
    for node in snapshot.document.spans.tasks:
        if node.whole.first_line <= line <= node.whole.last_line:
            at = (line, column)
            return (
                _id_hover(snapshot, node, at)
                or _file_hover(node, at, read)
                or _task_hover(snapshot, node)
            )
    return _question_hover(snapshot, line) or _unwritten_hover(snapshot, line)


def _id_hover(snapshot: PlanSnapshot, node: TaskNode, at: tuple[int, int]) -> Hover | None:
    spans = snapshot.document.spans
    for name, span in (*node.after, *node.covers):
        if holds(span, at):
            for task in spans.tasks:
                if task.task.id == name:
                    return Hover(span, f"**{prose(name)}** {prose_line(task.task.title)}")
            for requirement in spans.requirements:
                if requirement.requirement.id == name:
                    return Hover(span, f"**{prose(name)}** {prose(requirement.requirement.text)}")
    return None


def _file_hover(node: TaskNode, at: tuple[int, int], read: Read) -> Hover | None:
    for it in (*node.files, *node.references):
        if holds(it.span, at):
            text = read(it.reference.path)
            if text is None:
                return Hover(it.span, f"{prose(it.reference.path)}: no such file yet")
            first = (it.reference.first_line or 1) - 1
            last = it.reference.last_line or first + _MAX_LINES
            lines = split_lines(text)[first : min(last, first + _MAX_LINES)]
            where = f"{prose(it.reference.path)}, from line {first + 1}"
            return Hover(it.span, where + "\n\n" + code_block("\n".join(lines)))
    return None


def _task_hover(snapshot: PlanSnapshot, node: TaskNode) -> Hover | None:
    request, task = snapshot.request, task_of(snapshot.request, node.task.id)
    if request is None or task is None:
        return None
    return Hover(node.whole, "\n\n".join(_task(request, task)))


def _unwritten_hover(snapshot: PlanSnapshot, line: int) -> Hover | None:
    """Tell on the title of the run's tasks that the document has no line for, as a finding's."""
    request = snapshot.request
    if request is None or request.run is None or line != snapshot.title.first_line:
        return None
    tasks = [it for it in request.run.tasks.values() if not snapshot.document.task(it.task.id)]
    told = "\n\n".join(part for task in tasks for part in _task(request, task))
    return Hover(snapshot.title, told) if told else None


def _task(request: Request, task: TaskRun) -> Iterator[str]:
    yield f"**{prose(task.task.id)}** {prose_line(task.task.title)}"
    yield prose(task_state(request, task))
    if task.doing and task.phase.is_active:
        yield f"_{prose_line(task.doing)}_"
    if task.phase.is_stopped:
        yield prose(stopped(task))
    if task.todos:
        yield "\n".join(f"- [{'x' if it.done else ' '}] {prose_line(it.text)}" for it in task.todos)
    if task.summary:
        yield prose(task.summary)
    verdicts = [it for gate in Gate if (it := task.verdict(gate)) is not None]
    if verdicts:
        yield _table(verdicts)
    for verdict in verdicts:
        if not verdict.passed and verdict.output.strip():
            yield f"{verdict.gate}:\n\n{code_block(last_lines(verdict.output, _MAX_LINES))}"


def _table(verdicts: list[Verdict]) -> str:
    rows = ["| gate | verdict | evidence | time |", "| --- | --- | --- | --- |"]
    for it in verdicts:
        took = "" if it.duration_s is None else f"{it.duration_s:.1f} s"
        word = f"{SIGNS[it.outcome]} {it.outcome}"
        rows.append(f"| {it.gate} | {word} | {prose_line(evidence(it))} | {took} |")
    return "\n".join(rows)


def _question_hover(snapshot: PlanSnapshot, line: int) -> Hover | None:
    for node in snapshot.document.spans.questions:
        if node.whole.first_line <= line <= node.whole.last_line:
            it = node.question
            parts = [f"**{prose(it.id)}** {prose(it.text)}"]
            if it.answer:
                parts.append(f"answer: {prose(it.answer)}")
            elif it.options:
                parts.append("\n".join(f"- {prose(option)}" for option in it.options))
            return Hover(node.whole, "\n\n".join(parts))
    return None


def _finding_hover(snapshot: CodeSnapshot, line: int) -> Hover | None:
    found = [
        it
        for it in placed_findings(snapshot)
        if it.diagnostic.span.first_line <= line <= it.diagnostic.span.last_line
    ]
    if not found:
        return None
    parts: list[str] = []
    for request, finding, _, note in found:
        parts.append(f"**{finding.severity}**: {prose_line(finding.title)}")
        parts.append(prose(note))
        parts.append(prose(finding.detail))
        if finding.suggestion:
            parts.append(f"suggestion: {prose(finding.suggestion)}")
        parts.append(code_block(finding.evidence, 600))
        parts.append(f"{prose(finding.task)} of {prose(request.id)}, {prose(finding.reviewer)}")
    return Hover(found[0].diagnostic.span, "\n\n".join(part for part in parts if part))
