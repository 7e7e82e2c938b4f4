"""A transcript as litellm takes it, and how many tokens it can be at most.

Models write what they like into tool calls.  A transcript must stay acceptable to every
provider all the same, or one bad reply would end the conversation: arguments that are no
JSON object, and names with characters that providers refuse, are replaced here, on the way
out; the transcript itself keeps what was said.  Ids pass as they are: litellm fits them
to each provider, and hides in them what Gemini wants to have back.
"""

import json
import re
from collections.abc import Sequence
from typing import assert_never, cast

from pydantic_core import from_json, to_json

from podium.domain.transcript import (
    AssistantMessage,
    Message,
    SystemMessage,
    ToolCall,
    ToolMessage,
    ToolSchema,
    UserMessage,
)

Json = dict[str, object]
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]")
_MAX_NAME = 64
_CUT_OFF = "[cut off before anything was said]"
"""What stands for an answer without a word; not every provider takes an empty one back."""
_TOKENS_UNSEEN = 1_000
"""What providers add on their own, above all a system prompt for tools."""
_TOKENS_PER_MESSAGE = 16


def as_object(value: object) -> Json:
    """Return a JSON object as it is, and anything else as an empty one."""
    return cast("Json", value) if isinstance(value, dict) else {}


def to_wire(messages: Sequence[Message]) -> list[Json]:
    """Return the messages in OpenAI's form, which litellm translates for the others."""
    return [_message(it) for it in messages]


def tools_to_wire(tools: Sequence[ToolSchema]) -> list[Json]:
    """Return the tools in OpenAI's form."""
    return [{"type": "function", "function": it.model_dump()} for it in tools]


def most_input_tokens(messages: Sequence[Json], tools: Sequence[Json]) -> int:
    """Return a number of tokens that the input cannot exceed.

    Tokenisers work on bytes, and a token is at least one of them.  So the length of the
    JSON in UTF-8 is a bound without knowing the tokeniser: three to four times the real
    number for prose and code, which matters only near the end of a budget.
    """
    n_bytes = len(to_json((messages, tools)))
    return n_bytes + _TOKENS_PER_MESSAGE * (len(messages) + len(tools)) + _TOKENS_UNSEEN


def _message(message: Message) -> Json:
    match message:
        case SystemMessage() | UserMessage():
            return {"role": message.role, "content": message.text}
        case AssistantMessage(tool_calls=()):
            return {"role": "assistant", "content": message.text or _CUT_OFF}
        case AssistantMessage():
            calls = [_call(it) for it in message.tool_calls]
            said: Json = {"content": message.text} if message.text else {}
            return {"role": "assistant", **said, "tool_calls": calls}
        case ToolMessage():
            text = f"error: {message.text}" if message.is_error else message.text
            return {"role": "tool", "tool_call_id": message.call_id, "content": text}
        case _:
            assert_never(message)


def _call(call: ToolCall) -> Json:
    function = {"name": _name(call.name), "arguments": _arguments(call.arguments)}
    return {"id": call.id, "type": "function", "function": function}


def _name(text: str) -> str:
    return _NOT_IN_NAMES.sub("_", text)[:_MAX_NAME] or "_"


def _arguments(text: str) -> str:
    try:
        # As strict as what writes the request: no half characters, no endless depth.
        is_object = isinstance(from_json(text, allow_inf_nan=False), dict)
    except ValueError:
        is_object = False
    return text if is_object else json.dumps({"malformed_arguments": text})
