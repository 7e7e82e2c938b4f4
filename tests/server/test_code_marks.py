"""What runs say about code files: diagnostics and code lenses."""

from boards import complaint, finding, judged, running
from editor_marks import check_code, check_lenses, code_snapshot
from sample_plan import PLAN

from podium.domain.base import TaskId
from podium.domain.finding import FindingState, Severity
from podium.domain.plan import FileReference
from podium.domain.request import Phase
from podium.domain.run import TaskPhase
from podium.domain.verdict import Gate

CODE = """
    def slug(text):
        return text.lower()


    def other():
        pass
"""


def test_a_finding_stands_on_its_evidence_and_leads_to_its_task() -> None:
    more = {
        "detail": "É becomes e.",
        "suggestion": "normalise first",
        "reviewer": "openai/large",
    }
    check_code(
        """
        def slug(text):
            return text.lower()
            ^^^^^^^^^^^^^^^^^^^ warning[major] Accents are lost⏎É becomes e.⏎suggestion: normalise first⏎evidence: return text.lower()⏎reviewer: openai/large → .podium/plans/slug.md:8 raised on T1
        """,  # noqa: E501  # The mark is one line.
        running(PLAN, run={"findings": (finding(**more),)}),
    )


def test_what_is_said_of_code_that_only_the_run_has_says_so() -> None:
    place = {"path": "src/app.py", "first_line": 20, "last_line": 20}
    late = finding(place=place, evidence="return text.casefold()")
    history = (judged(complaints=(complaint(21, "assert slug('É') == 'e'"),)),)
    check_code(
        """
        def slug(text):
            return text.lower()
            ^^^^^^^^^^^^^^^^^^^ warning[major] Accents are lost⏎not in your tree yet: see line 20 in the run's diff⏎evidence: return text.casefold() → .podium/plans/slug.md:8 raised on T1
            ^^^^^^^^^^^^^^^^^^^ information[gate-suite] T1, suite: assert slug('É') == 'e'⏎not in your tree yet: see line 21 in the run's diff → .podium/plans/slug.md:8 found when T1 was judged
        """,  # noqa: E501  # The marks are lines.
        running(PLAN, run={"findings": (late,)}, T1={"history": history}),
    )


def test_what_fails_a_review_stands_once_on_its_line() -> None:
    claim = complaint(2, "major: Accents are lost")
    history = (judged(Gate.REVIEW, complaints=(claim,)),)
    check_code(
        """
        def slug(text):
            return text.lower()
            ^^^^^^^^^^^^^^^^^^^ warning[major] Accents are lost⏎evidence: return text.lower() → .podium/plans/slug.md:8 raised on T1
        """,  # noqa: E501  # The mark is one line.
        running(PLAN, run={"findings": (finding(),)}, T1={"history": history}),
    )


def test_severities_look_as_grave_as_they_are() -> None:
    findings = tuple(
        finding(id=f"F{number}", severity=severity, title=severity)
        for number, severity in enumerate(Severity)
    )
    tail = "⏎evidence: return text.lower() → .podium/plans/slug.md:8 raised on T1"
    check_code(
        f"""
        return text.lower()
        ^^^^^^^^^^^^^^^^^^^ warning[blocker] blocker{tail}
        ^^^^^^^^^^^^^^^^^^^ warning[major] major{tail}
        ^^^^^^^^^^^^^^^^^^^ information[minor] minor{tail}
        ^^^^^^^^^^^^^^^^^^^ hint[nit] nit{tail}
        """,
        running(PLAN, run={"findings": findings}),
    )


def test_findings_that_are_settled_are_not_shown() -> None:
    findings = (
        finding(id="F1", state=FindingState.FIXING),
        finding(id="F2", state=FindingState.FIXED),
        finding(id="F3", state=FindingState.DISMISSED, dismissal="on purpose"),
    )
    check_code(CODE, running(PLAN, run={"findings": findings}))


def test_a_merged_run_says_nothing_more() -> None:
    check_code(CODE, running(PLAN, Phase.DONE, run={"findings": (finding(),)}))


def test_a_gate_complains_on_the_lines_that_fail_until_the_task_is_done() -> None:
    history = (judged(complaints=(complaint(5, "assert other() == 1"),)),)
    check_code(
        """
        def slug(text):
            return text.lower()


        def other():
        ^^^^^^^^^^^^ information[gate-suite] T1, suite: assert other() == 1 → .podium/plans/slug.md:8 found when T1 was judged
            pass
        """,  # noqa: E501  # The mark is one line.
        running(PLAN, T1={"history": history}),
    )
    check_code(CODE, running(PLAN, T1={"history": history, "phase": TaskPhase.DONE}))


def test_lenses_tell_who_works_on_a_file_and_how_many_findings_are_open() -> None:
    request = running(
        PLAN,
        run={"findings": (finding(), finding(id="F2"))},
        T1={"phase": TaskPhase.WORKING},
    )
    check_lenses(
        """
        def slug(text):
        | podium: 2 findings
            return text.lower()
            ^^^^^^^^^^^^^^^^^^^ podium: T1 is being worked on


        def other():
            pass
        """,
        lambda text: code_snapshot(text, request),
    )


def test_who_works_on_a_directory_works_on_its_files() -> None:
    request = running(PLAN.replace("`src/app.py:2-4`", "`src/`"), T1={"phase": TaskPhase.WORKING})
    check_lenses(
        """
        one
        ^^^ podium: T1 is being worked on
        """,
        lambda text: code_snapshot(text, request),
    )


def test_a_task_that_waits_works_on_nothing() -> None:
    check_lenses(CODE, lambda text: code_snapshot(text, running(PLAN)))


def test_a_file_reference_beyond_the_file_is_moved_back_into_it() -> None:
    request = running(PLAN, T1={"phase": TaskPhase.WORKING})
    assert request.run is not None
    task = request.run.tasks[TaskId("T1")]
    far = task.task.evolve(files=(FileReference(path="src/app.py", first_line=900),))
    moved = request.evolve(run=request.run.with_task(task.evolve(task=far)))
    check_lenses(
        """
        one
        two
        ^^^ podium: T1 is being worked on
        """,
        lambda text: code_snapshot(text.rstrip("\n"), moved),
    )
