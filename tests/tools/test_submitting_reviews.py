import pytest

from podium.domain.finding import Severity
from podium.tools.submit_review import SUBMIT_REVIEW, Claim, SubmitReview
from tools.desk import Desk


def claim(**changes: object) -> dict[str, object]:
    return {
        "severity": "major",
        "path": "a.py",
        "first_line": 1,
        "last_line": 1,
        "title": "It divides by zero",
        "evidence": "return 1 / n",
    } | changes


async def test_a_review_with_evidence_is_taken(desk: Desk) -> None:
    desk.write("a.py", "def f(n):\n    return 1 / n\n")
    assert await desk.use(SUBMIT_REVIEW, summary="read", findings=[claim()]) == "submitted"
    assert desk.ctx.state.submission == SubmitReview(
        summary="read",
        findings=(
            Claim(
                severity=Severity.MAJOR,
                path="a.py",
                first_line=1,
                last_line=1,
                title="It divides by zero",
                evidence="return 1 / n",
            ),
        ),
    )


@pytest.mark.parametrize(
    "changes", [{"evidence": "return n / 0"}, {"path": "b.py"}, {"path": "../a.py"}]
)
async def test_an_unfounded_finding_goes_back(desk: Desk, changes: dict[str, object]) -> None:
    desk.write("a.py", "def f(n):\n    return 1 / n\n")
    wrong = claim(**changes)
    answer = await desk.use(SUBMIT_REVIEW, summary="read", findings=[claim(title="Sound"), wrong])
    assert answer.startswith("refused: the evidence of these findings is not in their files: 'It d")
    assert "Sound" not in answer
    assert desk.ctx.state.submission is None


async def test_after_two_chances_the_review_is_taken_as_it_is(desk: Desk) -> None:
    desk.ctx.state.n_refused["submit_review"] = 2
    assert await desk.use(SUBMIT_REVIEW, summary="read", findings=[claim()]) == "submitted"
