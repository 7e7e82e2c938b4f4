from textwrap import dedent

from document.plan_samples import PLAN
from podium.document import Document, SectionKey, Span, parse
from podium.domain.plan import FileReference, Question, Requirement, Route

TEXT = dedent("""\
    ---
    podium: 1
    route: full
    ---
    # Slugify titles

    ## Request
    Add slugify.

    Please.
    ## Objective
    Links that read well.
    ## Requirements
    - R1: accents are dropped
      and nothing else
    ## Scope
    ### Must
    - keep the API
    ### Must not
    - add a dependency
    ## Open questions
    - Q1: Which separator?
      - options: dash | under \\| score
      - answer: dash,
        always
    ## Tasks
    - [ ] T1: Write `slugify`
      Say what it does.

      ```py
      - accept: no
      ```
      - category: visual-engineering
      - skills: python, `two words`
      - files: `src/text.py:1-8`, `a,b.py` (new), plain.py:3
        - `src/more.py`
      - covers: R1 R2,R3
      - references: `src/app.py:5`, the manual
      - accept: `python -m unittest` and ``echo `x` ``
      - accept:
        ```sh
        make test, please
        ```
      - must not: touch
        the API
      - must not:
        - be slow
        - be clever
      - parallel: it only reads
    - [x] T2: Tell
      - after: `T1`, T0
    ## Test strategy
    Unit tests.
    ## Decisions
    None yet.
""")


def at(document: Document, span: Span) -> str:
    """The text of a span inside one line."""
    assert span.first_line == span.last_line
    return document.lines[span.first_line][span.first_column : span.last_column]


def test_the_plan_of_a_document() -> None:
    plan = parse(PLAN, TEXT).plan
    assert plan.title == "Slugify titles"
    assert plan.route is Route.FULL
    assert plan.request == "Add slugify.\n\nPlease."
    assert plan.objective == "Links that read well."
    assert plan.requirements == (
        Requirement(id="R1", text="accents are dropped\nand nothing else"),
    )
    assert (plan.must, plan.must_not) == (("keep the API",), ("add a dependency",))
    (question,) = plan.questions
    assert question == Question(
        id=question.id,
        text="Which separator?",
        options=("dash", "under | score"),
        answer="dash,\nalways",
    )
    assert (plan.test_strategy, plan.decisions) == ("Unit tests.", "None yet.")


def test_a_task_of_a_document() -> None:
    task, other = parse(PLAN, TEXT).plan.tasks
    assert (task.id, task.title, task.done) == ("T1", "Write `slugify`", False)
    assert task.body == "Say what it does.\n\n```py\n- accept: no\n```"
    assert task.category == "visual-engineering"
    assert task.skills == ("python", "two words")
    assert task.files == (
        FileReference(path="src/text.py", first_line=1, last_line=8),
        FileReference(path="a,b.py", is_new=True),
        FileReference(path="plain.py", first_line=3),
        FileReference(path="src/more.py"),
    )
    assert task.covers == ("R1", "R2", "R3")
    assert task.references == ("src/app.py:5", "the manual")
    assert task.accept == ("python -m unittest", "echo `x`", "make test, please")
    assert task.must_not == ("touch the API", "be slow", "be clever")
    assert task.parallel == "it only reads"
    assert (other.done, other.category, other.after) == (True, "unspecified-low", ("T1", "T0"))


def test_where_everything_stands() -> None:
    document = parse(PLAN, TEXT)
    spans = document.spans
    task, other = spans.tasks
    assert spans.title is not None
    assert at(document, spans.title) == "Slugify titles"
    assert at(document, spans.keys["route"]) == "full"
    assert [at(document, it) for it in (task.id_span, task.title_span)] == ["T1", "Write `slugify`"]
    assert [(at(document, it.path), it.lines and at(document, it.lines)) for it in task.files] == [
        ("src/text.py", "1-8"),
        ("a,b.py", None),
        ("plain.py", "3"),
        ("src/more.py", None),
    ]
    assert [at(document, it.mark) for it in task.files if it.mark] == ["(new)"]
    for values in (task.covers, other.after):
        assert [at(document, span) for _, span in values] == [text for text, _ in values]
    assert [it.name for it in task.fields][:3] == ["category", "skills", "files"]
    category = task.field("category")
    assert category is not None
    assert (at(document, category.label), at(document, category.value)) == (
        "category",
        "visual-engineering",
    )
    answer = spans.questions[0].field("answer")
    assert answer is not None
    assert answer.value == Span(23, 12, 24, 10)
    assert at(document, spans.requirements[0].title_span) == "accents are dropped"
    assert (task.whole.first_line, task.whole.last_line) == (26, other.whole.first_line - 1)


def test_sections_have_headings_and_bodies() -> None:
    document = parse(PLAN, TEXT)
    scope = document.spans.section(SectionKey.SCOPE)
    request = document.spans.section(SectionKey.REQUEST)
    assert scope is not None
    assert request is not None
    assert at(document, scope.heading) == "## Scope"
    assert (scope.body.first_line, scope.body.last_line) == (16, 19)
    assert request.body == Span(7, 0, 9, 7)
    assert [it.name for it in document.spans.sections][4:6] == ["Must", "Must not"]


def test_line_ends_do_not_matter() -> None:
    assert parse(PLAN, TEXT.replace("\n", "\r\n")).plan == parse(PLAN, TEXT).plan
    assert parse(PLAN, TEXT.replace("\n", "\r")).plan == parse(PLAN, TEXT).plan


def test_a_form_feed_ends_no_line() -> None:
    document = parse(PLAN, "## Request\na\x0cb\x85c\n## Tasks\n- [ ] T1: x\u2028y\n")
    assert document.plan.request == "a\x0cb\x85c"
    assert document.spans.tasks[0].title_span == Span(3, 10, 3, 13)


def test_half_a_character_is_shown_as_a_mark_and_reported() -> None:
    document = parse(PLAN, "## Request\na\ud800b\n")
    assert document.plan.request == "a\ufffdb"
    assert [(it.code, it.span) for it in document.problems] == [
        ("half-character", Span(1, 1, 1, 2))
    ]


def test_an_empty_text_is_a_document() -> None:
    document = parse(PLAN, "")
    assert document.lines == ("",)
    assert document.problems == ()
