"""Positions in three encodings, incremental changes, and small edits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from podium.document import apply_edits, split_lines
from podium_server.documents import TextDocument
from podium_server.edits import edits_between
from podium_server.positions import Encoding, to_column, to_units

ENCODINGS: list[Encoding] = ["utf-8", "utf-16", "utf-32"]
_WIDE = "aé\u20ac\U0001f600"
TEXTS = st.text(alphabet=f"{_WIDE}b \t\n\r\x0c\x0b\x85\u2028", max_size=40)


@pytest.mark.parametrize(
    ("encoding", "units"),
    [("utf-8", [0, 1, 3, 6, 10]), ("utf-16", [0, 1, 2, 3, 5]), ("utf-32", [0, 1, 2, 3, 4])],
)
def test_columns_are_counted_as_negotiated(encoding: Encoding, units: list[int]) -> None:
    assert [to_units(_WIDE, column, encoding) for column in range(5)] == units
    assert [to_column(_WIDE, it, encoding) for it in units] == [0, 1, 2, 3, 4]


def test_a_column_inside_a_character_is_its_start_and_one_beyond_the_line_its_end() -> None:
    assert to_column("\U0001f600x", 1, "utf-16") == 0
    assert to_column("\u20acx", 2, "utf-8") == 0
    assert to_column("ab", 99, "utf-16") == 2
    assert to_units("ab", 99, "utf-16") == 2


@given(text=TEXTS, data=st.data(), encoding=st.sampled_from(ENCODINGS))
def test_an_incremental_change_is_what_the_client_did(
    text: str, data: st.DataObject, encoding: Encoding
) -> None:
    lines = split_lines(text)

    def position() -> tuple[int, int]:
        line = data.draw(st.integers(0, len(lines) - 1))
        return line, data.draw(st.integers(0, len(lines[line])))

    first, last = sorted((position(), position()))
    new = data.draw(TEXTS)

    def sent(at: tuple[int, int]) -> types.Position:
        return types.Position(at[0], to_units(lines[at[0]], at[1], encoding))

    change = types.TextDocumentContentChangePartial(
        range=types.Range(sent(first), sent(last)), text=new
    )
    document = TextDocument("file:///x", None, 1, text).changed([change], 2, encoding)
    ends = _ends(text)
    expected = text[: ends[first[0]] + first[1]] + new + text[ends[last[0]] + last[1] :]
    assert (document.text, document.version) == (expected, 2)


def _ends(text: str) -> list[int]:
    """Return where each line starts, found by looking at one character after the other."""
    starts, at = [0], 0
    while at < len(text):
        if text[at : at + 2] == "\r\n":
            at += 2
            starts.append(at)
        elif text[at] in "\r\n":
            at += 1
            starts.append(at)
        else:
            at += 1
    return starts


def test_form_feeds_and_other_separators_end_no_line() -> None:
    document = TextDocument("file:///x", None, 1, "a\x0cb\x85c\u2028d\ne")
    change = types.TextDocumentContentChangePartial(
        range=types.Range(types.Position(1, 0), types.Position(1, 1)), text="E"
    )
    assert document.changed([change], 2, "utf-16").text == "a\x0cb\x85c\u2028d\nE"


def test_changes_are_made_one_after_the_other_and_a_whole_text_replaces_everything() -> None:
    document = TextDocument("file:///x", None, 1, "one\ntwo\n")
    at = types.Range(types.Position(0, 0), types.Position(1, 0))
    changes = [
        types.TextDocumentContentChangeWholeDocument(text="a\nb\n"),
        types.TextDocumentContentChangePartial(range=at, text=""),
        types.TextDocumentContentChangePartial(range=at, text="c"),
    ]
    assert document.changed(changes, 3, "utf-16").text == "c"


@given(old=TEXTS, new=TEXTS)
def test_small_edits_make_exactly_the_new_text(old: str, new: str) -> None:
    assert apply_edits(old, edits_between(old, new)) == new


def test_ticking_a_box_is_an_edit_of_one_character() -> None:
    old = "# A\r\n\r\n- [ ] T1: x\r\n- [ ] T2: y\r\n"
    edits = edits_between(old, old.replace("[ ] T2", "[x] T2"))
    assert [(it.span, it.new_text) for it in edits] == [((3, 3, 3, 4), "x")]
