"""The plan document: Markdown text to `podium.domain.plan.Plan` and back, with positions.

The grammar is `docs/plan-format.md`.  Reading never raises: whatever is wrong with a text is a
`Problem` in it.  Writing changes the bytes it means to change.  Start with `parsing` (text to
`Document`), then `checking` (what is wrong with it), `rendering` and `editing` (the other way).

Names are imported on first use, because the language server needs `lines` before it answers
``initialize`` and everything else, pydantic above all, only afterwards.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from podium.document.checking import checks
    from podium.document.document import (
        Document,
        FieldNode,
        QuestionNode,
        RequirementNode,
        SectionNode,
        Spans,
        TaskNode,
    )
    from podium.document.drafting import replace_keeping_request
    from podium.document.editing import answer_question, tick
    from podium.document.facts import TreeFacts, WorkspaceFacts
    from podium.document.hashing import intent_hash
    from podium.document.lines import LineIndex, split_lines
    from podium.document.parsing import parse
    from podium.document.problem import Fix, Problem, ProblemSeverity
    from podium.document.rendering import render, skeleton
    from podium.document.sections import SectionKey
    from podium.document.spans import Edit, Span, apply_edits

__all__ = [
    "Document",
    "Edit",
    "FieldNode",
    "Fix",
    "LineIndex",
    "Problem",
    "ProblemSeverity",
    "QuestionNode",
    "RequirementNode",
    "SectionKey",
    "SectionNode",
    "Span",
    "Spans",
    "TaskNode",
    "TreeFacts",
    "WorkspaceFacts",
    "answer_question",
    "apply_edits",
    "checks",
    "intent_hash",
    "parse",
    "render",
    "replace_keeping_request",
    "skeleton",
    "split_lines",
    "tick",
]

_HOMES = {
    "checking": ("checks",),
    "document": (
        "Document",
        "FieldNode",
        "QuestionNode",
        "RequirementNode",
        "SectionNode",
        "Spans",
        "TaskNode",
    ),
    "drafting": ("replace_keeping_request",),
    "editing": ("answer_question", "tick"),
    "facts": ("TreeFacts", "WorkspaceFacts"),
    "hashing": ("intent_hash",),
    "lines": ("LineIndex", "split_lines"),
    "parsing": ("parse",),
    "problem": ("Fix", "Problem", "ProblemSeverity"),
    "rendering": ("render", "skeleton"),
    "sections": ("SectionKey",),
    "spans": ("Edit", "Span", "apply_edits"),
}


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
