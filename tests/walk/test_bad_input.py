"""Bad input on the way to a plan: said once, with what to do; then it goes on where it was."""

import asyncio
import resource
import sys
from contextlib import suppress
from typing import NamedTuple

import pytest

from podium.demo.editor import DemoFailed, Editor, editor
from walk.obstacles import PLAN, REQUEST, Scene, commit_all, git, scene, times_said, until_said

OTHER_PLANNER = ('planner = "unspecified-high"', 'planner = "unspecified-low"')


class Obstacle(NamedTuple):
    """A change of the configuration that works, and what is said of it."""

    changes: tuple[tuple[str, str], ...]
    said: tuple[str, ...]


BROKEN = {
    "not TOML": Obstacle(
        (("[budget]", "[budget"),),
        ("podium/config.toml: it is not TOML: ", "line 26", "correct it there"),
    ),
    "an unknown key": Obstacle(
        (("run_usd =", "runusd ="),),
        ("podium/config.toml: budget.runusd: 'runusd' is not known; did you mean 'run_usd'?",),
    ),
    "a wrong type": Obstacle(
        (("run_usd = 5", "run_usd = 'much'"),),
        ("podium/config.toml: budget.run_usd is 'much', but", "docs/configuration.md"),
    ),
}
REFUSED = {
    "no key": Obstacle(
        (('"ANTHROPIC_API_KEY"', '"ABSENT_KEY"'),),
        (
            "no key for the provider 'anthropic': ABSENT_KEY is not set in the environment of ",
            "`podium engine stop` and `podium resume`",
        ),
    ),
    "a wrong key for Anthropic": Obstacle(
        (('"ANTHROPIC_API_KEY"', '"WRONG_KEY"'),),
        ("the provider 'anthropic' refused the key from the environment variable WRONG_KEY",),
    ),
    "a wrong key for OpenAI": Obstacle(
        (OTHER_PLANNER, ('"OPENAI_API_KEY"', '"WRONG_KEY"')),
        ("the provider 'openai' refused the key from the environment variable WRONG_KEY",),
    ),
    "a model that Anthropic does not have": Obstacle(
        (("claude-scripted", "claude-99"),),
        ("anthropic/claude-99: ", "no such model", "HTTP 404", "correct the name in `categories`"),
    ),
    "a model that OpenAI does not have": Obstacle(
        (OTHER_PLANNER, ("gpt-scripted", "gpt-99")),
        ("openai/gpt-99: ", "no such model", "HTTP 404", "correct the name in `categories`"),
    ),
    "a provider that there is not": Obstacle(
        (
            ("anthropic/claude-scripted", "nobody/claude"),
            ("[providers.anthropic]", "[providers.nobody]"),
        ),
        ("nobody/claude: the provider 'nobody' has no such model", "correct the name"),
    ),
    "an unknown price": Obstacle(
        (('[models."anthropic/', '[models."anthropic/x-'),),
        ("its price is not known", "`input_usd_per_mtok`", '[models."anthropic/claude-scripted"]'),
    ),
    "a budget that is too small": Obstacle(
        (("run_usd = 5", "run_usd = 0.001"),),
        ("the budget is $0.0010", "raise `budget.run_usd`"),
    ),
}


@pytest.mark.skipif(
    sys.platform != "linux", reason="not on this platform: limits of other processes"
)
async def test_planning_goes_on_after_every_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRONG_KEY", "sk-wrong-but-secret")
    async with scene(monkeypatch) as it, editor(it.workspace) as ed:
        ed.open(PLAN, REQUEST)
        await meet_git(it, ed)
        await meet_configuration(it, ed)
        for name, (changes, said) in REFUSED.items():
            it.configure(*changes)
            await ed.take_lens(PLAN, "Resume")
            await until_said(ed, "paused", *said)
            assert ed.text(PLAN) == REQUEST, name
        assert await it.paid() == {}
        await meet_full_disk(it, ed)
        for name, (_, said) in {**BROKEN, **REFUSED}.items():
            assert times_said(ed, *said) == 1, (name, ed.messages)
        assert not times_said(ed, "wrong-but-secret")
        assert await it.paid() == {("planner", 1): 1}


async def meet_git(it: Scene, ed: Editor) -> None:
    """Plan where there is no repository, then no commit."""
    no_repository = ("space' is not the root of a Git repository", "`git init`")
    await ed.until(lambda: times_said(ed, *no_repository), "that there is no repository")
    assert times_said(ed, *no_repository) == 1
    git(it.workspace, "init", "-q", "-b", "main")
    await ed.take_action(PLAN, "Plan this request", line=2)
    no_commit = ("space' has no commit yet; make the first one", "`git commit`")
    await until_said(ed, "paused", *no_commit)
    shown = await it.podium("status")
    assert (shown.status, shown.err) == (0, "")
    assert "paused: " in shown.out
    commit_all(it.workspace)
    assert times_said(ed, *no_commit) == 1


async def meet_configuration(it: Scene, ed: Editor) -> None:
    """Go on with a configuration that cannot be read."""
    for name, (changes, said) in BROKEN.items():
        it.configure(*changes)
        await resume_in_vain(ed, name, *said)


async def resume_in_vain(ed: Editor, name: str, *said: str) -> None:
    """Take Resume, which is refused, and change nothing."""
    with suppress(DemoFailed):  # It is said as an error, or as a notice if that comes first.
        await ed.take_lens(PLAN, "Resume")
    await ed.until(lambda: times_said(ed, *said), name)
    assert ed.said(PLAN, "paused")


async def meet_full_disk(it: Scene, ed: Editor) -> None:
    """Go on when nothing can be written, and then when it can."""
    it.configure()
    limit = resource.prlimit(it.engine, resource.RLIMIT_FSIZE)
    resource.prlimit(it.engine, resource.RLIMIT_FSIZE, (1, limit[1]))
    await resume_in_vain(ed, "a full disk", "journal.db' cannot be written ", "disk full?")
    resource.prlimit(it.engine, resource.RLIMIT_FSIZE, limit)
    await ed.take_lens(PLAN, "Resume")
    await until_said(ed, "approval-pending", "1 task")
    assert times_said(ed, "disk full?") == 1
    assert "- [ ] T1: Write notes" in ed.text(PLAN)
    assert "Leave notes for whoever comes next." in ed.text(PLAN)


async def test_the_shell_says_it_once_too(monkeypatch: pytest.MonkeyPatch) -> None:
    async with scene(monkeypatch) as it:
        git(it.workspace, "init", "-q", "-b", "main")
        commit_all(it.workspace)
        it.configure(*BROKEN["an unknown key"].changes)
        ran = await it.podium("check")
        assert (ran.status, "did you mean 'run_usd'?" in ran.complaint) == (2, True)
        it.configure(*REFUSED["no key"].changes)
        ran = await it.podium("plan", "--wait", "leave notes")
        assert (ran.status, ran.out.strip()) == (1, ".podium/plans/leave-notes.md")
        assert "ABSENT_KEY is not set in the environment of `podium plan`" in ran.complaint
        # As the message says: set it, and start another engine there.
        monkeypatch.setenv("ABSENT_KEY", "sk-scripted")
        assert (await it.podium("engine", "stop")).status == 0
        ran = await it.podium("resume")
        assert (ran.status, ran.out) == (0, "leave-notes is going on\n")
        async with asyncio.timeout(60):
            while await it.paid() == {}:  # noqa: ASYNC110  # It happens in other processes.
                await asyncio.sleep(0.1)
        assert await it.paid() == {("planner", 1): 1}


async def test_where_there_is_no_workspace(monkeypatch: pytest.MonkeyPatch) -> None:
    async with scene(monkeypatch) as it:
        plain, bare = (it.workspace.parent / name for name in ("pl\nain", "ba\nre"))
        plain.mkdir()
        bare.mkdir()
        git(bare, "init", "-q", "--bare")
        (bare / PLAN).parent.mkdir(parents=True)
        ran = await asyncio.gather(
            it.podium("plan", "leave notes", cwd=plain),
            it.podium("status", cwd=bare),
            it.podium("status", "--workspace", str(bare)),
            it.podium("status", "--workspace", str(plain / "gone")),
            it.podium("engine", "run", "--workspace", str(bare)),
        )
        for done, said in zip(ran, NO_WORKSPACE, strict=True):
            assert (done.status, done.out) == (2, "")
            assert said in done.complaint
            assert "\n" not in done.complaint
        assert list(plain.iterdir()) == []
        async with editor(bare) as ed:
            ed.open(PLAN, REQUEST)
            await ed.until(lambda: ed.messages, "a message")
            with pytest.raises(DemoFailed, match="is a bare repository; open a clone"):
                await ed.take_action(PLAN, "Plan this request", line=2)
            assert not (bare / PLAN).exists()


NO_WORKSPACE = (
    r"pl\nain' is not inside a Git repository; go to one, name one with --workspace, or",
    r"ba\nre' is a bare repository; open a clone of it that has files",
    r"ba\nre' is a bare repository; open a clone of it that has files",
    r"gone' is not a directory; name the root of a Git repository",
    r"ba\nre' is a bare repository; open a clone of it that has files",
)
