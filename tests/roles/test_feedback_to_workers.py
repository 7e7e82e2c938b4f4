from inline_snapshot import snapshot

from podium.domain.base import FindingId, TaskId, TreeHash
from podium.domain.finding import Finding, Severity
from podium.domain.verdict import Complaint, Gate, Outcome, Place, Verdict
from podium.roles.feedback import feedback

TREE = TreeHash("0" * 40)


def test_a_worker_gets_the_evidence_of_what_did_not_pass() -> None:
    verdicts = (
        Verdict(gate=Gate.SCOPE, outcome=Outcome.PASSED, tree=TREE, summary="2 files"),
        Verdict(
            gate=Gate.DIAGNOSTICS,
            outcome=Outcome.FAILED,
            tree=TREE,
            summary="2 new errors",
            complaints=(
                Complaint(
                    message="undefined name 'x' [F821]",
                    place=Place(path="a.py", first_line=3, last_line=3),
                ),
                Complaint(message="no module named 'y'"),
            ),
        ),
        Verdict(
            gate=Gate.ACCEPTANCE,
            outcome=Outcome.FAILED,
            tree=TREE,
            summary="1 of 1 commands failed",
            command="pytest -q",
            exit_status=1,
            output="E   assert 1 == 2\n1 failed\n",
        ),
        Verdict(gate=Gate.SUITE, outcome=Outcome.UNKNOWN, tree=TREE, summary="timed out"),
    )
    finding = Finding(
        id=FindingId("f"),
        task=TaskId("T1"),
        severity=Severity.MAJOR,
        place=Place(path="a.py", first_line=2, last_line=4),
        title="It divides by zero",
        detail="For an empty list.",
        evidence="return 1 / n",
        suggestion="Return 0.",
    )
    assert feedback(verdicts, [finding]) == snapshot("""\
Gate diagnostics: failed. 2 new errors
- a.py:3: undefined name 'x' [F821]
- no module named 'y'

Gate acceptance: failed. 1 of 1 commands failed
$ pytest -q
exit status 1
E   assert 1 == 2
1 failed

Gate suite: unknown. timed out

Review, major: It divides by zero (a.py:2-4)
For an empty list.
The code: return 1 / n
Suggested: Return 0.\
""")


def test_when_all_passed_there_is_nothing_to_say() -> None:
    passed = Verdict(gate=Gate.SCOPE, outcome=Outcome.PASSED, tree=TREE, summary="2 files")
    assert feedback([passed]) == ""


def test_a_worker_is_told_where_it_does_not_merge_and_who_sent_it_back() -> None:
    told = feedback((), conflicts=("a.py", "b.py"), is_retry=True)
    assert told.splitlines()[0] == "A human asks you to try again."
    assert "does not merge in a.py, b.py" in told


def test_long_evidence_is_bounded() -> None:
    verdict = Verdict(
        gate=Gate.SUITE,
        outcome=Outcome.FAILED,
        tree=TREE,
        summary="failed",
        output="x" * 50_000 + "the end",
        complaints=tuple(Complaint(message=f"c{n}") for n in range(50)),
    )
    text = feedback([verdict])
    assert len(text) < 5_000
    assert text.endswith("the end")
    assert "- and 30 more" in text
