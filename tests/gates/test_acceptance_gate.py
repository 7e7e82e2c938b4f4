"""The plan's commands, in the real sandbox."""

from dataclasses import replace
from pathlib import Path

from gates.candidates import Candidate
from podium.domain.verdict import Outcome, Place
from podium.gates.acceptance import judge_acceptance
from podium.gates.installed import Installation
from podium.gates.suite import judge_suite
from podium.sandbox.port import Completed


async def test_commands_that_exit_0_pass(candidate: Candidate) -> None:
    context = candidate({}, {"a.txt": "text\n"}, accept=("test -f a.txt", "cat a.txt"))
    verdict = await judge_acceptance(context)
    assert (verdict.outcome, verdict.exit_status) == (Outcome.PASSED, 0)
    assert (verdict.summary, verdict.command) == (
        "2 commands exited with 0",
        "test -f a.txt; cat a.txt",
    )
    assert verdict.output == "$ test -f a.txt\n\n$ cat a.txt\ntext\n"


async def test_one_that_fails_fails_with_its_evidence_on_its_line(candidate: Candidate) -> None:
    script = "import json\n\njson.loads('')\n"
    context = candidate({}, {"a b.py": script}, accept=("true", "python3 'a b.py'", "test -d ."))
    verdict = await judge_acceptance(context)
    assert (verdict.outcome, verdict.exit_status) == (Outcome.FAILED, 1)
    assert (verdict.summary, verdict.command) == (
        "1 of 3 commands failed: exited with 1",
        "python3 'a b.py'",
    )
    [complaint] = verdict.complaints
    assert complaint.message == "`python3 'a b.py'` exited with 1"
    assert complaint.place == Place(path="a b.py", first_line=3, last_line=3)
    assert "JSONDecodeError" in verdict.output


async def test_one_that_is_not_done_in_time_fails(candidate: Candidate) -> None:
    verdict = await judge_acceptance(candidate({}, {}, accept=("sleep 60",), timeout_s=0.5))
    assert verdict.outcome is Outcome.FAILED
    assert "was not done within" in verdict.complaints[0].message


async def test_a_program_that_is_missing_is_named_as_such(candidate: Candidate) -> None:
    script = {"run.sh": "true\n"}
    context = candidate(script, {"run.sh": "no-such-program\n"}, accept=("sh run.sh",))
    verdict = await judge_acceptance(context)
    assert "a program was not found" in verdict.complaints[0].message


async def test_without_commands_nothing_is_known(candidate: Candidate) -> None:
    verdict = await judge_acceptance(candidate({}, {}))
    assert verdict.outcome is Outcome.UNKNOWN
    assert "no acceptance command" in verdict.summary


async def test_what_was_written_before_is_gone(candidate: Candidate) -> None:
    context = candidate({}, {"a.txt": ""}, accept=("! test -e left && touch left",))
    assert (await judge_acceptance(context)).passed
    assert (await judge_acceptance(context)).passed


async def test_long_output_is_kept_from_its_end(candidate: Candidate) -> None:
    context = candidate({}, {}, accept=("yes | head -c 300000; echo the end; false",))
    verdict = await judge_acceptance(context)
    assert verdict.output.endswith("the end\n")
    assert len(verdict.output) < 13_000
    assert "left out" in verdict.output.splitlines()[0]


async def test_the_gates_of_one_judgement_look_once_at_what_is_installed(
    candidate: Candidate,
) -> None:
    context = candidate({}, {}, suite=("true",), accept=("true",))
    asked: list[str] = []

    async def run(text: str, tree: Path, *, timeout_s: float | None = None) -> Completed:
        asked.append(text)
        return await context.run(text, tree, timeout_s=timeout_s)

    installation = Installation(run, context.tree, context.workspace)
    context = replace(context, installation=installation)
    assert (await judge_acceptance(context)).passed
    assert (await judge_suite(context)).passed
    assert len(asked) == 1
