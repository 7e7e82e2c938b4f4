"""What jobs may say in random lives."""

from typing import NamedTuple

from hypothesis import strategies as st

from podium.domain.verdict import Gate

HASHES = st.sampled_from(["h1", "h2"])
NUMBERS = st.integers(0, 1000)


FINDINGS = st.lists(
    st.sampled_from(["blocker:A", "major:B", "minor:A", "nit:B"]),
    max_size=2,
    unique_by=lambda it: it[-1],
)


class Answers(NamedTuple):
    """What a job may say, whichever it is."""

    fits: bool
    intent: str
    question: str
    gates: dict[str, str]
    findings: list[str]


ANSWERS = st.builds(
    Answers,
    fits=st.sampled_from([*[True] * 9, False]),
    intent=HASHES,
    question=st.sampled_from(["", "", "Q1"]),
    gates=st.dictionaries(
        st.sampled_from([*(it for it in Gate if it is not Gate.REVIEW), "killed"]),
        st.sampled_from(["passed", "failed", "failed", "unknown", "none"]),
        max_size=1,
    ),
    findings=FINDINGS,
)
WELL = Answers(fits=True, intent="h1", question="", gates={}, findings=[])
