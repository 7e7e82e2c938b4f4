import asyncio
from pathlib import Path
from typing import Any

import pytest

from engine.engine_home import Home, Watcher, git
from podium.domain.command_table import Verb
from podium.domain.commands import method_of
from podium.protocol.wire import INVALID_PARAMS, METHOD_NOT_FOUND, REFUSED, Params, WireError

PLAN = "slugify"
PATH = ".podium/plans/slugify.md"

GOOD = """# Slugs

## Request

Make titles into slugs.

## Requirements

- R1: `slugify` makes slugs

## Tasks

- [ ] T1: Write slugify
  - category: quick
  - files: slug.py (new)
  - covers: R1
  - references: README.md
  - accept: `true`
"""


@pytest.fixture
async def watcher(home: Home) -> Watcher:
    return await home.watch()


async def refusal(watcher: Watcher, method: str, /, **params: object) -> str:
    with pytest.raises(WireError) as caught:
        await watcher.client.call(method, **params)
    return str(caught.value)


def forget_all_commits(repository: Path) -> None:
    """Do at once what the engine does when a run has long been over."""
    for name in git(repository, "for-each-ref", "--format=%(refname)").split():
        git(repository, "update-ref", "-d", name)
    git(repository, "prune", "--expire=now")


async def show(watcher: Watcher, text: str) -> Params:
    """Have an editor show a plan; return what is wrong with it."""
    await watcher.client.call("document/change", path=PATH, text=text)
    await watcher.until(lambda it: PLAN in it.requests)
    return await watcher.client.call("plan/check", plan=PLAN)


async def approve(watcher: Watcher) -> None:
    checked = await watcher.client.call("plan/check", plan=PLAN)
    await watcher.client.call("plan/approve", plan=PLAN, hash=checked["hash"], by="me")


IMPOSSIBLE: tuple[tuple[str, Params, int, str], ...] = (
    ("plan/dance", {}, METHOD_NOT_FOUND, "the engine has no method 'plan/dance'"),
    ("plan/check", {}, INVALID_PARAMS, "plan/check: 'plan': Field required"),
    ("plan/check", {"plan": 7}, INVALID_PARAMS, "plan/check: 'plan': Input should be a"),
    ("plan/check", {"plan": "x", "y": 1}, INVALID_PARAMS, "plan/check: 'y': Extra inputs"),
    ("finding/dismiss", {"plan": "x", "finding": "F", "reason": " "}, INVALID_PARAMS, "finding/"),
    ("run/start", {"plan": "x"}, REFUSED, "there is no plan 'x'; plans: none"),
    ("document/open", {"path": "/etc/x.md", "text": ""}, REFUSED, "'/etc/x.md' cannot be a"),
    ("plan/request", {"text": " "}, REFUSED, "'.podium/plans/request.md' asks for nothing"),
)


async def test_what_cannot_be_asked_is_refused(watcher: Watcher) -> None:
    for method, params, code, message in IMPOSSIBLE:
        with pytest.raises(WireError) as caught:
            await watcher.client.call(method, **params)
        assert caught.value.code == code
        assert str(caught.value).startswith(message)


async def test_an_editors_document_can_be_planned_checked_and_approved(watcher: Watcher) -> None:
    checked = await show(watcher, GOOD)
    assert [it for it in checked["problems"] if it["severity"] == "error"] == []
    assert checked["path"] == PATH
    assert (await watcher.client.call("plan/approve", plan=PLAN, hash=checked["hash"], by="me"))[
        "hash"
    ] == checked["hash"]
    await watcher.until(lambda it: it.phase(PLAN) == "approved")
    approval = watcher.requests[PLAN]["approval"]
    assert (approval["hash"], approval["by"]) == (checked["hash"], "me")
    await show(watcher, GOOD.replace("Make", "Turn"))
    await watcher.until(lambda it: it.requests[PLAN]["approval"] is None)
    assert "it was edited after its approval" in await refusal(watcher, "run/start", plan=PLAN)


async def test_an_approval_is_of_the_text_that_was_read(watcher: Watcher) -> None:
    checked = await show(watcher, GOOD)
    # Not waited for before the approval: the engine must compare with this text nevertheless.
    _, refused = await asyncio.gather(
        watcher.client.call("document/change", path=PATH, text=GOOD.replace("slugs.", "snails.")),
        refusal(watcher, "plan/approve", plan=PLAN, hash=checked["hash"], by="me"),
    )
    assert refused.startswith("the plan changed since you read it; read it again")


NOT_READY = {
    GOOD.replace("slug.py (new)", "slug.py"): (
        "plan 'slugify' cannot be approved before its errors are corrected:\n  line 15: "
    ),
    GOOD + "\n## Open questions\n\n- Q1: Which separator?\n": (
        "plan 'slugify' has open questions: answer Q1 first"
    ),
    GOOD.partition("## Requirements")[0]: "plan 'slugify' has no tasks; have it planned",
}


async def test_what_is_not_ready_is_not_approved(watcher: Watcher) -> None:
    for text, message in NOT_READY.items():
        checked = await show(watcher, text)
        refused = await refusal(watcher, "plan/approve", plan=PLAN, hash=checked["hash"], by="me")
        assert refused.startswith(message)


async def test_commands_at_the_wrong_time_say_where_things_stand(watcher: Watcher) -> None:
    await show(watcher, GOOD)
    for method, message in {
        "run/start": "plan 'slugify' cannot start: nobody approved it; read it and approve it",
        "run/merge": "plan 'slugify' is awaiting approval; only a run that awaits its merge can",
        "run/discard": "plan 'slugify' is awaiting approval; only the result",
        "run/diff": "plan 'slugify' has no run yet; approve it and start it",
        "run/report": "plan 'slugify' has no run yet; approve it and start it",
    }.items():
        assert (await refusal(watcher, method, plan=PLAN)).startswith(message)
    refused = await refusal(watcher, "question/answer", plan=PLAN, question="Q7", answer="x")
    assert refused == "plan 'slugify' asks no question 'Q7'; questions: none"
    refused = await refusal(watcher, "plan/check", plan="slugfy")
    assert refused == "there is no plan 'slugfy'; did you mean 'slugify'?"


async def test_a_run_that_could_not_be_prepared_goes_on_when_any_task_is_retried(
    home: Home, watcher: Watcher
) -> None:
    await show(watcher, GOOD)
    await approve(watcher)
    (home.state / "unprepared").touch()
    await watcher.client.call("run/start", plan=PLAN)
    await watcher.until(lambda it: it.phase(PLAN) == "stopped")
    (home.state / "unprepared").unlink()
    await watcher.client.call("task/retry", plan=PLAN, task="T1")
    await watcher.until(lambda it: it.phase(PLAN) == "awaiting merge")


async def test_without_a_budget_nothing_starts(
    watcher: Watcher, surroundings: Path, home: Home
) -> None:
    path = surroundings / "c" / "podium" / "config.toml"
    path.parent.mkdir()
    path.write_text("[budget]\nrun_usd = 0\n")
    await show(watcher, GOOD)
    await approve(watcher)
    assert "the budget of a run is $0" in await refusal(watcher, "run/start", plan=PLAN)
    path.write_text("[budget]\nrun_usd = 'much'\n")
    assert "config.toml" in await refusal(watcher, "run/start", plan=PLAN)
    assert home.jobs() == []


async def test_plans_asked_for_in_the_same_words_get_names_of_their_own(watcher: Watcher) -> None:
    asked = [
        (await watcher.client.call("plan/request", text="Übersetze *alles*!"))["path"]
        for _ in range(2)
    ]
    assert asked == [
        ".podium/plans/ubersetze-alles.md",
        ".podium/plans/ubersetze-alles-2.md",
    ]


async def test_a_draft_goes_to_the_editor_that_holds_the_document(home: Home) -> None:
    watcher = await home.watch()
    await watcher.client.call("document/open", path=PATH, text="## Request\n\nSlugs, please.\n")
    await watcher.client.call("plan/request", text="", path=PATH)
    await watcher.until(lambda it: it.is_planned(PLAN))
    [edit] = [params for method, params in watcher.messages if method == "document/edit"]
    assert edit["path"] == PATH
    assert edit["before"] == "## Request\n\nSlugs, please.\n"
    assert "T1: Write slugify" in edit["text"]
    assert watcher.requests[PLAN]["text"] == "Slugs, please."
    assert not (home.workspace / PATH).exists()


async def test_a_plan_is_walked_to_a_merged_commit(home: Home, watcher: Watcher) -> None:
    call = watcher.client.call
    await call("plan/request", text="Make titles into slugs.", path=PATH)
    await watcher.until(lambda it: it.is_planned(PLAN))
    await approve(watcher)
    run = (await call("run/start", plan=PLAN))["run"]
    await watcher.until(lambda it: it.phase(PLAN) == "awaiting merge")
    for task in (None, "T1"):
        shown = await call("run/diff", plan=PLAN, task=task)
        assert "+def slugify(title):" in shown["diff"]
        [changed] = shown["files"]
        assert (changed["path"], changed["status"], changed["before"]) == ("slug.py", "added", None)
        assert changed["after"].startswith("def slugify")
    [finding] = watcher.requests[PLAN]["run"]["findings"]
    await call("finding/dismiss", plan=PLAN, finding=finding["id"], reason="a later task")
    report = await call("run/report", plan=PLAN)
    path = home.state / "reports" / f"{run}.md"
    assert (str(path), path.read_text()) == (report["path"], report["markdown"])
    assert (home.workspace / "slug.py").exists() is False
    (home.workspace / "slug.py").write_text("mine")
    refused = await refusal(watcher, "run/merge", plan=PLAN)
    assert "slug.py" in refused
    assert (home.workspace / "slug.py").read_text() == "mine"
    (home.workspace / "slug.py").unlink()
    commit = (await call("run/merge", plan=PLAN))["commit"]
    assert git(home.workspace, "rev-parse", "HEAD") == commit
    assert (home.workspace / "slug.py").read_text().startswith("def slugify")
    await watcher.until(lambda it: it.phase(PLAN) == "done")
    assert "is done; only a run" in await refusal(watcher, "run/merge", plan=PLAN)


async def test_pause_and_resume(home: Home, watcher: Watcher) -> None:
    (home.state / "hold").touch()
    await show(watcher, GOOD)
    await approve(watcher)
    await watcher.client.call("run/start", plan=PLAN)
    await watcher.until(lambda it: it.phase(PLAN) == "running")
    await asyncio.sleep(0.1)
    await watcher.client.call("run/pause", plan=PLAN)
    await watcher.until(lambda it: bool(it.requests[PLAN]["paused"]))
    assert "is running, paused; resume or cancel it" in await refusal(
        watcher, "run/pause", plan=PLAN
    )
    (home.state / "hold").unlink()
    await watcher.client.call("run/resume", plan=PLAN)
    await watcher.until(lambda it: it.phase(PLAN) == "awaiting merge")
    await watcher.client.call("run/discard", plan=PLAN)
    await watcher.until(lambda it: it.phase(PLAN) != "awaiting merge")
    forget_all_commits(home.state / "repository.git")
    refused = await refusal(watcher, "run/diff", plan=PLAN)
    assert refused.endswith("over more than 30 days ago, and its commits are no longer kept")


def test_methods_are_those_of_the_brief() -> None:
    from podium.engine.api import METHODS  # noqa: PLC0415  # Heavy; the clients above are not.

    assert len(METHODS) == 24
    assert {method_of(it) for it in Verb} <= METHODS.keys()
    documented: Any = {it.run.__doc__ for it in METHODS.values()}
    assert None not in documented
