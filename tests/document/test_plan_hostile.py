"""Whatever the text, reading and checking it end, and soon, without an exception."""

import pytest
from hypothesis import given, settings

from document.plan_samples import PLAN, FakeTree
from document.plan_strategies import HOSTILE_TEXTS, PLANS
from podium.document import (
    Document,
    Span,
    apply_edits,
    checks,
    intent_hash,
    parse,
    replace_keeping_request,
    tick,
)
from podium.document.checking import MAX_PROBLEMS
from podium.document.entries import MAX_ITEMS
from podium.document.parsing import MAX_CHARACTERS, MAX_LINES
from podium.domain.base import TaskId
from podium.domain.plan import Plan


def sections(text: str) -> str:
    return f"## Request\nx\n## Requirements\n{text}\n## Open questions\n{text}\n## Tasks\n{text}"


@given(HOSTILE_TEXTS | HOSTILE_TEXTS.map(sections))
@settings(deadline=None)
def test_no_text_raises(text: str) -> None:
    document = parse(PLAN, text)
    for problem in checks(document, FakeTree()):
        assert is_inside(problem.span, document)
        for fix in problem.fixes:
            apply_edits(text, fix.edits)
    intent_hash(text)
    tick(text, {TaskId("T9")})


def is_inside(span: Span, document: Document) -> bool:
    first, last = span[:2], span[2:]
    lines = document.lines
    return first <= last and last[0] < len(lines) and last[1] <= len(lines[last[0]])


@given(HOSTILE_TEXTS, PLANS)
@settings(max_examples=40, deadline=None)
def test_what_is_written_into_any_document_can_be_read_there(text: str, plan: Plan) -> None:
    draft = replace_keeping_request(text, plan, read=text)
    assert replace_keeping_request(draft, plan, read=text) == draft
    drafted = parse(PLAN, draft).plan
    request = parse(PLAN, text).plan.request or plan.request
    title = plan.title or parse(PLAN, text).plan.title
    assert drafted == plan.evolve(request=request, title=title)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x" * (MAX_CHARACTERS + 1), id="characters"),
        pytest.param("\n" * MAX_LINES, id="lines"),
        pytest.param("## Tasks\n" + "- [ ] T1: x\n" * (MAX_ITEMS + 1), id="items"),
    ],
)
def test_a_text_too_large_is_one_problem(text: str) -> None:
    document = parse(PLAN, text)
    assert [it.code for it in checks(document, FakeTree())] == ["too-large"]
    assert document.plan == Plan(id=PLAN)


@pytest.mark.parametrize(
    "chunk",
    [
        pytest.param("- [ ] T1: x\n" + "  - b\n" * 9_000, id="a long list"),
        pytest.param(
            "- [ ] T1: x\n" + "".join(f"{'  ' * it}- a\n" for it in range(900)), id="deep"
        ),
        pytest.param("- " * 400_000, id="deep on one line"),
        pytest.param(
            "".join(f"- [ ] T{it}: x\n  - files: {'`../a:1`,' * 2_000}\n" for it in range(3)),
            id="wrong files",
        ),
        pytest.param("- [ ] T1: x\n  - accept: " + "`a``b" * 190_000, id="backticks"),
        pytest.param("- [ ] T1: x\n  - files: " + "," * 900_000, id="commas"),
        pytest.param("- [ ] T1: x\n" + "  - after: " + "T2 " * 6_000, id="unknown ids"),
        pytest.param("- [ ] T1: x\n" + "  > " * 4_000, id="quotes"),
        pytest.param("<!--" * 200_000, id="comments"),
        pytest.param("```\n" * 9_000, id="fences"),
        pytest.param("#" * 900_000, id="hashes"),
        pytest.param("- Q1: x\n  - options: " + "|" * 15_000, id="options"),
        pytest.param("- [ ] T1: x\n  - files: " + "`a:1" * 4_000, id="references"),
        pytest.param("\x00\x0c\x85\u2028\ufeff\ud800" * 100_000, id="odd characters"),
    ],
)
def test_text_made_to_be_slow_is_read(chunk: str) -> None:
    """The suite's time limit is the assertion: each takes seconds at worst, not hours."""
    document = parse(PLAN, f"## Tasks\n{chunk}\n## Open questions\n{chunk}"[:MAX_CHARACTERS])
    assert document.is_read
    assert len(checks(document, FakeTree())) <= MAX_PROBLEMS
