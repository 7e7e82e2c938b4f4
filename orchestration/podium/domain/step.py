"""The one place where state changes: ``step`` takes a request and an event.

Transitions only rewrite the request, its outstanding jobs included.  The effects are
the difference: jobs that became due start, and jobs that stopped being due without
having answered are cancelled, and each phase that was reached is told.  So no transition
can forget to cancel, to start or to tell, and the fold of a journal knows by itself what is
still to be done.

A pause that no human asked for is gentle: what is under way may finish the turn that it
pays for.  So a job may still be at work that is not due, and dropping it cancels it.
"""

from collections.abc import Iterable, Iterator

from podium.domain.commands import why_not
from podium.domain.effect import CancelJobs, Effect, Reached
from podium.domain.events import Event
from podium.domain.events.ends import JobFailed
from podium.domain.events.fact import JobFact
from podium.domain.events.progress import CallFact
from podium.domain.request import Request
from podium.domain.run import TaskPhase
from podium.domain.transitions import TRANSITIONS


def step(request: Request, event: Event) -> tuple[Request, tuple[Effect, ...]]:
    """Return the request after ``event`` and the effects that follow from it.

    An event that does not fit the state changes nothing: it comes late, or twice, or is a human's
    command that is refused as things are (`podium.domain.commands`).
    """
    after = _after(request, event)
    return after, _effects(request, after, event)


def fold(events: Iterable[Event], request: Request) -> Request:
    """Return the request after ``events``; what they would cause is outstanding in it."""
    for event in events:
        request = _after(request, event)
    return request


def _after(request: Request, event: Event) -> Request:
    is_late = isinstance(event, JobFact) and not request.awaits(event.job)
    if is_late and not isinstance(event, CallFact):
        return request
    if why_not(request, event):
        return request
    return TRANSITIONS[type(event)](request, event)


def _effects(before: Request, after: Request, event: Event) -> tuple[Effect, ...]:
    # What a gentle pause has left under way ends with one at once: a human's, or an edit's.
    is_halted_anew = after.is_halted and not before.is_halted
    was_due = {it.job for it in (before.outstanding if is_halted_anew else before.due)}
    due = {it.job for it in after.due}
    dropped = {it.job for it in before.outstanding} - {it.job for it in after.outstanding}
    answered = {event.job} if isinstance(event, JobFact) else set[str]()
    ended = (was_due - due | dropped) - answered
    jobs = tuple(it.job for it in before.outstanding if it.job in ended)
    cancel = CancelJobs(jobs=jobs, gently=isinstance(event, JobFailed))
    started = tuple(it for it in after.due if it.job not in was_due)
    return (*((cancel,) if jobs else ()), *started, *_reached(before, after))


def _reached(before: Request, after: Request) -> Iterator[Reached]:
    """Yield the points of its life that a request has come to: tasks' first, as they lead on."""
    if after.run is not None and after.run is not before.run:
        is_same = before.run is not None and before.run.id == after.run.id
        tasks = before.run.tasks if before.run and is_same else {}
        for name, it in after.run.tasks.items():
            was = tasks[name].phase if name in tasks else TaskPhase.WAITING
            if it.phase is not was:
                yield Reached(plan=after.id, task=name, point=it.phase)
    if after.approval is not None and after.approval != before.approval:
        yield Reached(plan=after.id, point="approval granted")
    if after.phase is not before.phase:
        yield Reached(plan=after.id, point=after.phase)
    if bool(after.paused) != bool(before.paused):
        yield Reached(plan=after.id, point="paused" if after.paused else "resumed")
