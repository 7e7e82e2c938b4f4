"""The end of a run: its merge, as a human commands and as jobs report.

Only a tree arrives that every gate has passed.  Where the user's branch has moved, the merge
is a tree of its own: it is judged first, and then exactly that one is merged.
"""

from podium.domain.base import known
from podium.domain.effect import JudgeRun, MergeRun
from podium.domain.events.ends import Merged, MergeMade, MergeRefused, RunCleaned
from podium.domain.events.people import MergeAsked
from podium.domain.gate_policy import is_whole_proven, not_passed
from podium.domain.request import Phase, Request
from podium.domain.run import Candidate
from podium.domain.transitions.planning import REVOKED
from podium.domain.transitions.table import after
from podium.domain.transitions.tasks import close_run, judge_tree, run_of, with_run


@after(MergeAsked)
def merge_asked(request: Request, _event: MergeAsked) -> Request:
    """Merge what was approved and accepted, because a human says so."""
    return _merge(request, None)


@after(MergeMade)
def merge_made(request: Request, event: MergeMade) -> Request:
    """Have the gates judge the merge with the user's newer commits, unless they have passed it."""
    request = request.without(event.job)
    candidate = Candidate(commit=event.candidate, tree=event.tree, onto=event.onto)
    run = run_of(request).evolve(candidate=candidate)
    request = with_run(request, run)
    if is_whole_proven(run, candidate.tree):
        return _merge(request, candidate)
    request = request.evolve(phase=Phase.JUDGING_MERGE)
    return judge_tree(request, base=candidate.onto, head=candidate.commit)


def merge_judged(request: Request) -> Request:
    """Merge exactly what was judged, or say what does not fit together."""
    run = run_of(request)
    candidate = known(run.candidate)
    if is_whole_proven(run, candidate.tree):
        return _merge(request, candidate)
    problem = (
        f"run {run.id!r} (at {known(run.head)[:12]}) does not pass together with your newer "
        f"commits (at {candidate.onto[:12]}), so nothing was merged: commit what makes both fit "
        f"and merge again, or discard the run. {not_passed(run, candidate.tree)}"
    )
    return await_merge_again(request, problem)


def merge_given_up(request: Request) -> Request:
    """Judge the merge no further; the run waits as before it was asked for."""
    problem = "the merge was cancelled; nothing was changed"
    request = await_merge_again(request.dropping(JudgeRun), problem)
    return request if request.paused == REVOKED else request.evolve(paused="")


@after(Merged)
def merged(request: Request, event: Merged) -> Request:
    """End: the change is the user's now."""
    run = run_of(request).evolve(merged=event.commit, ended_at=event.at)
    request = request.without(event.job).evolve(phase=Phase.DONE, run=run, doing="", paused="")
    return close_run(request, run, event.at)


@after(MergeRefused)
def merge_refused(request: Request, event: MergeRefused) -> Request:
    """Wait for the human to clear the way."""
    return await_merge_again(request.without(event.job), event.reason)


@after(RunCleaned)
def run_cleaned(request: Request, event: RunCleaned) -> Request:
    """Nothing of the run is left to do."""
    return request.without(event.job)


def await_merge_again(request: Request, problem: str) -> Request:
    """Wait for the human's next command, and say why the last one came to nothing."""
    return request.evolve(phase=Phase.AWAITING_MERGE, problem=problem)


def _merge(request: Request, candidate: Candidate | None) -> Request:
    """Merge the run's own tree, or the candidate's."""
    run = run_of(request)
    request, job = request.numbered(f"{run.id}/merge")
    spec = MergeRun(
        job=job,
        plan=request.id,
        run=run.id,
        branch=run.branch,
        base=known(run.base),
        head=known(run.head),
        tree=candidate.tree if candidate else known(run.tree),
        candidate=candidate.commit if candidate else None,
        title=request.title or request.id,
    )
    return request.evolve(phase=Phase.MERGING, problem="").expecting(spec)
