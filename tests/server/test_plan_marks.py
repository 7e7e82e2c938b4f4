"""The diagnostics of plan documents."""

from boards import complaint, finding, judged, request_of, running
from editor_marks import check_plan

from podium.domain.events.progress import Todo
from podium.domain.request import Phase
from podium.domain.run import TaskPhase
from podium.domain.verdict import Gate, Outcome

PLAN = """
    # Slugs

    ## Request

    Add slugs.

    ## Requirements

    - R1: slugs

    ## Tasks

    - [ ] T1: write it
      - files: `src/app.py`
      - covers: R1
      - references: `docs/guide.md`
      - accept: `pytest -q`
    """


def titled(title_marks: str, task_marks: str = "") -> str:
    """Return the plan with marks below its title and its task."""
    text = PLAN.replace("# Slugs\n", f"# Slugs\n{title_marks}", 1)
    return text.replace("T1: write it\n", f"T1: write it\n{task_marks}", 1)


def test_a_plan_without_mistakes_that_nobody_runs_shows_nothing() -> None:
    check_plan(PLAN)


def test_an_unknown_file_is_an_error_on_that_reference() -> None:
    check_plan("""
        # Slugs

        ## Request

        Add slugs.

        ## Requirements

        - R1: slugs

        ## Tasks

        - [ ] T1: write it
          - files: `src/nope.py:3`
                    ^^^^^^^^^^^ error[file-not-found] 'src/nope.py' was not found in this workspace; correct it or mark it '(new)'
          - covers: R1
          - references: `docs/guide.md`
          - accept: `pytest -q`
    """)  # noqa: E501  # The mark is one line.


def test_an_open_question_is_a_warning_on_the_question() -> None:
    check_plan("""
        # Slugs

        ## Request

        Add slugs.

        ## Requirements

        - R1: slugs

        ## Open questions

        - Q1: which alphabet?
              ^^^^^^^^^^^^^^^ warning[open-question] Q1 is open; write the answer after 'answer:'
          - options: ascii | unicode
          - answer:
        - Q2: which separator?
          - answer: a hyphen

        ## Tasks

        - [ ] T1: write it
          - files: `src/app.py`
          - covers: R1
          - references: `docs/guide.md`
          - accept: `pytest -q`
    """)


def test_pending_approval_stands_on_the_title() -> None:
    check_plan(
        titled(
            "      ^^^^^ information[approval-pending] "
            "approval pending: 1 task; read, then approve or reject\n"
        ),
        request_of(PLAN, Phase.AWAITING_APPROVAL),
    )


def test_an_edit_after_approval_is_shown_as_revoking_it() -> None:
    check_plan(
        titled(
            "      ^^^^^ warning[approval-revoked] "
            "edited after approval: nothing goes on until somebody approves this text\n"
            "      ^^^^^ information[approval-pending] "
            "approval pending: 1 task; read, then approve or reject\n"
        ),
        request_of(PLAN, Phase.AWAITING_APPROVAL, was_revoked=True),
    )


def test_mistakes_stand_in_the_way_of_approval() -> None:
    text = PLAN.replace("src/app.py", "src/nope.py")
    check_plan(
        text.replace(
            "# Slugs\n",
            "# Slugs\n      ^^^^^ information[approval-pending] "
            "approval pending: 1 error in the way\n",
        ).replace(
            "`src/nope.py`\n",
            "`src/nope.py`\n                ^^^^^^^^^^^ error[file-not-found] 'src/nope.py' "
            "was not found in this workspace; correct it or mark it '(new)'\n",
        ),
        request_of(text, Phase.AWAITING_APPROVAL),
    )


def test_news_of_planning_paused_and_problem_stand_on_the_title() -> None:
    check_plan(
        titled(
            "      ^^^^^ warning[problem] no key for acme; set ACME_KEY\n"
            "      ^^^^^ warning[paused] paused: the budget\n"
        ),
        request_of(
            PLAN,
            Phase.PLANNING,
            doing="read src/app.py",
            paused="the budget",
            problem="no key for acme; set ACME_KEY",
        ),
    )


def test_a_running_task_shows_its_state_and_its_open_todos() -> None:
    check_plan(
        titled(
            "      ^^^^^ information[running] running · 0 of 1 task done · $0.12 of $5.00\n",
            "          ^^^^^^^^^^^^ information[task-working] working · attempt 2 · edit app.py\n"
            "          ^^^^^^^^^^^^ hint[todo] todo: write a test\n",
        ),
        running(
            PLAN,
            T1={
                "phase": TaskPhase.WORKING,
                "attempt": 2,
                "doing": "edit app.py",
                "todos": (Todo(text="write a test"), Todo(text="read", done=True)),
            },
        ),
    )


def test_a_failed_gate_is_an_error_on_the_task_that_leads_to_the_lines() -> None:
    verdict = judged(
        Gate.SUITE,
        command="pytest -q",
        exit_status=1,
        complaints=(complaint(3, "assert 1 == 2"),),
    )
    check_plan(
        titled(
            "      ^^^^^ information[running] running · 0 of 1 task done · $0.12 of $5.00\n",
            "          ^^^^^^^^^^^^ error[gate-suite] suite failed: "
            "1 of 12 tests failed (pytest -q → 1) → src/app.py:3 assert 1 == 2\n",
        ),
        running(PLAN, T1={"history": (verdict,)}),
    )


def test_an_unknown_verdict_is_a_warning_and_never_a_pass() -> None:
    verdict = judged(Gate.DIAGNOSTICS, Outcome.UNKNOWN, summary="the server died")
    check_plan(
        titled(
            "      ^^^^^ information[running] running · 0 of 1 task done · $0.12 of $5.00\n",
            "          ^^^^^^^^^^^^ warning[gate-diagnostics] "
            "diagnostics unknown: the server died\n",
        ),
        running(PLAN, T1={"history": (verdict,)}),
    )


def test_a_gate_that_passes_at_last_is_silent() -> None:
    history = (judged(), judged(outcome=Outcome.PASSED))
    check_plan(
        titled("      ^^^^^ information[running] running · 0 of 1 task done · $0.12 of $5.00\n"),
        running(PLAN, T1={"history": history}),
    )


def test_a_stopped_task_says_why() -> None:
    check_plan(
        titled(
            "      ^^^^^ information[stopped] stopped · 0 of 1 task done · $0.12 of $5.00\n",
            "          ^^^^^^^^^^^^ error[task-stopped] stopped: the same call three times\n",
        ),
        running(
            PLAN,
            Phase.STOPPED,
            T1={"phase": TaskPhase.STOPPED, "stopped_because": "the same call three times"},
        ),
    )


def test_a_finding_on_a_file_that_only_the_run_has_stands_on_its_task() -> None:
    place = {"path": "src/slug.py", "first_line": 9, "last_line": 9}
    check_plan(
        titled(
            "      ^^^^^ information[awaiting-merge] "
            "done: merge or discard it · 1 open finding · $0.12 of $5.00\n",
            "          ^^^^^^^^^^^^ warning[major] src/slug.py:9: Accents are lost"
            "⏎not in your tree yet: see line 9 in the run's diff"
            "⏎evidence: return text.lower() → .podium/plans/slug.md:13 raised on T1\n",
        ),
        running(
            PLAN,
            Phase.AWAITING_MERGE,
            run={"findings": (finding(place=place),)},
            T1={"phase": TaskPhase.DONE},
        ),
        missing=["src/slug.py"],
    )


def test_a_merged_plan_is_history() -> None:
    text = PLAN.replace("src/app.py", "src/nope.py")
    check_plan(text, running(text, Phase.DONE, T1={"phase": TaskPhase.DONE}))


def test_text_of_agents_reaches_no_terminal_as_control_characters() -> None:
    check_plan(
        titled("      ^^^^^ information[planning] planning\n").replace(
            "planning\n", "planning · �[31mread��\n"
        ),
        request_of(PLAN, Phase.PLANNING, doing="\x1b[31mread\u202e\x07"),
    )
