"""What the scope gate says of a change; which paths a task declares is `test_declared_paths`."""

from gates.candidates import Candidate
from podium.domain.verdict import Outcome
from podium.gates.scope import judge_scope


async def test_each_file_out_of_scope_is_a_complaint_on_it(candidate: Candidate) -> None:
    before = {"a.py": "", "old.py": "", "kept.py": ""}
    after = {"a.py": "x = 1\n", "kept.py": "", "new.py": "", ".github/workflows/ci.yml": ""}
    declared = ("a.py", ".github/workflows/ci.yml")
    verdict = await judge_scope(candidate(before, after, files=declared))
    assert verdict.outcome is Outcome.FAILED
    assert verdict.summary == "3 of 4 changed files out of scope"
    protected = "must not be changed: continuous integration runs it with secrets"
    undeclared = "is changed, and no `files` of the task declare it"
    assert [(it.place and it.place.path, it.message) for it in verdict.complaints] == [
        (".github/workflows/ci.yml", f".github/workflows/ci.yml {protected}"),
        ("new.py", f"new.py {undeclared}"),
        ("old.py", f"old.py {undeclared}"),
    ]


async def test_declared_files_pass(candidate: Candidate) -> None:
    verdict = await judge_scope(candidate({"a.py": ""}, {"a.py": "x = 1\n"}, files=("a.py",)))
    assert (verdict.outcome, verdict.summary) == (Outcome.PASSED, "1 changed file, all declared")
