import pytest

from podium.domain.base import TaskId
from podium.domain.finding import Severity
from podium.domain.verdict import Place
from podium.roles.reviewer import Verified, finding_id, verified
from podium.tools.submit_review import Claim

FILES = {"src/a.py": "def f(n):\n    return 1 / n\n\n\ndef g(n):\n    return 1 / n\n"}


def claim(**changes: object) -> Claim:
    fields: dict[str, object] = {
        "severity": Severity.MAJOR,
        "path": "src/a.py",
        "first_line": 1,
        "last_line": 1,
        "title": "It divides by zero",
        "evidence": "return 1 / n",
    }
    return Claim.model_validate(fields | changes)


def verify(*claims: Claim) -> Verified:
    return verified(claims, task=TaskId("T1"), reviewer="other/model", read=FILES.get)


@pytest.mark.parametrize(
    ("first_line", "line"),
    [pytest.param(1, 2, id="the nearest"), pytest.param(99, 6, id="beyond the end")],
)
def test_a_finding_stands_where_its_evidence_is(first_line: int, line: int) -> None:
    (finding,) = verify(claim(first_line=first_line, last_line=first_line)).kept
    assert finding.place == Place(path="src/a.py", first_line=line, last_line=line)
    assert (finding.task, finding.reviewer) == ("T1", "other/model")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"evidence": "return n / 0"}, "its evidence is not in the file", id="quote"),
        pytest.param({"path": "src/b.py"}, "there is no such file", id="file"),
    ],
)
def test_a_finding_without_evidence_is_dropped(changes: dict[str, object], why: str) -> None:
    found = verify(claim(**changes))
    assert found.kept == ()
    assert found.dropped == (f"It divides by zero ({changes.get('path', 'src/a.py')}): {why}",)


def test_an_id_depends_on_task_path_and_title_alone() -> None:
    (once,) = verify(claim()).kept
    (again,) = verify(claim(path="./src/a.py", title="It  divides\nby zero", detail="more")).kept
    assert once.id == again.id == finding_id(TaskId("T1"), "src/a.py", "it divides by zero")
    assert once.id != finding_id(TaskId("T2"), "src/a.py", "it divides by zero")


def test_the_same_mistake_in_two_places_is_two_findings() -> None:
    kept = verify(claim(), claim(first_line=6, last_line=6), claim()).kept
    assert [it.place.first_line for it in kept] == [2, 6]
    assert len({it.id for it in kept}) == 2
