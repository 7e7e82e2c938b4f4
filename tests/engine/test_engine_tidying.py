"""What is removed of runs that are over, and that nothing else is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine.engine_home import git
from podium.domain.base import JobId, PlanId, RunId, TaskId
from podium.domain.board import Board
from podium.domain.events.people import RequestMade
from podium.domain.request import Request
from podium.domain.transcript import UserMessage
from podium.engine.journal import Journal
from podium.engine.tidying import KEPT_S, tidy
from podium.jobs import places
from podium.jobs.port import Addition
from podium.workspace import pruning
from podium.workspace.git import Repository

PLAN = PlanId("slugs")
OVER, LIVE = RunId("slugs-1"), RunId("slugs-2")
SAID = ("slugs-1.T1.0", "slugs-1/T1/review-3", "slugs-2.T1.0", "slugs/draft-1", "slugs-1/draft-1")
"""The last is the planning of a plan that is called like the run."""


class Leftovers:
    """A run that ended at second 1000, one that goes on, and what each has made."""

    def __init__(self, repository: Repository, journal: Journal) -> None:
        self.repository = repository
        self.journal = journal
        self.board = Board(requests={PLAN: Request(id=PLAN, over={OVER: 1000.0})})

    async def set_up(self) -> None:
        base = await self.repository.fetch_base()
        for run in (OVER, LIVE):
            tree = await self.repository.worktree(places.work(run, TaskId("T1"), 0), base)
            (tree / "new.py").write_text(f"# {run}\n")
            commit = await self.repository.commit_all(
                tree, parent=base, message="New", job=JobId(f"{run}/T1/work-1")
            )
            await self.repository.clean_checkout(places.reviewed(run, TaskId("T1")), commit)
            await self.repository.move_branch(run, commit, None)
        said = [Addition(it, (UserMessage(text=it),)) for it in SAID]
        await self.journal.append([RequestMade(plan=PLAN, text="do", path="p")], said)

    async def tidy(self, at: float) -> None:
        await tidy(self.board, self.journal, self.repository, at)

    async def owners(self) -> set[str]:
        return {it.owner for it in await pruning.references(self.repository)}

    async def said(self) -> set[str]:
        return set(await self.journal.load_conversations())


@pytest.fixture
async def scene(surroundings: Path) -> AsyncIterator[Leftovers]:
    workspace, state = surroundings / "w", surroundings / "state"
    workspace.mkdir()
    state.mkdir()
    git(workspace, "init", "-q", "-b", "main")
    (workspace / "a.py").write_text("a = 1\n")
    git(workspace, "add", "-A")
    git(workspace, "-c", "user.name=Me", "-c", "user.email=me@x", "commit", "-q", "-m", "Begin")
    journal = Journal(state, version="1")
    scene = Leftovers(await Repository.open(workspace, state, umask=0o022), journal)
    await scene.set_up()
    yield scene
    await journal.aclose()


BOTH = {"slugs-1", "slugs-1/T1/work-1", "slugs-2", "slugs-2/T1/work-1"}


async def test_worktrees_of_a_run_that_is_over_go_and_the_rest_stays(scene: Leftovers) -> None:
    assert scene.repository.places() > {"slugs-1.T1.0", "slugs-1.T1.reviewed"}
    await scene.tidy(1001)
    assert scene.repository.places() == {"slugs-2.T1.0", "slugs-2.T1.reviewed"}
    assert await scene.owners() == BOTH
    assert await scene.said() == set(SAID)


async def test_commits_and_transcripts_go_when_they_were_kept_long_enough(scene: Leftovers) -> None:
    await scene.tidy(1000 + KEPT_S)
    assert await scene.owners() == BOTH
    await scene.tidy(1001 + KEPT_S)
    assert await scene.owners() == {"slugs-2", "slugs-2/T1/work-1"}
    assert await scene.said() == {"slugs-2.T1.0", "slugs/draft-1", "slugs-1/draft-1"}
    assert await scene.repository.branch_head(LIVE) is not None
    await scene.tidy(1002 + KEPT_S)  # There is nothing left to do, which is fine.


async def test_what_is_written_after_transcripts_went_comes_back_in_order(scene: Leftovers) -> None:
    await scene.tidy(1001 + KEPT_S)
    for text in ("one", "two"):
        await scene.journal.append([], [Addition("slugs-2.T1.0", (UserMessage(text=text),))])
    messages = await scene.journal.load_transcript("slugs-2.T1.0")
    assert [it.text for it in messages] == ["slugs-2.T1.0", "one", "two"]


async def test_with_no_repository_transcripts_go_all_the_same(scene: Leftovers) -> None:
    await tidy(scene.board, scene.journal, None, 1001 + KEPT_S)
    assert "slugs-1.T1.0" not in await scene.said()


@pytest.mark.parametrize(
    ("name", "run"),
    [
        *((it, OVER) for it in places.all_of(OVER, {TaskId("T1"): 1})),
        ("slugs-1/T1/work-1", OVER),
        ("slugs-1/T1/judge-2", OVER),
        ("slugs-1/merge-7", OVER),
        ("slugs-1", OVER),
        (places.inbox("slugs-1.T1.0"), OVER),
        ("slugs-1/draft-2", None),
        (places.inbox("slugs-1/draft-2"), None),
        ("slugs/tick-3", None),
        (places.planning(PlanId("slugs-1")), None),
    ],
)
def test_whose_a_name_is(name: str, run: RunId | None) -> None:
    assert places.run_of(name) == run
