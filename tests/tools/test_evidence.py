import pytest

from podium.tools.evidence import find_evidence

TEXT = """\
def first(items):
    return items[0]


def last(items):
    return items[-1]


def again(items):
    return items[0]
"""


@pytest.mark.parametrize(
    ("quote", "near", "lines"),
    [
        pytest.param("return items[-1]", 1, (6, 6), id="one line"),
        pytest.param("def last(items):\n    return items[-1]\n", 1, (5, 6), id="two lines"),
        pytest.param("def last(items):\nreturn  items[-1]", 1, (5, 6), id="other white space"),
        pytest.param("return items[0]", 1, (2, 2), id="nearest, first"),
        pytest.param("return items[0]", 9, (10, 10), id="nearest, second"),
        pytest.param("5\tdef last(items):\n6\t    return items[-1]", 1, (5, 6), id="numbered"),
        pytest.param("+def last(items):\n+    return items[-1]", 1, (5, 6), id="from a diff"),
        pytest.param("-def last(items):", 1, None, id="a removed line"),
        pytest.param("return items[1]", 1, None, id="not there"),
        pytest.param("[", 1, None, id="too short"),
        pytest.param("  \n ", 1, None, id="empty"),
    ],
)
def test_a_quote_is_found_where_it_stands(
    quote: str, near: int, lines: tuple[int, int] | None
) -> None:
    assert find_evidence(TEXT, quote, near=near) == lines
