"""Where a claim about the run's tree stands in the user's file."""

import pytest

from podium.domain.verdict import Place
from podium_server.analysis.places import locate

LINES = ["def one():", "    return 1", "", "def two():", "    return 1", "    # end"]


@pytest.mark.parametrize(
    ("first", "last", "evidence", "expected", "is_there"),
    [
        pytest.param(2, 2, "return 1", (1, 4, 1, 12), True, id="the evidence on its line"),
        pytest.param(5, 5, "return 1", (4, 4, 4, 12), True, id="the nearest of two"),
        pytest.param(90, 90, "return 1", (4, 4, 4, 12), True, id="lines have moved"),
        pytest.param(1, 2, "def two():\n    return 1", (3, 0, 4, 12), True, id="several lines"),
        pytest.param(1, 2, "return 1\n\n\ndef two():", (1, 4, 3, 10), True, id="blank lines aside"),
        pytest.param(
            1, 2, "def two():\n  gone", (3, 0, 3, 10), False, id="only its beginning is there"
        ),
        pytest.param(1, 1, "two", (3, 0, 3, 10), True, id="a part of a line"),
        pytest.param(2, 4, "gone", (1, 4, 3, 10), False, id="not found: the same lines"),
        pytest.param(50, 60, "gone", (5, 4, 5, 9), False, id="not found: moved back into the file"),
        pytest.param(3, 3, "", (2, 0, 2, 0), True, id="no evidence, a blank line"),
    ],
)
def test_a_claim_stands_where_its_evidence_is(
    first: int, last: int, evidence: str, expected: tuple[int, int, int, int], *, is_there: bool
) -> None:
    place = Place(path="x", first_line=first, last_line=last)
    assert locate(LINES, place, evidence) == (expected, is_there)


def test_nothing_stands_behind_the_last_newline() -> None:
    assert locate(["one", "two", ""], Place(path="x", first_line=9)) == ((1, 0, 1, 3), False)


def test_an_empty_file_has_one_place() -> None:
    assert locate([], Place(path="x"), "anything") == ((0, 0, 0, 0), False)
    assert locate([""], Place(path="x"), "anything") == ((0, 0, 0, 0), False)
