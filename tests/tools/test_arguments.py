import pytest

from podium.tools.edit_file import EDIT_FILE
from podium.tools.list_files import LIST_FILES
from podium.tools.read_file import READ_FILE
from podium.tools.run_command import RUN_COMMAND
from podium.tools.submit_review import SUBMIT_REVIEW
from podium.tools.tool import AnyTool
from tools.desk import Desk

AGAIN = "nothing was done; send it again"
WHOLE = "nothing was done; send the whole call again with one JSON object"


@pytest.mark.parametrize(
    ("tool", "arguments", "refusal"),
    [
        pytest.param(
            READ_FILE,
            '{"path": "a',
            "the arguments of `read_file` are not JSON (",
            id="cut off",
        ),
        pytest.param(
            READ_FILE,
            "{'path': 'a'}",
            "the arguments of `read_file` are not JSON (",
            id="Python",
        ),
        pytest.param(
            READ_FILE,
            '{"path": "\\ud800"}',
            "the arguments of `read_file` are not JSON (",
            id="lone",
        ),
        pytest.param(
            READ_FILE, "[" * 5_000, "the arguments of `read_file` are not JSON (", id="deep"
        ),
        pytest.param(
            READ_FILE, "[]", "the arguments of `read_file` do not fit: the whole: ", id="a list"
        ),
        pytest.param(
            READ_FILE,
            "{}",
            f"the arguments of `read_file` do not fit: path: field required; {AGAIN}",
            id="missing",
        ),
        pytest.param(
            READ_FILE,
            '{"path": "a", "first_line": 0, "lines": 3}',
            "the arguments of `read_file` do not fit: first_line: input should be greater than or "
            f"equal to 1 (got '0'); lines: extra inputs are not permitted; {AGAIN}",
            id="out of range and unknown",
        ),
        pytest.param(
            SUBMIT_REVIEW,
            '{"summary": "s", "findings": [{"severity": "bad"}]}',
            "the arguments of `submit_review` do not fit: findings.0.severity: input should be "
            "'blocker', 'major', 'minor' or 'nit' (got 'bad'); findings.0.path: field required; ",
            id="nested",
        ),
        pytest.param(
            RUN_COMMAND,
            '{"command": "a\\u0000b"}',
            "a command cannot hold a NUL character",
            id="NUL",
        ),
    ],
)
async def test_wrong_arguments_go_back_with_what_to_mend(
    desk: Desk, tool: AnyTool, arguments: str, refusal: str
) -> None:
    assert (await desk.send(tool, arguments)).startswith(f"refused: {refusal}")


async def test_no_arguments_are_an_empty_object(desk: Desk) -> None:
    desk.write("a", "")
    assert await desk.send(LIST_FILES, " ") == "a"


async def test_a_long_complaint_is_bounded(desk: Desk) -> None:
    refusal = await desk.send(EDIT_FILE, '{"path": ' + "[1," * 900 + "1" + "]" * 900 + "}")
    assert len(refusal) < 600
