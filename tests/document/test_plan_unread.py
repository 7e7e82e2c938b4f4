"""A plan is not approved with tasks that a person sees and no agent reads."""

import pytest

from document.plan_samples import PLAN, FakeTree
from podium.document import Problem, ProblemSeverity, apply_edits, checks, parse

HEAD = "## Request\nDo it.\n## Tasks\n"
FIRST = "- [ ] T1: first\n  - category: quick\n"


def found(text: str) -> list[Problem]:
    unread = {"unread-task", "unread-field"}
    return [it for it in checks(parse(PLAN, text), FakeTree()) if it.code in unread]


def unread_lines(text: str) -> list[str]:
    problems = found(text)
    assert all(it.severity is ProblemSeverity.ERROR for it in problems)
    return [text.split("\n")[it.span.first_line] for it in problems]


@pytest.mark.parametrize(
    "line",
    [
        "    - [ ] T2: indented like code",
        "  - [ ] T2: below another task",
        "\t- [ ] T2: after a tab",
        "1. [ ] T2: numbered",
        "2) [ ] T2: numbered otherwise",
        "b) [ ] T2: lettered",
        "ii. [ ] T2: in Roman numbers",
        "1. T2: numbered, without a checkbox",
        "  1. [ ] T2: numbered below another task",
        "> - [ ] T2: quoted",
        "• [ ] T2: another bullet",
        "[ ] T2: no bullet",
        "### T2: a heading",
        "- [ ]T2: no space",
        "- [] T2: an empty box",
        "  - [x] T2: ticked",
        "  - [ ] t2: a small letter",
    ],
)
@pytest.mark.parametrize("before", ["", FIRST], ids=["first", "second"])
def test_what_looks_like_a_task_and_is_none_is_an_error(line: str, before: str) -> None:
    assert unread_lines(HEAD + before + line + "\n") in ([line], [line.lstrip(" \t")])


def test_a_checkbox_without_an_id_is_a_task_where_tasks_begin() -> None:
    assert unread_lines(f"{HEAD}    - [ ] do it\n") == ["    - [ ] do it"]


@pytest.mark.parametrize("section", ["Objective", "More tasks", "Impact", "Decisions", "Scope"])
def test_tasks_of_other_sections_are_errors(section: str) -> None:
    text = f"{HEAD}{FIRST}## {section}\n\n- [ ] T2: not here\n- see T1, and [T1](#t1)\n"
    assert unread_lines(text) == ["- [ ] T2: not here"]


def test_a_task_above_all_sections_is_an_error() -> None:
    assert unread_lines(f"- [ ] T2: early\n{HEAD}{FIRST}") == ["- [ ] T2: early"]


@pytest.mark.parametrize(
    "text",
    [
        "- [ ] T1: first\n  - [ ] a step without an id\n  - see T1, [T1](x) and [1]: y\n",
        "-\t[ ]\tT1: tabs\n\t- category: quick\n",
        "- [ ] T1: first\n  ```\n  - [ ] T2: an example\n  ```\n  <!-- - [ ] T3: later -->\n",
        "- [ ] T1: first\n  \\- [ ] T2: written with a backslash\n",
        "```\n- [ ] T2: an example\n```\n<!--\n- [ ] T3: later\n-->\n- [ ] T1: first\n",
        "### T1-T3: a group\n- [ ] T1: first\n",
        "### Second wave\n- [ ] T1: first\n- a note\n",
    ],
)
def test_what_is_read_or_plainly_no_task_is_none(text: str) -> None:
    assert unread_lines(HEAD + text) == []


def test_the_request_is_the_users_own_words() -> None:
    assert unread_lines("## Request\n- [ ] T1: do this\n1. [ ] T2: and that\n") == []


@pytest.mark.parametrize(
    ("written", "fixed"),
    [
        (
            "\t- [x] T1: tab\n\t  - accept: `make`\n",
            "- [x] T1: tab\n  - accept: `make`\n",
        ),
        (
            "1. [ ] T1: numbered\n   - accept: `make`\n",
            "- [ ] T1: numbered\n   - accept: `make`\n",
        ),
        ("1. T1: no box\n", "- [ ] T1: no box\n"),
    ],
)
def test_the_fix_makes_a_task_of_it(written: str, fixed: str) -> None:
    text = HEAD + written
    (problem,) = found(text)
    (fix,) = problem.fixes
    text = apply_edits(text, fix.edits)
    assert text == HEAD + fixed
    assert found(text) == []
    assert [it.id for it in parse(PLAN, text).plan.tasks] == ["T1"]


@pytest.mark.parametrize(
    "text",
    [
        "-\t[ ] T1: after a tab\n  - accept: `make test`\n  - category: quick\n",
        "- [ ] T1: first\n- accept: `make test`\n",
        "- [ ] T1: first\n - accept: `make test`\n",
    ],
)
def test_a_field_that_no_task_has_is_an_error_with_a_fix(text: str) -> None:
    text = HEAD + text
    while problems := found(text):
        assert {it.code for it in problems} == {"unread-field"}
        text = apply_edits(text, problems[0].fixes[0].edits)
    (task,) = parse(PLAN, text).plan.tasks
    assert task.accept == ("make test",)
