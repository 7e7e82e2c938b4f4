from decimal import Decimal

import pytest

from podium.text.amounts import count, duration, money


@pytest.mark.parametrize(
    ("usd", "shown"),
    [
        ("0", "$0.00"),
        ("0.12", "$0.12"),
        ("0.015", "$0.015"),
        ("0.00012", "$0.0001"),
        ("0.99999", "$1.00"),
        ("1.234", "$1.23"),
        ("12", "$12.00"),
    ],
)
def test_small_amounts_are_told_more_exactly(usd: str, shown: str) -> None:
    assert money(Decimal(usd)) == shown


def test_one_is_no_plural() -> None:
    assert [count(it, "file") for it in (0, 1, 2_000)] == ["0 files", "1 file", "2,000 files"]


def test_durations_are_told_in_the_units_that_they_have() -> None:
    assert [duration(it) for it in (0, 65.4, 3_600, 3_725)] == [
        "0 s",
        "1 min 5 s",
        "1 h",
        "1 h 2 min 5 s",
    ]
