"""The page that describes the grammar says what the code does."""

import re
from pathlib import Path

from document.plan_samples import PLAN, FakeTree
from podium.document import checks, parse
from podium.document.entries import QUESTION_FIELDS, TASK_FIELDS
from podium.document.sections import SectionKey

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/plan-format.md").read_text(encoding="utf-8")
SOURCES = (ROOT / "orchestration/podium/document").rglob("*.py")


def test_every_code_is_on_the_page() -> None:
    code = re.compile(r'(?:error|warning|information)\(\s*"([a-z-]+)"|case, "(few-[a-z]+)"')
    found = {
        name
        for path in SOURCES
        for match in code.findall(path.read_text(encoding="utf-8").replace("\n        ", ""))
        for name in match
        if name
    }
    table = PAGE[PAGE.index("## What is checked") : PAGE.index("## Waves")]
    assert found == set(re.findall(r"`([a-z-]+)`", table.replace("`parallel`", "")))


def test_every_field_and_section_is_on_the_page() -> None:
    for name in (*TASK_FIELDS, *QUESTION_FIELDS):
        assert f"`{name}`" in PAGE
    for key in SectionKey:
        assert key in PAGE


def test_the_example_is_a_plan() -> None:
    example = PAGE[PAGE.index("````markdown\n") + 13 : PAGE.index("\n````\n") + 1]
    document = parse(PLAN, example)
    tree = FakeTree(files={"src/text.py": 20, "src/app.py": 9}, categories=())
    assert document.problems == ()
    assert [it.code for it in checks(document, tree)] == ["few-references", "no-references"]
    assert [it.id for it in document.plan.tasks] == ["T1", "T2"]
