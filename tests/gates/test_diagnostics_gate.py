"""Real servers on a candidate and its base."""

from pathlib import Path

from gates.candidates import Candidate
from languages import scripted_server
from podium.domain.verdict import Outcome
from podium.gates.baseline import Baseline
from podium.gates.diagnostics import judge_diagnostics
from podium.languages import Diagnosis

LIBRARY = "def half(x: int) -> float:\n    return x / 2\n"
CALLER = "from library import half\n\nprint(half(2))\nprint(half('old'))\n"


async def test_a_caller_that_the_change_breaks_fails(candidate: Candidate) -> None:
    before = {"library.py": LIBRARY, "caller.py": CALLER}
    after = before | {"library.py": LIBRARY.replace("int", "bytes")}
    verdict = await judge_diagnostics(candidate(before, after))
    assert verdict.outcome is Outcome.FAILED, verdict
    assert [(it.place and (it.place.path, it.place.first_line)) for it in verdict.complaints] == [
        ("caller.py", 3),
        ("caller.py", 4),  # Its words are new: another type was expected.
        ("library.py", 2),
    ]
    assert verdict.summary == "3 new errors in 2 files"
    assert verdict.command == "ruff server; ty server"
    assert "caller.py:3: ty invalid-argument-type: " in verdict.output


async def test_errors_that_were_there_pass(candidate: Candidate) -> None:
    before = {"library.py": LIBRARY, "caller.py": CALLER}
    after = before | {"caller.py": "import sys\n" + CALLER + "print(sys.path)\n"}
    verdict = await judge_diagnostics(candidate(before, after))
    assert (verdict.outcome, verdict.summary) == (Outcome.PASSED, "no new error in 2 files")


async def test_where_the_trees_lie_makes_no_error_new(candidate: Candidate) -> None:
    """Ty lists where it has looked for a module, and the tree is one of these places."""
    before = {"a.py": "import nobody_has_this\n", "src/b.py": "import nor_this.one\n"}
    context = candidate(before, {**before, "a.py": "import os\nimport nobody_has_this\n"})
    verdict = await judge_diagnostics(context)
    assert verdict.passed, verdict
    verdict = await judge_diagnostics(candidate(before, {**before, "c.py": "import nor_that\n"}))
    assert verdict.summary == "1 new error in 3 files"
    assert str(context.tree.parent) not in verdict.model_dump_json()
    assert "./ (first-party code)" in verdict.output


NAMING = (("python", "-c", Path(scripted_server.__file__).read_text(), "names its directories"),)


async def test_a_server_may_write_its_directory_as_it_likes(candidate: Candidate) -> None:
    before = {"a.py": "BAD\n"}
    context = candidate(before, {"a.py": "good\nBAD\n"}, servers=NAMING)
    assert (await judge_diagnostics(context)).passed
    context = candidate(before, {"a.py": "BAD\nBAD BAD\n"}, servers=NAMING)
    verdict = await judge_diagnostics(context)
    [complaint] = verdict.complaints
    assert str(context.tree.parent) not in f"{complaint}{verdict.output}"
    assert complaint.message.splitlines()[1:] == [
        "./",
        "workspace",
        "./",
        "./",
        "a.py:7:3",
        "a.py",
        "a.py",
        '"a.py"',
        "a.py",
        "-Iinclude",
        "<private>/home/.cache/x",
        "<private>/tmp/x",
    ]


async def test_a_server_that_is_missing_is_unknown(candidate: Candidate) -> None:
    context = candidate({"a.py": ""}, {"a.py": "x = 1\n"}, servers=(("no-such-server",),))
    verdict = await judge_diagnostics(context)
    assert verdict.outcome is Outcome.UNKNOWN
    assert verdict.summary.startswith("no-such-server: 'no-such-server' was not found: install")


async def test_a_new_error_fails_whatever_else_is_unknown(candidate: Candidate) -> None:
    servers = (("no-such-server",), ("ruff", "server"))
    context = candidate({"a.py": ""}, {"a.py": "nobody\n"}, servers=servers)
    verdict = await judge_diagnostics(context)
    assert (verdict.outcome, len(verdict.complaints)) == (Outcome.FAILED, 1)
    assert "no-such-server" in verdict.output


async def test_without_servers_syntax_counts(candidate: Candidate) -> None:
    context = candidate({"a.py": "x = 1\n"}, {"a.py": "x = (\n"}, servers=())
    verdict = await judge_diagnostics(context)
    assert (verdict.outcome, verdict.command) == (Outcome.FAILED, "tree-sitter")


async def test_nothing_to_look_at_passes_and_says_so(candidate: Candidate) -> None:
    verdict = await judge_diagnostics(candidate({"a.txt": ""}, {"a.txt": "b"}))
    assert (verdict.outcome, verdict.summary) == (
        Outcome.PASSED,
        "no file is of a language that a server or grammar here knows",
    )


async def test_the_base_is_looked_at_once(candidate: Candidate) -> None:
    before, baseline = {"a.py": "nobody\n"}, Baseline()
    context = candidate(before, {"a.py": "nobody\nx = 1\n"}, baseline=baseline)
    assert (await judge_diagnostics(context)).passed
    diagnosis = await baseline.diagnosis(context.base_hash, ["a.py"], _never)
    assert {it.code for it in diagnosis.diagnostics if it.is_error} == {
        "F821",
        "unresolved-reference",
    }


async def _never() -> Diagnosis:
    raise AssertionError


async def test_a_deleted_file_is_not_asked_for(candidate: Candidate) -> None:
    before = {"a.py": LIBRARY, "b.py": "nobody\n"}
    verdict = await judge_diagnostics(candidate(before, {"a.py": LIBRARY, "c.py": "nobody\n"}))
    assert verdict.passed, "b.py was renamed with its error"
