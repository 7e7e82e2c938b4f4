"""Random lives: whatever happens in whatever order, what must hold holds."""

from collections.abc import Callable
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pydantic import TypeAdapter

from domain.answers import ANSWERS, FINDINGS, NUMBERS, WELL, Answers
from domain.lives import APPROVED, PLAN, STARTED, Life, call, name_of, task, turn
from podium.domain.base import JobId
from podium.domain.command_table import COMMANDS
from podium.domain.commands import why_not
from podium.domain.effect import (
    CancelJobs,
    CleanRun,
    Effect,
    IntegrateTask,
    JobSpec,
    MergeRun,
    Reached,
    WorkTask,
)
from podium.domain.events import EVENT, Event
from podium.domain.events.ends import Merged, TaskReviewed
from podium.domain.events.fact import JobFact
from podium.domain.events.people import FindingDismissed, MergeAsked, RunResumed
from podium.domain.events.progress import (
    CallCharged,
    CallFact,
    CallSent,
    ModelSwitched,
    Todo,
    TodosChanged,
    TurnTaken,
)
from podium.domain.finding import FindingState
from podium.domain.plan import Task
from podium.domain.request import Phase, Request
from podium.domain.run import Run, TaskPhase
from podium.domain.step import fold, step
from podium.domain.transcript import ModelSwitch
from podium.domain.verdict import Gate, Verdict

JOB_SPEC: TypeAdapter[JobSpec] = TypeAdapter(JobSpec)
GATES = (Gate.SCOPE, Gate.DIAGNOSTICS, Gate.SUITE)
"""Of every task, by the own account of these tests; those with commands have acceptance, too."""
DISRUPTIONS = st.sampled_from(
    [
        *("request", "reject no", "cancel", "discard", "pause", "answer Q1", "ask", "start other"),
        *("edit h1", "edit h2", "edit h2", "edit h1 [error]", "edit h1 [Q1]", "edit h3 [empty]"),
        *("approve h1", "approve h2", "approve h3"),
        *("retry T1", "retry T2", "retry T3", "retry F1", "fix AT1", "fix BT2", "fix AF1"),
        *("dismiss AT1", "dismiss BT1", "dismiss AT2", "dismiss BF1"),
    ]
)

PLANS: tuple[tuple[Task, ...], ...] = (
    (task("T1", "a.py", accept="true"),),
    (task("T1", "a.py"), task("T2", "b.py"), task("T3", "a.py", accept="true")),
    (
        task("T1", "a.py"),
        task("T2", "b.py", after="T1"),
        task("T3", "c.py b.py", after="T1"),
        task("T4", "d.py", after="T2 T3"),
    ),
)


class Lives(RuleBasedStateMachine):
    """Drives `step`, and remembers by itself what humans approved and what gates said."""

    def __init__(self) -> None:
        super().__init__()
        self.life = Life()
        self.before = Request(id=PLAN)
        self.text_approved = ""
        self.specs: dict[JobId, JobSpec] = {}
        self.passed: set[tuple[str, Gate, str]] = set()
        self.reviewed: set[tuple[str, str]] = set()
        self.n_runs = 0

    @property
    def request(self) -> Request:
        return self.life.request

    # ── telling ──────────────────────────────────────────────────────────────────────────

    def _do(self, act: Callable[[], object]) -> None:
        """Do something with the life, event by event, and check each step."""
        start = len(self.life.journal)
        request = self.request
        act()
        for event in self.life.journal[start:]:
            self.before = request
            request, effects = step(request, event)
            self._remember(event, request)
            self._check_step(event, request, effects)
        assert request == self.request

    def _remember(self, event: Event, after: Request) -> None:
        """Keep an own account of the approval and of what gates and reviewers said."""
        if event.kind == "document_changed" and event.hash != self.text_approved:
            self.text_approved = "" if self.before.phase is not Phase.DONE else self.text_approved
        if event.kind == "approval_granted" and event.hash == self.before.hash:
            unready = {Phase.PLANNING, Phase.INTERVIEWING, Phase.DRAFT, Phase.DONE}
            run, is_sound = self.before.run, self.before.n_tasks > 0 and self.before.n_errors == 0
            is_of_run = not self.before.phase.has_live_run or (run and run.hash == event.hash)
            if self.before.phase not in unready and is_sound and is_of_run:
                is_asked = any(not it.answer for it in self.before.questions)
                self.text_approved = self.text_approved if is_asked else event.hash
        if after.phase is Phase.PLANNING:
            self.text_approved = ""
        if isinstance(event, JobFact) and not self.before.awaits(event.job):
            return
        if event.kind == "gate_judged":
            self._account(str(event.task), event.verdict)
        if isinstance(event, TaskReviewed) and self._has_passed(event, after):
            self.reviewed.add((self._named(event.task), event.commit))
        if event.kind == "finding_dismissed":
            self._remember_dismissal(event, after)

    def _has_passed(self, event: TaskReviewed, after: Request) -> bool:
        """A review passes if a human has dismissed, meanwhile, all that it complains of."""
        known = {it.id: it.state for it in after.run.findings} if after.run else {}
        blocking = [known[it.id] for it in event.findings if it.severity.blocks]
        has_failed = event.verdict.outcome == "failed"
        is_dismissed = has_failed and set(blocking) == {FindingState.DISMISSED}
        return event.verdict.passed or is_dismissed

    def _remember_dismissal(self, event: FindingDismissed, after: Request) -> None:
        """A human may let a task through that nothing but dismissed findings had stopped."""
        findings = after.run.findings if after.run else ()
        task_id = next((it.task for it in findings if it.id == event.finding), None)
        done_with = {FindingState.DISMISSED, FindingState.FIXED}
        standing = [it for it in findings if it.task == task_id and it.state not in done_with]
        if after.run is None or task_id is None or any(it.severity.blocks for it in standing):
            return
        found = after.run.tasks[task_id]
        if found.candidate is not None and found.commit is not None:
            self.reviewed.add((self._named(task_id), found.commit))

    def _named(self, name: str) -> str:
        return f"{self.request.run.id if self.request.run else ''}/{name}"

    def _account(self, name: str, verdict: Verdict) -> None:
        key = (self._named(name), verdict.gate, verdict.tree)
        (self.passed.add if verdict.passed else self.passed.discard)(key)

    # ── what holds of every step ─────────────────────────────────────────────────────────

    def _check_step(self, event: Event, after: Request, effects: tuple[Effect, ...]) -> None:
        before = self.before
        if isinstance(event, JobFact) and not before.awaits(event.job):
            if isinstance(event, CallFact):
                assert after.outstanding == before.outstanding
            else:
                assert after == before
            assert not effects
        self._check_money(event, after)
        if event.kind in {it.event for it in COMMANDS.values()}:
            is_stale = event.kind == "approval_granted" and event.hash != before.hash
            assert (after == before) == (is_stale or why_not(before, event) != "")
        if isinstance(event, Merged) and before.awaits(event.job):
            spec = before.awaited(event.job)
            assert isinstance(spec, MergeRun)
            assert before.run is not None
            self._check_judged(before.run, spec.tree)
        if before.phase is Phase.DONE:
            assert after.phase is Phase.DONE
            assert not any(isinstance(it, MergeRun | WorkTask | IntegrateTask) for it in effects)
        for it in effects:
            if isinstance(it, CancelJobs):
                assert set(it.jobs) <= {job.job for job in before.outstanding}
                assert not set(it.jobs) & {job.job for job in after.due}
            elif not isinstance(it, Reached):
                assert it in after.outstanding
                self._check_start(it, after)
        for it in after.outstanding:
            assert self.specs.setdefault(it.job, it) == it
            assert JOB_SPEC.validate_json(JOB_SPEC.dump_json(it)) == it
        assert EVENT.validate_json(EVENT.dump_json(event)) == event

    def _check_money(self, event: Event, after: Request) -> None:
        """What was sent counts until it is paid, and is paid once."""
        before, paid = self.before, Decimal(0)
        if isinstance(event, TurnTaken | CallCharged):
            is_paid_already = isinstance(event, CallCharged) and event.call not in before.in_flight
            paid = Decimal(0) if is_paid_already else event.cost_usd
        assert after.spent.cost_usd == before.spent.cost_usd + paid
        in_flight = set(before.in_flight)
        if isinstance(event, CallSent):
            in_flight |= {event.call}
        elif isinstance(event, CallFact):
            in_flight -= {event.call}
        assert set(after.in_flight) == in_flight

    def _check_start(self, spec: JobSpec, after: Request) -> None:
        run = after.run
        if isinstance(spec, CleanRun) or run is None or spec.job.partition("/")[0] != run.id:
            return
        if isinstance(spec, MergeRun):
            assert self.text_approved == after.hash
            self._check_judged(run, spec.tree)
            merge = run.candidate if spec.candidate else None
            assert spec.candidate == (merge.commit if merge else None)
            assert spec.tree == (merge.tree if merge else run.tree)
        if isinstance(spec, IntegrateTask):
            assert spec.onto == run.head
        assert after.approval is not None
        assert self.text_approved == run.hash == after.approval.hash
        assert run.content.objective == f"what {run.hash} says"

    # ── what holds in every state ────────────────────────────────────────────────────────

    @invariant()
    def approval_is_of_the_text(self) -> None:
        approval = self.request.approval
        if self.request.phase is not Phase.DONE:
            assert (approval.hash if approval else "") == self.text_approved
        if approval and self.request.phase is not Phase.DONE:
            assert approval.hash == self.request.hash

    @invariant()
    def nothing_is_done_without_passing_verdicts(self) -> None:
        run = self.request.run
        for name, it in run.tasks.items() if run else ():
            if it.phase is TaskPhase.DONE:
                assert it.candidate is not None
                gates = (*GATES, Gate.ACCEPTANCE) if it.task.accept else GATES
                for gate in gates:
                    assert (self._named(name), gate, it.candidate.tree) in self.passed
                assert (self._named(name), it.commit) in self.reviewed

    @invariant()
    def the_whole_was_judged(self) -> None:
        run = self.request.run
        waits = {Phase.AWAITING_MERGE, Phase.MERGING, Phase.JUDGING_MERGE, Phase.DONE}
        if run is None or self.request.phase not in waits:
            return
        assert run.is_done
        assert not any(it.state is FindingState.FIXING for it in run.findings)
        assert not any(it.severity.blocks for it in run.open_findings)
        dropped = {name for name, it in run.tasks.items() if it.phase is TaskPhase.DROPPED}
        assert not any(it.task in dropped for it in run.open_findings)
        self._check_judged(run, run.tree)

    def _check_judged(self, run: Run, tree: str | None) -> None:
        """Check by the own account that every gate has passed a tree."""
        names = [f"{run.id}/{it}" for it in ("None", *run.tasks)]
        for gate in (Gate.DIAGNOSTICS, Gate.SUITE):
            assert any((name, gate, tree) in self.passed for name in names)
        for name, it in run.tasks.items():
            if it.task.accept and it.phase is not TaskPhase.DROPPED:
                own = (f"{run.id}/{name}", Gate.ACCEPTANCE, tree)
                assert own in self.passed or (names[0], *own[1:]) in self.passed

    @invariant()
    def a_finding_is_being_fixed_as_long_as_a_task_may_fix_it(self) -> None:
        run = self.request.run
        for it in run.findings if run else ():
            assert run is not None
            fixes = [task for task in run.tasks.values() if task.fixes == it.id]
            under_way = [task for task in fixes if not task.phase.is_final]
            assert len(under_way) <= 1
            is_fixing = any(task.phase is not TaskPhase.STOPPED for task in under_way)
            assert is_fixing == (it.state is FindingState.FIXING)
            dropped = any(task.phase is TaskPhase.DROPPED for task in fixes)
            assert not dropped or it.state in {FindingState.DISMISSED, FindingState.FIXED}
            assert it.state is not FindingState.DISMISSED or not under_way

    @invariant()
    def a_paused_request_has_nothing_due(self) -> None:
        assert not self.request.paused or not self.request.due

    @invariant()
    def job_ids_are_unique(self) -> None:
        jobs = [it.job for it in self.request.outstanding]
        assert len(jobs) == len(set(jobs))

    @invariant()
    def active_tasks_share_no_file(self) -> None:
        run = self.request.run
        active = [it for it in run.tasks.values() if it.phase.is_active] if run else []
        paths = [reference.path for it in active for reference in it.task.files]
        assert len(paths) == len(set(paths))

    @invariant()
    def something_is_under_way(self) -> None:
        """A request that works has jobs, each task of it its own; none works for one at rest."""
        names = sorted(name_of(it) for it in self.request.outstanding)
        run, phase = self.request.run, self.request.phase
        drafts = names.count("draft") + names.count("write")
        assert drafts == (phase is Phase.PLANNING)
        assert names.count("judge run") == (phase in {Phase.INTEGRATING, Phase.JUDGING_MERGE})
        assert names.count("merge") == (phase is Phase.MERGING)
        verbs = {"working": "work", "judging": "judge", "reviewing": "review"}
        verbs |= {"integrating": "integrate"}
        tasks = run.tasks if run else {}
        busy = {f"{verbs[it.phase]} {name}" for name, it in tasks.items() if it.phase in verbs}
        assert busy == {it for it in names if " " in it} - {"judge run"}
        if phase is Phase.RUNNING:
            assert busy or "prepare" in names

    # ── what people do ───────────────────────────────────────────────────────────────────

    @initialize(
        plan=st.sampled_from(PLANS),
        script=st.sampled_from([*[STARTED] * 5, APPROVED, ""]),
        n_jobs=st.sampled_from([40, 20, 10, 5, 0]),
        first=NUMBERS,
        end=st.sampled_from([(), ("ask",), ("ask", "merge [onto=h1]")]),
    )
    def begin(
        self, plan: tuple[Task, ...], script: str, n_jobs: int, first: int, end: tuple[str, ...]
    ) -> None:
        self.life.tasks = plan
        for line in filter(None, map(str.strip, script.splitlines())):
            self._say(line.partition(" ->")[0].strip())
        self._answer_well(n_jobs, first, ["minor:A"])
        for line in end if self.request.phase is Phase.AWAITING_MERGE else ():
            self._say(line)

    def _say(self, line: str) -> None:
        self._do(lambda: self.life.say(line))

    @rule(number=NUMBERS)
    def go_on(self, number: int) -> None:
        """Do one of the things that a human would do next."""
        lines = self._sensible()
        self._say(lines[number % len(lines)])

    def _sensible(self) -> list[str]:  # noqa: PLR0911  # A table.
        run, shown = self.request.run, f"approve {self.life.hash}"
        found = [it.id for it in run.open_findings] if run else []
        decisions = [f"{word} {it}" for it in found for word in ("fix", "dismiss")]
        stopped = [
            f"retry {name}"
            for name, it in (run.tasks.items() if run else ())
            if it.phase is TaskPhase.STOPPED
        ]
        if self.request.phase.has_live_run and self.request.paused:
            return [*stopped, "resume", f"edit {run.hash}" if run else shown, shown]
        self.n_runs += 1
        match self.request.phase:
            case Phase.DRAFT:
                return ["request", "edit h1"]
            case Phase.INTERVIEWING:
                return ["answer Q1", "edit h1"]
            case Phase.AWAITING_APPROVAL:
                return [shown]
            case Phase.APPROVED:
                return [f"start again-{self.n_runs}"]
            case Phase.AWAITING_MERGE:
                return ["ask", *decisions]
            case Phase.STOPPED:
                return [*stopped, *decisions, "retry T1", shown]
            case _:
                return [*stopped, *decisions, "resume"]

    @rule(line=DISRUPTIONS)
    def disrupt(self, line: str) -> None:
        self._say(line)

    @rule(merge=st.booleans())
    def ask_or_resume_anew(self, *, merge: bool) -> None:
        self._do(
            lambda: self.life.tell(
                MergeAsked(plan=PLAN) if merge else RunResumed(plan=PLAN, budget_usd=Decimal(7))
            )
        )

    # ── what jobs say ────────────────────────────────────────────────────────────────────

    def _any_job(self, number: int) -> JobSpec | None:
        outstanding = self.request.outstanding
        return outstanding[number % len(outstanding)] if outstanding else None

    @rule(number=NUMBERS, answers=ANSWERS)
    @precondition(lambda self: self.request.outstanding)
    def answer(self, number: int, answers: Answers) -> None:
        spec = self._any_job(number)
        if spec is not None:
            self._answer(name_of(spec), answers)

    @rule(n_jobs=st.integers(1, 30), first=NUMBERS, found=FINDINGS)
    @precondition(lambda self: self.request.outstanding)
    def all_goes_well(self, n_jobs: int, first: int, found: list[str]) -> None:
        minor = [it for it in found if it.startswith(("minor", "nit"))]
        self._answer_well(n_jobs, first, minor)

    def _answer_well(self, n_jobs: int, first: int, found: list[str]) -> None:
        """Go far: nothing blocks for a while."""
        for number in range(n_jobs):
            spec = self._any_job(first + number * 7)
            if spec is not None:
                self._answer(name_of(spec), WELL._replace(findings=found))

    def _answer(self, name: str, answers: Answers) -> None:
        word, _, task_id = name.partition(" ")
        match word:
            case "draft":
                self._say(f"drafted [{answers.question}]")
            case "write" | "answer":
                self._say(f"written {answers.intent} [{answers.question}]")
            case "tick" | "clean":
                self._say(f"done {name}")
            case "prepare":
                self._say("prepared")
            case "work":
                self._say(f"work {task_id}" if answers.fits else f"escalate {task_id}")
            case "judge" if answers.fits or task_id == "run":
                said = " ".join(f"{gate}={it}" for gate, it in answers.gates.items())
                self._say(f"judge {task_id} [{said}]")
            case "judge":
                self._say(f"conflict {task_id}")
            case "review":
                said = " ".join(f"{it}{task_id}" for it in answers.findings)
                self._say(f"review {task_id} [{said if answers.fits else 'unknown'}]")
            case "merge":
                onto = f"onto={answers.intent}" if answers.question else ""
                self._say(f"merge [{onto}]" if answers.fits else "merge [refused]")
            case _:
                self._say(name)

    @rule(number=NUMBERS, cause=st.sampled_from(["", "environment", "budget"]))
    def fail(self, number: int, cause: str) -> None:
        spec = self._any_job(number)
        if spec is not None:
            self._say(f"fail {name_of(spec)} [{cause}]")

    @rule(number=NUMBERS)
    def take_a_turn(self, number: int) -> None:
        spec = self._any_job(number)
        if spec is not None:
            task_id = spec.task.id if isinstance(spec, WorkTask) else None
            self._do(lambda: self.life.tell(turn(spec.job, task_id)))

    @rule(number=NUMBERS, is_charged=st.booleans())
    def make_a_call(self, number: int, *, is_charged: bool) -> None:
        spec = self._any_job(number)
        if spec is not None:
            task_id = spec.task.id if isinstance(spec, WorkTask) else None
            sent = call(spec.job, task_id, number=number)
            ends = [sent.charged(Decimal("0.5"))] if is_charged else []
            self._do(lambda: self.life.tell(sent, *ends))

    @rule(number=NUMBERS)
    def tell_on_the_way(self, number: int) -> None:
        spec = self._any_job(number)
        if isinstance(spec, WorkTask):
            switch = ModelSwitch(from_model="one", to_model="two", reason="429")
            todos = (Todo(text="look", done=True), Todo(text="write"))
            self._do(
                lambda: self.life.tell(
                    ModelSwitched(plan=PLAN, job=spec.job, switch=switch),
                    TodosChanged(plan=PLAN, job=spec.job, task=spec.task.id, todos=todos),
                )
            )

    @rule(number=NUMBERS)
    def say_it_again(self, number: int) -> None:
        """A job's event comes twice, or late."""
        told = [it for it in self.life.journal if isinstance(it, JobFact)]
        if told:
            self._do(lambda: self.life.tell(told[number % len(told)]))

    @rule()
    def kill(self) -> None:
        """The engine dies; the next one has nothing but the journal."""
        found = fold(self.life.journal, Request(id=PLAN))
        assert found == self.request
        assert found.due == self.request.due
        assert Request.model_validate_json(self.request.model_dump_json()) == found
        self.life.request = found


Lives.TestCase.settings = settings(
    deadline=None,
    max_examples=100,
    stateful_step_count=40,
    suppress_health_check=[HealthCheck.too_slow],  # The machine may be busy with other tests.
)
TestLives = Lives.TestCase
