"""Say in one line what an agent does next."""

import json

from podium.domain.transcript import AssistantMessage, ToolCall
from podium.text.plain import one_line

MAX_LINE = 100


def doing(message: AssistantMessage) -> str:
    """Return a line for the board, as `edit_file src/app.py`."""
    if not message.tool_calls:
        cut = f"was cut off at {message.cut_at:,} tokens" if message.cut_at else ""
        return one_line(message.text or cut, MAX_LINE)
    more = len(message.tool_calls) - 1
    return _call(message.tool_calls[0]) + (f" and {more} more" if more else "")


def _call(call: ToolCall) -> str:
    try:
        arguments = json.loads(call.arguments or "{}")
    except (ValueError, RecursionError):
        arguments = {}
    values: list[object] = list(arguments.values()) if isinstance(arguments, dict) else []  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  # A model's JSON.
    what = next((it for it in values if isinstance(it, str)), "")
    return one_line(f"{call.name} {what}", MAX_LINE)
