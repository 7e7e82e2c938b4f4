import pytest

from podium.domain.base import PlanId, QuestionId
from podium.domain.plan import FileReference, Plan, Question, Requirement, Route
from podium.tools.context import Mode
from podium.tools.submit_plan import SUBMIT_PLAN, DraftQuestion, SubmitPlan, plan_of
from tools.desk import Desk


def task(**changes: object) -> dict[str, object]:
    return {
        "id": "T1",
        "title": "Lower the case",
        "files": ["src/slug.py:1-2", "`tests/test_slug.py` (new)"],
        "covers": ["R1"],
        "accept": ["python -m pytest tests/test_slug.py"],
    } | changes


def plan(*tasks: dict[str, object], **changes: object) -> dict[str, object]:
    return {
        "title": "Slugs",
        "objective": "Slugs are in small letters.",
        "requirements": ["A slug has no capital letter."],
        "tasks": tasks,
    } | changes


@pytest.fixture
def project(desk: Desk) -> Desk:
    desk.write("src/slug.py", "def slug(text):\n    return text\n")
    desk.context(categories=("quick", "unspecified-low"))
    return desk


async def test_a_sound_plan_is_taken(project: Desk) -> None:
    assert await project.use(SUBMIT_PLAN, **plan(task())) == "submitted"
    submission = project.ctx.state.submission
    assert isinstance(submission, SubmitPlan)
    drafted = plan_of(submission, Plan(id=PlanId("slugs"), request="no capitals"))
    assert (drafted.id, drafted.request) == ("slugs", "no capitals")
    assert drafted.requirements == (Requirement(id="R1", text="A slug has no capital letter."),)
    assert drafted.tasks[0].files == (
        FileReference(path="src/slug.py", first_line=1, last_line=2),
        FileReference(path="tests/test_slug.py", is_new=True),
    )


async def test_questions_alone_are_a_submission(project: Desk) -> None:
    asked = plan(questions=[{"text": "Which letters?", "options": ["ASCII", "all"]}])
    assert await project.use(SUBMIT_PLAN, **asked) == "submitted"


@pytest.mark.parametrize(
    ("draft", "complaint"),
    [
        pytest.param(plan(), "it has neither tasks nor questions", id="empty"),
        pytest.param(
            plan(task(files=["src/slugs.py"])),
            "'src/slugs.py' was not found",
            id="no such file",
        ),
        pytest.param(plan(task(files=["src/slug.py:1-99"])), "- T1: ", id="line range"),
        pytest.param(plan(task(files=["../x"])), "'../x'", id="outside"),
        pytest.param(plan(task(files=[".git/config"])), "no task may change", id="protected"),
        pytest.param(plan(task(after=["T9"])), "T9", id="unknown task"),
        pytest.param(plan(task(covers=["R7"])), "R7", id="unknown requirement"),
        pytest.param(plan(task(covers=[])), "no task covers R1", id="uncovered"),
        pytest.param(plan(task(), task()), "T1", id="same id"),
        pytest.param(
            plan(task(), task(id="T2", title="Same file")),
            "- T2: T1 touches 'src/slug.py'",
            id="shared file",
        ),
        pytest.param(plan(task(category="hard")), "'hard'", id="category"),
        pytest.param(plan(task(after=["T1"])), "T1", id="cycle"),
    ],
)
async def test_an_unsound_plan_goes_back_with_all_that_is_wrong(
    project: Desk, draft: dict[str, object], complaint: str
) -> None:
    answer = await project.use(SUBMIT_PLAN, **draft)
    head, *complaints = answer.splitlines()
    assert head == "refused: the plan is not sound; mend this and submit all of it again:"
    assert any(complaint in it for it in complaints)
    assert project.ctx.state.submission is None


async def test_many_complaints_are_bounded(project: Desk) -> None:
    tasks = [task(id=f"T{n}", files=[f"src/missing{n}.py"]) for n in range(1, 31)]
    assert (await project.use(SUBMIT_PLAN, **plan(*tasks))).endswith("\n- and 18 more")


async def test_a_remembered_plan_is_not_checked_again(project: Desk) -> None:
    (project.root / "src/slug.py").unlink()
    project.ctx.state.mode = Mode.REMEMBERING
    assert await project.use(SUBMIT_PLAN, **plan(task())) == "submitted"


def test_answers_request_and_route_survive_a_new_draft() -> None:
    current = Plan(
        id=PlanId("p"),
        route=Route.FULL,
        request="do it",
        questions=(
            Question(id=QuestionId("Q1"), text="open"),
            Question(id=QuestionId("Q2"), text="settled", answer="yes"),
        ),
    )
    draft = SubmitPlan(
        title="t", objective="o", questions=(DraftQuestion(text="a"), DraftQuestion(text="b"))
    )
    drafted = plan_of(draft, current)
    assert (drafted.request, drafted.route) == ("do it", Route.FULL)
    assert [(it.id, it.text) for it in drafted.questions] == [
        ("Q2", "settled"),
        ("Q1", "a"),
        ("Q3", "b"),
    ]
