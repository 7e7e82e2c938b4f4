"""Every tool that there is, by the name that roles and models have for it."""

from collections.abc import Iterable

from podium.tools.ask import ASK
from podium.tools.diagnostics import DIAGNOSTICS
from podium.tools.edit_file import EDIT_FILE
from podium.tools.glob import GLOB
from podium.tools.list_files import LIST_FILES
from podium.tools.note import NOTE
from podium.tools.read_file import READ_FILE
from podium.tools.replan import REPLAN
from podium.tools.run_command import RUN_COMMAND
from podium.tools.search import SEARCH
from podium.tools.submit_plan import SUBMIT_PLAN
from podium.tools.submit_result import SUBMIT_RESULT
from podium.tools.submit_review import SUBMIT_REVIEW
from podium.tools.todos import TODOS
from podium.tools.tool import AnyTool
from podium.tools.write_file import WRITE_FILE

_ALL: tuple[AnyTool, ...] = (
    READ_FILE,
    LIST_FILES,
    SEARCH,
    GLOB,
    EDIT_FILE,
    WRITE_FILE,
    RUN_COMMAND,
    DIAGNOSTICS,
    TODOS,
    NOTE,
    ASK,
    REPLAN,
    SUBMIT_PLAN,
    SUBMIT_RESULT,
    SUBMIT_REVIEW,
)
_BY_NAME = {it.name: it for it in _ALL}


def tools_named(names: Iterable[str]) -> tuple[AnyTool, ...]:
    """Return the tools of these names, in this order."""
    return tuple(_BY_NAME[it] for it in names)
