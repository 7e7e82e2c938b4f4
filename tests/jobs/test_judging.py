from jobs.stage import Stage
from podium.domain.events.ends import TaskConflicted, TaskJudged
from podium.domain.events.progress import GateJudged


async def test_each_gate_says_how_long_it_took(stage: Stage) -> None:
    commit = await stage.submitted("done\n", onto=stage.base)
    *told, end = await stage.carry_out(stage.judging(commit, onto=stage.base))
    verdicts = [it.verdict for it in told if isinstance(it, GateJudged)]
    assert [it.gate for it in verdicts] == ["scope", "diagnostics", "acceptance", "suite"]
    assert all(it.passed and it.duration_s for it in verdicts)
    assert isinstance(end, TaskJudged)
    assert {it.tree for it in verdicts} == {end.tree}


async def test_what_commands_write_names_no_directory_of_ours(stage: Stage) -> None:
    suite = ("cat < $PWD/a.txt; cat $PWD/gone.txt; exit 3",)
    stage.engine.configuration = stage.engine.configuration.evolve(
        gates=stage.engine.configuration.gates.evolve(suite=suite)
    )
    commit = await stage.submitted("done\n", onto=stage.base)
    *told, _ = await stage.carry_out(stage.judging(commit, onto=stage.base))
    verdict = [it.verdict for it in told if isinstance(it, GateJudged)][-1]
    assert verdict.output == "done\ncat: gone.txt: No such file or directory\n"


async def test_what_is_out_of_scope_is_judged_no_further(stage: Stage) -> None:
    tree = await stage.repository.worktree("work", stage.base)
    (tree / "b.txt").write_text("nobody asked for it\n")
    commit = await stage.submitted("done\n", onto=stage.base)
    told = await stage.carry_out(stage.judging(commit, onto=stage.base))
    verdicts = [it.verdict for it in told if isinstance(it, GateJudged)]
    assert [(it.gate, it.outcome) for it in verdicts] == [("scope", "failed")]
    assert isinstance(told[-1], TaskJudged)


async def test_a_commit_that_does_not_merge_is_a_conflict(stage: Stage) -> None:
    head = await stage.submitted("theirs\n", onto=stage.base, name="other")
    commit = await stage.submitted("ours\n", onto=stage.base)
    [told] = await stage.carry_out(stage.judging(commit, onto=head))
    assert isinstance(told, TaskConflicted)
    assert told.paths == ("a.txt",)


async def test_an_agents_command_may_not_take_longer_than_the_settings_say(stage: Stage) -> None:
    sandbox = stage.engine.configuration.sandbox.evolve(timeout_s=0.2)
    stage.engine.configuration = stage.engine.configuration.evolve(sandbox=sandbox)
    tree = await stage.repository.worktree("work", stage.base)
    ran = await stage.services.agents_commands(tree)("sleep 60", 60.0)
    assert ran.timed_out
