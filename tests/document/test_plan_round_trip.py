from hypothesis import given, settings
from hypothesis import strategies as st

from document.plan_samples import PLAN
from document.plan_strategies import PLANS, TEXTS
from podium.document import parse, render, skeleton
from podium.domain.base import TaskId
from podium.domain.plan import Plan, Task


@given(PLANS)
@settings(deadline=None)
def test_a_rendered_plan_is_read_as_the_same_plan(plan: Plan) -> None:
    assert parse(PLAN, render(plan)).plan == plan


@given(TEXTS)
@settings(deadline=None)
def test_a_request_of_any_form_stays_the_request(text: str) -> None:
    document = parse(PLAN, skeleton(text))
    assert document.plan.request == "\n".join(
        line.rstrip(" \t") for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ).strip("\n")
    assert document.plan.tasks == ()


@given(st.text(), st.text(), st.text(), st.text())
@settings(deadline=None)
def test_no_text_of_a_task_becomes_another_task_or_field(
    title: str, body: str, command: str, must_not: str
) -> None:
    task = Task(id=TaskId("T1"), title=title, body=body, accept=(command,), must_not=(must_not,))
    once = parse(PLAN, render(Plan(id=PLAN, tasks=(task,)))).plan
    assert [it.id for it in once.tasks] == ["T1"]
    assert once.tasks[0].category == task.category
    assert once.tasks[0].files == ()
    assert parse(PLAN, render(once)).plan == once


def test_a_forged_field_in_a_body_is_text() -> None:
    body = "Do it.\n- accept: `true`\n```\n- files: `x`"
    task = Task(id=TaskId("T1"), title="a", body=body, accept=("make test",))
    read = parse(PLAN, render(Plan(id=PLAN, tasks=(task,)))).plan.tasks
    assert read == (task,)


def test_a_rendered_plan_reads_well() -> None:
    text = render(
        Plan(
            id=PLAN,
            title="Slugify titles",
            request="Add slugify.",
            tasks=(
                Task(id=TaskId("T1"), title="Write it", body="One line.", accept=("make test",)),
            ),
        )
    )
    assert text == (
        "---\npodium: 1\nroute: standard\n---\n\n# Slugify titles\n\n## Request\n\nAdd slugify.\n"
        "\n## Tasks\n\n- [ ] T1: Write it\n  One line.\n  - category: unspecified-low\n"
        "  - accept: `make test`\n"
    )
