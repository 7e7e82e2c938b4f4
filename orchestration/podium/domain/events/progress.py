"""What jobs report on the way: calls, and how far they are."""

from decimal import Decimal
from typing import Literal, TypeAlias

from pydantic import Field

from podium.domain.base import (
    CallId,
    Frozen,
    TaskId,
    Usd,
)
from podium.domain.events.fact import JobFact
from podium.domain.transcript import ModelSwitch, Usage
from podium.domain.verdict import Verdict


class CallFact(JobFact):
    """An event of one call to a model. Counted even when its job was cancelled meanwhile."""

    call: CallId
    role: str
    task: TaskId | None = None


class CallSent(CallFact):
    """A call is about to be sent; until it is paid it counts as what it may cost at most."""

    kind: Literal["call_sent"] = "call_sent"
    worst_usd: Usd

    def charged(self, cost_usd: Decimal) -> "CallCharged":
        """Return the end of a call that brought no reply."""
        return CallCharged(
            plan=self.plan,
            job=self.job,
            call=self.call,
            role=self.role,
            task=self.task,
            cost_usd=cost_usd,
        )


class CallCharged(CallFact):
    """What a call has cost that brought no reply: refused, cut off, cancelled, or lost in a crash.

    It counts once, and only while the call is not paid.
    """

    kind: Literal["call_charged"] = "call_charged"
    cost_usd: Usd


class TurnTaken(CallFact):
    """One paid turn of an agent: what a call has cost that brought a reply."""

    kind: Literal["turn_taken"] = "turn_taken"
    model: str
    family: str
    usage: Usage
    cost_usd: Usd
    doing: str = Field(default="", description="One line: what the agent does next.")
    is_author: bool = Field(default=False, description="What it does is the task's change.")


class ModelSwitched(JobFact):
    """A fallback was taken, and why."""

    kind: Literal["model_switched"] = "model_switched"
    switch: ModelSwitch


class Todo(Frozen):
    """A worker's own step inside a task."""

    text: str
    done: bool = False


class TodosChanged(JobFact):
    """A worker's list of todos, whole."""

    kind: Literal["todos_changed"] = "todos_changed"
    task: TaskId
    todos: tuple[Todo, ...]


class GateJudged(JobFact):
    """One gate's verdict; ``task`` is None when the whole run is judged."""

    kind: Literal["gate_judged"] = "gate_judged"
    task: TaskId | None = None
    verdict: Verdict


ProgressEvent: TypeAlias = (
    CallSent | CallCharged | TurnTaken | ModelSwitched | TodosChanged | GateJudged
)
"""What jobs report on the way."""
