from textwrap import dedent

import pytest

from document.plan_samples import PLAN
from podium.document import (
    answer_question,
    intent_hash,
    parse,
    replace_keeping_request,
    skeleton,
    tick,
)
from podium.document.editing import UnanswerableQuestion, UnknownQuestion
from podium.domain.base import QuestionId, TaskId
from podium.domain.plan import Plan, Question, Requirement, Route, Task

Q1 = QuestionId("Q1")
QUESTION = Question(id=QuestionId("Q2"), text="And why?")
TASK = Task(id=TaskId("T2"), title="Test it", category="quick", accept=("make test",))


def test_tick_makes_the_boxes_say_what_is_done() -> None:
    text = "- [ ] T1: no\r\n## Tasks\r\n- [ ] T1: a \r\n-  [x] T2: b\n* [X] T3: c\n- [ ] T10: d"
    ticked = tick(text, {TaskId("T1"), TaskId("T3")})
    assert ticked == text.replace("\r\n- [ ] T1: a", "\r\n- [x] T1: a").replace("[x] T2", "[ ] T2")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("- Q1: a?\n  - answer:\n", "- Q1: a?\n  - answer: yes\n", id="empty"),
        pytest.param("- Q1: a?\n  - answer: no\n", "- Q1: a?\n  - answer: yes\n", id="answered"),
        pytest.param("- Q1: a?\n", "- Q1: a?\n  - answer: yes\n", id="no field"),
        pytest.param(
            "- Q1: a?\n  more\n\n- Q2: b?\n",
            "- Q1: a?\n  more\n  - answer: yes\n\n- Q2: b?\n",
            id="below the text",
        ),
        pytest.param(
            "- Q1: a?\n    - answer: no\n      way\n    - options: x",
            "- Q1: a?\n    - answer: yes\n    - options: x",
            id="indented",
        ),
        pytest.param("- Q1: a?\r\n", "- Q1: a?\r\n  - answer: yes\r\n", id="line ends"),
    ],
)
def test_an_answer_is_written_in_its_place(before: str, after: str) -> None:
    head = "## Open questions\n" if "\r" not in before else "## Open questions\r\n"
    assert answer_question(head + before, Q1, "yes") == head + after


def test_an_answer_of_many_lines_stays_one_answer() -> None:
    answer = "First:\n- answer: no\n\n```\n## Tasks"
    text = answer_question("## Open questions\n- Q1: a?\n  - answer:\n## Tasks\n", Q1, answer)
    assert parse(PLAN, text).plan.questions[0].answer == answer


def test_an_answer_to_no_question_is_refused() -> None:
    text = "## Open questions\n- Q1: a?\n"
    with pytest.raises(UnknownQuestion, match="no question 'Q7'; questions: Q1"):
        answer_question(text, QuestionId("Q7"), "yes")


def test_an_answer_that_would_be_swallowed_is_refused() -> None:
    text = "## Open questions\n- Q1: a?\n  ```\n"
    with pytest.raises(UnanswerableQuestion, match="'Q1' is left open"):
        answer_question(text, Q1, "yes")


def test_sections_are_made_where_they_belong() -> None:
    text = "# A\n\n## Request\nx\n\n## Review log\n- once"
    plan = Plan(id=PLAN, questions=(QUESTION,), tasks=(TASK,))
    drafted = replace_keeping_request(text, plan, read=text)
    assert [it.name for it in parse(PLAN, drafted).spans.sections] == [
        "Request",
        "Open questions",
        "Tasks",
        "Review log",
    ]
    assert "# A\n\n## Request\nx\n\n## Open questions\n\n- Q2" in drafted


def test_a_fence_left_open_is_closed_before_a_section_is_made() -> None:
    text = "## Request\n```\nx\n"
    plan = Plan(id=PLAN, tasks=(TASK,))
    drafted = parse(PLAN, replace_keeping_request(text, plan, read=text)).plan
    assert drafted.tasks == (TASK,)
    assert drafted.request == "```\nx\n```"


def test_a_draft_keeps_what_the_user_wrote() -> None:
    text = dedent("""\
        ---
        podium: 1
        mood: good
        ---

        Hello.

        ## Request
          Do  it. \x20


        ## Notes
        mine

        ## Objective
        old

        ## Impact
        gone
        ## Review log
        - once
    """).replace("\n", "\r\n")
    plan = Plan(
        id=PLAN,
        title="Doing it",
        route=Route.QUICK,
        request="something else",
        objective="new",
        requirements=(Requirement(id="R1", text="be quick"),),
        tasks=(TASK,),
    )
    drafted = replace_keeping_request(text, plan, read=text)
    assert drafted == dedent("""\
        ---
        route: quick
        podium: 1
        mood: good
        ---

        # Doing it

        Hello.

        ## Request
          Do  it. \x20


        ## Notes
        mine

        ## Objective

        new

        ## Requirements

        - R1: be quick

        ## Tasks

        - [ ] T2: Test it
          - category: quick
          - accept: `make test`

        ## Review log
        - once
    """).replace("\n", "\r\n")
    assert replace_keeping_request(drafted, plan, read=drafted) == drafted
    assert replace_keeping_request(drafted, plan, read=text) == drafted


DRAFT = Plan(id=PLAN, title="Doing it", objective="new", impact="none", tasks=(TASK,))
READ = "# Slugs\n\n## Request\n\nDo it.\n\n## Objective\n\nold\n\n## Tasks\n\n- [ ] T1: Write it\n"


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        pytest.param("# Slugs\n", "# Mine\n", "# Mine\n", id="title"),
        pytest.param("Do it.", "Do it well.", "Do it well.", id="request"),
        pytest.param("\nold\n", "\nmine\n", "## Objective\n\nmine\n", id="section"),
        pytest.param("T1: Write it", "T1: Write mine", "- [ ] T1: Write mine\n", id="list"),
        pytest.param("## Tasks", "## Impact\n\nmine\n\n## Tasks", "\n\nmine\n", id="new section"),
        pytest.param("## Objective\n\nold\n\n", "", "it.\n\n## Impact", id="removed section"),
    ],
)
def test_a_draft_is_not_put_over_what_was_typed_since_it_was_made(
    old: str, new: str, kept: str
) -> None:
    now = READ.replace(old, new)
    drafted = replace_keeping_request(now, DRAFT, read=READ)
    assert kept in drafted
    assert drafted != now
    assert replace_keeping_request(drafted, DRAFT, read=READ) == drafted


@pytest.mark.parametrize(
    ("old", "new"),
    [("T2: Test it", "T2: Test mine"), ("Doing it", "Doing mine"), ("\nnew\n", "\nmine\n")],
)
def test_a_draft_is_not_put_over_what_was_made_of_it(old: str, new: str) -> None:
    mine = replace_keeping_request(READ, DRAFT, read=READ).replace(old, new)
    assert replace_keeping_request(mine, DRAFT, read=READ) == mine


@pytest.mark.parametrize(
    "now", ["", " \n", READ + "\n\n", READ.replace("## Tasks", "## Impact\n\n## Tasks")]
)
def test_where_nothing_was_typed_the_whole_draft_is_put(now: str) -> None:
    drafted = parse(PLAN, replace_keeping_request(now, DRAFT, read=READ)).plan
    assert drafted == DRAFT.evolve(request="Do it." if now.strip() else "")


def test_a_draft_for_a_new_request() -> None:
    text = skeleton("Do it.\n## Tasks\n- [ ] T1: not one")
    assert parse(PLAN, text).plan.request == "Do it.\n## Tasks\n- [ ] T1: not one"
    drafted = replace_keeping_request(text, Plan(id=PLAN, tasks=(TASK,)), read=text)
    assert drafted.startswith(text)
    assert parse(PLAN, drafted).plan.tasks == (TASK,)
    assert intent_hash(drafted) != intent_hash(text)
