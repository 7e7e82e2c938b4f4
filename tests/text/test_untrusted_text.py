"""Each reader's function, on everything that is hostile."""

import re
from collections.abc import Callable
from functools import partial

import pytest

from podium.text.markdown import code, code_block, prose, prose_line
from podium.text.models import bullets, fenced
from podium.text.plain import block, hides_something, last_lines, one_line, paragraph, shown_path
from text.samples import HARMLESS, HOSTILE, hidden_in, seen, took_effect

hostile = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)


@pytest.mark.parametrize(
    "shown",
    [
        block,
        one_line,
        paragraph,
        prose,
        prose_line,
        code,
        code_block,
        partial(last_lines, n_lines=3),
    ],
    ids=["block", "line", "paragraph", "prose", "prose line", "code", "code block", "last lines"],
)
@hostile
def test_a_person_sees_every_character(text: str, shown: Callable[[str], str]) -> None:
    assert hidden_in(shown(text)) == []


@hostile
def test_one_line_is_one_and_short(text: str) -> None:
    assert "\n" not in one_line(text)
    assert len(one_line(text)) <= 200
    assert len(paragraph(text)) <= 2_000


@pytest.mark.parametrize("text", HARMLESS)
def test_what_people_write_stays(text: str) -> None:
    assert block(text) == text
    assert seen(prose(text)) == text.replace("`", "")


def test_what_is_hidden_leaves_a_mark() -> None:
    assert block("\x1b[2Jred\u202egnirts\ttab\r\nx\ry\u2028") == "�[2Jred�gnirts\ttab\nx\ny�"
    assert one_line("a\r\n  b\u2028c") == "a b c"
    assert one_line("x" * 300, 10) == "xxxxxxxxx…"


def test_a_message_has_no_link_that_an_editor_would_follow() -> None:
    said = "[Approve](command:podium.approve) [a](HTTPS://evil.example) items[0](x)"
    shown = "[Approve] (command:podium.approve) [a] (HTTPS://evil.example) items[0](x)"
    assert paragraph(said) == shown


@pytest.mark.parametrize("where", ["{}", "- {}", "a: {}", "> {}", "| {} |\n|---|"])
@hostile
def test_prose_becomes_nothing_in_markdown(text: str, where: str) -> None:
    allowed = took_effect(where.format("a"))
    assert took_effect(where.format(prose_line(text))) == allowed
    assert took_effect(where.format(code(text))) <= allowed | {"code_inline"}


@hostile
def test_prose_is_seen_as_it_was_written(text: str) -> None:
    line = one_line(text, 2_000)
    if "`" not in text:
        assert seen(prose_line(text)) == line
        assert seen(f"# {prose_line(text)}") == line
    assert took_effect(prose(text)) == set()


@hostile
def test_prose_has_no_address_that_a_renderer_would_make_a_link(text: str) -> None:
    outside_code = re.sub(r"`[^`]*`", "", prose(text))
    assert not re.search(r"(?<!\\)(://|@\w|&#?\w+;)|www\.", outside_code)


@hostile
def test_a_code_block_ends_where_it_should(text: str) -> None:
    assert took_effect(f"{code_block(text)}\n\nafter") == {"fence"}
    assert seen(f"{code_block(text)}\n\nafter").endswith("\nafter")


@hostile
def test_nothing_ends_what_a_model_reads_as_data(text: str) -> None:
    told = fenced(text, text, 1_000)
    assert re.findall(r"<[\s/\u200b]*data\b", told, re.IGNORECASE) == ["<data", "</data"]
    assert told.endswith("\n</data>")
    told.encode()


def test_a_model_reads_what_is_in_the_file() -> None:
    text = "a\u202eb\u200b\x0c\tc\r"
    assert fenced("x", text, 100) == f'<data name="x">\n{text}\n</data>'


def test_bullets_are_one_line_each() -> None:
    assert bullets(("a\nb", "c\u2028d")) == "- a b\n- c d"
    assert bullets(()) == "none"


@hostile
def test_a_name_that_looks_like_another_is_noticed(text: str) -> None:
    name = text.replace("\n", "").replace(" ", "")
    assert hides_something(name) == bool(hidden_in(name) or "\u3164" in name)


def test_a_name_that_is_not_utf8_can_be_shown() -> None:
    assert shown_path("caf\udce9") == "caf\\xe9"


def test_of_a_long_output_the_end_is_shown() -> None:
    assert last_lines("a\nb\nc\n", 2) == "[… 1 lines above …]\nb\nc"
    assert last_lines("a\nb\n", 2) == "a\nb"
