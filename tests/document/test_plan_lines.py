import pytest
from hypothesis import given
from hypothesis import strategies as st

from podium.document import Edit, LineIndex, Span, apply_edits, split_lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("", [""], id="empty"),
        pytest.param("a\nb\r\nc\rd", ["a", "b", "c", "d"], id="every line end"),
        pytest.param("a\n", ["a", ""], id="ended"),
        pytest.param("a\r\r\nb", ["a", "", "b"], id="mixed"),
        pytest.param(
            "a\x0bb\x0cc\x85d\u2028e\u2029f\x1cg",
            ["a\x0bb\x0cc\x85d\u2028e\u2029f\x1cg"],
            id="nowhere else",
        ),
    ],
)
def test_split_lines(text: str, lines: list[str]) -> None:
    assert split_lines(text) == lines


@given(st.text(st.sampled_from("a\r\n\x0c\U0001f600")), st.integers(0, 50))
def test_offsets_and_positions_are_each_others_inverse(text: str, offset: int) -> None:
    index = LineIndex(text)
    line, column = index.position(min(offset, len(text)))
    assert column <= len(index.lines[line])
    assert index.position(index.offset(line, column)) == (line, column)


def test_columns_count_code_points() -> None:
    index = LineIndex("a\r\n\U0001f600b")
    assert index.offset(1, 1) == 4
    assert index.position(5) == (1, 2)


def test_a_position_beyond_the_text_is_moved_into_it() -> None:
    index = LineIndex("ab\nc")
    assert (index.offset(0, 9), index.offset(9, 0)) == (2, 4)


def test_edits_leave_other_bytes_alone() -> None:
    text = "one\r\ntwo\rthree\x0c\nfour"
    edits = [Edit(Span.on_line(2, 0, 5), "3"), Edit(Span.at(0, 3), "!"), Edit(Span.at(0, 3), "?")]
    assert apply_edits(text, edits) == "one!?\r\ntwo\r3\x0c\nfour"


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        apply_edits("abc", [Edit(Span.on_line(0, 0, 2), ""), Edit(Span.on_line(0, 1, 3), "")])
