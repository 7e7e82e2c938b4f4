"""Hypothesis strategies: arbitrary plans, documents and hostile texts."""

import re

from hypothesis import strategies as st

from podium.domain.base import PlanId, QuestionId, TaskId
from podium.domain.plan import (
    FileReference,
    Plan,
    Question,
    Requirement,
    Route,
    Task,
)

MARKDOWN = st.sampled_from(
    [
        "## Tasks",
        "# Title",
        "### Must",
        "\\## Tasks",
        "- [ ] T9: x",
        "- accept: `rm`",
        "\\- accept: `x`",
        "- answer: y",
        "- Note: z",
        "```",
        "~~~~",
        "\\```",
        "<!--",
        "-->",
        "<script>",
        "<div>",
        "---",
        "- - -",
        "***",
        "> quoted",
        "1. one",
        "    indented",
        "\ttab",
        "* star",
        "",
        "`a` and ``b`",
        "\\",
        "===",
    ]
)
CHARACTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
TEXTS = st.lists(MARKDOWN | CHARACTERS, max_size=6).map("\n".join)
"""Whole texts with structure in them, as a hostile or careless author writes them."""


def normal_text(text: str) -> str:
    """What is kept of a text of several lines."""
    lines = re.split(r"\r\n|\n|\r", text)
    return "\n".join(line.rstrip(" \t") for line in lines).strip("\n")


def normal_item(text: str) -> str:
    lines = re.split(r"\r\n|\n|\r", text.strip(" \t\r\n"))
    return "\n".join(line.rstrip(" \t") for line in lines)


def normal_line(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


PROSE = TEXTS.map(normal_text)
ITEMS = TEXTS.map(normal_item)
LINES = (MARKDOWN | CHARACTERS).map(normal_line)
WORDS = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
CODE = LINES.filter(bool)
"""One line that is not empty."""
PATHS = CODE.filter(lambda it: re.search(r":[0-9]+(-[0-9]+)?$", it) is None)
LINE_NUMBERS = st.integers(1, 999_999_999)


def numbered(letter: str) -> st.SearchStrategy[str]:
    return st.integers(1, 99).map(lambda it: f"{letter}{it}")


@st.composite
def file_references(draw: st.DrawFn) -> FileReference:
    ends = sorted(draw(st.lists(LINE_NUMBERS, max_size=2)))
    return FileReference(
        path=draw(PATHS),
        first_line=ends[0] if ends else None,
        last_line=ends[1] if len(ends) > 1 else None,
        is_new=draw(st.booleans()),
    )


def some(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(strategy, max_size=3).map(tuple)


TASKS = st.builds(
    Task,
    id=numbered("T").map(TaskId),
    title=LINES,
    body=ITEMS,
    done=st.booleans(),
    category=WORDS,
    skills=some(CODE),
    files=st.lists(file_references(), max_size=3).map(tuple),
    after=some(numbered("T")),
    covers=some(numbered("R")),
    references=some(CODE),
    accept=some(CODE),
    must_not=some(CODE),
    parallel=LINES,
)
QUESTIONS = st.builds(
    Question,
    id=numbered("Q").map(QuestionId),
    text=ITEMS,
    options=some(CODE),
    answer=ITEMS,
)
PLANS = st.builds(
    Plan,
    id=st.just(PlanId("sample")),
    title=LINES,
    route=st.sampled_from(Route),
    request=PROSE,
    objective=PROSE,
    requirements=st.lists(st.builds(Requirement, id=numbered("R"), text=ITEMS), max_size=3).map(
        tuple
    ),
    must=some(ITEMS.filter(bool)),
    must_not=some(ITEMS.filter(bool)),
    questions=st.lists(QUESTIONS, max_size=2).map(tuple),
    impact=PROSE,
    tasks=st.lists(TASKS, max_size=3).map(tuple),
    test_strategy=PROSE,
    decisions=PROSE,
)
HOSTILE_CHARACTERS = st.text(
    st.characters(codec=None)
    | st.sampled_from("\r\n\t\x00\x0b\x0c\x85\u2028\ufeff\ud800`~<>-#:[]*"),
    max_size=20,
)
HOSTILE_TEXTS = st.lists(MARKDOWN | HOSTILE_CHARACTERS, max_size=20).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n", "\r", ""]).map(lambda end: end.join(lines))
)
