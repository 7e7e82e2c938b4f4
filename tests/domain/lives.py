"""Lives of a request as text: one event a line, and after the arrow the effects that follow.

A line that starts with ``=`` says the phase, and what else shows, after the events above it.
Words in brackets after a command are its details: ``judge T1 [suite=failed]``.
"""

import re
from collections.abc import Callable
from decimal import Decimal

from podium.domain.base import (
    CallId,
    Commit,
    FindingId,
    JobId,
    PlanId,
    QuestionId,
    RunId,
    TaskId,
    TreeHash,
)
from podium.domain.effect import (
    CancelJobs,
    IntegrateTask,
    JobSpec,
    JudgeRun,
    JudgeTask,
    MergeRun,
    Reached,
    ReviewTask,
    TaskJob,
    WorkTask,
)
from podium.domain.events import Event
from podium.domain.events.ends import (
    DocumentWritten,
    JobFailed,
    Merged,
    MergeMade,
    MergeRefused,
    PlanDrafted,
    RunCleaned,
    RunJudged,
    RunPrepared,
    TaskConflicted,
    TaskEscalated,
    TaskIntegrated,
    TaskJudged,
    TaskReviewed,
    TaskSubmitted,
)
from podium.domain.events.people import (
    ApprovalGranted,
    DocumentChanged,
    FindingDismissed,
    FixAsked,
    MergeAsked,
    PlanRejected,
    QuestionAnswered,
    RequestMade,
    RunCancelled,
    RunDiscarded,
    RunPaused,
    RunResumed,
    RunStarted,
    TaskRetried,
)
from podium.domain.events.progress import CallSent, GateJudged, TurnTaken
from podium.domain.finding import Finding, Severity
from podium.domain.gate_policy import gates_of_task, gates_of_whole
from podium.domain.plan import FileReference, Plan, Question, Task
from podium.domain.request import Request
from podium.domain.run import Run, TaskRun
from podium.domain.step import step
from podium.domain.transcript import Usage
from podium.domain.verdict import Gate, Outcome, Place, Verdict

PLAN = PlanId("slugify")
PATH = ".podium/plans/slugify.md"
APPROVED = """
    request                -> draft
    drafted                -> write
    written h1
    approve h1
"""
STARTED = f"{APPROVED}    start -> prepare\n"
WHOLE = f"""{STARTED}
    prepared                   -> work T1
    work T1                    -> judge T1
    judge T1                   -> review T1
"""
WAITING = f"""{WHOLE}
    review T1 [minor:A nit:B]  -> integrate T1
    integrate T1               -> tick
    = awaiting merge, A open
"""


def task(name: str, files: str = "", *, after: str = "", accept: str = "") -> Task:
    """Return a task; ``files`` and ``after`` are words, ``accept`` is one command."""
    return Task(
        id=TaskId(name),
        title=f"do {name}",
        files=tuple(FileReference(path=it) for it in files.split()),
        after=tuple(TaskId(it) for it in after.split()),
        accept=(accept,) if accept else (),
    )


def finding(task_id: str, said: str) -> Finding:
    """Return the finding that ``severity:id`` says."""
    severity, _, name = said.partition(":")
    return Finding(
        id=FindingId(name),
        task=TaskId(task_id),
        severity=Severity(severity),
        place=Place(path="found.py", first_line=3, last_line=4),
        title=f"{name} is wrong",
        evidence="x = 1",
    )


def name_of(spec: JobSpec) -> str:
    """Return what a life calls a job: its kind's verb and its task."""
    verb = spec.kind.partition("_")[0]
    match spec:
        case TaskJob():
            return f"{verb} {spec.task.id}"
        case JudgeRun():
            return "judge run"
        case _ if spec.kind == "write_answer":
            return "answer"
        case _:
            return verb


class Life:
    """One request, its journal, and what followed from the latest command."""

    def __init__(self, *tasks: Task) -> None:
        self.tasks = tasks or (task("T1", "a.py"),)
        self.request = Request(id=PLAN)
        self.journal: list[Event] = []
        self.effects: list[str] = []
        self.reached: list[str] = []
        self.hash = ""
        self._n_commits = 0

    @property
    def run(self) -> Run:
        assert self.request.run is not None
        return self.request.run

    def task(self, name: str) -> TaskRun:
        return self.run.tasks[TaskId(name)]

    def spec(self, name: str) -> JobSpec:
        """Return the outstanding job of that name."""
        found = [it for it in self.request.outstanding if name_of(it) == name]
        assert found, f"no {name!r} among {[name_of(it) for it in self.request.outstanding]}"
        return found[0]

    def job(self, name: str) -> JobId:
        return self.spec(name).job

    def content(self, intent: str) -> Plan:
        """Return the plan that the text with this intent hash says."""
        return Plan(id=PLAN, objective=f"what {intent} says", tasks=self.tasks)

    def tell(self, *events: Event) -> None:
        for event in events:
            names = {it.job: name_of(it) for it in self.request.outstanding}
            self.request, effects = step(self.request, event)
            self.effects += [_shown(it, names) for it in effects if not isinstance(it, Reached)]
            self.reached += [_told(it) for it in effects if isinstance(it, Reached)]
            self.journal.append(event)

    def play(self, script: str) -> "Life":
        """Live through the lines of ``script``, and check what each says."""
        for line in filter(None, map(str.strip, script.splitlines())):
            if line.startswith("="):
                self._check(line)
                continue
            said, _, expected = (it.strip() for it in line.partition("->"))
            self.say(said)
            shown = ", ".join(self.effects)
            assert shown == expected, f"{said!r} -> {shown!r}, not {expected!r}"
        return self

    def _check(self, line: str) -> None:
        phase, *others = (it.strip() for it in line.removeprefix("=").split(","))
        assert self.request.phase == phase, f"{self.request.phase!r} is not {phase!r}"
        for it in others:
            name, _, state = it.partition(" ")
            if name == "due":
                assert [name_of(it) for it in self.request.due] == state.split(" + ")
            elif re.fullmatch(r"[TF]\d", name):
                assert f"{name} {self.task(name).phase}" == it
            else:
                states = {f"{name} {found.state}" for found in self.run.findings}
                assert it in states

    def say(self, line: str) -> None:
        """Tell what one line says."""
        self.effects = []
        command, _, detail = line.removesuffix("]").partition("[")
        word, _, name = command.strip().partition(" ")
        details = detail.split()
        people = _PEOPLE.get(word)
        if people is not None:
            self.tell(people(name, details))
        else:
            {
                "edit": self.edit,
                "written": self.written,
                "drafted": self.drafted,
                "approve": self.approve,
                "fail": self.fail,
                "work": self.work,
                "escalate": self.escalate,
                "judge": self.judge,
                "conflict": self.conflict,
                "review": self.review,
                "integrate": self.integrate,
                "prepared": self.prepared,
                "merge": self.merge,
                "done": self.done,
                "turn": self.turn,
            }[word](name, details)

    # What each word of a life tells.

    def edit(self, intent: str, details: list[str]) -> None:
        self.hash = intent
        errors = len([it for it in details if it == "error"])
        questions = tuple(
            Question(
                id=QuestionId(it.removesuffix("!")), text="why?", answer="so" if "!" in it else ""
            )
            for it in details
            if it.startswith("Q")
        )
        n_tasks = 0 if "empty" in details else len(self.tasks)
        self.tell(
            DocumentChanged(
                plan=PLAN,
                path=PATH,
                hash=intent,
                title="Slugs",
                questions=questions,
                n_tasks=n_tasks,
                n_errors=errors,
            )
        )

    def drafted(self, _name: str, details: list[str]) -> None:
        questions = tuple(Question(id=QuestionId(it), text="why?") for it in details)
        content = self.content("draft").evolve(questions=questions)
        self.tell(PlanDrafted(plan=PLAN, job=self.job("draft"), content=content, read=""))

    def written(self, intent: str, details: list[str]) -> None:
        """The document was written, and says something else by that."""
        spec = next(it for it in self.request.outstanding if it.kind.startswith("write"))
        self.edit(intent, details)
        self.tell(DocumentWritten(plan=PLAN, job=spec.job))

    def done(self, name: str, _details: list[str]) -> None:
        job = self.job(name)
        is_clean = name == "clean"
        self.tell((RunCleaned if is_clean else DocumentWritten)(plan=PLAN, job=job))

    def approve(self, intent: str, _details: list[str]) -> None:
        text, content = f"text {intent}", self.content(intent)
        self.tell(ApprovalGranted(plan=PLAN, hash=intent, text=text, content=content, by="ada"))

    def fail(self, name: str, details: list[str]) -> None:
        cause = "budget" if "budget" in details else "environment" if details else "error"
        self.tell(JobFailed(plan=PLAN, job=self.job(name), reason=f"{name} broke", cause=cause))

    def prepared(self, _name: str, _details: list[str]) -> None:
        self.tell(
            RunPrepared(
                plan=PLAN,
                job=self.job("prepare"),
                branch="refs/heads/main",
                base=Commit("base"),
                base_tree=TreeHash("tree-base"),
            )
        )

    def work(self, name: str, details: list[str]) -> None:
        self._n_commits += 1
        self.tell(
            TaskSubmitted(
                plan=PLAN,
                job=self.job(f"work {name}"),
                task=TaskId(name),
                commit=Commit(f"c{self._n_commits}"),
                summary="done",
                lessons=tuple(details),
            )
        )

    def escalate(self, name: str, _details: list[str]) -> None:
        job = self.job(f"work {name}")
        self.tell(TaskEscalated(plan=PLAN, job=job, task=TaskId(name), reason="too big"))

    def conflict(self, name: str, _details: list[str]) -> None:
        job = self.job(f"judge {name}")
        self.tell(TaskConflicted(plan=PLAN, job=job, task=TaskId(name), paths=("a.py",)))

    def judge(self, name: str, details: list[str]) -> None:
        """Every gate judges; those named in ``details`` otherwise than passed, or not at all."""
        said = dict(it.split("=") for it in details)
        spec = self.spec(f"judge {name}")
        if isinstance(spec, JudgeRun):
            merge, task_id = self.run.candidate, None
            is_merge = merge is not None and merge.commit == spec.head
            tree = merge.tree if merge is not None and is_merge else self.run.tree
            assert tree is not None
            end: Event = RunJudged(plan=PLAN, job=spec.job, tree=tree)
            gates = gates_of_whole(spec.tasks)
        else:
            assert isinstance(spec, JudgeTask)
            tree, task_id = TreeHash(f"tree({spec.onto}+{spec.commit})"), spec.task.id
            candidate = Commit(f"({spec.onto}+{spec.commit})")
            end = TaskJudged(
                plan=PLAN,
                job=spec.job,
                task=task_id,
                candidate=candidate,
                tree=tree,
                onto=spec.onto,
            )
            gates = gates_of_task(spec.task)
        for gate in gates:
            outcome = said.get(gate, "passed")
            if outcome != "none":
                verdict = _verdict(gate, Outcome(outcome), tree)
                self.tell(GateJudged(plan=PLAN, job=spec.job, task=task_id, verdict=verdict))
        if "killed" not in said:
            self.tell(end)

    def review(self, name: str, details: list[str]) -> None:
        """The reviewer finds what ``details`` say, or does not know."""
        spec = self.spec(f"review {name}")
        assert isinstance(spec, ReviewTask)
        found = tuple(finding(name, it) for it in details if it != "unknown")
        outcome = Outcome.FAILED if any(it.severity.blocks for it in found) else Outcome.PASSED
        if "unknown" in details:
            outcome = Outcome.UNKNOWN
        self.tell(
            TaskReviewed(
                plan=PLAN,
                job=spec.job,
                task=TaskId(name),
                commit=spec.commit,
                findings=found,
                verdict=_verdict(Gate.REVIEW, outcome, spec.tree),
            )
        )

    def integrate(self, name: str, _details: list[str]) -> None:
        spec = self.spec(f"integrate {name}")
        candidate = self.task(name).candidate
        assert isinstance(spec, IntegrateTask)
        assert candidate is not None
        self.tell(
            TaskIntegrated(
                plan=PLAN,
                job=spec.job,
                task=TaskId(name),
                head=spec.candidate,
                tree=candidate.tree,
            )
        )

    def merge(self, _name: str, details: list[str]) -> None:
        """It is made, unless ``details`` say that it is refused, or ``onto=`` a newer commit."""
        spec = self.spec("merge")
        assert isinstance(spec, MergeRun)
        said = {word: value for word, _, value in (it.partition("=") for it in details)}
        tree = TreeHash(f"tree({said['onto']}+{spec.head})") if "onto" in said else spec.tree
        if "refused" in said:
            self.tell(MergeRefused(plan=PLAN, job=spec.job, reason="a.py is dirty"))
        elif tree != spec.tree:
            onto, merge = Commit(said["onto"]), Commit(f"({said['onto']}+{spec.head})")
            self.tell(MergeMade(plan=PLAN, job=spec.job, candidate=merge, tree=tree, onto=onto))
        else:
            self.tell(Merged(plan=PLAN, job=spec.job, commit=Commit("merge")))

    def turn(self, name: str, _details: list[str]) -> None:
        spec = self.spec(name)
        self.tell(turn(spec.job, spec.task.id if isinstance(spec, WorkTask) else None))


def call(job: JobId, task_id: TaskId | None = None, *, number: int = 1) -> CallSent:
    """Return a call of a worker, or of the planner, that may cost a dollar."""
    return CallSent(
        plan=PLAN,
        job=job,
        call=CallId(f"call-{number}"),
        role="worker" if task_id else "planner",
        task=task_id,
        worst_usd=Decimal(1),
    )


def turn(job: JobId, task_id: TaskId | None = None) -> TurnTaken:
    """Return a paid turn of a worker, or of the planner."""
    return TurnTaken.model_validate(
        {
            "plan": PLAN,
            "job": job,
            "call": "call-1",
            "role": "worker" if task_id else "planner",
            "task": task_id,
            "model": "anthropic/one",
            "family": "anthropic",
            "usage": Usage(input_tokens=100, output_tokens=10),
            "cost_usd": "0.25",
            "doing": "reads a.py",
            "is_author": task_id is not None,
        }
    )


def _verdict(gate: Gate, outcome: Outcome, tree: TreeHash) -> Verdict:
    return Verdict(gate=gate, outcome=outcome, tree=tree, summary=f"{gate} {outcome}")


def _told(it: Reached) -> str:
    return f"{it.task} {it.point}" if it.task else it.point


def _shown(effect: JobSpec | CancelJobs, names: dict[JobId, str]) -> str:
    if isinstance(effect, CancelJobs):
        verb = "ease" if effect.gently else "cancel"
        return f"{verb} {' + '.join(names[it] for it in effect.jobs)}"
    return name_of(effect)


_PEOPLE: dict[str, Callable[[str, list[str]], Event]] = {
    "request": lambda _name, _details: RequestMade(plan=PLAN, text="make slugs", path=PATH),
    "reject": lambda reason, _details: PlanRejected(plan=PLAN, reason=reason),
    "answer": lambda name, _details: QuestionAnswered(
        plan=PLAN, question=QuestionId(name), answer="so"
    ),
    "start": lambda name, _details: RunStarted.model_validate(
        {"plan": PLAN, "run": RunId(name or "run-1"), "budget_usd": 5}
    ),
    "pause": lambda _name, _details: RunPaused(plan=PLAN),
    "resume": lambda _name, _details: RunResumed(plan=PLAN),
    "cancel": lambda _name, _details: RunCancelled(plan=PLAN),
    "retry": lambda name, _details: TaskRetried(plan=PLAN, task=TaskId(name)),
    "fix": lambda name, _details: FixAsked(plan=PLAN, finding=FindingId(name)),
    "dismiss": lambda name, _details: FindingDismissed(
        plan=PLAN, finding=FindingId(name), reason="not so"
    ),
    "ask": lambda _name, _details: MergeAsked(plan=PLAN),
    "discard": lambda _name, _details: RunDiscarded(plan=PLAN),
}
