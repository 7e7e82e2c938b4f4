"""A journal that was moved away, as its own message advises, leaves nothing that counts."""

from podium.domain.request import Phase, Request
from podium.protocol.wire import Params
from podium.workspace.git import TRAILER
from podium.workspace.state import state_directory
from walk.theatre import PLAN, Theatre


async def test_a_run_after_it_merges_its_own_commits(stage: Theatre) -> None:
    before = await until_it_waits_for_its_merge(stage)
    await start_without_history(stage)
    (stage.workspace / "NOTES.md").write_text("Written between the runs.\n")
    stage.git("add", "NOTES.md")
    stage.git("commit", "-q", "-m", "Notes")
    base = stage.git("rev-parse", "HEAD").strip()

    after = await until_it_waits_for_its_merge(stage)
    merged: Params = await stage.client.call("run/merge", plan=PLAN)

    assert before.run is not None
    assert after.run is not None
    assert after.run.id != before.run.id
    assert after.run.base == base
    assert stage.git("rev-parse", f"{merged['commit']}^1", f"{merged['commit']}^2").split() == [
        base,
        after.run.head,
    ]
    jobs = stage.git(
        *("log", f"--format=%(trailers:key={TRAILER},valueonly,separator=)"),
        f"{base}..{merged['commit']}",
    ).split()
    assert jobs
    assert {it.partition("/")[0] for it in jobs} == {after.run.id}


async def until_it_waits_for_its_merge(stage: Theatre) -> Request:
    await stage.plan()
    await stage.approve_and_start()
    return await stage.until_phase(Phase.AWAITING_MERGE)


async def start_without_history(stage: Theatre) -> None:
    """Move the journal and its plan away while no engine runs."""
    stage.kill()
    await stage.client.closed.wait()
    await stage.client.aclose()
    for it in state_directory(stage.workspace).glob("journal.db*"):
        it.rename(it.with_name(f"moved-{it.name}"))
    (stage.workspace / f".podium/plans/{PLAN}.md").unlink()
    stage.requests.clear()
    await stage.connect()
